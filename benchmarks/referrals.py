"""Referrals with known faults: what the benchmark of returns is measured on.

A row in about seven is faulty, and has one fault; of all cells, one in a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evaluation.returns.declaring import ALPHABET
from evaluation.returns.words import luhn_totals
from schemas import FORMS

FORM = FORMS["st_giles_referrals"]
QUARTER = "2025Q1"
COLUMNS = tuple(field.name for field in FORM.fields)
DATES = tuple(field.name for field in FORM.fields if field.kind == "date")
WHOLES = tuple(field.name for field in FORM.fields if field.kind == "int")
CODES = {
    field.name: [code.code for code in field.codes.codes] for field in FORM.fields if field.codes
}
NEVER = np.datetime64("NaT", "D")
DAY = np.timedelta64(1, "D")

UNREADABLE = {  # what is written instead, and the rule that finds it
    "ref": (("nodigit", "CELL-REF"), ("", "CELL-BLANK")),
    "key": (("EXAMPRE0001X", "CELL-KEY-CHECK"), ("EXAMPLE", "CELL-KEY"), ("", "CELL-BLANK")),
    "code": (("something else", "CELL-CODE"), ("9", "CELL-CODE")),
    "date": (("31/02/2025", "CELL-DATE"), ("04.05.2025", "CELL-DATE"), ("soon", "CELL-DATE")),
    "int": (("twelve", "CELL-NUMBER"), ("-3", "CELL-NUMBER"), ("2.5", "CELL-NUMBER")),
}


@dataclass(frozen=True)
class Referrals:
    """`texts` as a provider writes them; `faults`, one a row: row (from 0), column, rule."""

    texts: pd.DataFrame
    faults: pd.DataFrame


def referrals(rows: int, *, faulty: float = 0.01, seed: int = 1) -> Referrals:
    """So many rows, of which `faulty` of the cells are at fault."""
    rng = np.random.default_rng(seed)
    right = _right(rows, rng)
    texts = pd.DataFrame(
        {
            name: pd.Series(right[name]).dt.strftime("%d/%m/%Y").astype("str")
            if name in DATES
            else pd.Series(right[name], dtype="str")
            for name in COLUMNS
        }
    )
    return _spoilt(texts, right, round(rows * len(COLUMNS) * faulty), rng)


def _right(rows: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Two referrals a child, the first over before the second; nothing is wrong with any."""
    second = np.arange(rows) % 2 == 1
    order = rng.permutation(rows)
    draw = rng.random(rows)
    decision = np.where(
        second,
        np.select([draw < 0.6, draw < 0.8], ["accepted", "declined"], "waiting"),
        np.where(draw < 0.7, "accepted", "declined"),
    )
    accepted, declined = decision == "accepted", decision == "declined"
    begun = accepted & ~(second & (draw < 0.1))
    closed = begun & ~second

    def later(than: np.ndarray, days: int) -> np.ndarray:
        return than + rng.integers(0, days, rows) * DAY

    start = np.where(second, np.datetime64("2025-06-02"), np.datetime64("2025-04-01"))
    referred = later(start, 10)
    decided = later(referred, 5)
    session = later(decided, 10)
    offered = rng.integers(2, 20, rows)
    text = {
        "referral_ref": np.char.add("SG-", np.arange(1, rows + 1).astype(str)),
        "child_key": _keys(rows // 2 + 1, rng)[np.arange(rows) // 2],
        "decision": decision,
        "decline_reason": np.where(declined, "no_consent", None),
        "closure_reason": np.where(closed, "planned", None),
        "sessions_offered": offered.astype(str),
        "sessions_attended": (offered - rng.integers(0, 2, rows)).astype(str),
    }
    for name in ("local_authority", "source", "reason"):
        text[name] = rng.choice(np.array(CODES[name]), rows)
    days = {
        "referred_on": referred,
        "decided_on": np.where(accepted | declined, decided, NEVER),
        "first_contact_on": np.where(begun, referred, NEVER),
        "first_session_on": np.where(begun, session, NEVER),
        "closed_on": np.where(closed, later(session, 20), NEVER),
    }
    return {name: values[order] for name, values in (text | days).items()}


def _keys(number: int, rng: np.random.Generator) -> np.ndarray:
    places = np.pad(rng.integers(0, 32, (number, 11)), ((0, 0), (0, 1)))
    places[:, 11] = -luhn_totals(places) % 32
    letters = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)[places]
    return letters.view("S12").ravel().astype(str)


def _spoilt(
    texts: pd.DataFrame, right: dict[str, np.ndarray], number: int, rng: np.random.Generator
) -> Referrals:
    """The texts with so many faults, each in a row of its own."""
    cells = {name: texts[name].to_numpy(dtype=object) for name in COLUMNS}
    found: list[pd.DataFrame] = []
    free = np.ones(len(texts), dtype=bool)

    def spoil(column: str, where: np.ndarray, text: object, rule: str, at: str = "") -> None:
        rows = rng.permutation(np.flatnonzero(where & free))[:each]
        cells[column][rows] = text[rows] if isinstance(text, np.ndarray) else text
        free[rows] = False
        found.append(pd.DataFrame({"row": rows, "column": at or column, "rule": rule}))

    everywhere = np.ones(len(texts), dtype=bool)
    kinds = [(field.name, *how) for field in FORM.fields for how in UNREADABLE[field.kind]]
    each = number // (len(kinds) + 8)
    for column, text, rule in kinds:
        spoil(column, texts[column].notna().to_numpy(), text or None, rule)
    declined, closed = right["decision"] == "declined", ~np.isnat(right["closed_on"])
    spoil("decline_reason", declined, None, "CELL-NEEDED")
    spoil("closure_reason", ~closed, "planned", "CELL-NOT-NEEDED")
    spoil("first_contact_on", everywhere, "31/03/2024", "REF-01", "referred_on")
    spoil("sessions_attended", everywhere, "99", "REF-02")
    spoil("closed_on", closed, "01/08/2025", "REF-03", "referred_on")
    spoil("first_session_on", declined, "28/06/2025", "REF-04")
    # Each of these rows takes the reference of the next, and both are marked.
    rows = rng.permutation(np.flatnonzero(free))[: 2 * (each // 2)]
    cells["referral_ref"][rows[::2]] = cells["referral_ref"][rows[1::2]]
    found.append(pd.DataFrame({"row": rows, "column": "referral_ref", "rule": "ROW-TWICE"}))
    faults = pd.concat(found, ignore_index=True).sort_values("row", ignore_index=True)
    return Referrals(pd.DataFrame(cells, dtype="str"), faults)
