import pytest

from desktop_pose.core.clock import NS_PER_MS, NS_PER_S, monotonic_ns
from desktop_pose.core.poses import FramePoses
from desktop_pose.engine.metrics import WARM_UP_NS, Metrics
from tests.engine.support import make_person


def add_everything(metrics):
    metrics.add_displayed(monotonic_ns() - 5 * NS_PER_MS)
    metrics.add_stage("capture", NS_PER_MS)
    metrics.add_stages({"crop": NS_PER_MS, "landmarks": NS_PER_MS})
    metrics.add_render({"convert": NS_PER_MS, "render": NS_PER_MS}, 1)


def counted(metrics):
    meters = (metrics.latency, *(metrics.stages[name] for name in ("capture", "crop", "landmarks", "render")))
    return {meter.total() is not None for meter in meters}


def test_the_first_two_seconds_after_the_first_picture_do_not_count():
    metrics = Metrics()
    add_everything(metrics)
    assert metrics.first_displayed_ns is not None
    metrics.first_displayed_ns = monotonic_ns() - WARM_UP_NS + NS_PER_S
    add_everything(metrics)
    assert counted(metrics) == {False}
    metrics.first_displayed_ns = monotonic_ns() - 2 * NS_PER_S
    add_everything(metrics)
    assert counted(metrics) == {True}
    assert metrics.latency.total().p50_ms == pytest.approx(5, abs=5)


def test_frames_that_were_skipped_count_for_the_rate_and_as_frames_with_somebody():
    metrics = Metrics()
    for is_reused in (False, True, True):
        metrics.add_poses(FramePoses((make_person(),), is_reused, detector_ran=not is_reused))
    metrics.add_poses(FramePoses((), detector_ran=True))
    assert (metrics.frames_with_person, metrics.max_people, metrics.detector_runs) == (3, 1, 2)


def test_how_long_people_were_carried_on_is_told_and_not_how_long_nobody_was_seen():
    metrics = Metrics()
    for people, age_ms in (
        ((), 900),
        ((make_person(),), 0),
        ((make_person(),), 700),
        ((make_person(),), 400),
    ):
        metrics.add_poses(FramePoses(people, reused=age_ms > 0, age_ns=age_ms * NS_PER_MS))
    assert metrics.pose_age.recent(monotonic_ns()).max_ms == 700


def test_of_a_backend_that_does_not_say_it_is_not_known_how_often_the_detector_ran():
    metrics = Metrics()
    metrics.add_poses(FramePoses((make_person(),)))
    assert metrics.detector_runs is None
