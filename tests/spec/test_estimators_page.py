"""The code on `docs/estimators.md` runs as it stands, and the calls that it names are there."""

import doctest
import importlib
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "estimators.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_every_block_gives_what_it_says():
    blocks = [found.group(1) for found in BLOCK.finditer(TEXT)]
    assert len(blocks) > 5
    names: dict[str, object] = {}
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for block in blocks:
        test = doctest.DocTestParser().get_doctest(block, names, PAGE.name, str(PAGE), None)
        runner.run(test, out=said.append, clear_globs=False)
        names = test.globs
    assert not runner.failures, "\n".join(said)


def test_every_call_in_a_table_is_there():
    """`room.call(…)` in a table's second column; what follows in the cell is of the same room."""
    rows = [line.split("|") for line in TEXT.splitlines() if line.startswith("| ")]
    calls = [cell for row in rows if len(row) == 5 for cell in re.findall(r"`([^`]+)`", row[2])]
    rooms = [re.match(r"([a-z_]+)\.([a-z_]+)", call) for call in calls]
    named = {(found[1], found[2]) for found in rooms if found}
    assert len(named) > 35
    missing = [
        f"{room}.{call}"
        for room, call in sorted(named)
        if not hasattr(
            importlib.import_module(
                "evaluation.following" if room == "following" else f"evaluation.estimating.{room}"
            ),
            call,
        )
    ]
    assert missing == []
