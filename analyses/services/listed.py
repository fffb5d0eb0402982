"""The codes of a list, in its order, which is the order in which groups are told."""

from __future__ import annotations

from schemas._codes import codes


def listed(name: str) -> tuple[str, ...]:
    """The codes of the list of that name, such as 'local_authority'."""
    return tuple(code.code for code in codes(name).codes)
