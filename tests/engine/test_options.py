from desktop_pose.core.settings import Backend, PoseModel, Settings
from desktop_pose.engine.options import tracker_options, with_tracker_options


def test_what_a_tracker_is_made_for_can_be_put_back_into_the_settings():
    wished = Settings(threads=1, model=PoseModel.LITE, people=3, mask=True)
    assert with_tracker_options(Settings(threads=1), tracker_options(wished)) == wished


def test_mediapipe_takes_no_notice_of_the_threads_wished_for():
    wished = Settings(backend=Backend.MEDIAPIPE, people=2)
    assert tracker_options(wished).threads == 1
    assert with_tracker_options(wished, tracker_options(wished)).threads == wished.threads
