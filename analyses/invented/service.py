"""What the meeting and the service tell: decisions about children, and what became of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.invented.filling import draw, numbered, tidy
from analyses.invented.world import Array, Days
from evaluation.quarters import Quarter

_SOURCE = {
    "social_services": 0.36, "education": 0.22, "police": 0.18, "yos": 0.14, "family": 0.06,
    "health": 0.04,
}  # fmt: skip
_REASON = {
    "missing": 0.38, "criminal_exploitation": 0.27, "sexual_exploitation": 0.13,
    "serious_violence": 0.09, "offending": 0.07, "domestic_abuse": 0.04, "other": 0.02,
}  # fmt: skip
_DECLINED = {
    "no_consent": 0.34, "not_reached": 0.28, "out_of_scope": 0.20, "other_service": 0.12,
    "no_capacity": 0.06,
}  # fmt: skip
_CLOSED_ENGAGED = {
    "planned": 0.68, "disengaged": 0.17, "handed_over": 0.07, "moved": 0.03, "custody": 0.02,
    "other": 0.03,
}  # fmt: skip
_CLOSED_UNSEEN = {"disengaged": 0.50, "declined": 0.38, "moved": 0.05, "other": 0.07}
_NOT_REFERRED = {
    "low_concern": 0.58,
    "other_service": 0.20,
    "not_suitable": 0.12,
    "not_recorded": 0.10,
}
_ELSEWHERE = {"refer_other": 0.7, "refer_positive_futures": 0.3}

_ACCEPTED, _REACHED, _CAME, _SESSIONS_BLANK = 0.82, 0.92, 0.84, 0.03


def draw_progress(
    referrals: pd.DataFrame,
    children: pd.DataFrame,
    days: Days,
    *,
    rng: np.random.Generator,
    prefix: str = "SG-",
) -> pd.DataFrame:
    """What becomes of each referral in the end.

    One row is one referral: child, referral_ref, the form's coded columns, its dates (calendar
    days, on weekdays after the referral; missing where it does not happen), attends (the share
    of sessions the child comes to) and blank (nobody counted the sessions). Engagement is by
    chance alone, because the effect belongs to the referral (see `World`).
    """
    rows = referrals.sort_values(["day", "child"], ignore_index=True)
    count = len(rows)

    def wait(shape: float, scale: float) -> Array:
        return (1 + rng.gamma(shape, scale, count)).astype("timedelta64[D]")

    referred = days.calendar(rows["day"].to_numpy())
    decided = _weekday(referred + wait(2, 4))
    accepted = rng.random(count) < _ACCEPTED
    reached = rng.random(count) < np.where(accepted, _REACHED, 0.4)
    contact = _weekday(referred + wait(2, 5))
    contact = np.where(accepted, contact, np.minimum(contact, decided))
    came = accepted & reached & (rng.random(count) < _CAME)
    session = _weekday(np.maximum(decided, contact) + wait(2, 4))
    closed = _weekday(np.where(came, session + wait(4, 35), decided + wait(3, 20)))
    none = np.datetime64("NaT", "D")
    return pd.DataFrame(
        {
            "child": rows["child"],
            "referral_ref": numbered(prefix, count, 4),
            "local_authority": children["local_authority"].to_numpy()[rows["child"]],
            "referred_on": referred,
            "source": draw(_SOURCE, count, rng).mask(rows["by_meeting"], "missing_meeting"),
            "reason": draw(_REASON, count, rng),
            "decision": np.where(accepted, "accepted", "declined"),
            "decided_on": decided,
            "decline_reason": draw(_DECLINED, count, rng).mask(accepted),
            "first_contact_on": np.where(reached, contact, none),
            "first_session_on": np.where(came, session, none),
            "closed_on": np.where(accepted, closed, none),
            "closure_reason": draw(_CLOSED_ENGAGED, count, rng)
            .where(came, draw(_CLOSED_UNSEEN, count, rng))
            .where(accepted),
            "attends": rng.beta(6, 2, count),
            "blank": rng.random(count) < _SESSIONS_BLANK,
        }
    )


def referrals_of(progress: pd.DataFrame, keys: pd.Series, quarter: Quarter) -> pd.DataFrame:
    """A service's form of referrals for a quarter, as things stood on its last day."""
    begins, today = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    ended = progress["closed_on"].fillna(progress["decided_on"])  # a declined one never closes
    rows = progress[(progress["referred_on"] <= today) & (ended >= begins)]
    waiting = rows["decided_on"] > today
    happened = {
        column: rows[column].where(rows[column] <= today)
        for column in ("decided_on", "first_contact_on", "first_session_on", "closed_on")
    }
    until = happened["closed_on"].fillna(today)
    weeks = (until - happened["first_session_on"]).dt.days // 7
    offered = (weeks + 1).fillna(0)
    attended = (1 + np.floor(rows["attends"] * weeks)).fillna(0)
    form = pd.DataFrame(
        {
            "referral_ref": rows["referral_ref"],
            "child_key": rows["child"].map(keys),
            "local_authority": rows["local_authority"],
            "referred_on": rows["referred_on"],
            "source": rows["source"],
            "reason": rows["reason"],
            "decision": rows["decision"].mask(waiting, "waiting"),
            "decided_on": happened["decided_on"],
            "decline_reason": rows["decline_reason"].mask(waiting),
            "first_contact_on": happened["first_contact_on"],
            "first_session_on": happened["first_session_on"],
            "sessions_offered": offered.mask(rows["blank"]).astype("Int64"),
            "sessions_attended": attended.mask(rows["blank"]).astype("Int64"),
            "closed_on": happened["closed_on"],
            "closure_reason": rows["closure_reason"].where(happened["closed_on"].notna()),
        }
    )
    return tidy(form)


def draw_minutes(
    decisions: pd.DataFrame,
    progress: pd.DataFrame,
    children: pd.DataFrame,
    days: Days,
    *,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """What the meeting writes down: the form's columns, with child for child_key.

    A child whom the service has already is supported while that referral is waiting or open,
    and after it not suitable for another.
    """
    count = len(decisions)
    chosen = decisions["decision"]
    met_on = pd.Series(days.calendar(decisions["day"].to_numpy()), index=decisions.index)
    ended = progress.set_index("child")["closed_on"].fillna(
        progress.set_index("child")["decided_on"]
    )
    supported = (chosen == "already_referred") & (decisions["child"].map(ended) > met_on)
    decision = (
        pd.Series("no_referral", index=decisions.index, dtype="str")
        .mask(chosen == "referred", "refer_st_giles")
        .mask(chosen == "elsewhere", draw(_ELSEWHERE, count, rng))
        .mask(supported, "already_supported")
    )
    reason = (
        draw(_NOT_REFERRED, count, rng)
        .mask(chosen.isin(["no_capacity", "no_consent"]), chosen)
        .mask((chosen == "already_referred"), "not_suitable")
        .where(decision == "no_referral")
    )
    return pd.DataFrame(
        {
            "child": decisions["child"],
            "met_on": met_on,
            "local_authority": children["local_authority"].to_numpy()[decisions["child"]],
            "decision": decision,
            "reason_not_referred": reason,
        }
    )


def decisions_of(minutes: pd.DataFrame, keys: pd.Series, quarter: Quarter) -> pd.DataFrame:
    """The form 'meeting_decisions' for a quarter."""
    first, last = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    rows = minutes[minutes["met_on"].between(first, last)].sort_values("met_on", kind="stable")
    form = rows.drop(columns="child")
    form.insert(0, "child_key", rows["child"].map(keys))
    return tidy(form)


def _weekday(days: Array) -> Array:
    """Each day, or the Monday after a weekend."""
    return np.asarray(np.busday_offset(days, 0, roll="forward"))
