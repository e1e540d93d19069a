import numpy as np
import pytest

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.errors import InputError
from desktop_pose.core.settings import Backend, PoseModel
from desktop_pose.core.skip import Skip
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import TrackerOptions
from tests.pose.clips import FRAME_NS, MODELS_DIR, only
from tests.pose.test_input_check import BAD_FRAMES, BAD_TIMES

REST = 12
SKIPS = [Skip(5), Skip.parse("adaptive")]


@pytest.fixture(params=SKIPS, ids=str)
def skipping(request, model_cache):
    opened = open_tracker(TrackerOptions(model=PoseModel.LITE, skip=request.param), MODELS_DIR, model_cache)
    yield opened
    opened.close()


def test_bad_input_is_refused_on_a_frame_that_would_be_skipped(skipping, demo):
    last_ns = NS_PER_S
    skipped = [skipping.track(demo.frames[0], last_ns - (REST - n) * FRAME_NS) for n in range(1, REST + 1)]
    assert skipped[-1].reused
    frames = BAD_FRAMES | {
        "grey, as large": (demo.frames[0][..., 0], "1 channel"),
        "float, as large": (demo.frames[0].astype(np.float32), "float32"),
        "with alpha, as large": (np.dstack((demo.frames[0], demo.frames[0][..., :1])), "4 channels"),
    }
    for image, message in frames.values():
        with pytest.raises(InputError, match=message):
            skipping.track(image, last_ns + 1)
    for time_ns, message in BAD_TIMES.values():
        with pytest.raises(InputError, match=message):
            skipping.track(demo.frames[0], time_ns)
    assert only(skipping.track(demo.frames[0], last_ns + 1)).id == 0


def test_after_a_reset_time_may_begin_anew_however_far_back(skipping, demo):
    frames = [
        skipping.track(frame, 1000 * NS_PER_S + n * FRAME_NS) for n, frame in enumerate(demo.frames[:24])
    ]
    assert any(poses.reused for poses in frames[-2:])
    skipping.reset()
    poses = skipping.track(demo.frames[0], 0)
    assert not poses.reused
    assert only(poses).id == 1


def test_frames_skipped_count_until_the_next_search_for_more_people(model_cache, demo):
    tracker = open_tracker(
        TrackerOptions(model=PoseModel.LITE, people=2, skip=Skip(5)), MODELS_DIR, model_cache
    )
    ran = [tracker.track(demo.frames[0], (1 + n) * FRAME_NS).detector_ran for n in range(31)]
    tracker.close()
    assert [n for n, has_run in enumerate(ran) if has_run] == [0, 10, 20, 30]


def test_of_a_backend_that_does_not_say_it_is_not_said_whether_the_detector_ran(model_cache, demo):
    pytest.importorskip("mediapipe")
    tracker = open_tracker(
        TrackerOptions(Backend.MEDIAPIPE, PoseModel.LITE, skip=Skip(2)), MODELS_DIR, model_cache
    )
    ran = [tracker.track(demo.frames[0], (1 + n) * FRAME_NS).detector_ran for n in range(3)]
    tracker.close()
    assert ran == [None] * 3


def test_a_pose_is_carried_on_for_as_long_as_the_options_say(model_cache, demo):
    options = TrackerOptions(model=PoseModel.LITE, skip=Skip(None), max_age_ns=10 * FRAME_NS)
    tracker = open_tracker(options, MODELS_DIR, model_cache)
    reused = [tracker.track(demo.frames[0], (1 + n) * FRAME_NS).reused for n in range(60)]
    tracker.close()
    inferred = [n for n, is_reused in enumerate(reused) if not is_reused]
    assert set(np.diff(inferred[-4:]).tolist()) == {10}
