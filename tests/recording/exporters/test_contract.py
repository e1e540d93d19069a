"""What holds for every exporter, those of the engine as well."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.errors import ExportError, RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.engine.exports import EXPORTERS, export
from desktop_pose.recording.exporters import FORMATS, ExportOptions
from desktop_pose.recording.exporters import export as export_with
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.recorded import RecordedFrame, RecordedPoses, TrackedPoses
from tests.recording.conftest import SIZE, make_person
from tests.recording.exporters.counting import COUNTERS

PERIOD_NS = 40_000_000
RATED = {name for name, each in FORMATS.items() if each.has_constant_rate}
PER_PERSON = {name for name, each in FORMATS.items() if each.is_file_per_person}
TEXT = {
    name
    for name, each in FORMATS.items()
    if each.suffix in {".csv", ".json", ".jsonl", ".trc", ".mot", ".bvh"}
}
OF_PEOPLE_ONLY = {"csv", "wide-csv", "parquet"}  # a frame with nobody has no row


def make_tracked(
    count: int, *, frames: Iterator[RecordedFrame] | None = None, people: int = 1
) -> TrackedPoses:
    rng = np.random.default_rng(11)
    own = (
        RecordedFrame(
            index, index * PERIOD_NS, False, 0, tuple(make_person(rng, number) for number in range(people))
        )
        for index in range(count)
    )
    return TrackedPoses(SIZE, frames or own, {"source": "clip.mp4"})


@pytest.fixture
def session(finished_session: Callable[..., Path]) -> Iterator[SessionReader]:
    with SessionReader.open(finished_session(60)) as reader:
        yield reader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder: what is in it afterwards comes from the export."""
    path = tmp_path / "exported"
    path.mkdir()
    return path


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_format_has_an_exporter() -> None:
    assert list(EXPORTERS) == list(FORMATS) == list(COUNTERS)


@pytest.mark.parametrize("format_name", EXPORTERS)
class TestExporterContract:
    """One run for every format."""

    def test_says_what_it_is(self, format_name: str) -> None:
        each = EXPORTERS[format_name].format
        assert each is FORMATS[format_name]
        assert each.suffix.startswith(".")
        assert each.title
        assert each.sentence
        assert not each.sentence.endswith(".")

    def test_every_frame_is_there(self, format_name: str, session: SessionReader, folder: Path) -> None:
        chosen = frozenset({0}) if format_name in PER_PERSON else None
        (out,) = export(session, folder / "out", format_name, ExportOptions(people=chosen))
        frames = list(session.frames())
        if format_name in RATED:
            assert COUNTERS[format_name](out) == int(frames[-1].time_ns * 30 / 1e9) + 1
        else:
            is_wanted = [bool(frame.people) or format_name not in OF_PEOPLE_ONLY for frame in frames]
            expected = {frame.index for frame, wanted in zip(frames, is_wanted, strict=True) if wanted}
            assert COUNTERS[format_name](out) == expected

    def test_two_runs_give_identical_bytes(
        self, format_name: str, session: SessionReader, tmp_path: Path
    ) -> None:
        found = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            export(session, tmp_path / name / "x", format_name, ExportOptions(raw=True))
            found.append(content(tmp_path / name))
        assert found[0] == found[1]
        if format_name in TEXT:
            assert not any(b"\r" in each for each in found[0].values())

    def test_raw_and_smoothed_differ(self, format_name: str, folder: Path) -> None:
        for raw in (False, True):
            export(make_tracked(9), folder / f"{raw}", format_name, ExportOptions(raw=raw))
        has_landmarks = format_name != "frames-csv"
        assert ((folder / "True").read_bytes() != (folder / "False").read_bytes()) == has_landmarks

    def test_straight_from_a_tracker(self, format_name: str, folder: Path) -> None:
        (out,) = export(make_tracked(9), folder / "out", format_name)
        assert COUNTERS[format_name](out) == (9 if format_name in RATED else set(range(9)))

    def test_several_people(self, format_name: str, folder: Path) -> None:
        files = export(make_tracked(9, people=3), folder / "out.x", format_name)
        if format_name in PER_PERSON:
            assert [path.name for path in files] == [f"out.person{number}.x" for number in range(3)]
        else:
            assert [path.name for path in files] == ["out.x"]
        assert sorted(content(folder)) == sorted(path.name for path in files)
        for path in files:
            assert COUNTERS[format_name](path) in (9, set(range(9)))

    def test_chosen_people(self, format_name: str, folder: Path) -> None:
        options = ExportOptions(people=frozenset({1}))
        export(make_tracked(9, people=3), folder / "one", format_name, options)

        def frames() -> Iterator[RecordedFrame]:
            for frame in make_tracked(9, people=3).frames():
                yield replace(frame, people=frame.people[1:2])

        export(make_tracked(0, frames=frames()), folder / "same", format_name)
        assert (folder / "one").read_bytes() == (folder / "same").read_bytes()

    def test_a_person_that_is_not_there_is_refused(self, format_name: str, folder: Path) -> None:
        with pytest.raises(ExportError):
            export(make_tracked(9, people=2), folder / "x", format_name, ExportOptions(people=frozenset({7})))
        assert content(folder) == {}

    def test_nothing_recorded(self, format_name: str, folder: Path) -> None:
        if format_name in RATED:
            with pytest.raises(ExportError, match="no frame"):
                export(make_tracked(0), folder / "out", format_name)
            assert content(folder) == {}
            return
        export(make_tracked(0), folder / "out", format_name)
        assert COUNTERS[format_name](folder / "out") == set()

    def test_nobody_seen(self, format_name: str, folder: Path) -> None:
        if format_name == "bvh":  # has no way to say so
            with pytest.raises(ExportError, match="Nobody was seen"):
                export(make_tracked(9, people=0), folder / "out", format_name)
            assert content(folder) == {}
            return
        (out,) = export(make_tracked(9, people=0), folder / "out", format_name)
        nothing = set() if format_name in OF_PEOPLE_ONLY else set(range(9))
        assert COUNTERS[format_name](out) == (9 if format_name in RATED else nothing)

    def test_frames_are_taken_one_at_a_time(self, format_name: str, folder: Path) -> None:
        alive = most = 0
        person = make_person(np.random.default_rng(1))

        class Counted(RecordedFrame):
            def __del__(self) -> None:
                nonlocal alive
                alive -= 1

        def frames() -> Iterator[RecordedFrame]:
            nonlocal alive, most
            for index in range(50):
                alive += 1
                most = max(most, alive)
                yield Counted(index, index * PERIOD_NS, False, 0, () if index else (person,))

        export(make_tracked(0, frames=frames()), folder / "out", format_name)
        assert most <= 3

    def test_progress_counts_frames(self, format_name: str, session: SessionReader, folder: Path) -> None:
        told: list[int] = []
        export(session, folder / "out", format_name, progress=lambda done: not told.append(done))
        assert told == sorted(told)
        assert told[-1] == session.frame_count

    def test_progress_never_goes_back(
        self, format_name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("desktop_pose.recording.exporters.protocol._PROGRESS_EVERY_NS", 0)
        told: list[int] = []
        progress = lambda done: not told.append(done)  # noqa: E731
        export(make_tracked(40, people=2), folder / "out", format_name, progress=progress)
        assert told == sorted(told)
        assert told[-1] == 40

    @pytest.mark.parametrize("after", [1, 30, 36])
    def test_cancelling_leaves_nothing(
        self, format_name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, after: int
    ) -> None:
        monkeypatch.setattr("desktop_pose.recording.exporters.protocol._PROGRESS_EVERY_NS", 0)
        poses = make_tracked(40, people=2)
        assert export(poses, folder / "x", format_name, progress=lambda done: done < after) == ()
        assert content(folder) == {}

    def test_cancelling_stops_the_work(
        self, format_name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("desktop_pose.recording.exporters.protocol._PROGRESS_EVERY_NS", 0)
        taken: list[int] = []

        def frames() -> Iterator[RecordedFrame]:
            for frame in make_tracked(1000).frames():
                taken.append(frame.index)
                yield frame

        export(make_tracked(0, frames=frames()), folder / "x", format_name, progress=lambda done: done < 9)
        assert len(taken) < 30

    def test_cancelling_keeps_the_file_that_was_there(self, format_name: str, folder: Path) -> None:
        (folder / "x").write_text("old")
        progress = lambda _done: False  # noqa: E731
        assert export(make_tracked(5), folder / "x", format_name, overwrite=True, progress=progress) == ()
        assert content(folder) == {"x": b"old"}

    def test_existing_file_is_refused(self, format_name: str, folder: Path) -> None:
        out = folder / "x"
        out.write_text("old")
        with pytest.raises(ExportError, match="exists already"):
            export(make_tracked(5), out, format_name)
        assert out.read_text() == "old"
        assert export(make_tracked(5), out, format_name, overwrite=True) == (out,)
        assert out.read_bytes() != b"old"
        assert list(folder.iterdir()) == [out]

    def test_file_made_meanwhile_is_kept(self, format_name: str, folder: Path) -> None:
        out = folder / "x"

        def make_it(_done: int) -> bool:
            out.write_text("somebody else's")
            return True

        with pytest.raises(ExportError, match="exists already"):
            export(make_tracked(5), out, format_name, progress=make_it)
        assert content(folder) == {"x": b"somebody else's"}

    @pytest.mark.parametrize("name", ["landmarks.sqlite", "video.mkv", "about.json"])
    def test_file_of_a_session_is_never_replaced(self, format_name: str, folder: Path, name: str) -> None:
        for each in ("landmarks.sqlite", name):
            (folder / each).write_text("recorded")
        before = content(folder)
        with pytest.raises(ExportError, match="of the recording itself"):
            export(make_tracked(5), folder / name, format_name, overwrite=True)
        assert content(folder) == before

    def test_folder_is_refused(self, format_name: str, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="is a folder"):
            export(make_tracked(5), tmp_path, format_name, overwrite=True)

    @pytest.mark.parametrize("place", ["missing", "file"])
    def test_no_such_folder(self, format_name: str, tmp_path: Path, place: str) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(ExportError, match="There is no folder"):
            export(make_tracked(5), tmp_path / place / "x", format_name)
        assert list(tmp_path.iterdir()) == [tmp_path / "file"]

    def test_failure_of_what_is_exported_leaves_nothing(self, format_name: str, folder: Path) -> None:
        def frames() -> Iterator[RecordedFrame]:
            yield from make_tracked(100).frames()
            raise RecordingError("It is damaged", "Repair it")

        with pytest.raises(RecordingError, match="It is damaged"):
            export(make_tracked(0, frames=frames()), folder / "x", format_name)
        assert content(folder) == {}

    def test_nan_is_unknown_and_no_number(self, format_name: str, folder: Path) -> None:
        person = make_person(np.random.default_rng(1), has_raw=False)
        frame = RecordedFrame(0, 0, False, 0, (person,))
        poses = TrackedPoses(Size(10, 10), [frame])
        if format_name == "bvh":
            with pytest.raises(ExportError, match="Nobody was seen"):
                export(poses, folder / "x", format_name, ExportOptions(raw=True))
            return
        export(poses, folder / "x", format_name, ExportOptions(raw=True))
        if format_name in TEXT - {"mot", "trc"}:  # whose own word for it this is
            assert "nan" not in (folder / "x").read_text("utf-8").replace('"', "").lower()


@pytest.mark.parametrize("format_name", sorted(PER_PERSON))
def test_a_file_of_one_of_several_people_is_not_replaced(format_name: str, folder: Path) -> None:
    (folder / "out.person1.x").write_text("old")
    with pytest.raises(ExportError, match=r"out\.person1\.x exists already"):
        export(make_tracked(9, people=3), folder / "out.x", format_name)
    assert content(folder) == {"out.person1.x": b"old"}
    assert len(export(make_tracked(9, people=3), folder / "out.x", format_name, overwrite=True)) == 3


def test_a_reader_is_recorded_poses(session: SessionReader) -> None:
    poses: RecordedPoses = session
    assert poses.header["source_kind"] == "camera"
    assert poses.frame_count == 60


def test_angles_stay_with_their_person(folder: Path) -> None:
    """Chosen people keep what was recorded beside them."""
    seen: list[RecordedFrame] = []

    class Listening:
        format = FORMATS["csv"]

        def check(self) -> None:
            pass

        def write(self, recorded, files, options, progress) -> None:
            seen.extend(recorded.frames())
            files.new().touch()

    (frame,) = make_tracked(1, people=3).frames()
    angles = tuple(np.full(15, number, np.float32) for number in range(3))
    poses = make_tracked(0, frames=iter([replace(frame, angles=angles)]))
    options = ExportOptions(people=frozenset({1}))
    export_with(poses, folder / "x", Listening(), options, overwrite=False, progress=lambda _done: True)
    assert [each.angles[0][0] for each in seen] == [1]
