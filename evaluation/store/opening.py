"""A store is a folder: Parquet files, and the ledger that says which of them count."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, select

from evaluation.errors import StoreError
from evaluation.language import _
from evaluation.store import files
from evaluation.store.ledger import FORMAT, about, connect, metadata, transaction

LEDGER = "ledger.sqlite"


@dataclass(frozen=True)
class Store:
    """An open store. It holds no connection between calls, so it may be shared and forked."""

    root: Path
    ledger: Engine

    @classmethod
    def open(cls, path: Path) -> Store:
        """The store in the folder `path`, made if it is not there. Raises StoreError."""
        return open_store(path, create=True)

    @property
    def files(self) -> Path:
        return self.root / "files"

    def reading(self) -> AbstractContextManager[Connection]:
        return transaction(self.ledger)

    def writing(self) -> AbstractContextManager[Connection]:
        return transaction(self.ledger, writes=True)


def open_store(path: Path, *, create: bool = False, wait_seconds: float = 30.0) -> Store:
    """The store in the folder `path`; with `create`, an absent or empty folder becomes one.

    A store that an older version of the toolkit made is given the tables that it lacks. Raises
    StoreError if there is no store, if the folder holds other things, if it lies on a Windows
    network drive, or if a newer version of the toolkit made it.
    """
    root = path.resolve()
    if root.drive.startswith("\\\\"):  # resolve() shows a mapped drive as the share that it is
        raise StoreError(
            _(
                "The store {path} lies on a network drive, where locks are not kept and the "
                "ledger can be destroyed. Put the store on a disk of this computer.",
                path=str(path),
            )
        )
    if not (root / LEDGER).is_file():
        if not create:
            raise StoreError(
                _(
                    "There is no store in {path}. Check the folder given as the store; "
                    "the first return that is accepted makes a new one.",
                    path=str(path),
                )
            )
        _make_folder(root)
    url = URL.create("sqlite", database=str(root / LEDGER))
    store = Store(root, connect(url, wait_seconds=wait_seconds))
    if create:
        _make_tables(store)
    _check_format(store)
    return store


def find_store(path: Path) -> Store | None:
    """The store in the folder `path`; None where the folder is absent or empty, so none is yet.

    Raises StoreError as `open_store`.
    """
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return None
    return open_store(path)


def _make_folder(root: Path) -> None:
    """An empty folder for a new store. One that holds something else is left alone."""
    made = [folder for folder in (root, *root.parents) if not folder.exists()]
    try:
        root.mkdir(parents=True, exist_ok=True)
        for folder in made:
            files.sync_folder(folder.parent)
        # A store that lost its ledger must not be taken for a new one, nor a mistyped folder.
        others = sorted(item.name for item in root.iterdir() if not item.name.startswith(LEDGER))
        # Unless somebody has just made the store, and has begun to fill it.
        if others and not (root / LEDGER).is_file():
            raise StoreError(
                _(
                    "The folder {path} holds other things ({example}) and no ledger, so it will "
                    "not be made a store. Give an empty or a new folder; if it was a store, "
                    "restore its {ledger} from the backup.",
                    path=str(root),
                    example=others[0],
                    ledger=LEDGER,
                )
            )
    except OSError as error:
        raise files.trouble(error, root) from error


def _make_tables(store: Store) -> None:
    """Make the tables where there are none, in one transaction: a store is whole or not one."""
    with store.reading() as ledger:
        if inspect(ledger).get_table_names():
            return
    with store.writing() as ledger:
        # Another process may have made them since.
        if not inspect(ledger).get_table_names():
            metadata.create_all(ledger)
            ledger.execute(about.insert().values(format=FORMAT))


def _check_format(store: Store) -> None:
    with store.reading() as ledger:
        known = inspect(ledger).has_table(about.name)
        found = ledger.execute(select(about.c.format)).scalar() if known else None
    if found is None:
        raise StoreError(
            _(
                "{path} is not a store: its {ledger} is not a ledger of returns. "
                "Check the folder given as the store.",
                path=str(store.root),
                ledger=LEDGER,
            )
        )
    if found > FORMAT:
        raise StoreError(
            _(
                "The store {path} has format {found}, and this version of the toolkit knows "
                "format {known} only. Use the version that made the store, or a newer one.",
                path=str(store.root),
                found=found,
                known=FORMAT,
            )
        )
    if found < FORMAT:
        _add_tables(store)


def _add_tables(store: Store) -> None:
    """What newer formats have added, in one transaction; an older toolkit then refuses the store.

    The store's format is the one fact that is ever altered.
    """
    with store.writing() as ledger:
        metadata.create_all(ledger)
        ledger.execute(about.update().values(format=FORMAT))
