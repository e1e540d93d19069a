import pytest

from desktop_pose.core.clock import NS_PER_MS, NS_PER_S
from desktop_pose.core.poses import Roi
from desktop_pose.pose.identity import Identities

FRAME_NS = 40 * NS_PER_MS


def at(x_px, size_px=100.0):
    return Roi(x_px, 0.0, size_px, 0.0)


def seen(identities, time_ns, *places):
    """Ids of people at `places`, each of whom had to be recognised."""
    ids = identities.recognise(places, time_ns)
    identities.see(dict(zip(ids, places, strict=True)), time_ns)
    return ids


def walked(identities, frames, *ways):
    """Let people walk along `ways`, x by the number of the frame, and return their ids and the time."""
    ids = seen(identities, 0, *(at(way(0)) for way in ways))
    for frame in range(1, frames):
        places = {person_id: at(way(frame)) for person_id, way in zip(ids, ways, strict=True)}
        identities.see(places, frame * FRAME_NS)
    return ids, (frames - 1) * FRAME_NS


def test_the_only_person_found_again_within_a_second_is_the_same_wherever_that_is():
    identities = Identities(people=1)
    assert seen(identities, 0, at(0)) == [0]
    assert seen(identities, NS_PER_S, at(900)) == [0]


@pytest.mark.parametrize("people", [1, 2])
def test_somebody_found_later_is_new(people):
    identities = Identities(people)
    seen(identities, 0, at(0))
    assert seen(identities, NS_PER_S + 1, at(0)) == [1]
    assert seen(identities, NS_PER_S + 2, at(0)) == [1]


def test_several_found_again_are_told_apart_by_place():
    identities = Identities(people=3)
    assert seen(identities, 0, at(0), at(300), at(600)) == [0, 1, 2]
    assert seen(identities, NS_PER_S // 2, at(590), at(20), at(310)) == [2, 0, 1]


def test_several_found_again_in_one_place_are_told_apart_by_size():
    identities = Identities(people=2)
    assert seen(identities, 0, at(0, size_px=100), at(0, size_px=200)) == [0, 1]
    assert seen(identities, NS_PER_S // 2, at(0, size_px=190), at(0, size_px=110)) == [1, 0]


def test_somebody_found_far_away_is_new_where_several_may_be_followed():
    identities = Identities(people=2)
    seen(identities, 0, at(0))
    assert seen(identities, FRAME_NS, at(150)) == [1]


def test_two_who_walk_past_each_other_unseen_are_known_on_the_other_side():
    identities = Identities(people=2)
    ids, time_ns = walked(identities, 30, lambda frame: 10 * frame, lambda frame: 700 - 10 * frame)
    # They were at 290 and 410, and are seen again 12 frames later, having passed each other.
    assert seen(identities, time_ns + 12 * FRAME_NS, at(290), at(410)) == [ids[1], ids[0]]


def test_a_motion_seen_while_somebody_is_close_does_not_count():
    identities = Identities(people=2)
    walked(identities, 30, lambda frame: 10 * frame, lambda frame: 900)
    for frame in range(30, 35):  # dragged along by somebody who walks the other way
        identities.see({0: at(290 - 10 * (frame - 30)), 1: at(295 - 10 * (frame - 30))}, frame * FRAME_NS)
    expected = identities.whoever_is(0).expected(40 * FRAME_NS)
    assert expected.centre_x_px == pytest.approx(400, abs=2)


def test_after_a_while_somebody_is_expected_only_where_seen_last():
    identities = Identities(people=2)
    walked(identities, 10, lambda frame: 10 * frame)
    assert identities.whoever_is(0).expected(20 * NS_PER_S) == at(90)


def test_those_present_are_nobody_who_is_found():
    identities = Identities(people=2)
    seen(identities, 0, at(0))
    assert identities.recognise([at(5)], FRAME_NS, present=(0,)) == [1]


def test_those_missing_are_named_the_last_seen_first_and_forgotten_after_a_second():
    identities = Identities(people=3)
    seen(identities, 0, at(0), at(300), at(600))
    identities.see({1: at(300)}, FRAME_NS)
    assert [known.id for known in identities.missing(2 * FRAME_NS, present=(0,))] == [1, 2]
    identities.see({1: at(300)}, 2 * FRAME_NS)
    assert [known.id for known in identities.missing(NS_PER_S + FRAME_NS + 1, present=())] == [1]
    assert identities.find(2) is None


def test_whoever_is_seen_after_forgetting_is_new():
    identities = Identities(people=1)
    seen(identities, 0, at(0))
    identities.forget()
    assert seen(identities, 1, at(0)) == [1]


def test_adopted_people_keep_their_numbers_and_newcomers_get_free_ones():
    identities = Identities(people=2)
    identities.adopt({4: at(0), 2: at(300)}, 9, time_ns=0)
    assert seen(identities, FRAME_NS, at(300), at(0)) == [2, 4]
    assert seen(identities, 20 * NS_PER_S, at(0)) == [9]


def test_numbers_given_before_adopting_nobody_are_not_given_again():
    identities = Identities(people=1)
    assert [seen(identities, number * 2 * NS_PER_S, at(0)) for number in range(3)] == [[0], [1], [2]]
    identities.adopt({}, 0, time_ns=0)
    assert seen(identities, 0, at(0)) == [3]


def test_somebody_missed_by_one_look_of_few_is_still_the_same():
    identities = Identities(people=1)
    assert seen(identities, 0, at(0)) == [0]
    identities.see({}, NS_PER_S)
    assert seen(identities, 2 * NS_PER_S, at(0)) == [0]
    identities.see({}, 3 * NS_PER_S)
    assert seen(identities, 4 * NS_PER_S + 1, at(0)) == [1]
