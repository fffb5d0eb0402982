"""Finding out how published counts hang together: what adds up wherever it can be tested."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from tests.helpers.published import FEW, MANY, ROUNDING, Cell, Ranges

PERIOD = re.compile(r"(\d{4})(-(\d\d)|Q[1-4])")
ENOUGH = 2
"""In how many places, of different size, a sum must be seen to hold to be believed in others."""


@dataclass(frozen=True)
class Sum:
    """The counts on one side come to those on the other; or to no more."""

    left: tuple[Cell, ...]
    right: tuple[Cell, ...]
    exactly: bool = True


def mined(ranges: Ranges) -> list[Sum]:
    """Every rule that holds wherever it can be tested, and often enough to be none of chance."""
    return [*_totals(ranges), *_balances(ranges), *_twins(ranges), *_parts(ranges)]


def _labelled(cells: list[Cell]) -> Iterator[tuple[str, list[Cell]]]:
    """Groups that may make up one count, and what that would be called: all of them, those of a
    row or a column of a cross-table, the months of a quarter, the last year of a series."""
    cells = [each for each in cells if each.group != "all"]
    if any(re.search("[/>]", each.group) for each in cells):
        for side in (0, 1):
            lines = defaultdict(list)
            for each in cells:
                lines[re.split("[/>]", each.group)[side]].append(each)
            yield from lines.items()
        yield "*", cells
    elif all(PERIOD.fullmatch(each.group) for each in cells):
        cells = sorted(cells, key=lambda each: each.group)
        quarters = defaultdict(list)
        for each in cells:
            if month := PERIOD.fullmatch(each.group)[3]:
                year = int(each.group[:4]) - (int(month) < 4)
                quarters[f"{year}Q{(int(month) - 4) % 12 // 3 + 1}"].append(each)
        yield from quarters.items()
        yield "*", cells[-12 if quarters else -4 :]
    else:
        yield "*", cells


def _totals(ranges: Ranges) -> list[Sum]:
    """Sums of groups, held against every count of the same service that might be their total."""
    families, sections = defaultdict(list), defaultdict(list)
    for cell in ranges:
        families[cell._replace(group="")].append(cell)
        sections[cell.file, cell.section, cell.what].append(cell)
    tests = defaultdict(list)
    for family, cells in families.items():
        for label, parts in _labelled(cells):
            for total in sections[family.file, family.section, family.what]:
                others = tuple(each for each in parts if each != total)
                if len(others) > 1 and _may_be(family, label, total, others):
                    group = total.group if label == "*" else ""
                    rule = _rule(family, family), _rule(family, total), group
                    tests[rule].append((total, others))
    held = {
        rule: places
        for rule, places in tests.items()
        if _holds([(ranges[total], [ranges[each] for each in parts]) for total, parts in places])
    }
    # Where a total is called as its parts are ('closed', of 'closed_because'), it is no other.
    own = {rule[0] for rule in held if _measure(rule[0]).startswith(_measure(rule[1]))}
    return [
        Sum((total,), parts)
        for rule, places in held.items()
        if rule[0] not in own or _measure(rule[0]).startswith(_measure(rule[1]))
        for total, parts in places
    ]


def _may_be(family: Cell, label: str, total: Cell, parts: tuple[Cell, ...]) -> bool:
    """Whether a count might be the total of these, going by what they are called."""
    named = not PERIOD.match(total.group) if label == "*" else total.group == label
    alike = family.measure.startswith(total.measure) or family.what == "children"
    fits = total.days in {family.days, ""} and total.outcome in {family.outcome, ""}
    is_part = total.group in {each.group for each in parts}
    return named and alike and fits and not is_part and _kin(family, total)


def _kin(one: Cell, other: Cell) -> bool:
    """Whether two cohorts are of one service, or nearly of one name."""
    return one.cohort.split("_")[:2] == other.cohort.split("_")[:2]


def _rule(family: Cell, cell: Cell) -> tuple[str, ...]:
    """What stays the same of a sum from service to service and from quarter to quarter."""
    service = "_".join(family.cohort.split("_")[:2])
    dimension = re.sub("_by_.*", "_by_", cell.cohort.removeprefix(service))
    return dimension, cell.outcome, cell.measure, cell.days, cell.what


def _measure(rule: tuple[str, ...]) -> str:
    return rule[2]


def _holds(places: Iterable[tuple[tuple[int, int], list[tuple[int, int]]]]) -> bool:
    sizes = set()
    for (low, high), parts in places:
        least, most = (sum(each[end] for each in parts) for end in (0, 1))
        if least > high or most < low:
            return False
        if most - least < 0.5 * low and high < MANY:
            sizes.add(low)
    return len(sizes) >= ENOUGH


def _balances(ranges: Ranges) -> list[Sum]:
    """Measures of one series, this period's and the last one's, that come to nothing with signs."""
    series = defaultdict(lambda: defaultdict(dict))
    for cell in ranges:
        # Of children there is none: one child may be new and closed, and new again.
        if PERIOD.fullmatch(cell.group) and "Q" in cell.group and cell.what == "events":
            at = series[cell.section, cell.what, cell.file, cell.cohort, cell.outcome]
            at[cell.group][cell.measure, 0] = cell
    for at in series.values():
        for before, now in pairwise(sorted(at)):
            at[now] |= {(name, -1): cell for (name, lag), cell in at[before].items() if not lag}
    found = []
    for section in {key[:2] for key in series}:
        points = [each for key, at in series.items() if key[:2] == section for each in at.values()]
        names = sorted({name for each in points for name in each})
        now = [name for name in names if not name[1]]
        pairs = [{one: 1, other: -1} for one in now for other in names if other[1]]
        mixes = [
            {name: sign for name, sign in zip(now, signs, strict=True) if sign}
            for signs in product((0, 1, -1), repeat=min(len(now), 6))
            if sum(map(abs, signs)) > 2 and next(filter(None, signs)) == 1
        ] if len(now) <= 6 else []  # fmt: skip
        for signs in [*pairs, *mixes]:
            places = [each for each in points if signs.keys() <= each.keys()]
            told = [
                [sign * ranges[each[name]][end] for name, sign in signs.items() for end in (0, 1)]
                for each in places
                if all(ranges[each[name]][1] < MANY for name in signs)
            ]
            fits = all(abs(sum(numbers) / 2) <= ROUNDING * len(signs) for numbers in told)
            large = sum(sum(map(abs, numbers)) > 40 * len(signs) for numbers in told)
            if fits and len(told) > 7 and large > 4:
                found += [
                    Sum(*(tuple(each[name] for name in signs if signs[name] == side) for side in (1, -1)))
                    for each in places
                ]  # fmt: skip
    return found


def _twins(ranges: Ranges) -> list[Sum]:
    """One count told twice: by two measures wherever both are told, and of a period by both files.

    Children are never events: a child may have several.
    """
    columns = defaultdict(dict)
    for cell in ranges:
        service = "_".join(cell.cohort.split("_")[:2])
        of = cell._replace(file="", cohort=cell.cohort.removeprefix(service), group="")
        columns[of][cell.file, service, cell.group] = cell
    found = []
    for one, other in combinations(columns, 2):
        mixed = {one.what, other.what} == {"children", "events"} or "rest" in {one.what, other.what}
        if (one.section, one.days) != (other.section, other.days) or mixed:
            continue
        shared = columns[one].keys() & columns[other].keys()
        pairs = [(columns[one][at], columns[other][at]) for at in sorted(shared)]
        told = [(ranges[left], ranges[right]) for left, right in pairs]
        told = [both for both in told if max(both)[1] < MANY and min(both)[0] > FEW]
        is_often = len({left for left, _right in told}) > 3 and 2 * len(told) >= len(pairs)
        if is_often and all(left == right for left, right in told):
            found += [Sum((left,), (right,)) for left, right in pairs]
    return found + _again(ranges)


def _again(ranges: Ranges) -> list[Sum]:
    """One count of a period in both files, in sections in which none was told otherwise since."""
    first, *others = sorted({cell.file for cell in ranges})
    pairs = [
        (cell, before)
        for cell in ranges
        if cell.file in others and PERIOD.match(cell.group)
        if (before := cell._replace(file=first)) in ranges
    ]
    revised = {
        cell.section
        for cell, before in pairs
        if max(ranges[cell][0], ranges[before][0]) > min(ranges[cell][1], ranges[before][1])
    }
    return [Sum((one,), (two,)) for one, two in pairs if one.section not in revised]


def _parts(ranges: Ranges) -> list[Sum]:
    """The children of a row and the rest are its whole, and no fewer had it within more days."""
    found, days = [], defaultdict(list)
    for cell in ranges:
        if cell.what == "rest" and (of := cell._replace(what="of")) in ranges:
            found.append(Sum((of,), (cell._replace(what="children"), cell)))
        if cell.days and cell.what == "children" and cell.measure in {"had_within", "ended"}:
            days[cell._replace(days="")].append(cell)
    for cells in days.values():
        cells.sort(key=lambda each: float(each.days))
        found += [Sum((soon,), (late,), exactly=False) for soon, late in pairwise(cells)]
    return found
