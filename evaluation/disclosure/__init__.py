"""Disclosure control: only rounded or withheld figures leave, and a report reads nothing else."""

from evaluation.disclosure.earlier import Left, counts_behind, read_counts, write_counts
from evaluation.disclosure.files import parse_release, read_release, write_release
from evaluation.disclosure.policy import INTERNAL, PUBLIC, Policy
from evaluation.disclosure.relations import (
    Cell,
    Place,
    Relation,
    at_most,
    balanced,
    nested,
    place_of,
    same,
    sums,
    told_by,
)
from evaluation.disclosure.releasing import release
from evaluation.disclosure.withheld import Withheld, withheld_by_rule

__all__ = [
    "INTERNAL",
    "PUBLIC",
    "Cell",
    "Left",
    "Place",
    "Policy",
    "Relation",
    "Withheld",
    "at_most",
    "balanced",
    "counts_behind",
    "nested",
    "parse_release",
    "place_of",
    "read_counts",
    "read_release",
    "release",
    "same",
    "sums",
    "told_by",
    "withheld_by_rule",
    "write_counts",
    "write_release",
]
