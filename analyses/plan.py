"""The analysis plan: read from `plan.toml`, checked, and sealed with the hash of the file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from analyses.covariates import COVARIATES
from analyses.outcomes import OUTCOMES
from evaluation.errors import PlanError, WrongUse
from evaluation.language import Text, _
from evaluation.quarters import Quarter
from evaluation.wording import ASSUMPTIONS


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked, of whom, and when it may be answered; `plan.toml` explains each entry.

    `windows_days` holds `window_days`, the primary one. `episodes_per_100_child_days`,
    `dispersion` and `power` are planning values. `hash` is the SHA-256 of the file, whatever its
    line ends. An entry that may be left out belongs to one rule of claiming alone.
    """

    title: str
    outcome: str
    secondary_outcomes: tuple[str, ...]
    window_days: int
    windows_days: tuple[int, ...]
    estimand: str
    co_primary: tuple[str, ...]
    agreement: str
    trigger_episodes: int
    trigger_days: int
    history_days: int
    age_limit: int
    comparator: str
    exclusions: tuple[str, ...]
    covariates: tuple[str, ...]
    events_per_parameter: int
    minimum_children_per_arm: int
    confidence: float
    bootstrap_replicates: int
    seed: int
    sub_groups: tuple[str, ...]
    multiplicity: str
    sensitivity: tuple[str, ...]
    claim_rule: str
    claim_blocked_by: tuple[str, ...]
    episodes_per_100_child_days: float
    dispersion: float
    power: float
    hash: str
    claim_quarter: Quarter | None = None
    claim_children_per_arm: int | None = None
    claim_looks: tuple[Quarter, ...] | None = None

    @property
    def secondary_windows(self) -> tuple[int, ...]:
        return tuple(days for days in self.windows_days if days != self.window_days)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome that the plan names, the primary one first."""
        return (self.outcome, *self.secondary_outcomes)


ESTIMANDS = ("ATT",)
COMPARATORS = ("not_referred",)
AGREEMENTS = ("first", "both")
MULTIPLICITY = ("holm", "benjamini_hochberg")
"""What an entry may say: what the analyses can do, and nothing that they would leave undone."""

CLAIM_RULES: Mapping[str, tuple[str, ...]] = {
    "by_date": ("claim_quarter",),
    "by_children": ("claim_children_per_arm",),
    "by_spending": ("claim_children_per_arm", "claim_looks"),
}
"""When a claim may be made, and the entries that each rule needs; the others are left out."""


def departures(plan: Plan, registered: Plan | None = None) -> tuple[str, ...]:
    """The entries in which a plan differs from the one that was registered, by name.

    `registered` is the project's own plan, in `plan.toml`, unless it is given. Comments and the
    title are no entries: nothing is computed from them.
    """
    written = registered or read_plan()
    names = (item.name for item in fields(Plan) if item.name not in {"title", "hash"})
    return tuple(name for name in names if getattr(plan, name) != getattr(written, name))


def read_plan(path: Path | None = None) -> Plan:
    """The plan in `path`, or the project's own.

    Raises PlanError if the file is not TOML, lacks an entry, has one that nobody reads (a
    misspelt entry would otherwise be ignored in silence), or contradicts itself.
    """
    content = (path or files("analyses") / "plan.toml").read_bytes()
    try:
        written = dict(_entries(tomllib.loads(content.decode())))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise PlanError(_("The plan is not valid TOML: {fault}.", fault=str(fault))) from fault
    wanted = {item.name for item in fields(Plan)} - {"hash"}
    rules = {entry for needs in CLAIM_RULES.values() for entry in needs}
    for name in sorted(wanted - rules - written.keys()):
        raise PlanError(_("The plan lacks the entry ‘{entry}’. Add it.", entry=name))
    for name in sorted(written.keys() - wanted):
        raise PlanError(
            _(
                "The plan has an entry ‘{entry}’ that nothing reads. Correct or remove it.",
                entry=name,
            )
        )
    # Git on Windows may write other line ends; the plan is the same plan.
    seal = sha256(content.replace(b"\r\n", b"\n")).hexdigest()
    plan = Plan(**_typed(written), hash=seal)
    for holds, says in _conditions(plan):
        if not holds:
            raise PlanError(_("The plan cannot be used: {says}.", says=says))
    return plan


def _entries(document: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The file's entries; its sections are for the reader alone."""
    for entry, held in document.items():
        if isinstance(held, dict):
            yield from held.items()
        else:
            yield entry, held


def _typed(written: Mapping[str, object]) -> dict[str, Any]:
    """The entries in the types of a Plan. Raises PlanError at the first of another type."""
    typed: dict[str, Any] = {}
    for item in fields(Plan):
        if item.name not in written:
            continue
        value = written[item.name]
        match str(item.type).removesuffix(" | None"), value:
            case "int", int() if not isinstance(value, bool):
                typed[item.name] = value
            case "float", int() | float() if not isinstance(value, bool):
                typed[item.name] = float(value)
            case "str", str():
                typed[item.name] = value
            case "tuple[int, ...]", list() if all(type(part) is int for part in value):
                typed[item.name] = tuple(value)
            case "tuple[str, ...]", list() if all(isinstance(part, str) for part in value):
                typed[item.name] = tuple(value)
            case "Quarter", str():
                typed[item.name] = _quarter(value, item.name)
            case "tuple[Quarter, ...]", list() if all(isinstance(part, str) for part in value):
                typed[item.name] = tuple(_quarter(part, item.name) for part in value)
            case _other:
                raise PlanError(
                    _("The plan's entry ‘{entry}’ is of the wrong type.", entry=item.name)
                )
    return typed


def _quarter(text: str, entry: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except WrongUse as fault:
        raise PlanError(
            _("The plan's entry ‘{entry}’: {fault}", entry=entry, fault=fault.text)
        ) from fault


def _conditions(plan: Plan) -> Iterator[tuple[bool, Text]]:
    """What a plan must keep to, each with the words for a plan that does not."""
    strangers = [name for name in plan.outcomes if name not in OUTCOMES]
    yield not strangers, _("there is no outcome ‘{name}’", name="".join(strangers[:1]))
    yield (
        len(plan.outcomes) == len(set(plan.outcomes)),
        _("an outcome stands twice: the primary one is not secondary"),
    )
    yield (
        plan.window_days in plan.windows_days,
        _("the primary window of {days} days is not among the windows", days=plan.window_days),
    )
    yield (
        list(plan.windows_days) == sorted(set(plan.windows_days)) and plan.windows_days[0] > 0,
        _("the windows are not whole days in rising order"),
    )
    unknown = [name for name in plan.covariates if name not in COVARIATES]
    yield not unknown, _("there is no covariate ‘{name}’", name="".join(unknown[:1]))
    yield (
        0 < len(plan.covariates) == len(set(plan.covariates)),
        _("a covariate stands twice, or there is none"),
    )
    strangers = [name for name in plan.sub_groups if name not in COVARIATES]
    yield not strangers, _("there is no covariate ‘{name}’", name="".join(strangers[:1]))
    yield (
        0 < len(plan.co_primary) == len(set(plan.co_primary)) <= 2,
        _("there is one main figure, or there are two of different cohorts"),
    )
    yield (
        plan.agreement != "both" or len(plan.co_primary) == 2,
        _("‘agreement’ says ‘both’, and there is one main figure"),
    )
    yield (
        len(plan.exclusions) == len(set(plan.exclusions)),
        _("an exclusion stands twice"),
    )
    for entry, may_be in (
        ("estimand", ESTIMANDS),
        ("comparator", COMPARATORS),
        ("agreement", AGREEMENTS),
        ("multiplicity", MULTIPLICITY),
        ("claim_rule", tuple(CLAIM_RULES)),
    ):
        yield (
            getattr(plan, entry) in may_be,
            _(
                "‘{entry}’ says ‘{said}’, and may say: {known}",
                entry=entry,
                said=getattr(plan, entry),
                known=", ".join(may_be),
            ),
        )
    yield from _about_claims(plan)
    yield (
        min(plan.trigger_episodes, plan.trigger_days, plan.events_per_parameter) >= 1,
        _("the trigger and the children for each parameter are at least 1"),
    )
    yield (
        plan.trigger_days <= plan.history_days,
        _("the trigger looks back further than the history that a child must have"),
    )
    yield (
        plan.minimum_children_per_arm >= 2,
        _("a comparison needs at least 2 children in each arm"),
    )
    yield (
        plan.bootstrap_replicates >= 1 and plan.seed >= 0,
        _("the number of replicates is at least 1 and the seed is not negative"),
    )
    yield (
        0 < plan.confidence < 1 and 0 < plan.power < 1,
        _("confidence and power lie between 0 and 1"),
    )
    yield (
        plan.episodes_per_100_child_days > 0 and plan.dispersion >= 0,
        _("the planned rate is above 0 and the dispersion is not negative"),
    )


def _about_claims(plan: Plan) -> Iterator[tuple[bool, Text]]:
    """What the rule for claims must keep to: an entry that it does not read would mislead."""
    needs = CLAIM_RULES.get(plan.claim_rule, ())
    for entry in dict.fromkeys(entry for each in CLAIM_RULES.values() for entry in each):
        given = getattr(plan, entry) is not None
        yield (
            given or entry not in needs,
            _("the rule ‘{rule}’ needs the entry ‘{entry}’", rule=plan.claim_rule, entry=entry),
        )
        yield (
            not given or entry in needs,
            _("the rule ‘{rule}’ reads no ‘{entry}’", rule=plan.claim_rule, entry=entry),
        )
    unknown = [code for code in plan.claim_blocked_by if code not in ASSUMPTIONS]
    yield not unknown, _("there is no assumption ‘{name}’", name="".join(unknown[:1]))
    children, looks = plan.claim_children_per_arm, plan.claim_looks
    yield (
        children is None or children >= plan.minimum_children_per_arm,
        _("a claim from fewer children than any comparison needs"),
    )
    yield (
        looks is None or (len(looks) > 0 and list(looks) == sorted(set(looks))),
        _("the looks are not quarters in rising order"),
    )
