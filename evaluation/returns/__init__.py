"""A return on its way in: read, parse, check, feed back."""
