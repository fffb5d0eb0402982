"""What was written down beforehand, what departs from it, and what could be seen at all."""

from __future__ import annotations

from IPython.display import Markdown

from analyses.plan import Plan, read_plan
from evaluation.errors import PlanError
from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from evaluation.wording import percent, three_figures
from reports.annex.covariates import TITLES
from reports.annex.main import COHORT, window
from reports.cells import counted, notes, value
from reports.reading import find
from reports.writing import Block, Words, bullets, grid, heading, page, prose


def section(release: Release, language: Language) -> Markdown:
    """The smallest effect to be seen, the plan's entries, departures, exploratory figures."""
    return page(
        language,
        heading(2, _("Pre-specification: the plan and departures")),
        prose(
            _(
                "The plan was written down before a result was seen. Its SHA-256: {hash}.",
                hash=release.plan,
            )
        ),
        *_entries(release),
        heading(3, _("Departures from the plan")),
        *_departures(release),
        heading(3, _("Minimum detectable effect: the smallest that could be seen")),
        *_detectable(release),
    )


def the_plan(release: Release) -> Plan | None:
    """The project's plan, if it is the one that this release was sealed with."""
    try:
        plan = read_plan()
    except PlanError:
        return None
    return plan if plan.hash == release.plan else None


def _entries(release: Release) -> list[Block | None]:
    plan = the_plan(release)
    if plan is None:
        return [
            prose(
                _(
                    "The plan in this version of the toolkit is another one, so its entries are not "
                    "shown here. Find the one with that hash in the project’s history."
                )
            )
        ]
    entries: list[tuple[Words, Words]] = [
        (_("Primary window"), _("{days} days", days=plan.window_days)),
        (_("All windows, in days"), ", ".join(map(str, plan.windows_days))),
        (
            _("Trigger"),
            _(
                "{episodes} episodes in the {days} days before a meeting",
                episodes=plan.trigger_episodes,
                days=plan.trigger_days,
            ),
        ),
        (_("History that a child must have, in days"), str(plan.history_days)),
        (_("Estimand"), _("The effect on the children referred (ATT)")),
        (_("Compared with"), _("Children who met the same trigger and were not referred then")),
        (
            _("Covariates (made alike in)"),
            tuple_of(TITLES.get(name, Text(name)) for name in plan.covariates),
        ),
        (_("Fewest children in each group"), str(plan.minimum_children_per_arm)),
        (_("Children for each parameter of the model"), str(plan.events_per_parameter)),
        (_("Confidence level of intervals"), percent(plan.confidence)),
        (_("Bootstrap replicates (whole children drawn again)"), f"{plan.bootstrap_replicates:,}"),
        (_("Sub-groups"), ", ".join(plan.sub_groups) or _("none")),
        (_("Number of sensitivity analyses named"), str(len(plan.sensitivity))),
        (_("Quarter of the conclusion"), _concluded(release)),
    ]
    return [
        grid(
            "plan",
            _("What the plan settles"),
            [(_("Entry"), "left"), (_("What it says"), "left")],
            entries,
        )
    ]


def tuple_of(words: object) -> Text:
    """Several words as one text: a list with commas in either language."""
    return _("{list}", list=tuple(words))  # type: ignore[arg-type]


def _concluded(release: Release) -> Text:
    if release.claim_quarter is None:
        return _("not known yet")
    return release.claim_quarter.title


def _departures(release: Release) -> list[Block | None]:
    exploratory = [figure for figure in release.figures if figure.role == "exploratory"]
    return [
        prose(
            _(
                "The plan that was used departs from the registered one in: {entries}. Its answers "
                "are exploratory, and no claim is made from them.",
                entries=", ".join(release.claiming.departs),
            )
            if release.claiming.departs
            else _("The plan that was used is the registered one."),
            _(
                "Figures stamped exploratory, because the plan does not name them: {times}.",
                times=len(exploratory),
            ),
        ),
        bullets(dict.fromkeys(_place(figure.measure, figure.group) for figure in exploratory[:20]))
        if exploratory
        else None,
    ]


def _place(measure: str, group: str) -> str:
    return measure if group in {"all", "contrast"} else f"{measure}: {group}"


def _detectable(release: Release) -> list[Block | None]:
    found = sorted(
        find(release, "minimum_detectable_rate_ratio", section="re_missing", cohort=COHORT),
        key=lambda figure: figure.days or 0,
    )
    if not found:
        return [prose(_("How large a difference could be seen is not known for this quarter."))]
    return [
        prose(
            _(
                "With the power that the plan asks for, from its planning values and the number "
                "of children alone; never from the result. A smaller effect would probably be "
                "missed."
            )
        ),
        grid(
            "detectable",
            _("Rate ratios that could be expected to show"),
            [
                (_("Window"), "left"),
                (_("Fewer: this or less"), "right"),
                (_("More: this or more"), "right"),
                (_("Children"), "right"),
            ],
            [
                (
                    window(figure),
                    three_figures(figure.low) if figure.low is not None else value(figure, three_figures),
                    three_figures(figure.high) if figure.high is not None else value(figure, three_figures),
                    counted(figure),
                )
                for figure in found
            ],
        ),
        notes(found),
    ]  # fmt: skip
