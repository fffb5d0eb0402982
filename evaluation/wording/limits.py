"""'What this can and cannot say': a panel beside every comparison."""

from __future__ import annotations

from typing import NamedTuple

from evaluation.language import Text, _
from evaluation.nouns import Figure
from evaluation.wording.reasons import ASSUMPTIONS, LEVELS


class Limits(NamedTuple):
    """What a comparison can say, what it cannot, and what weakens it: its unmet assumptions."""

    can: tuple[Text, ...]
    cannot: tuple[Text, ...]
    weakened_by: tuple[Text, ...]


def can_and_cannot(figure: Figure | None) -> Limits:
    """The limits of a comparison of children referred with children who were not.

    Without a value it can say nothing yet, and that is not 'no effect'.
    """
    if figure is None or figure.value is None:
        return Limits(
            can=(_("Nothing yet: there is no figure to read."),),
            cannot=(_("That the service has no effect. No figure is not a figure of zero."),),
            weakened_by=(),
        )
    can = [
        _(
            "How often it happened to children who were referred, beside children who met the same "
            "trigger and were not referred then."
        ),
        _("How sure we can be: every value inside the interval fits the data."),
    ]
    if figure.design_level is not None:
        can.append(_("Strength of the design: {level}", level=LEVELS[figure.design_level]))
    return Limits(
        can=tuple(can),
        cannot=(
            _("That the service is the cause of a difference. Children were not chosen by lot."),
            _("What will happen to any one child."),
            _("Anything about what was not reported. Only what is reported can be counted."),
        ),
        weakened_by=tuple(ASSUMPTIONS.get(code, Text(code)) for code in figure.unmet),
    )
