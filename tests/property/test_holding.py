"""Spells that lie apart are those that comparing each with each would find."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from evaluation.returns.holding import apart

START = pd.Timestamp("2025-04-01")
spells = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", None]),
        st.one_of(st.none(), st.integers(0, 12)),
        st.one_of(st.none(), st.integers(0, 12)),
    ),
    max_size=8,
)


@given(spells, st.sampled_from([None, "UTC"]), st.randoms(use_true_random=False))
def test_a_spell_holds_unless_an_earlier_one_of_the_child_still_goes_on(rows, zone, random):
    def moments(days):
        unit = "datetime64[us]" if zone is None else f"datetime64[us, {zone}]"
        return (
            pd.Series([START + pd.Timedelta(days=d) if d is not None else None for d in days])
            .astype("datetime64[us]")
            .dt.tz_localize(zone)
            .astype(unit)
        )

    index = list(range(len(rows)))
    random.shuffle(index)
    whose, start, end = zip(*rows, strict=True) if rows else ((), (), ())
    columns = (pd.Series(whose, dtype="str"), moments(start), moments(end))
    held = apart(*(column.set_axis(index) for column in columns))

    def goes_on(before, child, day):
        other, began, ended = rows[before]
        return other == child and began is not None and (ended is None or ended > day)

    def earlier(before, at):
        return (rows[before][1], before) < (rows[at][1], at)

    for at, (child, day, _end) in enumerate(rows):
        expected = (
            child is None
            or day is None
            or not any(
                goes_on(before, child, day) and earlier(before, at)
                for before in range(len(rows))
                if rows[before][1] is not None
            )
        )
        assert held.iloc[at] == expected
    assert held.index.tolist() == index
