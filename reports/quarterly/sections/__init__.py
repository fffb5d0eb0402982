"""One file a section. Each has `section(release, language)`, and calls nothing but the release.

A section that a priority of the body's plan names has `in_brief(release)` as well: what it
measures, and this quarter's figure, in a line each.
"""
