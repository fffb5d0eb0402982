"""Returns with a known truth: children, meetings and services that do not exist."""
