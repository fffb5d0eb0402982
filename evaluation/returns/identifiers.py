"""What would tell who a child is: recognised by a title and by its pattern, never repeated.

Two mistakes are possible. A missed identifier is a breach; a false alarm teaches people to
ignore the next one. So a pattern counts where an honest answer cannot look like it, and in
a column of references, where one can, a number is judged together with its column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

import pandas as pd
from openpyxl.utils import get_column_letter
from stdnum import luhn
from stdnum.gb import nhs

from evaluation.nouns import Finding, Kind
from evaluation.returns import faults
from evaluation.returns.declaring import ALPHABET, KEY
from evaluation.returns.faults import Fault
from evaluation.returns.layout import plain

Place = Kind | Literal["ours", "free"]
"""Where a cell stands: in a column of a known kind, on a sheet that we wrote, or elsewhere."""

# ---- Titles ---------------------------------------------------------------------------------------

_TITLES: tuple[tuple[Fault, str], ...] = (
    # The first that fits, so 'cyfeiriad e-bost' is an e-mail address and 'enw stryd' an address.
    (faults.EMAIL, r"e ?mails?|e ?bost"),
    (faults.PHONE, r"tele?phones?|tel( no| number)?|phones?|mobiles?|ff[oô]n|rhif symudol"),
    (faults.POSTCODE, r"post ?codes?|zip( code)?|c[oô]d(au)? post"),
    (faults.ADDRESS, r"address(es)?|street|house (number|no)|uprn|cyfeiriad(au)?|stryd"),
    (
        faults.BIRTH,
        r"d ?o ?b|(date of birth|birth ?date|birth ?day|born)( on)?|dyddiad geni|ganwyd",
    ),
    (faults.NHS, r"nhs( no| number| id)?|gig|rhif gig"),
    (faults.POLICE, r"pnc( ?id)?|cro( no| number)?|niche( id| no| number)?|nominal|prisoner no"),
    (
        faults.OTHER_NUMBER,
        r"upn|unique pupil number|national insurance|ni (no|number)|nino|passport",
    ),
    (
        faults.NAME,
        r"((fore|sur|nick)?names?|alias(es)?|aka|known as|initials|(cyf)?enw(au)?|llysenw)",
    ),
    (
        faults.FREE_TEXT,
        r"notes?|comments?|free text|details|description|narrative|nodyn|nodiadau|sylw(adau)?|manylion",
    ),
)
_IN_TITLE = tuple(
    (fault, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)) for fault, words in _TITLES
)


def in_title(title: str) -> Fault | None:
    """What the column under such a title would hold, if that identifies a person."""
    words = re.sub(r"[^\w]+", " ", plain(title))
    return next((fault for fault, pattern in _IN_TITLE if pattern.search(words)), None)


# ---- Cells ----------------------------------------------------------------------------------------


class _Pattern(NamedTuple):
    fault: Fault
    regex: re.Pattern[str]
    holds: Callable[[str], bool]
    in_refs: Literal["always", "never", "by_column"]


def _pattern(
    fault: Fault,
    regex: str,
    holds: Callable[[str], bool] = bool,
    *,
    in_refs: Literal["always", "never", "by_column"] = "always",
) -> _Pattern:
    return _Pattern(fault, re.compile(regex, re.IGNORECASE), holds, in_refs)


_AREAS = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|"
    "E|EC|EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|"
    "LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|"
    "SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_INWARD = "[0-9][ABD-HJLNP-UW-Z]{2}"
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def _is_nhs(text: str) -> bool:
    return bool(nhs.is_valid(text))


def _is_key(text: str) -> bool:
    """A child key may happen to be all letters; its check character tells it from a name."""
    return bool(luhn.is_valid(re.sub(r"[ -]", "", text).upper(), ALPHABET))


def _is_pnc(text: str) -> bool:
    """A PNC identity ends with a check letter: year and serial number, modulo 23."""
    year, serial = text[:-1].split("/")
    return _PNC_LETTERS[int(f"{year[-2:]}{serial:0>7}") % 23] == text[-1].upper()


_PATTERNS = (
    _pattern(faults.EMAIL, r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"),
    _pattern(faults.POSTCODE, rf"(?<![\w/-])(?:{_AREAS})[0-9][0-9A-Z]? {{1,2}}{_INWARD}(?![\w/-])"),
    # Without its space a postcode looks like a reference.
    _pattern(
        faults.POSTCODE,
        rf"(?<![\w/-])(?:{_AREAS})[0-9][0-9A-Z]?{_INWARD}(?![\w/-])",
        lambda text: len(text) > 5,
        in_refs="never",
    ),
    _pattern(faults.NHS, r"(?<![\w./-])[0-9]{3} [0-9]{3} [0-9]{4}(?![\w/-])", _is_nhs),
    _pattern(
        faults.NHS,
        r"(?<![\w./-])[0-9]{3}(-?)[0-9]{3}\1[0-9]{4}(?![\w/-])",
        _is_nhs,
        in_refs="by_column",
    ),
    _pattern(faults.PHONE, r"(?<![\w+])\+44(?: ?\(0\))?(?:[ -]?[0-9]){9,10}(?![\w-])"),
    _pattern(faults.PHONE, r"(?<![\w./-])0044(?:[ -]?[0-9]){9,10}(?![\w/-])", in_refs="by_column"),
    _pattern(
        faults.PHONE,
        r"(?<![\w./-])(?:\(0[0-9]{2,4}\) ?[0-9]|0[1-37-9][0-9]{1,3} [0-9])(?:[ -]?[0-9]){5,8}(?![\w-])",
    ),
    _pattern(faults.PHONE, r"(?<![\w./-])0[1-37-9][0-9]{8,9}(?![\w/-])", in_refs="by_column"),
    _pattern(
        faults.POLICE,
        r"(?<![\w/-])(?:19|20)?[0-9]{2}/[0-9]{1,7}[A-HJ-NP-RT-Z](?![\w/-])",
        _is_pnc,
        in_refs="by_column",
    ),
    _pattern(
        faults.BIRTH,
        r"(?<!\w)(?:d\.? ?o\.? ?b\.?|born|birth|geni|ganwyd)\b[^0-9]{0,20}"
        r"[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}",
    ),
    _pattern(
        faults.ADDRESS,
        r"(?<![\w/-])[0-9]{1,4}[a-z]?,? (?:[a-z'-]+ ){1,3}"
        r"(?:street|road|avenue|lane|close|drive|terrace|crescent|gardens|grove|stryd|heol|ffordd)\b",
    ),
    _pattern(
        faults.NAME,
        r"(?<!\w)(?:(?:full |first |last |fore|sur|child'?s? )?name|enw(?: llawn| cyntaf)?|cyfenw) ?"
        r"[:=] ?[^\W\d_]",
    ),
)
_WORTH_A_LOOK = re.compile(r"@|[0-9].*[0-9]|(?:name|enw) ?[:=]", re.IGNORECASE)
_A_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+)?")
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'-])*(?:,? [^\W\d_](?:[^\W\d_]|[.'-])*)+")
_ALMOST_A_KEY = re.compile(rf"{KEY}|(?=.*[A-Z])[0-9A-Z]{{11,13}}")


def in_values(values: list[str], place: Place) -> dict[str, Fault]:
    """Which of the different values of one column identify a person, and how.

    In a column of references a number that could be the provider's own counts only where it
    stands out: where most such numbers of the column pass the check (one in eleven of any
    ten-digit numbers would), or where it is the odd one out among references of another shape.
    """
    # What we write repeats references.
    patterns = [
        item for item in _PATTERNS if place not in {"ref", "ours"} or item.in_refs == "always"
    ]
    found = {value: fault for value in values if (fault := _in_value(value, place, patterns))}
    if place == "ref":
        for pattern in (item for item in _PATTERNS if item.in_refs == "by_column"):
            found |= dict.fromkeys(_stand_out(values, pattern), pattern.fault)
    return found


def _in_value(value: str, place: Place, patterns: list[_Pattern]) -> Fault | None:
    if place in {"key", "ref"} and _WORDS.fullmatch(value) and not _is_key(value):
        return faults.WORDS
    if not _WORTH_A_LOOK.search(value) or _A_MOMENT.fullmatch(value):
        return None
    if place == "key" and _ALMOST_A_KEY.fullmatch(re.sub(r"[ -]", "", value).upper()):
        return None
    for pattern in patterns:
        if (match := pattern.regex.search(value)) and pattern.holds(match[0]):
            return pattern.fault
    return None


def _stand_out(values: list[str], pattern: _Pattern) -> list[str]:
    shaped = [value for value in values if pattern.regex.fullmatch(value)]
    valid = [value for value in shaped if pattern.holds(value)]
    odd_ones = len(shaped) * 2 < len(values)
    return valid if odd_ones or len(valid) * 2 > len(shaped) else []


def find(grid: pd.DataFrame, sheet: str, places: Mapping[int, Place]) -> Iterator[Finding]:
    """Every cell of a sheet that identifies a person.

    `grid` is as `text_grid` gives it; `places` says which of its columns are of a known kind,
    all others are free.
    """
    for name, column in grid.items():
        number = int(str(name))
        found = in_values(column.dropna().unique().tolist(), places.get(number, "free"))
        if found:
            for row, value in column[column.isin(list(found))].items():
                yield found[value].at(sheet, int(str(row)), get_column_letter(number))
