"""What the data controller does, offline and apart from the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evaluation import console
from evaluation.cli.front import JsonOption, Lang, LangOption, app, today

keys = typer.Typer(
    help="For the data controller alone, apart from the store: child keys from a list.",
    no_args_is_help=True,
)
app.add_typer(keys, name="keys")


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
        Path, typer.Argument(metavar="LIST", help="A CSV file or a workbook.", show_default=False)
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
        today=today(),
        keep=keep,
        replace=replace,
        look_alikes=look_alikes,
    )
    if as_json:
        console.print_json(console.made_as_json(made, to, lang.value))
    else:
        console.show_made(made, to, lang.value)
    raise typer.Exit(1 if made.faults else 0)
