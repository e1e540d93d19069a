"""Several people in clips made from the demo clip, of whom it is known who is where."""

import dataclasses
from itertools import pairwise

import cv2
import numpy as np
import pytest

from desktop_pose.core.settings import Smoothing
from desktop_pose.pose.tracker import RoiTracker
from tests.pose.clips import FRAME_NS, POSE2SIM, Clip, followed, load, pose2sim_clip
from tests.pose.composing import Actor, composed, cut_out
from tests.pose.support import KeepsOpen

SIZE = (800, 640)
ACTOR = Actor(lambda _: 0.5, scale=1.3)
LEFT, RIGHT = (
    dataclasses.replace(ACTOR, x=lambda _: 0.25),
    dataclasses.replace(ACTOR, x=lambda _: 0.75, is_mirrored=True, start=20),
)


@pytest.fixture(scope="module")
def cutouts(networks, demo):
    return cut_out(RoiTracker(KeepsOpen(networks), Smoothing.OFF), Clip(demo.frames[:49]))


@pytest.fixture
def make_tracker(networks):
    def make(people, search_every=10):
        return RoiTracker(KeepsOpen(networks), Smoothing.MEDIAPIPE, people, search_every)

    return make


def walking(first, last, frames, **more):
    return dataclasses.replace(ACTOR, x=lambda number: first + (last - first) * number / (frames - 1), **more)


def away(actor, first, last):
    """`actor`, who is not in the picture from frame `first` to `last`."""
    return dataclasses.replace(actor, x=lambda number: None if first <= number <= last else actor.x(number))


def who(poses, actors, number):
    """The actor next to whose hips each person's are, by id."""
    found = {}
    for person in poses.people:
        hips = person.landmarks[23:25, :2].mean(axis=0)
        distances = [
            np.inf if actor.x(number) is None else np.hypot(*(hips - (actor.x(number), actor.y)))
            for actor in actors
        ]
        found[person.id] = int(np.argmin(distances))
    return found


def seen(tracker, cutouts, actors, frames):
    """Who is who in each frame."""
    clip = composed(cutouts, actors, frames, SIZE)
    return [who(poses, actors, number) for number, poses in enumerate(followed(tracker, clip))]


def test_two_people_have_an_id_each_and_keep_it(make_tracker, cutouts):
    people = seen(make_tracker(2), cutouts, [LEFT, RIGHT], 15)
    assert people[0] in ({0: 0, 1: 1}, {0: 1, 1: 0})
    assert people == [people[0]] * 15


def test_three_people_are_all_found_and_none_twice(make_tracker, cutouts):
    crowd = [
        dataclasses.replace(ACTOR, x=lambda _: 0.17),
        dataclasses.replace(ACTOR, x=lambda _: 0.5, start=6, y=0.5),
        dataclasses.replace(ACTOR, x=lambda _: 0.83, start=12),
    ]
    people = seen(make_tracker(3, search_every=3), cutouts, crowd, 14)
    assert set(people[-1].values()) == {0, 1, 2}
    assert set(people[-1]) == {0, 1, 2}
    for before, after in pairwise(people):
        assert before.items() <= after.items()


def test_no_more_than_allowed_are_followed(make_tracker, cutouts):
    assert [len(people) for people in seen(make_tracker(1), cutouts, [LEFT, RIGHT], 12)] == [1] * 12


@pytest.mark.parametrize(
    "actors",
    [
        pytest.param(
            [
                walking(0.2, 0.8, 60, scale=1.1, y=0.5),
                walking(0.8, 0.2, 60, start=20, is_mirrored=True),
            ],
            id="both-walk",
        ),
        pytest.param(
            [
                walking(0.2, 0.8, 60),
                dataclasses.replace(ACTOR, x=lambda _: 0.5, start=20, is_mirrored=True),
            ],
            id="one-passes-behind-the-other",
        ),
    ],
)
def test_people_who_cross_keep_their_ids(make_tracker, cutouts, actors):
    people = seen(make_tracker(2), cutouts, actors, 60)
    assert len(people[0]) == 2
    assert people[-1] == people[0]
    assert set().union(*people) == set(people[0])


def test_somebody_who_leaves_and_comes_back_within_a_second_keeps_the_id(make_tracker, cutouts):
    people = seen(make_tracker(2), cutouts, [away(LEFT, 5, 20), RIGHT], 26)
    assert [len(frame) for frame in people] == [2] * 5 + [1] * 16 + [2] * 5
    assert people[-1] == people[0]


def test_two_who_leave_and_come_back_within_a_second_keep_their_ids(make_tracker, cutouts):
    people = seen(make_tracker(2), cutouts, [away(LEFT, 5, 14), away(RIGHT, 5, 14)], 22)
    assert people[5] == {}
    assert people[-1] == people[0]


def test_somebody_away_for_longer_is_new_and_no_id_is_used_again(make_tracker, cutouts):
    clip = composed(cutouts, [away(LEFT, 3, 8), RIGHT], 12, SIZE)
    tracker = make_tracker(2, search_every=1)
    times = [number * FRAME_NS if number < 8 else number * FRAME_NS + 10**9 for number in range(12)]
    results = [tracker.track(frame, time) for frame, time in zip(clip.frames, times, strict=True)]
    (gone,) = {person.id for person in results[0].people} - {person.id for person in results[4].people}
    assert {person.id for person in results[-1].people} == {1 - gone, 2}


def test_each_person_is_smoothed_apart(make_tracker, cutouts):
    alone, together = (
        followed(make_tracker(2), composed(cutouts, actors, 8, SIZE)) for actors in ([RIGHT], [LEFT, RIGHT])
    )
    (single,) = alone[-1].people
    twin = min(together[-1].people, key=lambda person: abs(person.landmarks[0, 0] - single.landmarks[0, 0]))
    np.testing.assert_allclose(twin.landmarks[:, :2], single.landmarks[:, :2], atol=0.02)
    for person in together[-1].people:
        away = np.abs(person.landmarks[:, :2] - person.raw_landmarks[:, :2])
        assert 0 < away.mean() < 0.02


def test_the_detector_runs_on_every_tenth_frame_while_somebody_is_missing(make_tracker, demo):
    clip = Clip([demo.frames[0]] * 22)
    ran = [number for number, poses in enumerate(followed(make_tracker(2), clip)) if poses.detector_ran]
    assert ran == [0, 10, 20]
    ran = [number for number, poses in enumerate(followed(make_tracker(2, 4), clip)) if poses.detector_ran]
    assert ran == [0, 4, 8, 12, 16, 20]


def test_the_detector_does_not_run_while_everybody_is_followed_and_at_once_for_who_is_lost(
    make_tracker, cutouts
):
    clip = composed(cutouts, [away(LEFT, 15, 99), RIGHT], 18, SIZE)
    ran = [number for number, poses in enumerate(followed(make_tracker(2), clip)) if poses.detector_ran]
    assert ran == [0, 16]


def test_the_detector_stays_ready_while_it_is_needed_now_and_then(networks, demo):
    keeps_open = KeepsOpen(networks)
    tracker = RoiTracker(keeps_open, Smoothing.OFF, people=2)
    for number in range(8):
        tracker.track(demo.frames[0], number * 10**9 // 2)
    assert keeps_open.rests == 0


def test_two_regions_on_one_person_become_one_and_the_older_id_stays(make_tracker, demo):
    (person,) = make_tracker(1).track(demo.frames[0], 0).people
    roi = person.next_roi
    shifted = dataclasses.replace(roi, centre_x_px=roi.centre_x_px + 20, size_px=1.1 * roi.size_px)
    twin = dataclasses.replace(person, id=1, next_roi=shifted)
    tracker = make_tracker(3)
    tracker.adopt((person, twin), first_free_id=2)
    people = [{one.id for one in poses.people} for poses in followed(tracker, Clip(demo.frames[:12]))]
    assert people[-1] == {0}


def test_everybody_is_handed_over(make_tracker, cutouts):
    clip = composed(cutouts, [LEFT, RIGHT], 6, SIZE)
    before = followed(make_tracker(2), clip)[-1].people
    tracker = make_tracker(2)
    tracker.adopt(before, first_free_id=2)
    poses = tracker.track(clip.frames[-1], FRAME_NS)
    assert poses.detector_ran is False
    assert [person.id for person in poses.people] == [0, 1]
    for person, former in zip(poses.people, before, strict=True):
        np.testing.assert_allclose(person.landmarks[:, :2], former.raw_landmarks[:, :2], atol=0.03)


def test_of_too_many_handed_over_the_first_or_the_locked_stay(make_tracker, cutouts):
    clip = composed(cutouts, [LEFT, RIGHT], 3, SIZE)
    before = followed(make_tracker(2), clip)[-1].people
    for locked_id, expected in ((None, 0), (1, 1)):
        tracker = make_tracker(1)
        tracker.adopt(before, first_free_id=2, locked_id=locked_id)
        assert [person.id for person in tracker.track(clip.frames[-1], FRAME_NS).people] == [expected]


def ids(poses):
    return [person.id for person in poses.people]


def test_only_the_one_locked_on_is_followed_until_the_lock_is_opened(make_tracker, cutouts):
    clip = composed(cutouts, [LEFT, RIGHT], 8, SIZE)
    tracker = make_tracker(2)
    results = [tracker.track(clip.frames[0], 0)]
    tracker.lock_on(1)
    results += [tracker.track(frame, (number + 1) * FRAME_NS) for number, frame in enumerate(clip.frames[:4])]
    tracker.lock_on(None)
    results += [tracker.track(frame, (number + 5) * FRAME_NS) for number, frame in enumerate(clip.frames[4:])]
    assert [ids(poses) for poses in results] == [[0, 1], *[[1]] * 4, *[[0, 1]] * 4]
    assert [poses.locked_id for poses in results] == [None, *[1] * 4, *[None] * 4]
    assert not any(poses.detector_ran for poses in results[1:5])


def test_a_lock_waits_where_its_person_was_and_takes_up_nobody_elsewhere(make_tracker, cutouts):
    actors = [away(LEFT, 4, 8), RIGHT]
    clip = composed(cutouts, actors, 16, SIZE)
    tracker = make_tracker(2)
    first = tracker.track(clip.frames[0], 0)
    (left_id,) = (person_id for person_id, actor in who(first, actors, 0).items() if actor == 0)
    tracker.lock_on(left_id)
    results = [tracker.track(frame, number * FRAME_NS) for number, frame in enumerate(clip.frames) if number]
    assert [ids(poses) for poses in results[:7]] == [[left_id]] * 3 + [[]] * 4
    assert all(poses.locked_id == left_id for poses in results)
    assert ids(results[-1]) == [left_id]


def test_after_a_second_the_lock_takes_up_whoever_is_found_there_as_somebody_new(make_tracker, cutouts):
    actors = [away(LEFT, 2, 3), RIGHT]
    clip = composed(cutouts, actors, 8, SIZE)
    tracker = make_tracker(2)
    first = tracker.track(clip.frames[0], 0)
    (left_id,) = (person_id for person_id, actor in who(first, actors, 0).items() if actor == 0)
    tracker.lock_on(left_id)
    for number in (1, 2, 3):
        tracker.track(clip.frames[number], number * FRAME_NS)
    for number in (4, 5, 6, 7):
        poses = tracker.track(clip.frames[number], 2 * 10**9 + number * FRAME_NS)
    assert ids(poses) == [2] == [poses.locked_id]
    assert who(poses, actors, 7) == {2: 0}


def test_somebody_unknown_cannot_be_locked_on(make_tracker, cutouts):
    clip = composed(cutouts, [LEFT, RIGHT], 2, SIZE)
    tracker = make_tracker(2)
    tracker.track(clip.frames[0], 0)
    tracker.lock_on(17)
    poses = tracker.track(clip.frames[1], FRAME_NS)
    assert (ids(poses), poses.locked_id) == ([0, 1], None)


def test_real_people_keep_their_ids_while_one_passes_behind_the_other(make_tracker):
    path = pose2sim_clip("Demo_MultiPerson/videos/cam01.mp4")
    if path is None:
        pytest.skip(f"pose2sim is not installed, and {POSE2SIM} does not say where it is unpacked")
    clip = load(path, most=100)
    small = Clip([cv2.resize(frame, None, fx=0.5, fy=0.5) for frame in clip.frames[::2]])
    results = followed(make_tracker(2), small)
    found = [poses for poses in results if len(poses.people) == 2]
    assert len(found) >= len(results) / 2
    assert {person.id for poses in results for person in poses.people} == {0, 1}
    # The woman in front stands on the right and lower in the picture than the man who balances.
    hips = [{person.id: person.landmarks[23:25, 1].mean() for person in poses.people} for poses in found]
    assert len({place[0] > place[1] for place in hips}) == 1
