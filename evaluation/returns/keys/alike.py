"""Children who may be one: alike in all but one name, and in that but for one slip of the pen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from evaluation.returns.keys.identity import Part


def look_alikes(
    children: Sequence[tuple[str, ...]], kinds: Sequence[Part]
) -> Iterator[tuple[int, int]]:
    """Pairs of places in `children` whose normal forms differ in one name, by one edit."""
    found: set[tuple[int, int]] = set()
    for place, kind in enumerate(kinds):
        if kind == "name":
            alike_but_one: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for number, child in enumerate(children):
                alike_but_one[child[:place] + child[place + 1 :]].append(number)
            for group in alike_but_one.values():
                if len(group) > 1:
                    found.update(_close([(children[number][place], number) for number in group]))
    yield from sorted(found)


def _close(spellings: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Pairs one edit apart. Two such names share a spelling once a letter is left out of each,
    or of one of them, so only those that do are compared, however many there are.
    """
    shared: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name, number in spellings:
        for shorter in {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}:
            shared[shorter].append((name, number))
    for same in shared.values():
        for (one, first), (other, second) in combinations(same, 2):
            if one_edit(one, other):
                yield min(first, second), max(first, second)


def one_edit(one: str, other: str) -> bool:
    """One letter changed, left out or put in, or two neighbours swapped."""
    short, long = sorted((one, other), key=len)
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    left, right = short[at:], long[at:]
    if len(short) == len(long):
        swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
        return one != other and (left[1:] == right[1:] or swapped)
    return left == right[1:]
