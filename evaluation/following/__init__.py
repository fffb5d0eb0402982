"""Episodes become time at risk: (start, stop] rows in whole days, written once for every engine.

    follow           each child's time at risk and events after time zero, of a cohort
    at_risk_table    the same from plain frames of children and episodes
    split            its rows split where a child's state changes (referral, start of a service)
    recurring        the same with the number of each event and the time since the one before
    first_only       the same up to each child's first event
    windowed         one row a child, within so many days of time zero
    merge_episodes   episodes of one child that overlap, made one
    history          what was known of a child's episodes at a moment

The steps are the SQL files of this folder. Which events, and which time zero, others say.
"""

from evaluation.following.at_risk import at_risk_table, follow
from evaluation.following.episodes import history, merge_episodes
from evaluation.following.recurring import first_only, recurring
from evaluation.following.splitting import split
from evaluation.following.windows import windowed

__all__ = [
    "at_risk_table",
    "first_only",
    "follow",
    "history",
    "merge_episodes",
    "recurring",
    "split",
    "windowed",
]
