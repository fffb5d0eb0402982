"""The report's own pictures, shown in a notebook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from IPython.display import Image

PLAIN = "afcharts.afcharts"
"""The style of the report's pictures, for `plt.style.use`: what an analyst draws then goes with them."""

_PIXELS = 640


def shown(draw: Callable[..., tuple[Path, Path]], *parts: Any, **words: Any) -> Image:
    """What a `draw` of `evaluation.drawing` draws of these parts and words, as a notebook shows it.

    The picture is made of exact figures, and nothing is written beside the notebook.
    """
    with TemporaryDirectory() as folder:
        _vector, raster = draw(*parts, Path(folder, "picture"), **words)
        return Image(  # type: ignore[no-untyped-call]
            data=raster.read_bytes(), width=_PIXELS
        )
