import random

import pytest

from desktop_pose.core.clock import NS_PER_MS, NS_PER_S
from desktop_pose.engine.meters import DurationMeter, RateMeter


def test_a_rate_is_counted_over_the_last_two_seconds():
    meter = RateMeter()
    for index in range(100):
        meter.tick(index * NS_PER_S // 10)
    now_ns = 99 * NS_PER_S // 10

    assert meter.recent_per_s(now_ns) == pytest.approx(10, abs=0.6)
    assert meter.recent_per_s(now_ns + NS_PER_S) == pytest.approx(5, abs=0.6)
    assert meter.recent_per_s(now_ns + 3 * NS_PER_S) == 0
    assert meter.mean_per_s() == pytest.approx(10)


def test_the_first_events_do_not_give_absurd_rates():
    meter = RateMeter()
    for at_ms in (0, 1, 2):
        meter.tick(at_ms * NS_PER_MS)
    assert meter.recent_per_s(3 * NS_PER_MS) <= 6


def test_a_peak_is_that_of_the_last_two_seconds():
    meter = DurationMeter()
    assert meter.recent(0) is None
    for at_s, value_ms in enumerate((3, 9, 4)):
        meter.add(value_ms * NS_PER_MS, at_s * NS_PER_S)
    assert [meter.recent(at_s * NS_PER_S).max_ms for at_s in (2, 3, 4)] == [9, 9, 4]
    assert meter.recent(5 * NS_PER_S) is None


def test_a_rate_of_nothing():
    meter = RateMeter()
    assert meter.recent_per_s(5) == 0
    assert meter.mean_per_s() is None
    meter.tick(5)
    assert meter.mean_per_s() is None


def test_quantiles_agree_with_the_sorted_durations():
    meter = DurationMeter()
    durations_ms = [random.Random(7).lognormvariate(2, 0.6) for _ in range(1)] + [
        value / 10 for value in range(1, 1000)
    ]
    for index, duration_ms in enumerate(durations_ms):
        meter.add(round(duration_ms * NS_PER_MS), index)
    ordered = sorted(durations_ms)

    total = meter.total()

    assert total.p50_ms == pytest.approx(ordered[500], abs=0.15)
    assert total.p95_ms == pytest.approx(ordered[950], abs=0.15)
    assert total.max_ms == pytest.approx(ordered[-1], abs=1e-5)


def test_durations_beyond_the_last_bin_do_not_exceed_the_maximum():
    meter = DurationMeter()
    meter.add(3 * NS_PER_S, 0)
    total = meter.total()
    assert total.p95_ms <= total.max_ms == 3000


def test_what_is_not_counted_shows_only_among_the_recent():
    meter = DurationMeter()
    meter.add(NS_PER_MS, 10, is_counted=False)
    assert meter.total() is None
    assert meter.recent(10).p50_ms == 1
    assert meter.recent(10 + 3 * NS_PER_S) is None
