"""How a workbook is laid out: what templates write is what reading looks for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from evaluation.language import LANGUAGES, Language, Text, _
from evaluation.nouns import Form

TEMPLATE_VERSION = "1"
"""Of the layout itself; what is in a form is versioned by the form."""

# ---- Sheets that are not forms --------------------------------------------------------------------

COVER = _("Cover")
HOW = _("How to fill this in")
LISTS = _("Lists")
EXPLANATIONS = _("Explanations")
FINDINGS = _("Findings")
NOTES = _("Notes")
OTHER_SHEETS = {
    "cover": COVER,
    "how": HOW,
    "lists": LISTS,
    "explanations": EXPLANATIONS,
    "findings": FINDINGS,
    "notes": NOTES,
}

# ---- The Cover: a label in the first column, its answer in the second -----------------------------

COVER_LABELS = {
    "provider": _("Provider"),
    "quarter": _("Quarter"),
    "template_version": _("Template version"),
    "contact_role": _("Contact role"),
    "nil": _("Nil return"),
    "history_from": _("History from"),
}
FORM = _("Form")
"""What a Cover need not say, and a file of one form must."""
NIL_ALL = _("Yes")
NIL_NONE = _("No")

# ---- The sheet of a form --------------------------------------------------------------------------

MUST = "*"
"""Stands after the title of a column that must be filled."""

GUIDANCE = "↑"
"""Begins every cell of the line under the titles that says what to write; no answer begins so."""

NOTE_AUTHOR = "evaluation"
"""Signs our notes at faulty cells, so that the next round can take them away again."""

BELOW_OURS = "\n\n— — —\n"
"""Stands between our note and one that the sender had written there."""

_SPACES = re.compile(r"\s+")
TIDY = r"[!-_a-~]+(?: [!-_a-~]+)*"
"""Plain letters, single spaces: nearly every cell is tidy as it is."""
_TIDY = re.compile(TIDY)
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"),  # take no room: dropped
    }
)


def tidy(text: str) -> str:
    """The text without what nobody sees: odd spaces and dashes, curly quotes, split accents.

    Line breaks and runs of spaces become one space. Case stays as it is.
    """
    if _TIDY.fullmatch(text):
        return text
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_SAME)).strip()


def plain(text: str) -> str:
    """A title as it is compared: tidy, in lower case, `_` as a space, no `*` or `:` at its end."""
    return tidy(text).casefold().replace("_", " ").rstrip(" *:").strip()


def sheet_name(title: Text, language: Language) -> str:
    """A form's title as the name of a sheet, which may not be long or hold some signs."""
    return _NOT_IN_A_SHEET_NAME.sub(" ", title.to(language))[:31].strip(" '")


def nameless(number: int) -> str:
    """What a sheet is called whose own name must not be repeated: its number in the workbook."""
    return f"#{number}"


def spellings(names: Mapping[str, Text]) -> dict[str, str]:
    """Every way to write each thing (its own name, its English and Welsh title) to its name."""
    found = {plain(text.to(lang)): name for name, text in names.items() for lang in LANGUAGES}
    return found | {plain(name): name for name in names}


def sheet_spellings(forms: Iterable[Form]) -> dict[str, str]:
    """Every name that a sheet may bear, to the form's name or the key of `OTHER_SHEETS`."""
    titles = OTHER_SHEETS | {form.name: form.title for form in forms}
    cut = {
        plain(sheet_name(text, lang)): name for name, text in titles.items() for lang in LANGUAGES
    }
    return cut | spellings(titles)


def header_spellings(form: Form) -> dict[str, str]:
    """Every way to write each column's title, to the field's name."""
    return spellings({field.name: field.title for field in form.fields})
