"""Settings: defaults, bounds, texts."""

import os
from pathlib import Path

import pytest

from desktop_pose.core import settings as module
from desktop_pose.core.errors import SettingsError
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import (
    DECLARATIONS,
    Backend,
    PoseModel,
    RecordingKind,
    Rotation,
    Settings,
    Smoothing,
    as_public_record,
    as_record,
    as_text,
    core_count,
    parse_size,
)
from desktop_pose.core.skip import Skip

POSIX = pytest.mark.skipif(os.name != "posix", reason="elsewhere such a name may be one")


def test_defaults_are_those_promised():
    settings = Settings()
    assert (settings.backend, settings.model) == (Backend.LITERT, PoseModel.FULL)
    assert settings.threads == (1 if core_count() == 1 else 2)
    assert settings.smoothing is Smoothing.MEDIAPIPE
    assert settings.rotate is Rotation.NONE
    assert (settings.source, settings.mirror, settings.record) == (None, None, None)


def test_changed_makes_another_value():
    settings = Settings()
    assert settings.changed(model=PoseModel.LITE).model is PoseModel.LITE
    assert settings.model is PoseModel.FULL


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("threads", 0),
        ("threads", core_count() + 1),
        ("threads", 1.0),
        ("threads", True),
        ("threads", None),
        ("model", "lite"),
        ("backend", None),
        ("fps", 0),
        ("mirror", 1),
        ("size", "640x480"),
    ],
)
def test_value_out_of_bounds_is_refused(key, value):
    with pytest.raises(SettingsError, match=f"is no value for {key}"):
        Settings().changed(**{key: value})


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("model", "lite", PoseModel.LITE),
        ("rotate", "270", Rotation.LEFT),
        ("record", "video", RecordingKind.VIDEO),
        ("size", "640X480", Size(640, 480)),
        ("skip", "adaptive", Skip(None)),
        ("skip", "3", Skip(3)),
        ("fps", "30", 30),
        ("mirror", "False", False),
        ("source", "3", "3"),
        ("sessions_dir", "~/sessions", "~/sessions"),
        ("cpu_budget", "25", 25),
        ("cpu_budget", "off", None),
    ],
)
def test_parse(key, text, value):
    assert DECLARATIONS[key].parse(text) == value


@pytest.mark.parametrize(
    ("key", "text", "remedy"),
    [
        ("model", "colossal", "lite, full, heavy"),
        ("smoothing", "gentle", "off, mediapipe, strong"),
        ("record", "audio", "landmarks, video, overlay"),
        ("threads", "0", f"from 1 to {core_count()}"),
        ("threads", "many", "whole number"),
        ("fps", "-1", "from 1 to 1000"),
        ("size", "0x480", "1280x720"),
        ("size", "640", "1280x720"),
        ("skip", "1", "off, adaptive or a number from 2 to 30"),
        ("mirror", "perhaps", "true or false"),
        ("cpu_budget", "4", f"Give off, or a whole number from 5 to {100 * core_count()}"),
        ("cpu_budget", "quiet", "Give off, or a whole number"),
        ("fps", "off", "from 1 to 1000"),
        ("sessions_dir", "/data/a\0b", "path of a file or folder"),
        ("sessions_dir", "", "path of a file or folder"),
        pytest.param("sessions_dir", "/data/\ud800", "path of a file or folder", marks=POSIX),
        pytest.param("model_file", "~nobody-of-this-name/own.task", "path of a file or folder", marks=POSIX),
    ],
)
def test_parse_refuses_with_a_remedy(key, text, remedy):
    with pytest.raises(SettingsError, match="is no value for") as caught:
        DECLARATIONS[key].parse(text)
    assert remedy in caught.value.hint


@pytest.mark.parametrize("key", DECLARATIONS)
def test_text_of_a_default_parses_back(key):
    declaration = DECLARATIONS[key]
    if declaration.default is not None:
        assert declaration.parse(str(as_text(declaration.default))) == declaration.default


def test_every_declaration_explains_itself():
    for declaration in DECLARATIONS.values():
        assert declaration.label
        assert declaration.help.endswith(".")
        assert declaration.remedy


def test_a_smoothing_is_called_what_people_call_it():
    words = [smoothing.in_words for smoothing in Smoothing]
    assert words == ["no smoothing", "MediaPipe's smoothing", "strong smoothing"]


def test_record_has_all_keys_in_json_types():
    record = as_record(Settings().changed(size=Size(640, 480), mirror=True))
    assert record.keys() == DECLARATIONS.keys()
    assert (record["size"], record["mirror"], record["model"]) == ("640x480", True, "full")
    assert record["source"] is None


@pytest.mark.parametrize("text", ["", "x", "1x", "1 x 2", "-1x2", "1.5x2", "1x2x3", "123456x1"])
def test_text_that_is_no_size(text):
    with pytest.raises(ValueError, match="WIDTHxHEIGHT"):
        parse_size(text)


def test_core_count_without_affinity(monkeypatch):
    monkeypatch.delattr(module.os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(module.os, "cpu_count", lambda: None)
    assert core_count() == 1


def test_what_others_may_see_has_no_password_in_it():
    settings = Settings(source="rtsp://me:secret@host/stream")
    assert as_record(settings)["source"] == "rtsp://me:secret@host/stream"
    assert as_public_record(settings) == as_record(settings) | {"source": "rtsp://host/stream"}
    assert as_public_record(Settings()) == as_record(Settings())


def test_what_is_given_to_others_names_a_model_of_the_users_own_without_its_folder():
    settings = Settings(model_file=str(Path("folder", "mine.tflite")))
    record = as_public_record(settings)
    assert (record["model"], record["model_file"]) == ("unverified", "mine.tflite")
    assert as_record(settings)["model"] == "full"
    assert not DECLARATIONS["model_file"].stored
