import pytest

from desktop_pose.core.sources import without_login


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("http://user:secret@host:80/a@b", "http://host:80/a@b"),
        ("rtsp://user@host/path", "rtsp://host/path"),
        ("HTTP://user:a@b@host", "HTTP://host"),
        ("http://host/path", "http://host/path"),
        ("http://host?to=me@home", "http://host?to=me@home"),
        ("udp://@:5000", "udp://:5000"),
        ("me@home.mp4", "me@home.mp4"),
        ("demo", "demo"),
    ],
)
def test_an_address_is_shown_without_its_login(source, shown):
    assert without_login(source) == shown
