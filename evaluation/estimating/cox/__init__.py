"""Cox's model: (start, stop] rows, strata, case weights, Breslow's and Efron's ties, clusters."""
