"""Does the whole road find a known effect? From invented children to what a report would claim."""
