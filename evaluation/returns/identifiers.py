"""What would tell who a child is: recognised by a title and by its pattern, never repeated.

Two mistakes are possible. A missed identifier is a breach; a false alarm teaches people to
ignore the next one. So a pattern counts where an honest answer cannot look like it, and in
a column of references, where one can, a number is judged together with its column.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.utils import get_column_letter
from stdnum import luhn
from stdnum.gb import nhs

from evaluation.language import _
from evaluation.nouns import Finding, Kind
from evaluation.returns import faults
from evaluation.returns.declaring import ALPHABET, KEY
from evaluation.returns.faults import Fault
from evaluation.returns.files import Aside
from evaluation.returns.layout import plain, tidy

Place = Kind | Literal["ours", "free", "beside"]
"""Where a text stands: in a column of a known kind, on a sheet that we wrote, in another cell, or
in no cell at all (a comment, a property, what is kept for a pivot table)."""

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


# Each repetition is bounded: a cell may hold a million letters, and be meant to.
_PATTERNS = (
    _pattern(faults.EMAIL, r"[\w.+'-]{1,64}@[\w-]{1,64}\.[\w-]"),
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
        # '2 children close to home' is no address, '2 Orchard Close' is.
        r"(?<![\w/-])[0-9]{1,4}[a-z]?,? (?:[a-z'-]{1,40} ){1,3}"
        r"(?:street|road|avenue|terrace|crescent|(?-i:Lane|LANE|Close|CLOSE|Drive|DRIVE|Gardens|"
        r"GARDENS|Grove|GROVE))\b",
    ),
    _pattern(
        faults.ADDRESS,
        # Nor is '3 ffordd', three ways.
        r"(?<![\w/-])[0-9]{1,4}[a-z]?,? (?-i:Stryd|STRYD|Heol|HEOL|Ffordd|FFORDD|Rhodfa|RHODFA) [a-z]",
    ),
    _pattern(
        faults.NAME,
        r"(?<!\w)(?:(?:full |first |last |fore|sur|child'?s? )?name|enw(?: llawn| cyntaf)?|cyfenw) ?"
        r"[:=] ?[^\W\d_]",
    ),
)
_A_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+)?")
_WORDS = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'-])*(?:,? [^\W\d_](?:[^\W\d_]|[.'-])*)+")
_ALMOST_A_KEY = re.compile(rf"{KEY}|(?=.*[A-Z])[0-9A-Z]{{11,13}}")


def _loosely(regex: str) -> str:
    """The pattern without its surroundings, for RE2, which takes a column at once.

    What fits a pattern fits this; what fits this is looked at again, one text at a time.
    """
    if "@" in regex:
        return "@"
    bare = re.sub(r"\(\?<?[!=](?:\[[^]]*\]|[^()])*\)", "", regex)
    return bare.replace(r"[^\W\d_]", ".").replace(r"\1", "-?")


_WORTH_A_LOOK = "|".join(f"(?:{_loosely(item.regex.pattern)})" for item in _PATTERNS)
_PERHAPS_WORDS = r"^[^0-9_]+ [^0-9_]+$"


def in_values(values: Sequence[str] | pa.Array, place: Place) -> dict[str, Fault]:
    """Which of the different values of one column identify a person, and how.

    In a column of references a number that could be the provider's own counts only where it
    stands out: where most such numbers of the column pass the check (one in eleven of any
    ten-digit numbers would), or where it is the odd one out among references of another shape.
    """
    texts = values if isinstance(values, pa.Array) else pa.array(values, pa.large_string())
    if not len(texts):
        return {}
    # What we write repeats references.
    patterns = [
        item
        for item in _PATTERNS
        if place not in {"ref", "ours", "beside"} or item.in_refs == "always"
    ]
    suspects = texts.filter(_fits(texts, _WORTH_A_LOOK)).to_pylist()
    found = {value: fault for value in suspects if (fault := _in_value(value, place, patterns))}
    if place in {"key", "ref"}:
        for value in texts.filter(_fits(texts, _PERHAPS_WORDS)).to_pylist():
            if _WORDS.fullmatch(value) and not _is_key(value):
                found[value] = faults.WORDS
    if place in {"ref", "beside"}:
        for pattern in (item for item in _PATTERNS if item.in_refs == "by_column"):
            found |= dict.fromkeys(_stand_out(texts, pattern), pattern.fault)
    return found


def _fits(texts: pa.Array, pattern: str) -> pa.Array:
    return pc.match_substring_regex(texts, pattern, ignore_case=True)


def _in_value(value: str, place: Place, patterns: list[_Pattern]) -> Fault | None:
    if _A_MOMENT.fullmatch(value):
        return None
    if place == "key" and _ALMOST_A_KEY.fullmatch(re.sub(r"[ -]", "", value).upper()):
        return None
    for pattern in patterns:
        if (match := pattern.regex.search(value)) and pattern.holds(match[0]):
            return pattern.fault
    return None


def _stand_out(texts: pa.Array, pattern: _Pattern) -> list[str]:
    perhaps = texts.filter(_fits(texts, f"^(?:{_loosely(pattern.regex.pattern)})$")).to_pylist()
    shaped = [value for value in perhaps if pattern.regex.fullmatch(value)]
    valid = [value for value in shaped if pattern.holds(value)]
    odd_ones = len(shaped) * 2 < len(texts)
    return valid if odd_ones or len(valid) * 2 > len(shaped) else []


def find(grid: pd.DataFrame, sheet: str, places: Mapping[int, Place]) -> Iterator[Finding]:
    """Every cell of a sheet that identifies a person.

    `grid` is as `text_grid` gives it; `places` says which of its columns are of a known kind,
    all others are free.
    """
    for name, column in grid.items():
        number = int(str(name))
        distinct = pc.unique(pa.array(column, pa.large_string())).drop_null()
        found = in_values(distinct, places.get(number, "free"))
        if found:
            for row, value in column[column.isin(list(found))].items():
                yield found[value].at(sheet, int(str(row)), get_column_letter(number))


_AN_ADDRESS_OF_MAIL = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,200}")


def find_beside(asides: Iterable[Aside]) -> Iterator[Finding]:
    """Every text in no cell that identifies a person: in a comment, a property, a header.

    Who wrote the file is no child, and many programs write that person's e-mail address into
    it, so that is let pass there.
    """
    grouped: dict[str, list[Aside]] = defaultdict(list)
    for aside in asides:
        text = _AN_ADDRESS_OF_MAIL.sub("", aside.text) if aside.by_sender else aside.text
        if text := tidy(text):
            grouped[aside.where.message].append(replace(aside, text=text))
    for group in grouped.values():
        found = in_values(list(dict.fromkeys(aside.text for aside in group)), "beside")
        for aside in group:
            if fault := found.get(aside.text):
                message = _("{what} It stands in {where}.", what=fault.message, where=aside.where)
                finding = fault.at(aside.sheet, aside.row, aside.column)
                yield replace(finding, message=message)
