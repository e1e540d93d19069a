import random
import sys
from pathlib import Path

import pytest

from desktop_pose.core.errors import ModelError
from desktop_pose.pose.manifest import DETECTOR, entry_of, model_file
from desktop_pose.pose.model_file import ModelFile, sha256_of
from tests.pose.clips import MODELS_DIR

CONTENT = b"TFL3" + bytes(range(256)) * 2000  # longer than one piece that is hashed


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(CONTENT)
    return ModelFile(path, sha256_of(CONTENT), remedy="Choose another file")


def loaded(source):
    if "model_content" in source:
        return source["model_content"]
    return Path(source["model_path"]).read_bytes()


def test_the_hash_is_that_of_the_standard():
    assert sha256_of(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_is_as_it_must_be_is_handed_out(file):
    file.check()
    assert file.read() == CONTENT
    with file.loadable() as source:
        assert loaded(source) == CONTENT


@pytest.mark.skipif(sys.platform != "linux", reason="open files have a path of this form on Linux")
def test_the_file_itself_is_handed_to_the_interpreter_which_maps_it(file):
    with file.loadable() as source:
        assert set(source) == {"model_path"}
        assert Path(source["model_path"]).samefile(file.path)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_what_takes_its_place_after_the_check_is_not_loaded(file, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"other")
    with file.loadable() as source:
        other.replace(file.path)
        assert loaded(source) == CONTENT


def test_without_names_for_open_files_the_content_is_handed_on(file, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with file.loadable() as source:
        assert source == {"model_content": CONTENT}


@pytest.mark.parametrize("use", ["check", "read", "loadable"])
def test_a_missing_file_and_an_altered_one_are_refused_with_the_remedy(file, use):
    def used():
        result = getattr(file, use)()
        if use == "loadable":
            with result:
                pytest.fail("it was handed out")

    file.path.write_bytes(CONTENT[:-1])
    with pytest.raises(ModelError, match="damaged or was altered") as caught:
        used()
    assert caught.value.hint == "Choose another file"
    file.path.unlink()
    with pytest.raises(ModelError, match="is missing"):
        used()


def test_a_folder_is_no_model(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        ModelFile(tmp_path, "0").check()


@pytest.mark.parametrize("name", [DETECTOR, "lite"])
def test_no_mutant_of_a_shipped_model_passes(name, tmp_path):
    content = model_file(MODELS_DIR, name).read()
    mutant = ModelFile(tmp_path / "mutant.tflite", entry_of(MODELS_DIR, name).sha256)
    chance = random.Random(1)
    for number in range(20):
        altered = bytearray(content)
        if number % 2:
            altered[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        else:
            del altered[chance.randrange(len(content)) :]
        mutant.path.write_bytes(altered)
        with pytest.raises(ModelError, match="altered"):
            mutant.check()
