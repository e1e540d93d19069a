"""Where the time of single frames goes, from the capture to the screen: stretches of work, and of waiting.

Kept only while somebody looks: nothing is noted otherwise.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

_KEPT = 120
"""Frames: four seconds of video."""

_LEAST = 10
_LAST_STAGE = "paint"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of work on one frame.

    Attributes:
        stage: What was done, as in `metrics.STAGES`, or `convert`.
        start_ms: Since the capture.
        end_ms: Since the capture.
    """

    stage: str
    start_ms: float
    end_ms: float


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """One frame's way.

    Attributes:
        spans: In the order of their beginnings; two threads may have worked on it at once.
        total_ms: From the capture to the end of the painting.
        frames: How many frames it is the median of.
    """

    spans: tuple[Span, ...]
    total_ms: float
    frames: int

    @property
    def waiting_ms(self) -> float:
        """The time in which no thread worked on the frame."""
        waiting_ms = reached_ms = 0.0
        for span in self.spans:
            waiting_ms += max(span.start_ms - reached_ms, 0.0)
            reached_ms = max(reached_ms, span.end_ms)
        return waiting_ms


class FrameTimeline:
    """The newest frames' spans. Any thread may note."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frames: OrderedDict[int, list[tuple[str, int, int]]] = OrderedDict()

    def note(self, capture_ns: int, stage: str, start_ns: int, end_ns: int) -> None:
        """Note that `stage` worked from `start_ns` to `end_ns` on the frame captured at `capture_ns`."""
        with self._lock:
            self._frames.setdefault(capture_ns, []).append((stage, start_ns, end_ns))
            while len(self._frames) > _KEPT:
                self._frames.popitem(last=False)

    def median_frame(self) -> FrameTimes | None:
        """The frame that took the median of time; None before ten were on screen."""
        with self._lock:
            shown = [
                (spans[-1][2] - capture_ns, capture_ns, tuple(spans))
                for capture_ns, spans in self._frames.items()
                if spans[-1][0] == _LAST_STAGE
            ]
        if len(shown) < _LEAST:
            return None
        total_ns, capture_ns, spans = sorted(shown)[len(shown) // 2]
        return FrameTimes(
            tuple(
                Span(stage, (start_ns - capture_ns) / 1e6, (end_ns - capture_ns) / 1e6)
                for stage, start_ns, end_ns in sorted(spans, key=lambda span: span[1])
            ),
            total_ns / 1e6,
            len(shown),
        )
