import subprocess
import sys

import numpy as np
import pytest

from desktop_pose.core.frames import Size
from desktop_pose.core.topology import LANDMARK_NAMES, Side
from desktop_pose.render.placement import Placement
from desktop_pose.render.scene import CASING, COLOURS, build_scene, line_width_px
from tests.render.support import standing_person, with_landmarks

X, Y, VISIBILITY = 0, 1, 3
HD = Placement(Size(1280, 720), Size(1280, 720))


def lines_of(scene, colour):
    found = [lines.ends_px for lines in scene.lines if lines.colour == colour]
    return np.concatenate(found) if found else np.empty((0, 4))


def test_the_upper_arm_goes_from_shoulder_to_elbow_in_the_colour_of_its_side():
    scene = build_scene((standing_person(),), HD)

    left, right = lines_of(scene, COLOURS[Side.LEFT]), lines_of(scene, COLOURS[Side.RIGHT])

    # Shoulder 0.58 x 1280, 0.25 x 720; elbow 0.62, 0.36; the right side is its mirror image.
    assert any(np.allclose(ends, (742.4, 180.0, 793.6, 259.2), atol=0.01) for ends in left)
    assert any(np.allclose(ends, (537.6, 180.0, 486.4, 259.2), atol=0.01) for ends in right)


def test_shoulders_and_hips_are_joined_in_the_colour_of_the_middle():
    scene = build_scene((standing_person(),), HD)

    centre = lines_of(scene, COLOURS[Side.CENTRE])

    assert any(np.allclose(ends, (742.4, 180.0, 537.6, 180.0), atol=0.01) for ends in centre)
    assert any(np.allclose(ends, (704.0, 360.0, 576.0, 360.0), atol=0.01) for ends in centre)


def test_all_35_bones_and_33_landmarks_are_drawn_once_and_cased_once():
    scene = build_scene((standing_person(),), HD)

    assert sum(len(lines.ends_px) for lines in scene.lines if lines.colour != CASING) == 35
    assert sum(len(lines.ends_px) for lines in scene.lines if lines.colour == CASING) == 35
    assert sum(len(dots.centres_px) for dots in scene.dots if dots.colour != CASING) == 33
    assert sum(len(dots.centres_px) for dots in scene.dots if dots.colour == CASING) == 33


def test_the_casing_lies_below_and_is_wider():
    lines = build_scene((standing_person(),), HD).lines

    assert lines[0].colour == CASING
    assert all(line.width_px < lines[0].width_px for line in lines[1:])


@pytest.mark.parametrize(("visibility", "is_drawn"), [(0.05, False), (0.2, True), (0.5, True), (0.9, True)])
def test_a_landmark_that_cannot_be_seen_is_not_drawn(visibility, is_drawn):
    scene = build_scene((standing_person(visibility),), HD)

    assert bool(scene.lines) is is_drawn
    assert bool(scene.dots) is is_drawn


def test_less_visible_means_thinner_and_nearer_to_grey():
    def left_pen(visibility):
        scene = build_scene((standing_person(visibility),), HD)
        shoulder_px = (742.4, 180.0)
        return next(
            lines
            for lines in reversed(scene.lines)
            if any(np.allclose(ends[:2], shoulder_px) and ends[2] > 750 for ends in lines.ends_px)
        )

    def saturation(colour):
        return max(colour) - min(colour)

    faint, middle, full = left_pen(0.2), left_pen(0.5), left_pen(0.9)

    assert faint.width_px < middle.width_px < full.width_px
    assert saturation(faint.colour) < saturation(middle.colour) < saturation(full.colour)
    assert full.colour == COLOURS[Side.LEFT]


def test_a_bone_is_as_visible_as_its_less_visible_end():
    elbow = LANDMARK_NAMES.index("left_elbow")
    scene = build_scene((with_landmarks(standing_person(), {elbow: {VISIBILITY: 0.0}}),), HD)

    ends_px = np.concatenate([lines.ends_px for lines in scene.lines])

    assert not any(np.allclose(ends[2:], (793.6, 259.2), atol=0.01) for ends in ends_px)
    assert sum(len(lines.ends_px) for lines in scene.lines if lines.colour != CASING) == 33


@pytest.mark.parametrize("nonsense", [np.nan, np.inf, 1e9])
def test_nonsense_is_not_drawn(nonsense):
    wrist = LANDMARK_NAMES.index("left_wrist")
    scene = build_scene((with_landmarks(standing_person(), {wrist: {X: nonsense}}),), HD)

    assert all(np.isfinite(lines.ends_px).all() for lines in scene.lines)
    assert sum(len(dots.centres_px) for dots in scene.dots if dots.colour != CASING) == 32


def test_mirroring_moves_the_positions_and_keeps_the_sides():
    mirrored = build_scene(
        (standing_person(),), Placement(Size(1280, 720), Size(1280, 720), is_mirrored=True)
    )

    left = lines_of(mirrored, COLOURS[Side.LEFT])

    assert any(np.allclose(ends, (537.6, 180.0, 486.4, 259.2), atol=0.01) for ends in left)


def test_lines_grow_with_the_picture_but_never_become_hairs():
    assert line_width_px(Size(2560, 1440)) == pytest.approx(2 * line_width_px(Size(1280, 720)))
    assert line_width_px(Size(16, 9)) == 1.5


MS = 1_000_000


def lengths_px(lines):
    return np.hypot(*(lines.ends_px[:, 2:] - lines.ends_px[:, :2]).T)


@pytest.mark.parametrize("age_ms", [0, 33, 200, 250])
def test_who_was_looked_at_lately_is_drawn_whole(age_ms):
    fresh, scene = build_scene((standing_person(),), HD), build_scene((standing_person(),), HD, age_ms * MS)

    assert [len(lines.ends_px) for lines in scene.lines] == [len(lines.ends_px) for lines in fresh.lines]
    assert len(scene.dots) == len(fresh.dots)


def test_who_was_not_looked_at_for_long_is_drawn_with_dashes_on_a_whole_casing():
    fresh, aged = build_scene((standing_person(),), HD), build_scene((standing_person(),), HD, 900 * MS)

    for before, after in zip(fresh.lines, aged.lines, strict=True):
        assert (after.colour, after.width_px) == (before.colour, before.width_px)
        left = 1.0 if after.colour == CASING else 0.5
        assert lengths_px(after).sum() == pytest.approx(left * lengths_px(before).sum())
    # The upper arm: shoulder 742.4, 180.0, elbow 793.6, 259.2. No dash lies beside it or beyond its ends.
    arm = np.array((51.2, 79.2)) / np.hypot(51.2, 79.2)
    ends_px = lines_of(aged, COLOURS[Side.LEFT]).reshape(-1, 2) - (742.4, 180.0)
    along, beside = ends_px @ arm, ends_px @ (arm[1], -arm[0])
    on_arm = along[(np.abs(beside) < 0.01) & (along > 0) & (along < 94.4)]
    assert len(on_arm) == 2 * 6  # a dash each 5 widths of 3.4 pixels
    assert np.diff(np.sort(on_arm)) == pytest.approx(94.31 / 12, abs=0.1)


def test_dots_of_who_was_not_looked_at_for_long_are_rings():
    aged = build_scene((standing_person(),), HD, 900 * MS)

    discs = [dots for dots in aged.dots if dots.colour != CASING]
    holes = aged.dots[-len(discs) :]
    for disc, hole in zip(discs, holes, strict=True):
        assert hole.colour == CASING
        assert hole.diameter_px == pytest.approx(0.6 * disc.diameter_px)
        assert np.array_equal(hole.centres_px, disc.centres_px)


def test_people_age_bit_by_bit():
    def drawn(age_ms):
        scene = build_scene((standing_person(),), HD, age_ms * MS)
        return sum(lengths_px(lines).sum() for lines in scene.lines)

    drawn_px = [drawn(age_ms) for age_ms in (250, 251, 300, 400, 500, 1000)]

    assert drawn_px == sorted(drawn_px, reverse=True)
    assert drawn_px[1] == pytest.approx(drawn_px[0], rel=0.01)
    assert drawn_px[4] == pytest.approx(drawn_px[5])


def test_a_landmark_that_cannot_be_seen_is_not_drawn_with_age_either():
    scene = build_scene((standing_person(0.05),), HD, 900 * MS)

    assert (scene.lines, scene.dots) == ((), ())


def test_nobody_gives_an_empty_scene():
    scene = build_scene((), HD)

    assert (scene.lines, scene.dots) == ((), ())


# Viénot, Brettel and Mollon 1999, "Digital video colourmaps for checking the legibility of displays by
# dichromats": what remains of linear red, green and blue without long- or middle-wave cones. The third, for
# missing short-wave cones, is the projection of Brettel et al. 1997 along the same lines.
DICHROMATS = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "tritan": ((1.01277, 0.13548, -0.14826), (-0.01243, 0.86812, 0.14431), (0.07589, 0.80500, 0.11911)),
}


def linear(colour):
    share = np.array(colour) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("kind", DICHROMATS)
@pytest.mark.parametrize(
    ("one", "other"), [(Side.LEFT, Side.RIGHT), (Side.LEFT, Side.CENTRE), (Side.RIGHT, Side.CENTRE)]
)
def test_the_sides_differ_for_people_who_do_not_see_all_colours(kind, one, other):
    matrix = np.array(DICHROMATS[kind])
    seen = [np.clip(matrix @ linear(COLOURS[side]), 0, 1) ** (1 / 2.4) for side in (one, other)]

    assert np.abs(seen[0] - seen[1]).max() > 0.2


def test_the_colours_stand_out_from_their_casing():
    def luminance(colour):
        return float(linear(colour) @ (0.2126, 0.7152, 0.0722))

    for colour in COLOURS.values():
        assert (luminance(colour) + 0.05) / (luminance(CASING) + 0.05) > 4.5


def test_scene_and_placement_know_no_qt():
    code = "import sys, desktop_pose.render.scene; sys.exit(any('PySide6' in name for name in sys.modules))"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
