"""Every other road to the main figure: what each changes, and where its figures stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from evaluation.language import Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import Road
from reports.annex.main import COHORT, days_of, referred_now
from reports.reading import find, one

Kind = Literal["method", "episodes", "children"]
Title = Text | Callable[[Figure | None], Text]


@dataclass(frozen=True, slots=True)
class Way:
    """What a measure changes. `file` is its file in analyses/sensitivity; None of the quarter's own.

    `cohort` is that of its figures, None where each has its own. `kind` is what it changes: the
    method, the episodes that count, or the children who are compared.
    """

    file: str | None
    measure: str
    title: Title
    cohort: str | None = COHORT
    unit: str = "ratio"
    fewer_is_below: bool = True
    kind: Kind = "method"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the way, what it changes in words, and its figure, if there is one."""

    way: Way
    title: Text
    figure: Figure | None

    @property
    def road(self) -> Road:
        at = 0.0 if self.way.unit == "days" else 1.0
        return Road(self.figure, no_difference=at, fewer_is_below=self.way.fewer_is_below)


def _window(figure: Figure | None) -> Text:
    return _("Another window: {days} days", days=(figure.days if figure else None) or 0)


def _trigger(figure: Figure | None) -> Text:
    """'trigger_3_in_60' in words."""
    if figure is None or not (figure.cohort or "").startswith("trigger_"):
        return _("Another trigger")
    _name, episodes, _in, days = (figure.cohort or "").split("_")
    return _(
        "Another trigger: {episodes} episodes in {days} days",
        episodes=int(episodes),
        days=int(days),
    )


GRADES = {
    "re_missing_graded": _("Without episodes of ‘no apparent risk’"),
    "re_missing_medium_high": _("Episodes of medium and high risk alone"),
}


def _grade(figure: Figure | None) -> Text:
    return GRADES.get(
        (figure.outcome if figure else None) or "", _("Episodes of some grades alone")
    )


WAYS = (
    Way(None, "unadjusted_rate_ratio", _("Not adjusted at all")),
    Way(None, "negative_binomial_rate_ratio", _("A negative binomial model instead of weights")),
    Way("doubly_robust", "doubly_robust_rate_ratio",
        _("Weights and a model of episodes (doubly robust)")),
    Way("matched", "matched_rate_ratio", _("Each child beside the one most like it (matching)"), kind="children"),
    Way("every_meeting", "every_meeting_rate_ratio",
        _("Every eligible meeting, not the first alone"), kind="children"),
    Way(None, "weighted_rate_ratio", _("Referred now beside not referred: by weights alone"),
        cohort="referred_now"),
    Way(None, "modelled_rate_ratio", _("Referred now beside not referred: by a model alone"),
        cohort="referred_now"),
    Way("recurrent_events", "andersen_gill_hazard_ratio", _("Hazard of all episodes (Andersen-Gill)")),
    Way("recurrent_events", "pwp_total_hazard_ratio",
        _("Hazard by number of earlier episodes, time since the meeting (PWP)")),
    Way("recurrent_events", "pwp_gap_hazard_ratio",
        _("Hazard by number of earlier episodes, time since the last one (PWP)")),
    Way("mean_cumulative", "mean_episodes_ratio", _("Mean number of episodes by the window’s end (mean cumulative count)"), kind="episodes"),
    Way("time_to_next", "days_free_of_episodes_difference",
        _("Mean days until the next episode (restricted mean; a difference; above 0 is fewer)"), unit="days", fewer_is_below=False, kind="episodes"),
    Way("by_grade", "by_grade_rate_ratio", _grade, kind="episodes"),
    Way("other_triggers", "other_trigger_rate_ratio", _trigger, cohort=None, kind="children"),
    Way("no_place_free", "no_place_free_rate_ratio",
        _("Beside only those whom a full service kept out"), cohort="no_place_free", kind="children"),
    Way("one_definition", "one_definition_rate_ratio",
        _("Children in whose window recording did not change"), kind="children"),
    Way("two_services", "two_services_rate_ratio", _("Days with another service adjusted for")),
    Way("without_most_frequent", "without_most_frequent_rate_ratio",
        _("Without the child who had most episodes"), kind="children"),
    Way("self_controlled", "self_controlled_rate_ratio",
        _("Each referred child beside its own earlier time (self-controlled case series)")),
)  # fmt: skip
"""In the order in which they are told: other methods, other events, other children."""

BESIDE = {
    "unrecorded": _("What nobody recorded (E-value)"),
}
"""Files whose figures are no ratio of the arms, and so stand under the table."""

MADE_OF = ("mean_episodes_ratio", "doubly_robust_rate_ratio", "days_free_of_episodes_difference")
"""Those that are told for the other windows too."""


def rows(release: Release) -> list[Row]:
    """A line for each road in the primary window, then the main figure's own other windows.

    A road of which the release has no figure has a line all the same, with the reason for which
    its file could not be run, where the release tells it.
    """
    days = days_of(release)
    told = [row for way in WAYS for row in _rows(release, way, days)]
    windows = [
        figure
        for figure in find(release, "rate_ratio", section="re_missing", cohort=COHORT)
        if figure.days != days
    ]
    way = Way(None, "rate_ratio", _window, kind="episodes")
    return told + [Row(way, _window(figure), figure) for figure in _by_days(windows)]


REFERRED_NOW = _("Referred now, over every meeting")


def with_referred_now(release: Release, told: list[Row], kind: Kind) -> list[Row]:
    """The rows of a kind, with referred now before the other methods: two of them are its halves."""
    other = referred_now(release)
    if kind != "method" or other is None:
        return told
    return [Row(Way(None, "rate_ratio", REFERRED_NOW, "referred_now"), REFERRED_NOW, other), *told]


def others(release: Release) -> Iterator[Road]:
    """The roads of all lines."""
    return (row.road for row in rows(release))


def over_windows(release: Release, measure: str) -> tuple[Figure, ...]:
    """A road's figures in every window, the shortest first."""
    return _by_days(find(release, measure, section="re_missing", cohort=COHORT))


def title_of(way: Way, figure: Figure | None) -> Text:
    """What a way changes, as one of its figures has it."""
    return way.title if isinstance(way.title, Text) else way.title(figure)


def _rows(release: Release, way: Way, days: int | None) -> Iterator[Row]:
    place = {"section": "re_missing", "days": days} | ({"cohort": way.cohort} if way.cohort else {})
    figures = find(release, way.measure, **place)
    if not figures:
        closed = one(release, "not_made", section="re_missing", group=way.file)
        yield Row(way, title_of(way, None), closed and replace(closed, measure=way.measure))
    for figure in figures:
        yield Row(way, title_of(way, figure), figure)


def _by_days(figures: tuple[Figure, ...] | list[Figure]) -> tuple[Figure, ...]:
    return tuple(sorted(figures, key=lambda figure: figure.days or 0))
