"""The LiteRT backend against MediaPipe on the same frames: the promise is to be as accurate.

On x86-64 Linux the two agree to the last bit of float32; the bounds leave room for other processors.
"""

import json
from contextlib import closing

import cv2
import numpy as np
import pytest

from desktop_pose.core.settings import Backend, PoseModel
from tests.pose.clips import (
    DEMO,
    POSE2SIM,
    SQUATS,
    Clip,
    distances_percent,
    followed,
    load,
    only,
    pose2sim_clip,
)

LOSS = slice(40, 48)  # frames painted over, so that the person is lost and found again
ALL, FEW = slice(None), slice(24)  # frames of the clip; heavy is slow
CAM03, SEVERAL = "Demo_SinglePerson/videos/cam03.mp4", "Demo_MultiPerson/videos/cam01.mp4"
CASES = [
    pytest.param((DEMO, PoseModel.FULL, 2, ALL, None), id="demo-full"),
    pytest.param((DEMO, PoseModel.FULL, 1, FEW, None), id="demo-full-one-thread"),
    pytest.param((DEMO, PoseModel.LITE, 1, FEW, None), id="demo-lite-one-thread"),
    pytest.param((DEMO, PoseModel.LITE, 2, ALL, LOSS), id="demo-lite-with-a-loss"),
    pytest.param((DEMO, PoseModel.HEAVY, 2, FEW, None), id="demo-heavy"),
    pytest.param((SQUATS, PoseModel.FULL, 2, ALL, None), id="squats-full"),
    pytest.param((SQUATS, PoseModel.LITE, 1, FEW, None), id="squats-lite-one-thread"),
    pytest.param((CAM03, PoseModel.LITE, 2, FEW, None), id="cam03-lite"),
    pytest.param((CAM03, PoseModel.FULL, 1, FEW, None), id="cam03-full-one-thread"),
    pytest.param((SEVERAL, PoseModel.LITE, 2, FEW, None), id="one-of-several-lite"),
]


@pytest.fixture(scope="module", params=CASES)
def runs(request, open_one):
    path, model, threads, part, loss = request.param
    if path in (CAM03, SEVERAL):
        path = pose2sim_clip(path)
        if path is None:
            pytest.skip(f"pose2sim is not installed, and {POSE2SIM} does not say where it is unpacked")
    if not path.exists():
        pytest.skip(f"{path} is not beside this checkout")
    clip = Clip(load(path, most=part.stop).frames)
    if loss is not None:
        clip.frames[loss] = [np.zeros_like(frame) for frame in clip.frames[loss]]
    reference = followed(open_one(Backend.MEDIAPIPE, model), clip)
    return clip, followed(open_one(Backend.LITERT, model, threads=threads), clip), reference


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


ODD_PICTURES = {
    "turned to the left": np.rot90,
    "on the head": lambda frame: frame[::-1, ::-1],
    "aslant": lambda frame: cv2.warpAffine(
        frame, cv2.getRotationMatrix2D((360, 640), 35, 0.8), (720, 1280), borderMode=cv2.BORDER_REPLICATE
    ),
    "tiny": lambda frame: cv2.resize(frame, (54, 96), interpolation=cv2.INTER_AREA),
    "without legs": lambda frame: frame[:620],
    "legs alone": lambda frame: frame[560:],
    "half beyond the border": lambda frame: frame[:, :360],
    "in 4K": lambda frame: cv2.resize(frame, (2160, 3840)),
    "16 pixels": lambda frame: cv2.resize(frame, (16, 16)),
}


@pytest.mark.parametrize("name", ODD_PICTURES)
def test_people_in_odd_places_are_found_and_lost_as_mediapipe_does(name, open_one, demo):
    clip = Clip([np.ascontiguousarray(ODD_PICTURES[name](frame)) for frame in demo.frames[:4]])
    runs = []
    for backend in Backend:
        with closing(open_one(backend)) as tracker:
            runs.append(followed(tracker, clip))
    test_the_same_frames_show_a_person((clip, *runs))
    for mine, reference in pairs((clip, *runs)):
        np.testing.assert_allclose(mine.landmarks[:, :2], reference.landmarks[:, :2], atol=0.01)
        np.testing.assert_allclose(mine.world, reference.world, atol=0.03)


@pytest.mark.parametrize(
    ("turns", "back"),
    [(1, lambda x, y: (1 - y, x)), (2, lambda x, y: (1 - x, 1 - y)), (3, lambda x, y: (y, 1 - x))],
)
def test_a_turned_picture_shows_the_person_turned(turns, back, open_one, demo):
    frame = demo.frames[0]
    with closing(open_one()) as tracker:
        upright = only(tracker.track(frame, 0))
        tracker.reset()
        turned = only(tracker.track(np.ascontiguousarray(np.rot90(frame, turns)), 0))
    places = np.stack(back(turned.landmarks[:, 0], turned.landmarks[:, 1]), axis=1)
    np.testing.assert_allclose(places[11:], upright.landmarks[11:, :2], atol=0.03)


@pytest.fixture(scope="module")
def web_results():
    """What MediaPipe's own web runtime gave with full: the frames, pixels and metres."""
    paths = SQUATS, SQUATS.with_name("pose_squats.full.json"), SQUATS.with_name("pose_squats_3d.full.json")
    if not all(path.exists() for path in paths):
        pytest.skip(f"the web results are not beside this checkout, in {SQUATS.parent}")
    return load(paths[0]), *(np.array(json.loads(path.read_text("utf-8"))) for path in paths[1:])


def test_as_near_to_the_web_runtime_as_mediapipe_is(open_one, web_results):
    """Independent of both backends; its depth is not comparable."""
    clip, wanted_px, wanted_m = web_results
    to_px = np.array([clip.size.width_px, clip.size.height_px])
    scores = []
    for backend in (Backend.LITERT, Backend.MEDIAPIPE):
        with closing(open_one(backend, PoseModel.FULL)) as tracker:
            people = [only(poses) for poses in followed(tracker, clip)]
        apart_px = np.abs([person.landmarks[:, :2] * to_px for person in people] - wanted_px[..., :2])
        apart_m = np.abs([person.world for person in people] - wanted_m)
        scores.append([apart_px.mean(), apart_px.max(), apart_m.mean(), apart_m.max()])
    ours, theirs = np.array(scores)
    assert theirs[0] < 6  # else it is another clip, or another model
    assert (ours <= 1.05 * theirs).all()
