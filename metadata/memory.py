"""How much memory a process has had."""

import resource
import sys
from pathlib import Path


def peak_kib() -> int:
    """The most memory that this process has had at one time, in KiB. Linux tells it of this program alone; elsewhere, what the
    process was before it became this program counts too."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except OSError:
        pass
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most  # bytes there, KiB elsewhere
