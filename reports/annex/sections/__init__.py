"""One file a section. Each has `section(release, language)`, and reads nothing but the release."""
