"""The data controller's secret: 32 random bytes in a small file that notices damage.

    child-key-secret 1
    0f3a9b1c 22d0e6f1 … (eight groups)
    check 5be01a77

Who has this file and knows the identifiers can work out every child key, and nobody else can.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import BrokenFile
from evaluation.language import _
from evaluation.returns.keys.private import apart_from_stores, write_private

BYTES = 32
_TITLE = "child-key-secret"
_VERSION = f"{_TITLE} 1"
_LONGEST_FILE = 4096


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """The secret; it is never shown, not even where a program shows its variables."""

    value: bytes

    @property
    def check(self) -> str:
        """Eight characters that tell one secret from another and give nothing of it away."""
        return hmac.digest(self.value, b"check of a child-key secret", "sha256")[:4].hex()


def new_secret(to: Path) -> Secret:
    """Write a new secret to a file that only its owner may read.

    Raises WrongUse if the file is there already, whatever it is, or lies in a store.
    """
    secret = Secret(os.urandom(BYTES))
    lines = (_VERSION, secret.value.hex(" ", 4), f"check {secret.check}", "")
    write_private(apart_from_stores(to), "\n".join(lines).encode())
    return secret


def read_secret(path: Path) -> Secret:
    """The secret of a file that `new_secret` wrote.

    Raises BrokenFile if it is missing, something else, or not what it was.
    """
    apart_from_stores(path)
    try:
        with path.open("rb") as file:
            lines = file.read(_LONGEST_FILE).decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        lines = []
    except OSError as error:
        raise BrokenFile(
            _(
                "The secret {file} cannot be read ({reason}). Check its name and your rights.",
                file=str(path),
                reason=error.strerror or type(error).__name__,
            )
        ) from error
    title, value, check, *_rest = [*(line.strip() for line in lines), "", "", ""]
    if not title.startswith(_TITLE):
        raise BrokenFile(
            _(
                "{file} is not a secret. A secret is a file that ‘evaluation keys new’ wrote.",
                file=str(path),
            )
        )
    if title != _VERSION:
        raise BrokenFile(
            _(
                "The secret {file} was made by another version of this toolkit. Use that version, "
                "or keys would differ from those made before.",
                file=str(path),
            )
        )
    try:
        secret = Secret(bytes.fromhex(value))
    except ValueError:
        secret = Secret(b"")
    if len(secret.value) != BYTES or check != f"check {secret.check}":
        raise BrokenFile(
            _(
                "The secret {file} is damaged: it does not agree with its own check. Use your "
                "other copy of it; a new secret would give every child another key.",
                file=str(path),
            )
        )
    return secret


def others_may_read(path: Path) -> bool:
    """True where other users of this computer may read the file; Windows does not say."""
    return os.name != "nt" and bool(path.stat().st_mode & 0o077)
