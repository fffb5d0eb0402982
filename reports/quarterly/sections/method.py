"""How the figures were made, and what the release is made of."""

from __future__ import annotations

from IPython.display import Markdown

from analyses.plan import Plan, read_plan
from evaluation.errors import PlanError
from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from evaluation.wording import METHODS
from reports.glossary import page
from reports.particulars import disclosure, versions
from reports.quarterly import flow
from reports.reading import body_of
from reports.writing import Block, Words, bullets, grid, heading, prose


def section(release: Release, language: Language) -> Markdown:
    """Method, disclosure control, and the release's own particulars."""
    return page(
        language,
        heading(2, _("How this was made")),
        *_comparison(release),
        flow.drawn(release),
        *_methods(release),
        heading(3, _("Protecting children")),
        *_disclosure(release),
        heading(3, _("What this report is made from")),
        *_made_from(release),
    )


def _plan(release: Release) -> Plan | None:
    """The project's plan, if it is the one that this release was sealed with."""
    try:
        plan = read_plan()
    except PlanError:
        return None
    return plan if plan.hash == release.plan else None


def _comparison(release: Release) -> list[Block | None]:
    plan = _plan(release)
    return [
        prose(
            _(
                "The question, the comparison and the quarter of the conclusion were written down "
                "in a plan before the results were seen."
            ),
            _(
                "Trigger: {episodes} missing episodes in the {days} days before a meeting. Each "
                "child enters once, at the first meeting at which that holds, and is followed for "
                "{window} days.",
                episodes=plan.trigger_episodes,
                days=plan.trigger_days,
                window=plan.window_days,
            )
            if plan
            else None,
            _(
                "Children referred at that meeting are compared with children who met the same "
                "trigger and were not. The comparison group is weighted to resemble them in what "
                "was known on that day: earlier episodes, age, sex, authority, care and risk. "
                "Children count as referred whether or not they took part."
            ),
        ),
        prose(
            _(
                "Intervals come from drawing whole children again many times and weighting afresh "
                "each time. A window counts only children whose days in it are complete on record."
            )
        ),
    ]


def _methods(release: Release) -> list[Block]:
    of_comparison = {f.method for f in release.figures if f.section == "re_missing"}
    used = sorted(of_comparison & set(METHODS))
    if not used:
        return []
    return [
        prose(_("Ways in which the figures of the comparison were made:")),
        bullets(METHODS[code] for code in used),
    ]


def _disclosure(release: Release) -> list[Block]:
    policy = release.policy
    return [
        prose(
            disclosure(release),
            _(
                "Percentages come from rounded counts of {base} or more and are whole numbers. "
                "Ratios and rates have two significant figures, and hundredths below 2. A survival curve is cut where "
                "fewer than {risk} children are still followed.",
                base=_number(policy, "percentage_base"),
                risk=_number(policy, "fewest_at_risk"),
            ),
        ),
        bullets(
            (
                _("[c]: withheld to protect children."),
                _("[x]: not available; the reason stands under the table."),
            )
        ),
    ]


def _number(policy: object, name: str) -> int:
    held = policy.get(name, 0) if isinstance(policy, dict) else 0
    return int(held)


def _made_from(release: Release) -> list[Block]:
    body = body_of(release)
    particulars: list[tuple[Words, Words]] = [
        (_("Body"), body.name),
        (_("Quarter"), release.quarter.title),
        (_("Made on"), _("{day}", day=release.made_on)),
        (_("Quarter of the conclusion"), _concluded(release)),
        *(((_("Departs from the plan in"), ", ".join(release.claiming.departs)),)
          if release.claiming.departs else ()),
        (_("Snapshot of the returns"), release.snapshot),
        (_("Plan (SHA-256, its beginning)"), release.plan[:16]),
        *versions(release),
    ]  # fmt: skip
    return [
        prose(
            _(
                "Every figure is in one release file, and the report reads nothing else. Both "
                "languages are made from the same file at the same moment."
            )
        ),
        grid(
            "particulars",
            _("Particulars of the release"),
            [(_("What"), "left"), (_("Which"), "left")],
            particulars,
        ),
    ]


def _concluded(release: Release) -> Text:
    """The quarter of the conclusion, where anybody can know it."""
    if release.claim_quarter is None:
        return _("not known yet")
    return release.claim_quarter.title
