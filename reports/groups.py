"""Words for the groups of a release's figures, for the CSV of all figures.

A group's code is short, and means what its figure makes of it: 'other' is an ethnicity here and a
reason there. So its words stand beside each figure, and not in the dictionary of codes. A contract
test holds every group that a release bears to have words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce

from analyses.encompass.eligible import REASONS
from analyses.encompass.review import COHORT as REVIEW
from evaluation.language import Text, _
from evaluation.nouns import Figure
from evaluation.quarters import Quarter
from reports.annex.covariates import column
from reports.annex.roads import BESIDE, WAYS
from reports.annex.sections.reviewed import TITLES as REVIEWED_OTHERWISE
from reports.quarterly.flow import FLOW
from reports.quarterly.sections.op_encompass import BECAME
from reports.quarterly.sections.reached import AGES, ANSWERS, BLANK, DIMENSIONS
from reports.quarterly.sections.risk_change import WAYS as MOVED
from reports.quarterly.service import STAGES
from reports.reading import Body
from reports.returned import rule_says
from reports.writing import month
from schemas import FORMS
from schemas._codes import codes

_SIDES = {
    "all": _("All"),
    "referred": _("Referred"),
    "not_referred": _("Not referred then"),
    "both_arms": _("Both groups"),
    "contrast": _("Referred, beside not referred"),
    "before": _("Before"),
    "after": _("After"),
    "after_against_before": _("At closure, beside at referral"),
    "mean": _("Mean"),
    "largest": _("Largest"),
    "whole": _("The whole window"),
    "early": _("The first half of the window"),
    "late": _("The second half of the window"),
    "point": _("For the figure"),
    "limit": _("For the end of its interval nearest to no difference"),
}
_OF_A_REVIEW = {
    "contrast": _("Since the review, beside what the months before lead to"),
    **REVIEWED_OTHERWISE,
}
_INCIDENTS = {"told": _("Children at incidents that were told of"), **REASONS}
_MEETINGS = {
    "meetings": _("All meetings at which a child met the trigger"),
    "referred_that_day": _("Left out: referred to another service at that meeting"),
}
_MORE_DIMENSIONS = {
    "source": _("Referred by"),
    "domestic_abuse": _("Domestic abuse at home"),
    "exclusion": _("Exclusion from school"),
    "transition": _("Moving to secondary school"),
}


def group_in_words(figure: Figure, body: Body) -> Text | None:
    """What a figure's group is, in words; None of one that nobody knows."""
    said = [_one(code, figure, body) for code in figure.group.split("/")]
    known = [words for words in said if words is not None]
    if len(known) < len(said):
        return None
    return reduce(lambda first, then: _("{first}, {then}", first=first, then=then), known)


def _one(code: str, figure: Figure, body: Body) -> Text | None:
    return (
        _of_the_measure(figure).get(code)
        or _SIDES.get(code)
        or _written(code)
        or _labels("local_authority").get(code)
        or _of_returns(code, body)
    )


def _of_the_measure(figure: Figure) -> Mapping[str, Text]:
    """The words of groups that only this figure's measure or cohort gives that meaning."""
    if dimension := re.search(r"_engagement_by_(\w+)$", figure.cohort or ""):
        return _dimension(dimension[1])
    if figure.cohort == REVIEW:
        return _OF_A_REVIEW
    if figure.measure in _OF_A_COVARIATE:
        return {figure.group: column(figure.group)}
    return _OF_A_MEASURE.get(figure.measure, {})


def _dimension(name: str) -> dict[str, Text]:
    title = {**DIMENSIONS, **_MORE_DIMENSIONS}.get(name, Text(name))
    groups = _ANSWERED.get(name) or _labels(_LISTED.get(name, name))
    return {
        code: _("{dimension}: {group}", dimension=title, group=words)
        for code, words in {**groups, "blank": BLANK}.items()
    }


def _labels(name: str) -> dict[str, Text]:
    return {code.code: code.label for code in codes(name).codes}


def _bands() -> dict[str, Text]:
    bands = _labels("exploitation_band")
    pairs = {
        f"{before}>{after}": _("{before} at referral, {after} at closure", before=was, after=then)
        for before, was in bands.items()
        for after, then in bands.items()
    }
    return bands | pairs


def _written(code: str) -> Text | None:
    """A month, a quarter or a part of a scale, which say themselves what they are."""
    if re.fullmatch(r"\d{4}-\d{2}", code):
        return month(code)
    if re.fullmatch(r"\d{4}Q[1-4]", code):
        return Quarter.parse(code).title
    if scale := re.fullmatch(r"([\d.]+)-([\d.]+)", code):
        return _("chance from {low} to {high}", low=scale[1], high=scale[2])
    return None


def _of_returns(code: str, body: Body) -> Text | None:
    """A provider, a form, a field of one, or a rule."""
    if code in body.providers:
        return body.providers[code].title
    if code in FORMS:
        return body.form_title(code)
    form, _dot, field = code.partition(".")
    if form in FORMS:
        title = FORMS[form].field(field).title
        return _("{form}: {field}", form=body.form_title(form), field=title)
    return rule_says(code) if re.fullmatch(r"[A-Z]{2,4}-\d+", code) else None


_ANSWERED: Mapping[str, Mapping[str, Text]] = {
    "age_band": AGES,
    "disability": ANSWERS,
    "domestic_abuse": ANSWERS,
    "transition": ANSWERS,
}
_LISTED = {"ethnicity": "ethnicity_group", "source": "referral_source"}
_OF_A_COVARIATE = {
    "covariate_left_out",
    "smd_after",
    "smd_before",
    "variance_ratio_after",
    "variance_ratio_before",
}
_CLOSED = {
    "by_grade": _("Episodes of some grades alone"),
    "other_triggers": _("Another trigger"),
    **{way.file: way.title for way in WAYS if way.file and isinstance(way.title, Text)},
    **BESIDE,
}
_OF_A_MEASURE: Mapping[str, Mapping[str, Text]] = {
    "band_change": MOVED,
    "band_pair": _bands(),
    "closed_because": {**_labels("closure_reason"), "blank": BLANK},
    "declined_because": {**_labels("decline_reason"), "blank": BLANK},
    "flow": {**FLOW, **_MEETINGS},
    "highest_share": MOVED,
    "lowest_share": MOVED,
    "not_made": _CLOSED,
    "notification": BECAME,
    "reassessed": _bands(),
    "rows": _INCIDENTS,
    "went_on": STAGES,
}
