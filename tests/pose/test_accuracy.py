"""The LiteRT backend against MediaPipe on the same frames: the promise is to be as accurate.

On x86-64 Linux the two agree to the last bit of float32; the bounds leave room for other processors.
"""

import numpy as np
import pytest

from desktop_pose.core.settings import Backend, PoseModel
from tests.pose.clips import DEMO, SQUATS, Clip, distances_percent, followed, load, only

LOSS = slice(40, 48)  # frames painted over, so that the person is lost and found again
ALL, FEW = slice(None), slice(24)  # frames of the clip; heavy is slow
CASES = [
    pytest.param((DEMO, PoseModel.FULL, ALL, None), id="demo-full"),
    pytest.param((DEMO, PoseModel.LITE, ALL, LOSS), id="demo-lite-with-a-loss"),
    pytest.param((DEMO, PoseModel.HEAVY, FEW, None), id="demo-heavy"),
    pytest.param((SQUATS, PoseModel.FULL, ALL, None), id="squats-full"),
]


@pytest.fixture(scope="module", params=CASES)
def runs(request, open_one):
    path, model, part, loss = request.param
    if not path.exists():
        pytest.skip(f"{path} is not beside this checkout")
    clip = Clip(load(path).frames[part])
    if loss is not None:
        clip.frames[loss] = [np.zeros_like(frame) for frame in clip.frames[loss]]
    reference = followed(open_one(Backend.MEDIAPIPE, model), clip)
    return clip, followed(open_one(Backend.LITERT, model), clip), reference


def pairs(runs):
    """The person as both backends saw it, in the frames where both saw one."""
    _, mine, reference = runs
    return [(only(a), only(b)) for a, b in zip(mine, reference, strict=True) if a.people and b.people]


def test_the_same_frames_show_a_person(runs):
    _, mine, reference = runs
    assert [len(poses.people) for poses in mine] == [len(poses.people) for poses in reference]


def test_landmarks_lie_where_mediapipe_has_them(runs):
    distances = distances_percent(pairs(runs), runs[0].size)
    assert distances.mean() <= 0.15
    assert np.percentile(distances, 95) <= 0.5


def test_depth_visibility_and_presence_agree(runs):
    difference = np.abs([a.landmarks[:, 2:] - b.landmarks[:, 2:] for a, b in pairs(runs)]).mean(axis=(0, 1))
    assert difference[0] <= 0.01
    assert difference[1] <= 0.02
    assert difference[2] <= 0.02


def test_world_landmarks_agree(runs):
    assert np.mean([np.linalg.norm(a.world - b.world, axis=1) for a, b in pairs(runs)]) <= 0.003
