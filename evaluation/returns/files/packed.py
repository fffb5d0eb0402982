"""Take a packed workbook (`.xlsx`, `.ods`) apart, once it is known to be safe.

Everything that could cost memory or time is measured before a parser sees it.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from evaluation.errors import BrokenFile
from evaluation.returns.files import refusals


def unpack(data: bytes, name: str) -> dict[str, bytes]:
    """The parts by path: XML with its content, others empty.

    Raises BrokenFile where there are too many, where they unpack to too much, or where their
    XML declares anything (entities can expand without bound).
    """
    with damage(name), zipfile.ZipFile(BytesIO(data)) as packed:
        entries = packed.infolist()
        too_many = len(entries) > refusals.MOST_PARTS
        if too_many or sum(item.file_size for item in entries) > refusals.LARGEST_UNPACKED:
            raise refusals.too_large(name)
        parts: dict[str, bytes] = {}
        left = refusals.LARGEST_UNPACKED
        for item in entries:
            # The directory may lie about a size, so what comes out is measured as well.
            item.file_size = left + 2
            with packed.open(item) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                raise refusals.too_large(name)
            xml = item.filename.lower().endswith((".xml", ".rels"))
            parts[item.filename] = content if xml else b""
    for content in parts.values():
        # UTF-16 would hide them.
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content[:200]:
            raise refusals.instructions(name)
    return parts


def is_opendocument(data: bytes) -> bool:
    """Whether the packed file is of the OpenDocument kind, by the names of its parts."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            return "content.xml" in packed.namelist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        return False


@contextmanager
def damage(name: str) -> Iterator[None]:
    """Whatever fails inside is a damaged file: it may fail anywhere, each with its own error."""
    try:
        yield
    except BrokenFile:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        LookupError,
        SyntaxError,
        TypeError,
        ValueError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        EOFError,
        OSError,
        RuntimeError,  # a password on one part
    ) as error:
        raise refusals.damaged(name) from error
