"""What R says, asked while the tests run."""

import shutil
import subprocess

import pytest


def r(script, *files, tmp_path):
    """The lines that R says, cut at tabs."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("no Rscript: binary and ordered outcomes are not held against R itself here")
    wanted = [name for name in ("MASS", "sandwich") if f"library({name})" in script]
    has = (
        subprocess.run(
            [
                rscript,
                "-e",
                *[f"stopifnot({' && '.join(f'requireNamespace({n!r})' for n in wanted)})"],
            ],
            capture_output=True,
            check=False,
        )
        if wanted
        else None
    )
    if has is not None and has.returncode:
        pytest.skip(f"R is without {' or '.join(wanted)}: not held against R here")
    file = tmp_path / "said.R"
    file.write_text(script)
    said = subprocess.run(
        [rscript, "--vanilla", str(file), *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.rstrip("\t").split("\t") for line in said.stdout.splitlines()]
