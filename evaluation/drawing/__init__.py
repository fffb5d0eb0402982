"""One file per kind of picture. Each takes released numbers and finished words, and no frame."""
