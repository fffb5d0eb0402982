"""What this report can say of each matter, and what it cannot."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, _
from evaluation.nouns import Release
from evaluation.wording import LEVELS
from reports.glossary import page
from reports.writing import bullets, grid, heading, prose

SAYS = (
    (
        _("Going missing again"),
        _("Whether children referred went missing more or less often than similar children."),
        _("That the service is the cause. Children were not chosen by lot."),
    ),
    (
        _("Missing episodes each month"),
        _("Which months are out of the usual."),
        _("Why they are. A change of recording looks like a change of behaviour."),
    ),
    (
        _("Before and after, and exploitation risk"),
        _("How children who were seen twice changed."),
        _(
            "That the service did it. Children are referred at their worst, so most look better later anyway."
        ),
    ),
    (
        _("Referrals and who was reached"),
        _("How many come how far, how long they wait, and which groups are reached."),
        _("Whether those who were reached fared better for it, or why groups differ."),
    ),
    (
        _("Op Encompass"),
        _("Whether schools are told, and how soon."),
        _("What became of the children, or that one authority is better than another."),
    ),
    (
        _("Open access"),
        _("How much was offered, and how many heads were counted."),
        _("Anything about a child."),
    ),
)


def section(_release: Release, language: Language) -> Markdown:
    """One line a matter, then what holds of all of them."""
    return page(
        language,
        heading(2, _("What can and cannot be said")),
        grid(
            "says",
            _("What this report can say, and what it cannot"),
            [
                (_("Subject"), "left"),
                (_("It can say"), "left"),
                (_("It cannot say"), "left"),
            ],
            SAYS,
        ),
        prose(
            _(
                "Of everything here, only what was reported and recorded can be counted. A child whom "
                "nobody reported missing is in no figure, and a return that has not come is not a "
                "return of nothing."
            )
        ),
        prose(_("The Maryland scale says how much a design can bear, from 1 to 5.")),
        bullets(LEVELS.values()),
    )
