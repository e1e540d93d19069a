import threading

import pytest

from desktop_pose.core.clock import NS_PER_MS
from desktop_pose.core.errors import SourceError
from desktop_pose.core.frames import SourceKind
from desktop_pose.core.settings import Rotation
from desktop_pose.engine.flow import FrameFlow
from desktop_pose.engine.governor.knobs import Knobs
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.stages.capture import CaptureEvents, CapturePolicy, CaptureStage
from tests.engine.support import FakeSource, imbalances


class Heard:
    """What the stage tells, in order; stops it after a number of words."""

    def __init__(self, stop, stop_after=None):
        self.words = []
        self._stop, self._stop_after = stop, stop_after
        self.events = CaptureEvents(
            lambda info: self._hear("opened"),
            lambda error: self._hear("interrupted"),
            lambda error: self._hear("damaged"),
            lambda: self._hear("ended"),
        )

    def _hear(self, word):
        self.words.append(word)
        if self._stop_after is not None and len(self.words) >= self._stop_after:
            self._stop.set()


class TwiceRewound(FakeSource):
    """A file that stops the stage when it is to be read for the third time."""

    def __init__(self, stop, count):
        super().__init__(count=count, kind=SourceKind.FILE, fps=1000)
        self._stop, self._rewinds = stop, 0

    def rewind(self):
        super().rewind()
        self._rewinds += 1
        if self._rewinds == 2:
            self._stop.set()


def run_stage(
    source, stop, heard, *, is_live=True, does_loop=False, does_retry=False, rotation=Rotation.NONE
):
    flow = FrameFlow()
    policy = CapturePolicy(is_live, does_loop, does_retry)
    reader_ready = threading.Event()
    reader_ready.set()
    stage = CaptureStage(source, policy, flow, Metrics(), heard.events, rotation, reader_ready, Knobs())
    stage.run(stop)
    return flow


@pytest.fixture
def stop():
    return threading.Event()


def test_a_finite_source_is_read_to_its_end_and_closed(stop):
    source, heard = FakeSource(count=5, kind=SourceKind.FILE, fps=1000), Heard(stop)
    flow = run_stage(source, stop, heard, is_live=False)
    assert heard.words == ["opened", "ended"]
    assert flow.snapshot().captured == 5
    assert source.closed >= 1


@pytest.mark.parametrize("does_loop", [False, True])
def test_damage_is_told_once(stop, does_loop):
    source, heard = TwiceRewound(stop, count=2), Heard(stop)
    source.damage_at_end = SourceError("The fake is damaged", "Mend it")
    run_stage(source, stop, heard, is_live=False, does_loop=does_loop)
    assert heard.words == ["opened", "damaged"] + ["ended"] * (not does_loop)


def test_a_looping_source_goes_on_with_growing_times(stop):
    source = TwiceRewound(stop, count=4)
    flow = run_stage(source, stop, Heard(stop), is_live=False, does_loop=True)
    stop.clear()
    newest = flow.frames.take(stop)
    assert newest.index == 7
    assert newest.time_ns == 7_000_000


def test_a_live_source_that_fails_is_opened_again(stop):
    source, heard = FakeSource(fps=500), Heard(stop, stop_after=3)
    source.fail_next_grab.set()
    run_stage(source, stop, heard)
    assert heard.words == ["opened", "interrupted", "opened"]
    assert source.closed == source.opened == 2


def test_a_live_source_that_never_opened_ends_the_stage_unless_told_otherwise(stop):
    source = FakeSource()
    source.refuse_open.set()
    with pytest.raises(SourceError):
        run_stage(source, stop, Heard(stop))

    heard = Heard(stop, stop_after=2)
    run_stage(source, stop, heard, does_retry=True)
    assert heard.words == ["interrupted", "interrupted"]


def test_a_file_that_fails_is_not_opened_again(stop):
    source = FakeSource(count=5, kind=SourceKind.FILE, fps=1000)
    source.fail_next_grab.set()
    with pytest.raises(SourceError):
        run_stage(source, stop, Heard(stop), is_live=False)
    assert source.opened == 1


def test_bad_frames_are_counted_and_passed_over(stop):
    source = FakeSource(count=10, kind=SourceKind.FILE, fps=1000, bad_every=2)
    flow = run_stage(source, stop, Heard(stop), is_live=False)
    assert (flow.snapshot().captured, flow.snapshot().bad) == (10, 5)


def test_a_frame_that_a_bug_ends_the_stage_with_is_held_by_nobody(stop):
    source, flow = FakeSource(fps=1000), FrameFlow()
    source.retrieve = lambda: 1 // 0
    stage = CaptureStage(
        source,
        CapturePolicy(is_live=True, does_loop=False, does_retry_first_open=False),
        flow,
        Metrics(),
        Heard(stop).events,
        Rotation.NONE,
        threading.Event(),
        Knobs(),
    )
    with pytest.raises(ZeroDivisionError):
        stage.run(stop)
    counters = flow.snapshot()
    assert (counters.captured, counters.in_flight_inference) == (1, 0)
    assert imbalances(counters) == (0, 0, 0)


@pytest.mark.parametrize(("rotation", "size"), [(Rotation.RIGHT, "12x16"), (Rotation.HALF, "16x12")])
def test_the_picture_is_turned(stop, rotation, size):
    source = FakeSource(count=1, kind=SourceKind.FILE, fps=1000)
    flow = run_stage(source, stop, Heard(stop), is_live=False, rotation=rotation)
    assert str(flow.frames.take(stop).size) == size


def test_capture_times_count_from_the_first_frame_of_a_live_source(stop):
    source, heard = FakeSource(count=1), Heard(stop)
    flow = run_stage(source, stop, heard)
    frame = flow.frames.take(stop)
    assert frame.time_ns == 0
    assert frame.capture_ns > 0


@pytest.mark.parametrize("kind", [SourceKind.FILE, SourceKind.STREAM])
def test_frames_that_come_before_they_are_due_are_held_back(stop, kind):
    class Timed(FakeSource):
        media_ns = property(lambda source: source._index * 20 * NS_PER_MS)

    flow = run_stage(Timed(count=6, kind=kind), stop, Heard(stop), is_live=kind.is_live)
    frame = flow.frames.take(stop)
    if kind.is_live:  # such as a file at an HTTP address
        assert frame.time_ns >= 100 * NS_PER_MS
    else:
        assert frame.time_ns == 100 * NS_PER_MS


def test_a_file_waits_for_its_reader_and_a_stop_ends_the_wait(stop):
    source, flow = FakeSource(count=5, kind=SourceKind.FILE, fps=1000), FrameFlow()
    policy = CapturePolicy(is_live=False, does_loop=False, does_retry_first_open=False)
    stage = CaptureStage(
        source, policy, flow, Metrics(), Heard(stop).events, Rotation.NONE, threading.Event(), Knobs()
    )
    thread = threading.Thread(target=stage.run, args=[stop])
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    assert flow.snapshot().captured == 0
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
