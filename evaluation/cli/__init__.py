"""The front door: it parses arguments, calls one function, and prints. Only it sees every room.

Rooms are opened inside the commands, so that `--help` and `check` do not wait for statsmodels.
"""

# A module's import is what adds its commands, in the order in which `--help` lists them.
from evaluation.cli import returns as returns  # isort: skip
from evaluation.cli import reports as reports  # isort: skip
from evaluation.cli import notebooks as notebooks  # isort: skip
from evaluation.cli import keys as keys  # isort: skip
from evaluation.cli.front import app as app
from evaluation.cli.front import main as main
