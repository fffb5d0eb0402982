"""The nouns that the rooms hand to each other. All are frozen; frames inside are never altered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

import pandas as pd

from evaluation.language import Language, Text
from evaluation.quarters import Quarter

if TYPE_CHECKING:
    import pandera.pandas as pa

Kind = Literal["key", "ref", "code", "date", "datetime", "month", "int", "flag"]
Severity = Literal["reject", "explain", "note"]
Scope = Literal["row", "form", "earlier", "snapshot"]


# ---- What providers are asked for ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Code:
    """One answer of a code list; `label` is the English message, its Welsh is in the catalogue.

    `also` are other ways to write it, such as another official list's; `group` is the coarser
    answer under which it is reported, a code of a list of its own.
    """

    code: str
    label: Text
    valid_from: date | None = None
    valid_to: date | None = None
    also: tuple[str, ...] = ()
    group: str | None = None


@dataclass(frozen=True, slots=True)
class CodeList:
    """The answers a coded field may hold, in order; `source` is 'ours' or the official list."""

    name: str
    codes: tuple[Code, ...]
    source: str

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(code.code for code in self.codes)

    def label(self, code: str) -> Text:
        return next((item.label for item in self.codes if item.code == code), Text(code))


@dataclass(frozen=True, slots=True)
class When:
    """Needed when `column` holds one of `values` (anything at all, if none are named).

    When it does not, the field must be blank, unless `otherwise` is 'may'.
    """

    column: str
    values: tuple[str, ...] = ()
    otherwise: Literal["blank", "may"] = "blank"


Need = Literal["must", "want", "may"] | When
"""must: a blank is refused. want: a blank is a note and counts against completeness."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a form; where `past`, a day after the return's quarter is refused."""

    name: str
    kind: Kind
    need: Need
    title: Text
    about: Text | None = None
    codes: CodeList | None = None
    past: bool = False


def civil_day(name: str) -> str:
    """The name of the column that holds a moment's local day: `reported_at`, `reported_on`."""
    return f"{name.removesuffix('_at')}_on"


@dataclass(frozen=True)
class Around:
    """What a rule may look at beside the rows themselves, which are of `form`.

    `tables` are the typed forms of the same workbook. `earlier` holds, form by form, the rows
    that the same provider had accepted for earlier quarters and for this one (which this return
    would supersede), each with a `quarter` column such as '2025Q1'; a form that was never
    accepted is absent. In scope 'snapshot', `tables` and `arrived` are the snapshot's.
    """

    form: str
    quarter: Quarter
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    earlier: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    arrived: frozenset[tuple[str, str, Quarter]] = frozenset()


Row = Mapping[str, str]
"""A row as a provider would write it, field name to text; fields left out are blank."""


@dataclass(frozen=True, slots=True)
class Example:
    """Rows of the form in a return for 2025Q1, and what was accepted before, by quarter.

    `tables` are rows of other forms of 2025Q1. An example of scope 'snapshot' is looked at from
    2025Q2, when every form has come for both quarters.
    """

    rows: tuple[Row, ...]
    earlier: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must hold in a form.

    `test(rows, around)` gives True where it holds: per row (same index as `rows`), or, where
    `per` is 'record', per record that ought to be there, indexed by its reference; None where
    there is nothing to compare with. A blank never breaks a rule. `columns` are the fields that
    it reads; the first one is marked. A rule whose columns, or the tables named in `reads`, are
    missing, or that has nothing to compare with, is reported as not run; in scope 'snapshot' it
    is run on those of `reads` that are there, and the others are reported.
    """

    id: str
    severity: Severity
    columns: tuple[str, ...]
    test: Callable[[pd.DataFrame, Around], pd.Series | None]
    says: Text
    message: Text
    fix: Text
    good: Example
    bad: Example
    scope: Scope = "row"
    per: Literal["row", "record"] = "row"
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of table that providers send; `key` names the fields that no two rows share.

    `carries(rows)` gives those rows of a quarter's return that belong in the next one too, such
    as what was still open; None where every quarter begins anew.
    """

    name: str
    title: Text
    one_row_is: Text
    sent_by: Text
    model: type[pa.DataFrameModel]
    key: tuple[str, ...]
    rules: tuple[Rule, ...]
    fields: tuple[Field, ...]
    version: int = 1
    carries: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    def field(self, name: str) -> Field:
        return next(item for item in self.fields if item.name == name)


@dataclass(frozen=True)
class CaseSystem:
    """How a provider's case system writes our forms: its columns and codes.

    `fields` gives our field for a form and their column, '' for a column that is left out;
    `titles` their column, as they write it, for a form and our field; `codes` our code for a
    form, our field and their code, '' for a blank. As keys, columns and codes are spelt plainly.
    """

    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    titles: Mapping[tuple[str, str], str] = field(default_factory=dict)
    codes: Mapping[tuple[str, str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provider:
    """Who owes which forms; `case_system` where a mapping file tells how theirs writes them."""

    name: str
    title: Text
    forms: tuple[str, ...]
    case_system: CaseSystem = field(default_factory=CaseSystem, compare=False)


# ---- A return on its way in ---------------------------------------------------------------------


def cell_place(sheet: str | None, row: int | None, column: str | None) -> str:
    """A place as a spreadsheet writes it: 'Missing episodes!D7', or the sheet alone."""
    return "!".join(part for part in (sheet, f"{column or ''}{row or ''}") if part)


def finding_id(
    rule: str, record: str | None, sheet: str | None, row: int | None, column: str | None
) -> str:
    """What a finding is known by from check to check, to a person too: 'MIS-04 M000123'.

    The rule and the record, which stay when rows are sorted, added or corrected; the place
    where there is no record: 'SHE-07 Missing episodes'. Where one rule says the same of several
    rows of one record, they share the number, and one reason answers for them all.
    """
    return f"{rule} {record or cell_place(sheet, row, column)}".rstrip()


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place; it never holds the value.

    `row` is the sheet's own row number and `column` its letter; both are None where the fault
    is of the whole sheet or workbook. `record` is the record's key where that cannot identify.
    """

    rule: str
    severity: Severity
    message: Text
    fix: Text
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    record: str | None = None

    @property
    def id(self) -> str:
        return finding_id(self.rule, self.record, self.sheet, self.row, self.column)

    @property
    def place(self) -> str:
        return cell_place(self.sheet, self.row, self.column)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the sender wrote beside the number of a finding, and in which cell."""

    finding: str
    reason: str
    sheet: str
    row: int
    column: str


@dataclass(frozen=True)
class Sheet:
    """One form's sheet as it stands in the file.

    `cells` holds text only: a row is a row of the sheet that is not blank, its index the sheet's
    own row number; a column is one of the sheet's columns, named by the form's field; a blank
    is missing. `letters` gives each field's column letter, `titles` what the sender calls the
    fields that a mapping file names.
    """

    name: str
    form: str
    header_row: int
    letters: Mapping[str, str]
    cells: pd.DataFrame
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Return:
    """One file as received; nothing in it is believed yet.

    `findings` are what reading alone could see: the cover, the sheets, the headers, identifiers.
    """

    sha256: str
    provider: str | None
    quarter: Quarter | None
    language: Language
    sheets: tuple[Sheet, ...]
    nil: tuple[str, ...] = ()
    template_version: str | None = None
    contact_role: str | None = None
    history_from: date | None = None
    findings: tuple[Finding, ...] = ()
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A return in types, with every finding.

    `tables` holds a typed frame per form, indexed by the sheet's row number; what could not be
    read is missing and has a finding. `not_run` names the rules that could not run and why.
    `reasons` are the sender's answers to findings of severity explain, by the finding's id.
    """

    source: Return
    tables: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...] = ()
    not_run: tuple[tuple[str, Text], ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def acceptable(self) -> bool:
        return not any(finding.severity == "reject" for finding in self.findings)


# ---- What is kept -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of one acceptance.

    `rows` gives the rows of each form (0 for a nil return); `supersedes` the receipts whose
    forms this one replaces; `superseded_by` those that have since replaced forms of this one.
    `withdrawn_at` is when it was taken back, and `withdrawn_why`; None while it was not.
    """

    id: str
    provider: str
    quarter: Quarter
    sha256: str
    rows: Mapping[str, int]
    rules_version: str
    received_at: datetime
    supersedes: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_why: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """What was believed at a moment, about every quarter up to and including `quarter`.

    `tables` holds for each form all rows of the submissions in force, with `provider` and
    `quarter` columns, sorted; None where no provider ever sent the form: 'no return' is never
    an empty table. `arrived` holds (provider, form, quarter) of each return in force, nil
    returns included. `id` is pinned by the ledger's sequence and the files' digests.
    """

    id: str
    quarter: Quarter
    tables: Mapping[str, pd.DataFrame | None]
    arrived: frozenset[tuple[str, str, Quarter]]
    submissions: tuple[str, ...]


# ---- What is asked ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a cohort's flow: how many children were left out, or kept, and why."""

    reason: str
    title: Text
    children: int


@dataclass(frozen=True)
class Cohort:
    """Children aligned at time zero.

    One row of `children` is one child: child_key, arm, time_zero (a day), followed_to (the last
    day on which the child can be observed), ended_by (why not longer), history_from, and the
    covariates known at time zero. `flow` counts every child that was left out. `data_end` is the last day
    that the returns cover.
    """

    name: str
    children: pd.DataFrame
    flow: tuple[Step, ...]
    data_end: date
    snapshot: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question about events.

    `events(snapshot)` gives one row per event: event_ref, child_key, started_on, and ended_on
    (missing while it goes on); between the two days the child is not at risk of another.
    """

    name: str
    title: Text
    phrase: Text
    better: Literal["fewer", "more"]
    grain: Literal["episode", "child"]
    windows_days: tuple[int, ...]
    events: Callable[[Snapshot], pd.DataFrame]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class AtRisk:
    """Time at risk in (start, stop] rows of whole days; see `evaluation.following`.

    `changed` counts what was merged, cut or removed on the way; `away_removed` is False where no
    return of time away has come, and every figure from it is stamped so.
    """

    rows: pd.DataFrame
    changed: Mapping[str, int]
    away_removed: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure with its doubt, not yet fit to leave.

    `children` are the distinct children that the figure is about, `of` the children (or, where
    `unit` says so, records) that they are a part of; `events` are the outcome events behind it.
    `with_events` are the distinct children who had those events, where that is not all of them.
    `value` is missing where it cannot be estimated, and `why_not` says why. `low` and `high` are
    the limits of the interval at `confidence`. `unmet` names the assumptions that do not hold or
    cannot be checked; `design_level` is the Maryland scale, 1 to 5.
    """

    section: str
    measure: str
    group: str = "all"
    cohort: str | None = None
    outcome: str | None = None
    days: int | None = None
    unit: Literal["children", "episodes", "records", "returns"] = "children"
    children: int | None = None
    of: int | None = None
    events: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    confidence: float = 0.95
    method: str = ""
    design_level: int | None = None
    unmet: tuple[str, ...] = ()
    role: Literal["primary", "secondary", "sensitivity", "monitoring", "description"] = (
        "description"
    )
    why_not: str | None = None
    with_events: int | None = None


# ---- What may leave -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """An `Estimate` as it may leave: rounded, or withheld with the reason; never both."""

    section: str
    measure: str
    group: str
    cohort: str | None
    outcome: str | None
    days: int | None
    unit: str
    children: int | None
    of: int | None
    events: int | None
    value: float | None
    low: float | None
    high: float | None
    confidence: float
    method: str
    design_level: int | None
    unmet: tuple[str, ...]
    role: str
    withheld: str | None
    why_not: str | None


@dataclass(frozen=True)
class Release:
    """All the figures that may leave, and what they were made from. Nothing about a child."""

    body: str
    quarter: Quarter
    snapshot: str
    plan: str
    claim_quarter: Quarter
    policy: Mapping[str, object]
    versions: Mapping[str, str]
    made_on: date
    figures: tuple[Figure, ...]
