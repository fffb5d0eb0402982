"""What is asked of the data: the plan, the cohorts, the outcomes, and what a release holds."""
