"""What is invented of a body, as are the children: read beside its file where the data are invented."""
