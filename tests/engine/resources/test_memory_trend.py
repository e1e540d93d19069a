"""Series whose truth is known, made up and real; each made-up one many times over."""

import mmap
import os
from collections import Counter

import numpy as np
import psutil
import pytest

from desktop_pose.engine.resources.memory_trend import (
    BLOCK_S,
    LEAST_BLOCKS,
    WARM_UP_S,
    MemoryHistory,
    Verdict,
    trend_of,
)
from tests.support.new_process import in_new_process

MB = 1_000_000
RUNS = 20
BLOCKS = 60


def likened(random, count, correlation):
    values, noise = np.zeros(count), random.normal(0, 1, count)
    for at in range(1, count):
        values[at] = correlation * values[at - 1] + noise[at]
    return values


def step(count, at, height):
    return height * (np.arange(count) >= at)


NOT_GROWING = {
    "noise": lambda random, count: random.normal(0, 1, count),
    "noise like its neighbours": lambda random, count: likened(random, count, 0.7),
    "one step": lambda random, count: step(count, count // 2, 20) + random.normal(0, 0.5, count),
    "an early step": lambda random, count: step(count, count // 8, 20) + random.normal(0, 0.5, count),
    "two steps": lambda random, count: (
        step(count, count // 4, 10) + step(count, 3 * count // 4, 10) + random.normal(0, 0.5, count)
    ),
    "saw teeth": lambda random, count: np.arange(count) % 10 + random.normal(0, 0.3, count),
    "shrinking": lambda random, count: random.normal(0, 0.5, count) - 10 * np.arange(count) / count,
}
GROWING = {
    "a line": lambda random, count: 10 * np.arange(count) / count + random.normal(0, 0.5, count),
    "lumps of a megabyte": lambda random, count: np.floor(np.cumsum(random.random(count) * 24 / count)),
    "a line and a step": lambda random, count: (
        10 * np.arange(count) / count + step(count, count // 3, 30) + random.normal(0, 0.5, count)
    ),
}


def verdicts(make, count):
    return Counter(
        trend_of(220 + make(np.random.default_rng(seed), count), BLOCK_S).verdict for seed in range(RUNS)
    )


@pytest.mark.parametrize("name", NOT_GROWING)
def test_what_does_not_grow_is_hardly_ever_called_growing(name):
    assert verdicts(NOT_GROWING[name], BLOCKS)[Verdict.GROWING] <= 0.1 * RUNS


@pytest.mark.parametrize("name", GROWING)
def test_what_grows_is_called_growing(name):
    assert verdicts(GROWING[name], BLOCKS)[Verdict.GROWING] >= 0.9 * RUNS


def test_what_flattens_out_is_steady_in_the_end():
    curve = 220 + 10 * (1 - np.exp(-np.arange(120) / 8))
    assert trend_of(curve, BLOCK_S).verdict is Verdict.STEADY


def test_the_slope_is_that_of_the_line_without_the_step():
    count = 120
    line = 30 * np.arange(count) * BLOCK_S / 3600  # 30 MB an hour
    trend = trend_of(200 + line + step(count, 40, 25), BLOCK_S)
    assert trend.verdict is Verdict.GROWING
    assert trend.slope_mb_per_h == pytest.approx(30, rel=0.01)
    assert trend.low_mb_per_h <= trend.slope_mb_per_h <= trend.high_mb_per_h
    assert trend.steps_mb[0] == pytest.approx(25.5, abs=0.5)
    assert trend.span_s == count * BLOCK_S


def test_what_shrinks_is_called_so():
    trend = trend_of(220 - 10 * np.arange(60) / 60, BLOCK_S)
    assert trend.verdict is Verdict.SHRINKING
    assert trend.high_mb_per_h < 0


def test_a_level_line_is_steady():
    trend = trend_of(np.full(60, 220.0), BLOCK_S)
    assert (trend.verdict, trend.slope_mb_per_h, trend.steps_mb) == (Verdict.STEADY, 0.0, ())


def test_a_short_session_is_too_short_to_say():
    trend = trend_of(np.arange(LEAST_BLOCKS - 1.0), BLOCK_S)
    assert (trend.verdict, trend.slope_mb_per_h) == (Verdict.TOO_SHORT, None)


def filled(history, seconds, level_mb):
    for tick in range(int(2 * seconds)):
        history.add(tick / 2, level_mb(tick / 2))
    return history


def test_the_warm_up_does_not_count():
    history = filled(MemoryHistory(), WARM_UP_S + 300, lambda time_s: 250 - max(0, WARM_UP_S - time_s) * 5)
    assert history.trend().verdict is Verdict.STEADY


def test_a_day_is_kept_in_little_room_and_its_slope_stays():
    history = filled(MemoryHistory(), 8 * 3600, lambda time_s: 220 + 2 * time_s / 3600)
    trend = history.trend()
    assert len(history._levels_mb) <= 240
    assert trend.span_s == pytest.approx(8 * 3600, rel=0.02)
    assert trend.slope_mb_per_h == pytest.approx(2, rel=0.02)
    assert trend.verdict is Verdict.GROWING


def test_a_pause_is_bridged():
    history = filled(MemoryHistory(), 200, lambda _: 220.0)
    history.add(2000.0, 221.0)
    history.add(2010.0, 221.0)
    assert history.trend().span_s == pytest.approx(2010 - WARM_UP_S, abs=2 * BLOCK_S)
    assert history.trend().verdict is Verdict.STEADY


def real_trend(use_memory):
    """The trend of this process, its time run fast, while `use_memory` is called before each reading."""
    process, history, kept = psutil.Process(os.getpid()), MemoryHistory(), []
    for tick in range(int(2 * (WARM_UP_S + 300))):
        use_memory(kept)
        history.add(tick / 2, process.memory_info().rss / MB)
    for pages in kept:
        pages.close()
    return history.trend()


def leak(kept):
    pages = mmap.mmap(-1, 1 << 16)
    pages.write(b"\1" * (1 << 16))
    kept.append(pages)


def test_a_real_leak_is_seen():
    trend = in_new_process(real_trend, leak)
    assert trend.verdict is Verdict.GROWING
    assert trend.slope_mb_per_h == pytest.approx(2 * 3600 * (1 << 16) / MB, rel=0.2)


def take_and_give_back(_kept):
    pages = mmap.mmap(-1, 1 << 20)
    pages.write(b"\1" * (1 << 20))
    pages.close()


def test_real_work_that_gives_its_memory_back_is_not_called_growing():
    assert in_new_process(real_trend, take_and_give_back).verdict is not Verdict.GROWING
