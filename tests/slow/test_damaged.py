"""Files with random damage are read or refused with a sentence; nothing else ever happens."""

import io
import random
import zipfile

import pytest

from evaluation.errors import BrokenFile
from evaluation.returns.files import open_file
from tests.corpus.cases import sheets, table
from tests.corpus.writing import csv_file, ods, xls, xlsx

pytestmark = pytest.mark.slow


def damaged(data, rng):
    """The bytes with some changed, lost, put in or repeated."""
    held = bytearray(data)
    for _time in range(rng.choice([1, 2, 5, 20])):
        at = rng.randrange(len(held) + 1)
        match rng.randrange(4):
            case 0:
                held[at : at + 1] = rng.randbytes(1)
            case 1:
                del held[at : at + rng.randrange(1, 60)]
            case 2:
                held[at:at] = rng.randbytes(rng.randrange(1, 9))
            case _:
                begin = rng.randrange(len(held) + 1)
                held[at:at] = held[begin : begin + rng.randrange(1, 200)]
    return bytes(held)


def damaged_inside(data, rng):
    """A packed file that unpacks as it should, and one of its parts is damaged."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        spoilt = rng.choice([name for name in old.namelist() if name.endswith((".xml", ".rels"))])
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, damaged(content, rng) if name == spoilt else content)
    return held.getvalue()


def made(folder):
    above = [["Title, of it"], []]
    return {
        "xlsx": xlsx(folder / "a.xlsx", sheets()),
        "xls": xls(folder / "a.xls", sheets()),
        "ods": ods(folder / "a.ods", sheets()),
        "csv": csv_file(folder / "a.csv", above + table()),
    }


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv"])
def test_a_damaged_file_is_read_or_refused(tmp_path, capfd, kind):
    path = made(tmp_path)[kind]
    data, rng = path.read_bytes(), random.Random(kind)
    refused = 0
    for _time in range(400):
        packed = kind in {"xlsx", "ods"} and rng.random() < 0.7
        path.write_bytes(damaged_inside(data, rng) if packed else damaged(data, rng))
        try:
            open_file(path)
        except BrokenFile:
            refused += 1
    assert refused > (0 if kind == "csv" else 50)
    assert capfd.readouterr() == ("", "")  # readers keep what they think of it to themselves
