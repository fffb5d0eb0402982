"""The forms say what the specification of the data returns says."""

import re

import pytest
import yaml

from evaluation.language import LANGUAGES
from evaluation.nouns import Code, CodeList, Field, When
from evaluation.returns.declaring import FLAGS
from evaluation.returns.layout import sheet_name
from reports.reading import read_body

FORMS = read_body("gwent").forms  # the specification is Gwent's

FIELD_KINDS = {"code", "key", "ref", "date", "datetime", "month", "int", "flag"}


@pytest.fixture(scope="module")
def specification(shared):
    return yaml.safe_load((shared / "forms.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_has_a_sheet_name_of_its_own(language):
    names = {sheet_name(form.title, language).casefold() for form in FORMS.values()}
    assert len(names) == len(FORMS)
    if language == "en":
        assert names == {form.title.message.casefold() for form in FORMS.values()}, "cut to 31"


@pytest.mark.parametrize("name", FORMS)
def test_fields_stand_in_the_order_specified(name, specification):
    fields = [field.name for field in FORMS[name].fields]
    assert fields == list(specification["forms"][name]["fields"])
    assert list(FORMS[name].key) == specification["forms"][name]["key"]


@pytest.mark.parametrize("name", FORMS)
def test_kinds_and_code_lists_are_as_specified(name, specification):
    for field_name, said in specification["forms"][name]["fields"].items():
        field = FORMS[name].field(field_name)
        kind, _, codes = re.fullmatch(r"(\w+)(\((\w+)\))?", said["type"]).groups()
        assert kind in FIELD_KINDS
        assert field.kind == kind, field_name
        if kind == "code":
            assert field.codes.name == codes
        elif kind != "flag":
            assert field.codes is None


@pytest.mark.parametrize("name", FORMS)
def test_needs_are_as_specified(name, specification):
    for field_name, said in specification["forms"][name]["fields"].items():
        field = FORMS[name].field(field_name)
        if not said["need"].startswith("if "):
            assert field.need == said["need"], field_name
        else:
            assert field.need == when(said["need"], name), field_name


def when(words: str, form: str) -> When:
    """'if decision = no referral', 'if outcome is a or b (otherwise may)', 'if closed_on'."""
    column, how, answers, otherwise = re.fullmatch(
        r"if (\w+)(?: (=|is not|is) (.+?))?( \(otherwise may\))?", words
    ).groups()
    codes = FORMS[form].field(column).codes
    if answers is None:
        return When(column)
    said = {code_of(answer, codes) for answer in answers.split(" or ")}
    if how == "is not":
        said = set(codes.values) - said
    values = tuple(code for code in codes.values if code in said)
    return When(column, values, "may" if otherwise else "blank")


def code_of(answer: str, codes: CodeList) -> str:
    """An answer is named by its code or its label, whose brackets may be left out."""

    def names(code: Code) -> set[str]:
        label = code.label.message.lower()
        return {code.code, label, label.partition(" (")[0]}

    return next(code.code for code in codes.codes if answer in names(code))


def test_all_forms_specified_are_there_and_no_other(specification):
    assert set(FORMS) == set(specification["forms"])


@pytest.mark.parametrize("name", FORMS)
def test_rules_are_as_specified(name, specification):
    said = {
        rule_id: (rule["severity"], rule.get("scope") == "snapshot")
        for rule_id, rule in specification["forms"][name]["rules"].items()
    }
    ours = {rule.id: (rule.severity, rule.scope == "snapshot") for rule in FORMS[name].rules}
    assert ours == said


def coded() -> dict[str, Field]:
    return {
        field.codes.name: field
        for form in FORMS.values()
        for field in form.fields
        if field.codes and field.kind == "code"
    }


@pytest.mark.parametrize(("name", "field"), coded().items(), ids=coded())
def test_code_lists_are_as_specified(name, field, specification):
    # YAML reads a bare yes or no as true or false; none of our codes is one.
    said = {str(code): label for code, label in specification["codes"][name].items()}
    assert {code.code: code.label.message for code in field.codes.codes} == said
    assert field.codes.values == tuple(said)


def test_flags_are_as_specified(shared):
    text = (shared / "forms.yaml").read_text(encoding="utf-8")
    said = re.search(r"#\s+flag = (.+)", text)[1].split(" | ")
    assert FLAGS.values == tuple(part.strip() for part in said)


@pytest.mark.parametrize(("name", "field"), coded().items(), ids=coded())
def test_no_two_answers_read_alike(name, field):
    """A label shared by two answers could not be read back to its code."""
    labels = [code.label.to("en") for code in field.codes.codes]
    assert len(labels) == len(set(labels))
