"""Whether the default comparison tells the truth: a world where it is known, lived again and again."""
