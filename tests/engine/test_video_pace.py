from desktop_pose.engine.video_pace import VideoPace

SECOND_NS = 1_000_000_000


def test_few_that_wait_change_nothing():
    pace = VideoPace()
    assert not any(pace.is_behind(waiting, 0) for waiting in range(10))


def test_each_change_gets_a_second_to_help():
    pace = VideoPace()
    assert pace.is_behind(10, 0)
    assert not pace.is_behind(29, SECOND_NS - 1)
    assert pace.is_behind(29, SECOND_NS)


def test_a_change_that_helps_is_not_followed_by_another():
    pace = VideoPace()
    assert pace.is_behind(20, 0)
    assert not pace.is_behind(19, 2 * SECOND_NS)
    assert pace.is_behind(20, 3 * SECOND_NS)
