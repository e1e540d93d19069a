"""Playback of one session: what the window tells the thread that decodes and renders, and hears from it."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.frames import Size
from desktop_pose.engine.flow import Picture
from desktop_pose.engine.joining import RunningThreads
from desktop_pose.engine.playback_frames import SessionSummary
from desktop_pose.engine.posed import PosedFrame
from desktop_pose.engine.stages.playback import PlaybackStage, PlaybackStatus
from desktop_pose.engine.threads import StageThread

SLOWEST, FASTEST = 0.1, 4.0


class Playback(QObject):
    """The session that is played, if any. Lives on the GUI thread.

    **Signals**:
        opened(SessionSummary): The session is open; its first frame follows.
        picture_ready(): A picture waits for `take_picture`.
        moved(): `status` has changed.
        failed(DesktopPoseError): The session cannot be read, or not any further; it is closed.
        crashed(str): A bug; the session is closed.
        closed(): No session is open any more.

    Attributes:
        summary: What is known of the open session; None before `opened`.
    """

    opened = Signal(object)
    picture_ready = Signal()
    moved = Signal()
    failed = Signal(object)
    crashed = Signal(str)
    closed = Signal()

    _stage_opened = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.summary: SessionSummary | None = None
        self._view: Size | None = None
        self._thread: StageThread | None = None
        self._stage: PlaybackStage | None = None
        self._token: object = None
        self._threads = RunningThreads(self)
        self._stage_opened.connect(self._on_opened)

    @property
    def is_open(self) -> bool:
        """Whether a session is open, or about to be."""
        return self._stage is not None

    @property
    def status(self) -> PlaybackStatus:
        """Where the playback is."""
        return PlaybackStatus() if self._stage is None else self._stage.status

    @property
    def newest(self) -> PosedFrame | None:
        """The frame shown, with its people."""
        return None if self._stage is None else self._stage.newest

    def open(self, folder: Path) -> None:
        """Show the beginning of the session in `folder`, in place of another."""
        self._let_go()
        token = object()
        self._stage = PlaybackStage(
            folder,
            self._view,
            lambda summary: self._stage_opened.emit(token, summary),
            self.picture_ready.emit,
            self.moved.emit,
        )
        self._token = token
        self._thread = StageThread(self._stage, self)
        self._thread.failed.connect(self._on_failed)
        self._thread.crashed.connect(self._on_crashed)
        self._threads.add([self._thread])
        self._thread.start()

    def close(self) -> None:
        """Play nothing any more."""
        if self._stage is not None:
            self._let_go()
            self.closed.emit()

    def wait(self, deadline_ns: int) -> bool:
        """Whether the threads have ended, waiting until `deadline_ns`."""
        return self._threads.wait(deadline_ns)

    def set_view(self, size: Size | None) -> None:
        """Render at `size` device pixels from now on; None while nobody can see the picture."""
        self._view = size
        if self._stage is not None:
            self._stage.change(view=size)

    def play(self) -> None:
        """Let the position follow the clock; from the start where it is at the end."""
        if self._stage is None:
            return
        is_at_end = self.summary is not None and self.status.position_ns >= self.summary.last_ns
        self._stage.change(is_playing=True, **({"position_ns": 0} if is_at_end else {}))

    def pause(self) -> None:
        """Stay where it is."""
        if self._stage is not None:
            self._stage.change(is_playing=False)

    def play_or_pause(self) -> None:
        """Pause if it plays, else play."""
        if self.status.is_playing:
            self.pause()
        else:
            self.play()

    def seek(self, position_ns: int) -> None:
        """Go to a time of the session; playing goes on from there."""
        if self._stage is not None:
            self._stage.change(position_ns=position_ns, steps=0)

    def step(self, count: int) -> None:
        """Pause, and go so many frames on, or back where negative."""
        if self._stage is not None:
            self._stage.step(count)

    def set_speed(self, speed: float) -> None:
        """Play at so many times the speed of life, from `SLOWEST` to `FASTEST`."""
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"a speed is from {SLOWEST} to {FASTEST}, not {speed}")
        if self._stage is not None:
            self._stage.change(speed=speed)

    def set_raw(self, is_raw: bool) -> None:
        """Show the landmarks from before smoothing, or those from after it."""
        if self._stage is not None:
            self._stage.change(is_raw=is_raw)

    def take_picture(self) -> Picture | None:
        """The newest picture nobody took yet; None where there is none."""
        if self._stage is None:
            return None
        picture = self._stage.pictures.take_now()
        if picture is not None:
            self._stage.pictures.settle()
        return picture

    def _let_go(self) -> None:
        if self._thread is not None and self._stage is not None:
            self._thread.stop_event.set()
            self._stage.wake()
        self._thread = self._stage = self.summary = None

    @Slot(object, object)
    def _on_opened(self, token: object, summary: SessionSummary) -> None:
        if self._stage is not None and token is self._token:
            self.summary = summary
            self.opened.emit(summary)

    @Slot(object)
    def _on_failed(self, error: DesktopPoseError) -> None:
        if self.sender() is self._thread:
            self.close()
            self.failed.emit(error)

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        if self.sender() is self._thread:
            self.close()
            self.crashed.emit(message)
