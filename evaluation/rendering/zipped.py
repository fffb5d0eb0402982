"""Files that are zips (Word, Excel, OpenDocument) with the same bytes whenever they are made."""

from __future__ import annotations

import time
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from evaluation.rendering.staging import Stage

EARLIEST = 315532800  # 1980, before which a zip knows no time


def same_bytes(
    made: bytes, stage: Stage, change: Callable[[str, bytes], bytes] = lambda _name, part: part
) -> bytes:
    """The same zip, each part dated as the report is, and changed by `change(name, part)`.

    The first part of an OpenDocument stays plain, so that its kind can be read from its bytes.
    """
    epoch = max(int(stage.environment["SOURCE_DATE_EPOCH"]), EARLIEST)
    when = time.gmtime(epoch)[:6]
    again = BytesIO()
    with ZipFile(BytesIO(made)) as before, ZipFile(again, "w") as after:
        for part in before.infolist():
            dated = ZipInfo(part.filename, when)
            dated.compress_type = ZIP_STORED if part.filename == "mimetype" else ZIP_DEFLATED
            dated.external_attr = 0o600 << 16
            dated.create_system = 3  # said to be Unix, on whatever machine
            after.writestr(dated, change(part.filename, before.read(part)))
    return again.getvalue()
