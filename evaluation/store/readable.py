"""Ids that a person can read aloud and type again: R-2025Q1-7K3M9Q."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Column, Connection, select

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base 32: without I, L, O and U."""


def identity(*parts: str) -> str:
    """The digest of what makes a thing the same thing, whoever sends it and how often."""
    return sha256("\n".join(parts).encode()).hexdigest()


def code(digest: str, length: int) -> str:
    """The first `length` characters of a digest, five bits each."""
    number = int(digest, 16)
    bits = len(digest) * 4
    return "".join(ALPHABET[number >> (bits - 5 * (place + 1)) & 31] for place in range(length))


def unused(ledger: Connection, column: Column[str], start: str, digest: str) -> str:
    """The shortest id from six characters on that no other row of the column has."""
    for length in range(6, 51):
        candidate = f"{start}-{code(digest, length)}"
        if ledger.execute(select(column).where(column == candidate)).first() is None:
            return candidate
    raise AssertionError(start)  # two different digests that agree in 250 bits
