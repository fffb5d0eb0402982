"""The Welsh catalogue and the code agree: nothing untranslated, nothing left over, no lost name."""

import ast
import re
import string
from pathlib import Path

from babel.messages.extract import extract_from_file
from babel.messages.frontend import parse_mapping_cfg
from babel.util import pathmatch

from evaluation.extracting import bodies, codes
from evaluation.language import catalogue, translations

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "n_": (1, 2)}
OURS = {"codes": codes, "bodies": bodies}
SKIPPED = {".venv", "demo", "build", "dist", ".git", "tests"}


def extracted() -> set[str | tuple[str, str]]:
    """Every message of the code and the data, as `make words` finds them."""
    with (ROOT / "evaluation/locale/babel.cfg").open(encoding="utf-8") as mapping:
        methods, _options = parse_mapping_cfg(mapping)
    found = set()
    for path in ROOT.rglob("*"):
        relative = path.relative_to(ROOT)
        if not path.is_file() or SKIPPED & set(relative.parts):
            continue
        for pattern, method in methods:
            if pathmatch(pattern, relative.as_posix()):
                messages = extract_from_file(OURS.get(method, method), path, keywords=KEYWORDS)
                found |= {message for _line, message, _comments, _context in messages}
                break
    return found


def test_every_message_of_the_code_is_in_the_catalogue_and_none_is_left_over():
    kept = {message.id for message in catalogue("cy") if message.id}
    assert {m if isinstance(m, str) else m[0] for m in extracted()} == {
        m if isinstance(m, str) else m[0] for m in kept
    }, "run `make words`, then translate what is new"


def test_no_words_are_missed_by_extraction_because_they_stand_inside_another_message():
    """Extraction does not look into the values of a message: `_("{x}", x=_("lost"))` is missed."""
    kept = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue("cy") if m.id}
    said = {
        (call.args[0].value, f"{path}:{call.lineno}")
        for folder in ("evaluation", "schemas", "analyses", "reports")
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) in KEYWORDS
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    missed = {place: words for words, place in said if words not in kept and has_words(words)}
    assert not missed, "give it a name of its own, before the message that holds it"


def has_words(message: str) -> bool:
    return any(
        part.isalpha() for text, *_field in string.Formatter().parse(message) for part in text
    )


def test_no_message_stands_inside_an_f_string():
    """Extraction does not look there in every version of Python, and would miss it in silence."""
    inside = [
        f"{path}:{call.lineno}"
        for folder in ("evaluation", "schemas", "analyses", "reports")
        for path in (ROOT / folder).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) in KEYWORDS
    ]
    assert not inside


def test_every_message_is_translated_with_all_its_names_and_all_six_plurals():
    faults = {m.id: why for m in catalogue("cy") if m.id and (why := fault(m))}
    assert not faults


def fault(message) -> str | None:
    plural = isinstance(message.id, tuple)
    forms = message.string if plural else (message.string,)
    english = names(message.id[1] if plural else message.id)
    if len(forms) != (6 if plural else 1) or not all(form.strip() for form in forms):
        return "not translated"
    for form in forms:
        if english - names(form) - ({"count"} if plural else set()):
            return "the Welsh lacks a name that the English has"
        if names(form) - english:
            return "the Welsh has a name that the English lacks"
    return None


def names(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_the_six_plurals_of_welsh_are_told_apart():
    rule = translations("cy").plural
    assert [rule(n) for n in (0, 1, 2, 3, 6, 4, 100)] == [0, 1, 2, 3, 4, 5, 5]


def test_the_catalogue_says_that_it_is_a_draft():
    assert re.search("draft", catalogue("cy").header_comment)
