"""When a school next opens, by walking from day to day: slow, obvious, and with its own Easter."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON, UTC = ZoneInfo("Europe/London"), ZoneInfo("UTC")
DAY = timedelta(days=1)
ONCE = {date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
MOVED = {date(2020, 5, 4), date(2022, 5, 30)}


def easter(year):
    """Sunday, by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def is_bank_holiday(day):
    """By the rules of the Banking and Financial Dealings Act, day by day."""
    if day in ONCE:
        return True
    if day in MOVED or day.weekday() > 4:
        return False
    if day in (easter(day.year) - 2 * DAY, easter(day.year) + DAY):
        return True
    if day.weekday() == 0:
        is_last = (day + 7 * DAY).month != day.month
        if (day.month == 5 and (day.day <= 7 or is_last)) or (day.month == 8 and is_last):
            return True
    if day.month == 1:
        return day.day == 1 or (day.weekday() == 0 and day.day in (2, 3))
    return day.month == 12 and is_christmas(day)


def is_christmas(day):
    if day.day in (25, 26):
        return True
    # In lieu of a Saturday or Sunday: the next weekdays that are free.
    lost = sum(date(day.year, 12, each).weekday() > 4 for each in (25, 26))
    after = [date(day.year, 12, each) for each in (27, 28, 29)]
    return day in [each for each in after if each.weekday() < 5][:lost]


def walk(at, closed, begins, until):
    """The first school day that begins after `at`, one day after another."""
    day = at.date()
    while day <= until:
        is_open = day.weekday() < 5 and not is_bank_holiday(day) and day not in closed
        opens = datetime.combine(day, begins, LONDON)
        if is_open and opens.astimezone(UTC) > at.astimezone(UTC):
            return opens.astimezone(UTC)
        day += DAY
    return None
