"""What a reader sees: Quarto sources, a file per section, and the bodies that commission."""
