"""What the user chose in the window is stored; nothing else is."""

import pytest

from desktop_pose.app.stored import StoredChoices
from desktop_pose.core import settings_file
from desktop_pose.core.errors import SettingsError
from desktop_pose.core.settings import PoseModel, RecordingKind, Settings, Smoothing


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.json"


def test_choice_is_stored_and_the_command_line_is_not(path):
    in_force = Settings(source="demo", smoothing=Smoothing.OFF, record=RecordingKind.VIDEO)
    choices = StoredChoices(path, Settings(), in_force)
    choices.keep(in_force.changed(model=PoseModel.LITE))
    assert settings_file.load(path).settings == Settings(model=PoseModel.LITE)


def test_choice_over_what_the_command_line_said_is_stored(path):
    in_force = Settings(source="clip.mp4")
    choices = StoredChoices(path, Settings(source="demo"), in_force)
    choices.keep(in_force.changed(source="rtsp://camera/1"))
    assert settings_file.load(path).settings.source == "rtsp://camera/1"


def test_what_the_program_chose_is_not_stored(path):
    choices = StoredChoices(path, Settings(), Settings())
    choices.note_in_force(Settings(source="demo"))
    choices.keep(Settings(source="demo", mirror=True))
    assert settings_file.load(path).settings == Settings(mirror=True)


def test_choices_add_up(path):
    choices = StoredChoices(path, Settings(), Settings())
    choices.keep(Settings(mirror=True))
    choices.keep(Settings(mirror=True, model=PoseModel.LITE))
    choices.keep(Settings(mirror=None, model=PoseModel.LITE))
    assert settings_file.load(path).settings == Settings(model=PoseModel.LITE)


def test_nothing_changed_writes_nothing(path):
    choices = StoredChoices(path, Settings(), Settings(source="demo"))
    choices.keep(Settings(source="demo"))
    assert not path.exists()


def test_what_could_not_be_stored_is_stored_with_the_next_change(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file/settings.json"
    choices = StoredChoices(path, Settings(), Settings())
    with pytest.raises(SettingsError, match="could not be stored"):
        choices.keep(Settings(mirror=True))
    (tmp_path / "file").unlink()
    choices.keep(Settings(mirror=True, model=PoseModel.LITE))
    assert settings_file.load(path).settings == Settings(mirror=True, model=PoseModel.LITE)
