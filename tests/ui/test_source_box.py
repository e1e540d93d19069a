from dataclasses import dataclass

import pytest

from desktop_pose.core.frames import Size, SourceInfo, SourceKind
from desktop_pose.ui.actions import Command
from desktop_pose.ui.source_box import ModeBox, SourceBox, camera_text


@dataclass(frozen=True)
class Mode:
    size: Size
    fps: float


@dataclass(frozen=True)
class Camera:
    id: str
    index: int
    name: str
    modes: tuple[Mode, ...] | None = None


HD, VGA = Size(1280, 720), Size(640, 480)
WEBCAM = Camera(
    "/dev/v4l/by-id/usb-A", 2, "Webcam", (Mode(VGA, 30.0), Mode(HD, 29.97), Mode(HD, 30.0), Mode(HD, 10.0))
)
PLAIN = Camera("cam-b", 4, "Plain")


@pytest.fixture
def box(qtbot):
    made = SourceBox()
    qtbot.addWidget(made)
    return made


def items(box):
    return [box.itemText(row) for row in range(box.count()) if box.itemText(row)]


def choose(box, data):
    row = box.findData(data)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def test_cameras_are_named_with_size_and_rate(box):
    assert camera_text(WEBCAM) == "Webcam, 1280×720 at 30/s"
    assert camera_text(PLAIN) == "Plain"

    box.show_cameras((WEBCAM, PLAIN))

    assert items(box) == [
        "Webcam, 1280×720 at 30/s",
        "Plain",
        "Demo",
        "Open video…",
        "Open stream…",
        "Open image folder…",
    ]


@pytest.mark.parametrize("text", ["/dev/v4l/by-id/usb-A", "2"])
def test_a_camera_is_known_by_id_and_number(box, text):
    box.show_source(text)
    box.show_cameras((WEBCAM, PLAIN))

    assert box.camera() is WEBCAM
    assert box.currentText() == "Webcam, 1280×720 at 30/s"


def test_a_file_is_shown_by_its_name_once_it_is_open(box):
    box.show_source("/films/squats.mp4")
    assert box.currentText() == "/films/squats.mp4"

    box.show_source("/films/squats.mp4", SourceInfo(SourceKind.FILE, "squats.mp4", HD, 30.0))

    assert box.currentText() == "squats.mp4"
    assert box.toolTip().startswith("/films/squats.mp4\n")
    assert box.camera() is None


def test_a_camera_that_is_not_there_is_called_one(box):
    box.show_source("3")
    assert box.currentText() == "Camera 3"
    assert box.currentData() == "3"


def test_an_address_is_shown_without_its_login_and_opened_with_it(box):
    box.show_source("rtsp://me:secret@host/stream")
    assert box.currentText() == "rtsp://host/stream"
    assert box.currentData() == "rtsp://me:secret@host/stream"
    assert "secret" not in box.toolTip()


def test_choosing_a_source_is_told(box, qtbot):
    box.show_cameras((WEBCAM, PLAIN))
    with qtbot.waitSignal(box.source_chosen) as chosen:
        choose(box, "cam-b")

    assert chosen.args == ["cam-b"]


def test_the_source_that_is_chosen_already_is_not_told_again(box, qtbot):
    box.show_source("demo")
    with qtbot.assertNotEmitted(box.source_chosen):
        choose(box, "demo")


def test_opening_something_leaves_the_present_choice_until_it_is_open(box, qtbot):
    box.show_source("demo")
    with qtbot.waitSignal(box.opening_chosen) as chosen:
        choose(box, Command.OPEN_STREAM)

    assert chosen.args == [Command.OPEN_STREAM]
    assert box.currentText() == "Demo"


def test_modes_are_listed_once_the_largest_and_fastest_first(qtbot):
    box = ModeBox()
    qtbot.addWidget(box)

    box.show_modes(WEBCAM, HD, 10)

    assert items(box) == ["automatic", "1280×720 at 30/s", "1280×720 at 10/s", "640×480 at 30/s"]
    assert box.currentText() == "1280×720 at 10/s"
    with qtbot.waitSignal(box.mode_chosen) as chosen:
        box.activated.emit(3)
    assert chosen.args == [VGA, 30]


def test_only_cameras_that_say_their_modes_have_a_choice(qtbot):
    box = ModeBox()
    qtbot.addWidget(box)
    for camera in (None, PLAIN):
        box.show_modes(camera, None, None)
        assert not box.isEnabled()
        assert box.currentText() == "automatic"


def test_a_mode_asked_for_on_the_command_line_is_shown(qtbot):
    box = ModeBox()
    qtbot.addWidget(box)

    box.show_modes(None, Size(320, 240), None)

    assert box.currentText() == "320×240"
