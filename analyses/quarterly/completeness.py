"""How complete the returns are: shown before any outcome, because no return is not a zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from evaluation.nouns import Estimate, Provider, Snapshot
from schemas import FORMS

_figure = partial(Estimate, section="completeness")


def figures(snapshot: Snapshot, providers: Mapping[str, Provider]) -> list[Estimate]:
    """Which returns have come, and how well this quarter's are filled in."""
    owed = {form for provider in providers.values() for form in provider.forms}
    return arrived(snapshot, providers) + filled(snapshot, [form for form in FORMS if form in owed])


def arrived(snapshot: Snapshot, providers: Mapping[str, Provider]) -> list[Estimate]:
    """1 for each return that came and 0 for each that is owed and has not.

    Owed are each provider's forms for every quarter since the first return that anyone sent.
    `group` is provider/form/quarter; nil returns have come.
    """
    first = min((quarter for *_, quarter in snapshot.arrived), default=snapshot.quarter)
    return [
        _figure(
            measure="arrived",
            group=f"{provider.name}/{form}/{quarter}",
            unit="returns",
            value=float((provider.name, form, quarter) in snapshot.arrived),
        )
        for provider in providers.values()
        for form in provider.forms
        for quarter in first.to(snapshot.quarter)
    ]


def filled(snapshot: Snapshot, forms: Iterable[str] = FORMS.keys()) -> list[Estimate]:
    """The share of this quarter's records in which a wanted field is filled.

    `children` are the children that those records are about, `of` the records. A nil return has
    no records, and so no figures here. 'Not known' and 'not asked' are answers.
    """
    quarter = str(snapshot.quarter)
    told: list[Estimate] = []
    for form in (FORMS[name] for name in forms):
        table = snapshot.tables.get(form.name)
        came = any((name, q) == (form.name, snapshot.quarter) for _, name, q in snapshot.arrived)
        for field in form.fields:
            if field.need != "want":
                continue
            share = _figure(measure="filled", group=f"{form.name}.{field.name}", unit="records")
            if table is None or not came:
                told.append(replace(share, why_not="no_return"))
                continue
            rows = table[table["quarter"] == quarter]
            if len(rows):
                told.append(
                    replace(
                        share,
                        children=rows["child_key"].nunique() if "child_key" in rows else None,
                        of=len(rows),
                        value=float(rows[field.name].notna().mean()),
                    )
                )
    return told
