"""Skipping frames with several people and with a mask, and what a tracker does with people carried on."""

from dataclasses import replace

import numpy as np
import pytest

from desktop_pose.core.clock import NO_PROBE
from desktop_pose.core.poses import FramePoses, Person, Roi
from desktop_pose.core.settings import PoseModel, Smoothing
from desktop_pose.core.skip import Skip
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import TrackerOptions
from desktop_pose.pose.skipping import SkippingTracker, SkipPolicy
from desktop_pose.pose.tracker import RoiTracker
from tests.pose.clips import FRAME_NS, MODELS_DIR, only
from tests.pose.support import KeepsOpen
from tests.pose.test_skipping import noisy_copy

SIDE_PX = 200
ADAPTIVE = SkipPolicy()
ANYTHING_GOES = SkipPolicy(error_percent=100, mean_error_percent=100, calm_error_percent=100)


class Finds:
    """Finds people at the places it is told, look by look, x by the order of ids; the last ones stay."""

    def __init__(self, *looks, mask=None):
        self.looks, self.mask = list(looks), mask

    def track(self, image, time_ns, probe=NO_PROBE):
        places = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        people = tuple(person_at(number, x) for number, x in enumerate(places))
        return FramePoses(people, detector_ran=True, mask=self.mask)

    def carry(self, people, frames):
        """They stay where they are."""


def person_at(number, x):
    landmarks = np.full((33, 5), 0.9, np.float32)
    landmarks[:, 0], landmarks[:, 1] = x, np.linspace(0.1, 0.9, 33)
    world = np.full((33, 3), x, np.float32)
    return Person(number, landmarks, world, None, None, 0.9, Roi(SIDE_PX * x, 100, 160, 0))


def picture(*squares):
    """Black, with a white square from each of these columns on."""
    image = np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)
    for left in squares:
        image[90:110, left : left + 20] = 255
    return image


def tracked(tracker, images, start=1):
    return [tracker.track(image, (start + number) * FRAME_NS) for number, image in enumerate(images)]


def reused(tracker, images, start=1):
    return [poses.reused for poses in tracked(tracker, images, start)]


@pytest.mark.parametrize("moving", [0, 1])
def test_of_several_people_one_who_moves_is_enough_for_every_other_frame(moving):
    ways = np.arange(0.3, 0.7, 0.02)
    looks = [(x, 0.8) if moving == 0 else (0.2, x) for x in ways]
    assert reused(SkippingTracker(Finds(*looks), ANYTHING_GOES), [picture()] * 8)[2:] == [True, False] * 3


@pytest.mark.parametrize("moving", [0, 1])
def test_of_several_people_the_one_who_cannot_be_predicted_decides(moving):
    looks = [(x, 0.8) if moving == 0 else (0.2, x) for x in (0.3, 0.5, 0.3, 0.6, 0.4, 0.5, 0.3, 0.6)]
    assert not any(reused(SkippingTracker(Finds(*looks), ADAPTIVE), [picture()] * 8))


@pytest.mark.parametrize("square", [(44, 150), (40, 154)])
def test_a_change_where_any_of_several_people_is_calls_for_the_model(square):
    tracker = SkippingTracker(Finds((0.25, 0.8)), ADAPTIVE)
    assert reused(tracker, [picture(40, 150)] * 5)[2:] == [True] * 3
    assert reused(tracker, [picture(*square)], start=6) == [False]


def test_a_newcomer_is_not_at_rest_beside_somebody_who_is():
    tracker = SkippingTracker(Finds(*[(0.25,)] * 3, (0.25, 0.8)), ADAPTIVE)
    frames = tracked(tracker, [picture()] * 30)
    arrival = next(number for number, poses in enumerate(frames) if len(poses.people) == 2)
    assert not frames[arrival].reused
    assert [poses.reused for poses in frames[arrival - 5 : arrival]] == [True] * 5
    assert not all(poses.reused for poses in frames[arrival + 1 : arrival + 3])
    assert all(len(poses.people) == 2 for poses in frames[arrival:])


def test_a_mask_stays_with_the_people_it_was_made_of_until_the_next_look():
    mask = np.full((SIDE_PX, SIDE_PX), 7, np.uint8)
    frames = tracked(SkippingTracker(Finds((0.5,), mask=mask), SkipPolicy(3)), [picture()] * 3)
    assert [poses.reused for poses in frames] == [False, True, True]
    assert all(poses.mask is mask for poses in frames)


def test_the_detector_did_not_run_on_a_skipped_frame():
    frames = tracked(SkippingTracker(Finds((0.5,)), SkipPolicy(3)), [picture()] * 3)
    assert [poses.detector_ran for poses in frames] == [True, False, False]


@pytest.mark.parametrize(("is_steadying", "share"), [(True, 0.3), (False, 1.0)])
def test_landmarks_of_somebody_at_rest_are_weighed_with_those_of_before(is_steadying, share):
    still, nearly = (0.5,), (0.503,)
    tracker = SkippingTracker(Finds(still, still, nearly), SkipPolicy(is_steadying=is_steadying))
    frames = tracked(tracker, [picture()] * 9)
    look = next(poses for poses in frames[2:] if not poses.reused)
    person = only(look)
    assert person.landmarks[:, 0] == pytest.approx(0.5 + 0.003 * share, abs=1e-6)
    assert person.world[:, 0] == pytest.approx(0.5 + 0.003 * share, abs=1e-6)
    assert (person.landmarks[:, 3] == np.float32(0.9)).all()


def test_without_smoothing_nobody_is_steadied(demo, model_cache):
    random = np.random.default_rng(1)
    noisy = [noisy_copy(demo.frames[20], random) for _ in range(3)]
    options = TrackerOptions(model=PoseModel.LITE, smoothing=Smoothing.OFF, skip=Skip.parse("adaptive"))
    tracker = open_tracker(options, MODELS_DIR, model_cache)
    frames = tracked(tracker, [noisy[number % 3] for number in range(30)])
    tracker.close()
    assert sum(poses.reused for poses in frames) > 15  # somebody at rest
    for poses in frames:
        if not poses.reused:
            np.testing.assert_array_equal(only(poses).landmarks, only(poses).raw_landmarks)


class Watched(KeepsOpen):
    """The shared networks, which note where they look."""

    def __init__(self, networks):
        super().__init__(networks)
        self.regions = []
        self.observe = self._observed
        self._networks = networks

    def _observed(self, image, region, probe):
        self.regions.append(region)
        return self._networks.observe(image, region, probe)


def test_somebody_carried_on_is_looked_for_there_and_once_only(networks, demo):
    watched = Watched(networks)
    tracker = RoiTracker(watched, Smoothing.OFF)
    person = only(tracker.track(demo.frames[0], FRAME_NS))
    there = replace(person.next_roi, centre_x_px=person.next_roi.centre_x_px + 15, rotation_rad=0.1)
    tracker.carry((replace(person, next_roi=there),), 0)
    person = only(tracker.track(demo.frames[0], 2 * FRAME_NS))
    tracker.track(demo.frames[0], 3 * FRAME_NS)
    looked = [watched.regions[-2], watched.regions[-1]]
    size_px = demo.size.width_px
    assert float(looked[0].centre_x_norm) * size_px == pytest.approx(there.centre_x_px, abs=0.01)
    assert looked[0].rotation_rad == pytest.approx(0.1)
    assert float(looked[1].centre_x_norm) * size_px == pytest.approx(person.next_roi.centre_x_px, abs=0.01)
    assert abs(looked[1].rotation_rad - 0.1) > 1e-3
