"""People, regions of interest, and the checks of their arrays."""

import numpy as np
import pytest

from desktop_pose.core.poses import FramePoses, Person, Roi


def person(**changed):
    values = {
        "id": 0,
        "landmarks": np.zeros((33, 5), np.float32),
        "world": np.zeros((33, 3), np.float32),
        "raw_landmarks": None,
        "raw_world": None,
        "score": 1.0,
    }
    return Person(**(values | changed))


def test_arrays_of_a_person_are_read_only():
    somebody = person(raw_landmarks=np.ones((33, 5), np.float32), raw_world=np.ones((33, 3), np.float32))
    for array in (somebody.landmarks, somebody.world, somebody.raw_landmarks, somebody.raw_world):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 2


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("landmarks", np.zeros((33, 3), np.float32)),
        ("landmarks", np.zeros((39, 5), np.float32)),
        ("world", np.zeros((33, 5), np.float32)),
        ("raw_landmarks", np.zeros((33, 5), np.float64)),
        ("raw_world", np.zeros((33,), np.float32)),
    ],
)
def test_array_of_another_form_is_refused(name, array):
    with pytest.raises(ValueError, match=f"^{name} has the shape"):
        person(**{name: array})


@pytest.mark.parametrize("size_px", [0, -1, float("nan")])
def test_region_without_area_is_refused(size_px):
    with pytest.raises(ValueError, match="positive size"):
        Roi(0, 0, size_px, 0)


def test_frame_poses_are_inferred_unless_told():
    poses = FramePoses((person(),))
    assert not poses.reused
    assert poses.detector_ran is None
