"""`doctor --resources`: a real run of the application, and what is said of it."""

import json

import pytest

from desktop_pose.cli import resources
from desktop_pose.cli.resources import cost_line, lines_of, measured_resources, outcome_line
from desktop_pose.engine.resources.costs import Cost, LeftOut
from desktop_pose.engine.resources.memory_parts import PART_NAMES


def test_a_real_run_is_told_part_by_part(monkeypatch):
    monkeypatch.setattr(resources, "SECONDS", 6.0)
    document = json.loads(json.dumps(measured_resources()))
    memory = document["memory_mb"]
    assert set(memory["breakdown"]) == set(PART_NAMES)
    assert sum(memory["breakdown"].values()) == pytest.approx(memory["rss"], abs=0.1)
    assert document["settings"]["source"] == "demo"
    stages = [span["stage"] for span in document["frame"]["spans"]]
    assert {"capture", "crop", "landmarks", "decode", "convert", "render", "paint"} <= set(stages)
    text = "\n".join(lines_of(document))
    for words in ("Python and Qt", "unexplained", "too short to say", "inference", "convert", "waiting"):
        assert words in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_the_first_row_has_figures_and_the_others_differences():
    base, other = Cost("full", 60.0, 250.0, 20.0, 30.0), Cost("lite", 45.5, 240.0, 15.0, 30.0)
    assert cost_line(base, base).split() == ["full", "60.0", "250", "20.0", "30.0"]
    assert cost_line(other, base).split() == ["lite", "-14.5", "-10", "-5.0", "+0.0"]


def test_what_could_not_be_measured_has_a_row_that_says_why():
    left_out = LeftOut("heavy", "The run was too short to be measured. Try again.")
    line = outcome_line(left_out, Cost("full", 60.0, 250.0, 20.0, 30.0))
    assert line.split(maxsplit=1) == [
        "heavy",
        "not measured: The run was too short to be measured. Try again.",
    ]


def test_what_is_not_known_is_said():
    document = {
        "settings": {"model": "full", "backend": "litert", "threads": 1, "skip": "off", "people": 1},
        "memory_mb": {
            "rss": 200.0,
            "rss_peak": 210.0,
            "breakdown": None,
            "trend": {"verdict": "too short to say"},
        },
        "cpu": {"process_percent_of_core": None, "per_thread_percent": {}},
        "frame": None,
    }
    text = "\n".join(lines_of(document))
    assert "not known on this system" in text
    assert "too short to be measured" in text
    assert "too few" in text
