"""The computer this runs on."""

import os
import platform
import sys
from pathlib import Path

from desktop_pose.core.settings import core_count
from desktop_pose.engine.measuring.figures import Machine


def this_machine() -> Machine:
    """What is measured."""
    return Machine(
        system=platform.system(),
        release=platform.release(),
        architecture=platform.machine(),
        processor=_processor_name(),
        cores=os.cpu_count() or 1,
        usable_cores=core_count(),
        python=platform.python_version(),
    )


def _processor_name() -> str:
    if sys.platform == "linux":
        text = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
        for line in text.splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
