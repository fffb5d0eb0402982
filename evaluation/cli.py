"""The front door: it parses arguments, calls one function, and prints. Only it sees every room."""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from evaluation import console
from evaluation.errors import EvaluationError, WrongUse
from evaluation.language import Language, _
from evaluation.nouns import Form, Provider
from evaluation.quarters import Quarter

# Rooms are opened inside the commands, so that `--help` and `check` do not wait for statsmodels.

EXIT_CODES = (
    "Exit codes: 0 fine; 1 findings that refuse the return; 2 wrong use; 3 a file that cannot be "
    "read; 4 the store; 5 a return that is needed has not come; 6 the plan or a body's file; "
    "7 disclosure control; 8 rendering; 9 a fault of ours."
)
OUR_FAULT = 9


class Front(TyperGroup):
    """Turns whatever stops the toolkit into one sentence and an exit code; never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except EvaluationError as error:
            text, code = error.text, error.exit_code
        except (OSError, MemoryError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            if os.environ.get("EVALUATION_DEBUG"):
                traceback.print_exc()
            text, code = _our_fault(error), OUR_FAULT
        language, as_json = _asked_for(ctx.args or sys.argv)
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

keys = typer.Typer(
    help="For the data controller alone, apart from the store: child keys from a list.",
    no_args_is_help=True,
)
app.add_typer(keys, name="keys")


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
FileArgument = Annotated[Path, typer.Argument(help="A workbook (.xlsx).", show_default=False)]
QuarterArgument = Annotated[str, typer.Argument(help="Such as 2024Q4.", show_default=False)]


@app.command()
def template(
    what: Annotated[str, typer.Argument(help="A provider, or one form.", show_default=False)],
    quarter: Annotated[
        str, typer.Option(help="Such as 2025Q1; by default the one that ended last.")
    ] = "",
    to: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
    lang: LangOption = Lang.en,
    body: BodyOption = "gwent",
) -> None:
    """Write a workbook to fill in: all that a provider owes, or one form of it."""
    from evaluation.returns.owing import who_owes
    from evaluation.returns.templates import write_template

    forms, providers, _due_days = _content(body)
    when = Quarter.parse(quarter) if quarter else Quarter.of(_today()) - 1
    path = to or Path(f"{what} {when}.xlsx")
    if path.exists():
        raise WrongUse(_("{file} is there already. Move it, or name another: --to", file=str(path)))
    write_template(path, who_owes(what, providers), forms, quarter=when, language=lang.value)
    console.say(_("Written: {file}", file=str(path)), lang.value)


@app.command()
def check(
    file: FileArgument,
    copy: Annotated[
        Path | None, typer.Option(help="Where the marked copy goes; by default beside the file.")
    ] = None,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong in a workbook, where, and how to mend it. Nothing is taken in."""
    from evaluation.returns import feedback
    from evaluation.returns.intake import examine, would_replace
    from evaluation.store import open_store

    forms, providers, _due_days = _content(body)
    kept = open_store(store) if store.exists() else None
    checked = examine(file, forms, providers, kept)
    marked = None
    if checked.findings:
        marked = feedback.annotate(file, checked, copy or feedback.copy_of(file), lang.value)
    if as_json:
        console.print_json(feedback.as_json(checked, lang.value))
    else:
        console.show_findings(checked, lang.value)
        console.show_supersedes(would_replace(checked, kept), lang.value)
        if marked:
            console.say(
                _("Your workbook, with each fault marked: {file}", file=str(marked)), lang.value
            )
    raise typer.Exit(0 if checked.acceptable else 1)


@app.command()
def accept(
    file: FileArgument,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    as_json: JsonOption = False,
) -> None:
    """Take a workbook in, whole or not at all, and give a receipt."""
    from evaluation.returns import feedback
    from evaluation.returns.checking import rules_version
    from evaluation.returns.intake import examine
    from evaluation.store import accept as keep
    from evaluation.store import open_store

    forms, providers, _due_days = _content(body)
    checked = examine(file, forms, providers, open_store(store) if store.exists() else None)
    if not as_json:
        console.show_findings(checked, lang.value)
    if not checked.acceptable:
        if as_json:
            console.print_json(feedback.as_json(checked, lang.value))
        else:
            console.say(
                _("Nothing was taken in. For a copy with each fault marked: evaluation check"),
                lang.value,
            )
        raise typer.Exit(1)
    receipt = keep(
        open_store(store, create=True),
        checked,
        forms,
        now=_now(),
        rules_version=rules_version(forms),
    )
    if as_json:
        console.print_json(console.receipt_as_json(receipt))
    else:
        console.show_receipt(receipt, forms, providers, lang.value)


@app.command()
def status(
    quarter: QuarterArgument,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    as_json: JsonOption = False,
) -> None:
    """Show what is owed for a quarter, what has come, and what still wants a reason."""
    from evaluation.returns.owing import read_state
    from evaluation.store import open_store

    forms, providers, due_days = _content(body)
    state = read_state(
        open_store(store),
        Quarter.parse(quarter),
        forms,
        providers,
        due_days=due_days,
        today=_today(),
    )
    if as_json:
        console.print_json(console.state_as_json(state, lang.value))
    else:
        console.show_state(state, forms, providers, lang.value)


@app.command()
def analyse(
    quarter: QuarterArgument,
    to: Annotated[Path | None, typer.Option(help="The folder of the release.")] = None,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    plan: PlanOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a quarter's figures and write those that may leave into one release file."""
    path = _analyse(quarter, to, store, body, plan, lang.value, quiet=as_json)
    if as_json:
        console.print_json({"release": str(path)})


@app.command()
def report(
    quarter: QuarterArgument,
    to: Annotated[Path | None, typer.Option(help="The folder of the release.")] = None,
    release: Annotated[
        Path | None, typer.Option(help="Render this release file again; the store is not opened.")
    ] = None,
    engine: Annotated[
        Engine | None, typer.Option(help="Who renders; by default as the body's file says.")
    ] = None,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    plan: PlanOption = None,
    as_json: JsonOption = False,
) -> None:
    """Analyse a quarter and write its report, in English and Welsh at the same moment."""
    from reports.making import make_reports

    path = release or _analyse(quarter, to, store, body, plan, lang.value, quiet=as_json)
    with console.progress(lang.value, quiet=as_json) as step:
        update = step(_("Writing the report in both languages"))
        pages = make_reports(path, to or path.parent, engine=engine.value if engine else None)
        update(1, 1)
    if as_json:
        console.print_json({"release": str(path)} | {key: str(page) for key, page in pages.items()})
    else:
        for page in pages.values():
            console.say(_("Written: {file}", file=str(page)), lang.value)


@app.command()
def demo(
    to: Annotated[Path, typer.Option(help="The folder to make.")] = Path("demo"),
    effect: Annotated[
        float, typer.Option(help="What referral does to a child's risk: 1 is nothing, 0.7 a fall.")
    ] = 0.7,
    seed: Annotated[int, typer.Option(help="Another seed, other invented children.")] = 2024,
    lang: LangOption = Lang.en,
) -> None:
    """Invent eight quarters of returns, take them in, and report on them: the whole road."""
    from reports.demo import make_demo

    with console.progress(lang.value) as step:
        page = make_demo(to, effect=effect, seed=seed, language=lang.value, step=step, now=_now())
    console.say(_("Open {file} in a browser: it leads you through.", file=str(page)), lang.value)


@app.command()
def dictionary(
    to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("data_dictionary"),
    lang: LangOption = Lang.en,
) -> None:
    """Write the data dictionary anew from the forms: pages for people, schemas for programs."""
    from evaluation.returns.dictionary import write_dictionary
    from schemas import FORMS

    for path in write_dictionary(FORMS, to, lang.value):
        console.say(_("Written: {file}", file=str(path)), lang.value)


@keys.command("new")
def keys_new(
    to: Annotated[Path, typer.Option(help="The file to write.", show_default=False)],
    lang: LangOption = Lang.en,
) -> None:
    """Write a new secret. docs/keys.md says where to keep it, and what if it is lost."""
    from evaluation.returns.keys import new_secret

    console.show_secret(new_secret(to), to, lang.value)


@keys.command("make")
def keys_make(
    file: Annotated[
        Path, typer.Argument(metavar="LIST", help="A CSV file or .xlsx.", show_default=False)
    ],
    secret: Annotated[
        Path, typer.Option(help="The file that `keys new` wrote.", show_default=False)
    ],
    columns: Annotated[
        str,
        typer.Option(
            help='What identifies a child, such as "surname,forename,born"; always the same, in '
            "the same order. A title may end in :name, :date or :number.",
            show_default=False,
        ),
    ],
    to: Annotated[Path, typer.Option(help="The lookup to write (CSV).", show_default=False)],
    keep: Annotated[str, typer.Option(help="More columns for the lookup, not for the key.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Write over a lookup.")] = False,
    look_alikes: Annotated[
        bool, typer.Option("--look-alikes", help="List rows that differ by one slip in a name.")
    ] = False,
    lang: LangOption = Lang.en,
    as_json: JsonOption = False,
) -> None:
    """Give each child of a list a key. Nothing that the list holds is printed."""
    from evaluation.returns.keys import make_keys

    made = make_keys(
        file,
        columns,
        secret,
        to,
        today=_today(),
        keep=keep,
        replace=replace,
        look_alikes=look_alikes,
    )
    if as_json:
        console.print_json(console.made_as_json(made, to, lang.value))
    else:
        console.show_made(made, to, lang.value)
    raise typer.Exit(1 if made.faults else 0)


def _content(body: str) -> tuple[dict[str, Form], dict[str, Provider], int]:
    """The forms, and who owes which of them to this body within how many days."""
    from reports.reading import read_body
    from schemas import FORMS

    known = read_body(body)
    return FORMS, dict(known.providers), known.due_days


def _analyse(
    quarter: str,
    to: Path | None,
    store: Path,
    body: str,
    plan: Path | None,
    language: Language,
    *,
    quiet: bool,
) -> Path:
    from analyses.plan import read_plan
    from analyses.releasing import analyse as release_of
    from evaluation.disclosure import write_release
    from evaluation.store import open_store, record_release

    forms, providers, _due_days = _content(body)
    when, kept, rules = Quarter.parse(quarter), open_store(store), read_plan(plan)
    with console.progress(language, quiet=quiet) as step:
        release = release_of(
            kept,
            when,
            forms,
            body=body,
            providers=providers,
            plan=rules,
            made_on=_today(),
            progress=step(_("Analysing {quarter}", quarter=str(when))),
        )
    folder = to or Path("releases") / f"{body}-{when}"
    folder.mkdir(parents=True, exist_ok=True)
    path = write_release(release, folder / "release.json")
    record_release(kept, release, path, now=_now())
    if not quiet:
        console.show_release(release, path, language)
    return path


def _asked_for(arguments: list[str]) -> tuple[Language, bool]:
    """The language and form of output, for an error that comes from anywhere."""
    said = " ".join(arguments).replace("--lang=", "--lang ")
    chosen = "--lang cy" in said or (
        "--lang " not in said and os.environ.get("EVALUATION_LANG") == "cy"
    )
    return ("cy" if chosen else "en"), "--json" in arguments


def _our_fault(error: Exception) -> Any:
    return _(
        "Something went wrong that should not have ({fault}). Nothing was half-written. Please "
        "tell the maintainers what you did; EVALUATION_DEBUG=1 shows where it happened.",
        fault=type(error).__name__,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _today() -> date:
    return _now().date()


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
