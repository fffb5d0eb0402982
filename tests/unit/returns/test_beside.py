"""What stands in no cell is looked at too; who wrote the file is let pass."""

import pytest

from evaluation.returns.files import Aside
from evaluation.returns.files.raw import COMMENT, HEADER, PROPERTIES
from evaluation.returns.identifiers import find_beside


def found(*asides):
    return [(item.rule, item.place) for item in find_beside(asides)]


def test_a_finding_says_in_what_it_stands_and_never_what():
    (finding,) = find_beside([Aside(HEADER, "Ring 01633 838 838", "Visits")])
    assert str(finding.message) == (
        "There seems to be a telephone number here. It stands in a header or footer."
    )
    assert (finding.severity, finding.sheet, finding.row) == ("reject", "Visits", None)
    assert "838" not in repr(finding)


def test_a_comment_is_found_at_its_cell():
    asides = [Aside(COMMENT, f"now at NP2{n} 4QW", "Visits", n, "C") for n in (1, 2)]
    assert found(*asides) == [("ID-POSTCODE", "Visits!C1"), ("ID-POSTCODE", "Visits!C2")]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("jo.bloggs@example.org", []),
        ("Bloggs, Jo (Data Office) <jo.bloggs@police.example>", []),
        ("Jo Bloggs", []),
        ("jo@example.org, NP20 4QW", ["ID-POSTCODE"]),
        ("943 476 5919", ["ID-NHS"]),
    ],
)
def test_of_the_sender_an_address_of_mail_is_let_pass_and_nothing_else(text, rules):
    assert [rule for rule, _place in found(Aside(PROPERTIES, text, by_sender=True))] == rules


def test_elsewhere_an_address_of_mail_is_found():
    assert found(Aside(PROPERTIES, "jo.bloggs@example.org")) == [("ID-EMAIL", "")]


def test_what_is_kept_of_a_column_of_references_is_judged_together():
    own = [f"41234567{n:02}" for n in range(40)]
    assert found(*(Aside(PROPERTIES, text) for text in own)) == []
    assert found(*(Aside(PROPERTIES, text) for text in ["SG1", "SG2", "SG3", "9434765919"])) == [
        ("ID-NHS", "")
    ]
