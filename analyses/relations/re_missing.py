"""The comparison: its flow, its arms, and what every window and every curve counts."""

from __future__ import annotations

from itertools import pairwise

from analyses.relations.told import Item, Told
from evaluation.disclosure import Relation, at_most, sums

ARMS = ("referred", "not_referred")


def relations(told: Told) -> list[Relation]:
    """Of sections 're_missing' and 'other_outcomes': the same figures of each cohort and outcome."""
    found = _flow(told)
    for section in ("re_missing", "other_outcomes"):
        own = [each for each in told.figures if each.section == section]
        for asked in dict.fromkeys((each.cohort, each.outcome) for each in own):
            mine = [each for each in own if (each.cohort, each.outcome) == asked]
            sizes = {each.group: each for each in mine if each.measure == "children"}
            found += _windows(told, mine, sizes) + _curves(told, mine, sizes)
    return found


def _flow(told: Told) -> list[Relation]:
    """Everyone discussed is in an arm or was left out once."""
    found: list[Relation] = []
    for cohort in told.cohorts("re_missing", "flow"):
        steps = {each.group: each for each in told.all("re_missing", "flow", cohort=cohort)}
        whole = steps.pop("discussed", None)
        found += told.total(whole, steps.values())
        for section in ("re_missing", "other_outcomes"):
            for arm in ARMS:
                sizes = told.all(section, "children", cohort=cohort, group=arm)
                found += told.alike([steps.get(arm), *sizes])
    return found


def _windows(told: Told, mine: list[Item], sizes: dict[str, Item]) -> list[Relation]:
    """Within each window both arms make up the contrast; a longer window has fewer children."""
    found: list[Relation] = []
    followed: dict[tuple[str, bool], list[Item]] = {}
    for days in sorted({each.days for each in mine if each.days is not None}):
        own = [each for each in mine if each.days == days and each.measure != "free_of_episodes"]
        for of_all in (True, False):  # everyone by a curve, or those whose window is complete
            these = [each for each in own if each.measure.startswith("any_episode") == of_all]
            by_group = {
                group: [each for each in these if each.group == group]
                for group in (*ARMS, "contrast")
            }
            for group, figures in by_group.items():
                counted = [each for each in figures if each.measure != "crossed_over"]
                found += told.alike(counted)
                found += told.alike([each for each in counted if each.events is not None], "events")
                if counted:
                    followed.setdefault((group, of_all), []).append(counted[0])
                found += [
                    at_most(told.cell(each), told.cell(sizes[group]))
                    for each in counted[:1]
                    if group in sizes
                ]
            first = [next(iter(by_group[group]), None) for group in (*ARMS, "contrast")]
            referred, others, both = first
            if referred is not None and others is not None and both is not None:
                found += told.total(both, [referred, others])
            found += _events(told, by_group)
    for figures in followed.values():
        found += [at_most(told.cell(late), told.cell(soon)) for soon, late in pairwise(figures)]
    return found


def _events(told: Told, by_group: dict[str, list[Item]]) -> list[Relation]:
    first = [
        next((each for each in by_group[group] if each.measure in _WITH_EVENTS), None)
        for group in (*ARMS, "contrast")
    ]
    referred, others, both = first
    if referred is None or others is None or both is None:
        return []
    return told.total(both, [referred, others], "events")


_WITH_EVENTS = {
    "episodes_per_100_child_days",
    "rate_ratio",
    "any_episode",
    "any_episode_difference",
}


def _curves(told: Told, mine: list[Item], sizes: dict[str, Item]) -> list[Relation]:
    """At risk and with an event are some of the arm; the one falls with the days, the other rises."""
    found: list[Relation] = []
    for arm in ARMS:
        points = sorted(
            (each for each in mine if each.measure == "free_of_episodes" and each.group == arm),
            key=lambda point: point.days or 0,
        )
        if arm in sizes:
            found += [sums(told.cell(sizes[arm]), told.cell(point, "of")) for point in points]
        for soon, late in pairwise(points):
            found.append(at_most(told.cell(late), told.cell(soon)))
            found.append(at_most(told.cell(soon, "events"), told.cell(late, "events")))
        for point in points:
            gone = [told.cell(point), told.cell(point, "events")]
            left = told.cell(point, "of")
            found.append(Relation(tuple(gone), (left,), "at_most"))
            share = next(
                (
                    each
                    for each in mine
                    if each.measure == "any_episode"
                    and (each.group, each.days) == (arm, point.days)
                ),
                None,
            )
            found += told.alike([point, share], "events")
    for crossed in (each for each in mine if each.measure == "crossed_over"):
        if crossed.group in sizes:
            found.append(at_most(told.cell(crossed, "of"), told.cell(sizes[crossed.group])))
    return found
