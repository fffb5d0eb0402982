"""How many rows and children a provider's forms have, and how full each wanted field is."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from analyses.quarterly.completeness import filled
from evaluation.nouns import Estimate, Provider, Snapshot

_figure = partial(Estimate, section="own_records", unit="records")


def figures(own: Snapshot, provider: Provider) -> list[Estimate]:
    """Of this quarter and the one before; `own` holds the provider's rows alone.

    records         rows of a form; `group` is form/quarter, `children` the distinct children
    filled          the share of this quarter's rows in which a wanted field is filled in;
                    `group` is form.field
    filled_before   the same of the quarter before
    blanks          rows of this quarter in which it is blank
    """
    before = replace(own, quarter=own.quarter - 1)
    told = [
        one
        for form in provider.forms
        for quarter in (own, before)
        for one in _counted(quarter, form)
    ]
    fields = {f"{form}." for form in provider.forms}
    now, earlier = (
        [one for one in filled(snapshot) if one.group.split(".")[0] + "." in fields]
        for snapshot in (own, before)
    )
    for one in now:
        told.append(replace(one, section="own_records"))
        if one.value is not None and one.of is not None:
            blank = round((1 - one.value) * one.of)
            told.append(
                _figure(measure="blanks", group=one.group, children=None, events=blank, value=float(blank))
            )  # fmt: skip
    return told + [replace(one, section="own_records", measure="filled_before") for one in earlier]


def _counted(own: Snapshot, form: str) -> list[Estimate]:
    place = partial(_figure, measure="records", group=f"{form}/{own.quarter}")
    rows = own.tables.get(form)
    if rows is None or all((one[1], one[2]) != (form, own.quarter) for one in own.arrived):
        return [place(why_not="no_return")]
    told: pd.DataFrame = rows[rows["quarter"] == str(own.quarter)]
    children = told["child_key"].nunique() if "child_key" in told else None
    return [place(children=children, events=len(told), value=float(len(told)))]
