import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import FramePoses
from desktop_pose.render.labels import build_labels
from desktop_pose.render.placement import Placement
from tests.render.support import standing_person, with_landmarks

HD = Placement(Size(1280, 720), Size(1280, 720))
X, Y = 0, 1
WHOLE_BODY = range(33)


def moved(person, x=0.0, y=0.0):
    landmarks = person.landmarks
    return with_landmarks(
        person, {row: {X: landmarks[row, X] + x, Y: landmarks[row, Y] + y} for row in WHOLE_BODY}
    )


def test_the_id_stands_above_the_head():
    (label,) = build_labels(FramePoses((standing_person(),)), HD)
    # Nose at 0.15 of the height, shoulders at 0.25; in the middle of the picture.
    assert label.text == "0"
    assert label.x_px == pytest.approx(640)
    assert label.height_px / 2 <= label.y_px < 0.15 * 720 - 0.05 * 720


def test_beyond_the_head_of_somebody_lying_means_beside_it():
    person = standing_person()
    turned = person.landmarks.copy()
    lying = with_landmarks(person, {row: {X: 1 - turned[row, Y], Y: turned[row, X]} for row in WHOLE_BODY})
    (label,) = build_labels(FramePoses((lying,)), HD)
    assert label.x_px > 0.85 * 1280
    assert label.y_px == pytest.approx(360)


def test_a_mirrored_view_has_the_label_on_the_other_side():
    person = moved(standing_person(), x=0.2)
    mirrored = Placement(Size(1280, 720), Size(1280, 720), is_mirrored=True)
    (label,), (other,) = (build_labels(FramePoses((person,)), way) for way in (HD, mirrored))
    assert label.x_px == pytest.approx(0.7 * 1280, abs=1)
    assert other.x_px == pytest.approx(0.3 * 1280, abs=1)


@pytest.mark.parametrize(("x", "y"), [(0, -0.3), (-2, 0), (3, 3)])
def test_labels_stay_within_the_picture(x, y):
    placement = Placement(Size(1280, 720), Size(500, 500))
    (label,) = build_labels(FramePoses((moved(standing_person(), x, y),)), placement)
    top = placement.offset_px[1]
    assert label.height_px / 2 <= label.x_px <= 500 - label.height_px / 2
    assert top + label.height_px / 2 <= label.y_px <= top + placement.picture.height_px - label.height_px / 2


def test_only_the_one_locked_on_is_marked():
    people = (standing_person(), replace(standing_person(), id=12))
    labels = build_labels(FramePoses(people, locked_id=12), HD)
    assert [(label.text, label.is_locked) for label in labels] == [("0", False), ("12", True)]
    assert not any(label.is_locked for label in build_labels(FramePoses(people), HD))


def test_labels_grow_with_the_picture_but_stay_readable():
    poses = FramePoses((standing_person(),))
    (small,), (large,) = (
        build_labels(poses, Placement(Size(1280, 720), size)) for size in (Size(64, 36), Size(2560, 1440))
    )
    assert small.height_px == 16
    assert large.height_px > 40


def test_somebody_without_a_head_has_no_label():
    assert build_labels(FramePoses((with_landmarks(standing_person(), {0: {X: np.nan}}),)), HD) == ()


def test_labels_know_no_qt():
    code = "import sys, desktop_pose.render.labels; sys.exit(any('PySide6' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
