"""Read the files of a topic into memory, under the limits of topic and submission."""

from checker.files import Tree
from checker.grading.intake.archives import is_archive_name
from checker.grading.intake.flags import flag_changes, flag_files
from checker.grading.intake.labs import Labs
from checker.grading.intake.limits import FILE_BYTES, SUBMISSION_BYTES, TOPIC_BYTES, TOPIC_FILES
from checker.grading.intake.listing import Item
from checker.grading.intake.oddity import Oddity, Refused, Scope, left_out, refuse
from checker.grading.intake.printing import shown, size
from checker.grading.model import FindingKind

Pool = dict[bytes, bytes]


class TopicReader:
    """Reads the topics of one submission.

    Args:
        labs: what the topics' labs have.
        pool: contents seen so far.
    """

    def __init__(self, labs: Labs, pool: Pool) -> None:
        self._labs = labs
        self._pool = pool
        self._left = SUBMISSION_BYTES

    def read(self, topic: str, files: dict[str, Item], root: str) -> tuple[Tree, list[Oddity]]:
        """Give the files of a topic, none when it is refused, and what is odd about them.

        Raises:
            Refused: the whole submission cannot be trusted.
        """
        lab, oddities, tree = self._labs.trees[topic], list[Oddity](), Tree()
        try:
            if len(files) > TOPIC_FILES:
                message = f"{topic} has {len(files):,} files; at most {TOPIC_FILES} are taken."
                raise refuse(FindingKind.TOO_MANY_FILES, message)
            for path, item in sorted(files.items()):
                content = self._content(path, item, lab, oddities)
                if content is not None:
                    tree[path] = self._pool.setdefault(content, content)
                    self._count(topic, tree)
        except Refused as refused:
            if refused.oddity.scope is Scope.ALL:
                raise
            return {}, [*oddities, refused.oddity]
        if not tree:
            message = f"{topic} has no file that can be taken."
            return {}, [*oddities, Oddity(FindingKind.NOTHING_FOUND, message)]
        flags = flag_files(tree, lab, root) + flag_changes(tree, lab, root)
        return tree, oddities + flags + _lacking(topic, tree, lab)

    def _content(self, path: str, item: Item, lab: Tree, oddities: list[Oddity]) -> bytes | None:
        """Read a file; None when it is left out."""
        if is_archive_name(path) and path not in lab:
            message = f"{shown(item.path)} is an archive in a topic; it was left out unopened."
            oddities.append(Oddity(FindingKind.NESTED_ARCHIVE, message, item.path, Scope.NOTE))
            return None
        try:
            content = item.read(FILE_BYTES)
            if len(content) > FILE_BYTES:
                raise left_out(item.path, FILE_BYTES)
        except Refused as refused:
            if refused.oddity.scope is not Scope.NOTE:
                raise
            oddities.append(refused.oddity)
            return None
        return content

    def _count(self, topic: str, tree: Tree) -> None:
        newest = next(reversed(tree.values()))
        self._left -= len(newest)
        if sum(map(len, tree.values())) > TOPIC_BYTES:
            message = f"{topic} has more than {size(TOPIC_BYTES)}; leave out what is no code."
            raise refuse(FindingKind.TOO_LARGE, message)
        if self._left < 0:
            message = (
                f"The submission has more than {size(SUBMISSION_BYTES)} in its topics; leave out "
                "what is no code."
            )
            raise refuse(FindingKind.TOO_LARGE, message, scope=Scope.ALL)


def _lacking(topic: str, tree: Tree, lab: Tree) -> list[Oddity]:
    """Say which code of the lab was not handed in."""
    names = sorted(path for path in set(lab) - set(tree) if path.endswith(".py"))
    if not names:
        return []
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    message = f"{topic} lacks {', '.join(names[:3])}{more}; it is judged without."
    return [Oddity(FindingKind.LEFT_OUT, message, scope=Scope.NOTE)]
