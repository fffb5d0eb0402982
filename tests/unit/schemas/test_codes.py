"""Code lists: how else an answer may be written, and under which group it is reported."""

import pandas as pd
import pytest

from evaluation.returns.identifiers import in_values
from evaluation.returns.words import answers
from schemas import FORMS
from schemas._codes import codes

ETHNICITY = FORMS["children"].field("ethnicity")
# The 19 of the Census of 2021 in England and Wales as its tables name them, but for Roma,
# whom the police list does not have.
CENSUS = {
    "Asian, Asian British or Asian Welsh": "Bangladeshi; Chinese; Indian; Pakistani; Other Asian",
    "Black, Black British, Black Welsh, Caribbean or African": "African; Caribbean; Other Black",
    "Mixed or Multiple ethnic groups": "White and Asian; White and Black African; White and Black "
    "Caribbean; Other Mixed or Multiple ethnic groups",
    "White": "English, Welsh, Scottish, Northern Irish or British; Irish; Gypsy or Irish Traveller; "
    "Other White",
    "Other ethnic group": "Arab; Any other ethnic group",
}
GROUPS = dict(zip(CENSUS, ("asian", "black", "mixed", "white", "other"), strict=True))
SAID = [(group, label) for group, labels in CENSUS.items() for label in labels.split("; ")]


def code_of(text):
    return answers(pd.Series([text], dtype="str"), ETHNICITY).typed.iloc[0]


@pytest.mark.parametrize(("group", "label"), SAID)
def test_an_answer_of_the_census_is_read_with_and_without_its_group(group, label):
    code = code_of(label)
    assert code_of(f"{group}: {label.upper()}") == code
    assert next(c.group for c in ETHNICITY.codes.codes if c.code == code) == GROUPS[group]


def test_the_census_tells_18_answers_apart():
    assert len({code_of(label) for _, label in SAID}) == len(SAID) == 18


def test_the_newer_police_code_for_chinese_is_read():
    assert code_of("A4") == code_of("a4") == code_of("O1") == "O1"


def test_an_answer_that_has_no_equal_is_refused():
    assert pd.isna(code_of("Roma"))
    assert pd.isna(code_of("White"))


def test_every_group_is_an_answer_of_its_own_list():
    groups = {code.group for code in ETHNICITY.codes.codes}
    assert groups == set(codes("ethnicity_group").values)


def test_no_way_to_write_an_answer_belongs_to_two_or_looks_like_an_identifier():
    written = [text for code in ETHNICITY.codes.codes for text in code.also]
    assert len(written) == len(set(written))
    assert in_values(written, "code") == {}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_list_says_whose_it_is(form):
    assert all(field.codes.source for field in form.fields if field.codes)
