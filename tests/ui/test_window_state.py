import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from desktop_pose.ui.main_window import first_size
from desktop_pose.ui.window_state import WindowState


def make_window(qtbot):
    window = QMainWindow()
    dock = QDockWidget("Dock", window)
    dock.setObjectName("dock")
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.resize(500, 400)
    qtbot.addWidget(window)
    return window, dock


def test_size_and_docks_come_back(qtbot, tmp_path):
    first, dock = make_window(qtbot)
    first.resize(640, 480)
    first.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    WindowState(tmp_path / "window.ini").save(first)

    second, dock = make_window(qtbot)
    WindowState(tmp_path / "window.ini").restore(second)

    assert (second.width(), second.height()) == (640, 480)
    assert second.dockWidgetArea(dock) is Qt.DockWidgetArea.LeftDockWidgetArea


def test_a_damaged_file_and_no_file_change_nothing(qtbot, tmp_path):
    (tmp_path / "window.ini").write_bytes(b"[window]\ngeometry=@ByteArray(rubbish)\ndocks=3\n\x00\xff")
    for path in (tmp_path / "window.ini", tmp_path / "missing.ini", None):
        window, _ = make_window(qtbot)
        WindowState(path).restore(window)

        assert (window.width(), window.height()) == (500, 400)


def test_without_a_file_nothing_is_kept(qtbot, tmp_path):
    window, _ = make_window(qtbot)

    WindowState(None).save(window)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("available", "expected"),
    [
        (QSize(1920, 1040), QSize(1280, 800)),
        (QSize(1366, 728), QSize(1280, 692)),
        (QSize(640, 480), QSize(700, 500)),
    ],
)
def test_the_window_fits_the_screen_with_its_frame_at_the_first_start(available, expected):
    assert first_size(available, 24) == expected
