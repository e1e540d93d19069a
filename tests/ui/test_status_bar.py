import dataclasses

import pytest

from desktop_pose.core.frames import Size, SourceInfo, SourceKind
from desktop_pose.core.settings import RecordingKind
from desktop_pose.engine.flow import FlowSnapshot
from desktop_pose.engine.governor.book import BudgetStatus
from desktop_pose.engine.state import EngineState, RecordingStatus
from desktop_pose.engine.statistics import Rates, Statistics
from desktop_pose.ui.status_bar import StatusBar, drops_texts, people_texts

NO_FLOW = FlowSnapshot(**{field.name: 0 for field in dataclasses.fields(FlowSnapshot)})


def statistics(**flow):
    return Statistics(
        time_s=1.0,
        fps=Rates(29.97, 29.9, 29.8, 29.9),
        latency=None,
        stages_ms={},
        cpu=None,
        rss_mb=200.0,
        flow=dataclasses.replace(NO_FLOW, **flow),
        people=1,
    )


@pytest.fixture
def bar(qtbot, tmp_path):
    made = StatusBar(tmp_path / "not" / "made" / "yet")
    qtbot.addWidget(made)
    made.show()
    return made


def open_source(bar, kind):
    bar.show_state(EngineState.STARTING)
    bar.show_source(SourceInfo(kind, "Webcam", Size(1280, 720), 30.0))
    bar.show_state(EngineState.RUNNING)


def test_it_says_stopped(bar):
    open_source(bar, SourceKind.CAMERA)
    bar.show_state(EngineState.STOPPED)

    assert bar.source.text() == "Stopped"
    assert bar.camera.text() == "Camera off"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (SourceKind.CAMERA, "Camera in use"),
        (SourceKind.STREAM, "Stream open"),
        (SourceKind.FILE, "Camera off"),
        (SourceKind.DEMO, "Camera off"),
    ],
)
def test_the_light_tells_whether_a_camera_is_in_use(bar, kind, words):
    open_source(bar, kind)

    assert bar.camera.text() == words


def test_the_light_goes_out_while_the_camera_is_lost(bar):
    open_source(bar, SourceKind.CAMERA)
    bar.show_state(EngineState.RECONNECTING)
    assert bar.camera.text() == "Camera off"
    bar.show_state(EngineState.RUNNING)
    assert bar.camera.text() == "Camera in use"


def test_the_true_size_and_the_measured_rate(bar):
    open_source(bar, SourceKind.CAMERA)
    bar.show_statistics(statistics())

    assert bar.source.text() == "Webcam, 1280×720, 30.0/s"


@pytest.mark.parametrize(
    ("flow", "text"),
    [
        ({}, "No frames dropped"),
        ({"dropped_inference": 3}, "Dropped: inference 3"),
        ({"dropped_render": 1, "dropped_display": 2, "dropped_recorder": 4, "bad": 5},
         "Dropped: render 1, display 2, recorder 4, bad 5"),
    ],
)  # fmt: skip
def test_drops_are_told_by_cause(flow, text):
    assert drops_texts(dataclasses.replace(NO_FLOW, **flow))[0] == text


def test_the_recording_s_length_and_size(bar):
    assert bar.recording.text() == "Not recording"

    bar.show_recording(RecordingStatus(RecordingKind.VIDEO, "/sessions/one", 75.0, 12_300_000))

    assert bar.recording.text() == "1:15, 12.3 MB"
    assert bar.recording.toolTip() == "1:15, 12.3 MB\n/sessions/one"
    assert bar.recording_light.isVisible()


def test_free_disk_is_that_of_the_sessions(bar):
    assert bar.disk.text().endswith(" free")


BUDGET = BudgetStatus(
    asked_percent=50,
    used_percent=46.0,
    floor_percent=12.0,
    is_beyond_reach=False,
    what="model 9/s",
    why="full rate takes 83 %",
    is_limiting=True,
)


@pytest.fixture
def widen(bar, qtbot):
    """Shows all there can be in a line of so many pixels."""
    open_source(bar, SourceKind.CAMERA)
    drops = {"dropped_inference": 25, "dropped_render": 42, "dropped_display": 41}
    bar.show_statistics(dataclasses.replace(statistics(**drops), budget=BUDGET))

    def widen(width_px):
        bar.resize(width_px, bar.height())
        qtbot.waitUntil(lambda: bar.width() == width_px)
        bar.row.layout().activate()
        words = bar.row.words
        for each in words:
            if each.shown:
                assert bar.rect().contains(each.geometry().translated(bar.row.pos()))
                assert each.width() >= each.fontMetrics().horizontalAdvance(each.shown)
        return [each.shown for each in words]

    return widen


def test_all_is_said_where_there_is_room(bar, widen):
    assert widen(1400) == [each.text() for each in bar.row.words]
    assert bar.row.toolTip() == ""


def test_what_matters_least_goes_first(bar, widen):
    shown = widen(700)
    assert shown[:4] == ["Camera in use", "Webcam, 1280×720, 30.0/s", "CPU 46 of 50 %: model 9/s", "1 person"]
    assert "inference" not in "".join(shown)
    assert not bar.disk.isVisible()
    assert bar.disk.text() in bar.row.toolTip()
    assert widen(300)[1:3] == ["Webcam", "CPU 46 of 50 %"]
    assert bar.light.isVisible()


def test_a_recording_stays_where_its_absence_goes(bar, widen):
    widen(400)
    assert not bar.recording.isVisible()
    bar.show_recording(RecordingStatus(RecordingKind.VIDEO, "/sessions/one", 75.0, 12_300_000))
    assert widen(400)[-2] == "1:15"
    assert bar.recording_light.isVisible()


def test_a_long_name_is_cut_short_and_the_rest_is_not(bar, widen):
    bar.show_source(SourceInfo(SourceKind.FILE, "patient " * 40, Size(1280, 720), 30.0))
    bar.resize(700, bar.height())
    bar.row.layout().activate()

    claimed = [each for each in bar.row.words if each is not bar.source and each.shown]
    assert bar.budget in claimed
    for each in claimed:
        assert each.width() >= each.fontMetrics().horizontalAdvance(each.shown)
    assert 100 < bar.source.width() < bar.width() / 2
    assert bar.source.text() in bar.source.toolTip()


@pytest.mark.parametrize(
    ("change", "gist"),
    [
        ({"what": "model 4/s, picture 9/s, 26 frames/s decoded"}, "CPU 46 of 50 %: model 4/s"),
        ({"is_beyond_reach": True, "why": "50 % cannot be reached while recording"},
         "CPU 46 of 50 %: out of reach"),
    ],
)  # fmt: skip
def test_the_gist_of_the_budget_stays_in_the_smallest_window(bar, widen, change, gist):
    address = "http://127.0.0.1:41109/video.mjpg"
    bar.show_source(SourceInfo(SourceKind.STREAM, address, Size(1280, 720), 30.0))
    bar.show_recording(RecordingStatus(RecordingKind.VIDEO, "/sessions/one", 75.0, 12_300_000))
    bar.show_statistics(dataclasses.replace(statistics(), budget=dataclasses.replace(BUDGET, **change)))
    bar.resize(700, bar.height())
    bar.row.layout().activate()

    assert bar.budget.shown == gist
    assert bar.budget.elided(bar.budget.width()) == gist
    assert bar.recording.shown


def test_of_a_long_name_only_the_name_is_cut_short(bar, widen):
    widen(1400)
    bar.show_source(SourceInfo(SourceKind.FILE, "patient " * 10, Size(1280, 720), 30.0))
    elided = bar.source.elided(bar.source.claim_px(0))
    assert elided.startswith("pat")
    assert elided.endswith("nt , 1280×720")
    assert "…" in elided


@pytest.mark.parametrize(
    ("count", "locked_id", "text"),
    [
        (0, None, "Nobody"),
        (1, None, "1 person"),
        (3, None, "3 people"),
        (1, 2, "Locked on 2"),
        (0, 2, "Locked on 2, who is out of sight"),
    ],
)
def test_people_are_counted_and_the_lock_is_named(count, locked_id, text):
    assert people_texts(dataclasses.replace(statistics(), people=count, locked_id=locked_id))[0] == text


@pytest.mark.parametrize(
    ("count", "locked_id", "age_s", "texts"),
    [
        (1, None, 0.2, ("1 person", "")),
        (1, None, 0.97, ("1 person, seen up to 1.0 s ago", "1 person, 1.0 s ago", "")),
        (2, 1, 0.4, ("Locked on 1, seen up to 0.4 s ago", "Locked on 1, 0.4 s ago", "Locked on 1")),
        (0, None, 0.97, ("Nobody", "")),
    ],
)
def test_it_says_how_long_ago_people_were_seen_where_that_is_long(count, locked_id, age_s, texts):
    told = dataclasses.replace(statistics(), people=count, locked_id=locked_id, pose_age_s=age_s)
    assert people_texts(told) == texts


@pytest.mark.parametrize("state", [EngineState.STOPPED, EngineState.RECONNECTING])
def test_nobody_is_counted_while_nobody_can_be_seen(bar, state):
    open_source(bar, SourceKind.CAMERA)
    bar.show_statistics(statistics())
    assert bar.people.text() == "1 person"
    bar.show_state(state)
    bar.show_statistics(statistics())
    assert bar.people.text() == ""
