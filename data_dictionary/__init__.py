"""Code lists and mappings (by hand), and the dictionary made from the forms."""
