"""Going missing again, by first grade: outcomes of the sensitivity analyses, in no plan's entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import pandas as pd

from analyses.outcomes import re_missing
from analyses.snapshots import newest, table
from evaluation.language import Text, _
from evaluation.nouns import Outcome, Snapshot

ABOVE_NONE = ("low", "medium", "high")
MEDIUM_HIGH = ("medium", "high")


def graded(snapshot: Snapshot, *, grades: tuple[str, ...]) -> pd.DataFrame:
    """The episodes of `re_missing` of which the first grade, as last told, is among these.

    The first grade, because the highest may be higher for what came of the episode. Raises
    MissingTable if no return of missing episodes has come.
    """
    episodes = newest(table(snapshot, "missing_episodes"), "episode_ref")
    references = episodes["provider"] + "/" + episodes["episode_ref"]
    every = re_missing.events(snapshot)
    kept = every["event_ref"].isin(references[episodes["risk_first"].isin(grades)])
    return every[kept].reset_index(drop=True)


def _outcome(
    name: str, title: Text, phrase: Text, events: Callable[[Snapshot], pd.DataFrame]
) -> Outcome:
    return Outcome(
        name=name, title=title, phrase=phrase, better="fewer", grain="episode",
        windows_days=(90, 182, 365), events=events, needs=("missing_episodes",),
    )  # fmt: skip


GRADED: Mapping[str, Outcome] = MappingProxyType(
    {
        "re_missing_graded": _outcome(
            "re_missing_graded",
            _("Going missing again, graded low or above"),
            _("missing episodes graded low or above"),
            partial(graded, grades=ABOVE_NONE),
        ),
        "re_missing_medium_high": _outcome(
            "re_missing_medium_high",
            _("Going missing again at medium or high risk"),
            _("missing episodes at medium or high risk"),
            partial(graded, grades=MEDIUM_HIGH),
        ),
    }
)
