"""Take longer to import than a launch may."""

import time

time.sleep(6)
