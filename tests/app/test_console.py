"""The line a second."""

from desktop_pose.app.console import line_of
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.processor import THREAD_NAMES, CpuShare
from desktop_pose.engine.statistics import read_statistics


def test_line_before_anything_is_known():
    line = line_of(read_statistics(Metrics(), FrameFlow().snapshot(), None, 123.4), 1.0)
    assert "CPU   – %" in line
    assert "123 MB" in line
    assert line.endswith("people 0")


def test_line_holds_the_figures():
    cpu = CpuShare(41.6, dict.fromkeys(THREAD_NAMES, 0.0))
    line = line_of(read_statistics(Metrics(), FrameFlow().snapshot(), cpu, 200.0), 12.0)
    assert line.startswith("  12 s")
    assert "CPU  42 %" in line
