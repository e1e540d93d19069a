"""Measures all rows: a child process each, given the same frames in turns.

In turns, so that whatever else the computer does hits every row alike and ratios between rows hold. One
stretch of frames is given without a pause, which shows what a row can do at most, and the next at 30 a
second, which shows what it costs beside a camera. These are not the same: threads of an interpreter that
slept between two frames have to be woken, and wait for each other.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean

import psutil

from desktop_pose.capture.opening import create_source, kind_of
from desktop_pose.core.clock import NS_PER_MS, NS_PER_S, monotonic_ns
from desktop_pose.core.settings import Backend, Rotation
from desktop_pose.core.sources import without_login
from desktop_pose.engine.measuring.figures import RATE_HZ, LeftOut, Measurement
from desktop_pose.engine.measuring.footage import Footage, Places, open_footage
from desktop_pose.engine.measuring.machine import this_machine
from desktop_pose.engine.measuring.row_process import Answer, RowProcess, Turn
from desktop_pose.engine.measuring.rows import Row, all_rows, rows_that_fit
from desktop_pose.engine.measuring.starting import rows_to_prepare, start_rows
from desktop_pose.engine.measuring.summary import summarised

Progress = Callable[[int, int], bool]
"""Hears how many of how many milliseconds have gone; returns False to give up."""

LIMIT_S = 60.0
"""How long measuring may take unless something else is said."""

WARM_UP_FRAMES = 5

STRETCH_FRAMES = 30
"""Frames a row gets in its turn; a row with fewer is not measured."""

_MOST_ROUNDS = 3
_LEAST_REST_FRAMES = 10
_REST_SHARE = 0.85  # of the rest of the time: what takes longer than that counts for nobody
_INTERVAL_NS = int(NS_PER_S / RATE_HZ)
_START_SHARE = 0.5  # of the time, until a row has to stand
_CLOSING_S, _CLOSING_SHARE = 2.0, 0.1  # of the time: for starting this program, and ending those of the rows
_PATIENCE_NS = 5 * NS_PER_S
_PATIENCE_FACTOR = 5
_OVERHEAD_NS = NS_PER_MS  # a frame: what the child does besides
_NO_TIME = "there was not the time for it"
_HOPELESS_NS = 100 * NS_PER_MS  # a frame: a third of the rate that settings are recommended for
_BYTES_PER_MB = 1_000_000


class _GivenUpError(Exception):
    """The user does not want to wait any longer."""


class _TimeIsOverError(Exception):
    """The limit has been reached."""


@dataclass
class _Taker:
    """A row that takes turns.

    Attributes:
        frame_ns: What a frame takes, as far as is known.
        answers: To the stretches that every row has had, with the pause between their frames.
    """

    child: RowProcess
    frame_ns: int = 0
    answers: list[tuple[Answer, int]] = field(default_factory=list)

    def turn_ns(self, interval_ns: int) -> int:
        """How long a stretch is likely to take."""
        return STRETCH_FRAMES * max(self.frame_ns + _OVERHEAD_NS, interval_ns)


def measure(
    text: str,
    limit_s: float,
    progress: Progress,
    *,
    rotation: Rotation = Rotation.NONE,
    rows: tuple[Row, ...] | None = None,
) -> Measurement | None:
    """What tracking costs here, or None where `progress` said that nobody wants to know any more.

    Args:
        text: What to measure on: a camera, a file, a folder, a stream, or `demo`.
        limit_s: How long it may take, in seconds.
        progress: Told how much of the time has gone.
        rotation: How the picture is turned first.
        rows: What to measure; None for everything.

    Raises:
        SourceError: The source cannot be opened, or has failed.
        MeasuringError: There is no room for the frames.
    """
    try:
        return _Measuring(text, limit_s, progress, rotation, all_rows() if rows is None else rows).run()
    except _GivenUpError:
        return None


class _Measuring:
    def __init__(
        self, text: str, limit_s: float, progress: Progress, rotation: Rotation, rows: tuple[Row, ...]
    ) -> None:
        self._text = text
        self._progress = progress
        self._rotation = rotation
        self._rows = rows
        self._left_out: list[LeftOut] = []
        self._started = datetime.now().astimezone().isoformat(timespec="seconds")
        self._started_ns = monotonic_ns()
        measuring_s = limit_s - min(_CLOSING_S, _CLOSING_SHARE * limit_s)
        self._ready_ns = self._started_ns + int(_START_SHARE * limit_s * NS_PER_S)
        self._deadline_ns = self._end_ns = self._started_ns + int(measuring_s * NS_PER_S)

    def run(self) -> Measurement:
        source, kind = create_source(self._text), kind_of(self._text)
        free_mb = psutil.virtual_memory().available / _BYTES_PER_MB
        fitting = rows_that_fit(
            self._rows, free_mb, lambda row: self._left_out.append(LeftOut(row, "there is too little memory"))
        )
        children: list[RowProcess] = []
        with ExitStack() as stack:
            stack.callback(_end, children)
            is_live = kind is not None and kind.is_live
            footage = stack.enter_context(
                open_footage(source, self._rotation, self._give_up_if_asked, is_live=is_live)
            )
            self._start(fitting, children)
            takers = [
                _Taker(child) for child in sorted(children, key=lambda each: self._rows.index(each.row))
            ]
            self._take_turns(takers, footage)
            size = footage.size
        for taker in takers:
            if taker.child.is_alive and len(taker.answers) < 2:  # the warm-up is no measurement
                taker.child.leave_out(_NO_TIME)
        for child in children:
            if child.failure is not None:
                self._left_out.append(LeftOut(child.row, child.failure))
        return Measurement(
            started=self._started,
            machine=this_machine(),
            video=without_login(self._text),
            left_out=tuple(self._left_out),
            **summarised(self._rows, {t.child.row: t.answers for t in takers if t.child.is_alive}, size),
        )

    def _start(self, rows: list[Row], children: list[RowProcess]) -> None:
        """Let the cache have the models, then start all rows; `children` are to be ended in any case."""
        makers: list[RowProcess] = []
        try:
            start_rows(rows_to_prepare(rows), self._ready_ns, self._give_up_if_asked, makers)
        finally:
            _end(makers)
        late = start_rows(rows, self._ready_ns, self._give_up_if_asked, children)
        self._left_out += [LeftOut(row, _NO_TIME) for row in late]

    def _tick(self) -> None:
        self._give_up_if_asked()
        if monotonic_ns() >= self._deadline_ns:
            raise _TimeIsOverError

    def _give_up_if_asked(self) -> None:
        done_ns = min(monotonic_ns(), self._end_ns) - self._started_ns
        if not self._progress(done_ns // NS_PER_MS, (self._end_ns - self._started_ns) // NS_PER_MS):
            raise _GivenUpError

    def _take_turns(self, takers: list[_Taker], footage: Footage) -> None:
        try:
            self._warm_up(takers, footage)
            kinds, round_ns = self._plan(takers)
            has_rest = self._take_rounds(takers, footage, kinds, round_ns)
            count = self._rest(takers, monotonic_ns()) if has_rest else 0
            if count and _INTERVAL_NS in kinds:
                self._stretch(takers, footage, count, _INTERVAL_NS)
        except _TimeIsOverError:
            return

    def _take_rounds(self, takers: list[_Taker], footage: Footage, kinds: list[int], round_ns: int) -> bool:
        """Take as many rounds as there is time for; whether it was too short for all of them."""
        for done in range(_MOST_ROUNDS):
            begun_ns = monotonic_ns()
            rounds = min((self._deadline_ns - begun_ns) // round_ns, _MOST_ROUNDS - done)
            if done and not rounds:
                return True
            end_ns = begun_ns + max(rounds, 1) * round_ns
            fills_up = done + rounds < _MOST_ROUNDS and self._rest(takers, end_ns) > 0
            self._end_ns = self._deadline_ns if fills_up else min(end_ns, self._deadline_ns)
            for interval_ns in kinds:
                self._stretch(takers, footage, STRETCH_FRAMES, interval_ns)
            round_ns = monotonic_ns() - begun_ns
        return False

    def _rest(self, takers: list[_Taker], from_ns: int) -> int:
        """How many frames a row may have of the time from `from_ns` on, which is too short for a round."""
        turns_ns = [taker.turn_ns(_INTERVAL_NS) for taker in takers if taker.child.is_alive]
        return frames_that_fit(sum(turns_ns) // STRETCH_FRAMES, self._deadline_ns - from_ns)

    def _warm_up(self, takers: list[_Taker], footage: Footage) -> None:
        """Let each row find the person and fill its caches, and learn how long it takes."""
        self._stretch(takers, footage, WARM_UP_FRAMES, 0)
        for taker in takers:
            if taker.answers:
                # On the first frame the detector ran.
                taker.frame_ns = int(fmean(taker.answers[0][0].ms[1:]) * NS_PER_MS)

    def _plan(self, takers: list[_Taker]) -> tuple[list[int], int]:
        """The pauses of the stretches of a round, and how long it is likely to take.

        Rows for which there is not the time are left out.
        """
        alive = [taker for taker in takers if taker.child.is_alive]

        def lasting_ns(kinds: list[int]) -> int:
            return sum(taker.turn_ns(interval_ns) for taker in alive for interval_ns in kinds)

        def drop_while(too_long: Callable[[], bool], least_ns: int) -> None:
            while alive and too_long():
                slowest = max(alive, key=_dispensability)
                if slowest.frame_ns < least_ns:
                    return
                alive.remove(slowest)
                slowest.child.leave_out(_NO_TIME)

        left_ns = self._deadline_ns - monotonic_ns()
        kinds = [0, _INTERVAL_NS]
        drop_while(lambda: lasting_ns(kinds) > left_ns, _HOPELESS_NS)
        if lasting_ns(kinds) > left_ns:
            kinds = [0]
            drop_while(lambda: lasting_ns(kinds) > left_ns, 0)
        return kinds, max(lasting_ns(kinds), 1)

    def _stretch(self, takers: list[_Taker], footage: Footage, count: int, interval_ns: int) -> None:
        """Give every row the next frames; nothing of it counts where the time is over before all had them."""
        turn = _turn(footage, footage.next_frames(count), interval_ns)
        answers: list[tuple[_Taker, Answer]] = []
        for taker in takers:
            expected_ns = _PATIENCE_FACTOR * taker.turn_ns(interval_ns) if taker.frame_ns else 0
            answer = taker.child.track(turn, monotonic_ns() + _PATIENCE_NS + expected_ns)
            if answer is not None:
                answers.append((taker, answer))
        for taker, answer in answers:
            taker.answers.append((answer, interval_ns))


def frames_that_fit(frame_ns: int, left_ns: int) -> int:
    """How many frames every row is given in the time that is left, at a camera's rate; 0: not worth it.

    What a row that skips costs depends on what there is to see, and a second shows little of that.

    Args:
        frame_ns: What one frame takes, all rows together.
        left_ns: Too short for another round.
    """
    count = int(_REST_SHARE * left_ns / max(frame_ns, 1))
    return min(count, STRETCH_FRAMES) if count >= _LEAST_REST_FRAMES else 0


def _dispensability(taker: _Taker) -> tuple[bool, int]:
    """The slowest first, and those that others are compared with last."""
    return taker.frame_ns >= _HOPELESS_NS and taker.child.row.backend is Backend.LITERT, taker.frame_ns


def _turn(footage: Footage, places: Places, interval_ns: int) -> Turn:
    return Turn(footage.file, footage.size.width_px, footage.size.height_px, places, interval_ns)


def _end(children: list[RowProcess]) -> None:
    for child in children:
        child.let_go()
    for child in children:
        child.close()
