"""From what was accepted to a report, the demonstration, and the data dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evaluation import console
from evaluation.cli.front import (
    BodyOption,
    Engine,
    FormatOption,
    JsonOption,
    Lang,
    LangOption,
    PlanOption,
    QuarterArgument,
    StoreOption,
    app,
    content,
    formats_of,
    now,
    today,
)
from evaluation.cli.making import REPORTS, Report, ThresholdOption, folder_of, make_releases
from evaluation.errors import WrongUse
from evaluation.language import Language, _
from evaluation.quarters import Quarter


@app.command()
def analyse(
    quarter: QuarterArgument,
    to: Annotated[Path | None, typer.Option(help="The folder of the release.")] = None,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    plan: PlanOption = None,
    export: Annotated[
        Path | None,
        typer.Option(
            help="A folder for the tables behind the figures, for the evaluator alone: they hold "
            "children's rows and must not leave."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over an earlier export.")
    ] = False,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="Besides, the release files of the evaluator's annex and of each provider's "
            "report, in the folder 'internal'. They are not for publication.",
        ),
    ] = False,
    threshold: ThresholdOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Make a quarter's figures and write those that may leave into one release file."""
    if export is not None:
        _export(quarter, export, to, store, body, plan, lang.value, replace=replace, quiet=as_json)
    path, *inside = make_releases(
        quarter, to, store, body, plan, lang.value,
        reports=REPORTS if internal else ("quarterly",), threshold=threshold, quiet=as_json,
    )  # fmt: skip
    if as_json:
        exported = {} if export is None else {"internal": str(export)}
        kept = {"internal_releases": [str(file) for file in inside]} if inside else {}
        console.print_json({"release": str(path)} | exported | kept)


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
    formats: FormatOption = "",
    which: Annotated[
        Report, typer.Option("--report", help="The public one, or an internal one.")
    ] = Report.quarterly,
    provider: Annotated[
        str | None,
        typer.Option(help="Whose report, with --report provider; everybody's if left out."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All three reports at once.")] = False,
    threshold: ThresholdOption = 1,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    plan: PlanOption = None,
    as_json: JsonOption = False,
) -> None:
    """Analyse a quarter and write its report, in English and Welsh at the same moment."""
    from reports.making import make_reports

    if provider is not None and which is not Report.provider:
        raise WrongUse(_("A provider is named with --report provider only."))
    paths = [release] if release else make_releases(
        quarter, to, store, body, plan, lang.value,
        reports=REPORTS if every else (which.value,), provider=provider, threshold=threshold,
        quiet=as_json,
    )  # fmt: skip
    written: dict[str, dict[str, dict[str, str]]] = {}
    with console.progress(lang.value, quiet=as_json) as step:
        update = step(_("Writing the report in both languages"))
        for done, path in enumerate(paths, start=1):
            pages = make_reports(
                path,
                to if to and release else path.parent,
                engine=engine.value if engine else None,
                formats=formats_of(formats),
            )
            written[str(path)] = {
                language: {ending: str(file) for ending, file in files.items()}
                for language, files in pages.items()
            }
            update(done, len(paths))
    if as_json:
        first, *others = written
        inside = {"internal": {path: written[path] for path in others}} if others else {}
        console.print_json({"release": first} | written[first] | inside)
    else:
        for pages_of in written.values():
            for files in pages_of.values():
                for file in files.values():
                    console.say(_("Written: {file}", file=file), lang.value)


@app.command()
def demo(
    to: Annotated[Path, typer.Option(help="The folder to make.")] = Path("demo"),
    effect: Annotated[
        float, typer.Option(help="What referral does to a child's risk: 1 is nothing, 0.7 a fall.")
    ] = 0.7,
    seed: Annotated[int, typer.Option(help="Another seed, other invented children.")] = 1,
    lang: LangOption = Lang.en,
) -> None:
    """Invent eight quarters of returns, take them in, and report on them: the whole road."""
    from reports.demo import make_demo

    with console.progress(lang.value) as step:
        page = make_demo(to, effect=effect, seed=seed, language=lang.value, step=step, now=now())
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


def _export(
    quarter: str,
    export: Path,
    to: Path | None,
    store: Path,
    body: str,
    plan: Path | None,
    language: Language,
    *,
    replace: bool,
    quiet: bool,
) -> None:
    from analyses.exporting import export as write_export
    from analyses.plan import read_plan
    from evaluation.store import open_store, take_snapshot

    forms, _providers, _due_days = content(body)
    when, kept, rules = Quarter.parse(quarter), open_store(store), read_plan(plan)
    inside, released = export.resolve(), folder_of(to, body, when).resolve()
    if released in {inside, *inside.parents} or inside in released.parents:
        raise WrongUse(
            _(
                "{folder} lies where the release goes, which others are given. Name another "
                "folder for the children’s rows: --export",
                folder=str(export),
            )
        )
    snapshot = take_snapshot(kept, when, forms)
    write_export(snapshot, rules, export, made_on=today(), replace=replace)
    if not quiet:
        console.show_export(export, language)
