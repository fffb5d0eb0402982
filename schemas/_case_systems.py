"""Providers whose case systems have layouts of their own: `data_dictionary/mappings`."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from evaluation.nouns import Form, Provider
from evaluation.returns.case_systems import read_case_system


def with_case_systems(
    providers: Mapping[str, Provider], forms: Mapping[str, Form], mapping: Path | None = None
) -> dict[str, Provider]:
    """The providers, each with its mapping file, if there is one by its name.

    `mapping` is a file that counts instead, for whichever provider sends the return. Raises
    WrongUse where a file names what there is not.
    """
    if mapping:
        theirs = read_case_system(mapping, forms)
        return {name: replace(item, case_system=theirs) for name, item in providers.items()}
    known = {name: files("data_dictionary") / "mappings" / f"{name}.csv" for name in providers}
    return {
        name: replace(item, case_system=read_case_system(known[name], forms))
        if known[name].is_file()
        else item
        for name, item in providers.items()
    }
