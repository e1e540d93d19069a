"""Which cameras there are and where they are found, on Linux and elsewhere."""

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import pytest

from desktop_pose.capture import devices, other_cameras
from desktop_pose.capture.camera_info import Address, Camera, is_camera
from desktop_pose.core.errors import SourceError
from tests.capture.conftest import unprivileged

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="udev and V4L2 are Linux's")


def test_cameras_are_listed_once_each():
    cameras = devices.list_cameras()
    assert isinstance(cameras, tuple)
    assert len({camera.id for camera in cameras}) == len(cameras)
    for camera in cameras:
        assert is_camera(camera.id)
        assert devices.addresses(camera.id)


@pytest.mark.parametrize("text", ["987", "/dev/video987", "/dev/v4l/by-id/usb-gone"])
def test_a_missing_camera_is_named(text: str):
    with pytest.raises(SourceError, match=f"There is no camera {text}"):
        devices.addresses(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", True),
        ("12", True),
        ("/dev/video0", True),
        ("/dev/v4l/by-id/usb-046d_HD_Pro-video-index0", True),
        ("\\\\?\\usb#vid_046d&pid_082d#6&1#{e5323777-f976-4f5b-9b55-b94699c46e44}\\global", True),
        ("avfoundation:0x1420000005ac8600", True),
        ("camera:OBS Virtual Camera", True),
        ("-1", False),
        ("²", False),
        ("", False),
        ("video.mp4", False),
        ("/dev/shm/video.mp4", False),
    ],
)
def test_how_a_camera_is_written(text: str, expected: bool):
    assert is_camera(text) is expected


@on_linux
class TestLinux:
    @pytest.fixture
    def linked(self, tmp_path: Path) -> Path:
        """Two devices; the first has both links, the second one by its path."""
        for name in ("by-id", "by-path"):
            (tmp_path / name).mkdir()
        for number in (0, 2):
            (tmp_path / f"video{number}").touch()
            (tmp_path / "by-path" / f"pci-usb-0:{number}-video-index0").symlink_to(f"../video{number}")
        (tmp_path / "by-id" / "usb-Maker_Camera-video-index0").symlink_to("../video0")
        return tmp_path

    @pytest.mark.parametrize(
        ("device", "expected"),
        [
            ("video0", "by-id/usb-Maker_Camera-video-index0"),
            ("video2", "by-path/pci-usb-0:2-video-index0"),
            ("video4", "video4"),
        ],
    )
    def test_stable_id(self, linked: Path, device: str, expected: str):
        from desktop_pose.capture import linux_cameras

        folders = [linked / "by-id", linked / "by-path", linked / "missing"]
        assert linux_cameras.stable_id(str(linked / device), folders) == str(linked / expected)

    def test_a_link_leads_to_its_device(self, linked: Path):
        link = linked / "by-id" / "usb-Maker_Camera-video-index0"
        device = str(linked / "video0")
        assert devices.addresses(str(link)) == (Address(cv2.CAP_V4L2, device, device),)

    def test_what_the_driver_tells(self, tmp_path: Path):
        from desktop_pose.capture import linux_cameras

        for number, name in ((0, "HD Pro Webcam C920\n"), (1, "\n")):
            (tmp_path / f"video{number}").mkdir()
            (tmp_path / f"video{number}" / "name").write_text(name)
            (tmp_path / f"video{number}" / "index").write_text(f"{number}\n")
        assert linux_cameras.name_of("/dev/video0", tmp_path) == "HD Pro Webcam C920"
        assert linux_cameras.name_of("/dev/video1", tmp_path) == "/dev/video1"
        assert linux_cameras.name_of("/dev/video2", tmp_path) == "/dev/video2"
        nodes = [linux_cameras.is_first_node(f"/dev/video{number}", tmp_path) for number in range(3)]
        assert nodes == [True, False, True]

    def test_a_forbidden_camera_has_a_remedy(self, open_folder: Path):
        device = open_folder / "video0"
        device.touch(mode=0)
        with unprivileged(), pytest.raises(SourceError, match="group video"):
            devices.addresses(str(device))

    def test_what_is_no_camera_cannot_be_opened(self, tmp_path: Path):
        from desktop_pose.capture.camera import CameraSource

        (tmp_path / "video0").touch()
        with pytest.raises(SourceError, match="cannot be opened"):
            CameraSource(str(tmp_path / "video0")).open()


@dataclass(frozen=True)
class Found:
    """As `cv2_enumerate_cameras` describes a camera."""

    index: int
    name: str
    path: str | None


USB = "\\\\?\\usb#vid_046d&pid_082d#6&1"
MSMF_CLASS = "#{e5323777-f976-4f5b-9b55-b94699c46e44}\\global"
DSHOW_CLASS = "#{65e8773d-8f56-11d0-a3b9-00a0c9223196}\\global"

WINDOWS = {
    cv2.CAP_MSMF: [Found(0, "C920", USB + MSMF_CLASS), Found(1, "Lid", "\\\\?\\usb#lid" + MSMF_CLASS)],
    cv2.CAP_DSHOW: [
        Found(0, "OBS Virtual Camera", None),
        Found(1, "C920", USB.upper().replace("\\\\?\\USB", "\\\\?\\usb") + DSHOW_CLASS),
        Found(2, "Lid", "\\\\?\\usb#lid" + DSHOW_CLASS),
    ],
}
MAC = {cv2.CAP_AVFOUNDATION: [Found(0, "FaceTime HD Camera", "47B4B64B-7067-4B9C-AD2B-AE273A71F4B5")]}


class TestElsewhere:
    def test_windows_lists_each_camera_once(self):
        assert other_cameras.cameras_in(WINDOWS) == (
            Camera(USB + MSMF_CLASS, 0, "C920", None),
            Camera("\\\\?\\usb#lid" + MSMF_CLASS, 1, "Lid", None),
            Camera("camera:OBS Virtual Camera", 2, "OBS Virtual Camera", None),
        )

    @pytest.mark.parametrize("text", ["0", USB + MSMF_CLASS, USB + DSHOW_CLASS])
    def test_windows_falls_back_to_directshow(self, text: str):
        assert other_cameras.addresses_in(WINDOWS, text) == (
            Address(cv2.CAP_MSMF, 0, "C920"),
            Address(cv2.CAP_DSHOW, 1, "C920"),
        )

    @pytest.mark.parametrize("text", ["2", "camera:OBS Virtual Camera"])
    def test_windows_virtual_camera(self, text: str):
        assert other_cameras.addresses_in(WINDOWS, text) == (Address(cv2.CAP_DSHOW, 0, "OBS Virtual Camera"),)

    def test_mac(self):
        (camera,) = other_cameras.cameras_in(MAC)
        assert camera.id == "avfoundation:47B4B64B-7067-4B9C-AD2B-AE273A71F4B5"
        expected = (Address(cv2.CAP_AVFOUNDATION, 0, "FaceTime HD Camera"),)
        assert other_cameras.addresses_in(MAC, camera.id) == expected
        assert other_cameras.addresses_in(MAC, "0") == expected

    def test_unknown(self):
        assert other_cameras.addresses_in(WINDOWS, "3") == ()
        assert other_cameras.addresses_in(MAC, "avfoundation:gone") == ()
        assert other_cameras.cameras_in({cv2.CAP_MSMF: []}) == ()
