"""What only shows across providers, when a snapshot is taken. It never blocks a return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from evaluation.language import Text, _
from evaluation.nouns import Around, Finding, Form, Rule, Snapshot
from evaluation.returns.cell_faults import NO_CHILD
from evaluation.returns.parsing import record_names


def check_snapshot(snapshot: Snapshot, forms: Mapping[str, Form]) -> tuple[Finding, ...]:
    """Rules of scope 'snapshot', and child keys without a row in the form of children.

    A finding has no row: `sheet` is the form's name and `record` the record's. All quarters of
    the snapshot are looked at, since a finding stays open until somebody explains it. Where a
    rule lacks a return that it needs, one note says so: it is never passed in silence.
    """
    tables = {name: rows for name, rows in snapshot.tables.items() if rows is not None}
    findings: list[Finding] = []
    for name, form in forms.items():
        if name in tables:
            for rule in form.rules:
                if rule.scope == "snapshot":
                    findings.extend(_run(rule, form, snapshot, tables, forms))
            findings.extend(_keys_without_child(form, tables, forms))
    return tuple(findings)


def check_again(snapshot: Snapshot, forms: Mapping[str, Form]) -> tuple[Finding, ...]:
    """The rules against earlier returns, on what is in force for the snapshot's quarter.

    They were run when the return came; an older quarter that has been sent again since may break
    them now. As in `check_snapshot` a finding has no row, and nothing is blocked.
    """
    quarter = str(snapshot.quarter)
    tables = {name: rows for name, rows in snapshot.tables.items() if rows is not None}
    findings: list[Finding] = []
    for name, rows in tables.items():
        rules = [rule for rule in forms[name].rules if rule.scope == "earlier"]
        for provider, mine in rows[rows["quarter"] == quarter].groupby("provider", sort=True):
            before = {
                form: some
                for form, table in tables.items()
                if not (
                    some := table[(table["provider"] == provider) & (table["quarter"] < quarter)]
                ).empty
            }
            now = mine.reset_index(drop=True)
            around = Around(name, snapshot.quarter, {name: now}, before, snapshot.arrived)
            for rule in rules:
                findings.extend(_broken(rule, forms[name], now, around) or ())
    return tuple(findings)


def _broken(rule: Rule, form: Form, rows: pd.DataFrame, around: Around) -> list[Finding] | None:
    """What one rule finds, without a row; None where it has nothing to compare with."""
    holds = rule.test(rows, around)
    if holds is None:
        return None
    broken = holds.index[~holds.to_numpy(dtype=bool)]
    records = broken if rule.per == "record" else record_names(form, rows).loc[broken]
    finding = Finding(rule.id, rule.severity, rule.message, rule.fix, form.name)
    return [replace(finding, record=str(record)) for record in records]


def _run(
    rule: Rule,
    form: Form,
    snapshot: Snapshot,
    tables: Mapping[str, pd.DataFrame],
    forms: Mapping[str, Form],
) -> Iterator[Finding]:
    """One finding for each row, or record that ought to be there, where the rule does not hold.

    Of several forms that a rule reads, those that have come are enough for what they can tell.
    """
    finding = Finding(rule.id, rule.severity, rule.message, rule.fix, form.name)
    absent = [name for name in rule.reads if name not in tables]
    if absent:
        yield _not_run(finding, *(forms[name].title for name in absent))
        if len(absent) == len(rule.reads):
            return
    rows = tables[form.name].reset_index(drop=True)
    around = Around(form.name, snapshot.quarter, tables, arrived=snapshot.arrived)
    found = _broken(rule, form, rows, around)
    yield from [_not_run(finding, form.title)] if found is None else found


def _keys_without_child(
    form: Form, tables: Mapping[str, pd.DataFrame], forms: Mapping[str, Form]
) -> Iterator[Finding]:
    """One finding for each child key of a form that has no row in the form of children."""
    for children in forms.values():
        if len(children.key) > 1 or children.field(children.key[0]).kind != "key":
            continue
        finding = NO_CHILD.at(form.name, children=children.title)
        for field in form.fields:
            if field.kind != "key" or children is form:
                continue
            if children.name not in tables:
                yield _not_run(finding, children.title)
                continue
            keys = tables[form.name][field.name].dropna()
            lost = keys[~keys.isin(tables[children.name][children.key[0]])].drop_duplicates()
            yield from (replace(finding, record=str(key)) for key in lost)


def _not_run(finding: Finding, *absent: Text) -> Finding:
    """The note that stands for a rule that could not be run."""
    return replace(
        finding,
        severity="note",
        message=_("This could not be checked: a return of {forms} is needed.", forms=absent),
        fix=_("Ask for the return."),
    )
