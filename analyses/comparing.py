"""What a release is compared with: the last quarter's, and the one whose place it takes."""

from __future__ import annotations

from dataclasses import replace

from evaluation.disclosure import parse_release, place_of
from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import Before, Corrected, Release
from evaluation.quarters import Quarter
from evaluation.store import Store, earlier_releases

COMPARED = frozenset(
    {
        ("monitoring", None, "episodes"),
        ("op_encompass", "op_encompass_12_months", "school_told"),
        ("op_encompass", "op_encompass_quarter", "school_told"),
        ("positive_futures_sessions", "sessions_12_months", "attendances"),
        ("re_missing", "discussed", "rate_ratio"),
        ("referrals", "positive_futures_12_months", "referred"),
        ("referrals", "st_giles_12_months", "first_session"),
        ("referrals", "st_giles_12_months", "open_now"),
        ("referrals", "st_giles_12_months", "referred"),
        ("referrals", "st_giles_12_months", "waiting_now"),
        ("waiting", "st_giles_waiting", "median_wait_days"),
    }
)
"""Section, cohort and measure of the figures that the first page sets beside last quarter's."""


def told_before(store: Store, body: str, quarter: Quarter) -> Before | None:
    """What the newest public quarterly release of the quarter before told of COMPARED.

    As it left then: nothing is computed anew from the returns, so that a comparison tells no more
    than the two reports. None where no such release is in the ledger.
    """
    last = _newest(store, body, quarter - 1)
    return None if last is None else _told(last)


def correcting(store: Store, made: Release, because: str | None) -> Release:
    """The release, and what it corrects, where one of its quarter with other figures has left before.

    `because` is a code of `evaluation.wording.CORRECTIONS`. With the figures of the newest one
    unchanged nothing is corrected, and what that one corrected still holds.
    Raises WrongUse where a correction has no reason, and where a reason has nothing to correct.
    """
    newest = _newest(store, made.body, made.quarter)
    before = {} if newest is None else {place_of(each): each for each in newest.figures}
    now = {place_of(each): each for each in made.figures}
    changed = sum(before.get(place) != now.get(place) for place in before.keys() | now.keys())
    if newest is None or not changed:
        if because is not None:
            raise WrongUse(
                _(
                    "No release of {quarter} with other figures has left before, so there is "
                    "nothing to correct. Leave --because out.",
                    quarter=str(made.quarter),
                )
            )
        return made if newest is None else replace(made, corrects=newest.corrects)
    if because is None:
        raise WrongUse(
            _(
                "A release of {quarter} has left before, and this one differs from it (figures: "
                "{n}). Say why with --because, and readers will be told.",
                quarter=str(made.quarter),
                n=changed,
            )
        )
    return replace(made, corrects=Corrected(because, changed, _told(newest)))


def _newest(store: Store, body: str, quarter: Quarter) -> Release | None:
    for released in reversed(earlier_releases(store, body)):
        if released.quarter == quarter:
            release = parse_release(released.text)
            if release.report == "quarterly":
                return release
    return None


def _told(release: Release) -> Before:
    return Before(
        quarter=release.quarter,
        made_on=release.made_on,
        snapshot=release.snapshot,
        figures=tuple(
            figure
            for figure in release.figures
            if (figure.section, figure.cohort, figure.measure) in COMPARED
        ),
    )
