"""Welsh counts as Welsh does: a form each for 0, 1, 2, 3, 6 and many, with the mutation it calls for."""

import re

import pytest

from evaluation.language import catalogue, n_

PLURALS = {
    message.id: message.string for message in catalogue("cy") if isinstance(message.id, tuple)
}
COUNTS = (0, 1, 2, 3, 6, 40)

SOFT = {"p": "b", "t": "d", "c": "g", "b": "f", "dd": "dd", "d": "dd", "ff": "ff", "g": "", "m": "f",
        "ll": "l", "rh": "r"}  # fmt: skip
ASPIRATE = {"p": "ph", "t": "th", "c": "ch"}
DOUBLE = ("dd", "ff", "ll", "rh", "ph", "th", "ch")


def mutated(word, changes):
    begins = word[:2] if word.startswith(DOUBLE) else word[:1]
    return changes.get(begins, begins) + word[len(begins) :]


def counted(form):
    """The word that the number counts: 'phlentyn' of '{count} phlentyn'."""
    found = re.search(r"\{count\} (?:o )?(\w+)", form)
    return found[1] if found else None


def test_the_mutations_are_those_that_a_grammar_has():
    assert [mutated(word, SOFT) for word in ("plentyn", "gwall", "rhes", "digwyddiad", "cofnod")] == [
        "blentyn", "wall", "res", "ddigwyddiad", "gofnod",
    ]  # fmt: skip
    assert [mutated(word, ASPIRATE) for word in ("plentyn", "clwstwr", "gwall")] == [
        "phlentyn", "chlwstwr", "gwall",
    ]  # fmt: skip


@pytest.mark.parametrize("message", PLURALS, ids=lambda message: message[0][:40])
def test_each_count_has_its_form(message):
    none, one, two, three, six, many = PLURALS[message]
    word = counted(one)
    assert counted(two) == mutated(word, SOFT)
    assert {counted(three), counted(six)} == {mutated(word, ASPIRATE)}
    assert " o " in f" {many[many.index('{count}') :]}"
    assert counted(none) in {counted(many), None}  # 'yr un', none at all, needs no number
    assert counted(many) != word


@pytest.mark.parametrize("message", PLURALS, ids=lambda message: message[0][:40])
def test_a_number_chooses_its_form_and_stands_in_it(message):
    others = set(re.findall(r"\{(\w+)\}", message[1])) - {"count"}
    said = [n_(*message, count, **dict.fromkeys(others, 7)).to("cy") for count in COUNTS]
    assert [text.replace(str(count), "{count}", 1) for text, count in zip(said, COUNTS, strict=True)
            if str(count) in text] == [
        re.sub(r"\{(?!count)\w+\}", "7", form) for form in PLURALS[message] if "{count}" in form
    ]  # fmt: skip
