"""What is read is what was written; what is no session is refused in words."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FloatArray
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording.library import list_sessions
from desktop_pose.recording.reader import Drop, ResourceSample, SessionReader, SettingChange
from desktop_pose.recording.schema import VERSION
from desktop_pose.recording.session import LANDMARKS_FILE, SessionState
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import SIZE, make_header, record


def bytes_of(array: FloatArray | None) -> bytes | None:
    return None if array is None else array.tobytes()


@pytest.mark.parametrize("has_raw", [True, False])
def test_frames_come_back_bit_by_bit(sessions_dir: Path, has_raw: bool) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS)
    written = record(writer, 60, has_raw=has_raw)
    writer.finalise()
    with SessionReader.open(writer.path) as reader:
        read = list(reader.frames())
    assert len(read) == len(written)
    for frame, (source, poses, dropped) in zip(read, written, strict=True):
        assert (frame.index, frame.time_ns) == (source.index, source.time_ns)
        assert (frame.reused, frame.dropped_before) == (poses.reused, dropped)
        assert [person.id for person in frame.people] == [person.id for person in poses.people]
        for person, expected in zip(frame.people, poses.people, strict=True):
            assert person.score == expected.score
            for name in ("landmarks", "world", "raw_landmarks", "raw_world"):
                assert bytes_of(getattr(person, name)) == bytes_of(getattr(expected, name))
            assert person.next_roi is None
    assert sum(frame.dropped_before for frame in read) == 5


def test_header_comes_back(finished_session: Callable[..., Path]) -> None:
    path = finished_session(30, RecordingKind.VIDEO)
    with SessionReader.open(path) as reader:
        header, info = reader.header, reader.info
    assert header.items() >= make_header().as_record().items()
    assert header["started"] == "2026-11-21T14:03:22.123+01:00"
    assert info.as_record() == {
        "id": "2026-11-21_14-03-22",
        "path": str(path),
        "state": "complete",
        "started": "2026-11-21T14:03:22.123+01:00",
        "duration_s": pytest.approx(31 * 0.0333667),  # 30 frames and 2 missing ones
        "frames": 30,
        "width_px": SIZE.width_px,
        "height_px": SIZE.height_px,
        "kind": "video",
        "source": "Kamera „vorn“",
        "model": "full",
        "size_bytes": sum(file.stat().st_size for file in path.iterdir()),
    }


def test_events_come_back(sessions_dir: Path) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS)
    writer.write_setting(0, "model", "lite")
    writer.write_setting(7, "mirror", None)
    writer.write_setting(7, "threads", 1)
    writer.write_resources(8, 31.5, 212.25, {"main": 3.5, "inference": 28.0})
    writer.write_resources(9, None, None, {})
    writer.write_drops(9, 3, "recorder")
    writer.finalise()
    with SessionReader.open(writer.path) as reader:
        assert reader.setting_changes() == (
            SettingChange(0, "model", "lite"),
            SettingChange(7, "mirror", None),
            SettingChange(7, "threads", 1),
        )
        assert reader.resource_samples() == (
            ResourceSample(8, 31.5, 212.25, {"main": 3.5, "inference": 28.0}),
            ResourceSample(9, None, None, {}),
        )
        assert reader.drops() == (Drop(9, 3, "recorder", frame=0),)


def test_reading_changes_nothing(finished_session: Callable[..., Path]) -> None:
    path = finished_session()
    before = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.iterdir()}
    with SessionReader.open(path) as reader:
        assert reader.size == Size(64, 48)
        list(reader.frames())
    reader.close()
    after = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.iterdir()}
    assert after == before


@pytest.mark.parametrize("kind", ["nothing", "file", "empty folder"])
def test_no_session(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    if kind == "file":
        path.write_text("x")
    elif kind == "empty folder":
        path.mkdir()
    with pytest.raises(RecordingError, match="There is no session"):
        SessionReader.open(path)


def sql(*statements: str) -> Callable[[Path], None]:
    def mutate(file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return mutate


def cut(share: float) -> Callable[[Path], None]:
    def mutate(file: Path) -> None:
        whole = file.read_bytes()
        file.write_bytes(whole[: int(len(whole) * share)])

    return mutate


def overwrite(start: float, length: int, byte: int) -> Callable[[Path], None]:
    def mutate(file: Path) -> None:
        whole = bytearray(file.read_bytes())
        at = int(len(whole) * start)
        whole[at : at + length] = bytes([byte]) * length
        file.write_bytes(whole)

    return mutate


MUTANTS: dict[str, Callable[[Path], None]] = {
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("frame,time_s\n" * 5000),
    "another database": lambda file: (
        file.unlink(),
        sql("CREATE TABLE frames (frame INTEGER)")(file),
    ),
    "newer version": sql(f"PRAGMA user_version = {VERSION + 1}"),
    "no version": sql("PRAGMA user_version = 0"),
    "another program's": sql("PRAGMA application_id = 7"),
    "cut in the header": lambda file: file.write_bytes(file.read_bytes()[:60]),
    "cut in half": cut(0.5),
    "cut at its end": cut(0.93),
    "damaged magic": overwrite(0, 8, 0),
    "damaged pages": overwrite(0.3, 60_000, 0xA5),
    "damaged schema": lambda file: overwrite(200 / file.stat().st_size, 16_000, 0)(file),
    "no table of frames": sql("ALTER TABLE frames RENAME TO pictures"),
    "no header": sql("DELETE FROM header"),
    "unknown state": sql("UPDATE header SET value = 'fine' WHERE key = 'state'"),
    "start that is no time": sql("UPDATE header SET value = 'yesterday' WHERE key = 'started'"),
    "start without offset": sql("UPDATE header SET value = '2026-01-01' WHERE key = 'started'"),
    "size of nothing": sql("UPDATE header SET value = 0 WHERE key = 'width_px'"),
    "size in words": sql("UPDATE header SET value = 'wide' WHERE key = 'width_px'"),
    "settings nested too deep": sql(
        "UPDATE header SET value = replace(hex(zeroblob(100000)), '00', '[') WHERE key = 'settings'"
    ),
    "text that is none": sql("UPDATE header SET value = CAST(x'ff80fe' AS TEXT) WHERE key = 'source'"),
    "short landmarks": sql("UPDATE people SET landmarks = x'00' WHERE frame = 20"),
    "landmarks as text": sql("UPDATE people SET world = 'abc' WHERE frame = 20"),
    "landmarks as number": sql("UPDATE people SET raw_world = 5 WHERE frame = 20"),
    "score in words": sql("UPDATE people SET score = 'good' WHERE frame = 20"),
    "time in words": sql("UPDATE frames SET time_ns = 'late' WHERE frame = 20"),
    "time as a fraction": sql("UPDATE frames SET time_ns = 1.5e300 WHERE frame = 20"),
    "frames that run code": sql(
        "ALTER TABLE frames RENAME TO pictures",
        "CREATE VIEW frames AS SELECT *, load_extension('/tmp/x') FROM pictures",
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_damaged_or_foreign_file_is_refused_in_words(
    finished_session: Callable[..., Path], name: str
) -> None:
    path = finished_session(60)
    MUTANTS[name](path / LANDMARKS_FILE)

    def read() -> None:
        with SessionReader.open(path) as reader:
            for _ in reader.frames():
                pass

    with pytest.raises(RecordingError) as refusal:
        read()
    assert str(path) in refusal.value.message
    assert refusal.value.hint
    list_sessions(path.parent)


@pytest.mark.parametrize("seed", range(12))
def test_random_damage_is_read_or_refused(finished_session: Callable[..., Path], seed: int) -> None:
    path = finished_session(60)
    file = path / LANDMARKS_FILE
    rng = np.random.default_rng(seed)
    content = bytearray(file.read_bytes())
    for at in rng.integers(0, len(content), 40):
        content[at] = rng.integers(0, 256)
    file.write_bytes(content)
    with suppress(RecordingError), SessionReader.open(path) as reader:
        for frame in reader.frames():
            assert len(frame.people) <= 2


def test_newer_version_says_what_to_do(finished_session: Callable[..., Path]) -> None:
    path = finished_session(5)
    MUTANTS["newer version"](path / LANDMARKS_FILE)
    with pytest.raises(RecordingError, match="newer version of desktop-pose") as refusal:
        SessionReader.open(path)
    assert refusal.value.hint == "Update desktop-pose"


def test_copy_of_a_recording_in_progress_can_be_read(sessions_dir: Path, tmp_path: Path) -> None:
    writer = SessionWriter.create(sessions_dir, make_header(), RecordingKind.LANDMARKS)
    record(writer, 40)
    shutil.copytree(writer.path, tmp_path / "copy")
    committed = writer.committed_frames
    writer.finalise()
    with SessionReader.open(tmp_path / "copy") as reader:
        assert reader.info.state is SessionState.INTERRUPTED
        assert reader.frame_count == committed
        assert len(list(reader.frames())) == committed


def test_single_frames_are_those_of_the_whole(finished_session: Callable[..., Path]) -> None:
    with SessionReader.open(finished_session(30, RecordingKind.VIDEO)) as reader:
        frames = list(reader.frames())
        timeline = reader.timeline()
        assert timeline.numbers.tolist() == [frame.index for frame in frames]
        assert timeline.times_ns.tolist() == [frame.time_ns for frame in frames]
        assert timeline.video_frames.tolist() == list(range(30))
        looked_ns = 0
        for frame, age_ns in zip(frames, timeline.ages_ns, strict=True):
            looked_ns = looked_ns if frame.reused else frame.time_ns
            assert age_ns == frame.time_ns - looked_ns
        assert len(set(timeline.ages_ns.tolist())) > 2
        for expected in frames[::7]:
            frame = reader.frame(expected.index)
            assert frame is not None
            assert [person.id for person in frame.people] == [person.id for person in expected.people]
            assert (frame.time_ns, frame.reused) == (expected.time_ns, expected.reused)
        assert reader.frame(10) is None


def test_timeline_without_frames_and_without_video(finished_session: Callable[..., Path]) -> None:
    with SessionReader.open(finished_session(0)) as reader:
        assert reader.timeline().numbers.shape == (0,)
    with SessionReader.open(finished_session(2)) as reader:
        assert reader.timeline().video_frames.tolist() == [-1, -1]


def test_times_that_go_backwards_are_damage(finished_session: Callable[..., Path]) -> None:
    session = finished_session(5)
    with closing(sqlite3.connect(session / LANDMARKS_FILE)) as connection:
        connection.execute("UPDATE frames SET time_ns = 0 WHERE frame = 3")
        connection.commit()
    with SessionReader.open(session) as reader, pytest.raises(RecordingError, match="backwards"):
        reader.timeline()
