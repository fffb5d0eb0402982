"""The engine: true for any funder's data; it names no form, outcome, provider or place."""
