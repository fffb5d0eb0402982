"""The page that leads a visitor through a demonstration, from the returns to the report."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from analyses.invented.truth import Truth
from analyses.invented.workbooks import Workbooks
from analyses.plan import Plan
from evaluation.language import Language, Text, _, write
from evaluation.nouns import Checked, Receipt, Release
from evaluation.rendering import NAMES
from evaluation.wording import two_figures
from reports.manifest import place_of
from reports.reading import Body, every, primary
from reports.reviewed import series


@dataclass(frozen=True)
class Demo:
    """What the demonstration made, for the page that leads through it.

    `own` is the provider whose own report is among the `internal` ones.
    """

    folder: Path
    body: Body
    plan: Plan
    workbooks: Workbooks
    refused: Checked
    marked_copy: Path
    receipts: tuple[Receipt, ...]
    release: Release
    release_file: Path
    pages: dict[Language, dict[str, Path]]
    internal: tuple[dict[Language, dict[str, Path]], ...]
    own: str
    truth: Truth
    effect: float
    review_truth: float


def write_index(demo: Demo, language: Language) -> Path:
    """Write `index.html` into the demonstration's folder, in the language of who ran it."""
    path = demo.folder / "index.html"
    body = "\n".join(
        _say(language, *part)
        for part in (
            *_beginning(demo),
            *_returns(demo),
            *_refused(demo),
            *_kept(demo),
            *_report(demo),
            *_truth(demo),
            *_next(),
        )
    )
    style = (files("evaluation") / "rendering" / "resources" / "style.css").read_text("utf-8")
    title = _("The whole road, on invented returns").to(language)
    path.write_text(
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n"
        f'<main class="measure">\n<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n',
        encoding="utf-8",
        newline="\n",
    )
    return path


Part = tuple[str, Any]


def _say(language: Language, kind: str, content: Any) -> str:
    """One part of the page as HTML: a heading, a sentence, a list, or a table with its caption."""

    def words(item: object) -> str:
        if isinstance(item, tuple):  # a link: where to, and its words
            target, text = item
            return f'<a href="{quote(str(target))}">{words(text)}</a>'
        return escape(write(item, language))

    match kind, content:
        case "h2" | "p", _item:
            return f"<{kind}>{words(content)}</{kind}>"
        case "list", list():
            return "<ul>" + "".join(f"<li>{words(item)}</li>" for item in content) + "</ul>"
        case "table", (caption, head, *rows):
            cells = "".join(f'<th scope="col">{words(item)}</th>' for item in head)
            lines = "".join(
                f'<tr><th scope="row">{words(row[0])}</th>'
                + "".join(f"<td>{words(item)}</td>" for item in row[1:])
                + "</tr>"
                for row in rows
            )
            return (
                f'<div class="wide" role="region" tabindex="0" aria-label="{words(caption)}">'
                f"<table><caption>{words(caption)}</caption>"
                f"<thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table></div>"
            )
    raise AssertionError(kind)


def _beginning(demo: Demo) -> list[Part]:
    return [
        (
            "p",
            _(
                "Every child here is invented. Returns about them were taken in as a person "
                "would, analysed, and reported on. This page shows each step, and in the end "
                "what the service really did to the invented children, so that you can judge "
                "whether the report found it."
            ),
        ),
        ("list", [(files["html"].name, _LANGUAGES[code]) for code, files in demo.pages.items()]),
    ]


_LANGUAGES = {"en": _("The report in English"), "cy": _("The report in Welsh")}


def _returns(demo: Demo) -> list[Part]:
    providers = sorted({provider for provider, _quarter in demo.workbooks.returns})
    quarters = sorted({quarter for _provider, quarter in demo.workbooks.returns})
    rows = {(receipt.provider, receipt.quarter): receipt.rows for receipt in demo.receipts}
    return [
        ("h2", _("1. Returns come in")),
        ("p", _("A workbook from each provider for each quarter, filled in on our template.")),
        (
            "table",
            (
                _("Rows in each workbook; each opens"),
                # With a space, so that eight of them fit across the page.
                [_("Provider"), *(f"{one.year} Q{one.number}" for one in quarters)],
                *(
                    [
                        demo.body.providers[name].title,
                        *(
                            (
                                demo.workbooks.returns[name, quarter].relative_to(demo.folder),
                                sum(rows[name, quarter].values()),
                            )
                            for quarter in quarters
                        ),
                    ]
                    for name in providers
                ),
            ),
        ),
    ]


def _refused(demo: Demo) -> list[Part]:
    assert demo.workbooks.wrong
    assert demo.workbooks.right
    faults = [item for item in demo.refused.findings if item.severity == "reject"]
    return [
        ("h2", _("2. One is wrong, and is refused")),
        (
            "p",
            _(
                "Nothing of it was taken in. Its sender got the same workbook back, each fault marked."
            ),
        ),
        (
            "table",
            (
                _("What was wrong"),
                [_("Cell"), _("What"), _("What to do")],
                *([f"{f.column or ''}{f.row or ''}", f.message, f.fix] for f in faults),
            ),
        ),
        (
            "list",
            [
                (demo.workbooks.wrong.relative_to(demo.folder), _("The workbook as it was sent")),
                (demo.marked_copy.relative_to(demo.folder), _("The same, marked")),
                (demo.workbooks.right.relative_to(demo.folder), _("Corrected, and accepted")),
            ],
        ),
    ]


def _kept(demo: Demo) -> list[Part]:
    withheld = sum(figure.withheld is not None for figure in demo.release.figures)
    return [
        ("h2", _("3. What is kept, and what may leave")),
        (
            "p",
            _(
                "Receipts given: {receipts}. Every accepted row is in the store, for good. What "
                "may leave is one file: {shown} figures, rounded; {withheld} more are withheld.",
                receipts=len(demo.receipts),
                shown=len(demo.release.figures) - withheld,
                withheld=withheld,
            ),
        ),
        ("list", [("store", _("The store")), (demo.release_file.name, _("The release file"))]),
    ]


def _report(demo: Demo) -> list[Part]:
    return [
        ("h2", _("4. The report")),
        ("p", _("Both languages come from that one file and appear at the same moment.")),
        (
            "list",
            [
                (
                    files[kind].name,
                    _("{report}: {format}", report=_LANGUAGES[code], format=name),
                )
                for code, files in demo.pages.items()
                for kind, name in NAMES.items()
            ],
        ),
        (
            "p",
            _(
                "They left together, and the store remembers that they did. The manifest says what "
                "they were made of and with what, and who approved them: so far, nobody."
            ),
        ),
        ("list", [(place_of(demo.release_file).name, _("The manifest"))]),
        (
            "p",
            _(
                "Two more are not for publication, and stand in a folder of their own: what the "
                "comparison rests on, for an evaluator; and, for {provider}, its own data given back. "
                "Every provider gets one.",
                provider=demo.body.providers[demo.own].title,
            ),
        ),
        (
            "list",
            [
                (files["html"].relative_to(demo.folder), words[code])
                for words, pages in zip(_INTERNAL, demo.internal, strict=True)
                for code, files in pages.items()
            ],
        ),
    ]


_INTERNAL = (
    {"en": _("The evaluator’s annex in English"), "cy": _("The evaluator’s annex in Welsh")},
    {"en": _("The provider’s report in English"), "cy": _("The provider’s report in Welsh")},
)
"""The annex, then the provider's report."""


def _truth(demo: Demo) -> list[Part]:
    found = primary(demo.release)
    before, after = (
        next(
            (
                figure
                for figure in every(
                    demo.release,
                    section="monitoring",
                    measure="before_after",
                    cohort="discussed",
                    outcome="re_missing",
                )
                if figure.group == group
            ),
            None,
        )
        for group in ("before", "after")
    )
    truth = demo.truth
    parts: list[Part] = [
        ("h2", _("5. Was it right?")),
        (
            "p",
            _(
                "In this invented world a referral multiplies a child's risk of going missing by "
                "{effect}. Episodes lead to more episodes, and some children of the comparison "
                "group are referred later, so what a fair comparison ought to find is a rate "
                "ratio of {ratio}: the same {n} children, lived once referred and once not.",
                effect=demo.effect,
                ratio=two_figures(truth.ratio),
                n=truth.children,
            ),
        ),
    ]
    if found and found.value is not None and found.low is not None and found.high is not None:
        parts.append(
            (
                "p",
                _("The report says {value} ({low} to {high}). {verdict}",
                  value=two_figures(found.value), low=two_figures(found.low),
                  high=two_figures(found.high),
                  verdict=_verdict(found.low, truth.ratio, found.high)),
            )
        )  # fmt: skip
    if before and after and before.value and after.value is not None:
        parts.append(
            (
                "p",
                _(
                    "Counting episodes before and after, as is often done, gives {before} and "
                    "{after} for each 100 child-days, a ratio of {ratio}. It would look much like "
                    "that if the service did nothing, because children are referred at their worst.",
                    before=two_figures(before.value),
                    after=two_figures(after.value),
                    ratio=two_figures(after.value / before.value),
                ),
            )
        )
    return [*parts, *_review(demo)]


def _review(demo: Demo) -> list[Part]:
    """What the invented review of Op Encompass did, beside what the report says of it."""
    told = series(demo.release)
    found = None if told is None else told.ratio
    if found is None or found.value is None or found.low is None or found.high is None:
        return []
    return [
        (
            "p",
            _(
                "A review of Op Encompass has a known effect, too: since then schools are not told in "
                "time {truth} times as often as they would have been. The report says {value} ({low} "
                "to {high}). {verdict}",
                truth=two_figures(demo.review_truth),
                value=two_figures(found.value),
                low=two_figures(found.low),
                high=two_figures(found.high),
                verdict=_verdict(found.low, demo.review_truth, found.high),
            ),
        )
    ]


def _verdict(low: float, truth: float, high: float) -> Text:
    if low <= truth <= high:
        return _("The interval holds the truth.")
    return _("The interval misses the truth, as one in twenty does.")


def _next() -> list[Part]:
    return [
        ("h2", _("6. Try it yourself")),
        (
            "p",
            _("Make another world, in which the service does nothing, and see what is said of it:"),
        ),
        ("p", Text("evaluation demo --effect 1 --to demo-nothing")),
        ("p", _("Approve the Welsh text, and see it lose the words that call it a draft:")),
        (
            "p",
            Text(
                "evaluation approve 2024Q4 --what cy --by 'A translator' --store demo/store --to demo"
            ),
        ),
        (
            "p",
            _(
                "The README says what each of you does next: who sends returns, who evaluates, who commissions."
            ),
        ),
    ]
