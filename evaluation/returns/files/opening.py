"""Open a file: find out what it is, and have it read by what reads its format."""

from __future__ import annotations

from pathlib import Path

from evaluation.errors import BrokenFile
from evaluation.language import _
from evaluation.returns.files import refusals
from evaluation.returns.files.delimited import read_delimited
from evaluation.returns.files.ods import read_ods
from evaluation.returns.files.packed import is_opendocument
from evaluation.returns.files.raw import RawFile
from evaluation.returns.files.xls import read_xls
from evaluation.returns.files.xlsx import read_xlsx

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
_TEXT = {".csv", ".tsv", ".tab", ".txt"}


def open_file(path: Path) -> RawFile:
    """The file's sheets, whatever its format; its name only tells text from what is no return.

    Raises BrokenFile, with one sentence that says what to do, for anything that is not a
    readable workbook or text of bounded size.
    """
    data = _bytes_of(path)
    if data.startswith(_ZIP):
        return (read_ods if is_opendocument(data) else read_xlsx)(data, path.name)
    if data.startswith(_OLE):
        return read_xls(data, path.name)
    if data.lstrip()[:1] == b"<":
        raise refusals.web_page(path.name)
    if path.suffix.lower() in _TEXT:
        return read_delimited(data, path.name, path.stem)
    raise refusals.not_a_workbook(path.name)


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise BrokenFile(
            _("‘{file}’ is a folder. Name one workbook in it.", file=path.name or str(path))
        )
    try:
        with path.open("rb") as file:
            packed = file.read(8).startswith((_ZIP, _OLE))
            largest = refusals.LARGEST_FILE if packed else refusals.LARGEST_TEXT
            if path.stat().st_size > largest:
                raise refusals.too_large(path.name)
            file.seek(0)
            data = file.read()
    except FileNotFoundError as error:
        raise BrokenFile(
            _("There is no file ‘{file}’. Check its name and folder.", file=path.name)
        ) from error
    except OSError as error:
        raise BrokenFile(
            _(
                "‘{file}’ cannot be opened. Close it if it is open elsewhere, and check that you "
                "may read it.",
                file=path.name,
            )
        ) from error
    if not data:
        raise BrokenFile(_("‘{file}’ is empty. Save the workbook again.", file=path.name))
    return data
