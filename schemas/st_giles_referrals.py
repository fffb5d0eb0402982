"""Referrals to St Giles."""

from evaluation.language import _
from evaluation.returns.declaring import form
from schemas._referrals import RULES, Referrals, still_open


class StGilesReferrals(Referrals):
    """One row is one referral that was waiting, open or closed at any time in the quarter."""


FORM = form(
    StGilesReferrals,
    name="st_giles_referrals",
    title=_("St Giles referrals"),
    one_row_is=_("One referral that was waiting, open or closed at any time in the quarter"),
    sent_by=_("St Giles"),
    key=("referral_ref",),
    rules=RULES,
    carries=still_open,
)
