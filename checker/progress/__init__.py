"""What the learner did: attempts, passes, snapshots and events in one SQLite file."""

from checker.progress.records import Attempt, Event, EventKind, Pass, TaskState, TopicState
from checker.progress.state import earned_points, next_open, topic_state
from checker.progress.store import Progress

__all__ = [
    "Attempt",
    "Event",
    "EventKind",
    "Pass",
    "Progress",
    "TaskState",
    "TopicState",
    "earned_points",
    "next_open",
    "topic_state",
]
