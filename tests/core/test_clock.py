"""The clock and the probe that adds up step times."""

from desktop_pose.core import clock
from desktop_pose.core.clock import NO_PROBE, StepTimes


def test_clock_never_goes_back():
    times = [clock.monotonic_ns() for _ in range(1000)]
    assert times == sorted(times)
    assert all(isinstance(time, int) for time in times)


def test_steps_add_up(monkeypatch):
    ticks = iter([100, 130, 150, 200])
    monkeypatch.setattr(clock, "monotonic_ns", lambda: next(ticks))
    times = StepTimes()
    times.lap("detector")
    times.lap("crop")
    times.lap("detector")
    assert times.ns == {"detector": 30 + 50, "crop": 20}


def test_silent_probe_accepts_laps():
    NO_PROBE.lap("anything")
