from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QExposeEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_pose.core.frames import Size
from desktop_pose.core.settings import Settings
from desktop_pose.ui import picture_view
from desktop_pose.ui.actions import Command
from desktop_pose.ui.placeholder import NO_CAMERA, STOPPED
from desktop_pose.ui.theme import PICTURE_BACKGROUND
from tests.engine.support import make_person


def shown(bench):
    view = bench.parts.picture
    return view.grab().toImage(), view


def test_the_picture_is_shown_in_the_middle_and_the_rest_is_dark(bench):
    bench.run()
    bench.window.resize(1400, 620)
    bench.wait_for_pictures(5)

    image, view = shown(bench)

    ratio = image.devicePixelRatio()
    middle = image.pixelColor(int(view.width() * ratio / 2), 5)
    assert image.pixelColor(1, view.height() // 2) == PICTURE_BACKGROUND
    # The fake source's frames are grey 90 all over; the corner of the picture is free of the skeleton.
    assert middle.getRgb()[:3] == (90, 90, 90)


def test_pictures_are_asked_for_in_device_pixels_and_arrive_at_that_size(bench):
    bench.run()
    bench.window.resize(1400, 620)
    view = bench.parts.picture
    bench.wait(lambda: view._picture is not None and view._picture.image.height() == view.height())

    # 4:3 frames in a wide view: the height decides.
    assert view._picture.image.width() == round(view.height() * 4 / 3)


def test_nothing_is_rendered_while_nobody_can_see_it(bench):
    bench.run()
    sizes = []
    bench.parts.picture._controller.set_view = sizes.append

    bench.parts.picture.hide()
    bench.parts.picture.show()

    assert sizes[0] is None
    assert isinstance(sizes[-1], Size)
    del bench.parts.picture._controller.set_view


def test_a_minimised_window_renders_nothing(bench):
    bench.run()
    sizes = []
    bench.parts.picture._controller.set_view = sizes.append

    bench.window.setWindowState(Qt.WindowState.WindowMinimized)
    bench.wait(lambda: sizes == [None])
    del bench.parts.picture._controller.set_view


def test_a_covered_window_renders_nothing_until_the_system_uncovers_it(bench, monkeypatch):
    bench.run()
    sizes = []
    bench.parts.picture._controller.set_view = sizes.append

    # What the offscreen platform never says.
    monkeypatch.setattr(picture_view, "can_be_seen", lambda _widget: False)
    bench.wait(lambda: sizes == [None])
    monkeypatch.undo()
    handle = bench.window.windowHandle()
    QApplication.sendEvent(handle, QExposeEvent(QRegion(0, 0, 9, 9)))

    assert isinstance(sizes[-1], Size)
    del bench.parts.picture._controller.set_view


def test_a_notice_dims_the_last_picture(bench):
    bench.run()
    bench.controller.stop()

    image, view = shown(bench)

    assert view.notice is STOPPED
    assert image.pixelColor(view.width() // 2, 5).red() < 60


def test_without_a_camera_three_ways_out_are_offered(bench):
    bench.build()
    bench.window.commands.offer_sources()
    placeholder = bench.parts.picture.placeholder

    assert placeholder.title.text() == NO_CAMERA.title == "No camera was found"
    assert [button.text() for button in (placeholder.demo, placeholder.video, placeholder.stream)] == [
        "Demo",
        "Open a video…",
        "Open a stream…",
    ]
    assert placeholder.demo.isVisible()

    for width_px, rows in ((600, 1), (250, 3)):
        placeholder.resize(width_px, 300)
        placeholder.layout().activate()
        buttons = (placeholder.demo, placeholder.video, placeholder.stream)
        bench.wait(lambda buttons=buttons, rows=rows: len({button.y() for button in buttons}) == rows)
        assert all(button.width() >= button.sizeHint().width() for button in buttons)

    placeholder.demo.click()

    bench.wait_for_pictures(1)
    assert bench.opened[-1][0] == "demo"
    assert not placeholder.isVisible()


def person_with_head_at(person_id, x):
    """A figure 0.2 wide and 0.6 high in the middle of the height."""
    landmarks = np.full((33, 5), 1.0, np.float32)
    landmarks[:, 0] = np.linspace(x - 0.1, x + 0.1, 33)
    landmarks[:, 1] = np.linspace(0.2, 0.8, 33)
    return replace(make_person(person_id), landmarks=landmarks, raw_landmarks=None)


@pytest.fixture
def crowd(bench):
    """A window that shows two people, 0 on the left and 1 on the right of the frame."""
    bench.people = (person_with_head_at(0, 0.25), person_with_head_at(1, 0.75))

    def run(**settings):
        bench.run(settings=Settings(source="http://127.0.0.1/fake", threads=1, mirror=False, **settings))
        return bench.parts.picture

    return run


def place(view, x, y=0.5):
    """Where a fraction of the picture is in the view; the fake frames are 4:3."""
    width = min(view.width(), view.height() * 4 / 3)
    height = width * 3 / 4
    return QPoint(
        round((view.width() - width) / 2 + x * width), round((view.height() - height) / 2 + y * height)
    )


def test_a_click_on_a_person_locks_on_that_one_and_the_next_click_unlocks(bench, crowd):
    view = crowd(people=2)

    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, 0.75))
    bench.wait(lambda: view.locked_id == 1)
    bench.wait(lambda: bench.parts.status.people.text() == "Locked on 1")
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, 0.02, 0.02))
    bench.wait(lambda: view.locked_id is None)
    bench.wait(lambda: bench.parts.status.people.text() == "2 people")


def test_in_a_mirror_people_are_where_they_are_seen(bench, crowd):
    view = crowd(people=2)
    bench.controller.change(bench.controller.settings.changed(mirror=True))
    bench.wait(lambda: view._picture.is_mirrored)

    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, 0.75))

    bench.wait(lambda: view.locked_id == 0)


def test_escape_unlocks_before_it_leaves_the_full_screen(bench, crowd):
    view = crowd(people=2)
    bench.window.toggle_full_screen()
    bench.wait(bench.window.isFullScreen)
    bench.controller.lock_on(0)
    bench.wait(lambda: view.locked_id == 0)

    bench.window.actions_by_command[Command.LEAVE_FULL_SCREEN].trigger()
    bench.wait(lambda: view.locked_id is None)
    assert bench.window.isFullScreen()
    bench.window.actions_by_command[Command.LEAVE_FULL_SCREEN].trigger()
    bench.wait(lambda: not bench.window.isFullScreen())


def test_the_pointer_shows_who_can_be_locked_on(bench, crowd):
    view = crowd(people=2)

    QTest.mouseMove(view, place(view, 0.25))
    bench.wait(lambda: view.cursor().shape() is Qt.CursorShape.PointingHandCursor)
    QTest.mouseMove(view, place(view, 0.02, 0.02))
    bench.wait(lambda: view.cursor().shape() is Qt.CursorShape.ArrowCursor)


def test_where_one_person_is_followed_there_is_nothing_to_lock(bench, crowd):
    view = crowd(people=1)

    assert not view.hasMouseTracking()
    assert view.toolTip() == ""
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, 0.75))
    bench.wait_for_pictures(3)
    assert view.locked_id is None


def test_a_lock_ends_with_the_run(bench, crowd):
    view = crowd(people=2)
    bench.controller.lock_on(0)
    bench.wait(lambda: view.locked_id == 0)

    bench.controller.stop()
    assert view.locked_id is None
    bench.controller.start()
    bench.wait_for_pictures(2)
    assert view.locked_id is None


def test_the_number_of_people_changes_while_it_runs(bench, crowd):
    view = crowd(people=1)

    bench.parts.controls.people.setValue(3)

    bench.wait(lambda: bench.controller._life.run.inference.options.people == 3)
    assert view.hasMouseTracking()
    assert bench.stored[-1].people == 3
