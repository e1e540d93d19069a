"""Frames from a source into the flow: paced by their times, reopened after failures for live sources."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from desktop_pose.capture.protocol import BadFrameError, FrameSource
from desktop_pose.capture.rotation import rotated
from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.errors import DesktopPoseError, SourceError
from desktop_pose.core.frames import Frame, SourceInfo
from desktop_pose.core.memory_steps import MemoryPart
from desktop_pose.core.settings import Rotation
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.governor.knobs import Knobs
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.resources.memory_warming import WarmingUp

log = logging.getLogger(__name__)

RETRY_PAUSES_S = (0.25, 0.5, 1.0, 2.0, 5.0)
"""Pauses before a live source is opened again; the last is repeated."""

_FALLBACK_FPS = 30.0
_READER_POLL_S = 0.05
_CATCH_UP_NS = NS_PER_S
"""A file that falls behind by more than this starts its pace anew instead of racing to catch up."""


@dataclass(frozen=True, slots=True)
class CaptureEvents:
    """What the stage tells the controller, from its own thread."""

    opened: Callable[[SourceInfo], None]
    interrupted: Callable[[DesktopPoseError], None]
    damaged: Callable[[DesktopPoseError], None]
    ended: Callable[[], None]


@dataclass(frozen=True, slots=True)
class CapturePolicy:
    """How a source is read.

    Attributes:
        is_live: Wait for no reader, reopen after a failure; the time of a frame is that of its capture.
        does_loop: A finite source starts again at its end.
        does_retry_first_open: A live source that could not be opened at all is tried again as well.
    """

    is_live: bool
    does_loop: bool
    does_retry_first_open: bool


class CaptureStage:
    """Owns the source: opens, reads and closes it, all on its own thread.

    A source that is not live waits for `reader_ready`, so that no frame of a file is lost at the start.
    Frames that `knobs` do not let through are grabbed, and not decoded.
    """

    name = "capture"

    def __init__(
        self,
        source: FrameSource,
        policy: CapturePolicy,
        flow: FrameFlow,
        metrics: Metrics,
        events: CaptureEvents,
        rotation: Rotation,
        reader_ready: threading.Event,
        knobs: Knobs,
    ) -> None:
        self.rotation = rotation
        self._source = source
        self._policy = policy
        self._flow = flow
        self._metrics = metrics
        self._events = events
        self._reader_ready = reader_ready
        self._knobs = knobs
        self._was_open = False
        self._is_open_again = False
        self._has_told_damage = False
        self._first_capture_ns: int | None = None
        self._loop_offset_ns = 0
        self._pace_zero_ns: int | None = None

    def run(self, stop: threading.Event) -> None:
        """Read until the end, a failure that is final, or `stop`."""
        failures = 0
        while not stop.is_set():
            failure = self._open_and_read(stop)
            if failure is None:
                return
            if not self._policy.is_live or not (self._was_open or self._policy.does_retry_first_open):
                raise failure
            log.info("Source failed, to be opened again: %s", failure)
            self._events.interrupted(failure)
            failures = 1 if self._is_open_again else failures + 1
            stop.wait(RETRY_PAUSES_S[min(failures, len(RETRY_PAUSES_S)) - 1])

    def _open_and_read(self, stop: threading.Event) -> SourceError | None:
        """Read until the end or `stop`, which give None, or until the source fails."""
        self._is_open_again = False
        warming = WarmingUp(MemoryPart.BUFFERS)
        try:
            self._source.open()
            self._pace_zero_ns = None
            self._was_open = self._is_open_again = True
            self._events.opened(self._source.info)
            if not self._policy.is_live:
                self._wait_for_reader(stop)
            if self._read_to_end(stop, warming):
                self._events.ended()
        except SourceError as failure:
            return failure
        finally:
            self._source.close()
            warming.end()
        return None

    def _wait_for_reader(self, stop: threading.Event) -> None:
        while not stop.is_set() and not self._reader_ready.wait(_READER_POLL_S):
            pass

    def _read_to_end(self, stop: threading.Event, warming: WarmingUp) -> bool:
        """Read frames; True at the end of the source, False once `stop` is set."""
        while not stop.is_set():
            if not self._source.grab():
                self._tell_damage()
                if not self._policy.does_loop:
                    return True
                self._start_again()
                continue
            if not self._wait_until_due(stop):
                return False
            self._take_frame()
            warming.frame_done()
        return False

    def _tell_damage(self) -> None:
        """Tell once, however often the source is read."""
        damage = self._source.damage
        if damage is not None and not self._has_told_damage:
            self._has_told_damage = True
            self._events.damaged(damage)

    def _take_frame(self) -> None:
        capture_ns = monotonic_ns()
        index = self._flow.frame_captured()
        self._metrics.capture_rate.tick(capture_ns)
        if not self._knobs.decoding.is_due(capture_ns):
            self._knobs.left_undecoded += 1
            self._flow.frame_left_undecoded()
            return
        self._knobs.decoding.let_through(capture_ns)
        try:
            image = rotated(self._source.retrieve(), self.rotation)
        except BadFrameError as error:
            log.debug("Frame %d: %s", index, error)
            self._flow.frame_was_bad()
            return
        except BaseException:
            self._flow.frame_was_bad()
            raise
        self._metrics.add_stage("capture", monotonic_ns() - capture_ns, capture_ns)
        self._flow.send_frame(Frame(index, self._time_ns(capture_ns), capture_ns, image))

    def _time_ns(self, capture_ns: int) -> int:
        media_ns = self._source.media_ns
        if media_ns is not None and not self._policy.is_live:
            return media_ns + self._loop_offset_ns
        if self._first_capture_ns is None:
            self._first_capture_ns = capture_ns
        return capture_ns - self._first_capture_ns

    def _start_again(self) -> None:
        fps = self._source.info.nominal_fps or _FALLBACK_FPS
        self._loop_offset_ns += (self._source.media_ns or 0) + round(NS_PER_S / fps)
        self._source.rewind()

    def _wait_until_due(self, stop: threading.Event) -> bool:
        """Wait for the time of the grabbed frame, if it has one; False once `stop` is set."""
        media_ns = self._source.media_ns
        if media_ns is None:
            return True
        time_ns = media_ns + self._loop_offset_ns
        now_ns = monotonic_ns()
        if self._pace_zero_ns is None or now_ns - (self._pace_zero_ns + time_ns) > _CATCH_UP_NS:
            self._pace_zero_ns = now_ns - time_ns
        ahead_ns = self._pace_zero_ns + time_ns - now_ns
        return not stop.wait(max(ahead_ns, 0) / NS_PER_S)
