"""The child process in which a model of the user's own is tried: its verdict on standard output.

The file may make the interpreter crash, hang or take all memory: that is what this process is for.
"""

import ctypes
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from desktop_pose.cli.libraries import prepare_libraries
from desktop_pose.core.resources import resources_dir

_MOST_MEMORY_BYTES = 8 << 30
_NO_ERROR_BOX = 0x0001 | 0x0002  # SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX


def model_trial(
    model: Annotated[Path, typer.Argument(metavar="MODEL")],
    out_dir: Annotated[Path, typer.Argument(metavar="OUT_DIR")],
) -> None:
    """Try a landmark model that nobody has checked."""
    _fail_quietly()
    prepare_libraries()

    from desktop_pose.pose.trial import tried

    verdict = tried(model, resources_dir() / "models", out_dir)
    sys.stdout.write(json.dumps(verdict.as_record()) + "\n")
    sys.stdout.flush()


def _fail_quietly() -> None:
    """Let a crash be the end and nothing more: no core file, no box to close, no machine out of memory."""
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetErrorMode(_NO_ERROR_BOX)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY or most > _MOST_MEMORY_BYTES:
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, most))
