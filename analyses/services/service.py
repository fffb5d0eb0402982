"""What there is to know of a service that takes targeted referrals: its name and its form."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.language import Text, _


@dataclass(frozen=True, slots=True)
class Service:
    """One service: the name of its provider, its title for a reader, and the form it sends."""

    name: str
    title: Text
    form: str

    def cohort(self, which: str) -> str:
        """The name of one of its cohorts: 'st_giles_12_months'."""
        return f"{self.name}_{which}"


ST_GILES = Service("st_giles", _("St Giles"), "st_giles_referrals")
POSITIVE_FUTURES = Service("positive_futures", _("Positive Futures"), "positive_futures_referrals")

SERVICES = (ST_GILES, POSITIVE_FUTURES)
