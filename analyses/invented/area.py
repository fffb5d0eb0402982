"""Where the invented children live, and who sends which returns about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.nouns import Provider


@dataclass(frozen=True, slots=True)
class Area:
    """The local authorities of an area, by their codes in order, and the providers.

        children   the share of the children who live in each authority
        venues     how many venues of open access each has
        senders    the forms that each provider sends, by its name

    Who sends school closures tells of one authority each, in the same order.
    """

    children: Mapping[str, float]
    venues: Mapping[str, int]
    senders: Mapping[str, tuple[str, ...]]

    @property
    def education(self) -> dict[str, str]:
        """Who sends the closures of schools, and for which authority."""
        told = [name for name, forms in self.senders.items() if "school_closures" in forms]
        return dict(zip(told, self.children, strict=False))


GWENT = Area(
    children={
        "W06000018": 0.30,
        "W06000019": 0.13,
        "W06000020": 0.17,
        "W06000021": 0.12,
        "W06000022": 0.28,
    },
    venues={"W06000018": 3, "W06000019": 2, "W06000020": 2, "W06000021": 1, "W06000022": 4},
    senders={
        "gwent_police": ("children", "missing_episodes", "away_spells", "op_encompass_incidents"),
        "missing_meeting": ("meeting_decisions", "exploitation_assessments"),
        "st_giles": ("st_giles_referrals",),
        "positive_futures": ("positive_futures_referrals", "positive_futures_sessions"),
        "education_caerphilly": ("school_closures",),
        "education_blaenau_gwent": ("school_closures",),
        "education_torfaen": ("school_closures",),
        "education_monmouthshire": ("school_closures",),
        "education_newport": ("school_closures",),
    },
)


def area_with(authorities: Sequence[str], providers: Mapping[str, Provider]) -> Area:
    """Another body's area: its children spread evenly, and two venues in each authority."""
    return Area(
        children=dict.fromkeys(authorities, 1 / len(authorities)),
        venues=dict.fromkeys(authorities, 2),
        senders={name: provider.forms for name, provider in providers.items()},
    )
