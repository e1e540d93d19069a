"""Measurements on disk."""

import json
from dataclasses import replace

import pytest

from desktop_pose.core.errors import MeasuringError
from desktop_pose.engine.measuring.saved import cost_ratio, load_all, newest_like, save
from tests.engine.measuring.support import MACHINE, figures, measured, two_cores


def test_what_is_kept_is_read_again(tmp_path):
    full, empty = two_cores(), measured(None, started="2026-11-20T09:00:00+00:00")
    save(empty, tmp_path / "new")
    path = save(full, tmp_path / "new")
    assert path.name == "2026-11-21_10-00-00.json"
    saved = load_all(tmp_path / "new")
    assert saved.measurements == (full, empty)
    assert saved.problem is None


def test_two_of_one_second_are_both_kept(tmp_path):
    save(two_cores(), tmp_path)
    assert save(two_cores(), tmp_path).name == "2026-11-21_10-00-00-2.json"
    assert len(load_all(tmp_path).measurements) == 2


def test_no_folder_is_no_measurement(tmp_path):
    saved = load_all(tmp_path / "none")
    assert saved.measurements == ()
    assert saved.problem is None


def damaged(tmp_path):
    """Documents that are not whole, by what is wrong with them."""
    good = two_cores().as_document()
    row = good["rows"][0]
    return {
        "cut off": json.dumps(good)[:500],
        "no object": "[1, 2]",
        "deep": "[" * 100_000,
        "other schema": json.dumps(good | {"schema": 2}),
        "no rows": json.dumps({key: value for key, value in good.items() if key != "rows"}),
        "rows are numbers": json.dumps(good | {"rows": [1]}),
        "unknown model": json.dumps(good | {"rows": [row | {"model": "huge"}]}),
        "not finite": json.dumps(good | {"rows": [row | {"rss_mb": float("nan")}]}),
        "negative": json.dumps(good | {"rows": [row | {"cpu_ms_per_frame": -1}]}),
        "a word for a number": json.dumps(good | {"rows": [row | {"cpu_ms_per_frame": "much"}]}),
        "no text": b"\xff\xfe\x00",
    }


@pytest.mark.parametrize("what", damaged(None))
def test_a_damaged_one_is_told_of_in_one_sentence_and_left_alone(tmp_path, what):
    good = save(two_cores(), tmp_path)
    bad = tmp_path / "2026-11-22_00-00-00.json"
    content = damaged(tmp_path)[what]
    bad.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = bad.read_bytes()
    saved = load_all(tmp_path)
    assert saved.measurements == (two_cores(),)
    assert str(saved.problem) == (
        f"The earlier measurement {bad.name} cannot be read (it is not what this program writes). "
        f"Delete {bad}."
    )
    assert bad.read_bytes() == before
    assert good.exists()


def test_several_damaged_ones_are_told_of_together(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.json").write_text("{")
    assert str(load_all(tmp_path).problem).startswith(
        "3 earlier measurements cannot be read, the first of them 0.json"
    )


def test_a_place_that_cannot_be_written_is_told_of(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(MeasuringError, match="cannot be kept"):
        save(two_cores(), tmp_path / "file")


def test_only_like_measurements_are_compared(tmp_path):
    now = two_cores()
    others = (
        replace(now, started="2026-11-21T11:00:00+00:00"),  # later
        replace(now, started="2026-11-20T10:00:00+00:00", video="other.mp4"),
        replace(now, started="2026-11-19T10:00:00+00:00", machine=replace(MACHINE, usable_cores=4)),
        replace(now, started="2026-11-18T10:00:00+00:00", machine=replace(MACHINE, python="3.12")),
        replace(now, started="2026-11-17T10:00:00+00:00"),
    )
    for other in others:
        save(other, tmp_path)
    assert newest_like(load_all(tmp_path), now) == others[3]


def test_the_cost_now_over_that_then():
    assert cost_ratio(figures(cpu=6), figures(cpu=8)) == 0.75
    assert cost_ratio(figures(cpu=6), None) is None
    assert cost_ratio(figures(paced=False), figures()) is None
    assert cost_ratio(figures(), figures(cpu=0)) is None
