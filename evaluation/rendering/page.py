"""The last look at a finished page, whichever renderer made it: what no reader should ever meet."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from evaluation.errors import RenderError
from evaluation.language import Text, _
from evaluation.rendering.faults import under_each_other

_FETCHED = {"src", "srcset", "poster", "data"}
_LOADED_LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch"}


@dataclass
class _Seen:
    ids: Counter[str] = field(default_factory=Counter)
    targets: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    scripts: int = 0
    without_alt: int = 0
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = _Seen()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        seen = self.seen
        if found.get("id"):
            seen.ids[found["id"]] += 1
        if tag == "a" and found.get("href", "").startswith("#"):
            seen.targets.append(found["href"][1:])
        if re.fullmatch(r"h[1-6]", tag):
            seen.headings.append(int(tag[1]))
        if tag == "script":
            seen.scripts += 1
        if tag == "img" and not found.get("alt", "").strip():
            seen.without_alt += 1
        urls = [found[name] for name in _FETCHED & set(found)]
        if tag == "link" and _LOADED_LINKS & set(found.get("rel", "").split()):
            urls.append(found.get("href", ""))
        seen.fetched.extend(url[:80] for url in urls if url and not url.startswith("data:"))

    def handle_data(self, data: str) -> None:
        self.seen.text.append(data)


def check_page(html: str, *, scripts_allowed: bool) -> None:
    """Raise RenderError with every fault of a finished, self-contained page.

    `scripts_allowed` is for Quarto, whose own scripts lie inside the page.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    faults = _faults(reader.seen, scripts_allowed=scripts_allowed)
    if faults:
        raise RenderError(
            _(
                "The finished page is not fit to publish; nothing was published.\n{faults}",
                faults=under_each_other(faults),
            )
        )


def _faults(seen: _Seen, *, scripts_allowed: bool) -> list[Text]:
    repeated = sorted(name for name, count in seen.ids.items() if count > 1)
    dead = sorted({target for target in seen.targets if target and target not in seen.ids})
    steps = list(zip(seen.headings, seen.headings[1:], strict=False))
    words = "".join(seen.text)
    faults = [_("Two places have the label {label}.", label=label) for label in repeated]
    faults += [_("A link leads to {label}, which is not there.", label=label) for label in dead]
    faults += [_("The page would fetch {url}.", url=url) for url in sorted(set(seen.fetched))]
    faults += [
        _("A heading of level {below} follows one of level {above}.", below=below, above=above)
        for above, below in steps
        if below > above + 1
    ]
    if seen.headings.count(1) != 1:
        faults.append(
            _(
                "Number of headings of the first level: {n}; there must be one.",
                n=seen.headings.count(1),
            )
        )
    if seen.scripts and not scripts_allowed:
        faults.append(_("The page holds a script."))
    if seen.without_alt:
        faults.append(_("Number of pictures without alt text: {n}.", n=seen.without_alt))
    if "?@fig-" in words or "?@tbl-" in words:
        faults.append(_("A reference to a figure or table leads nowhere."))
    return faults
