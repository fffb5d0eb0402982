"""How often an honest answer that resembles an identifier is taken for one."""

import random

import pytest

from evaluation.returns.identifiers import in_title, in_values

WORDS = [
    "Rose Heyworth", "Rose Heyworth Millennium Campus", "Ty Penallt", "St Joseph's, upper school",
    "Cwmbran Stadium", "Newport Transporter Bridge", "Dewi Sant", "Hill Street hub", "Heol Ddu hall",
    "Market Street and Bridge Street", "Room 12, the Riverfront", "Unit 4, Langstone Park",
    "Year 9 at Drive", "2 children close to home", "24 hours close down", "3 ffordd o weithio",
    "4 y stryd", "12 young people at the Market Street hub", "Open road 7 days", "1 in 5 road users",
    "names withheld", "Name not asked", "the nickname rule", "Enwau: dim", "born abroad",
    "birth month only", "dob not kept", "e-mail sent", "phone call", "call 101", "ring 999",
    "Childline 0800 1111", "@gwentpolice", "seen @ 12.30", "a@b", "5 @ 10", "Cost 1,234.50",
    "£138,114", "2025/26", "Q1 2025/26", "12/05/2025", "12.5.25", "2025-05-12 21:30", "21:30-22:15",
    "28 days", "90 of 365", "1-2-1 support", "MIS-04 M000123", "see REF-08, 17 times", "W06000022",
    "E08000025", "SA12/34", "NP-44", "CF 10", "NP20", "B12 3", "M25 J4", "A4042", "B4591 road", "M4",
    "PE lesson 2", "CO2 3 ppm", "LD1 rota", "SP1234", "SE1-2-3", "S7/12", "EXAMPRE0001W",
    "1VKE CHE9 E9ZW", "681/4012", "6814012", "LA 681 school 4012", "UPN not kept", "ID 000123456",
    "0001-0002-0003", "1234567890123", "12 34 56 78", "20250512 0930", "0044", "+44", "07/2025",
    "07.05.25 09.30", "555 123", "3.14159265358979", "1e10", "50%", "10-14", "2010-06",
]  # fmt: skip
"""What people write who tell nothing about anybody."""

REFERENCES = [
    "SA12/34", "SG00001", "NP20-4", "NP204QW1", "CF10", "M000001/2", "2024/00017", "24/17A", "S/7/B",
    "B1-2AB", "1VKECHE9E9ZW", "2025Q1-003", "0001", "07-123", "100200300", "A-1", "x9", "ROSE1",
]  # fmt: skip

TITLES = [
    "School ref", "School reference", "Venue", "Format", "Namely", "Renamed", "Telling", "Streetwise",
    "Notified on", "Noted", "Addressed", "Reborn", "Contact role", "Phonetics", "Rhyw", "Enwog",
    "Cyfnod", "Panel", "Nominated by", "Croeso", "Gigabytes", "Mobility",
]  # fmt: skip


def test_the_rate_of_false_alarms_over_awkward_true_words():
    alarms = in_values(WORDS, "free")
    assert sorted(alarms) == ["Year 9 at Drive"]
    assert len(alarms) / len(WORDS) < 0.02


@pytest.mark.parametrize("place", ["code", "flag", "int", "date", "beside"])
def test_no_more_of_them_in_a_column_of_answers_or_beside_the_cells(place):
    assert set(in_values(WORDS, place)) <= {"Year 9 at Drive"}


def test_no_reference_that_resembles_an_identifier_raises_an_alarm():
    assert in_values(REFERENCES, "ref") == {}


def test_no_title_that_resembles_one_raises_an_alarm():
    assert [title for title in TITLES if in_title(title)] == []


def test_school_references_of_ten_digits_among_others_rarely_raise_an_alarm():
    """Alone in a column they are judged together; here every second one is of another kind."""
    rng = random.Random(3)
    alarms = 0
    for _return in range(300):
        schools = [f"{rng.randrange(10**9, 10**10)}" for _ in range(rng.randint(3, 30))]
        alarms += bool(in_values([*schools, *(f"SG{n:05}" for n in range(len(schools)))], "ref"))
    assert alarms / 300 < 0.02


@pytest.mark.parametrize(
    "address",
    [
        "12 Commercial Street",
        "4a, Orchard Close",
        "17 Maes y Coed Road",
        "9 Heol Fawr",
        "33 Stryd y Bont",
    ],
)
def test_addresses_are_found_all_the_same(address):
    assert {fault.id for fault in in_values([f"lives at {address}."], "free").values()} == {
        "ID-ADDRESS"
    }
