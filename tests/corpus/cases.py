"""What a case of the corpus is, and the return that all of them vary."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evaluation.language import _
from evaluation.nouns import Provider
from evaluation.returns.told import Told

FORM, TITLE = "missing_episodes", "Missing episodes"
PROVIDERS = {
    "police": Provider("police", _("The police"), (FORM, "children")),
    "services": Provider("services", _("The services"), ("st_giles_referrals",)),
}
FILE = "police_2025Q1_missing_episodes"

moment = dt.datetime
KEY, OTHER_KEY = "EXAMPRE0001W", "EXAMPRE0002T"
COVER = [
    ["Provider", "police"],
    ["Quarter", "2025Q1"],
    ["Template version", 1],
    ["Contact role", "Data officer"],
    ["Nil return", "no"],
]
_EPISODE = {
    "episode_ref": "M001",
    "child_key": KEY,
    "reported_at": moment(2025, 5, 1, 21, 30),
    "returned_at": moment(2025, 5, 2, 8, 0),
    "local_authority": "Newport",
    "missing_from": "Home",
    "risk_first": "Medium",
    "risk_highest": "High",
    "harm": "No",
    "interview": "Declined",
    "interview_offered_at": moment(2025, 5, 3, 10, 15),
    "interview_at": None,
    "definition": "app_2017",
}
EPISODES = [
    _EPISODE,
    _EPISODE
    | {
        "episode_ref": "M002",
        "child_key": OTHER_KEY,
        "reported_at": moment(2025, 5, 12, 9, 5),
        "returned_at": moment(2025, 5, 12, 23, 50),
        "harm": "Not known",
        "interview": "Offered, no answer yet",
    },
    _EPISODE
    | {
        "episode_ref": "M003",
        "reported_at": moment(2025, 6, 20),  # midnight, with a time all the same
        "returned_at": moment(2025, 6, 21, 10, 15),
        "interview": "Not offered",
        "interview_offered_at": None,
    },
]
NAMES = list(_EPISODE)


def table(*rows, titles=None):
    """A line of titles, the fields' names unless told otherwise, and the episodes below it."""
    episodes = rows or EPISODES
    return [titles or NAMES, *([row.get(name) for name in NAMES] for row in episodes)]


def changed(number=1, **values):
    """The episodes, the given one (from 1) with other values."""
    return [row | values if n == number else row for n, row in enumerate(EPISODES, start=1)]


def sheets(episodes=None, **more):
    """A right workbook's sheets; None takes one out."""
    held = {"Cover": COVER, TITLE: episodes if episodes is not None else table(), **more}
    return {name: rows for name, rows in held.items() if rows is not None}


@dataclass(frozen=True)
class Case:
    """One awkward file: its name says what is awkward, `finds` what is to be found.

    Each finding is its rule and place, such as 'CELL-DATE Missing episodes!C7'. Where nothing
    that must be mended is found, the rows are those of `EPISODES`, unless `rows` says how many.
    `refused` are words of the sentence with which the file is not opened. `comes_back` unless the
    copy that is given back cannot be sent again as it is.
    """

    name: str
    make: Callable[[Path], Path]
    finds: tuple[str, ...] = ()
    refused: str = ""
    rows: int | None = None
    form: str = FORM
    told: Told | None = None
    providers: dict[str, Provider] | None = None
    comes_back: bool = True


CASES: list[Case] = []


def case(*finds, **more):
    """The function that follows writes the file into a folder; its name is the case's."""

    def known(make):
        CASES.append(Case(make.__name__, make, tuple(sorted(finds)), **more))
        return make

    return known
