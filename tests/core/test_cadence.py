import random

import pytest

from desktop_pose.core.cadence import Cadence

FRAME_NS = 33_333_333


def let_through(cadence, times_ns):
    passed = []
    for time_ns in times_ns:
        if cadence.is_due(time_ns):
            cadence.let_through(time_ns)
            passed.append(time_ns)
    return passed


def with_jitter(count):
    chance = random.Random(2)
    return [index * FRAME_NS + chance.randrange(-4_000_000, 4_000_000) for index in range(1, count + 1)]


def test_everything_passes_at_first():
    assert len(let_through(Cadence(), with_jitter(30))) == 30


@pytest.mark.parametrize("rate_hz", [1, 5, 7.5, 12, 20, 27])
def test_the_mean_rate_is_kept_though_frames_come_when_they_come(rate_hz):
    cadence = Cadence()
    cadence.interval_ns = round(1e9 / rate_hz)

    passed = let_through(cadence, with_jitter(3000))

    assert len(passed) == pytest.approx(100 * rate_hz, rel=0.02)


def test_a_long_silence_is_not_made_up_for():
    cadence = Cadence()
    cadence.interval_ns = 10 * FRAME_NS
    let_through(cadence, [0])

    passed = let_through(cadence, [FRAME_NS * (300 + index) for index in range(15)])

    assert [time_ns // FRAME_NS - 300 for time_ns in passed] == [0, 7]


def test_a_shorter_interval_counts_at_once():
    cadence = Cadence()
    cadence.interval_ns = 1_000_000_000
    cadence.let_through(5_000_000_000)
    assert not cadence.is_due(5_200_000_000)
    cadence.interval_ns = 100_000_000
    assert cadence.is_due(5_200_000_000)


def test_times_that_go_back_belong_to_another_stream():
    cadence = Cadence()
    cadence.interval_ns = 1_000_000_000
    cadence.let_through(60_000_000_000)
    assert let_through(cadence, [0, FRAME_NS, 1_000_000_000]) == [0, 1_000_000_000]
