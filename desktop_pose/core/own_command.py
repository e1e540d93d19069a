"""How this program starts another process of itself, installed or frozen."""

import sys


def own_command() -> list[str]:
    """The words before the arguments of `desktop-pose`."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "desktop_pose"]
