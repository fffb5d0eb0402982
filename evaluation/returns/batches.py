"""A folder of workbooks, such as a quarter's worth, taken in one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from evaluation.errors import EvaluationError, StoreError, WrongUse
from evaluation.language import Text, _
from evaluation.nouns import Checked, Form, Provider, Receipt, Return
from evaluation.returns.feedback import copy_of
from evaluation.returns.intake import submit
from evaluation.returns.reading import read_return
from evaluation.returns.told import Told

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".tab", ".txt"})
_OURS = re.compile(r"receipt R-.*\.txt|.*-findings\.html")
"""What we wrote beside the workbooks ourselves."""

Outcome = Literal["accepted", "refused", "broken", "passed_over"]


@dataclass(frozen=True)
class Handled:
    """What became of one file: its check, without the rows, and its receipt if it was accepted.

    `why` says why there is no check: the file could not be read, or was passed over.
    """

    path: Path
    outcome: Outcome
    checked: Checked | None = None
    receipt: Receipt | None = None
    why: Text | None = None


def submit_folder(
    folder: Path,
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    store: Path,
    *,
    now: datetime,
    progress: Callable[[int, int], None],
    told: Told = Told(),  # noqa: B008 (frozen)
) -> tuple[Handled, ...]:
    """Take in every workbook that lies in the folder itself; one bad file stops no other.

    All are read first. Then they go in by quarter, since a return is checked against those of
    earlier quarters, by provider, and as they were last saved, so that of two files for one
    return the newer counts. Of a workbook and its marked copy only the newer is taken. `told` is
    said of every file without a Cover. The same folder again gives the same receipts.

    Raises WrongUse where there is no workbook, StoreError where the store itself fails.
    """
    paths, handled = _workbooks(folder)
    if not paths:
        raise WrongUse(_("There is no workbook in the folder {folder}.", folder=str(folder)))
    steps = 2 * len(paths)
    received: dict[Path, Return] = {}
    for done, path in enumerate(paths, start=1):
        try:
            received[path] = read_return(path, forms, providers, told=told)
        except Exception as error:  # noqa: BLE001 - whatever one file does stops no other
            handled.append(Handled(path, "broken", why=_sentence(error)))
        progress(done, steps)
    first: list[Handled] = []
    for done, path in enumerate(sorted(received, key=lambda p: _turn(p, received[p])), start=1):
        first.append(_handle(path, received.pop(path), forms, store, now))
        progress(len(paths) + done, steps)
    progress(steps, steps)
    return (*first, *handled)


def _handle(
    path: Path, received: Return, forms: Mapping[str, Form], store: Path, now: datetime
) -> Handled:
    try:
        sent = submit(received, forms, store, now=now)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever one file does stops no other
        return Handled(path, "broken", why=_sentence(error))
    outcome: Outcome = "accepted" if sent.receipt else "refused"
    # The findings are kept for the summary, and no row: a folder may hold millions.
    told = replace(sent.checked, tables={}, source=replace(sent.checked.source, sheets=()))
    return Handled(path, outcome, told, sent.receipt)


def _workbooks(folder: Path) -> tuple[list[Path], list[Handled]]:
    """The files to take, by name, and those that are passed over, with the reason."""
    files = [
        path
        for path in sorted(folder.iterdir())
        if path.is_file()
        and not path.name.startswith((".", "~$"))
        and not _OURS.fullmatch(path.name)
    ]
    instead = dict(_older_twins([path for path in files if path.suffix.lower() in WORKBOOKS]))
    paths, passed_over = [], []
    for path in files:
        if path in instead:
            why = _("‘{other}’ was taken instead: it is newer.", other=instead[path].name)
            passed_over.append(Handled(path, "passed_over", why=why))
        elif path.suffix.lower() in WORKBOOKS:
            paths.append(path)
        else:
            why = _("It is not a workbook or a table.")
            passed_over.append(Handled(path, "passed_over", why=why))
    return paths, passed_over


def _older_twins(paths: list[Path]) -> Iterator[tuple[Path, Path]]:
    """Of each workbook and its marked copy the older one, and the newer.

    Where two files share the name of their copy, nobody knows whose it is, and all are taken.
    """
    for copy in paths:
        originals = [path for path in paths if path != copy and copy_of(path) == copy]
        if len(originals) == 1:
            path = originals[0]
            newer = max(copy, path, key=lambda twin: twin.stat().st_mtime_ns)
            yield (path if newer == copy else copy), newer


def _turn(path: Path, received: Return) -> tuple[str, str, int, str]:
    """What decides when a file's turn is; one that does not say its quarter comes last."""
    quarter = str(received.quarter) if received.quarter else "~"
    return quarter, received.provider or "", path.stat().st_mtime_ns, path.name


def _sentence(error: Exception) -> Text:
    if isinstance(error, EvaluationError):
        return error.text
    return _(
        "Something went wrong that should not have ({fault}). Please tell the maintainers what "
        "is special about this file.",
        fault=type(error).__name__,
    )
