"""From text to child keys, references, answers and whole numbers.

Each function takes the texts of a column, none of them blank, and gives them in types.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from evaluation.language import LANGUAGES
from evaluation.nouns import CodeList, Field
from evaluation.returns import cell_faults
from evaluation.returns.cell_faults import Column
from evaluation.returns.declaring import ALPHABET, KEY, REF, REF_LENGTH
from evaluation.returns.layout import tidy


def keys(texts: pd.Series, _field: Field) -> Column:
    """Child keys in capitals without spaces and hyphens; a wrong check character is refused."""
    bare = pc.replace_substring_regex(_arrow(texts), r"[\s\p{Z}-]", "")
    written = pc.utf8_upper(bare)
    shaped = np.asarray(pc.match_substring_regex(written, f"^{KEY}$"))
    right = shaped.copy()
    right[shaped] = luhn_holds(written.filter(pa.array(shaped)))
    return Column(
        pd.Series(pc.if_else(pa.array(right), written, None), dtype="str"),
        {cell_faults.KEY: ~shaped, cell_faults.KEY_CHECK: shaped & ~right},
    )


def luhn_holds(written: pa.Array) -> np.ndarray:
    """Where the last character of each 12 is the Luhn check character over `ALPHABET`.

    The same as `stdnum.luhn.is_valid(key, ALPHABET)`, for a whole column at once: one key at a
    time would take longer than all the rest of reading a large return.
    """
    letters = np.frombuffer(written.cast(pa.binary(12)).buffers()[1], dtype=np.uint8)
    value = np.zeros(128, dtype=np.uint16)
    value[[ord(letter) for letter in ALPHABET]] = np.arange(len(ALPHABET))
    return np.asarray(luhn_totals(value[letters].reshape(-1, 12)) == 0)


def luhn_totals(numbers: np.ndarray) -> np.ndarray:
    """Luhn's sum, modulo 32, of each row of 12 characters by their places in `ALPHABET`."""
    base = len(ALPHABET)
    doubled = np.array([2 * place // base + 2 * place % base for place in range(base)])
    return np.asarray(
        sum(numbers[:, at] if at % 2 else doubled[numbers[:, at]] for at in range(12)) % base
    )


def refs(texts: pd.Series, _field: Field) -> Column:
    """References as they stand, without spaces around them."""
    written = texts.str.strip()
    right = (written.str.fullmatch(REF) & (written.str.len() <= REF_LENGTH)).to_numpy(dtype=bool)
    return Column(written.where(right), {cell_faults.REF: ~right})


def answers(texts: pd.Series, field: Field) -> Column:
    """The code of each answer: written as its code, its label in any language, or as `also`."""
    assert field.codes is not None, field.name
    known = _spellings(field.codes)
    values = texts.map(_plain).map(known).astype("str")
    return Column(values, {cell_faults.CODE: values.isna().to_numpy()})


def _spellings(codes: CodeList) -> dict[str, str]:
    """Every way to write an answer; a label that two answers share is none."""
    spellings: dict[str, str] = {}
    shared = set()
    for code in codes.codes:
        labels = {code.label.to(language) for language in LANGUAGES} | {*code.also}
        for label in {_plain(label) for label in labels}:
            if spellings.setdefault(label, code.code) != code.code:
                shared.add(label)
    unshared = {label: code for label, code in spellings.items() if label not in shared}
    return unshared | {_plain(code.code): code.code for code in codes.codes}


def _plain(text: str) -> str:
    """Case, odd spaces and the kind of apostrophe or dash do not matter."""
    return tidy(text).casefold()


def wholes(texts: pd.Series, _field: Field) -> Column:
    """Whole numbers; a spreadsheet's 12.0 is 12."""
    written = texts.str.strip()
    right = written.str.fullmatch(r"[0-9]{1,9}([.]0+)?").to_numpy(dtype=bool)
    numbers = pd.to_numeric(written.where(right)).astype("Int64")
    return Column(numbers, {cell_faults.WHOLE: ~right})


def _arrow(texts: pd.Series) -> pa.Array:
    """The texts in one block of Arrow's, whose functions take a whole column at once."""
    held = pa.array(texts, pa.large_string())
    return held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
