"""The body's local authorities, in a fixed order that has nothing to do with their figures."""

from __future__ import annotations

from evaluation.language import Text
from reports.reading import read_body
from schemas._codes import codes

_ELSEWHERE = "other"


def authorities(body: str, *, elsewhere: bool = False) -> dict[str, Text]:
    """Code -> title, in the alphabetical order of the English titles; 'elsewhere' comes last."""
    known = {code.code: code.label for code in codes("local_authority").codes}
    own = sorted((known[code].message, code) for code in read_body(body).authorities)
    ordered = [code for _title, code in own] + [_ELSEWHERE] * elsewhere
    return {code: known[code] for code in ordered}
