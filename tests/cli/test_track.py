"""`track` with the real tracker on short real clips."""

import csv
import itertools
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from desktop_pose.cli import tracking
from desktop_pose.core import places, settings_file
from desktop_pose.core.settings import Backend, PoseModel, Rotation, Settings, core_count
from desktop_pose.pose.opening import open_tracker

FRAMES = 8
FAST = ("--model", "lite", "--threads", "1")


@pytest.fixture(scope="module")
def clip(demo_clip, tmp_path_factory):
    """The first frames of the demo clip, in a file of their own."""
    path = tmp_path_factory.mktemp("clip") / "short.mp4"
    with av.open(str(demo_clip)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copied = target.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.dts is not None][:FRAMES]
        for packet in packets:
            packet.stream = copied
            target.mux(packet)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_frame_is_tracked_and_accounted_for(program, clip, tmp_path):
    out, report = tmp_path / "out.csv", tmp_path / "report.json"
    result = program("track", clip, "-o", out, *FAST, "--report", report)
    assert result.exit_code == 0, result.output
    frames = [int(row["frame"]) for row in rows_of(out)]
    assert sorted(set(frames)) == list(range(FRAMES))
    assert len(frames) == FRAMES * 33
    document = json.loads(report.read_text())
    counted = document["frames"]
    assert counted["captured"] == counted["inferred"] + counted["reused"] == FRAMES
    assert set(counted["dropped"].values()) == {0}
    assert document["ended_by"] == "source_end"
    assert document["error"] is None
    assert document["settings"]["model"] == "lite"
    assert (document["settings"]["people"], document["settings"]["skip"]) == (1, "off")
    assert document["frames_with_person"] == FRAMES
    assert document["latency_ms"]["capture_to_display"] == {"p50": None, "p95": None, "max": None}
    assert document["latency_ms"]["stages"]["landmarks"]["p50"] > 0
    assert document["latency_ms"]["stages"]["mask"]["p50"] is None
    assert document["fps"]["display"] is None
    assert document["session"] is None


def test_the_cost_of_a_mask_is_in_the_report(program, clip, tmp_path):
    report = tmp_path / "report.json"
    result = program("track", clip, "-o", tmp_path / "out.csv", *FAST, "--mask", "--report", report)
    assert result.exit_code == 0, result.output
    document = json.loads(report.read_text())
    assert document["settings"]["mask"] is True
    assert document["latency_ms"]["stages"]["mask"]["p50"] > 0


@pytest.fixture(scope="module")
def clip_of_two(demo_clip, tmp_path_factory):
    """The demo clip beside its mirror image."""
    path = tmp_path_factory.mktemp("clip") / "two.mp4"
    with av.open(str(demo_clip)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream("mpeg4", rate=30, options={"qscale": "2"})
        stream.width, stream.height = 1440, 1280
        for frame in itertools.islice(source.decode(video=0), FRAMES):
            picture = frame.to_ndarray(format="bgr24")
            pair = np.ascontiguousarray(np.hstack((picture, picture[:, ::-1])))
            target.mux(stream.encode(av.VideoFrame.from_ndarray(pair, format="bgr24")))
        target.mux(stream.encode())
    return path


@pytest.mark.parametrize("backend", Backend)
def test_two_people_have_an_id_each(program, clip_of_two, tmp_path, backend):
    if backend is Backend.MEDIAPIPE:
        pytest.importorskip("mediapipe")
    out, report = tmp_path / "out.csv", tmp_path / "report.json"
    options = ("--model", "lite", "--backend", backend.value, "--people", "2", "--report", report)
    result = program("track", clip_of_two, "-o", out, *options)
    assert result.exit_code == 0, result.output
    rows = rows_of(out)
    order = [(int(row["frame"]), int(row["person"])) for row in rows]
    assert order == sorted(order)
    assert len(rows) == FRAMES * 2 * 33
    sides = {(row["person"], float(row["x_px"]) < 720) for row in rows if row["landmark"] == "left_hip"}
    assert len(sides) == 2
    document = json.loads(report.read_text())
    assert (document["settings"]["people"], document["max_people"]) == (2, 2)


def test_more_people_than_four_are_refused(program, clip, tmp_path):
    result = program("track", clip, "-o", tmp_path / "out.csv", "--people", "5")
    assert result.exit_code == 2
    assert "from 1 to 4" in " ".join(result.output.split())


@pytest.mark.skipif(core_count() < 2, reason="one core has no worker threads")
def test_work_of_threads_that_have_ended_is_in_the_report(program, demo_clip, tmp_path):
    report = tmp_path / "report.json"
    two_threads = ("--model", "lite", "--threads", "2")
    result = program("track", demo_clip, "-o", tmp_path / "out.csv", *two_threads, "--report", report)
    assert result.exit_code == 0, result.output
    cpu = json.loads(report.read_text())["cpu"]
    assert cpu["per_thread_percent"]["inference_workers"] > 0
    # Not all of it: the system tells each thread's time in whole ticks of 10 ms.
    assert sum(cpu["per_thread_percent"].values()) > 0.85 * cpu["process_percent_of_core"]


def test_missing_file_is_not_taken_for_a_camera(program, tmp_path):
    result = program("track", tmp_path / "missing.mp4", "-o", tmp_path / "out.csv")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "camera" not in result.stderr


def test_same_input_gives_the_same_bytes(program, clip, tmp_path):
    for name in ("one", "two"):
        result = program("track", clip, "-o", f"{tmp_path / name}/", "--format", "json", *FAST)
        assert result.exit_code == 0, result.output
    assert (tmp_path / "one/short.json").read_bytes() == (tmp_path / "two/short.json").read_bytes()


def test_backends_agree(program, clip, tmp_path):
    pytest.importorskip("mediapipe")
    for backend in ("litert", "mediapipe"):
        place, report = tmp_path / f"{backend}.csv", tmp_path / f"{backend}.json"
        chosen = ("--model", "lite", "--backend", backend)
        result = program("track", clip, "-o", place, "--report", report, *chosen)
        assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "mediapipe.json").read_text())["detector_runs"] is None
    ours, theirs = (rows_of(tmp_path / f"{backend}.csv") for backend in ("litert", "mediapipe"))
    assert len(ours) == len(theirs)
    assert all(abs(float(a["x_px"]) - float(b["x_px"])) < 5 for a, b in zip(ours, theirs, strict=True))


def test_rotation_turns_the_frame(program, clip, tmp_path):
    out = tmp_path / "out.json"
    assert program("track", clip, "-o", out, *FAST, "--rotate", "90").exit_code == 0
    document = json.loads(out.read_text())
    assert (document["width_px"], document["height_px"]) == (1280, 720)
    assert document["recording"]["rotation_deg"] == 90


def test_stored_settings_count_but_not_the_rotation(program, clip, tmp_path, monkeypatch):
    used = []
    monkeypatch.setattr(
        tracking,
        "open_tracker",
        lambda options, *places: used.append(options) or open_tracker(options, *places),
    )
    stored = Settings(model=PoseModel.LITE, threads=1, rotate=Rotation.RIGHT)
    settings_file.save(places.settings_file(), stored)
    try:
        report = tmp_path / "report.json"
        assert program("track", clip, "-o", tmp_path / "out.csv", "--report", report).exit_code == 0
    finally:
        places.settings_file().unlink()
    assert [(options.model, options.threads) for options in used] == [(PoseModel.LITE, 1)]
    assert json.loads(report.read_text())["settings"]["rotate"] == "0"


def test_failing_file_does_not_stop_the_others(program, clip, tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"no video at all" * 100)
    shutil.copy(clip, tmp_path / "good.mp4")
    out, report = tmp_path / "out", tmp_path / "report.json"
    result = program(
        "track", tmp_path / "missing.mp4", tmp_path / "broken.mp4", tmp_path / "good.mp4", "-o", out,
        "--format", "csv", "--report", report, *FAST,
    )  # fmt: skip
    assert result.exit_code == 1
    assert len([line for line in result.stderr.splitlines() if ".mp4" in line]) == 2
    assert [path.name for path in out.iterdir()] == ["good.csv"]
    document = json.loads(report.read_text())
    assert document["ended_by"] == "error"
    assert "missing.mp4" in document["error"]


@pytest.mark.parametrize("content", [b"", b"no video at all" * 100])
def test_file_that_is_no_video_is_1_and_leaves_nothing(program, tmp_path, content):
    (tmp_path / "clip.mp4").write_bytes(content)
    result = program("track", tmp_path / "clip.mp4", "-o", tmp_path / "out.csv")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out.csv").exists()


def test_video_cut_off_before_its_index_is_1(program, clip, tmp_path):
    content = clip.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(content[: len(content) // 2])
    result = program("track", tmp_path / "cut.mp4", "-o", tmp_path / "out.csv", *FAST)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_video_cut_off_later_is_1_and_gives_what_there_is(program, demo_clip, tmp_path):
    whole = av.open(str(demo_clip))
    with whole, av.open(str(tmp_path / "cut.mkv"), "w") as target:
        stream = target.add_stream_from_template(whole.streams.video[0])
        for packet in whole.demux(whole.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    content = (tmp_path / "cut.mkv").read_bytes()
    (tmp_path / "cut.mkv").write_bytes(content[: len(content) // 5])
    out, report = tmp_path / "out.csv", tmp_path / "report.json"
    result = program("track", tmp_path / "cut.mkv", "-o", out, *FAST, "--report", report)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    frames = {row["frame"] for row in rows_of(out)}
    assert f"ends after {len(frames)} frames" in result.stderr
    assert "damaged" in json.loads(report.read_text())["error"]


def test_existing_output_is_refused_without_overwrite(program, clip, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("precious")
    result = program("track", clip, "-o", out, *FAST)
    assert result.exit_code == 1
    assert "--overwrite" in result.stderr
    assert out.read_text() == "precious"
    assert program("track", clip, "-o", out, *FAST, "--overwrite").exit_code == 0
    assert len(rows_of(out)) == FRAMES * 33


@pytest.mark.parametrize(
    "arguments",
    [
        ["a/clip.mp4", "b/clip.mp4", "-o", "out", "--format", "csv"],
        ["a.mp4", "b.mp4", "-o", "out"],
        ["a.mp4", "-o", "out/"],
        ["a.mp4", "-o", "out.csv", "--backend", "mediapipe", "--raw"],
        ["a.mp4", "-o", "out.csv", "--backend", "mediapipe", "--smoothing", "off"],
        ["a.mp4", "-o", "out.csv", "--format", "xml"],
        ["a.mp4", "-o", "out.csv", "--rate", "30"],
        ["a.mp4", "-o", "out.trc", "--rate", "0"],
        ["a.mp4", "-o", "out.trc", "--angles"],
        ["a.mp4", "-o", "out.csv", "--jobs", "0"],
        ["a.mp4", "-o", "out.csv", "--chart", "knee_flexion"],
        ["a.mp4", "-o", "out.mp4", "--chart", "knee"],
    ],
)
def test_wrong_usage_is_2(program, arguments):
    result = program("track", *arguments)
    assert result.exit_code == 2, result.output


def test_report_takes_the_place_of_no_input_and_no_output(program, clip, tmp_path):
    precious, out = tmp_path / "clip.mp4", tmp_path / "out.json"
    shutil.copy(clip, precious)
    for report in (precious, out):
        result = program("track", precious, "-o", out, *FAST, "--report", report)
        assert result.exit_code == 2
        assert f"{report.name} is " in result.stderr
    assert precious.read_bytes() == clip.read_bytes()
    assert not out.exists()


def test_report_that_cannot_be_written_is_1_before_the_work(program, clip, tmp_path):
    result = program("track", clip, "-o", tmp_path / "out.csv", "--report", tmp_path / "gone/report.json")
    assert result.exit_code == 1
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_it_with_a_report_and_no_half_file(program, clip, tmp_path, monkeypatch, number, status):
    def raise_soon(options, *places):
        tracker = open_tracker(options, *places)
        signal.raise_signal(number)
        return tracker

    monkeypatch.setattr(tracking, "open_tracker", raise_soon)
    out, report = tmp_path / "out.csv", tmp_path / "report.json"
    result = program("track", clip, "-o", out, *FAST, "--report", report)
    assert result.exit_code == status
    assert result.stderr.splitlines()[-1] == f"Ended by {number.name}."
    assert json.loads(report.read_text())["ended_by"] == "signal"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_files_that_a_signal_gave_up_are_not_called_complete(program, clip, tmp_path, monkeypatch):
    monkeypatch.setattr(tracking, "open_tracker", lambda *_given: signal.raise_signal(signal.SIGINT))
    result = program("track", tmp_path / "gone.mp4", clip, "-o", tmp_path / "out", "--format", "csv")
    assert result.stderr.splitlines()[1:] == ["1 of 2 files failed, as told above.", "Ended by SIGINT."]


def test_strong_smoothing_is_another_and_raw_is_what_there_is_without_any(program, clip, tmp_path):
    outs = {}
    for name, options in {
        "strong": ("--smoothing", "strong"),
        "mediapipe": (),
        "raw": ("--smoothing", "strong", "--raw"),
        "off": ("--smoothing", "off"),
    }.items():
        outs[name] = tmp_path / f"{name}.csv"
        assert program("track", clip, "-o", outs[name], *FAST, *options).exit_code == 0
    texts = {name: out.read_text() for name, out in outs.items()}
    assert texts["raw"] == texts["off"]
    assert len({texts["strong"], texts["mediapipe"], texts["off"]}) == 3


def copies_of(clip: Path, folder: Path, count: int) -> list[Path]:
    paths = [folder / f"clip{number}.mp4" for number in range(count)]
    for path in paths:
        shutil.copy(clip, path)
    return paths


def test_several_files_at_a_time_give_what_one_at_a_time_gives(program, clip, tmp_path):
    videos = copies_of(clip, tmp_path, 3)
    report = tmp_path / "report.json"
    for jobs in (1, 3):
        out = f"{tmp_path / str(jobs)}/"
        result = program(
            "track", *videos, "-o", out, "--format", "csv", *FAST, "--jobs", jobs, "--report", report
        )
        assert result.exit_code == 0, result.output
    for video in videos:
        one, several = (tmp_path / jobs / f"{video.stem}.csv" for jobs in ("1", "3"))
        assert one.read_bytes() == several.read_bytes()
    document = json.loads(report.read_text())
    assert document["frames"]["captured"] == document["frames"]["inferred"] == 3 * FRAMES
    assert document["cpu"]["per_thread_percent"]["inference"] > 0


def test_resume_passes_over_what_is_done_and_makes_what_is_missing(program, clip, tmp_path):
    videos = copies_of(clip, tmp_path, 3)
    out = tmp_path / "out"
    arguments = ("-o", f"{out}/", "--format", "trc", *FAST)
    assert program("track", *videos[1:], *arguments).exit_code == 0
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    result = program("track", *videos, *arguments, "--resume")
    assert result.exit_code == 0, result.output
    assert "2 of 3 files were tracked before" in result.stderr
    after = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    assert after.keys() == {"clip0.trc", "clip1.trc", "clip2.trc"}
    assert before == {name: after[name] for name in before}
    assert "3 of 3 files were tracked before" in program("track", *videos, *arguments, "--resume").stderr


def test_resume_does_not_take_other_settings_or_another_file_for_done(program, clip, tmp_path):
    videos = copies_of(clip, tmp_path, 2)
    arguments = ("track", *videos, "-o", tmp_path / "out", "--format", "csv", *FAST)
    assert program(*arguments).exit_code == 0
    files = [tmp_path / "out" / f"clip{number}.csv" for number in (0, 1)]
    first = [path.read_bytes() for path in files]
    videos[0].write_bytes(clip.read_bytes() + b"\0")

    result = program(*arguments, "--resume")
    assert result.exit_code == 1
    assert "clip0.csv exists already, of another file" in result.stderr
    assert "1 of 2 files were tracked before" in result.stderr

    result = program(*arguments, "--raw", "--resume")
    assert result.stderr.count("exists already, of another file or tracked with other settings") == 2
    assert [path.read_bytes() for path in files] == first

    assert program(*arguments, "--raw", "--resume", "--overwrite").exit_code == 0
    raw = [path.read_bytes() for path in files]
    assert raw[0] != first[0]
    assert raw[1] != first[1]
    assert "2 of 2 files were tracked before" in program(*arguments, "--raw", "--resume").stderr


def test_what_failed_is_told_at_the_end_by_number_too(program, clip, tmp_path):
    result = program(
        "track", tmp_path / "gone.mp4", clip, tmp_path / "away.mp4", "-o", tmp_path / "out",
        "--format", "csv", *FAST, "--jobs", 2,
    )  # fmt: skip
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "2 of 3 files failed, as told above. The others are complete."
    result = program("track", "gone", "away", "-o", tmp_path / "out", "--format", "csv")
    assert result.stderr.splitlines()[-1] == "2 of 2 files failed, as told above."


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_name_that_is_no_text_is_tracked_like_any_other(program, clip, tmp_path):
    path = tmp_path / os.fsdecode(b"clip\xff.mp4")
    shutil.copy(clip, path)
    out, report = path.with_suffix(".json"), tmp_path / "report.json"
    result = program("track", path, "-o", out, *FAST, "--report", report)
    assert result.exit_code == 0, result.output
    assert json.loads(out.read_text("utf-8"))["recording"]["source"] == "clip\ufffd.mp4"
    assert json.loads(report.read_text("utf-8"))["settings"]["source"] == str(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such name")
def test_a_name_like_an_address_is_a_name(program, clip, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = program("track", clip, "-o", "http:out.mp4", *FAST)
    assert result.exit_code == 0, result.output
    assert Path("http:out.mp4").stat().st_size > 1000


def test_annotated_video_has_every_frame(program, clip, tmp_path):
    for name in ("one", "two"):
        result = program("track", clip, "-o", tmp_path / f"{name}.mp4", *FAST, "--angles")
        assert result.exit_code == 0, result.output
    with av.open(str(tmp_path / "one.mp4")) as made, av.open(str(clip)) as original:
        shown = [frame.to_ndarray(format="bgr24").astype(int) for frame in made.decode(video=0)]
        recorded = [frame.to_ndarray(format="bgr24").astype(int) for frame in original.decode(video=0)]
    assert len(shown) == len(recorded) == FRAMES
    for ours, theirs in zip(shown, recorded, strict=True):
        changed = abs(ours - theirs).max(axis=2) > 60
        assert 0.002 < changed.mean() < 0.1  # the skeleton, on the same picture
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


def test_rate_puts_frames_in_between(program, clip, tmp_path):
    for rate in (30, 60):
        assert program("track", clip, "-o", tmp_path / f"{rate}.mot", *FAST, "--rate", rate).exit_code == 0
    slow, fast = (
        (tmp_path / f"{rate}.mot").read_text().split("endheader\n")[1].splitlines()[1:] for rate in (30, 60)
    )
    assert (len(slow), len(fast)) == (FRAMES, 2 * FRAMES - 1)
    assert fast[::2] == slow


def test_skipped_frames_are_marked_as_reused_and_have_no_raw_landmarks(program, clip, tmp_path):
    out, raw, report = (tmp_path / name for name in ("out.csv", "raw.csv", "report.json"))
    assert program("track", clip, "-o", out, *FAST, "--skip", 2, "--report", report).exit_code == 0
    rows = rows_of(out)
    assert len(rows) == FRAMES * 33
    assert [row["reused"] for row in rows[::33]] == ["0", "1"] * (FRAMES // 2)
    frames = json.loads(report.read_text())["frames"]
    assert (frames["inferred"], frames["reused"]) == (FRAMES / 2, FRAMES / 2)
    assert program("track", clip, "-o", raw, *FAST, "--skip", 2, "--raw").exit_code == 0
    assert [bool(row["x_px"]) for row in rows_of(raw)[::33]] == [True, False] * (FRAMES // 2)
