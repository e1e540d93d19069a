import numpy as np
import pytest

from desktop_pose.core.cadence import Cadence
from desktop_pose.core.clock import NO_PROBE, NS_PER_MS
from desktop_pose.core.poses import FramePoses, Person, Roi
from desktop_pose.core.settings import Smoothing
from desktop_pose.pose.protocol import MAX_AGE_NS
from desktop_pose.pose.skipping import SkippingTracker, SkipPolicy
from desktop_pose.pose.tracker import RoiTracker
from tests.pose.clips import FRAME_NS

SIZE_PX = 200
ADAPTIVE = SkipPolicy()


class Scripted:
    """A tracker that finds people where it is told; a white square in the picture shows that they moved."""

    def __init__(self, places):
        self.places = list(places)
        self.tracked_ns = []
        self.carried = []
        self.calls = []

    def track(self, image, time_ns, probe=NO_PROBE):
        self.tracked_ns.append(time_ns)
        place = self.places.pop(0) if len(self.places) > 1 else self.places[0]
        return FramePoses(() if place is None else (person_at(place),), detector_ran=False)

    def carry(self, people, frames):
        self.carried.append(people)

    def lock_on(self, person_id):
        self.calls.append(("lock_on", person_id))

    def adopt(self, people, first_free_id, locked_id=None):
        self.calls.append(("adopt", people, first_free_id, locked_id))

    def reset(self):
        self.calls.append(("reset",))

    def close(self):
        self.calls.append(("close",))


def person_at(x):
    landmarks = np.full((33, 5), 0.9, np.float32)
    landmarks[:, 0], landmarks[:, 1] = x, np.linspace(0.1, 0.9, 33)
    return Person(0, landmarks, np.zeros((33, 3), np.float32), None, None, 0.9, Roi(200 * x, 100, 160, 0))


def picture(square=None):
    image = np.zeros((SIZE_PX, SIZE_PX, 3), np.uint8)
    if square is not None:
        image[90:110, square : square + 20] = 255
    return image


def noisy_copy(frame, random):
    return np.clip(frame + random.normal(0, 2, frame.shape).astype(np.float32), 0, 255).astype(np.uint8)


class Borrowed:
    """Networks that stay open for other tests when a tracker closes them."""

    def __init__(self, networks):
        self.detect, self.observe = networks.detect, networks.observe
        self.rest_detector = networks.rest_detector

    def close(self):
        pass


def reused(tracker, images, start=1):
    return [tracker.track(image, (start + i) * FRAME_NS).reused for i, image in enumerate(images)]


@pytest.mark.parametrize("every", [1, 2, 3, 5])
def test_every_nth_frame_is_inferred(every):
    tracker = SkippingTracker(Scripted([0.5]), SkipPolicy(every))
    assert reused(tracker, [picture()] * 10) == [frame % every != 0 for frame in range(10)]


def test_the_age_of_people_counts_from_the_last_frame_that_the_model_looked_at():
    tracker = SkippingTracker(Scripted([0.5]), SkipPolicy(4))
    ages_ns = [tracker.track(picture(), frame * FRAME_NS).age_ns for frame in range(1, 8)]
    assert ages_ns == [frames * FRAME_NS for frames in (0, 1, 2, 3, 0, 1, 2)]


def test_somebody_at_rest_is_looked_at_five_times_a_second():
    inner = Scripted([0.5])
    reused(SkippingTracker(inner, ADAPTIVE), [picture(80)] * 91)
    gaps = np.diff(inner.tracked_ns[2:])
    assert (gaps >= MAX_AGE_NS).all()
    assert (gaps < MAX_AGE_NS + FRAME_NS).all()


def test_a_sudden_movement_is_inferred_on_its_frame():
    tracker = SkippingTracker(Scripted([0.5]), ADAPTIVE)
    at_rest = reused(tracker, [picture(80)] * 5)
    assert at_rest[-1]
    assert reused(tracker, [picture(84)], start=6) == [False]


def test_the_frame_after_somebody_at_rest_has_begun_to_move_is_inferred_as_well():
    tracker = SkippingTracker(Scripted([0.5, 0.5, 0.52, 0.54]), ADAPTIVE)
    at_rest = reused(tracker, [picture(80)] * 6)
    assert at_rest[2:] == [True] * 4
    assert reused(tracker, [picture(84)] * 2, start=7) == [False, False]


def test_a_flicker_that_moves_nobody_is_learned():
    inner = Scripted([0.5])
    tracker = SkippingTracker(inner, ADAPTIVE)
    flickering = [np.full((SIZE_PX, SIZE_PX, 3), 100 + 12 * (i % 2), np.uint8) for i in range(120)]
    inferred = [not is_reused for is_reused in reused(tracker, flickering)]
    assert sum(inferred[90:]) <= 6 < sum(inferred[:30])


def test_a_steady_movement_is_inferred_on_every_other_frame():
    inner = Scripted(np.arange(0.1, 0.8, 0.02))
    tracker = SkippingTracker(
        inner, SkipPolicy(error_percent=100, mean_error_percent=100, calm_error_percent=100)
    )
    assert reused(tracker, [picture(80)] * 8)[2:] == [True, False] * 3


def test_a_movement_that_cannot_be_predicted_is_inferred_throughout():
    inner = Scripted([0.3, 0.5, 0.3, 0.6, 0.2, 0.5, 0.3, 0.6, 0.3])
    assert not any(reused(SkippingTracker(inner, ADAPTIVE), [picture(80)] * 9))


def test_a_movement_is_inferred_throughout_while_it_is_fast_and_not_any_more_when_it_is_slow():
    fast, slow = np.arange(0.1, 0.9, 0.05), 0.9 - np.arange(0.01, 0.81, 0.01)
    tracker = SkippingTracker(Scripted([*fast, *slow]), ADAPTIVE)
    assert not any(reused(tracker, [picture(80)] * len(fast)))
    afterwards = reused(tracker, [picture(80)] * 60, start=1 + len(fast))
    assert not any(afterwards[:5])
    assert afterwards[-20:] in ([True, False] * 10, [False, True] * 10)


def test_one_leap_is_no_fast_movement():
    steps = np.full(60, 0.01)
    steps[40] = 0.3
    tracker = SkippingTracker(Scripted(0.05 + steps.cumsum()), ADAPTIVE)
    frames = "".join("skip" if is_reused else "look" for is_reused in reused(tracker, [picture(80)] * 100))
    assert frames.count("skiplooklooklookskip") == 1
    assert "look" * 4 not in frames.removeprefix("look" * 5)  # until it is known that the movement is slow


def test_a_fast_movement_that_slows_down_for_a_moment_is_inferred_throughout():
    fast = np.full(16, 0.05)
    turning_point = np.full(6, 0.01)
    ways = 0.1 + np.concatenate((fast, -turning_point, -fast)).cumsum()

    def inferred(**limits):
        tracker = SkippingTracker(Scripted(ways), SkipPolicy(mean_error_percent=2.0, **limits))
        return not any(reused(tracker, [picture(80)] * len(ways)))

    assert inferred(calm_error_percent=1.25)
    assert not inferred(calm_error_percent=2.0)  # without a calm that is calmer, it would not be


def test_people_carried_on_move_with_their_speed_and_so_does_where_they_are_looked_for():
    inner = Scripted([0.30, 0.31, 0.33])
    tracker = SkippingTracker(inner, SkipPolicy(2))
    found = [tracker.track(picture(), (1 + i) * FRAME_NS) for i in range(5)]
    assert [poses.reused for poses in found] == [False, True, False, True, False]
    assert found[3].people[0].landmarks[0, 0] > 0.31
    assert inner.carried[1][0].next_roi.centre_x_px > inner.carried[0][0].next_roi.centre_x_px
    assert found[3].people[0].raw_landmarks is None


def test_nobody_is_looked_for_five_times_a_second_and_when_something_moves():
    inner = Scripted([None])
    tracker = SkippingTracker(inner, ADAPTIVE)
    assert reused(tracker, [picture()] * 8) == [False, *[True] * 6, False]
    assert reused(tracker, [picture(60)], start=9) == [False]


@pytest.mark.parametrize("policy", [ADAPTIVE, SkipPolicy(10)])
@pytest.mark.parametrize(
    "interrupt",
    [
        lambda tracker: tracker.reset(),
        lambda tracker: tracker.lock_on(3),
        lambda tracker: tracker.adopt((), 4, None),
    ],
)
def test_what_is_asked_of_the_tracker_is_passed_on_and_takes_effect_at_once(policy, interrupt):
    inner = Scripted([0.5])
    tracker = SkippingTracker(inner, policy)
    reused(tracker, [picture(80)] * 4)
    interrupt(tracker)
    assert reused(tracker, [picture(80)], start=5) == [False]
    assert len(inner.calls) == 1
    tracker.close()
    assert inner.calls[-1] == ("close",)


def test_a_picture_of_another_size_is_inferred():
    tracker = SkippingTracker(Scripted([0.5]), SkipPolicy(10))
    reused(tracker, [picture()] * 2)
    assert reused(tracker, [np.zeros((100, 90, 3), np.uint8)], start=3) == [False]


def test_a_real_person_at_rest_costs_a_fifth_of_the_frames(networks, demo):
    random = np.random.default_rng(1)
    frame = demo.frames[20]
    noisy = [noisy_copy(frame, random) for _ in range(4)]

    tracker = SkippingTracker(RoiTracker(Borrowed(networks), Smoothing.MEDIAPIPE), ADAPTIVE)
    found = [tracker.track(noisy[i % 4], (1 + i) * 33 * NS_PER_MS) for i in range(90)]
    assert all(len(poses.people) == 1 for poses in found)
    assert sum(not poses.reused for poses in found[30:]) <= 12


def paced(inner, policy, interval_frames):
    pace = Cadence()
    pace.interval_ns = interval_frames * FRAME_NS
    return SkippingTracker(inner, policy, pace), pace


@pytest.mark.parametrize(
    ("every", "interval_frames", "expected"),
    [(1, 3, [0, 3, 6, 9]), (2, 3, [0, 3, 6, 9]), (4, 3, [0, 4, 8]), (1, 0, list(range(12)))],
)
def test_a_pace_holds_the_model_back_on_top_of_every_policy(every, interval_frames, expected):
    tracker, _ = paced(Scripted([0.5]), SkipPolicy(every), interval_frames)
    frames = reused(tracker, [picture(80)] * 12)
    assert [index for index, is_reused in enumerate(frames) if not is_reused] == expected


def test_a_pace_holds_the_adaptive_model_back_though_everything_moves():
    tracker, pace = paced(Scripted([0.1 * i for i in range(60)]), ADAPTIVE, 5)
    assert reused(tracker, [picture(80 + i) for i in range(11)]).count(False) == 3
    pace.interval_ns = 0
    assert reused(tracker, [picture(80 + i) for i in range(11)], start=12).count(False) >= 6


def test_without_a_pace_and_a_policy_the_tracker_is_left_to_itself():
    inner = Scripted([0.5])
    tracker, pace = paced(inner, SkipPolicy(1), 0)
    reused(tracker, [picture(80)] * 5)
    assert not inner.carried

    pace.interval_ns = 2 * FRAME_NS
    assert reused(tracker, [picture(80)] * 6, start=6).count(True) == 2
    carried = len(inner.carried)
    pace.interval_ns = 0
    assert reused(tracker, [picture(80)] * 3, start=12) == [False] * 3
    assert len(inner.carried) == carried + 1  # who was carried on is looked for where that was


@pytest.mark.parametrize("onset", [40, 70])
def test_a_real_sudden_movement_is_inferred_on_the_frame_that_shows_it_or_the_next(networks, demo, onset):
    random = np.random.default_rng(1)
    movement = [demo.frames[onset]] * 25 + demo.frames[onset : onset + 30 : 3]
    frames = [noisy_copy(frame, random) for frame in movement]

    def tracked(tracker):
        return [tracker.track(frame, (1 + i) * 33 * NS_PER_MS) for i, frame in enumerate(frames)]

    def every_frame():
        return RoiTracker(Borrowed(networks), Smoothing.MEDIAPIPE)

    truth = [poses.people[0] for poses in tracked(every_frame())]
    is_reused = [poses.reused for poses in tracked(SkippingTracker(every_frame(), ADAPTIVE))]
    height, width = frames[0].shape[:2]
    points = np.array([person.landmarks[:, :2] * (width, height) for person in truth])
    body_px = np.median(np.ptp(points[:, :, 1], axis=1))
    settled = 15
    seen, is_overdue, jumps = settled - 1, False, 0
    for i in range(settled, len(frames)):
        is_visible = truth[i].landmarks[:, 3] > 0.5
        moved_px = np.linalg.norm(points[i] - points[seen], axis=1)[is_visible].mean()
        has_moved = 100 * moved_px / body_px > 1
        assert not (is_overdue and is_reused[i])
        jumps += has_moved
        is_overdue = has_moved and is_reused[i]
        seen = seen if is_reused[i] else i
    assert jumps >= 5
    assert any(is_reused[settled:25])
