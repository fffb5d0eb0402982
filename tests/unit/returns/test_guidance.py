"""The line under a title says when its column must be filled in."""

import pytest

from evaluation.returns.guidance import guidance
from schemas import FORMS


@pytest.mark.parametrize(
    ("form", "field", "their_own"),
    [
        ("children", "child_key", False),
        ("missing_episodes", "episode_ref", True),
        ("school_closures", "school_ref", False),
        ("exploitation_assessments", "tool_version", False),
    ],
)
def test_only_a_number_of_their_own_is_said_to_be_one(form, field, their_own):
    written = guidance(FORMS[form].field(field), FORMS[form], "en")
    assert ("Your own number" in written) is their_own, written


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        ("children", "child_key", "↑ Must be filled in. 12 letters"),
        ("children", "disability", "↑ Please fill in if you can. Choose"),
        ("children", "followed_to_reason", "↑ Only if ‘Followed to’ is filled in. Choose"),
        ("st_giles_referrals", "decline_reason", "↑ Only if ‘Decision’ is: Declined. Choose"),
        (
            "op_encompass_incidents",
            "school_ref",
            "↑ Must be filled in if ‘Notification’ is: School notified or Not sent. The official",
        ),
    ],
)
def test_it_says_when(form, field, said):
    written = guidance(FORMS[form].field(field), FORMS[form], "en")
    assert written.startswith(said), written
