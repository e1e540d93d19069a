import cv2
import numpy as np
import pytest

from desktop_pose.core.clock import StepTimes
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import Backend, PoseModel, Smoothing
from desktop_pose.pose.mask import crop_mask, picture_mask
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.preprocess import Border, Cropper
from desktop_pose.pose.protocol import TrackerOptions
from desktop_pose.pose.roi import Region, to_picture
from tests.pose.clips import FRAME_NS, MODELS_DIR, SQUATS

SIZE = Size(640, 360)
SIDE = 256


def region(x=0.5, y=0.5, side_px=200, rotation=0.0, size=SIZE):
    numbers = (x, y, side_px / size.width_px, side_px / size.height_px, rotation)
    return Region(*(np.float32(number) for number in numbers))


def disc(x, y, radius=24):
    """Logits of somebody round, with the centre at x, y of the crop."""
    rows, columns = np.indices((SIDE, SIDE), np.float32)
    return np.clip((radius - np.hypot(columns - x, rows - y)) * 2, -200, 200).astype(np.float32)


def centre(mask):
    rows, columns = np.indices(mask.shape)
    weights = mask.astype(float)
    return np.array([(columns * weights).sum(), (rows * weights).sum()]) / weights.sum()


def overlap(first, second):
    """Intersection over union of what is more likely a person than not."""
    first, second = first > 127, second > 127
    return (first & second).sum() / (first | second).sum()


@pytest.mark.parametrize("rotation", [0.0, 0.7, -2.5, np.pi])
def test_the_mask_lies_where_the_landmarks_of_the_same_crop_lie(rotation):
    place = region(0.4, 0.55, 160, rotation)
    mask = picture_mask([crop_mask(disc(90, 150), place)], SIZE)
    (expected,) = to_picture(np.array([[90, 150]], np.float32) / SIDE, place)
    np.testing.assert_allclose(centre(mask), expected * (SIZE.width_px, SIZE.height_px), atol=0.3)
    assert mask.max() == 255


@pytest.mark.parametrize("rotation", [0.0, 1.1])
def test_cropping_the_mask_gives_back_what_was_put_in(rotation):
    place = region(side_px=300, rotation=rotation)
    logits = disc(128, 100, 60)
    mask = picture_mask([crop_mask(logits, place)], SIZE)
    back = np.empty((SIDE, SIDE, 3), np.float32)
    Cropper(SIDE, Border.REPLICATED, 0.0, 1.0).crop(np.dstack([mask] * 3), place.corners_px(SIZE), back)
    assert overlap(back[..., 0] * 255, (logits > 0) * 255) > 0.98


def test_logits_become_probabilities():
    probability = crop_mask(np.array([[0, 2, -2, 1000, -1000]], np.float32), region()).probability / 255
    np.testing.assert_allclose(probability, [[0.5, 0.880797, 0.119203, 1, 0]], atol=1e-5)


def test_nobody_is_nowhere():
    mask = picture_mask([], SIZE)
    assert (mask.shape, mask.dtype, mask.max()) == ((360, 640), np.uint8, 0)
    assert not mask.flags.writeable


def test_of_several_people_all_are_in_the_mask():
    left = crop_mask(disc(128, 128), region(0.2))
    right = crop_mask(disc(128, 128), region(0.8))
    both = picture_mask([left, right], SIZE)
    np.testing.assert_array_equal(both, picture_mask([left], SIZE) | picture_mask([right], SIZE))
    assert both[180, 128] == both[180, 512] == 255


def test_where_people_overlap_the_surer_mask_counts():
    sure = crop_mask(disc(128, 128), region())
    unsure = crop_mask(np.full((SIDE, SIDE), -3, np.float32), region())
    one, other = picture_mask([sure, unsure], SIZE), picture_mask([unsure, sure], SIZE)
    np.testing.assert_array_equal(one, other)
    assert (one[180, 320], one[180, 400]) == (255, 12)  # within the disc and beside it


@pytest.mark.parametrize("x_px", [-400, 0, 1, 15, 1300])
@pytest.mark.parametrize("size", [SIZE, Size(16, 16), Size(17, 400)])
def test_people_cut_by_the_border_and_outside_of_the_picture(x_px, size):
    place = region(x_px / size.width_px, 0.5, 150, 0.4, size)
    mask = picture_mask([crop_mask(np.full((SIDE, SIDE), 9, np.float32), place)], size)
    assert mask.shape == (size.height_px, size.width_px)
    assert (mask.max() > 250) == (0 <= x_px < size.width_px)


def test_no_mask_is_made_unless_it_is_asked_for(open_one, demo):
    times = StepTimes()
    assert open_one().track(demo.frames[0], FRAME_NS, times).mask is None
    assert "mask" not in times.ns


@pytest.fixture
def open_masking(model_cache):
    opened = []  # closed with each test: MediaPipe runs a thread of its own

    def open_(backend, model):
        if backend is Backend.MEDIAPIPE:
            pytest.importorskip("mediapipe")
        options = TrackerOptions(backend, model, 2, Smoothing.MEDIAPIPE, mask=True)
        opened.append(open_tracker(options, MODELS_DIR, model_cache))
        return opened[-1]

    yield open_
    for tracker in opened:
        tracker.close()


def test_masks_are_mediapipes(open_masking, demo):
    mine, reference = (open_masking(backend, PoseModel.LITE) for backend in Backend)
    for number, frame in enumerate(demo.frames[:12], start=1):
        times = StepTimes()
        ours = mine.track(frame, number * FRAME_NS, times)
        theirs = reference.track(frame, number * FRAME_NS).mask
        assert ours.mask.shape == theirs.shape == frame.shape[:2]
        assert overlap(ours.mask, theirs) > 0.995
        assert np.abs(ours.mask.astype(int) - theirs).mean() < 0.1
        assert times.ns["mask"] > 0


def test_the_mask_does_not_change_the_landmarks(open_one, open_masking, demo):
    with_mask, without = open_masking(Backend.LITERT, PoseModel.LITE), open_one()
    for number, frame in enumerate(demo.frames[:3], start=1):
        people = [tracker.track(frame, number * FRAME_NS).people for tracker in (with_mask, without)]
        np.testing.assert_array_equal(people[0][0].landmarks, people[1][0].landmarks)


def test_nobody_in_the_picture_gives_an_empty_mask(open_masking):
    for backend in Backend:
        mask = open_masking(backend, PoseModel.LITE).track(np.zeros((120, 160, 3), np.uint8), FRAME_NS).mask
        assert (mask.shape, mask.max()) == ((120, 160), 0)


@pytest.mark.parametrize("model", list(PoseModel))
def test_the_mask_of_an_independent_implementation(open_masking, model):
    picture = cv2.imread(str(SQUATS.with_name("pose.jpg")))
    if picture is None:
        pytest.skip(f"{SQUATS.parent} is not beside this checkout")
    expected = cv2.imread(str(SQUATS.with_name("pose_segmentation.png")))[..., 0]
    mask = open_masking(Backend.LITERT, model).track(picture, FRAME_NS).mask
    assert overlap(mask, expected) >= 0.94


def test_everybody_who_is_followed_is_in_the_mask_and_nobody_else(model_cache, demo):
    half = cv2.resize(demo.frames[0], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    two = np.hstack((half, half[:, ::-1]))
    options = TrackerOptions(model=PoseModel.LITE, people=2, mask=True)
    tracker = open_tracker(options, MODELS_DIR, model_cache)
    both = tracker.track(two, FRAME_NS)
    left = min(both.people, key=lambda person: person.landmarks[0, 0])
    tracker.lock_on(left.id)
    alone = tracker.track(two, 2 * FRAME_NS)
    tracker.close()
    assert len(both.people) == 2
    width = half.shape[1]
    assert overlap(both.mask[:, :width], both.mask[:, width:][:, ::-1]) > 0.9
    assert overlap(alone.mask[:, :width], both.mask[:, :width]) > 0.9
    assert (alone.mask[:, width:] > 127).mean() < 0.01 < (both.mask[:, width:] > 127).mean()
