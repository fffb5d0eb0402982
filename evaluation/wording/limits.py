"""'What this can and cannot say': a panel beside every comparison."""

from __future__ import annotations

from evaluation.language import Text, _
from evaluation.nouns import Figure
from evaluation.wording.reasons import ASSUMPTIONS, LEVELS


def can_and_cannot(figure: Figure | None) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """What a comparison can say, and what it cannot: its unmet assumptions stand in the second.

    Without a value it can say nothing yet, and cannot be read as 'no effect'.
    """
    if figure is None or figure.value is None:
        return (
            (_("Nothing yet: there is no figure to read."),),
            (_("That the service has no effect. No figure is not a figure of zero."),),
        )
    can = [
        _("How often children who were referred went on to have what is counted here, beside "
          "children who met the same trigger on a day of their own and were not referred then."),
        _("How sure we can be: every value inside the interval fits the data."),
    ]  # fmt: skip
    if figure.design_level is not None:
        can.append(_("The strength of the design: {level}", level=LEVELS[figure.design_level]))
    cannot = [
        _("That the service is the cause of a difference. Children were not chosen by lot."),
        *(ASSUMPTIONS.get(code, Text(code)) for code in figure.unmet),
        _("What will happen to any one child."),
        _("Anything about what was not reported. Only what is reported can be counted."),
    ]
    return tuple(can), tuple(cannot)
