"""Places follow the platform's conventions."""

import sys

import pytest

from desktop_pose.core import places


@pytest.mark.skipif(sys.platform != "linux", reason="XDG variables are Linux's")
def test_places_obey_the_xdg_variables(monkeypatch, tmp_path):
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    assert places.settings_file() == tmp_path / "config/desktop-pose/settings.json"
    assert places.cache_dir() == tmp_path / "cache/desktop-pose"
    assert places.sessions_dir() == tmp_path / "data/desktop-pose/sessions"
    assert places.log_file().is_relative_to(tmp_path / "state/desktop-pose")


def test_asking_for_a_place_makes_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    places.sessions_dir()
    assert list(tmp_path.iterdir()) == []


def test_the_nearest_folder_that_exists_is_the_place_itself_or_above_it(tmp_path):
    assert places.nearest_existing(tmp_path) == tmp_path
    assert places.nearest_existing(tmp_path / "not" / "yet") == tmp_path
