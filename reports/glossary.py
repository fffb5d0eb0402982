"""The words that a reader may not know, and the links that lead to them from the text.

A report that uses `page` from here holds the section of `entries` somewhere: each word of it
becomes a link where a section first uses it, in running text and lists, in either language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from reports import writing
from reports.writing import Block, heading, prose


@dataclass(frozen=True, slots=True)
class Word:
    """One entry: its anchor, its title, its meaning, and the forms in which it stands in a text.

    `forms` are separated by semicolons, the longest first; in Welsh they have the mutations too.
    """

    anchor: str
    title: Text
    meaning: Text
    forms: Text


WORDS = (
    Word(
        "missing-episode",
        _("Missing episode"),
        _(
            "One time that a child was reported missing, from the report to the return. Episodes "
            "that overlap are counted as one."
        ),
        _("missing episodes; missing episode"),
    ),
    Word(
        "return-interview",
        _("Return home interview"),
        _(
            "The talk that is offered when a child comes back. In Wales the offer is not a duty in "
            "law."
        ),
        _("return home interviews; return home interview"),
    ),
    Word(
        "trigger",
        _("Trigger"),
        _("What makes a child eligible: repeated missing episodes shortly before a meeting."),
        _("trigger"),
    ),
    Word(
        "time-zero",
        _("Time zero"),
        _("The meeting at which a child first met the trigger. Children are followed from there."),
        _("time zero"),
    ),
    Word(
        "comparison-group",
        _("Comparison group"),
        _("Children who met the same trigger and were not referred at that meeting."),
        _("comparison group"),
    ),
    Word(
        "days-at-risk",
        _("Days at risk"),
        _("Days on which a child could go missing: not those spent wholly missing or away."),
        _("days at risk; day at risk"),
    ),
    Word(
        "rate-ratio",
        _("Rate ratio"),
        _(
            "Episodes per day at risk of the children referred, divided by those of the comparison "
            "group. Below 1 is fewer."
        ),
        _("rate ratios; rate ratio"),
    ),
    Word(
        "interval",
        _("Interval"),
        _("The range of values that fit the data. The wider it is, the less is known."),
        _("confidence interval; intervals; interval"),
    ),
    Word(
        "weighting",
        _("Weighting"),
        _(
            "Children of the comparison group count for more the more they resemble the children "
            "who were referred."
        ),
        _("weighting; weighted"),
    ),
    Word(
        "design-level",
        _("Strength of the design"),
        _(
            "The Maryland scale, from 1 to 5: how much a design can bear. A count at one time is 1, "
            "before and after is 2, and a comparison group 3."
        ),
        _("strength of the design; level 1 of 5; level 2 of 5; level 3 of 5"),
    ),
    Word(
        "inconclusive",
        _("Inconclusive"),
        _("The data fit fewer, more, and no difference. It does not mean ‘no effect’."),
        _("inconclusive"),
    ),
    Word(
        "interim",
        _("Interim"),
        _("Shown for watching, in a quarter in which the plan allows no conclusion."),
        _("interim"),
    ),
    Word(
        "control-chart",
        _("Limits of a chart"),
        _(
            "The range within which a series moves by chance, three standard deviations either side "
            "of its mean. What lies outside, and long runs, stand out."
        ),
        _("limits; usual range"),
    ),
    Word(
        "chance",
        _("Room for chance"),
        _(
            "How far the share of a place may lie from that of all places by chance alone: more "
            "for a place with few children."
        ),
        _("room for chance"),
    ),
    Word(
        "exploitation-band",
        _("Exploitation band"),
        _(
            "What an assessment says of the risk that a child is exploited: no concern, mild, "
            "moderate or significant."
        ),
        _("exploitation bands; exploitation band"),
    ),
    Word(
        "op-encompass",
        _("Op Encompass"),
        _(
            "Police tell a child’s school of an incident of domestic abuse, so that the school can "
            "support the child on its next day."
        ),
        _("Op Encompass"),
    ),
    Word(
        "open-access",
        _("Open access"),
        _("Sessions to which any child may come. Heads are counted; who came is not recorded."),
        _("open-access; open access"),
    ),
    Word(
        "withheld",
        _("Withheld"),
        _("Not shown, because a child might be found. In tables: [c]."),
        _("withheld; withholds"),
    ),
)


def page(language: Language, *blocks: Block | None) -> Markdown:
    """A section whose first use of each word in running text leads to its entry."""
    written = str(writing.page(language, *blocks).data)
    met: set[str] = set()
    parts, is_table = [], False
    for part in written.split("\n\n"):
        is_table = part.startswith("::: {#tbl-") or (is_table and part.strip() != ":::")
        parts.append(part if is_table else _linked(part, language, met))
    return Markdown("\n\n".join(parts))  # type: ignore[no-untyped-call]


def entries() -> list[Block]:
    """The words in the order of the list, each a heading that can be led to, and its meaning."""
    return [block for word in WORDS for block in (_anchored(word), prose(word.meaning))]


def _anchored(word: Word) -> Block:
    return lambda language: f"{heading(3, word.title)(language)} {{#word-{word.anchor}}}"


_NOT_RUNNING = ("#", ":::", "!", "<", "`", "|", "\n")
"""How what is no running text begins: headings, boxes, pictures, tables."""


def _linked(part: str, language: Language, met: set[str]) -> str:
    """One paragraph or list, with a link at each word that was not met before in the section."""
    if part.startswith(_NOT_RUNNING):
        return part

    def link(found: re.Match[str]) -> str:
        anchor = next(name for name, words in found.groupdict().items() if words is not None)
        if anchor in met:
            return found[0]
        met.add(anchor)
        return f"[{found[0]}](#word-{anchor.replace('_', '-')})"

    return _forms(language).sub(link, part)


@lru_cache
def _forms(language: Language) -> re.Pattern[str]:
    """Every form of every word, the longest first, as whole words and whatever the case."""
    named = [
        (form.strip(), word.anchor.replace("-", "_"))
        for word in WORDS
        for form in word.forms.to(language).split(";")
    ]
    of: dict[str, list[str]] = {}
    for form, anchor in sorted(named, key=lambda each: -len(each[0])):
        of.setdefault(anchor, []).append(re.escape(form))
    ordered = sorted(of.items(), key=lambda each: -max(map(len, each[1])))
    alternatives = "|".join(f"(?P<{anchor}>{'|'.join(forms)})" for anchor, forms in ordered)
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])", re.IGNORECASE)
