"""What may stand in the Markdown of a report, in its sources and in what its sections return.

Headings from ##, lists, links, pipe tables, raw HTML blocks, callouts, `#tbl-` divs, image
figures, when-format divs, `[text]{lang=}`, references to figures and tables, page breaks.
Pandoc and Quarto pass over much of what is wrong without a word; each such thing is a fault
here, with its line. What a line cannot show, the filter (`resources/filter.lua`) refuses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from evaluation.language import Text, _
from evaluation.rendering.faults import Line, Linted

CALLOUTS = frozenset({"note", "tip", "warning", "important", "caution"})
FORMATS = frozenset({"html", "docx", "typst"})

_ATTRIBUTE = re.compile(
    r"""\#(?P<id>[\w-]+) | \.(?P<class>[\w-]+)
    | (?P<key>[\w-]+)=(?:"(?P<quoted>(?:[^"\\]|\\.)*)" | (?P<bare>[^\s"{}]+))""",
    re.VERBOSE,
)
_IMAGE = re.compile(r"!\[(?P<caption>.*)\]\((?P<path>[^()\s]*)\)\{(?P<attributes>.*)\}")
_HEADING = re.compile(r"(?P<level>#{2,6})\s+(?P<title>.*?)\s*(?:\{(?P<attributes>[^}]*)\})?")
_FENCES = ("```", "~~~")
_LIST = re.compile(r"([-*+]|\d+[.)])\s")
_REFERENCE = re.compile(r"(?<!\w)@\{?(\w(?:[\w-]*\w)?)")
_GROUP = re.compile(r"\[[^\[\]]*(?<!\w)@[^\[\]]*\]")
_ONE_REFERENCE = re.compile(r"\[(?:-|[^\[\]@;]+ )?@[\w-]+\]")
_CODE = re.compile(r"(?P<ticks>`+)(?P<inside>.+?)(?P=ticks)(?P<after>\{[^}]*\})?")
_TRAILING = re.compile(r"(?P<after>[\])])\{(?P<attributes>[^}]*)\}")

# In prose: what Quarto reads as something outside the subset, or drops.
_OUTSIDE: tuple[tuple[re.Pattern[str], Text], ...] = (
    (re.compile(r"#(\s|$)"), _("A heading of the first level is the title's; begin at '##'.")),
    (re.compile(r"#{2,6}[^#\s]"), _("A heading needs a space after its '#' signs.")),
    (re.compile(r"([-*_=])\1\1+$"), _("Rules and underlined headings are outside the subset.")),
    (re.compile(r"\+[-=+:]{3}|--+( +--+)+$"), _("Draw a table with pipes or as raw HTML.")),
    (re.compile(r">"), _("A block quotation is outside the subset.")),
    (
        re.compile(r"\[[^\]]+\]:|.*(\[\^|\^\[)"),
        _("Notes and link definitions are outside the subset."),
    ),
    (re.compile(r".*\$"), _("A dollar sign begins a formula; write '\\$'.")),
    (
        re.compile(r".*\\[A-Za-z]"),
        _("A backslash before a letter is LaTeX, which would be dropped."),
    ),
    (re.compile(r".*<[A-Za-z/!?]"), _("HTML may stand only in a raw HTML block.")),
    (re.compile(r".*!\["), _("A picture stands alone on its line, as a figure.")),
    (
        re.compile(r".*\{\{<"),
        _("The only shortcodes are 'include' and 'pagebreak', alone on a line."),
    ),
)

# In raw HTML: what a page that opens without a network, and for everyone, cannot hold.
_IN_HTML: tuple[tuple[re.Pattern[str], Text], ...] = (
    (
        re.compile(r"<script\b|<[^>]*\son\w+\s*=|javascript:", re.IGNORECASE),
        _("A report runs no script."),
    ),
    (
        re.compile(r"""\b(src|srcset)\s*=\s*["']?\s*(https?:|//)|url\(|@import""", re.IGNORECASE),
        _("A report fetches nothing from the network."),
    ),
    (
        re.compile(r"<(link|iframe|object|embed|base|meta|form|style)\b", re.IGNORECASE),
        _("This HTML element has no place in a report."),
    ),
    (
        re.compile(r"<img\b", re.IGNORECASE),
        _("A picture must be a figure, with caption and alt text."),
    ),
    (
        re.compile(r"<th(?![^>]*\bscope=)[\s>]", re.IGNORECASE),
        _("A table's header cell needs its scope."),
    ),
    (
        re.compile(r"<h[1-6]\b", re.IGNORECASE),
        _("Write headings as '##', so that the contents have them."),
    ),
)


def attributes(text: str) -> dict[str, str] | None:
    """The attributes of `{#id .class key="value"}`, without its braces; None if not so written."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        if match["id"]:
            found["id"] = match["id"]
        elif match["class"]:
            found["class"] = f"{found.get('class', '')} {match['class']}".strip()
        else:
            found[match["key"]] = match["bare"] if match["quoted"] is None else match["quoted"]
    return None if _ATTRIBUTE.sub("", text).strip() else found


def lint(lines: Sequence[Line]) -> Linted:
    """Every fault of these lines; their labels and references are `faults.across`'s to compare."""
    seen = Linted()
    prose = _outside_fences(lines, seen)
    _stands_apart(prose, seen)
    divs: list[tuple[Line, str]] = []  # those open at this line, and their kind
    for line in prose:
        if line.text.startswith(":::"):
            _div(line, divs, seen)
        elif line.text.startswith("!["):
            _figure(line, seen)
        elif not line.text.startswith(_FENCES):
            _prose(line, divs, seen)
    for opening, _kind in divs:
        seen.fault(opening, _("The div is never closed."))
    return seen


def _outside_fences(lines: Sequence[Line], seen: Linted) -> list[Line]:
    """The lines but for what stands between fences, which is looked at here."""
    prose = []
    fence: Line | None = None
    for line in lines:
        if fence is None:
            prose.append(line)
            if line.text.startswith(_FENCES):
                fence = line
                if line.text.rstrip() != "```{=html}":
                    seen.fault(
                        line, _("Only cells of Python and raw HTML may stand between fences.")
                    )
        elif line.text.startswith(fence.text[:3]):
            fence = None
        else:
            _html(line, seen)
    if fence is not None:
        seen.fault(fence, _("The block is never closed."))
    return prose


def _stands_apart(prose: Sequence[Line], seen: Linted) -> None:
    """Pandoc reads what begins a block as plain text where no blank line stands above it."""
    in_list = False
    for above, line in pairwise([Line("", 0, ""), *prose]):
        before, text = above.text.strip(), line.text.rstrip()
        apart = not before or before.startswith((":::", *_FENCES))
        in_list = bool(text) and (in_list or bool(_LIST.match(text) and apart))
        if _begins_a_block(text, before, in_list=in_list) and not apart:
            seen.fault(line, _("A blank line is missing above: this would be read as plain text."))
        elif before.startswith("![") and text and not text.startswith(":::"):
            seen.fault(line, _("A blank line is missing above: a figure stands alone."))


def _begins_a_block(text: str, before: str, *, in_list: bool) -> bool:
    if text.startswith("|"):
        return not before.startswith("|")
    if text.startswith(":::"):
        return text.strip(": ") != ""
    return text.startswith(("![", "##", *_FENCES)) or (not in_list and bool(_LIST.match(text)))


def _div(line: Line, divs: list[tuple[Line, str]], seen: Linted) -> None:
    written = line.text.strip().strip(":").strip()
    if not written:
        if divs:
            divs.pop()
        else:
            seen.fault(line, _("This closes a div that was never opened."))
        return
    found = attributes(written[1:-1]) if written[0] == "{" and written[-1] == "}" else None
    match found:
        case {"class": str(name), **rest} if name.removeprefix("callout-") in CALLOUTS and set(
            rest
        ) <= {"title"}:
            kind = "callout"
            if any(outer == "callout" for _line, outer in divs):
                seen.fault(line, _("A callout may not stand inside another."))
        case {"id": str(label), **rest} if label.startswith("tbl-") and not rest:
            kind = "table"
            seen.labels.append((label, line))
        case {"class": "content-visible" | "content-hidden", "when-format": str(name), **rest} | {
            "class": "content-visible" | "content-hidden",
            "unless-format": str(name),
            **rest,
        } if name in FORMATS and not rest:
            kind = "format"
        case _other:
            kind = "unknown"
            seen.fault(
                line,
                _(
                    "The only divs are callouts, '#tbl-' and those for a format (html, docx, typst)."
                ),
            )
    divs.append((line, kind))


def _figure(line: Line, seen: Linted) -> None:
    match = _IMAGE.fullmatch(line.text.strip())
    found = attributes(match["attributes"]) if match else None
    if match is None or found is None or not found.get("id", "").startswith("fig-"):
        seen.fault(line, _('A figure is written alone: ![caption](file){#fig-name fig-alt="…"}.'))
        return
    seen.labels.append((found["id"], line))
    if set(found) - {"id", "fig-alt"}:
        seen.fault(line, _("A figure has a label and a fig-alt, and nothing else."))
    if not found.get("fig-alt", "").strip():
        seen.fault(line, _("The figure has no alt text."))
    if not match["caption"].strip():
        seen.fault(line, _("The figure has no caption."))
    path = match["path"]
    if not path or ":" in path or path.startswith("/") or ".." in path.split("/"):
        seen.fault(line, _("A figure's file lies in the report's own folder."))
    _inline(line, match["caption"], seen)


def _prose(line: Line, divs: list[tuple[Line, str]], seen: Linted) -> None:
    text = line.text.strip()
    if text == "{{< pagebreak >}}" or (text.startswith("<!--") and text.endswith("-->")):
        return
    if heading := _HEADING.fullmatch(text):
        if divs and divs[-1][1] != "format":
            seen.fault(line, _("A heading may not stand inside a callout or a table."))
        if heading["attributes"] is not None:
            found = attributes(heading["attributes"])
            if found is None or set(found) != {"id"} or found["id"][:4] in {"fig-", "tbl-", "sec-"}:
                seen.fault(line, _("A heading takes no attribute but '#name'."))
            else:
                seen.labels.append((found["id"], line))
        text = heading["title"]
    _inline(line, text, seen)


def _inline(line: Line, text: str, seen: Linted) -> None:
    """What stands in running text: code, spans, links, references."""
    for code in _CODE.finditer(text):
        if code["inside"].startswith(("{python}", "r ")) or code["after"]:
            seen.fault(line, _("Inline expressions and raw inline text are outside the subset."))
    text = re.sub(r"\\[^A-Za-z0-9\s]", "", _CODE.sub("", text))  # without code and escaped signs
    for pattern, says in _OUTSIDE:
        if pattern.match(text):
            seen.fault(line, says)
    for trailing in _TRAILING.finditer(text):
        found = attributes(trailing["attributes"])
        allowed = {"lang"} if trailing["after"] == "]" else {"lang", "hreflang"}
        if not found or set(found) - allowed:
            seen.fault(line, _("A span or link takes no attribute but its language."))
    _references(line, text, seen)


def _references(line: Line, text: str, seen: Linted) -> None:
    for group in _GROUP.finditer(text):
        if not _ONE_REFERENCE.fullmatch(group[0]):
            seen.fault(line, _("Brackets hold one reference, with words before it or a '-'."))
    for reference in _REFERENCE.finditer(text):
        if reference[1].startswith(("fig-", "tbl-")):
            seen.references.append((reference[1], line))
        else:
            seen.fault(line, _("'@' begins a reference to a figure or table; write '\\@'."))


def _html(line: Line, seen: Linted) -> None:
    seen.labels.extend(
        (label, line) for label in re.findall(r"""\sid=["']([^"']+)["']""", line.text)
    )
    for pattern, says in _IN_HTML:
        if pattern.search(line.text):
            seen.fault(line, says)
