"""The front door's frame: exit codes, what every command may be told, and how errors are said."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, date, datetime
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from evaluation import console
from evaluation.errors import EvaluationError, WrongUse
from evaluation.language import Language, Text, _
from evaluation.nouns import Form, Provider
from evaluation.returns.receipting import on_the_clock

if TYPE_CHECKING:  # rooms open when asked for
    from evaluation.rendering import Format

EXIT_CODES = (
    "Exit codes: 0 fine; 1 findings that refuse the return; 2 wrong use; 3 a file that cannot be "
    "read; 4 the store; 5 a return that is needed has not come; 6 the plan or a body's file; "
    "7 disclosure control; 8 rendering; 9 a fault of ours."
)
OUR_FAULT = 9


class Front(TyperGroup):
    """Turns whatever stops the toolkit into one sentence and an exit code; never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        arguments = list(ctx.args) or sys.argv  # gone once the command has been called
        try:
            return super().invoke(ctx)
        except EvaluationError as error:
            text, code = error.text, error.exit_code
        except (OSError, MemoryError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            if os.environ.get("EVALUATION_DEBUG"):
                traceback.print_exc()
            text, code = _fault(error)
        language, as_json = _asked_for(arguments)
        console.sorry(text, language, code=code, as_json=as_json)
        raise typer.Exit(code)


app = typer.Typer(
    cls=Front,
    help="Data returns in, an honest bilingual quarterly report out.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


class Lang(StrEnum):
    """The languages a person may ask for."""

    en = "en"
    cy = "cy"


class Engine(StrEnum):
    """Who renders a report."""

    auto = "auto"
    quarto = "quarto"
    builtin = "builtin"


LangOption = Annotated[
    Lang, typer.Option("--lang", envvar="EVALUATION_LANG", help="The language that you read.")
]
StoreOption = Annotated[
    Path, typer.Option("--store", envvar="EVALUATION_STORE", help="The folder of accepted returns.")
]
BodyOption = Annotated[
    str, typer.Option("--body", envvar="EVALUATION_BODY", help="Who commissions the services.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for a program.")]
PlanOption = Annotated[
    Path | None, typer.Option("--plan", help="An analysis plan other than the project's own.")
]
FormatOption = Annotated[
    str,
    typer.Option("--format", help="Such as html,pdf,docx; every format if left out."),
]
FileArgument = Annotated[
    Path,
    typer.Argument(help="A workbook or a table (.xlsx, .xls, .ods, .csv).", show_default=False),
]
QuarterArgument = Annotated[str, typer.Argument(help="Such as 2024Q4.", show_default=False)]


def content(
    body: str, mapping: Path | None = None
) -> tuple[dict[str, Form], dict[str, Provider], int]:
    """The forms in this body's area, and who owes which of them to this body within how many days.

    `mapping` is a file that tells the sender's columns and codes, in place of our own for them.
    """
    from reports.reading import read_body
    from schemas._case_systems import with_case_systems

    known = read_body(body)
    forms = known.forms
    return forms, with_case_systems(known.providers, forms, mapping), known.due_days


def formats_of(written: str) -> tuple[Format, ...]:
    """The formats of 'html,pdf'; all of them where nothing is written. Raises WrongUse."""
    from evaluation.rendering import FORMATS

    asked = {part.strip().lower() for part in written.split(",") if part.strip()}
    if unknown := asked.difference(FORMATS):
        raise WrongUse(
            _(
                "There is no format {unknown}. Known are: {known}.",
                unknown=", ".join(sorted(unknown)),
                known=", ".join(FORMATS),
            )
        )
    return tuple(kind for kind in FORMATS if kind in asked) or FORMATS


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def today() -> date:
    """The day by the clock on the wall here."""
    return on_the_clock(now()).date()


def main() -> None:
    """Run the command line. What a terminal or a pipe cannot write becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()


def _asked_for(arguments: list[str]) -> tuple[Language, bool]:
    """The language and form of output, for an error that comes from anywhere."""
    said = " ".join(arguments).replace("--lang=", "--lang ")
    chosen = "--lang cy" in said or (
        "--lang " not in said and os.environ.get("EVALUATION_LANG") == "cy"
    )
    return ("cy" if chosen else "en"), "--json" in arguments


def _fault(error: Exception) -> tuple[Text, int]:
    """What stopped it, and the exit code: the disk, where it names a file, or else we."""
    if isinstance(error, OSError) and error.filename:
        text = _(
            "{file} cannot be used ({reason}). Check that it is there, that it is not open "
            "elsewhere, the disk, and your rights.",
            file=str(error.filename),
            reason=error.strerror or type(error).__name__,
        )
        return text, EvaluationError.exit_code
    text = _(
        "Something went wrong that should not have ({fault}). Nothing was half-written. Please "
        "tell the maintainers what you did; EVALUATION_DEBUG=1 shows where it happened.",
        fault=type(error).__name__,
    )
    return text, OUR_FAULT
