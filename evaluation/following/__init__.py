"""Episodes become time at risk: (start, stop] rows in whole days, written once for every engine.

    follow           each child's time at risk and events after time zero
    windowed         the same, one row a child, within so many days of time zero
    merge_episodes   episodes of one child that overlap, made one
    history          what was known of a child's episodes at a moment

The steps are the SQL files of this folder. Which events, and which time zero, others say.
"""

from evaluation.following.at_risk import follow
from evaluation.following.episodes import history, merge_episodes
from evaluation.following.windows import windowed

__all__ = ["follow", "history", "merge_episodes", "windowed"]
