"""What is said of a series before and after: three readings, or why there is none; never a claim."""

import pytest

from evaluation.language import Text
from evaluation.nouns import Figure
from evaluation.wording import by_then, changed


def figure(value=0.5, low=0.3, high=0.8, *, measure="rate_ratio", why_not=None, withheld=None):
    return Figure(
        "op_encompass", measure, "contrast", "op_encompass_review", "school_not_told_in_time", None,
        "records", 100, 1200, 200, value, low, high, 0.95, "", 2, (), "monitoring", withheld, why_not,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ratio", "says"),
    [
        (figure(), "a smaller share after the change"),
        (figure(1.5, 1.1, 2.0), "a larger share after the change"),
        (figure(0.9, 0.6, 1.2), "inconclusive"),
        (figure(1.0, 1.0, 1.0), "inconclusive"),
        (figure(0.5, None, None), "cannot be compared, because it has no interval."),
        (
            figure(None, None, None, why_not="few_periods"),
            "cannot be compared, because there are too few months on either side of the date.",
        ),
        (
            figure(None, None, None, withheld="few_children"),
            "cannot be compared, because it comes from too few children.",
        ),
        (None, "cannot be compared, because this release does not hold it."),
    ],
)
def test_what_is_said_follows_the_interval(ratio, says):
    said = str(changed(ratio, outcome=Text("Not told")))
    assert said.startswith("Not told: ")
    assert says in said
    assert not any(word in said for word in ("evidence", "effect", "because of", "thanks"))


def test_both_lines_are_told_with_their_ratio_or_not_at_all():
    fitted, expected = figure(0.09), figure(0.31)
    assert str(by_then(figure(), fitted, expected, month=Text("May"))) == (
        "May: 9%. If the trend before had gone on: 31%. The first divided by the second: 0.50 "
        "(95% confidence interval 0.30 to 0.80)."
    )
    assert by_then(figure(), fitted, None, month=Text("May")) is None
    assert by_then(figure(None, None, None), fitted, expected, month=Text("May")) is None
