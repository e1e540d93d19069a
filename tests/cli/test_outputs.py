"""OUT, --format and --overwrite."""

import os
import sys
from pathlib import Path

import pytest
import typer

from desktop_pose.cli.outputs import Output, make_ready, plan_outputs
from desktop_pose.core.errors import ExportError
from tests.capture.conftest import unprivileged


def paths(outputs):
    return [(output.source, output.path, output.format) for output in outputs]


def test_one_input_is_written_to_out_itself():
    assert paths(plan_outputs({"a/clip.mp4": "clip"}, "out.csv", None)) == [
        ("a/clip.mp4", Path("out.csv"), "csv")
    ]


@pytest.mark.parametrize(("out", "format_name"), [("x.csv", "csv"), ("x.JSON", "json")])
def test_suffix_tells_the_format(out, format_name):
    (output,) = plan_outputs({"clip.mp4": "clip"}, out, None)
    assert output.format == format_name


def test_format_beats_the_suffix():
    (output,) = plan_outputs({"clip.mp4": "clip"}, "x.csv", "frames-csv")
    assert output == Output("clip.mp4", Path("x.csv"), "frames-csv")


def test_final_slash_makes_a_folder_of_out():
    assert paths(plan_outputs({"a/b.c.mp4": "b.c"}, "out/", "json")) == [
        ("a/b.c.mp4", Path("out/b.c.json"), "json")
    ]


def test_several_inputs_go_into_a_folder_under_their_names():
    planned = plan_outputs({"a.mp4": "a", "dir/b.mkv": "b"}, "out", "csv")
    assert paths(planned) == [("a.mp4", Path("out/a.csv"), "csv"), ("dir/b.mkv", Path("out/b.csv"), "csv")]


@pytest.mark.parametrize(
    ("inputs", "out", "format_name", "message"),
    [
        ({"a.mp4": "a", "b.mp4": "b"}, "out", None, "which format"),
        ({"a.mp4": "a"}, "out/", None, "which format"),
        ({"a.mp4": "a"}, "out.xyz", None, "says no format"),
        ({"a.mp4": "a"}, "out", None, "says no format"),
        ({"x/a.mp4": "a", "y/a.mkv": "a"}, "out", "csv", r"x/a.mp4 and y/a.mkv would both"),
        ({"A.mp4": "A", "a.mp4": "a"}, "out", "csv", "would both"),
    ],
)
def test_what_cannot_be_planned_is_wrong_usage(inputs, out, format_name, message):
    with pytest.raises(typer.BadParameter, match=message):
        plan_outputs(inputs, out, format_name)


def test_input_is_never_written_over(tmp_path):
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).write_text("precious")
    (tmp_path / "link.mp4").symlink_to(tmp_path / "b.mp4")
    inputs = {str(tmp_path / "a.mp4"): "a"}
    both = {**inputs, str(tmp_path / "link.mp4"): "b"}
    for planned, out in ((inputs, str(tmp_path / "a.mp4")), (both, str(tmp_path))):
        with pytest.raises(typer.BadParameter, match="is to be read, not written"):
            plan_outputs(planned, out, "video")
    assert len(plan_outputs(both, str(tmp_path), "csv")) == 2


def test_existing_file_needs_overwrite(tmp_path):
    output = Output("clip.mp4", tmp_path / "out.csv", "csv")
    make_ready(output, overwrite=False)
    output.path.write_text("precious")
    with pytest.raises(ExportError, match="--overwrite"):
        make_ready(output, overwrite=False)
    make_ready(output, overwrite=True)
    assert output.path.read_text() == "precious"


def test_folder_without_slash_is_refused_even_with_overwrite(tmp_path):
    with pytest.raises(ExportError, match="is a folder"):
        make_ready(Output("clip.mp4", tmp_path, "csv"), overwrite=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_is_refused_even_with_overwrite(tmp_path):
    os.mkfifo(tmp_path / "out.csv")
    with pytest.raises(ExportError, match="is a device or a pipe"):
        make_ready(Output("clip.mp4", tmp_path / "out.csv", "csv"), overwrite=True)


def test_a_folder_that_may_not_be_entered_and_a_name_too_long_are_told(tmp_path):
    with unprivileged(), pytest.raises(ExportError, match="cannot be written"):
        make_ready(Output("clip.mp4", tmp_path / "out.csv", "csv"), overwrite=True)
    with pytest.raises(ExportError, match=r"could not be written .*too long"):
        make_ready(Output("clip.mp4", tmp_path / f"{'x' * 300}.csv", "csv"), overwrite=True)


def test_missing_folder_is_made(tmp_path):
    make_ready(Output("clip.mp4", tmp_path / "new/deep/out.csv", "csv"), overwrite=False)
    assert (tmp_path / "new/deep").is_dir()
