"""What holds for every exporter."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from desktop_pose.core.errors import ExportError, RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.recording.exporters import EXPORTERS, export
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.recorded import RecordedFrame, RecordedPoses, TrackedPoses
from tests.recording.conftest import SIZE, make_person


def make_tracked(count: int, *, frames: Iterator[RecordedFrame] | None = None) -> TrackedPoses:
    rng = np.random.default_rng(11)
    own = (RecordedFrame(index, index * 40_000_000, False, 0, (make_person(rng),)) for index in range(count))
    return TrackedPoses(SIZE, frames or own, {"source": "clip.mp4"})


@pytest.fixture
def session(finished_session: Callable[..., Path]) -> Iterator[SessionReader]:
    with SessionReader.open(finished_session(60)) as reader:
        yield reader


@pytest.mark.parametrize("format_name", EXPORTERS)
class TestExporterContract:
    """One run for every format."""

    frames_in: ClassVar[dict[str, Callable[[str], set[int]]]] = {
        "csv": lambda text: {int(row["frame"]) for row in csv.DictReader(text.splitlines())},
        "frames-csv": lambda text: {int(row["frame"]) for row in csv.DictReader(text.splitlines())},
        "json": lambda text: {frame["frame"] for frame in json.loads(text)["frames"]},
    }

    def test_says_what_it_is(self, format_name: str) -> None:
        exporter = EXPORTERS[format_name]
        assert exporter.name == format_name
        assert exporter.suffix.startswith(".")
        assert exporter.description

    def test_every_frame_is_there(self, format_name: str, session: SessionReader, tmp_path: Path) -> None:
        out = tmp_path / "out"
        assert export(session, out, format_name)
        found = self.frames_in[format_name](out.read_text("utf-8"))
        assert found == {frame.index for frame in session.frames() if frame.people or format_name != "csv"}

    def test_two_runs_give_identical_bytes(
        self, format_name: str, session: SessionReader, tmp_path: Path
    ) -> None:
        for name in ("one", "two"):
            export(session, tmp_path / name, format_name, raw=True)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
        assert b"\r" not in (tmp_path / "one").read_bytes()

    def test_straight_from_a_tracker(self, format_name: str, tmp_path: Path) -> None:
        assert export(make_tracked(9), tmp_path / "out", format_name)
        assert self.frames_in[format_name]((tmp_path / "out").read_text("utf-8")) == set(range(9))

    def test_nothing_recorded(self, format_name: str, tmp_path: Path) -> None:
        assert export(make_tracked(0), tmp_path / "out", format_name)
        assert self.frames_in[format_name]((tmp_path / "out").read_text("utf-8")) == set()

    def test_frames_are_taken_one_at_a_time(self, format_name: str, tmp_path: Path) -> None:
        alive = most = 0

        class Counted(RecordedFrame):
            def __del__(self) -> None:
                nonlocal alive
                alive -= 1

        def frames() -> Iterator[RecordedFrame]:
            nonlocal alive, most
            for index in range(50):
                alive += 1
                most = max(most, alive)
                yield Counted(index, index * 1000, False, 0, ())

        export(make_tracked(0, frames=frames()), tmp_path / "out", format_name)
        assert most <= 3

    def test_progress_counts_frames(self, format_name: str, session: SessionReader, tmp_path: Path) -> None:
        told: list[int] = []
        export(session, tmp_path / "out", format_name, progress=lambda done: not told.append(done))
        assert told == sorted(told)
        assert told[-1] == session.frame_count

    def test_cancelling_leaves_nothing(
        self, format_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("desktop_pose.recording.exporters.protocol._PROGRESS_EVERY_NS", 0)
        folder = tmp_path / "out"
        folder.mkdir()
        taken: list[int] = []

        def frames() -> Iterator[RecordedFrame]:
            for frame in make_tracked(1000).frames():
                taken.append(frame.index)
                yield frame

        poses = make_tracked(0, frames=frames())
        assert not export(poses, folder / "x", format_name, progress=lambda done: done < 300)
        assert len(taken) == 300
        assert list(folder.iterdir()) == []

    def test_cancelling_keeps_the_file_that_was_there(self, format_name: str, tmp_path: Path) -> None:
        out = tmp_path / "x"
        out.write_text("old")
        assert not export(make_tracked(5), out, format_name, overwrite=True, progress=lambda _done: False)
        assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x", "old")]

    def test_existing_file_is_refused(self, format_name: str, tmp_path: Path) -> None:
        out = tmp_path / "x"
        out.write_text("old")
        with pytest.raises(ExportError, match="exists already"):
            export(make_tracked(5), out, format_name)
        assert out.read_text() == "old"
        assert export(make_tracked(5), out, format_name, overwrite=True)
        assert out.read_text() != "old"
        assert list(tmp_path.iterdir()) == [out]

    def test_file_made_meanwhile_is_kept(self, format_name: str, tmp_path: Path) -> None:
        out = tmp_path / "x"

        def make_it(_done: int) -> bool:
            out.write_text("somebody else's")
            return True

        with pytest.raises(ExportError, match="exists already"):
            export(make_tracked(5), out, format_name, progress=make_it)
        assert [path.read_text() for path in tmp_path.iterdir()] == ["somebody else's"]

    def test_folder_is_refused(self, format_name: str, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="is a folder"):
            export(make_tracked(5), tmp_path, format_name, overwrite=True)

    @pytest.mark.parametrize("place", ["missing", "file"])
    def test_no_such_folder(self, format_name: str, tmp_path: Path, place: str) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(ExportError, match="There is no folder"):
            export(make_tracked(5), tmp_path / place / "x", format_name)
        assert list(tmp_path.iterdir()) == [tmp_path / "file"]

    def test_failure_of_what_is_exported_leaves_nothing(self, format_name: str, tmp_path: Path) -> None:
        def frames() -> Iterator[RecordedFrame]:
            yield from make_tracked(100).frames()
            raise RecordingError("It is damaged", "Repair it")

        with pytest.raises(RecordingError, match="It is damaged"):
            export(make_tracked(0, frames=frames()), tmp_path / "x", format_name)
        assert list(tmp_path.iterdir()) == []

    def test_nan_is_unknown_and_no_number(self, format_name: str, tmp_path: Path) -> None:
        person = make_person(np.random.default_rng(1), has_raw=False)
        frame = RecordedFrame(0, 0, False, 0, (person,))
        export(TrackedPoses(Size(10, 10), [frame]), tmp_path / "x", format_name, raw=True)
        assert "nan" not in (tmp_path / "x").read_text("utf-8").replace('"', "").lower()


def test_a_reader_is_recorded_poses(session: SessionReader) -> None:
    poses: RecordedPoses = session
    assert poses.header["source_kind"] == "camera"
    assert poses.frame_count == 60
