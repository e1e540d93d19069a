"""Sources made ready for the tests of the package."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop_pose.core.frames import Size
from tests.support.mjpeg_server import MjpegServer
from tests.support.pictures import encode, numbered_pictures
from tests.support.videos import write_video

SMALL = Size(320, 240)
NOBODY = 65534


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    """A camera on loopback with small numbered pictures."""
    with MjpegServer(size=SMALL, fps=100, max_frames=200) as running:
        yield running


@pytest.fixture(scope="session")
def numbered_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve numbered pictures at 25/s."""
    path = tmp_path_factory.mktemp("videos") / "numbered.mp4"
    return write_video(path, numbered_pictures(SMALL, 12))


@pytest.fixture(scope="session")
def numbered_images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of four numbered pictures."""
    folder = tmp_path_factory.mktemp("images")
    for number, picture in enumerate(numbered_pictures(SMALL, 4)):
        (folder / f"{number}.jpg").write_bytes(encode(picture))
    return folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of this computer can reach, unlike `tmp_path`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def unprivileged() -> Iterator[None]:
    """Act as a user whom file permissions bind; the superuser is bound by none."""
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions of this kind exist on Unix only")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
