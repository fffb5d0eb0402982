"""What is written in any allowed way is read back the same; nothing else is read at all."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import luhn

from evaluation.language import _
from evaluation.nouns import CodeList, Field
from evaluation.returns import days, words
from evaluation.returns.declaring import ALPHABET, FLAGS

LONDON = ZoneInfo("Europe/London")
FIELD = Field("x", "flag", "must", _("X"), codes=FLAGS)
ALL = (days.dates, days.months, days.moments, words.keys, words.refs, words.answers, words.wholes)

some_days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
elevens = st.text(alphabet=ALPHABET, min_size=11, max_size=11)


def read(reader, *texts):
    column = reader(pd.Series(texts, dtype="str"), FIELD)
    faulty = np.any(list(column.faults.values()), axis=0)
    return column.typed, faulty


@given(some_days)
def test_a_day_is_read_back_from_each_way_to_write_it(day):
    ways = [
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day:%y}",
        f"{day.day}/{day.month}/{day.year}",
        day.isoformat(),
        f"{day.isoformat()}T00:00:00",
    ]
    typed, faulty = read(days.dates, *ways)
    assert set(typed) == {pd.Timestamp(day)}
    assert not faulty.any()


@given(st.integers(0, 99), st.integers(0, 99), st.integers(1900, 2099))
def test_a_day_that_does_not_exist_is_not_read(day, month, year):
    try:
        date(year, month, day)
    except ValueError:
        exists = False
    else:
        exists = True
    typed, faulty = read(days.dates, f"{day}/{month}/{year}")
    assert typed.notna().all() == exists
    assert faulty.all() != exists


@given(some_days, st.times())
def test_a_moment_is_read_back_from_its_wall_clock_time(day, clock):
    moment = datetime.combine(day, clock.replace(microsecond=0))
    local = moment.replace(tzinfo=LONDON)
    # The hour that the clocks skip does not come back from UTC.
    assume(local.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == moment)
    typed, faulty = read(days.moments, f"{moment:%d/%m/%Y %H:%M:%S}", moment.isoformat())
    assert set(typed) == {pd.Timestamp(local).tz_convert("UTC")}
    assert set(days.local_days(typed)) == {pd.Timestamp(moment.date())}
    twice = local.replace(fold=1).utcoffset() != local.utcoffset()
    assert faulty.all() == twice


@given(st.integers(2000, 2099), st.integers(0, 59))
def test_the_hour_skipped_in_march_is_refused(year, minute):
    last_sunday = max(
        day
        for day in (date(year, 3, 25) + timedelta(days=n) for n in range(7))
        if day.weekday() == 6
    )
    typed, faulty = read(days.moments, f"{last_sunday:%d/%m/%Y} 01:{minute:02}")
    assert typed.isna().all()
    assert faulty.all()


@given(elevens, st.data())
def test_a_key_is_read_back_however_it_is_spaced_and_cased(eleven, data):
    key = eleven + luhn.calc_check_digit(eleven, ALPHABET)
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-"]), min_size=12, max_size=12))
    text = "".join(letter + gap for letter, gap in zip(key, gaps, strict=True))
    typed, faulty = read(words.keys, text, text.lower())
    assert set(typed) == {key}
    assert not faulty.any()


@given(st.text(alphabet=ALPHABET, min_size=12, max_size=12))
def test_the_check_character_is_that_of_stdnum(text):
    typed, _faulty = read(words.keys, text)
    assert typed.notna().all() == luhn.is_valid(text, ALPHABET)


@given(elevens, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_never_another_child(eleven, place, letter):
    key = eleven + luhn.calc_check_digit(eleven, ALPHABET)
    assume(key[place] != letter)
    typed, faulty = read(words.keys, key[:place] + letter + key[place + 1 :])
    assert typed.isna().all()
    assert faulty.all()


@given(st.text(min_size=1))
def test_any_text_is_read_or_is_at_fault_and_never_both(text):
    for reader in ALL:
        typed, faulty = read(reader, text)
        assert len(typed) == len(faulty) == 1
        assert typed.isna().all() == faulty.all()


@given(st.sampled_from(FLAGS.codes), st.booleans())
def test_an_answer_is_read_back_from_its_label_in_either_language(code, shout):
    assert isinstance(FLAGS, CodeList)
    ways = [code.code, code.label.to("en"), code.label.to("cy")]
    typed, _faulty = read(words.answers, *(way.upper() if shout else way for way in ways))
    assert set(typed) == {code.code}
