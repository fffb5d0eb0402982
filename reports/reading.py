"""What a report may read: the release file, and the body that it is made for."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from analyses.monitoring import ABOUT, SERIES
from analyses.services import costs
from evaluation.disclosure import read_release
from evaluation.errors import PlanError, WrongUse
from evaluation.language import Text, _
from evaluation.nouns import DatedEvent, EventKind, Figure, Form, Provider, Release
from schemas import AUTHORITIES, FORMS, in_area, words_of

Engine = Literal["auto", "quarto", "builtin"]


@dataclass(frozen=True, slots=True)
class Priority:
    """One priority of the body's plan, and the report's sections that answer to it."""

    title: Text
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract(costs.Contract):
    """What a provider is paid in a financial year, and for what."""

    title: Text


@dataclass(frozen=True, slots=True)
class Body:
    """Who commissions: `name` is the office, `code` the file's name, `plan` the plan's title.

    `providers` are those who owe a form that this version knows; `due_days` is how many days
    after a quarter ends their returns are due; `engine` renders the reports. `events` are what
    happened on a day and may explain a series, in the order of time. `authorities` are the codes
    of the area's local authorities, `targets` what each month of a series is to reach, by its name.
    `called` has the body's words for titles and answers that name another body's service.
    """

    code: str
    name: Text
    area: Text
    board: Text
    plan: Text
    priorities: tuple[Priority, ...]
    contracts: tuple[Contract, ...]
    providers: Mapping[str, Provider]
    due_days: int
    engine: Engine
    events: tuple[DatedEvent, ...] = ()
    authorities: tuple[str, ...] = ()
    targets: Mapping[str, float] = field(default_factory=dict)
    called: Mapping[Text, Text] = field(default_factory=dict)

    @property
    def forms(self) -> dict[str, Form]:
        """The forms, with the area's authorities for answers."""
        return in_area(FORMS, self.authorities, self.called)

    def form_title(self, name: str) -> Text:
        """What a form is called here."""
        title = FORMS[name].title if name in FORMS else Text(name)
        return self.called.get(title, title)


def read_body(code: str, *, invented: bool = False) -> Body:
    """The body of `reports/bodies/<code>.toml`.

    Of `invented` data it has the contracts and events of `reports/bodies/invented/<code>.toml`
    besides, where there is one; of real data it never has.

    Raises WrongUse if there is none of that name, PlanError if its file is not as it should be.
    """
    folder = files("reports") / "bodies"
    known = sorted(path.name[:-5] for path in folder.iterdir() if path.name.endswith(".toml"))
    if code not in known:
        raise WrongUse(
            _(
                "There is no body ‘{name}’. Known are: {known}.",
                name=code[:40], known=", ".join(known),
            )
        )  # fmt: skip
    besides = folder / "invented" / f"{code}.toml"
    try:
        held = tomllib.loads((folder / f"{code}.toml").read_text(encoding="utf-8"))
        if invented and besides.is_file():
            for entry, more in tomllib.loads(besides.read_text(encoding="utf-8")).items():
                held[entry] = [*held.get(entry, ()), *more]
        return _body(code, held)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as fault:
        raise PlanError(
            _(
                "The body’s file {file} is not as it should be: {fault}.",
                file=f"reports/bodies/{code}.toml", fault=str(fault),
            )
        ) from fault  # fmt: skip


def body_of(release: Release) -> Body:
    """The body that a release is made for; of invented data with what is invented of it."""
    return read_body(release.body, invented=is_invented(release))


def is_invented(release: Release) -> bool:
    """True where the children of a release do not exist."""
    return release.versions.get("data") == "invented"


def _body(code: str, held: Mapping[str, Any]) -> Body:
    if held["engine"] not in {"auto", "quarto", "builtin"}:
        raise ValueError(held["engine"])
    providers = {
        name: Provider(name, Text(entry["title"]), forms)
        for name, entry in held["providers"].items()
        if (forms := tuple(form for form in entry["forms"] if form in FORMS))
    }
    targets: Mapping[str, float] = held.get("targets", {})
    called = {entry["instead_of"]: Text(entry["title"]) for entry in held.get("called", ())}
    return Body(
        code=code,
        name=Text(held["name"]),
        area=Text(held["area"]["title"]),
        board=Text(held["board"]["title"]),
        plan=Text(held["plan"]["title"]),
        priorities=tuple(
            Priority(Text(entry["title"]), tuple(entry["sections"])) for entry in held["priorities"]
        ),
        contracts=tuple(
            Contract(entry["provider"], entry["pounds"], entry["year"], Text(entry["title"]))
            for entry in sorted(held.get("contracts", ()), key=lambda entry: str(entry["year"]))
        ),
        providers=providers,
        due_days=int(held["due_days"]),
        engine=held["engine"],
        events=_events(held.get("events", ())),
        authorities=_known(held["area"]["authorities"], AUTHORITIES),
        targets=dict(zip(_known(targets, SERIES), map(float, targets.values()), strict=True)),
        called={Text(each): called[each] for each in _known(called, words_of(FORMS))},
    )


def _known(named: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """The names as they are. Raises ValueError with those that nobody knows."""
    held = tuple(named)
    if strangers := sorted(set(held) - set(known)):
        raise ValueError(", ".join(strangers))
    return held


def _events(entries: Iterable[Mapping[str, Any]]) -> tuple[DatedEvent, ...]:
    """The dated events, earliest first. Raises ValueError at a kind or subject nobody knows."""
    told = []
    for entry in entries:
        unknown = set(entry) - {"on", "kind", "title", "about"}
        strangers = set(entry["about"]) - ABOUT
        if unknown or strangers or entry["kind"] not in get_args(EventKind):
            raise ValueError(", ".join(sorted(unknown | strangers)) or entry["kind"])
        on = date.fromisoformat(str(entry["on"]))
        told.append(DatedEvent(on, entry["kind"], Text(entry["title"]), tuple(entry["about"])))
    return tuple(sorted(told, key=lambda event: event.on))


def open_release(path: Path | str) -> Release:
    """The release in a file. Raises BrokenFile if it is not one."""
    return read_release(Path(path))


def pick(
    release: Release,
    *,
    section: str,
    measure: str,
    cohort: str | None,
    outcome: str | None = None,
    group: str = "all",
    days: int | None = None,
) -> Figure | None:
    """The one figure at this place; None where the release does not hold it.

    The place is whole: without an `outcome` it is the figure of none, and never another's.
    """
    own = every(release, section=section, measure=measure, cohort=cohort, outcome=outcome)
    return next((figure for figure in own if (figure.group, figure.days) == (group, days)), None)


def find(release: Release, measure: str, **place: object) -> tuple[Figure, ...]:
    """All figures of a measure at a place, in the release's order: `days=182, group="referred"`."""
    return tuple(
        figure
        for figure in release.figures
        if figure.measure == measure
        and all(getattr(figure, name) == value for name, value in place.items())
    )


def one(release: Release, measure: str, **place: object) -> Figure | None:
    """The first figure of a measure at a place; None where the release does not hold it."""
    return next(iter(find(release, measure, **place)), None)


def every(
    release: Release, *, section: str, measure: str, cohort: str | None, outcome: str | None = None
) -> tuple[Figure, ...]:
    """All figures of a measure in one cohort, of one outcome, in the release's order."""
    return tuple(
        figure
        for figure in release.figures
        if (figure.section, figure.measure, figure.cohort, figure.outcome)
        == (section, measure, cohort, outcome)
    )


def primary(release: Release) -> Figure | None:
    """The primary rate ratio: the one figure that may carry a claim.

    In a release made under a plan that departs from the registered one, which has none, the
    exploratory ratio of its main window.
    """
    ratios = [f for f in release.figures if (f.section, f.measure) == ("re_missing", "rate_ratio")]
    stands = [figure for figure in ratios if figure.role == "primary"]
    instead = [
        figure
        for figure in ratios
        if release.claiming.departs
        and (figure.cohort, figure.role, figure.days)
        == ("discussed", "exploratory", release.claiming.days)
    ]
    return next(iter([*stands, *instead]), None)
