"""What a sender does, and whoever takes returns in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NoReturn

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
from evaluation.language import Language, _
from evaluation.nouns import Form, Provider
from evaluation.quarters import Quarter
from evaluation.returns.batches import Handled


@app.command()
def template(
    what: Annotated[str, typer.Argument(help="A provider, or one form.", show_default=False)],
    quarter: Annotated[
        str, typer.Option(help="Such as 2025Q1; by default the one that ended last.")
    ] = "",
    to: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
    from_store: Annotated[
        bool,
        typer.Option(
            "--from-store", help="Begin with what was still open in the last return accepted."
        ),
    ] = False,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
) -> None:
    """Write a workbook to fill in: all that a provider owes, or one form of it."""
    from evaluation.returns.carrying import carried
    from evaluation.returns.owing import who_owes
    from evaluation.returns.templates import write_template
    from evaluation.store import open_store

    forms, providers, _due_days = content(body)
    when = Quarter.parse(quarter) if quarter else Quarter.of(today()) - 1
    path = to or Path(f"{what} {when}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise WrongUse(_("A template is an Excel workbook. Name a file that ends in .xlsx: --to"))
    if path.exists():
        raise WrongUse(_("{file} is there already. Move it, or name another: --to", file=str(path)))
    provider = who_owes(what, providers)
    rows = carried(open_store(store), provider, forms, when) if from_store else {}
    write_template(path, provider, forms, quarter=when, language=lang.value, rows=rows)
    console.say(_("Written: {file}", file=str(path)), lang.value)
    for name, its in rows.items():
        console.say(
            _("Carried forward: {form}, rows: {n}", form=forms[name].title, n=len(its)), lang.value
        )


ProviderOption = Annotated[
    str | None, typer.Option(help="Who sends it, where neither a Cover nor the file's name says.")
]
FileQuarterOption = Annotated[
    str | None, typer.Option("--quarter", help="For which quarter, likewise.")
]
FormOption = Annotated[str | None, typer.Option(help="Which form it is, likewise.")]
MappingOption = Annotated[
    Path | None, typer.Option(help="A file that tells what the sender's columns and codes mean.")
]


@app.command()
def check(
    file: FileArgument,
    copy: Annotated[
        Path | None, typer.Option(help="Where the marked copy goes; by default beside the file.")
    ] = None,
    provider: ProviderOption = None,
    quarter: FileQuarterOption = None,
    form: FormOption = None,
    mapping: MappingOption = None,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong in a workbook, where, and how to mend it. Nothing is taken in."""
    from evaluation.returns import feedback
    from evaluation.returns.intake import examine, would_replace
    from evaluation.returns.told import told
    from evaluation.store import find_store

    forms, providers, _due_days = content(body, mapping)
    kept = find_store(store)
    said = told(forms, providers, provider=provider, quarter=quarter, form=form)
    checked = examine(file, forms, providers, kept, told=said)
    given = None
    if checked.findings:
        given = feedback.give_back(file, checked, copy or feedback.copy_of(file), lang.value)
    if as_json:
        console.print_json(feedback.as_json(checked, lang.value))
    else:
        console.show_findings(checked, forms, lang.value)
        console.show_supersedes(would_replace(checked, kept), lang.value)
        if given:
            console.show_given(given, lang.value)
    raise typer.Exit(0 if checked.acceptable else 1)


@app.command()
def accept(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|FOLDER", help="A workbook, or a folder of them.", show_default=False
        ),
    ],
    receipt: Annotated[
        Path | None, typer.Option(help="Where the receipt goes; by default beside the workbook.")
    ] = None,
    provider: ProviderOption = None,
    quarter: FileQuarterOption = None,
    form: FormOption = None,
    mapping: MappingOption = None,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    as_json: JsonOption = False,
) -> None:
    """Take a workbook in, whole or not at all, and give a receipt; or each one of a folder."""
    from evaluation.returns import feedback, receipting
    from evaluation.returns.batches import submit_folder
    from evaluation.returns.intake import language_of, submit
    from evaluation.returns.reading import read_return
    from evaluation.returns.told import told

    forms, providers, _due_days = content(body, mapping)
    said = told(forms, providers, provider=provider, quarter=quarter, form=form)
    if path.is_dir():
        if receipt:
            raise WrongUse(
                _("Of a folder, each receipt goes beside its workbook: leave out --receipt")
            )
        with console.progress(lang.value, quiet=as_json) as step:
            update = step(_("Checking and accepting"))
            handled = submit_folder(
                path, forms, providers, store, now=now(), progress=update, told=said
            )
        _tell_of_folder(handled, forms, providers, lang.value, as_json=as_json)
    sent = submit(read_return(path, forms, providers, told=said), forms, store, now=now())
    if not as_json:
        console.show_findings(sent.checked, forms, lang.value)
    if sent.receipt is None:
        if as_json:
            console.print_json(feedback.as_json(sent.checked, lang.value))
        else:
            console.say(
                _("Nothing was taken in. For a copy with each fault marked: evaluation check"),
                lang.value,
            )
        raise typer.Exit(1)
    if as_json:
        console.print_json(console.receipt_as_json(sent.receipt))
    else:
        console.show_receipt(sent.receipt, forms, providers, lang.value)
        console.show_not_in_force(sent.receipt, lang.value)
        console.show_waiting(sent.checked, lang.value)
    if receipt or not as_json:
        to = receipt or receipting.receipt_beside(path, sent.receipt)
        told_in = language_of(sent.checked, lang.value)
        receipting.write_receipt(to, sent.receipt, forms, providers, told_in)
        if not as_json:
            console.say(_("Your receipt: {file}", file=str(to)), lang.value)


def _tell_of_folder(
    handled: tuple[Handled, ...],
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    language: Language,
    *,
    as_json: bool,
) -> NoReturn:
    from evaluation.returns import receipting
    from evaluation.returns.intake import language_of

    if as_json:
        console.print_json(console.batch_as_json(handled, language))
    else:
        console.show_batch(handled, language)
        for item in handled:
            if item.receipt and item.checked:
                to = receipting.receipt_beside(item.path, item.receipt)
                told_in = language_of(item.checked, "en")
                receipting.write_receipt(to, item.receipt, forms, providers, told_in)
    raise typer.Exit(int(any(item.outcome in {"refused", "broken"} for item in handled)))


@app.command()
def withdraw(
    receipt: Annotated[str, typer.Argument(help="Such as R-2025Q1-7K3M9Q.", show_default=False)],
    why: Annotated[
        str, typer.Option(help="The reason, for the record, without names.", show_default=False)
    ],
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    as_json: JsonOption = False,
) -> None:
    """Take a return back, on the record. The one that it superseded is in force again."""
    from evaluation.returns.intake import take_back
    from evaluation.store import in_force_instead, open_store

    forms, _providers, _due_days = content(body)
    kept = open_store(store)
    taken_back = take_back(kept, receipt, why=why, now=now())
    instead = in_force_instead(kept, taken_back)
    if as_json:
        console.print_json(console.withdrawn_as_json(taken_back, instead))
    else:
        console.show_withdrawn(taken_back, instead, forms, lang.value)


@app.command()
def status(
    quarter: QuarterArgument,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    as_json: JsonOption = False,
) -> None:
    """Show what is owed for a quarter, what has come and wants a reason, and what has left."""
    from evaluation.returns.owing import read_state
    from evaluation.store import approvals, newest_releases, open_store

    forms, providers, due_days = content(body)
    kept, when = open_store(store), Quarter.parse(quarter)
    state = read_state(
        kept,
        when,
        forms,
        providers,
        due_days=due_days,
        today=today(),
    )
    left = [(one, approvals(kept, one.sha256)) for one in newest_releases(kept, body, when)]
    if as_json:
        told = console.state_as_json(state, lang.value)
        console.print_json(told | {"releases": console.left_as_json(left)})
    else:
        console.show_state(state, forms, providers, lang.value)
        console.show_left(left, providers, lang.value)
