"""The machine that is measured on, and what a process has used of it."""

from __future__ import annotations

import os
import platform
import re
import resource
import subprocess
from pathlib import Path

from pbx.runtime.install import installation
from pbx.runtime.settings import Mode
from pbx.runtime.tools import tool

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(stat: str) -> float:
    """User and system time in seconds from /proc/PID/stat (proc(5), fields 14 and 15); a name may hold anything."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def cpu_seconds(pid: int) -> float:
    """What the process and its threads have used so far; 0 if it has ended."""
    try:
        return cpu_of(Path(f"/proc/{pid}/stat").read_text("utf-8", "replace"))
    except OSError:
        return 0.0


def children() -> float:
    """Seconds of CPU used by the processes that we have started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident_mb(pid: int) -> float:
    """Memory of the process in MB; 0 if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
    except OSError:
        return 0.0
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def description() -> dict[str, str]:
    """What a reader must know to judge the figures."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    return {
        "CPU": cpu[1] if cpu else platform.machine(),
        "Cores": str(os.cpu_count()),
        "Memory": f"{memory:.0f} GiB",
        "System": f"{system}, Linux {platform.release()}",
        "Asterisk": ".".join(map(str, installation(Mode.AUTO).version)),
        "SIPp": _sipp(),
        "Python": platform.python_version(),
    }


def _sipp() -> str:
    program = tool("sipp")
    said = subprocess.run(
        [program.program, "-v"], env=program.environment, capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"SIPp (v[0-9.]+)", said)
    return found[1] if found else "unknown"
