from desktop_pose.core.clock import NS_PER_S
from desktop_pose.pose.identity import Identity


def test_somebody_found_again_within_a_second_is_the_same():
    identity = Identity()
    assert identity.seen(0) == 0
    assert identity.seen(NS_PER_S) == 0


def test_somebody_found_later_is_new():
    identity = Identity()
    identity.seen(0)
    assert identity.seen(NS_PER_S + 1) == 1
    assert identity.seen(NS_PER_S + 2) == 1


def test_whoever_is_seen_after_forgetting_is_new():
    identity = Identity()
    identity.seen(0)
    identity.forget()
    assert identity.seen(1) == 1


def test_an_adopted_person_keeps_the_number_and_newcomers_get_free_ones():
    identity = Identity()
    identity.adopt(4, 9)
    assert identity.seen(10 * NS_PER_S) == 4
    assert identity.seen(20 * NS_PER_S) == 9


def test_numbers_given_before_adopting_nobody_are_not_given_again():
    identity = Identity()
    assert [identity.seen(number * 2 * NS_PER_S) for number in range(3)] == [0, 1, 2]
    identity.adopt(None, 0)
    assert identity.seen(0) == 3
