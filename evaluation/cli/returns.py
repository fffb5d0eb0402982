"""What a sender does, and whoever takes returns in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evaluation import console
from evaluation.cli.front import (
    BodyOption,
    FileArgument,
    JsonOption,
    Lang,
    LangOption,
    QuarterArgument,
    StoreOption,
    app,
    content,
    now,
    today,
)
from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.quarters import Quarter


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

    forms, providers, _due_days = content(body)
    when = Quarter.parse(quarter) if quarter else Quarter.of(today()) - 1
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

    forms, providers, _due_days = content(body)
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

    forms, providers, _due_days = content(body)
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
        now=now(),
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

    forms, providers, due_days = content(body)
    state = read_state(
        open_store(store),
        Quarter.parse(quarter),
        forms,
        providers,
        due_days=due_days,
        today=today(),
    )
    if as_json:
        console.print_json(console.state_as_json(state, lang.value))
    else:
        console.show_state(state, forms, providers, lang.value)
