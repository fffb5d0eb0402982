"""Bands before and after: the square table, its rows, and who went which way."""

from __future__ import annotations

from analyses.relations.told import Item, Told
from analyses.services.risk_pairs import BANDS
from evaluation.disclosure import Relation, nested, sums, told_by

SECTION = "risk_change"


def relations(told: Told) -> list[Relation]:
    """Of the section 'risk_change'."""
    found: list[Relation] = []
    for cohort in told.cohorts(SECTION, "assessed_at_referral"):
        assessed = told.one(SECTION, "assessed_at_referral", cohort=cohort)
        again = told.all(SECTION, "reassessed", cohort=cohort)
        whole = next((each for each in again if each.group == "all"), None)
        bands = [each for each in again if each.group != "all"]
        pairs = {each.group: each for each in told.all(SECTION, "band_pair", cohort=cohort)}
        if assessed is None or whole is None or not pairs:
            continue
        found.append(sums(told.cell(assessed), told.cell(whole, "of")))
        found += told.total(whole, bands) + told.total(whole, bands, "of")
        found += [sums(told.cell(whole), told.cell(pair, "of")) for pair in pairs.values()]
        found += told.total(whole, pairs.values())
        for band in bands:
            row = [pairs[f"{band.group}>{after}"] for after in BANDS]
            found += told.total(band, row)
        found += _ways(told, cohort, pairs)
        for test in ("bowker", "stuart_maxwell", "higher_band_odds_ratio"):
            for figure in told.all(SECTION, test, cohort=cohort):
                found.append(sums(told.cell(whole), told.cell(figure)))
                if test != "higher_band_odds_ratio":
                    found.append(told_by(figure, *map(told.cell, pairs.values())))
    return found


def _ways(told: Told, cohort: str | None, pairs: dict[str, Item]) -> list[Relation]:
    """Down, same and up are sums of the table's cells; bounds add those who were not reassessed."""
    place = {band: number for number, band in enumerate(BANDS)}
    found: list[Relation] = []
    for figure in told.all(SECTION, "band_change", cohort=cohort):
        own = []
        for group, pair in pairs.items():
            before, after = (place[band] for band in group.split(">"))
            way = "same" if before == after else "up" if after > before else "down"
            if way == figure.group:
                own.append(pair)
        found += told.total(figure, own)
        found += [sums(told.cell(figure, "of"), *(told.cell(pair) for pair in pairs.values()))]
        lowest, highest = (
            told.one(SECTION, measure, cohort=cohort, group=figure.group)
            for measure in ("lowest_share", "highest_share")
        )
        found += told.alike([figure, lowest]) + told.alike([lowest, highest], "of")
        if lowest is not None and highest is not None:
            found.append(nested(told.cell(lowest), told.cell(highest)))
            assessed = told.one(SECTION, "assessed_at_referral", cohort=cohort)
            found += (
                [] if assessed is None else [sums(told.cell(assessed), told.cell(lowest, "of"))]
            )
    return found
