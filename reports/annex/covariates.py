"""The covariates, and the answers that they stand for, in the words of the forms."""

from __future__ import annotations

from evaluation.language import Text, _
from schemas._codes import codes

TITLES = {
    "age": _("Age at time zero"),
    "sex": _("Sex"),
    "local_authority": _("Local authority"),
    "care_status": _("Care status"),
    "episodes_90": _("Episodes in the 90 days before (logarithm)"),
    "episodes_365": _("Episodes in the 365 days before (logarithm)"),
    "days_since_last": _("Days since the last episode"),
    "risk_last": _("First grade of the last episode"),
}

LISTS = {
    "sex": "sex",
    "local_authority": "local_authority",
    "care_status": "care_status",
    "risk_last": "risk_grade",
}

# Answers with too few children stand together under the name of the list's own ‘other’.
OTHER = {"missing": _("not on record"), "other": _("other answers")}

WHY_LEFT_OUT = {
    "constant": _("all children have the same"),
    "too_few_events": _("too few children for so many covariates"),
    "collinear": _("the covariates before it say the same"),
    "separation": _("it tells the arms apart without fail"),
}


def column(name: str) -> Text:
    """A column of the model, 'age' or 'sex=female', in words."""
    covariate, between, answer = name.partition("=")
    title = TITLES.get(covariate, Text(covariate))
    if not between:
        return title
    listed = (
        {code.code: code.label for code in codes(LISTS[covariate]).codes}
        if covariate in LISTS
        else {}
    )
    said = OTHER.get(answer) or listed.get(answer) or Text(answer)
    return _("{covariate}: {answer}", covariate=title, answer=said)
