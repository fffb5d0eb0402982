"""What was done with the data: which figures of the quarterly report each form feeds."""

from __future__ import annotations

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from reports.provider.own import forms
from reports.returned import form_title
from reports.writing import bullets, grid, heading, page, prose

FEEDS: dict[str, tuple[Text, ...]] = {
    "children": (
        _("Age, sex and care status on the day from which each child is followed: what the groups are made alike in."),
        _("The day on which a child turns 18 or leaves, after which no episode is looked for."),
    ),
    "missing_episodes": (
        _("Whether a child met the trigger, and how often it went missing afterwards: the main figure."),
        _("The episodes of each month, and how many return interviews were offered and done."),
    ),
    "away_spells": (
        _("Days in custody, secure accommodation or hospital, which are taken out of the days at risk."),
    ),
    "op_encompass_incidents": (
        _("How often the school was told before it next opened, and how long that took."),
    ),
    "meeting_decisions": (
        _("Who was discussed, who was referred and who was not: the two groups that are compared."),
        _("How many of the comparison group were referred at a later meeting."),
    ),
    "exploitation_assessments": (
        _("Whether the band of risk changed between referral and closure, by the same tool."),
    ),
    "st_giles_referrals": (
        _("How far the children referred have come, how long they wait, and how work ends."),
        _("Who had been referred before, and so is left out of the comparison."),
    ),
    "positive_futures_referrals": (
        _("How far the children referred have come, how long they wait, and how work ends."),
        _("On which days a child was with two services, which the comparison allows for."),
    ),
    "positive_futures_sessions": (
        _("Sessions held and cancelled, and attendances by area; they are never joined to children."),
    ),
    "school_closures": (
        _("On which day each school next opened: without it nobody can say whether a notification was in time."),
    ),
}  # fmt: skip
"""By form, a sentence for each figure that its rows go into."""


def section(release: Release, language: Language) -> Markdown:
    """A list for each form that the provider owes."""
    return page(
        language,
        heading(2, _("What we did with it")),
        prose(
            _(
                "Your rows went into these figures of the quarterly report, where they stand "
                "rounded or withheld, together with everybody else’s."
            )
        ),
        grid(
            "use",
            _("What each of your returns is for"),
            [(_("Return"), "left"), (_("What it tells"), "left")],
            [
                (form_title(release, form), sentence)
                for form in forms(release)
                for sentence in FEEDS.get(form, ())
            ],
        ),
        bullets(
            [
                _("No name, address or date of birth is in your returns, and none is wanted."),
                _("The same rows, sent twice, count once."),
            ]
        ),
    )
