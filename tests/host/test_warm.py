"""What the host does ahead of need leaves nothing behind."""

import subprocess
import sys
import threading

from checker.host.warm import practise


def test_practice_leaves_no_thread_and_no_module() -> None:
    before = threading.active_count()
    practise()
    assert threading.active_count() == before
    assert "rehearsal" not in sys.modules


ENDS_SOON = """
import threading, time
from checker.host.warm import freeze
threading.Thread(target=time.sleep, args=(0.3,)).start()
freeze()
"""


def test_a_thread_that_is_about_to_end_is_waited_for() -> None:
    subprocess.run([sys.executable, "-c", ENDS_SOON], check=True, timeout=30)
