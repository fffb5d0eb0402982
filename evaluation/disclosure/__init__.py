"""Disclosure control: only rounded or withheld figures leave, and a report reads nothing else."""

from evaluation.disclosure.files import parse_release, read_release, write_release
from evaluation.disclosure.policy import INTERNAL, PUBLIC, Policy
from evaluation.disclosure.releasing import release
from evaluation.disclosure.withheld import Withheld, withheld_by_rule

__all__ = [
    "INTERNAL",
    "PUBLIC",
    "Policy",
    "Withheld",
    "parse_release",
    "read_release",
    "release",
    "withheld_by_rule",
    "write_release",
]
