"""What was done with the data: which figures of the quarterly report each form feeds."""

from __future__ import annotations

from functools import reduce

from IPython.display import Markdown

from evaluation.language import Language, Text, _
from evaluation.nouns import Release
from reports.provider.own import forms
from reports.returned import form_title
from reports.writing import grid, heading, page, prose

FEEDS: dict[str, tuple[Text, ...]] = {
    "children": (
        _("Age, sex and care status on the day from which each child is followed, so that like is compared with like."),
        _("The day on which a child turns 18 or leaves, after which no episode is counted."),
    ),
    "missing_episodes": (
        _("Which children went missing often enough to be compared, and how often they did afterwards: the main figure."),
        _("The episodes of each month, and how many return interviews were offered and done."),
    ),
    "away_spells": (
        _("Days in custody, secure accommodation or hospital, on which a child could not go missing and which are not counted."),
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


def _beside(first: Text, following: Text) -> Text:
    return _("{first} {next}", first=first, next=following)


def section(release: Release, language: Language) -> Markdown:
    """A list for each form that the provider owes."""
    return page(
        language,
        heading(2, _("What we did with your data")),
        prose(
            _(
                "Your rows went into these figures of the quarterly report, where they stand "
                "rounded or withheld, together with everybody else’s."
            )
        ),
        grid(
            "use",
            _("What each of your forms is for"),
            [(_("Form"), "left"), (_("What it tells"), "left")],
            [
                (form_title(release, form), reduce(_beside, FEEDS[form]))
                for form in forms(release)
                if form in FEEDS
            ],
        ),
        prose(
            _("No name, address or date of birth is in your returns, and none is wanted."),
            _("The same rows, sent twice, count once."),
        ),
    )
