"""Targeted referrals to Positive Futures."""

from evaluation.language import _
from evaluation.returns.declaring import Words, code, form
from schemas._codes import codes
from schemas._referrals import RULES, Referrals, still_open


class PositiveFuturesReferrals(Referrals):
    """One row is one targeted referral; never an open-access attendance."""

    activity: Words = code(_("Activity"), codes("activity"), need="want")


FORM = form(
    PositiveFuturesReferrals,
    name="positive_futures_referrals",
    title=_("Positive Futures referrals"),
    one_row_is=_(
        "One targeted referral that was waiting, open or closed at any time in the quarter; "
        "never an open-access attendance"
    ),
    sent_by=_("Positive Futures"),
    key=("referral_ref",),
    rules=RULES,
    carries=still_open,
)
