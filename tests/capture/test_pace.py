"""When frames are let go."""

from desktop_pose.capture.pace import LONGEST_PAUSE_NS, Pace
from desktop_pose.core.clock import NS_PER_MS, NS_PER_S, monotonic_ns


def lasting_ns(pace: Pace, *media_ms: int) -> int:
    began_ns = monotonic_ns()
    for each in media_ms:
        pace.wait_for(each * NS_PER_MS)
    return monotonic_ns() - began_ns


def test_frames_come_at_their_times_whatever_the_first_is():
    assert lasting_ns(Pace(), 5000, 5040, 5080) >= 80 * NS_PER_MS


def test_a_pause_longer_than_may_be_is_cut_and_what_follows_counts_from_there():
    pace = Pace()
    pace.wait_for(0)
    assert LONGEST_PAUSE_NS <= lasting_ns(pace, 3_600_000) < 60 * NS_PER_S
    assert lasting_ns(pace, 3_600_040) < 60 * NS_PER_S


def test_times_that_go_back_begin_anew():
    pace = Pace()
    pace.wait_for(100_000 * NS_PER_MS)
    pace.wait_for(0)
    assert lasting_ns(pace, 40) >= 30 * NS_PER_MS
