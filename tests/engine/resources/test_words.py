from dataclasses import asdict

import pytest

from desktop_pose.core.memory_steps import MemoryPart
from desktop_pose.engine.metrics import STAGES
from desktop_pose.engine.processor import THREAD_NAMES
from desktop_pose.engine.resources.memory_parts import PART_NAMES
from desktop_pose.engine.resources.memory_trend import MemoryTrend, Verdict
from desktop_pose.engine.resources.words import (
    PART_MEANINGS,
    PART_WORDS,
    STAGE_WORDS,
    THREAD_WORDS,
    trend_in_words,
)


def test_everything_has_words():
    assert set(PART_WORDS) == set(PART_MEANINGS) == set(PART_NAMES) >= {part.value for part in MemoryPart}
    assert set(THREAD_WORDS) == set(THREAD_NAMES)
    assert set(STAGE_WORDS) == {*STAGES, "convert"}


@pytest.mark.parametrize(
    ("trend", "words"),
    [
        (MemoryTrend(Verdict.TOO_SHORT, 30.0), "less than 2.5 minutes is too short"),
        (MemoryTrend(Verdict.STEADY, 600.0, 1.0, -3.0, 4.0), "steady over 10 minutes (between -3 and +4 MB"),
        (MemoryTrend(Verdict.GROWING, 600.0, 30.0, 25.0, 35.0), "growing over 10 minutes, +30 MB an hour"),
        (MemoryTrend(Verdict.STEADY, 600.0, 0.0, 0.0, 0.0, (20.0,)), "besides steps of +20 MB"),
    ],
)
def test_the_trend_is_said_as_it_is(trend, words):
    assert words in trend_in_words(asdict(trend) | {"verdict": trend.verdict.value})
