"""The pictures: the same bytes each time, nothing global touched, nothing drawn that is withheld."""

import subprocess
import sys

import matplotlib as mpl
import pytest

from evaluation.drawing import (
    by_place,
    control_chart,
    flow_diagram,
    forest_plot,
    funnel_plot,
    interrupted_series,
    interval_plot,
    kaplan_meier,
    love_plot,
    referral_funnel,
    small_multiples,
)
from evaluation.drawing.style import spread


def survival(to, *, middle=0.6, label="Atgyfeiriwyd ŵ ŷ $5"):
    points = ((0, None, None, None), (90, middle, 0.5, 0.7), (182, 0.4, 0.3, 0.5))
    arms = (
        kaplan_meier.Curve(label, points, ("60", "40", "[c]")),
        kaplan_meier.Curve("Not referred", ((90, 0.5, None, None),), ("90", "45", "20")),
    )
    return kaplan_meier.draw(
        arms, to, ticks=(0, 90, 182), x_title="Days", y_title="No episode", at_risk_title="At risk"
    )


def funnel(to, *, last=80):
    stages = (("Referred", 100, "100"), ("Closed", last, "[c]" if last is None else str(last)))
    return referral_funnel.draw(tuple(referral_funnel.Stage(*stage) for stage in stages), to)


def chart(to, *, third=95.0, kind="concern", event=True, signs=(("common_cause", "As usual"),)):
    point = control_chart.Point
    points = [
        point("Apr", 40.0, 57.5, 20, 90),
        point("May", 45.0, 57.5, 20, 90),
        point("Jun", third, 57.5, 15, 95, kind if third else "", "[c]"),
        point("Jul", 50.0, 57.5, 20, 90),
    ]
    return control_chart.draw(
        points,
        to,
        line_words=("Low 20", "Mean 58", "High 90"),
        kind_words={"concern": "Worse", "improvement": "Better"},
        y_title="Episodes",
        events=(control_chart.Event(1, "Something changed"),) * event,
        signs=signs,
    )


def places(to, *, share=0.7):
    rows = (
        by_place.Place("Ash", share, 0.75, 0.95, "70%", is_outside=share == 0.7),
        by_place.Place("Beech", None, 0.7, 0.97, "[c]"),
    )
    return by_place.draw(
        rows, to, centre=0.85, centre_words="All: 85%", band_words="Chance", outside_words="Out"
    )


def panels(to, *, second=40.0):
    names = ("Ash", "Beech", "Cedar")
    return small_multiples.draw(
        tuple(small_multiples.Panel(name, (30.0, second, 35.0)) for name in names), to,
        ticks=((0, "Apr"), (2, "Jun")), y_title="Attendances", mean_words="Mean",
    )  # fmt: skip


def sizes(to, *, value=0.5):
    limits = funnel_plot.Limits((10, 100), (0.4, 0.7), (1, 0.9), (0.2, 0.6), (1, 0.95))
    rows = (
        funnel_plot.Place("Ash", 40, value, is_outside=True),
        funnel_plot.Place("Beech", 90, 0.8),
    )
    return funnel_plot.draw(
        rows, to, centre=0.8, limits=limits, x_title="Children", y_title="Share",
        words=("All", "1 in 20", "1 in 500"),
    )  # fmt: skip


def forest(to, *, low=0.5):
    rows = (
        forest_plot.Row("As planned, a name that is long enough for two lines", 0.8, low, 1.1,
                        "0.80", is_main=True),
        forest_plot.Row("Another road", 3.0, 1.2, 40.0, "3.0 (1.2 to 40)"),
        forest_plot.Row("A third", None, None, None, "too few children"),
    )  # fmt: skip
    return forest_plot.draw(rows, to, x_title="Rate ratio", sides=("Fewer", "More"))


def love(to, *, after=0.04):
    rows = (love_plot.Row("Age", -0.4, after), love_plot.Row("Sex", None, None))
    return love_plot.draw(
        rows, to, x_title="Difference", before="Before", after="After", good=0.1,
        good_words="0.10", withheld="[c]",
    )  # fmt: skip


def intervals(to, *, value=0.0):
    rows = (
        interval_plot.Row("None of them", value, 0.0, 0.6, "0% of 2"),
        interval_plot.Row("Not asked", None, None, None, "too few children"),
    )
    return interval_plot.draw(rows, to, x_title="Of all")


def before_after(to, *, seen=0.2):
    on = interrupted_series.OnLine
    before = [on(n, 0.2 + 0.01 * n, 0.1, 0.3) for n in range(4)]
    after = [on(n, 0.1, 0.05, 0.2) for n in range(5, 9)]
    gone_on = [on(n, 0.2 + 0.01 * n, 0.1, 3.5) for n in range(5, 9)]
    return interrupted_series.draw(
        [f"M{n}" for n in range(9)],
        [interrupted_series.Seen(1, 0.25)] + ([] if seen is None else [interrupted_series.Seen(7, seen)]),
        before + after, gone_on, to, changed_at=4.2, y_title="Not told in time",
        words=interrupted_series.Words("Seen", "Line", "Gone on", "Room", "A review", "10%", "28%"),
    )  # fmt: skip


def flow(to, *, out="10"):
    box = flow_diagram.Box
    kept = (box("Compared: referred", "60"), box("Compared: not referred", "90"))
    return flow_diagram.draw(box("Discussed", "400"), (box("Left out", out),), kept, to)


PICTURES = [
    survival, funnel, chart, forest, love, flow, places, panels, sizes, intervals, before_after,
]  # fmt: skip


@pytest.mark.parametrize("draw", PICTURES)
def test_a_picture_is_written_as_svg_and_png_with_the_same_bytes_each_time(draw, tmp_path):
    first, second = draw(tmp_path / "fig-one.v1"), draw(tmp_path / "fig-two")
    assert [path.name for path in first] == ["fig-one.v1.svg", "fig-one.v1.png"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert b"<dc:date>" not in first[0].read_bytes()


@pytest.mark.parametrize("draw", PICTURES)
def test_drawing_leaves_the_settings_of_matplotlib_as_they_were(draw, tmp_path):
    before = dict(mpl.rcParams)
    draw(tmp_path / "fig")
    assert dict(mpl.rcParams) == before


def test_drawing_opens_no_window():
    code = "import sys; import evaluation.drawing.kaplan_meier; print('matplotlib.pyplot' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


@pytest.mark.slow
def test_a_number_that_is_withheld_changes_the_picture(tmp_path):
    def same(one, two):
        return one[0].read_bytes() == two[0].read_bytes()

    assert not same(funnel(tmp_path / "a"), funnel(tmp_path / "b", last=None))
    assert not same(survival(tmp_path / "a"), survival(tmp_path / "b", middle=None))
    assert not same(chart(tmp_path / "a"), chart(tmp_path / "b", third=None))
    assert not same(places(tmp_path / "a"), places(tmp_path / "b", share=None))
    assert not same(panels(tmp_path / "a"), panels(tmp_path / "b", second=None))
    assert not same(forest(tmp_path / "a"), forest(tmp_path / "b", low=None))
    assert not same(love(tmp_path / "a"), love(tmp_path / "b", after=None))
    assert not same(intervals(tmp_path / "a"), intervals(tmp_path / "b", value=None))
    assert not same(before_after(tmp_path / "a"), before_after(tmp_path / "b", seen=None))
    assert not same(flow(tmp_path / "a"), flow(tmp_path / "b", out="[c]"))


def test_pictures_of_nothing_are_drawn_empty(tmp_path):
    empty = kaplan_meier.Curve("Referred", (), ("[c]", "[c]"))
    kaplan_meier.draw(
        (empty,), tmp_path / "a", ticks=(0, 90), x_title="", y_title="", at_risk_title=""
    )
    referral_funnel.draw((referral_funnel.Stage("Referred", None, "[c]"),), tmp_path / "b")
    control_chart.draw(
        [control_chart.Point("Apr", None, words="[c]")], tmp_path / "c",
        line_words=None, kind_words={}, y_title="",
    )  # fmt: skip
    forest_plot.draw((), tmp_path / "d", x_title="", sides=("", ""))
    love_plot.draw(
        (), tmp_path / "e", x_title="", before="B", after="A", good=0.1, good_words="", withheld=""
    )
    flow_diagram.draw(flow_diagram.Box("None", "0"), (), (), tmp_path / "f")
    by_place.draw(
        (), tmp_path / "g", centre=None, centre_words="", band_words="B", outside_words=""
    )
    small_multiples.draw((), tmp_path / "h", ticks=(), y_title="", mean_words="Mean")
    interval_plot.draw((), tmp_path / "i", x_title="")
    assert len(list(tmp_path.iterdir())) == 18


def test_a_point_that_stands_out_differs_by_shape_and_not_by_colour_alone(tmp_path, monkeypatch):
    """With every colour made the same, a worse point and a better one are still told apart."""
    monkeypatch.setattr(
        control_chart,
        "_KINDS",
        {kind: (shape, "#000000") for kind, (shape, _colour) in control_chart._KINDS.items()},
    )
    words = {"kind_words": {"concern": "One", "improvement": "One"}}
    worse, better = (
        control_chart.draw(
            [control_chart.Point("Apr", 4.0, kind=kind)], tmp_path / kind, line_words=None,
            y_title="", **words,
        )[0].read_bytes()
        for kind in ("concern", "improvement")
    )  # fmt: skip
    assert worse != better


def test_an_event_and_a_sign_are_drawn(tmp_path):
    full = chart(tmp_path / "a")[0].read_bytes()
    assert full != chart(tmp_path / "b", event=False)[0].read_bytes()
    assert full != chart(tmp_path / "c", signs=())[0].read_bytes()
    assert full != chart(tmp_path / "d", signs=(("concern", "As usual"),))[0].read_bytes()


def test_labels_that_would_overprint_are_moved_apart_in_their_order():
    moved = spread([0.5, 0.52, 0.1], 0.1)
    assert moved[1] - moved[0] >= 0.1 - 1e-12
    assert moved[2] < moved[0] < moved[1]
    assert spread([0.1, 0.5], 0.1) == [0.1, 0.5]
