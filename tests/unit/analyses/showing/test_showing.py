"""Figures as tables and as parts of pictures, and the notebooks copied to where somebody works."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from analyses.cohorts import ARMS
from analyses.showing import (
    arms,
    boxes,
    differences,
    limited_months,
    newest,
    places,
    ratios,
    shares,
    told,
)
from analyses.showing.copying import copy_notebooks, pointed_at
from evaluation.errors import StoreError, WrongUse
from evaluation.language import Text
from evaluation.nouns import Estimate, Step

RATIO = Estimate(
    "re_missing", "rate_ratio", "contrast", cohort="discussed", outcome="re_missing", days=182,
    children=120, events=80, value=0.81234, low=0.5556, high=1.2, role="primary",
)  # fmt: skip


def test_a_table_has_readable_columns_three_figures_and_only_columns_that_say_something():
    table = told(
        [RATIO, replace(RATIO, days=90, value=None, low=None, high=None, why_not="no_events")]
    )
    assert list(table.columns) == [
        "who", "days", "children", "events", "value", "from", "to", "why not",
    ]  # fmt: skip
    assert table.index.tolist() == ["rate ratio", "rate ratio"]
    assert table.iloc[0][["value", "from", "why not"]].tolist() == [0.812, 0.556, ""]
    assert table.iloc[1][["value", "why not"]].tolist() == ["", "no events"]


def test_a_whole_number_has_no_decimals_beside_one_that_has_some():
    figures = [
        Estimate("sessions", measure, value=value)
        for measure, value in (("sessions_held", 590.0), ("per_session", 24.31), ("minutes", None))
    ]
    assert told(figures)["value"].map(str).tolist() == ["590", "24.3", ""]


def test_a_table_keeps_what_is_asked_for_and_gives_codes_their_labels():
    area = replace(RATIO, measure="engaged", group="W06000018")
    table = told([RATIO, area], "engaged", code_list="local_authority", also=["role"])
    assert table["who"].tolist() == ["Caerphilly"]
    assert table["role"].tolist() == ["primary"]
    assert told([RATIO], days=365).empty


def test_a_flow_becomes_boxes_without_those_that_nobody_was_left_out_for():
    flow = [
        Step("discussed", Text("Discussed"), 1_200),
        Step("not_a_child", Text("Adults"), 0),
        Step("short_history", Text("Too short"), 7),
        *(Step(arm, title, 10) for arm, title in ARMS.items()),
    ]
    start, left_out, kept = boxes(flow)
    assert start.number == "1,200"
    assert [box.label for box in left_out] == ["Too short"]
    assert len(kept) == 2


def test_a_covariate_is_named_by_its_answer_and_its_difference_has_no_sign():
    balance = pd.DataFrame(
        {
            "covariate": ["age", "local_authority=W06000018"],
            "smd_before": [-0.3, float("nan")],
            "smd_after": [0.1, 0.2],
        }
    )
    age, area = differences(balance)
    assert (age.label, age.before) == ("Age", 0.3)
    assert (area.label, area.before) == ("Local authority: Caerphilly", None)


def test_a_covariate_may_be_said_in_words():
    balance = pd.DataFrame({"covariate": ["age"], "smd_before": [-0.2], "smd_after": [0.1]})
    (row,) = differences(balance, lambda name: f"{name} at time zero")
    assert (row.label, row.before, row.after) == ("age at time zero", 0.2, 0.1)


def test_ratios_of_one_measure_are_told_apart_and_the_primary_one_is_the_main_one():
    rows = ratios([RATIO, replace(RATIO, days=90, role="secondary")], {"rate_ratio": "Ours"})
    assert [row.label for row in rows] == ["Ours, 182 days", "Ours, 90 days"]
    assert [row.is_main for row in rows] == [True, False]
    assert rows[0].words == "0.81 (0.56 to 1.20)"
    (closed,) = ratios([replace(RATIO, value=None, why_not="too_few_children")])
    assert closed.words == "too few children"


def test_a_curve_holds_its_points_in_order_and_who_is_still_at_risk():
    points = [
        replace(RATIO, measure="free_of_episodes", group="referred", days=day, children=60 - day)
        for day in (14, 0)
    ]
    curve, other = arms(points, ticks=(0, 14), names={"referred": "R", "not_referred": "N"})
    assert [point[0] for point in curve.points] == [0, 14]
    assert curve.at_risk == ("60", "46")
    assert other.points == ()


def test_a_share_says_of_how_many_and_one_that_is_not_there_says_why():
    share = Estimate("s", "ended", outcome="planned", of=40, value=0.5, low=0.3, high=0.7)
    rows = shares([share, replace(share, value=None, why_not="no_follow_up")], label="outcome")
    assert [row.words for row in rows] == ["50% of 40", "no follow up"]


def test_a_place_beyond_what_chance_leaves_room_for_stands_out():
    share = Estimate("s", "school_told", "W06000018", of=40, value=0.5)
    room = replace(share, measure="school_told_limits", low=0.6, high=0.9)
    (place,) = places([share], [room], code_list="local_authority")
    assert place.is_outside
    assert place.label == "Caerphilly"


def test_a_store_that_is_not_there_is_a_sentence_that_says_what_to_run(tmp_path):
    with pytest.raises(StoreError, match="`make demo`") as missing:
        newest(tmp_path / "nowhere")
    assert missing.value._render_traceback_() == [str(missing.value)]


def test_the_notebooks_are_copied_with_the_store_as_seen_from_there(tmp_path):
    first = copy_notebooks(tmp_path / "mine" / "work", store=tmp_path / "store")
    assert 'STORE = \\"../../store\\"' in first.read_text(encoding="utf-8")
    assert (first.parent / "my_outcomes" / "long_absence.py").exists()
    first.unlink()
    first.with_name("90_your_own_question.ipynb").write_text("mine", encoding="utf-8")
    with pytest.raises(WrongUse, match="is there already"):
        copy_notebooks(first.parent, store=tmp_path / "store")
    assert not first.exists()


def test_only_the_one_line_changes():
    cells = [
        {"cell_type": "markdown", "source": ["STORE = is said here, too"]},
        {"cell_type": "code", "source": ["# where it is\n", 'STORE = "old"\n', "newest(STORE)"]},
    ]
    made = json.loads(pointed_at(json.dumps({"cells": cells}), "a\\b"))["cells"]
    assert made[0] == cells[0]
    assert made[1]["source"] == ["# where it is\n", 'STORE = "a\\\\b"\n', "newest(STORE)"]


def test_a_month_beyond_its_limits_stands_out_and_one_without_a_share_does_not():
    share = Estimate("s", "school_told", "2024-04", of=40, value=0.5)
    blank = replace(share, group="2024-05", value=None, why_not="no_events")
    room = replace(share, measure="school_told_limits", value=0.8, low=0.6, high=0.9)
    months = limited_months([share, blank], [room, replace(room, group="2024-05")])
    assert [(month.label, month.kind) for month in months] == [
        ("Apr\n2024", "special_cause"), ("May\n2024", ""),
    ]  # fmt: skip
    assert (months[0].low, months[0].centre, months[1].words) == (0.6, 0.8, "no events")
