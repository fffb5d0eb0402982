"""The first page: is it working, how sure are we, what changed, what needs a decision."""

from __future__ import annotations

from collections.abc import Iterator

from IPython.display import Markdown

from evaluation.language import Language, Text, _, is_draft
from evaluation.nouns import Release
from evaluation.wording import LEVELS, count
from reports.cells import counted, value
from reports.quarterly.sections import completeness, monitoring, re_missing
from reports.reading import pick, primary
from reports.writing import Block, bullets, callout, heading, month, page, prose, strong


def section(release: Release, language: Language) -> Markdown:
    """One screen for a reader in a hurry; all of it comes back in full further down."""
    said = re_missing.claim(release)
    return page(
        language,
        _draft(language),
        _invented(release),
        heading(2, _("Main points")),
        heading(3, _("Is it working?")),
        strong(said.headline),
        prose(said.meaning, said.per_100 or said.ratio),
        heading(3, _("How sure are we?")),
        prose(*_sure(release)),
        heading(3, _("What changed?")),
        prose(*_changed(release)),
        heading(3, _("What needs a decision?")),
        bullets(_decisions(release)),
    )


def _draft(language: Language) -> Block | None:
    if not is_draft(language):
        return None
    return callout(
        "important",
        _("Draft translation"),
        prose(
            _("Nobody has approved this translation yet. Where the two languages differ, tell us.")
        ),
    )


def _invented(release: Release) -> Block | None:
    """A report from invented returns must not be taken for one about children."""
    if release.versions.get("data") != "invented":
        return None
    return callout(
        "warning",
        _("Invented data"),
        prose(
            _(
                "Every figure in this report comes from invented returns. It shows what a report "
                "looks like. It says nothing about any child, service or place."
            )
        ),
    )


def _sure(release: Release) -> Iterator[Text | None]:
    said = re_missing.claim(release)
    yield said.sizes
    yield re_missing.detectable(release)
    yield re_missing.crossed_over(release)
    ratio = primary(release)
    if ratio is not None and ratio.value is not None and ratio.design_level is not None:
        yield LEVELS[ratio.design_level]


def _changed(release: Release) -> Iterator[Text | None]:
    months = monitoring.series(release)
    last = [f for f in months.figures if f.group >= str(release.quarter.first_day)[:7]]
    if last:
        yield _(
            "Missing episodes begun this quarter: {months}.",
            months=tuple(
                _("{month}, {episodes}", month=month(f.group), episodes=value(f, count))
                for f in last
            ),
        )
    yield monitoring.usual(months)
    yield monitoring.stands_out(months)
    referred = pick(release, section="referrals", measure="referred")
    yield _(
        "Children referred to St Giles in the last 12 months: {referred}.",
        referred=counted(referred),
    )


def _decisions(release: Release) -> Iterator[Text]:
    """What somebody has to do or settle, the most pressing first."""
    for provider, forms in completeness.absent_now(release):
        yield _(
            "{provider} has not sent: {forms}. Decide who asks for them, and by when.",
            provider=provider,
            forms=forms,
        )
    waiting = pick(release, section="referrals", measure="waiting_now")
    if waiting is not None and waiting.children:
        yield _(
            "Children waiting for St Giles to decide: {waiting}. Ask whether there are places.",
            waiting=count(waiting.children),
        )
    if release.quarter == release.claim_quarter:
        yield _(
            "This is the quarter that the plan names for a conclusion. Settle what follows from "
            "it, and which question the next plan asks."
        )
    else:
        yield _(
            "Nothing about the service should be settled on the comparison in this report. The "
            "plan’s conclusion belongs to the returns up to {quarter}.",
            quarter=release.claim_quarter.title,
        )
