"""A class of two in memory, for tests that need no judge."""

from checker.files import tree_digest
from checker.grading.model import Intake, Receipt, Student, Submission, TaskLine, TopicLine
from checker.grading.store import Answer, ManifestLine, Store
from checker.report import CheckResult, TaskResult, TopicReport, Verdict

TOPICS = (
    TopicLine("5.1.1", "Books", (TaskLine("list_books", "List books", 2),)),
    TopicLine("5.1.2", "Loans", (TaskLine("lend", "Lend", 1), TaskLine("give_back", "Return", 3))),
)
MANIFEST = tuple(ManifestLine(topic, f"suite of {topic.id}") for topic in TOPICS)
TREE = {"app.py": b"app = None\n", "library/books.py": b"BOOKS = []\n"}


def receipt(repeat: int = 0, *, trusted: bool = True) -> Receipt:
    """Make a receipt."""
    return Receipt(
        code=tree_digest(TREE),
        suite="suite of 5.1.1",
        seed=7,
        repeat=repeat,
        checker="0",
        versions={"python": "3"},
        limits={"topic": 30.0},
        sandbox="bubblewrap" if trusted else "none",
        trusted=trusted,
    )


def report(topic: TopicLine, *verdicts: Verdict) -> TopicReport:
    """Make a report with a verdict for each task."""
    tasks = tuple(
        TaskResult(
            id=task.id,
            title=task.title,
            verdict=verdict,
            points=task.points,
            checks=(CheckResult(id=f"test_{task.id}", title=f"{task.title}.", verdict=verdict),),
        )
        for task, verdict in zip(topic.tasks, verdicts, strict=True)
    )
    worst = next((one for one in verdicts if one is not Verdict.PASSED), Verdict.PASSED)
    return TopicReport(
        topic=topic.id, title=topic.title, verdict=worst, tasks=tasks, seed=7, seconds=0.1
    )


def answers(submission: Submission) -> list[Answer]:
    """List the answers of a submission with made-up names."""
    return [
        Answer(submission.student, topic, tree_digest(tree), f"{submission.student} {topic}")
        for topic, tree in submission.topics.items()
    ]


def receive(store: Store) -> list[Answer]:
    """Let a store receive Ada, who handed in both topics, and Ben, who handed in nothing."""
    ada = Student("ada", "Ada Lovelace", "ada@example.org", columns={"Group": "A"})
    ben = Student("ben", "Ben Okri")
    handed_in = Submission("ada", "ada.zip", {topic.id: TREE for topic in TOPICS})
    store.receive(Intake((ada, ben), (handed_in,)), MANIFEST, answers(handed_in))
    return answers(handed_in)
