"""What a capture's failures mean, played by a scripted one."""

from collections.abc import Iterator

import numpy as np
import pytest

from desktop_pose.capture.live import MAX_BAD_IN_A_ROW, MAX_INSTANT_IN_A_ROW, Ending, LiveSource
from desktop_pose.capture.protocol import BadFrameError
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import Size, SourceInfo, SourceKind

GOOD, FAILED, EMPTY = "good", "failed", "empty"


class ScriptedCapture:
    """Does as its script says, then fails for ever."""

    def __init__(self, script: Iterator[str]) -> None:
        self._script = script
        self._now = FAILED

    def grab(self) -> bool:
        self._now = next(self._script, FAILED)
        return self._now != FAILED

    def retrieve(self) -> tuple[bool, np.ndarray | None]:
        # After an unplug both answers were seen: no success, and success without a picture.
        return (True, np.zeros((2, 4, 3), np.uint8)) if self._now == GOOD else (True, None)

    def release(self) -> None:
        self._script = iter(())


class ScriptedSource(LiveSource):
    def __init__(self, *script: str) -> None:
        super().__init__()
        self._steps = script

    def _connect(self):
        return ScriptedCapture(iter(self._steps)), SourceInfo(SourceKind.CAMERA, "script", Size(4, 2), None)

    def _explain(self, ending: Ending) -> SourceError:
        return SourceError(ending.name, "Try again")


def played(source: ScriptedSource) -> list[str]:
    """What comes out of a source, up to its failure."""
    heard = []
    source.open()
    while True:
        try:
            source.grab()
            heard.append(source.retrieve() is not None and GOOD)
        except BadFrameError:
            heard.append("bad")
        except SourceError as error:
            return [*heard, error.message]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ([], ["GONE"]),
        ([GOOD, GOOD], [GOOD, GOOD, "GONE"]),
        ([GOOD, FAILED, GOOD], [GOOD, "bad", GOOD, "GONE"]),
        ([FAILED, FAILED, GOOD, FAILED, GOOD], ["bad", "bad", GOOD, "bad", GOOD, "GONE"]),
        ([GOOD, EMPTY, GOOD], [GOOD, "bad", GOOD, "GONE"]),
        (
            [FAILED] * (MAX_INSTANT_IN_A_ROW - 1) + [GOOD],
            ["bad"] * (MAX_INSTANT_IN_A_ROW - 1) + [GOOD, "GONE"],
        ),
        ([FAILED] * MAX_INSTANT_IN_A_ROW + [GOOD], ["GONE"]),
        ([EMPTY] * 100, ["bad"] * MAX_BAD_IN_A_ROW + ["UNREADABLE"]),
        (
            [EMPTY] * (MAX_BAD_IN_A_ROW - 1) + [GOOD, EMPTY],
            ["bad"] * (MAX_BAD_IN_A_ROW - 1) + [GOOD, "bad", "GONE"],
        ),
    ],
)
def test_what_failures_mean(script: list[str], expected: list[str]):
    assert played(ScriptedSource(*script)) == expected


def test_a_failure_lasts_until_it_is_opened_again():
    source = ScriptedSource(GOOD)
    for _ in range(2):
        assert played(source) == [GOOD, "GONE"]
        with pytest.raises(SourceError):
            source.grab()
        source.close()


def test_bad_frames_may_be_left_unread():
    source = ScriptedSource(FAILED, GOOD, FAILED, GOOD)
    source.open()
    assert [source.grab() for _ in range(4)] == [True] * 4
    assert source.retrieve().shape == (2, 4, 3)
