"""What the host does ahead of need leaves nothing behind."""

import sys
import threading

from checker.host.warm import practise


def test_practice_leaves_no_thread_and_no_module() -> None:
    before = threading.active_count()
    practise()
    assert threading.active_count() == before
    assert "rehearsal" not in sys.modules
