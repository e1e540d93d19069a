"""A session's frames into pictures, as the window wants them: playing, standing, or jumping.

The position is a time of the session. While it plays, the position follows the clock at the chosen speed, and
of several frames that are due the newest is shown. Nothing here is counted among the frames of a live run.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.frames import Frame, Size, size_of
from desktop_pose.engine.flow import Picture
from desktop_pose.engine.mailbox import NewestMailbox
from desktop_pose.engine.playback_frames import SessionFrames, SessionSummary
from desktop_pose.engine.posed import PosedFrame
from desktop_pose.render.painter import PicturePainter

_Times = NDArray[np.int64]

_SHORTEST_BETWEEN_NS = NS_PER_S // 60
"""Pictures that follow each other faster are not seen one by one."""
_IDLE_S = 0.1
"""Longest time the thread takes to notice a wish whose wake-up it missed."""


@dataclass(frozen=True, slots=True)
class PlaybackStatus:
    """Where the playback is.

    Attributes:
        position_ns: Time of the session.
        frame: Number of the recorded frame shown; None before the first.
        is_playing: Whether the position moves by itself.
    """

    position_ns: int = 0
    frame: int | None = None
    is_playing: bool = False


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the window wants; `anchor_ns` is the clock's time at which the position was `position_ns`."""

    position_ns: int = 0
    anchor_ns: int = 0
    speed: float = 1.0
    is_playing: bool = False
    is_raw: bool = False
    view: Size | None = None
    steps: int = 0

    def position_at(self, now_ns: int) -> int:
        """The position at the clock's time `now_ns`."""
        if not self.is_playing:
            return self.position_ns
        return self.position_ns + round(self.speed * (now_ns - self.anchor_ns))


class PlaybackStage:
    """Decodes and renders what is wished for. `change` may be called from any thread.

    Attributes:
        status: Where the playback is; replaced as a whole.
        newest: The frame shown, with its people, for snapshots; None before the first.
        pictures: Its mailbox for the window: the newest picture wins.
    """

    name = "playback"

    def __init__(
        self,
        folder: Path,
        view: Size | None,
        opened: Callable[[SessionSummary], None],
        picture_ready: Callable[[], None],
        moved: Callable[[], None],
    ) -> None:
        self.status = PlaybackStatus()
        self.newest: PosedFrame | None = None
        self._lock = threading.RLock()
        self.pictures: NewestMailbox[Picture] = NewestMailbox(self._lock)
        self._changed = threading.Condition(self._lock)
        self._wish = _Wish(view=view)
        self._folder = folder
        self._opened, self._picture_ready, self._moved = opened, picture_ready, moved
        self._painter = PicturePainter()
        self._painted_ns = 0
        self._shown: tuple[object, ...] = ()

    def change(self, **values: object) -> None:
        """Wish for something else; what is not named stays, the position as it is at this moment."""
        with self._lock:
            now_ns = monotonic_ns()
            here_ns = self._wish.position_at(now_ns)
            self._wish = replace(self._wish, **{"position_ns": here_ns, "anchor_ns": now_ns, **values})  # type: ignore[arg-type]  # names of fields
            self._changed.notify()

    def step(self, count: int) -> None:
        """Pause, and go so many frames on, or back."""
        with self._lock:
            self.change(is_playing=False, steps=self._wish.steps + count)

    def wake(self) -> None:
        """Let the thread look at its stop event."""
        with self._lock:
            self._changed.notify()

    def run(self, stop: threading.Event) -> None:
        """Play until `stop`.

        Raises:
            RecordingError: The session cannot be read.
        """
        with SessionFrames.open(self._folder) as frames:
            self._opened(frames.summary)
            times_ns = frames.timeline.times_ns
            while not stop.is_set():
                wish = self._settled_wish(times_ns)
                place = _place_at(times_ns, wish.position_at(monotonic_ns()))
                if place is not None and self._is_new(place, wish):
                    self._show(frames, place, wish)
                self._tell(times_ns, place, wish)
                self._wait(times_ns, place, wish, stop)

    def _settled_wish(self, times_ns: _Times) -> _Wish:
        """The wish of this moment with steps taken, within the session, and paused at its end."""
        with self._lock:
            wish, now_ns = self._wish, monotonic_ns()
            last_ns = int(times_ns[-1]) if times_ns.size else 0
            position_ns = wish.position_at(now_ns)
            if wish.steps:
                place = (_place_at(times_ns, position_ns) or 0) + wish.steps
                if times_ns.size:
                    position_ns = int(times_ns[min(max(place, 0), times_ns.size - 1)])
            if wish.steps or not 0 <= position_ns < last_ns:
                position_ns = min(max(position_ns, 0), last_ns)
                is_playing = wish.is_playing and position_ns < last_ns
                self._wish = replace(
                    wish, position_ns=position_ns, anchor_ns=now_ns, is_playing=is_playing, steps=0
                )
            return self._wish

    def _is_new(self, place: int, wish: _Wish) -> bool:
        shown = (place, wish.view, wish.is_raw)
        if shown == self._shown:
            return False
        self._shown = shown
        return wish.view is not None

    def _show(self, frames: SessionFrames, place: int, wish: _Wish) -> None:
        assert wish.view is not None
        image, poses = frames.read(place, raw=wish.is_raw)
        now_ns = monotonic_ns()
        number, time_ns = int(frames.timeline.numbers[place]), int(frames.timeline.times_ns[place])
        self.newest = PosedFrame(Frame(number, time_ns, now_ns, image), poses)
        painted = self._painter.paint(image, poses, wish.view, mirror=False)
        picture = Picture(painted, number, now_ns, poses, size_of(image), is_mirrored=False)
        self._painted_ns = now_ns
        if self.pictures.put(picture):
            self._picture_ready()

    def _tell(self, times_ns: _Times, place: int | None, wish: _Wish) -> None:
        frame = None if self.newest is None else self.newest.frame.index
        position_ns = 0 if place is None else int(times_ns[place])
        status = PlaybackStatus(position_ns, frame, wish.is_playing)
        if status != self.status:
            self.status = status
            self._moved()

    def _wait(
        self,
        times_ns: _Times,
        place: int | None,
        wish: _Wish,
        stop: threading.Event,
    ) -> None:
        """Wait for another wish, or until the next frame is due."""
        with self._lock:
            if stop.is_set() or self._wish is not wish:
                return
            pause_s = _IDLE_S
            if wish.is_playing and place is not None and place + 1 < times_ns.size:
                now_ns = monotonic_ns()
                due_ns = (int(times_ns[place + 1]) - wish.position_at(now_ns)) / wish.speed
                due_ns = max(due_ns, self._painted_ns + _SHORTEST_BETWEEN_NS - now_ns, 0)
                pause_s = min(due_ns / NS_PER_S, _IDLE_S)
            self._changed.wait(pause_s)


def _place_at(times_ns: _Times, position_ns: int) -> int | None:
    """The place of the last frame not later than `position_ns`; None where there is no frame."""
    if not times_ns.size:
        return None
    return max(int(np.searchsorted(times_ns, position_ns, side="right")) - 1, 0)
