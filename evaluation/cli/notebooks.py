"""The evaluator's notebooks, put where the evaluator works."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evaluation import console
from evaluation.cli.front import Lang, LangOption, StoreOption, app
from evaluation.language import _


@app.command()
def notebooks(
    to: Annotated[Path, typer.Option(help="The folder to copy them to.")] = Path("notebooks"),
    store: StoreOption = Path("store"),
    lang: LangOption = Lang.en,
) -> None:
    """Copy the evaluator's Jupyter notebooks to a folder, pointed at a store."""
    from analyses.showing.copying import copy_notebooks

    first = copy_notebooks(to, store=store)
    console.say(
        _("Begin with: jupyter lab {file} (Jupyter comes with the extra ‘notebooks’).", file=str(first)),
        lang.value,
    )  # fmt: skip
