import pytest

from desktop_pose.ui.wording import in_bytes, in_minutes, in_number, shortened


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (123_456, "123 kB"),
        (12_345_678, "12.3 MB"),
        (5 * 10**12, "5.0 TB"),
    ],
)
def test_bytes(count, text):
    assert in_bytes(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.9, "0:59"), (61, "1:01"), (3600, "1:00:00"), (36_061, "10:01:01")]
)
def test_minutes(seconds, text):
    assert in_minutes(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0, "0.0"), (9.96, "10.0"), (99.9, "99.9"), (99.96, "100"), (213.4, "213")],
)
def test_numbers(value, text):
    assert in_number(value) == text


def test_what_is_too_long_keeps_its_beginning_and_its_end():
    assert shortened("abcdefgh", 8) == "abcdefgh"
    assert shortened("abcdefghi", 8) == "abcd…fghi"
