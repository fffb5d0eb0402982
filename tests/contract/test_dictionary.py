"""The dictionary that is kept is the one that the forms give."""

import json
from pathlib import Path

import pytest

from evaluation.language import LANGUAGES
from evaluation.returns.dictionary import write_dictionary
from reports.reading import read_body

FORMS = read_body("gwent").forms
KEPT = Path(__file__).parents[2] / "data_dictionary"
WRITTEN = [language for language in LANGUAGES if language == "en" or (KEPT / language).is_dir()]


@pytest.mark.parametrize("language", WRITTEN)
def test_the_dictionary_is_current(language, tmp_path):
    now = {
        path.name: path.read_text("utf-8") for path in write_dictionary(FORMS, tmp_path, language)
    }
    kept = {path.name: path.read_text("utf-8") for path in (KEPT / language).iterdir()}
    assert kept.keys() == now.keys(), "write it anew: evaluation dictionary"
    stale = [name for name, text in now.items() if kept[name] != text]
    assert not stale, "write it anew: evaluation dictionary"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_page_names_every_field_answer_and_rule(form):
    page = (KEPT / "en" / f"{form.name}.md").read_text("utf-8")
    for field in form.fields:
        assert f"| `{field.name}` | {field.title} |" in page
        for code in field.codes.codes if field.codes else ():
            assert f"| `{code.code}` | {code.label} |" in page
    for rule in form.rules:
        assert f"### {rule.id}\n" in page
        assert str(rule.message) in page


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_table_schema_has_every_field_and_the_key(form):
    schema = json.loads((KEPT / "en" / f"{form.name}.schema.json").read_text("utf-8"))
    assert [field["name"] for field in schema["fields"]] == [field.name for field in form.fields]
    assert schema["primaryKey"] == list(form.key)
    for described, field in zip(schema["fields"], form.fields, strict=True):
        assert described.get("constraints", {}).get("required", False) == (field.need == "must")
        if field.codes:
            assert described["constraints"]["enum"] == list(field.codes.values)
