"""The most memory that a process has held, told by the kernel."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

# The kernel counts ru_maxrss in KiB on Linux and in bytes on macOS.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def peak_of_process(pid: int) -> int:
    """Return the peak of a running process in bytes, or 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def own_peak() -> int:
    """Return this process' own peak in bytes.

    Not ``ru_maxrss`` alone: Linux hands a child the peak of the process that started it.
    """
    return peak_of_process(os.getpid()) or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT
