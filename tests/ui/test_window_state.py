from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

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
