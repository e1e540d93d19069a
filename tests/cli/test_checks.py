"""`doctor`: what it finds here, and what it makes of what is missing."""

import pytest

from desktop_pose.cli import checks
from desktop_pose.cli.checks import Finding, Verdict, pyside_problem, run_checks
from desktop_pose.core import resources


@pytest.mark.parametrize(
    ("pyside", "python", "is_problem"),
    [
        ("6.12.0", (3, 10), True),
        ("6.12.0", (3, 11), True),
        ("6.12.0", (3, 12), False),
        ("6.11.3", (3, 11), False),
        ("6.8.3", (3, 10), False),
    ],
)
def test_pyside_that_kills_windows(pyside, python, is_problem):
    problem = pyside_problem(pyside, python)
    assert (problem is not None) is is_problem
    if problem is not None:
        assert "<6.12" in problem


def test_findings_here_name_what_matters():
    names = [finding.name for finding in run_checks()]
    for name in (
        "Python",
        "PySide6-Essentials",
        "Model detector",
        "Model full",
        "Cameras",
        "Sessions folder",
    ):
        assert name in names


def test_json_and_status(program, monkeypatch):
    findings = [
        Finding("Python", Verdict.OK, "3.11"),
        Finding("Cameras", Verdict.NOTE, "none", "Plug one in"),
    ]
    monkeypatch.setattr(checks, "run_checks", lambda: findings)
    document = program.json("doctor", "--json")
    assert document["ok"] is True
    assert document["checks"][1] == {
        "name": "Cameras",
        "verdict": "note",
        "detail": "none",
        "remedy": "Plug one in",
    }
    findings.append(Finding("av", Verdict.MISSING, "not installed", "pip install av"))
    result = program("doctor")
    assert result.exit_code == 1
    assert "pip install av" in result.stdout


def test_missing_resources_fail(monkeypatch, tmp_path):
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "core/resources.py"))
    failures = [finding for finding in run_checks() if finding.is_failure]
    assert "Models" in [finding.name for finding in failures]


def test_missing_package_fails(monkeypatch):
    monkeypatch.setattr(checks, "_PACKAGES", ("no-such-package-as-this",))
    (failure,) = [finding for finding in run_checks() if finding.name == "no-such-package-as-this"]
    assert failure.is_failure
    assert failure.remedy == "pip install no-such-package-as-this"
