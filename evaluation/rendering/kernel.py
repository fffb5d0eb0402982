"""Runs a report's cells, once, in a fresh kernel: the Markdown that its sections return."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from evaluation.errors import RenderError
from evaluation.language import _
from evaluation.rendering.staging import Stage
from evaluation.rendering.subset import Cell

STARTUP_SECONDS = 60

# Before the first cell: others' warnings are not the reader's business, nor the page's.
_QUIET = (
    "import logging, warnings\nwarnings.simplefilter('ignore')\nlogging.disable(logging.WARNING)"
)


class _ThisPython(KernelSpecManager):
    """Every kernel is this interpreter, whatever kernels the machine or its user has installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name=kernel_name,
            language="python",
        )


def run_cells(cells: Sequence[Cell], stage: Stage, *, timeout: float) -> list[str]:
    """Run the cells in order; what each gives, '' where it gives nothing.

    `timeout` is in seconds, for each cell. Raises RenderError, naming the section, if one stops,
    prints, takes too long, or returns anything but one piece of Markdown.
    """
    notebook = _notebook([_QUIET, *(cell.code for cell in cells)])
    _execute(notebook, cells, stage, timeout=timeout)
    return [_given(cell, ran.outputs) for cell, ran in zip(cells, notebook.cells[1:], strict=True)]


def _notebook(codes: Sequence[str]) -> nbformat.NotebookNode:
    new = nbformat.v4  # its makers have not typed it
    cells = [new.new_code_cell(code) for code in codes]  # type: ignore[no-untyped-call]
    notebook: nbformat.NotebookNode = new.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    return notebook


def _execute(
    notebook: nbformat.NotebookNode, cells: Sequence[Cell], stage: Stage, *, timeout: float
) -> None:
    running = 0

    def started(*, cell_index: int, **_cell: object) -> None:
        nonlocal running
        running = cell_index

    log = stage.scratch / "kernel.log"
    client = NotebookClient(
        notebook,
        km=_manager(stage.scratch),
        timeout=timeout,
        startup_timeout=STARTUP_SECONDS,
        on_cell_start=started,
        ipython_hist_file=":memory:",
        shutdown_kernel="immediate",
    )
    with log.open("wb") as noise:
        try:
            client.execute(
                cwd=str(stage.folder),
                env=dict(stage.environment),
                stdout=noise,
                stderr=noise,
                cleanup_kc=True,
            )
        except CellExecutionError as error:
            name, why = error.ename, _one_line(error.evalue)
            message = _("it stopped with {name}: {why}", name=name, why=why or "-")
            raise _error(cells, running, message) from None
        except CellTimeoutError:
            message = _("it took longer than {seconds} seconds", seconds=timeout)
            raise _error(cells, running, message) from None
        except (DeadKernelError, RuntimeError) as error:
            message = _("its Python died ({why})", why=_one_line(str(error)))
            raise _error(cells, running, message) from None


def _manager(scratch: Path) -> AsyncKernelManager:
    """A kernel that is reached through a socket in `scratch`, which no other user can read."""
    manager = AsyncKernelManager(
        kernel_name="report",
        kernel_spec_manager=_ThisPython(),
        connection_file=str(scratch / "kernel.json"),
    )
    if os.name != "nt":  # Windows has no such sockets in ZeroMQ: it keeps TCP on the loopback
        manager.transport = "ipc"
        manager.ip = str(scratch / "kernel")
    return manager


def _given(cell: Cell, outputs: Sequence[nbformat.NotebookNode]) -> str:
    """The Markdown among a cell's outputs; anything else that it put out is an error."""
    printed = [out for out in outputs if out.output_type == "stream"]
    if printed:
        raise _stopped(
            cell, _("it printed to {where}, which has no place in a report", where=printed[0].name)
        )
    if not outputs and not cell.gives:
        return ""
    if len(outputs) != 1:
        raise _stopped(cell, _("it gave {count} outputs where one was due", count=len(outputs)))
    if not cell.gives or "text/markdown" not in outputs[0].get("data", {}):
        raise _stopped(cell, _("it must return one IPython.display.Markdown and nothing else"))
    return str(outputs[0].data["text/markdown"])


def _error(cells: Sequence[Cell], running: int, message: object) -> RenderError:
    if not running:
        return RenderError(
            _(
                "The report's Python could not be started: {why}. Nothing was published.",
                why=message,
            )
        )
    return _stopped(cells[running - 1], message)


def _stopped(cell: Cell, message: object) -> RenderError:
    return RenderError(
        _(
            "The section {section} ({place}) failed: {why}. Nothing was published.",
            section=cell.section,
            place=cell.at.place,
            why=message,
        )
    )


def _one_line(text: str) -> str:
    """The first line of a message, without terminal colours, and short."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text).strip()
    return plain.split("\n")[0][:300].rstrip(".")
