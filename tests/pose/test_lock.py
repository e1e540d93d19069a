from desktop_pose.core.poses import Roi
from desktop_pose.pose.lock import Lock


def at(x_px, size_px=100.0):
    return Roi(x_px, 0.0, size_px, 0.0)


def test_an_open_lock_takes_nobody_up():
    lock = Lock()
    assert lock.id is None
    assert lock.nearest([at(0)]) is None


def test_a_lock_takes_up_the_nearest_to_where_its_person_was_last():
    lock = Lock()
    lock.close(3, at(0))
    lock.hold({3: at(50)})
    assert lock.nearest([at(500), at(0), at(60)]) == 2
    assert lock.nearest([at(100.1)]) is None
    assert lock.nearest([at(50, size_px=300)]) is None
    assert lock.nearest([]) is None


def test_a_lock_stays_where_nobody_is_and_goes_over_to_whom_it_took_up():
    lock = Lock()
    lock.close(3, at(0))
    lock.hold({})
    assert lock.id == 3
    lock.hold({7: at(80)})
    assert lock.id == 7
    lock.open()
    assert lock.nearest([at(80)]) is None
