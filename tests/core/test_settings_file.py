"""The stored settings: round trip, damage, places that cannot be written."""

import json

import pytest

from desktop_pose.core.errors import SettingsError
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import PoseModel, RecordingKind, Settings
from desktop_pose.core.settings_file import load, save


def test_round_trip(tmp_path):
    path = tmp_path / "new/settings.json"
    settings = Settings(
        source="rtsp://camera/1", size=Size(640, 480), fps=25, model=PoseModel.LITE, mirror=False
    )
    save(path, settings)
    assert load(path).settings == settings
    assert load(path).problem is None
    assert [item.name for item in path.parent.iterdir()] == ["settings.json"]


def test_what_is_not_stored_stays_out(tmp_path):
    path = tmp_path / "settings.json"
    save(path, Settings(record=RecordingKind.VIDEO))
    assert "record" not in json.loads(path.read_text())["settings"]
    path.write_text(json.dumps({"schema": 1, "settings": {"record": "video"}}))
    assert load(path).settings.record is None


def test_missing_file_gives_defaults_without_complaint(tmp_path):
    stored = load(tmp_path / "settings.json")
    assert (stored.settings, stored.problem) == (Settings(), None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"schema": 2, "settings": {}}',
        b'{"schema": 1, "settings": []}',
        b'{"settings": {}}',
        b"[" * 100_000,
    ],
)
def test_damaged_file_is_kept_aside(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    stored = load(path)
    assert stored.settings == Settings()
    assert stored.problem is not None
    assert str(tmp_path / "settings.json.damaged") in stored.problem.hint
    assert (tmp_path / "settings.json.damaged").read_bytes() == content
    assert not path.exists()


def test_one_bad_value_costs_only_itself(tmp_path):
    path = tmp_path / "settings.json"
    values = {"model": "lite", "threads": 9999, "backend": None, "unknown": 1, "mirror": True}
    path.write_text(json.dumps({"schema": 1, "settings": values}))
    stored = load(path)
    assert stored.settings == Settings(model=PoseModel.LITE, mirror=True)
    assert stored.problem is not None
    assert "threads, backend" in stored.problem.message
    assert str(path) in stored.problem.hint
    assert path.exists()


def test_a_folder_that_no_system_can_have_is_refused_and_not_met_later(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"schema": 1, "settings": {"sessions_dir": "/data/a\\u0000b", "mirror": true}}')
    stored = load(path)
    assert stored.settings == Settings(mirror=True)
    assert "sessions_dir" in stored.problem.message


def test_unwritable_place_is_an_error_of_the_world(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="could not be stored"):
        save(tmp_path / "file/settings.json", Settings())


def test_failed_save_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "settings.json"
    save(path, Settings(model=PoseModel.LITE))
    monkeypatch.setattr(
        "pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(SettingsError, match="No space left"):
        save(path, Settings())
    assert load(path).settings.model is PoseModel.LITE
