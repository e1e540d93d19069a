import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.errors import DesktopPoseError, InputError
from desktop_pose.core.settings import Backend
from desktop_pose.pose.input_check import LONGEST_SIDE_PX, InputCheck
from tests.pose.clips import FRAME_NS, only

PICTURE = np.zeros((20, 30, 3), np.uint8)

BAD_FRAMES = {
    "nothing": (None, "is a NoneType, not an array"),
    "a list": ([[[0, 0, 0]]], "is a list, not an array"),
    "empty": (np.empty((0, 30, 3), np.uint8), "is empty"),
    "without channels": (np.empty((20, 30, 0), np.uint8), "is empty"),
    "grey": (np.zeros((20, 30), np.uint8), r"has 1 channel, not 3\. .*COLOR_GRAY2BGR"),
    "grey with an axis": (np.zeros((20, 30, 1), np.uint8), r"has 1 channel, not 3\. .*COLOR_GRAY2BGR"),
    "with alpha": (np.zeros((20, 30, 4), np.uint8), r"has 4 channels, not 3\. .*COLOR_BGRA2BGR"),
    "two channels": (np.zeros((20, 30, 2), np.uint8), "has 2 channels, not 3"),
    "channels first": (np.zeros((3, 20, 30), np.uint8), "has 30 channels, not 3"),
    "a batch": (np.zeros((1, 20, 30, 3), np.uint8), "has the shape"),
    "a row": (np.zeros(30, np.uint8), "has the shape"),
    "float": (np.zeros((20, 30, 3), np.float32), "are float32, not uint8"),
    "16 bits": (np.zeros((20, 30, 3), np.uint16), "are uint16, not uint8"),
    "signed": (np.zeros((20, 30, 3), np.int8), "are int8, not uint8"),
    "objects": (np.full((20, 30, 3), None), "are object, not uint8"),
    "too wide": (np.zeros((1, LONGEST_SIDE_PX + 1, 3), np.uint8), "32768x1 pixels large"),
}

BAD_TIMES = {
    "standing still": (NS_PER_S, "Time stands still"),
    "backwards": (NS_PER_S - 1, r"Time goes backwards.*reset\(\)"),
    "a fraction": (2e9, "not a whole number"),
    "not a number": (float("nan"), "not a whole number"),
    "none": (None, "not a whole number"),
    "a text": ("2", "not a whole number"),
    "too late": (2**63, "64 bits"),
    "too early": (-(2**63), "64 bits"),
}

GOOD_FRAMES = {
    "read-only": lambda image: image,
    "mirrored": lambda image: image[:, ::-1],
    "upside down": lambda image: image[::-1],
    "RGB turned to BGR": lambda image: image[..., ::-1][..., ::-1],
    "a cut-out": lambda image: image[100:, 50:-50],
    "every other pixel": lambda image: image[::2, ::2],
    "turned": lambda image: image.transpose(1, 0, 2),
    "in Fortran's order": np.asfortranarray,
    "without alpha": lambda image: np.dstack((image, image[..., :1]))[..., :3],
    "planes": lambda image: np.ascontiguousarray(image.transpose(2, 0, 1)).transpose(1, 2, 0),
}


@pytest.mark.parametrize("name", BAD_FRAMES)
def test_a_bad_frame_is_refused_with_what_is_wrong_and_the_remedy(name):
    image, message = BAD_FRAMES[name]
    with pytest.raises(InputError, match=message):
        InputCheck().check(image, 0)


@pytest.mark.parametrize("name", BAD_TIMES)
def test_a_bad_time_is_refused_and_forgotten(name):
    time_ns, message = BAD_TIMES[name]
    check = InputCheck()
    check.check(PICTURE, NS_PER_S)
    with pytest.raises(InputError, match=message):
        check.check(PICTURE, time_ns)
    check.check(PICTURE, NS_PER_S + 1)


@pytest.mark.parametrize("family", [DesktopPoseError, ValueError])
def test_the_error_is_of_both_families(family):
    with pytest.raises(family, match="empty"):
        InputCheck().check(np.empty((0, 0, 3), np.uint8), 0)


def test_times_of_any_whole_kind_from_anywhere_are_taken():
    check = InputCheck()
    for time_ns in (-5, np.int64(-4), 0, np.uint8(7), 2**62):
        check.check(PICTURE, time_ns)


def test_a_restart_lets_time_begin_anew():
    check = InputCheck()
    check.check(PICTURE, NS_PER_S)
    check.restart()
    check.check(PICTURE, 0)


class TestEveryBackend:
    """What every `PoseTracker` does with frames and times, good and bad."""

    @pytest.fixture(params=list(Backend), ids=lambda backend: backend.value)
    def tracker(self, request, open_one):
        opened = open_one(request.param)
        yield opened
        opened.close()  # MediaPipe runs a thread of its own that has to end with the test

    def test_bad_input_is_refused_and_changes_nothing(self, tracker, demo):
        first = only(tracker.track(demo.frames[0], NS_PER_S))
        for image, message in BAD_FRAMES.values():
            with pytest.raises(InputError, match=message):
                tracker.track(image, NS_PER_S + FRAME_NS)
        for time_ns, message in BAD_TIMES.values():
            with pytest.raises(InputError, match=message):
                tracker.track(demo.frames[1], time_ns)
        poses = tracker.track(demo.frames[1], NS_PER_S + FRAME_NS)
        assert only(poses).id == first.id
        assert poses.detector_ran is not True

    def test_any_layout_of_the_pixels_gives_what_a_plain_copy_gives(self, tracker, demo):
        for name, laid_out in GOOD_FRAMES.items():
            view = laid_out(demo.frames[0])
            view.flags.writeable = False
            before = view.tobytes()
            tracker.reset()
            seen = tracker.track(view, 0).people
            tracker.reset()
            wanted = tracker.track(np.array(view, order="C"), 0).people
            assert view.tobytes() == before, name
            assert len(seen) == len(wanted), name
            for person, other in zip(seen, wanted, strict=True):
                np.testing.assert_array_equal(person.landmarks, other.landmarks, name)

    def test_pictures_of_any_size(self, tracker):
        for shape in ((1, 1), (16, 16), (2, 500), (1000, 17), (2160, 3840)):
            picture = np.random.default_rng(0).integers(0, 255, (*shape, 3), np.uint8)
            tracker.reset()
            for time_ns in (0, FRAME_NS):
                people = tracker.track(picture, time_ns).people
                assert all(np.isfinite(person.landmarks).all() for person in people)

    def test_the_size_may_change(self, tracker, demo):
        whole = only(tracker.track(demo.frames[0], 0)).landmarks
        half = only(tracker.track(demo.frames[0][::2, ::2], FRAME_NS)).landmarks
        np.testing.assert_allclose(half[:, :2], whole[:, :2], atol=0.03)

    def test_times_far_apart_and_close_together(self, tracker, demo):
        for time_ns in (-NS_PER_S, 0, 1, 2, 10**6, 3600 * NS_PER_S, 2**62):
            assert len(tracker.track(demo.frames[0], time_ns).people) == 1

    def test_after_a_reset_time_may_begin_anew(self, tracker, demo):
        tracker.track(demo.frames[0], NS_PER_S)
        tracker.reset()
        assert tracker.track(demo.frames[0], 0).people
