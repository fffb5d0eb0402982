"""Every rule of every form behaves as its own examples say."""

import pytest

from evaluation.nouns import Example, Form, Rule, Snapshot
from evaluation.quarters import Quarter
from evaluation.returns.checking import check, check_snapshot
from evaluation.returns.parsing import parse
from schemas import FORMS
from tests.unit.returns.making import accepted, return_of, sheet

RULES = [
    pytest.param(form, rule, id=f"{form.name}-{rule.id}")
    for form in FORMS.values()
    for rule in form.rules
]
NOW, NEXT = Quarter.parse("2025Q1"), Quarter.parse("2025Q2")
BLANKS = {"CELL-BLANK", "CELL-NEEDED", "CELL-WANTED"}


def findings_of(form: Form, rule: Rule, example: Example) -> list[tuple[str, str]]:
    """Number and severity of each finding of the form's rules that the example gives."""
    if rule.scope == "snapshot":
        rows = {form.name: example.rows, **example.tables}
        tables = {name: accepted(name, {str(NOW): some}) for name, some in rows.items()}
        arrived = frozenset(("somebody", name, when) for name in FORMS for when in (NOW, NEXT))
        findings = check_snapshot(Snapshot("1-0", NEXT, tables, arrived, ()), FORMS)
    else:
        others = [sheet(name, *rows) for name, rows in example.tables.items()]
        parsed = parse(return_of(sheet(form.name, *example.rows), *others), FORMS)
        # A cell that cannot be read is missing, and would let any rule pass.
        assert {item.rule for item in parsed.findings} <= BLANKS
        earlier = {form.name: accepted(form.name, example.earlier)} if example.earlier else {}
        checked = check(parsed, FORMS, earlier)
        assert rule.id not in dict(checked.not_run)
        findings = checked.findings
    ids = {rule.id for rule in form.rules}
    return [(item.rule, item.severity) for item in findings if item.rule in ids]


@pytest.mark.parametrize(("form", "rule"), RULES)
def test_good_example_passes(form, rule):
    found = findings_of(form, rule, rule.good)
    assert rule.id not in dict(found)
    assert "reject" not in dict(found).values(), "a good example should not break another rule"


@pytest.mark.parametrize(("form", "rule"), RULES)
def test_bad_example_gives_one_finding(form, rule):
    found = findings_of(form, rule, rule.bad)
    assert [item for item in found if item[0] == rule.id] == [(rule.id, rule.severity)]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_blank_row_breaks_no_rule_of_a_row(form):
    blank = sheet(form.name, {}, {})
    checked = check(parse(return_of(blank), FORMS), FORMS, {})
    assert {item.rule for item in checked.findings} <= BLANKS


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_rules_can_look_at_a_nil_return(form):
    nil = parse(return_of(nil=(form.name,)), FORMS)
    before = next((rule.bad.earlier for rule in form.rules if rule.bad.earlier), None)
    earlier = {form.name: accepted(form.name, before)} if before else {}
    assert all(item.row is None for item in check(nil, FORMS, earlier).findings)


@pytest.mark.parametrize(("form", "rule"), RULES)
def test_a_rule_names_only_columns_and_forms_that_exist(form, rule):
    assert set(rule.columns) <= {field.name for field in form.fields}
    assert set(rule.reads) <= set(FORMS)


def test_a_rule_has_one_number_in_its_form():
    for form in FORMS.values():
        ids = [rule.id for rule in form.rules]
        assert len(ids) == len(set(ids))
