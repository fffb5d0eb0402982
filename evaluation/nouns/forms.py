"""What providers are asked for: code lists, fields, rules, forms, and who owes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

import pandas as pd

from evaluation.language import Text
from evaluation.quarters import Quarter

if TYPE_CHECKING:
    import pandera.pandas as pa


Kind = Literal["key", "ref", "code", "date", "datetime", "month", "int", "flag"]
Severity = Literal["reject", "explain", "note"]
Scope = Literal["row", "form", "earlier", "snapshot"]


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
