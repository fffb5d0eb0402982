"""Groups of children, dimension by dimension: the groups of each are all the children."""

from __future__ import annotations

from analyses.relations.told import Told
from evaluation.disclosure import Relation, sums

SECTION = "engagement"


def relations(told: Told) -> list[Relation]:
    """Of the section 'engagement': groups add up to the whole, and every measure of a group has the same counts."""
    found: list[Relation] = []
    for cohort in told.cohorts(SECTION, "engaged"):
        whole = (
            None if cohort is None else told.one(SECTION, "engaged", cohort=cohort.split("_by_")[0])
        )
        groups = told.all(SECTION, "engaged", cohort=cohort)
        if cohort is None or "_by_" not in cohort:
            continue
        found += told.total(whole, groups) + told.total(whole, groups, "of")
        reference = told.one(SECTION, "engaged_difference", cohort=cohort, why_not="no_comparison")
        of = {each.group: told.cell(each, "of") for each in groups}
        for measure in ("engaged_adjusted", "engaged_shrunk"):
            pairs = {each.group: each for each in told.all(SECTION, measure, cohort=cohort)}
            for each in groups:
                if each.group in pairs:
                    found += told.alike([each, pairs[each.group]])
                    found += told.alike([each, pairs[each.group]], "of")
        for gap in told.all(SECTION, "engaged_difference", cohort=cohort):
            sides = (
                [gap.group] if gap.why_not or reference is None else [gap.group, reference.group]
            )
            found.append(sums(told.cell(gap), *(of[side] for side in sides if side in of)))
    return found
