"""From a list of identifiers to child keys: HMAC-SHA256 with the data controller's secret."""

from __future__ import annotations

import csv
import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import cast

import numpy as np

from evaluation.errors import WrongUse
from evaluation.language import Text, _
from evaluation.returns.declaring import ALPHABET
from evaluation.returns.keys.alike import look_alikes as find_look_alikes
from evaluation.returns.keys.identity import NORMAL, Part, identity
from evaluation.returns.keys.list_faults import collisions, list_faults
from evaluation.returns.keys.lists import Listed, read_list
from evaluation.returns.keys.private import apart_from_stores, write_private
from evaluation.returns.keys.secret import Secret, others_may_read, read_secret
from evaluation.returns.layout import plain, spellings
from evaluation.returns.words import luhn_totals

BITS = 55
"""Of each HMAC, the first; eleven characters of five."""

_BIRTHS = {"born": _("Born"), "dob": _("Date of birth"), "birth date": _("Birth date")}
"""A column with one of these titles, in either language, is a date."""

_ROW, _KEY = "row", "child_key"
_READABLE = _("Other users of this computer may read the secret. Keep it where only you can.")


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a list: counts and row numbers, and nothing that a row holds.

    `rows` and `children` count rows and distinct children; `same` holds the rows of each child
    that has several, `alike` pairs of rows that may be one child, `notes` what its owner should
    know. Where there are `faults` nothing was written. `secret` is the secret's check.
    """

    rows: int
    children: int
    same: tuple[tuple[int, ...], ...]
    alike: tuple[tuple[int, int], ...]
    notes: tuple[Text, ...]
    faults: tuple[Text, ...]
    secret: str


def make_keys(
    path: Path,
    columns: str,
    secret: Path,
    to: Path,
    *,
    today: date,
    keep: str = "",
    replace: bool = False,
    look_alikes: bool = False,
) -> Made:
    """Write the lookup of a list: its row numbers, its named columns and each row's child key.

    `columns` names what identifies a child, parted by commas, in the order that is part of the
    key; a title may end in ':name', ':date' or ':number'. Without, a column whose title says
    that it is of births is a date and any other a name. Columns named in `keep` go into the
    lookup too, and not into the key. The list's faults come all at once, in `faults`.

    Raises WrongUse or BrokenFile where no list or secret can be read, where the lookup is there
    already and `replace` was not asked for, and where any of the files lies in a store.
    """
    parts = _parts(columns)
    kept = [title for title in _titles(keep) if title not in parts]
    _refuse_clashes([*parts, *kept])
    for file in (path, secret, to):
        apart_from_stores(file)
    _refuse_overwriting(to, path, secret, replace=replace)
    known = read_secret(secret)
    listed = read_list(path, [*parts, *kept])

    normal = {
        title: [forms[text] for text in listed.columns[title]]
        for title, kind in parts.items()
        for forms in [NORMAL[kind](set(listed.columns[title]), today)]
    }
    faults = list_faults(listed, parts, normal)
    notes = (_READABLE,) if others_may_read(secret) else ()
    if faults:
        return Made(len(listed.numbers), 0, (), (), notes, faults, known.check)

    rows_of: dict[tuple[str, ...], list[int]] = defaultdict(list)
    children = list(zip(*(cast("list[str]", normal[title]) for title in parts), strict=True))
    for row, child in zip(listed.numbers, children, strict=True):
        rows_of[child].append(row)
    kinds = tuple(parts.values())
    distinct = list(rows_of)
    keys = keys_of((identity(zip(kinds, child, strict=True)) for child in distinct), known)
    key_of = dict(zip(distinct, keys, strict=True))
    faults = collisions(key_of, rows_of)
    if not faults:
        lookup = _lookup(listed, [key_of[child] for child in children])
        write_private(to.resolve(), lookup, replace=replace)
    pairs = find_look_alikes(distinct, kinds) if look_alikes else ()
    return Made(
        rows=len(listed.numbers),
        children=len(distinct),
        same=tuple(tuple(rows) for rows in rows_of.values() if len(rows) > 1),
        alike=tuple((rows_of[distinct[a]][0], rows_of[distinct[b]][0]) for a, b in pairs),
        notes=notes,
        faults=faults,
        secret=known.check,
    )


def keys_of(identities: Iterable[str], secret: Secret) -> list[str]:
    """The child key of each identity, in their order."""
    digests = b"".join(hmac.digest(secret.value, one.encode(), "sha256") for one in identities)
    bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8).reshape(-1, 32), axis=1)
    numbers = bits[:, :BITS].reshape(-1, 11, 5) @ np.array([16, 8, 4, 2, 1])
    open_ended = np.pad(numbers, ((0, 0), (0, 1)))
    open_ended[:, 11] = -luhn_totals(open_ended) % len(ALPHABET)
    letters = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)[open_ended]
    return [key.decode() for key in np.ascontiguousarray(letters).view("S12").ravel().tolist()]


# ---- What was asked for ---------------------------------------------------------------------------


def _titles(text: str) -> list[str]:
    """Titles parted by commas; one that holds a comma stands in quotation marks."""
    cells = next(csv.reader([text], skipinitialspace=True), [])
    return list(dict.fromkeys(cell.strip() for cell in cells if cell.strip()))


def _parts(columns: str) -> dict[str, Part]:
    """The kind of each column that identifies a child."""
    parts: dict[str, Part] = {}
    births = spellings(_BIRTHS)
    for written in _titles(columns):
        title, _colon, kind = written.rpartition(":")
        if title and kind in NORMAL:
            parts[title.strip()] = cast("Part", kind)
        else:
            parts[written] = "date" if plain(written) in births else "name"
    if not parts:
        raise WrongUse(
            _("Name the columns that identify a child, for example: surname,forename,born")
        )
    return parts


def _refuse_clashes(titles: Sequence[str]) -> None:
    for title in titles:
        if plain(title) in {plain(_ROW), plain(_KEY)}:
            raise WrongUse(
                _(
                    "The lookup has a column ‘{title}’ of its own. Give the list's column another "
                    "title.",
                    title=title,
                )
            )


def _refuse_overwriting(to: Path, path: Path, secret: Path, *, replace: bool) -> None:
    if not to.exists():
        return
    if any(file.exists() and to.samefile(file) for file in (path, secret)):
        raise WrongUse(
            _("The lookup would overwrite the list or the secret. Name another file for it.")
        )
    if not replace:
        raise WrongUse(
            _(
                "{file} is there already and was left as it is. Name another file, or write "
                "over it: --replace",
                file=str(to),
            )
        )


# ---- The lookup -----------------------------------------------------------------------------------


def _lookup(listed: Listed, keys: Sequence[str]) -> bytes:
    """CSV in UTF-8 with its mark, so that spreadsheets show accents as they are."""
    written = StringIO(newline="")
    sheet = csv.writer(written)
    sheet.writerow([_ROW, *listed.columns, _KEY])
    sheet.writerows(zip(listed.numbers, *listed.columns.values(), keys, strict=True))
    return written.getvalue().encode("utf-8-sig")
