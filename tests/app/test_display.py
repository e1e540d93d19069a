"""Where Qt would abort, the program says why in its own words."""

import sys

import pytest

from desktop_pose.app import display

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux may have no display")


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def test_no_display():
    assert "There is no display" in display.display_problem().message


@pytest.mark.parametrize("platform", [{}, {"QT_QPA_PLATFORM": "xcb"}])
def test_a_display_that_does_not_answer(monkeypatch, platform):
    monkeypatch.setattr(display, "_XCB_LIBRARIES", ())
    monkeypatch.setenv("DISPLAY", ":54321")
    for name, value in platform.items():
        monkeypatch.setenv(name, value)
    problem = display.display_problem()
    assert problem.message == "The display :54321 cannot be reached"
    assert "--headless" in problem.hint


def test_a_library_that_is_missing(monkeypatch):
    monkeypatch.setattr(display, "_XCB_LIBRARIES", ("libc.so.6", "libno-such-thing.so.1"))
    monkeypatch.setenv("DISPLAY", ":0")
    problem = display.display_problem()
    assert "without libno-such-thing.so.1" in problem.message
    assert "doctor" in problem.hint


@pytest.mark.parametrize(
    "environment",
    [
        {"QT_QPA_PLATFORM": "offscreen"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":54321"},
        {"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":54321"},
    ],
)
def test_other_platforms_are_left_to_qt(monkeypatch, environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert display.display_problem() is None
