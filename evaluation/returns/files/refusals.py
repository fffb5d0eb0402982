"""The sentences for files that are not opened: what is wrong, and what to do."""

from __future__ import annotations

from evaluation.errors import BrokenFile
from evaluation.language import _

LARGEST_FILE = 50_000_000
"""Bytes of a workbook as it comes."""
LARGEST_UNPACKED = 300_000_000
"""Bytes of its parts, and characters of its cells."""
LARGEST_TEXT = 500_000_000
"""Bytes of a file of plain text."""
MOST_PARTS = 2_000
MOST_ROWS = 200_000
MOST_LINES = 2_000_000
"""Rows of plain text."""
MOST_COLUMNS = 104  # 'CZ'


def too_large(name: str) -> BrokenFile:
    """Too large, too many parts, or too much text once it is read."""
    return BrokenFile(
        _(
            "‘{file}’ is too large to be a return, so it was not opened. Copy your rows into a new "
            "template; if it is still too large, send each form in a workbook of its own.",
            file=name,
        )
    )


def too_far(name: str) -> BrokenFile:
    """A cell far beyond any table."""
    return BrokenFile(
        _(
            "A sheet of ‘{file}’ reaches beyond row {rows} or column CZ. Delete the "
            "rows and columns outside your table, even if they look empty, and save.",
            file=name,
            rows=MOST_ROWS,
        )
    )


def damaged(name: str) -> BrokenFile:
    """Nothing that its kind of reader can read."""
    return BrokenFile(
        _(
            "‘{file}’ is damaged or is not an Excel workbook. Open it in Excel or "
            "LibreOffice, save it again as .xlsx and send that file.",
            file=name,
        )
    )


def instructions(name: str) -> BrokenFile:
    """XML that declares entities or is in an odd coding."""
    return BrokenFile(
        _(
            "‘{file}’ holds instructions that no workbook needs, so it was not opened. "
            "Copy your rows into a new template and send that file.",
            file=name,
        )
    )


def not_a_workbook(name: str) -> BrokenFile:
    """Some other kind of file."""
    return BrokenFile(
        _(
            "‘{file}’ is not a workbook. Send the template filled in, saved as .xlsx "
            "(Excel Workbook).",
            file=name,
        )
    )


def macros(name: str) -> BrokenFile:
    """A program inside."""
    return BrokenFile(
        _(
            "‘{file}’ holds macros. Open it and save it as .xlsx (Excel Workbook), which has none.",
            file=name,
        )
    )


def password(name: str) -> BrokenFile:
    """Encrypted."""
    return BrokenFile(
        _(
            "‘{file}’ is protected by a password. Take the password off (in Excel: File, Info, "
            "Protect Workbook) and send it again the safe way that was agreed with you.",
            file=name,
        )
    )


def binary(name: str) -> BrokenFile:
    """`.xlsb`."""
    return BrokenFile(
        _(
            "‘{file}’ is in Excel's binary format (.xlsb). Open it and save it as .xlsx "
            "(Excel Workbook).",
            file=name,
        )
    )


def web_page(name: str) -> BrokenFile:
    """HTML or XML that is named like a workbook."""
    return BrokenFile(
        _(
            "‘{file}’ is a web page or an XML file that is only named like a workbook. Open it in "
            "Excel or LibreOffice, save it as .xlsx and send that file.",
            file=name,
        )
    )


def unreadable_text(name: str) -> BrokenFile:
    """Not text, or in no coding that we know."""
    return BrokenFile(
        _(
            "‘{file}’ is not plain text that can be read. Save it again as CSV UTF-8, or as .xlsx, "
            "and send that file.",
            file=name,
        )
    )


def commands(name: str) -> BrokenFile:
    """A link that runs a command (DDE)."""
    return BrokenFile(
        _(
            "‘{file}’ has a link that starts another program. Take the link out (in Excel: Data, "
            "Edit Links), save it and send it again.",
            file=name,
        )
    )
