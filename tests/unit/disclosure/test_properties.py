"""Whatever the estimates are, no released number points at one to seven children."""

from datetime import date
from math import isclose

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import PUBLIC, release, write_release
from evaluation.disclosure.policy import SCALES, wilson
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter

children = st.integers(0, 200)
shares = st.floats(0, 1)
numbers = st.floats(-500, 500)


@st.composite
def counts(draw, group):
    of = draw(children)
    part = draw(st.integers(0, of))
    value = part / of if of and draw(st.booleans()) else None
    return Estimate("s", "stage", group, children=part, of=of, value=value, low=value, high=value)


@st.composite
def months(draw, group):
    events = draw(children)
    some = draw(st.integers(min(events, 1), events))
    return Estimate(
        "s", "month", group, unit="episodes", children=some, events=events, value=events
    )


@st.composite
def measured(draw, group):
    measure = draw(st.sampled_from(sorted(SCALES)))
    values = shares if SCALES[measure] in {"share", "curve", "filled", "share_of_days"} else numbers
    if measure == "effective_children":
        values = st.floats(0, 200)
    low, value, high = sorted(draw(st.tuples(values, values, values)))
    unit = "records" if measure == "filled" else "children"
    size = draw(children)
    of = draw(st.integers(size, 400)) if measure == "filled" else None
    return Estimate("s", measure, group, cohort="c", days=draw(st.integers(0, 365)), unit=unit,
                    children=size, of=of, value=value, low=low, high=high)  # fmt: skip


@st.composite
def estimates(draw):
    kinds = st.sampled_from([counts, months, measured])
    made = [draw(draw(kinds)(f"g{place}")) for place in range(draw(st.integers(0, 6)))]
    return [
        *made,
        *(
            Estimate("s", "children", f"g{i}", cohort="c", children=draw(children))
            for i in range(6)
        ),
    ]


def released(held):
    return release(
        held, PUBLIC, body="b", quarter=Quarter(2024, 4), snapshot="s", plan="p",
        claim_quarter=Quarter(2024, 4), versions={}, made_on=date(2025, 4, 30),
    )  # fmt: skip


PER_CENT = {"share", "curve", "filled", "share_of_days", "points", "decimal", "limits"}


def scale_of(figure):
    return SCALES.get(figure.measure, "share" if figure.of else "count")


def on_grid(number, scale):
    if scale in PER_CENT:
        return isclose(number * 100, round(number * 100), abs_tol=1e-9)
    if scale == "count":
        return number % 5 == 0 and not 0 < number < 8
    if scale == "median":
        return number == round(number) and (number < 10 or number % 5 == 0)
    return number == float(f"{number:.{3 if 1 <= abs(number) < 2 else 2}g}")


@settings(max_examples=120, deadline=None)
@given(estimates())
def test_a_withheld_figure_holds_no_number(held):
    for figure in released(held).figures:
        if figure.withheld:
            drawn = (
                figure.children,
                figure.of,
                figure.events,
                figure.value,
                figure.low,
                figure.high,
            )
            assert drawn == (None,) * 6


@settings(max_examples=120, deadline=None)
@given(estimates())
def test_every_released_number_is_on_its_grid_and_none_tells_one_to_seven(held):
    for figure in released(held).figures:
        counted = [n for n in (figure.children, figure.of, figure.events) if n is not None]
        assert all(on_grid(n, "count") for n in counted)
        drawn = [n for n in (figure.value, figure.low, figure.high) if n is not None]
        assert all(on_grid(n, scale_of(figure)) for n in drawn)


@settings(max_examples=120, deadline=None)
@given(estimates())
def test_no_percentage_is_0_or_100_and_limits_hold_their_value(held):
    for figure in released(held).figures:
        if figure.value is None:
            continue
        if scale_of(figure) in {"share", "curve", "filled", "share_of_days"}:
            assert 0.01 <= figure.value <= 0.99
        if figure.low is not None and figure.high is not None and figure.of is None:
            assert figure.low <= figure.value <= figure.high


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 200), st.data())
def test_what_is_withheld_or_rounded_could_have_been_other_numbers(of, data):
    """From a released part and base, every count within the rounding remains possible."""
    part = data.draw(st.integers(0, of))
    [figure] = released([Estimate("s", "stage", children=part, of=of, value=part / of)]).figures
    if figure.withheld:
        return
    others = [
        (p, o)
        for o in range(max(1, of - 4), of + 5)
        for p in range(max(0, part - 4), min(o, part + 4) + 1)
        if released([Estimate("s", "stage", children=p, of=o, value=p / o)]).figures == (figure,)
    ]
    assert part == 0 or len({p for p, _o in others}) > 1
    assert all(not 0 < p < 8 and not 0 < o - p < 8 for p, o in others)


@settings(max_examples=30, deadline=None)
@given(estimates())
def test_a_release_is_determined_by_its_estimates(tmp_path_factory, held):
    folder = tmp_path_factory.mktemp("releases")
    one = write_release(released(held), folder / "one.json")
    two = write_release(released(list(held)), folder / "two.json")
    assert one.read_bytes() == two.read_bytes()


def test_wilson_s_limits_are_those_of_the_estimators():
    # 81 of 263 and its limits: Newcombe (1998), as in the reference numbers.
    assert wilson(81, 263, 0.95) == (0.26, 0.37)
