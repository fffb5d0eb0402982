"""Every sensitivity analysis has its line in the annex, and every form its use in the provider's report."""

from importlib import import_module
from inspect import getsource

import pytest

from analyses.plan import read_plan
from analyses.sensitivity import SENSITIVITY
from evaluation.disclosure.policy import SCALES
from reports.annex.roads import BESIDE, WAYS
from reports.provider.sections.use import FEEDS
from schemas import FORMS


def test_every_file_of_the_folder_and_of_the_plan_appears_in_the_annex():
    told = {way.file for way in WAYS if way.file} | set(BESIDE)
    assert told == set(SENSITIVITY) == set(read_plan().sensitivity)


@pytest.mark.parametrize("way", [way for way in WAYS if way.file], ids=lambda way: way.measure)
def test_a_line_looks_for_a_measure_that_its_file_makes(way):
    assert f'"{way.measure}"' in getsource(import_module(f"analyses.sensitivity.{way.file}"))
    assert SCALES[way.measure] == "ratio"


def test_every_form_says_what_it_is_for():
    assert set(FEEDS) == set(FORMS)
    assert all(FEEDS.values())
