"""People who coincide, made of landmarks alone."""

import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_MS
from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Roi
from desktop_pose.pose.identity import Identities
from desktop_pose.pose.landmarks import DecodedPose
from desktop_pose.pose.merging import Merger
from desktop_pose.pose.roi import region_of_roi
from desktop_pose.pose.sighting import Sighting

SIZE = Size(1000, 1000)
FRAME_NS = 40 * NS_PER_MS
BODY = np.random.default_rng(1).random((33, 2)) * 100 - 50


def sighting(x_px, side_px=200.0):
    """Somebody whose hips are at x in the middle of the height."""
    landmarks = np.zeros((33, 5), np.float32)
    landmarks[:, :2] = np.add(BODY, (x_px, 500)) / 1000
    region = region_of_roi(Roi(x_px, 500, side_px, 0.0), SIZE)
    return Sighting(DecodedPose(landmarks, np.zeros((33, 3), np.float32), region, 1.0), region, SIZE)


class Scene:
    """Identities and a merger that hear of frame after frame."""

    def __init__(self):
        self.identities = Identities(people=4)
        self.merger = Merger(self.identities)
        self.frame = 0

    def show(self, **places):
        """Ids that remain of people at `places`, x by id as `p0`."""
        self.frame += 1
        time_ns = self.frame * FRAME_NS
        seen = {int(name[1:]): sighting(x_px) for name, x_px in places.items()}
        for person_id in sorted(seen):
            if self.identities.find(person_id) is None:
                self.identities.recognise([seen[person_id].place], time_ns, present=tuple(range(person_id)))
        self.merger.merge(seen, time_ns)
        self.identities.see({key: one.place for key, one in seen.items()}, time_ns)
        return sorted(seen)


@pytest.fixture
def scene():
    return Scene()


def test_people_apart_from_each_other_stay(scene):
    assert all(scene.show(p0=300, p1=340) == [0, 1] for _ in range(40))


def test_somebody_found_a_second_time_is_dropped_at_once(scene):
    for _ in range(30):
        scene.show(p0=300)
    assert scene.show(p0=300, p1=303) == [0]


def test_of_two_found_at_once_in_one_place_the_older_id_stays(scene):
    assert scene.show(p0=300, p1=302) == [0]


def walked(scene):
    """0 walks to the right, 1 to the left; they meet at 500."""
    for frame in range(30):
        scene.show(p0=200 + 10 * frame, p1=800 - 10 * frame)


@pytest.mark.parametrize(("direction", "stays"), [(10, 0), (-10, 1)])
def test_of_two_who_cross_the_one_who_goes_on_as_before_stays(scene, direction, stays):
    walked(scene)
    remaining = [scene.show(p0=500 + direction * frame, p1=502 + direction * frame) for frame in range(8)]
    assert remaining[0] == [0, 1]
    assert remaining[-1] == [stays]


def test_two_who_part_again_soon_both_stay(scene):
    walked(scene)
    for frame in range(4):
        assert scene.show(p0=500 + 2 * frame, p1=500) == [0, 1]
    for _ in range(30):
        assert scene.show(p0=600, p1=400) == [0, 1]


def test_a_forgetful_merger_starts_to_count_anew(scene):
    walked(scene)
    for _ in range(5):
        scene.show(p0=500, p1=502)
        scene.merger.forget()
    assert scene.show(p0=500, p1=502) == [0, 1]
