import pytest

from desktop_pose.capture.media_clock import MediaClock


@pytest.mark.parametrize(
    ("given_ns", "expected_ns"),
    [
        ([0, 10, 20], [0, 10, 20]),
        ([70, 80, 95], [0, 10, 25]),
        ([-20, 0, 20], [0, 20, 40]),
        ([0, 50, 30, 60], [0, 50, 50, 60]),
        ([0, 50, -900, 60], [0, 50, 50, 60]),
        ([None, None, None], [0, 40_000_000, 80_000_000]),
        ([0, None, 90_000_000], [0, 40_000_000, 90_000_000]),
        ([None, 7, 17], [0, 40_000_000, 40_000_010]),
    ],
)
def test_never_goes_back(given_ns: list[int | None], expected_ns: list[int]):
    clock = MediaClock(25)
    times_ns = []
    for presentation_ns in given_ns:
        clock.advance(presentation_ns)
        times_ns.append(clock.now_ns)
    assert times_ns == expected_ns


def test_goes_on_where_a_file_begins_again():
    clock = MediaClock(25)
    times_ns = []
    for _ in range(3):
        assert not clock.has_begun
        for presentation_ns in (500, 20_000_500):
            clock.advance(presentation_ns)
            times_ns.append(clock.now_ns)
        assert clock.has_begun
        clock.begin_again()
    assert times_ns == [0, 20_000_000, 60_000_000, 80_000_000, 120_000_000, 140_000_000]
