"""What can be wrong with a cell or a row's key, whatever the form.

A message names the field by its title and never says what the cell holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaluation.language import _
from evaluation.nouns import Kind
from evaluation.returns.faults import Fault


@dataclass(frozen=True, slots=True)
class Column:
    """One column in types, missing where blank or unreadable, and the cells that are at fault.

    Each array of `faults` is as long as `typed`, and True at the cells that have the fault.
    """

    typed: pd.Series
    faults: Mapping[Fault, np.ndarray]


BLANK = Fault(
    "CELL-BLANK",
    "reject",
    _("‘{field}’ is blank."),
    _("Fill it in. Where the list has ‘Not known’, that is an answer too."),
)
WANTED = Fault(
    "CELL-WANTED",
    "note",
    _("‘{field}’ is blank. Rows: {blank} of {rows}."),
    _("Fill it in where you can; blanks count against completeness, and do not stop the return."),
)
NEEDED = Fault(
    "CELL-NEEDED",
    "reject",
    _("‘{field}’ is blank, and ‘{other}’ makes it necessary."),
    _("Fill it in, or correct ‘{other}’."),
)
NOT_NEEDED = Fault(
    "CELL-NOT-NEEDED",
    "reject",
    _("‘{field}’ is filled in, and by ‘{other}’ it must be blank."),
    _("Leave it blank, or correct ‘{other}’."),
)
KEY = Fault(
    "CELL-KEY",
    "reject",
    _("‘{field}’ is not a child key."),
    _(
        "A child key has 12 letters and digits, and never I, L, O or U: look for 1, 1, 0 or V. "
        "Copy it again from the list of the data controller. Never send a name."
    ),
)
KEY_CHECK = Fault(
    "CELL-KEY-CHECK",
    "reject",
    _("‘{field}’ has a mistyped character: its last character does not agree with the others."),
    _("Copy the child key again from the list of the data controller."),
)
REF = Fault(
    "CELL-REF",
    "reject",
    _("‘{field}’ is not a reference."),
    _(
        "Use your own reference number: letters, digits, -, / and _, no spaces, "
        "at least one digit, at most 24 characters."
    ),
)
CODE = Fault(
    "CELL-CODE",
    "reject",
    _("‘{field}’ is not one of the answers of its list."),
    _("Choose an answer from the list of ‘{field}’."),
)
LISTED = replace(CODE, fix=_("Choose an answer from the list of ‘{field}’: {answers}."))
"""The same of a list so short that its answers can be told: a pasted sheet has lost its lists."""

WHOLE = Fault(
    "CELL-NUMBER",
    "reject",
    _("‘{field}’ is not a whole number."),
    _("Write a whole number in digits, 0 or more, for example 12."),
)
DATE = Fault(
    "CELL-DATE",
    "reject",
    _("‘{field}’ is not a date."),
    _("Write the day, the month and the year, in that order, for example 14/08/2025."),
)
MOMENT = Fault(
    "CELL-TIME",
    "reject",
    _("‘{field}’ is not a date and time."),
    _(
        "Write the day, the month and the year, in that order, and the time on the 24-hour "
        "clock, for example 14/08/2025 21:30."
    ),
)
NO_CLOCK = Fault(
    "CELL-TIME-MISSING",
    "reject",
    _("‘{field}’ has a date and no time of day."),
    _("Add the time on the 24-hour clock, for example 14/08/2025 21:30."),
)
NO_HOUR = Fault(
    "CELL-TIME-SKIPPED",
    "reject",
    _("‘{field}’ is a time that did not exist: the clocks went forward over it."),
    _("Check the time; between 1:00 and 2:00 of that night there is none."),
)
TWO_HOURS = Fault(
    "CELL-TIME-TWICE",
    "note",
    _("‘{field}’ is a time that occurred twice that night; it is taken as the first."),
    _("Nothing needs doing."),
)
MONTH = Fault(
    "CELL-MONTH",
    "reject",
    _("‘{field}’ is not a month."),
    _("Write the year and the month, for example 2010-06."),
)
BIRTH_DATE = Fault(
    "CELL-BIRTH-DATE",
    "reject",
    _("‘{field}’ looks like a full date of birth, which must not be sent."),
    _("Write the year and the month only, for example 2010-06."),
)
FUTURE = Fault(
    "CELL-FUTURE",
    "reject",
    _("‘{field}’ is after the quarter of the return."),
    _("Check the year; write it with four digits."),
)
NOT_ALLOWED = Fault(
    "CELL-NOT-ALLOWED",
    "reject",
    _("‘{field}’ holds something that the field does not allow."),
    _("See what the data dictionary says about ‘{field}’."),
)
TWICE = Fault(
    "ROW-TWICE",
    "reject",
    _("Another row has the same key: {fields}."),
    _("Keep one of the rows, or correct what tells them apart: {fields}."),
)
NO_CHILD = Fault(
    "SNAP-CHILD",
    "explain",
    _("No row of ‘{children}’ has this child key."),
    _("Check the child key, or ask the data controller to add the child."),
)

CELL_FAULTS = (
    BLANK, WANTED, NEEDED, NOT_NEEDED, KEY, KEY_CHECK, REF, CODE, WHOLE, DATE, MOMENT, NO_CLOCK,
    NO_HOUR, TWO_HOURS, MONTH, BIRTH_DATE, FUTURE, NOT_ALLOWED, TWICE, NO_CHILD,
)  # fmt: skip
"""All of them, in the order in which the dictionary lists them."""

UNREADABLE: Mapping[Kind, Fault] = {
    "key": KEY, "ref": REF, "code": CODE, "flag": CODE, "int": WHOLE, "date": DATE,
    "datetime": MOMENT, "month": MONTH,
}  # fmt: skip
"""What is said of a cell that its kind cannot read."""
