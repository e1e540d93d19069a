from PySide6.QtCore import Qt

from desktop_pose.core.frames import Size
from desktop_pose.ui.placeholder import NO_CAMERA, STOPPED
from desktop_pose.ui.theme import PICTURE_BACKGROUND


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

    placeholder.demo.click()

    bench.wait_for_pictures(1)
    assert bench.opened[-1][0] == "demo"
    assert not placeholder.isVisible()
