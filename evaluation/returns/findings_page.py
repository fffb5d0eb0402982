"""The findings as one page of HTML that needs nothing beside it: no script, no picture, no link
to anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from evaluation.language import Language, Text, _, is_draft
from evaluation.nouns import Checked
from evaluation.returns.explaining import as_told
from evaluation.returns.findings_sheet import SEVERITY, TITLES, gravity, line, not_listed, verdict
from evaluation.returns.layout import FINDINGS
from evaluation.returns.summary import Line, summary

MOST_LISTED = 2_000
"""Findings that are listed one by one; the summary counts them all."""

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --quiet: #52606d; --line: #9aa5b1; --paper: #fff;
  --head: #e4e7eb; --reject: #ffd24d; --explain: #bfe0f5; --note: #e6e1f3; }
@media (prefers-color-scheme: dark) { :root { --ink: #f5f7fa; --quiet: #cbd2d9; --line: #7b8794;
  --paper: #1f2933; --head: #323f4b; --reject: #6b4e00; --explain: #0b4a6f; --note: #44366b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 Calibri, Carlito, Arial, sans-serif; }
h1 { font-size: 1.75rem; } h2 { font-size: 1.25rem; margin-top: 2rem; }
.verdict { border-left: .4rem solid var(--line); padding-left: .75rem; font-weight: bold; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--quiet); padding-bottom: .25rem; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left;
  vertical-align: top; }
thead th { background: var(--head); }
td { min-width: 4rem; overflow-wrap: break-word; }
td.words { min-width: 11rem; }
td.number { text-align: right; }
td:last-child { white-space: nowrap; }
.reject { background: var(--reject); } .explain { background: var(--explain); }
.note { background: var(--note); }
:focus-visible { outline: 3px solid #0b5394; outline-offset: 2px; }
@media print { .scroll { overflow: visible; } thead { display: table-header-group; } }
"""


def findings_page(checked: Checked, name: str, language: Language) -> str:
    """The page for a file called `name`: what becomes of it, each kind of fault, each finding."""
    findings = as_told(checked)
    title = f"{FINDINGS.to(language)}: {name}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="verdict">{_words(verdict(findings).to(language))}</p>',
    ]
    if is_draft(language):
        draft = _("The Welsh on this page is a draft.")
        parts.append(f"<p>{_words(draft.to(language))}</p>")
    if findings:
        parts += _kinds(summary(checked, language), language)
        parts += _each(checked, language)
    if checked.not_run:
        parts += _not_run(checked, language)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def _kinds(lines: Sequence[Line], language: Language) -> list[str]:
    titles = [
        _("How serious"),
        _("What is wrong"),
        _("What to do"),
        _("Times"),
        _("Where"),
        _("Rule"),
    ]
    rows = (
        f'<tr><td class="{item.severity}">{_words(SEVERITY[item.severity].to(language))}</td>'
        f'<td class="words">{_words(item.message)}</td>'
        f'<td class="words">{_words(_what_to_do(item, language))}</td>'
        f'<td class="number">{item.times}</td><td>{_words(item.places)}</td>'
        f"<td>{_words(item.rule)}</td></tr>"
        for item in lines
    )
    told = _("Each kind of fault, how often it was found, and the first few places.")
    return [
        _heading(_("What to do"), language),
        _table(told.to(language), [title.to(language) for title in titles], rows),
    ]


def _what_to_do(item: Line, language: Language) -> str:
    if not item.numbers:
        return item.fix
    numbers = _("Write the reason beside: {numbers}", numbers=item.numbers)
    return f"{item.fix} {numbers.to(language)}"


def _each(checked: Checked, language: Language) -> list[str]:
    findings = sorted(as_told(checked), key=lambda item: gravity(item.rule, item.severity))
    rows = []
    for item in findings[:MOST_LISTED]:
        cells = list(line(item, language))
        marked = f'<td class="{item.severity}">{_words(cells[5])}</td>'
        before = "".join(f"<td>{_words(cell)}</td>" for cell in cells[:3])
        before += "".join(f'<td class="words">{_words(cell)}</td>' for cell in cells[3:5])
        rows.append(f"<tr>{before}{marked}<td>{_words(cells[6])}</td></tr>")
    told = _("Every finding, by sheet and cell, the gravest first.")
    if len(findings) > MOST_LISTED:
        told = not_listed(findings, MOST_LISTED)
    return [
        _heading(_("Every finding"), language),
        _table(told.to(language), [title.to(language) for title in TITLES], rows),
    ]


def _not_run(checked: Checked, language: Language) -> list[str]:
    rows = (
        f"<tr><td>{_words(rule)}</td><td>{_words(why.to(language))}</td></tr>"
        for rule, why in checked.not_run
    )
    told = _("These rules could not be run. That is no fault of yours, and no pass.")
    titles = [_("Rule").to(language), _("Why").to(language)]
    return [
        _heading(_("Not run"), language),
        _table(told.to(language), titles, rows),
    ]


def _heading(title: Text, language: Language) -> str:
    return f"<h2>{_words(title.to(language))}</h2>"


def _table(caption: str, titles: Iterable[str], rows: Iterable[str]) -> str:
    heads = "".join(f'<th scope="col">{_words(title)}</th>' for title in titles)
    return (
        # A table that scrolls sideways must be reachable by keyboard, and so needs a name.
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}">\n'
        f"<table>\n<caption>{_words(caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
        + "\n".join(rows)
        + "\n</tbody>\n</table>\n</div>"
    )


def _words(text: str) -> str:
    return escape(text)
