"""The forms of one area: its own authorities are answers, and no other's."""

import pandas as pd
import pandera.errors
import pytest

from evaluation.quarters import Quarter
from evaluation.returns.checking import rules_version
from evaluation.returns.intake import examine
from evaluation.returns.templates import write_template
from evaluation.store import Store
from reports.reading import read_body
from schemas import AUTHORITIES, FORMS, area_of, in_area

GWENT, SOUTH_WALES = read_body("gwent").forms, read_body("south_wales").forms
WITH_AUTHORITIES = {
    name for name, form in FORMS.items() if "local_authority" in {f.name for f in form.fields}
}
CHILD = {
    "child_key": "EXAMPRE0001W",
    "birth_month": "2010-06",
    "sex": "female",
    "local_authority": "Caerdydd",
    "care_status": "not_looked_after",
    "history_from": "01/04/2024",
}


def test_each_area_has_its_own_authorities_in_every_form_and_another_for_the_rest():
    assert WITH_AUTHORITIES
    for forms in (GWENT, SOUTH_WALES):
        for name in WITH_AUTHORITIES:
            answers = forms[name].field("local_authority").codes
            assert tuple(code.code for code in answers.codes) == area_of(forms)
    assert not set(area_of(GWENT)) & set(area_of(SOUTH_WALES)) - {"other"}
    assert len(area_of(SOUTH_WALES)) == 7 + 1
    assert area_of(FORMS) == (*AUTHORITIES, "other")
    assert len(AUTHORITIES) == 22  # all of Wales


@pytest.mark.parametrize("name", FORMS)
def test_nothing_else_of_a_form_is_another(name):
    ours, theirs = FORMS[name], SOUTH_WALES[name]
    for field, other in zip(ours.fields, theirs.fields, strict=True):
        same = (field.name, field.kind, field.need, field.title, field.past)
        assert same == (other.name, other.kind, other.need, other.title, other.past)
        if field.codes and field.name != "local_authority":
            answers = ([code.code for code in each.codes.codes] for each in (field, other))
            assert next(answers) == next(answers)
    assert (ours.rules, ours.key, ours.version) == (theirs.rules, theirs.key, theirs.version)


def test_the_words_are_those_of_the_body_and_the_codes_are_not():
    ours, theirs = (forms["meeting_decisions"].field("decision") for forms in (GWENT, SOUTH_WALES))
    assert [code.code for code in ours.codes.codes] == [code.code for code in theirs.codes.codes]
    said = " ".join(code.label.message for code in theirs.codes.codes) + str(theirs.about)
    assert "Refer to the support service" in said
    assert "St Giles" not in said
    form = SOUTH_WALES["st_giles_referrals"]
    assert (str(form.title), str(form.sent_by)) == ("Support referrals", "Support service")
    assert GWENT["st_giles_referrals"].title == FORMS["st_giles_referrals"].title


def test_the_model_itself_refuses_another_area_s_authority():
    rows = pd.DataFrame(
        {
            "school_ref": pd.array(["999001"], dtype="str"),
            "local_authority": pd.array(["W06000015"], dtype="str"),
            "from_on": pd.to_datetime(["2025-05-01"]),
            "to_on": pd.to_datetime(["2025-05-01"]),
            "kind": pd.array(["inset"], dtype="str"),
        }
    )
    SOUTH_WALES["school_closures"].model.to_schema().validate(rows)
    with pytest.raises(pandera.errors.SchemaError, match="W06000015"):
        GWENT["school_closures"].model.to_schema().validate(rows)


@pytest.mark.parametrize("code", ["W06000025", "other", "Cardiff"])
def test_a_code_that_is_no_authority_s_is_refused(code):
    with pytest.raises(ValueError, match=code):
        in_area(FORMS, ["W06000015", code])


def test_the_version_of_the_rules_says_in_which_area_they_hold():
    assert rules_version(GWENT) != rules_version(SOUTH_WALES)


def sent(folder, body, authority):
    """The findings of a return of one child, in a workbook made for the body."""
    known = read_body(body)
    police = next(each for each in known.providers.values() if "children" in each.forms)
    path = write_template(
        folder / "return.xlsx", police, known.forms, quarter=Quarter(2025, 1), language="cy",
        rows={"children": pd.DataFrame([CHILD | {"local_authority": authority}])},
        nil=[form for form in police.forms if form != "children"],
        cover={"contact_role": "Data officer"},
    )  # fmt: skip
    checked = examine(path, known.forms, known.providers, Store.open(folder / "store"))
    read = checked.tables["children"]["local_authority"].fillna("").tolist()
    return read, [finding.rule for finding in checked.findings if finding.severity == "reject"]


@pytest.mark.parametrize("authority", ["Caerdydd", "Cardiff", "W06000015", "Awdurdod arall"])
def test_a_south_wales_return_is_right(tmp_path, authority):
    code = "other" if authority == "Awdurdod arall" else "W06000015"
    assert sent(tmp_path, "south_wales", authority) == ([code], [])


@pytest.mark.parametrize(("body", "authority"), [("south_wales", "Newport"), ("gwent", "Caerdydd")])
def test_an_authority_of_another_area_is_refused(tmp_path, body, authority):
    assert sent(tmp_path, body, authority) == ([""], ["CELL-CODE"])
