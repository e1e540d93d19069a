"""The dialog with real jobs; what the jobs do is fake."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_pose.core.errors import ExportError, RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import PoseModel, RecordingKind
from desktop_pose.engine.exports import ExportOutcome, SessionExport
from desktop_pose.engine.jobs import Job
from desktop_pose.recording.about import SessionAbout
from desktop_pose.recording.catalogue import CatalogueEntry
from desktop_pose.recording.exporters import FORMATS, ExportOptions
from desktop_pose.recording.exporters.protocol import CHARTS, MOST_CHARTS
from desktop_pose.recording.session import SessionInfo, SessionState
from desktop_pose.ui.export_dialog import ExportDialog


def session(name, state, started, duration_s=None, title=""):
    path = Path("/s") / name
    info = SessionInfo(
        id=name,
        path=path,
        state=state,
        started=started,
        duration_s=duration_s,
        frame_count=0,
        size=Size(64, 48),
        kind=RecordingKind.LANDMARKS,
        source="fake",
        model=PoseModel.FULL,
        size_bytes=1000,
    )
    return CatalogueEntry(path, SessionAbout(title), info)


SESSIONS = (
    session("2026-11-21_14-03-22", SessionState.COMPLETE, "2026-11-21T14:03:22+01:00", 75.0, "Squats"),
    session("2026-11-20_09-00-00", SessionState.INTERRUPTED, "2026-11-20T09:00:00+01:00"),
    session("2026-11-19_09-00-00", SessionState.RECORDING, "2026-11-19T09:00:00+01:00"),
    CatalogueEntry(
        Path("/s/damaged"), SessionAbout("Lost"), problem=RecordingError("It is damaged", "Delete it")
    ),
)


def done(*files, problems=(), sessions=1, is_cancelled=False):
    return ExportOutcome(files, problems, sessions, is_cancelled)


class Desk:
    """A dialog, what it asked to be exported, and the work it is given for that."""

    def __init__(self, qtbot):
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        self.parent.show()
        self.jobs = []
        self.asked = []
        self.sessions = SESSIONS
        self.work = lambda progress: done(Path("/out.csv"))
        self.dialog = ExportDialog(self.parent, self._list, self._export)
        self.dialog.open_for()
        qtbot.waitUntil(lambda: self.dialog.session.count() == 2)

    def _list(self):
        return self._started(lambda progress: self.sessions)

    def _export(self, wanted, format_name, options):
        self.asked.append((wanted, format_name, options))
        return self._started(self.work)

    def _started(self, work):
        job = Job("test", work, self.parent)
        self.jobs.append(job)
        job.start()
        return job


@pytest.fixture
def desk(qtbot):
    made = Desk(qtbot)
    yield made
    for job in made.jobs:
        job.cancel()
        assert job.thread_.wait(5000)


def test_finished_sessions_are_offered_newest_first_with_title_length_and_state(desk):
    texts = [desk.dialog.session.itemText(row) for row in range(2)]

    assert texts[0].startswith("Squats – ")
    assert texts[0].endswith(", 1:15")
    assert "–" not in texts[1]
    assert texts[1].endswith(", interrupted")


def test_every_exporter_is_a_format(desk):
    box = desk.dialog.format

    assert [box.itemData(row) for row in range(box.count())] == list(FORMATS)


def test_the_proposed_file_is_named_after_session_and_format(desk):
    desk.dialog.session.setCurrentIndex(1)
    desk.dialog.format.setCurrentIndex(desk.dialog.format.findData("json"))

    assert desk.dialog.file.text() == str(Path.home() / "2026-11-20_09-00-00.json")


def test_what_is_chosen_is_exported(desk, qtbot):
    desk.dialog.file.setText("/somewhere/out.csv")
    desk.dialog.run.click()
    qtbot.waitUntil(lambda: desk.dialog.work.message.text() == "Saved as /out.csv")

    wanted = SessionExport(SESSIONS[0].path, Path("/somewhere/out.csv"))
    assert desk.asked == [((wanted,), "csv", ExportOptions())]


def test_progress_shows_and_the_export_can_be_cancelled(desk, qtbot):
    def work(progress):
        steps = 0
        while progress(steps % 100, 200):
            steps += 1
            threading.Event().wait(0.005)
        return done(sessions=0, is_cancelled=True)

    desk.work = work
    desk.dialog.run.click()
    qtbot.waitUntil(
        lambda: desk.dialog.work.progress.maximum() == 200 and desk.dialog.work.progress.value() > 3
    )
    assert not desk.dialog.run.isEnabled()
    assert not desk.dialog.file.isEnabled()

    desk.dialog.cancel.click()

    qtbot.waitUntil(lambda: desk.dialog.work.message.text() == "Cancelled; nothing was written.")
    assert desk.dialog.run.isEnabled()
    assert not desk.dialog.work.progress.isVisible()


def test_a_failure_says_why_and_what_to_do(desk, qtbot):
    problem = SESSIONS[0].path, ExportError("The disk is full", "Free some space")
    desk.work = lambda progress: done(problems=(problem,), sessions=0)
    desk.dialog.run.click()

    qtbot.waitUntil(lambda: desk.dialog.work.message.text() == "The disk is full. Free some space.")
    assert desk.dialog.run.isEnabled()


@pytest.mark.expects_error_log
def test_a_bug_is_called_one(desk, qtbot):
    def work(progress):
        raise RuntimeError("oops")

    desk.work = work
    desk.dialog.run.click()

    qtbot.waitUntil(lambda: "bug" in desk.dialog.work.message.text())
    assert desk.dialog.run.isEnabled()


def test_closing_the_dialog_lets_the_export_go_on(desk, qtbot):
    gate = threading.Event()
    desk.work = lambda progress: gate.wait(5) and done(Path("/out.csv"))
    desk.dialog.run.click()
    desk.dialog.reject()
    gate.set()
    qtbot.waitUntil(lambda: desk.dialog.work.message.text() == "Saved as /out.csv")

    assert not desk.dialog.isVisible()


def test_enter_exports_at_once(desk, qtbot):
    assert desk.dialog.focusWidget() is desk.dialog.session

    qtbot.keyClick(desk.dialog.focusWidget(), Qt.Key.Key_Return)

    assert [wanted[0].session for wanted, *_ in desk.asked] == [SESSIONS[0].path]


def test_the_session_being_recorded_is_told_of(desk):
    assert "being recorded" in desk.dialog.work.message.text()


def choose(dialog, format_name):
    dialog.format.setCurrentIndex(dialog.format.findData(format_name))


def test_a_sentence_says_what_a_format_is_good_for(desk):
    for name, each in FORMATS.items():
        choose(desk.dialog, name)
        assert desk.dialog.sentence.text() == f"{each.sentence}."
        assert desk.dialog.file.text().endswith(each.suffix)


def test_only_what_a_format_has_can_be_chosen(desk):
    for name, each in FORMATS.items():
        choose(desk.dialog, name)
        assert desk.dialog.rate.isEnabled() == each.has_constant_rate
        assert desk.dialog.angles.isEnabled() == each.shows_pictures
        assert desk.dialog.charts.isEnabled() == each.shows_pictures
        assert desk.dialog.raw.isEnabled()
        assert desk.dialog.people.isEnabled()


def test_options_are_handed_on(desk):
    choose(desk.dialog, "video")
    desk.dialog.rate.setValue(25)
    desk.dialog.people.setText("2, 0")
    desk.dialog.raw.setChecked(True)
    desk.dialog.angles.setChecked(True)
    desk.dialog.charts.choose(["knee_flexion", "trunk_lean"])
    assert desk.dialog.charts.text() == "Charts below the picture: knee flexion, trunk lean"
    desk.dialog.run.click()
    options = ExportOptions(
        raw=True, rate_hz=25, people=frozenset({0, 2}), angles=True, charts=("knee_flexion", "trunk_lean")
    )
    assert desk.asked[0][1:] == ("video", options)


def test_options_a_format_does_not_have_are_left_out(desk):
    choose(desk.dialog, "video")
    desk.dialog.rate.setValue(25)
    desk.dialog.angles.setChecked(True)
    choose(desk.dialog, "csv")
    desk.dialog.run.click()
    assert desk.asked[0][1:] == ("csv", ExportOptions())


def test_people_are_numbers(desk, qtbot):
    qtbot.keyClicks(desk.dialog.people, "0, x1,")
    assert desk.dialog.people.text() == "0, 1,"
    assert not desk.dialog.run.isEnabled()
    qtbot.keyClicks(desk.dialog.people, "3")
    assert desk.dialog.run.isEnabled()


def test_several_files_are_told_of(desk, qtbot):
    desk.work = lambda progress: done(Path("/a.person0.trc"), Path("/a.person1.trc"))
    desk.dialog.run.click()
    qtbot.waitUntil(lambda: "2 files, one a person" in desk.dialog.work.message.text())


def test_files_of_several_people_are_about_to_be_replaced(desk, tmp_path):
    (tmp_path / "x.person1.trc").touch()
    choose(desk.dialog, "trc")
    desk.dialog.file.setText(str(tmp_path / "x.trc"))
    assert desk.dialog.run.text() == "Replace the file"
    choose(desk.dialog, "c3d")
    desk.dialog.file.setText(str(tmp_path / "x.c3d"))
    assert desk.dialog.run.text() == "Export"


@pytest.mark.parametrize("place", [0, 1])
def test_the_session_it_was_opened_for_is_chosen(desk, qtbot, place):
    wanted = SESSIONS[place].path
    desk.dialog.open_for(Path(str(wanted)))  # the same path, and not the same object
    desk.dialog.session.clear()
    qtbot.waitUntil(lambda: desk.dialog.session.count() == 2)
    assert desk.dialog.session.currentData() == wanted
    assert desk.dialog.file.text() == str(Path.home() / f"{wanted.name}.csv")


@pytest.fixture
def several(desk, qtbot, tmp_path):
    """The dialog opened for two sessions, with a folder to write to."""
    desk.dialog.open_for(SESSIONS[0].path, SESSIONS[1].path)
    qtbot.waitUntil(lambda: desk.dialog.session.currentText().startswith("The 2 sessions"))
    desk.dialog.file.setText(str(tmp_path / "folder"))
    return desk


def test_several_sessions_go_into_a_folder_under_their_names(several, qtbot, tmp_path):
    choose(several.dialog, "json")
    assert several.dialog.file.text() == str(Path.home() / "Desktop Pose")
    assert several.dialog.file_label.text() == "F&older"
    several.dialog.file.setText(str(tmp_path))
    several.work = lambda progress: done(*(tmp_path / name for name in "ab"), sessions=2)
    several.dialog.run.click()
    qtbot.waitUntil(lambda: several.dialog.work.message.text() == f"2 sessions saved in {tmp_path}.")

    ((wanted, name, _),) = several.asked
    assert name == "json"
    assert [(each.session, each.out) for each in wanted] == [
        (info.path, tmp_path / f"{info.path.name}.json") for info in SESSIONS[:2]
    ]


def test_of_several_the_bad_ones_are_told_after_the_others(several, qtbot, tmp_path):
    problem = SESSIONS[1].path, ExportError("It is damaged", "Choose another one")
    several.work = lambda progress: done(tmp_path / "a", problems=(problem,))
    several.dialog.run.click()
    words = "\n".join(
        (
            f"1 session saved in {tmp_path}.",
            "1 failed:",
            "2026-11-20_09-00-00: It is damaged. Choose another one.",
        )
    )
    qtbot.waitUntil(lambda: several.dialog.work.message.text() == words)


def test_several_sessions_are_named(several):
    box = several.dialog.session
    assert box.currentText() == "The 2 sessions chosen: Squats, 2026-11-20_09-00-00"
    assert box.toolTip() == "Squats\n2026-11-20_09-00-00"
    box.setCurrentIndex(1)
    assert box.toolTip() == f"Squats\n{SESSIONS[0].path}"


def test_titles_of_any_length_leave_the_dialog_as_wide_as_it_is(desk, qtbot):
    width_px = desk.dialog.sizeHint().width()
    desk.sessions = [replace(each, about=SessionAbout("Squats " * 28)) for each in SESSIONS]
    desk.dialog.open_for()
    qtbot.waitUntil(lambda: desk.dialog.session.itemText(1).startswith("Squats"))
    assert desk.dialog.sizeHint().width() == width_px
    assert desk.dialog.session.itemText(0).endswith(", 1:15")


def test_one_of_the_list_can_be_chosen_instead_of_several(several):
    several.dialog.session.setCurrentIndex(2)
    assert several.dialog.file_label.text() == "&File"
    assert several.dialog.file.text().endswith("2026-11-20_09-00-00.csv")


def test_files_of_several_are_about_to_be_replaced(several, tmp_path):
    assert several.dialog.run.text() == "Export"
    (tmp_path / f"{SESSIONS[1].path.name}.csv").touch()
    several.dialog.file.setText(str(tmp_path))
    assert several.dialog.run.text() == "Replace the files"


def test_no_more_charts_than_fit_can_be_chosen(desk):
    choose(desk.dialog, "video")
    desk.dialog.charts.choose(CHARTS[:MOST_CHARTS])
    actions = desk.dialog.charts.menu().actions()[: len(CHARTS)]
    assert [action.isEnabled() for action in actions] == [True] * MOST_CHARTS + [False] * (
        len(CHARTS) - MOST_CHARTS
    )
    desk.dialog.charts.menu().actions()[-1].trigger()
    assert desk.dialog.charts.chosen == ()
