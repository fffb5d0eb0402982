"""The Cover sheet: who sends what, for which quarter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from evaluation.errors import WrongUse
from evaluation.language import LANGUAGES, Language
from evaluation.nouns import Finding, Form, Provider
from evaluation.quarters import Quarter
from evaluation.returns import faults, identifiers
from evaluation.returns.layout import (
    COVER_LABELS,
    NIL_ALL,
    NIL_NONE,
    TEMPLATE_VERSION,
    plain,
    spellings,
)


@dataclass(frozen=True)
class Cover:
    """What the Cover says, where it says it readably; what it does not is a finding."""

    provider: Provider | None = None
    quarter: Quarter | None = None
    template_version: str | None = None
    contact_role: str | None = None
    nil: tuple[str, ...] = ()
    history_from: date | None = None
    findings: tuple[Finding, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    value: str | None
    row: int


def read_cover(
    sheet: str, grid: pd.DataFrame, forms: Mapping[str, Form], providers: Mapping[str, Provider]
) -> Cover:
    """The Cover from its text grid: in each row the first cell is a label, beside it its answer."""
    lines = tuple(_lines(grid))
    known = spellings(COVER_LABELS)
    said: dict[str, list[_Line]] = {name: [] for name in COVER_LABELS}
    findings: list[Finding] = []
    for line in lines:
        if name := known.get(plain(line.label)):
            said[name].append(line)
        elif line.value is not None:
            fault = identifiers.in_title(line.label)
            if fault is None or fault is faults.FREE_TEXT:
                fault = faults.UNKNOWN_LINE
            findings.append(fault.at(sheet, line.row, "B"))
    answers = {name: _one_answer(sheet, name, said[name], findings) for name in COVER_LABELS}

    provider = _provider(sheet, answers["provider"], providers, findings)
    nil = _nil(sheet, said["nil"], provider, forms, findings)
    return Cover(
        provider,
        _quarter(sheet, answers["quarter"], findings),
        _version(sheet, answers["template_version"], findings),
        _contact(sheet, answers["contact_role"], findings),
        nil,
        _history(sheet, answers["history_from"], findings),
        tuple(findings),
        tuple(line.label for line in lines),
    )


def _lines(grid: pd.DataFrame) -> Iterator[_Line]:
    for row, cells in zip(grid.index.tolist(), grid.itertuples(index=False), strict=True):
        texts = [cell if isinstance(cell, str) else None for cell in cells] + [None]
        first = next(place for place, text in enumerate(texts) if text)
        label, value = texts[first], texts[first + 1]
        if value is None and label and ":" in label:  # 'Nil return: missing_episodes' in one cell
            label, value = (part.strip() or None for part in label.split(":", 1))
        if label:
            yield _Line(label, value, row)


def _one_answer(sheet: str, name: str, lines: list[_Line], findings: list[Finding]) -> _Line | None:
    answered = [line for line in lines if line.value is not None]
    if name != "nil" and len({plain(line.value or "") for line in answered}) > 1:
        row = answered[1].row
        findings.append(faults.SAID_TWICE.at(sheet, row, "B", label=COVER_LABELS[name]))
    return next(iter([*answered, *lines]), None)


def _provider(
    sheet: str, line: _Line | None, providers: Mapping[str, Provider], findings: list[Finding]
) -> Provider | None:
    titles = {name: provider.title for name, provider in providers.items()}
    name = spellings(titles).get(plain(line.value)) if line and line.value else None
    if name:
        return providers[name]
    findings.append(_at(faults.NO_PROVIDER, sheet, line, providers=tuple(titles.values())))
    return None


def _quarter(sheet: str, line: _Line | None, findings: list[Finding]) -> Quarter | None:
    if line and line.value:
        try:
            return Quarter.parse(line.value)
        except WrongUse:
            pass
    findings.append(_at(faults.NO_QUARTER, sheet, line))
    return None


def _version(sheet: str, line: _Line | None, findings: list[Finding]) -> str | None:
    version = line.value if line else None
    if version != TEMPLATE_VERSION:
        findings.append(_at(faults.OTHER_VERSION, sheet, line, version=TEMPLATE_VERSION))
    return version


def _contact(sheet: str, line: _Line | None, findings: list[Finding]) -> str | None:
    if line is None or line.value is None:
        findings.append(_at(faults.NO_CONTACT, sheet, line))
        return None
    return line.value


def _nil(
    sheet: str,
    lines: list[_Line],
    provider: Provider | None,
    forms: Mapping[str, Form],
    findings: list[Finding],
) -> tuple[str, ...]:
    owed = provider.forms if provider else ()
    known = spellings({name: form.title for name, form in forms.items()})
    known |= {plain(name): name for name in owed}
    everything = {plain(NIL_ALL.to(language)) for language in LANGUAGES} | {"yes", "true"}
    nothing = {plain(NIL_NONE.to(language)) for language in LANGUAGES} | {"no", "false"}
    nil: set[str] = set()
    for line in lines:
        for word in re.split(r"[;,]", line.value or ""):
            name = known.get(plain(word))
            if not plain(word) or plain(word) in nothing:
                continue
            if plain(word) in everything:
                nil.update(name for name in owed if name in forms)
            elif name is None:
                titles = tuple(forms[name].title for name in owed if name in forms)
                findings.append(_at(faults.UNCLEAR_NIL, sheet, line, titles=titles))
            elif provider and name not in owed:
                findings.append(_at(faults.NIL_NOT_OWED, sheet, line, title=forms[name].title))
            else:
                nil.add(name)
    return tuple(sorted(nil))


def _history(sheet: str, line: _Line | None, findings: list[Finding]) -> date | None:
    if line is None or line.value is None:
        return None
    # Only the day counts; a day comes before its month.
    text = line.value.split("T")[0]
    for written in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, written).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    findings.append(_at(faults.UNCLEAR_HISTORY, sheet, line))
    return None


def _at(fault: faults.Fault, sheet: str, line: _Line | None, **values: object) -> Finding:
    row, column = (line.row, "B") if line else (None, None)
    return fault.at(sheet, row, column, **values)


def language_of(words: list[str], known: Mapping[Language, set[str]]) -> Language:
    """The language that more of the titles and labels are in; English if neither is ahead."""
    counts = {lang: sum(plain(word) in known[lang] for word in words) for lang in LANGUAGES}
    return "cy" if counts["cy"] > counts["en"] else "en"
