"""The ledger: what was accepted, taken back and released, in order. Its insert is the commit.

Rows are added and never altered: that one return supersedes another is read off their
revisions, and that it was withdrawn off a line of its own. Nothing here is special to SQLite but `connect`; PostgreSQL needs an engine of its
own and, in place of BEGIN IMMEDIATE, an advisory lock, so that the order of the sequence is the
order of the commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    NullPool,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.exc import DatabaseError

from evaluation.errors import StoreError
from evaluation.language import _

FORMAT = 3
"""The arrangement of these tables; a store says which one it has. A newer one only adds."""

metadata = MetaData()

about = Table("store", metadata, Column("format", Integer, primary_key=True))

# One row is one workbook accepted. `submission` is made from provider, quarter, the file's
# digest and the receipts of that file that were withdrawn, so that a retry is the same submission
# and a file can be sent again after it was taken back. `sequence` is from `next_number`.
receipts = Table(
    "receipts",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("submission", String(64), nullable=False, unique=True),
    Column("provider", String(100), nullable=False),
    Column("quarter", String(6), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", String(32), nullable=False),
    Column("rules_version", String(100), nullable=False),
    Column("template_version", String(100)),
    Column("history_from", String(10)),
    sqlite_autoincrement=True,
)

# One row is one form of an accepted workbook; the highest revision is in force. The constraint
# is what keeps two writers from ever giving one revision to two returns.
submissions = Table(
    "submissions",
    metadata,
    Column("sequence", ForeignKey(receipts.c.sequence), primary_key=True),
    Column("form", String(100), primary_key=True),
    Column("provider", String(100), nullable=False),
    Column("quarter", String(6), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("nil", Boolean, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("file", String(64), nullable=False),
    UniqueConstraint("provider", "form", "quarter", "revision"),
)

# One row is one finding that the provider has yet to explain; never the value.
findings = Table(
    "findings",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("sequence", ForeignKey(receipts.c.sequence), nullable=False, index=True),
    Column("form", String(100)),
    Column("rule", String(100), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("sheet", String(100)),
    Column("row", Integer),
    Column("column", String(10)),
    Column("record", String(200)),
)

# One row is one workbook taken back, as a whole. `sequence` is from `next_number`, so that it is
# known what was in force when.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("receipt", ForeignKey(receipts.c.sequence), nullable=False, unique=True),
    Column("withdrawn_at", String(32), nullable=False),
    Column("why", String(200), nullable=False),
)

# One row is the provider's reason for one finding, by the finding's number.
explanations = Table(
    "explanations",
    metadata,
    Column("sequence", ForeignKey(receipts.c.sequence), primary_key=True),
    Column("finding", String(200), primary_key=True),
    Column("form", String(100)),
    Column("reason", String(200), nullable=False),
)

# One row is one file that was sent and refused: how many faults it had, and nothing of it.
attempts = Table(
    "attempts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("provider", String(100), nullable=False),
    Column("quarter", String(6), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("received_at", String(32), nullable=False),
    Column("faults", Integer, nullable=False),
    UniqueConstraint("provider", "quarter", "sha256"),
)

# One row is one form of a file that was refused.
attempted = Table(
    "attempted",
    metadata,
    Column("attempt", ForeignKey(attempts.c.number), primary_key=True),
    Column("form", String(100), primary_key=True),
)

# One row is one release file that left, with its text: later releases must not give away by
# difference what an earlier one withheld.
releases = Table(
    "releases",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("release", String(64), nullable=False, unique=True),
    Column("body", String(100), nullable=False, index=True),
    Column("quarter", String(6), nullable=False),
    Column("snapshot", String(60), nullable=False),
    Column("plan", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("text", Text, nullable=False),
    sqlite_autoincrement=True,
)

# One row is what one public release was made of: the exact counts behind its figures, with which
# the next is held against it. They are as much a matter of this store as the children's records.
released_counts = Table(
    "released_counts",
    metadata,
    Column("release", ForeignKey(releases.c.sequence), primary_key=True),
    Column("counts", Text, nullable=False),
)


# One row is one approval of what a release says: of the whole, or of its text in a language.
approvals = Table(
    "approvals",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("release", ForeignKey(releases.c.sequence), nullable=False, index=True),
    Column("what", String(10), nullable=False),
    Column("by", String(100), nullable=False),
    Column("approved_at", String(32), nullable=False),
)


def next_number(ledger: Connection) -> int:
    """The number of the next acceptance or withdrawal: one count for both, in their order.

    To be asked and used in one writing transaction.
    """
    last = (
        ledger.execute(select(func.max(table.c.sequence))).scalar()
        for table in (receipts, withdrawals)
    )
    return max(number or 0 for number in last) + 1


def connect(url: URL | str, *, wait_seconds: float) -> Engine:
    """The SQLite ledger at `url`; a writer waits `wait_seconds` for another to finish.

    No pool: a connection is as cheap as opening a file, and none is ever carried into a child
    process. Parameters are hidden so that no error message quotes a record.
    """
    engine = create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": wait_seconds}
    )
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return engine


def _settle(connection: Any, _record: object) -> None:
    # Python must not open transactions of its own: _begin does.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # The journal stays SQLite's own rollback journal and not WAL, which needs memory shared
    # between processes and two more files beside the ledger, and cannot be opened in a folder
    # that may only be read. EXTRA is FULL that also syncs the folder once the journal is gone,
    # without which a power cut just after a commit may take that commit back.
    connection.execute("PRAGMA synchronous = EXTRA")


def _begin(connection: Connection) -> None:
    # A writer takes its place in the queue before it reads, so what it reads is still so when
    # it writes.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(ledger: Engine, *, writes: bool = False) -> Iterator[Connection]:
    """One transaction: committed whole when the block ends, or not at all.

    Keep it short, and read no data files in it: a reader delays a writer's commit.
    Raises StoreError if the ledger is busy, read-only or damaged.
    """
    try:
        with ledger.connect().execution_options(writes=writes) as connection, connection.begin():
            yield connection
    except DatabaseError as error:
        raise _trouble(error, str(ledger.url.database)) from error


def _trouble(error: DatabaseError, path: str) -> StoreError:
    """What the ledger's own error means to a person. Numbers: SQLite's primary result codes."""
    match getattr(error.orig, "sqlite_errorcode", 0) & 0xFF:
        case 5 | 6:
            return StoreError(
                _(
                    "The store’s ledger {path} is busy: another program is writing to it. "
                    "Nothing was written. Try again in a minute.",
                    path=path,
                )
            )
        case 3 | 8 | 14:
            return StoreError(
                _(
                    "The store’s ledger {path} cannot be opened or written. Nothing was written. "
                    "Check that its folder is there and that you may write to it.",
                    path=path,
                )
            )
        case 13:
            return StoreError(
                _(
                    "The disk is full: the store’s ledger {path} cannot grow. Nothing was "
                    "written. Make room and try again.",
                    path=path,
                )
            )
        case 26:
            return StoreError(
                _(
                    "{path} is not a ledger of returns. Check the folder given as the store.",
                    path=path,
                )
            )
        case _other:
            return StoreError(
                _(
                    "The store’s ledger {path} cannot be read. It may be damaged: restore the "
                    "store from its last backup, and do not write to it until then.",
                    path=path,
                )
            )
