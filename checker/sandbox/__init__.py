"""How a host is started: bare, or inside bubblewrap, where it sees nothing but what it needs.

process     a running host
starting    starts one, bare or sandboxed
bubblewrap  the command that stands around it
cells       one submission's place: its disk, its group, its host; renewed for the next
limits      what a submission may use, and what holds it
cgroups     limits of a whole tree
kernel      mounts of our own
trial       whether all of that works here
"""

from checker.sandbox.bubblewrap import View as View
from checker.sandbox.bubblewrap import bubblewrap_command as bubblewrap_command
from checker.sandbox.limits import HostLimits as HostLimits
from checker.sandbox.limits import SandboxLevel as SandboxLevel
from checker.sandbox.process import HostProcess as HostProcess
from checker.sandbox.starting import host_environment as host_environment
from checker.sandbox.starting import start_host as start_host
from checker.sandbox.trial import bubblewrap_available as bubblewrap_available

__all__ = [
    "HostLimits",
    "HostProcess",
    "SandboxLevel",
    "View",
    "bubblewrap_available",
    "bubblewrap_command",
    "host_environment",
    "start_host",
]
