"""Going missing again: children referred beside like children who were not."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from evaluation.wording import can_and_cannot
from reports.cells import counted, notes
from reports.quarterly import comparison, survival
from reports.reading import every, primary
from reports.writing import Block, Words, bullets, callout, grid, heading, page, prose, strong

FLOW = {
    "discussed": _("All children discussed at a meeting"),
    "never_met_trigger": _("Left out: never met the trigger"),
    "not_a_child": _("Left out: 18 or over, or not in the children’s return"),
    "already_referred": _("Left out: referred before, or already supported"),
    "referred_elsewhere": _("Left out: referred to another service at that meeting"),
    "short_history": _("Left out: too little history on record"),
    "no_follow_up": _("Left out: no follow-up on record"),
    "referred": _("Compared: referred at that meeting"),
    "not_referred": _("Compared: not referred at that meeting"),
}

MEASURE = _("Going missing again after a referral to St Giles")


def section(release: Release, language: Language) -> Markdown:
    """What could be seen, who was compared, what is seen, and what it cannot say."""
    said = comparison.claim(release)
    limits = can_and_cannot(primary(release))
    return page(
        language,
        heading(2, _("Going missing again")),
        prose(
            _(
                "Do children who are referred to St Giles after repeated missing episodes go "
                "missing less often afterwards than like children who were not referred? Both "
                "groups had met the same trigger on the day from which they are followed."
            )
        ),
        heading(3, _("What could be seen at all")),
        prose(comparison.detectable(release), comparison.as_ratios(release)),
        heading(3, _("Who is compared")),
        *_flow(release),
        *comparison.groups(release),
        prose(comparison.crossed_over(release)),
        heading(3, _("What the figures show")),
        strong(said.headline),
        bullets(said.sentences),
        *survival.drawn(release),
        *comparison.windows(release),
        *comparison.checks(release),
        callout(
            "note",
            _("What this can and cannot say"),
            prose(_("It can say:")),
            bullets(limits.can),
            prose(_("It cannot say:")),
            bullets(limits.cannot),
            prose(_("What weakens it:") if limits.weakened_by else None),
            bullets(limits.weakened_by),
        ),
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """The claim, in its headline."""
    return MEASURE, comparison.claim(release).headline


def _flow(release: Release) -> list[Block | None]:
    flow = every(
        release, section="re_missing", measure="flow", cohort="discussed", outcome="re_missing"
    )
    if not flow:
        return [prose(_("This release does not hold who was compared."))]
    return [
        grid(
            "flow",
            _("From the children discussed to the children compared"),
            [(_("Children"), "left"), (_("Number of children"), "right")],
            [(FLOW.get(figure.group, Text(figure.group)), counted(figure)) for figure in flow],
        ),
        notes(flow),
    ]
