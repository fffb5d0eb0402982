"""Everything that can stop the toolkit: a sentence for a person, and an exit code for a program.

A fault in the data is never raised: it is a `Finding`. What is raised says what is wrong,
where, and what to do, and holds counts, ids and addresses, never a row's values.
"""

from __future__ import annotations

from evaluation.language import Text


class EvaluationError(Exception):
    """The root. `text` is the sentence; `exit_code` is what the command line returns."""

    exit_code = 3

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the sentence, as the command line does."""
        return [str(self.text)]


class WrongUse(EvaluationError):
    """The command or call is off: an unknown form, provider, quarter or language."""

    exit_code = 2


class BrokenFile(EvaluationError):
    """The file cannot be read as a return at all: not a workbook, empty, encrypted, too large."""

    exit_code = 3


class StoreError(EvaluationError):
    """The store is missing, busy, or does not hold what its ledger says."""

    exit_code = 4


class MissingTable(EvaluationError):
    """A question was asked that needs a return that has not come."""

    exit_code = 5


class PlanError(EvaluationError):
    """The analysis plan or a body's file is wrong or contradicts the folders."""

    exit_code = 6


class ReleaseRefused(EvaluationError):
    """Disclosure control will not let a figure leave."""

    exit_code = 7


class RenderError(EvaluationError):
    """A report could not be rendered; nothing was published."""

    exit_code = 8
