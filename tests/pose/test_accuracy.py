"""The LiteRT backend against MediaPipe on the same frames: the promise is to be as accurate.

On x86-64 Linux the two agree to the last bit of float32; the bounds leave room for other processors.
"""

import numpy as np
import pytest
from desktop_pose.core.settings import Backend, PoseModel

from tests.pose.clips import DEMO, SQUATS, distances_percent, followed, load, only

CASES = [
    pytest.param((DEMO, PoseModel.FULL), id="demo-full"),
    pytest.param((DEMO, PoseModel.LITE), id="demo-lite"),
    pytest.param((SQUATS, PoseModel.FULL), id="squats-full"),
]


@pytest.fixture(scope="module", params=CASES)
def runs(request, open_one):
    path, model = request.param
    if not path.exists():
        pytest.skip(f"{path} is not beside this checkout")
    clip = load(path)
    reference = followed(open_one(Backend.MEDIAPIPE, model), clip)
    return clip, followed(open_one(Backend.LITERT, model), clip), reference


def test_the_same_frames_show_a_person(runs):
    _, mine, reference = runs
    assert [len(poses.people) for poses in mine] == [len(poses.people) for poses in reference]


def test_landmarks_lie_where_mediapipe_has_them(runs):
    clip, mine, reference = runs
    distances = distances_percent(mine, reference, clip.size)
    assert distances.mean() <= 0.15
    assert np.percentile(distances, 95) <= 0.5


def test_depth_visibility_and_presence_agree(runs):
    _, mine, reference = runs
    difference = np.abs(
        [only(a).landmarks[:, 2:] - only(b).landmarks[:, 2:] for a, b in zip(mine, reference, strict=True)]
    ).mean(axis=(0, 1))
    assert difference[0] <= 0.01
    assert difference[1] <= 0.02
    assert difference[2] <= 0.02


def test_world_landmarks_agree(runs):
    _, mine, reference = runs
    distances = [
        np.linalg.norm(only(a).world - only(b).world, axis=1) for a, b in zip(mine, reference, strict=True)
    ]
    assert np.mean(distances) <= 0.003
