import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop_pose.core.clock import NO_PROBE
from desktop_pose.core.errors import ModelError
from desktop_pose.core.settings import PoseModel, core_count
from desktop_pose.pose.litert import LiteRtNetworks
from desktop_pose.pose.manifest import entry_of, read_model
from desktop_pose.pose.model_file import ModelFile, sha256_of
from desktop_pose.pose.roi import WHOLE_PICTURE
from desktop_pose.pose.stripping import without_output
from desktop_pose.pose.trial import BUNDLED_NAME
from desktop_pose.pose.user_model import identity_of, prepare_user_model
from tests.pose.clips import MODELS_DIR

MUTANTS = 20  # benchmarks/model_mutants.py tries many more


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "mine.tflite"
    path.write_bytes(read_model(MODELS_DIR, "lite"))
    return path


@pytest.fixture(scope="module")
def cache_after_trial(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tried")
    (folder / "mine.tflite").write_bytes(read_model(MODELS_DIR, "lite"))
    prepare_user_model(folder / "mine.tflite", MODELS_DIR, folder / "cache")
    return folder / "cache"


@pytest.fixture
def cache(cache_after_trial, tmp_path):
    """A cache that remembers the trial of `own`'s content."""
    return shutil.copytree(cache_after_trial, tmp_path / "cache")


def content_of(prepared):
    return prepared.landmarks if isinstance(prepared.landmarks, bytes) else prepared.landmarks.read()


def child(tmp_path, program):
    """A command that runs `program` instead of a trial; `sys.argv[2:]` are the model and the folder."""
    path = tmp_path / "child.py"
    path.write_text(f"import sys, os, json, hashlib\n{program}\n")
    return [sys.executable, str(path)]


def test_what_passes_is_kept_and_not_tried_again(own, tmp_path):
    cache = tmp_path / "cache"
    prepared = prepare_user_model(own, MODELS_DIR, cache)
    assert not prepared.has_mask
    assert isinstance(prepared.landmarks, ModelFile)
    assert sha256_of(content_of(prepared)) == entry_of(MODELS_DIR, "lite").stripped_sha256
    no_child = child(tmp_path, "raise SystemExit(1)")
    assert prepare_user_model(own, MODELS_DIR, cache, command=no_child).landmarks == prepared.landmarks
    whole = prepare_user_model(own, MODELS_DIR, cache, command=no_child, keep_mask=True)
    assert whole.has_mask
    assert content_of(whole) == own.read_bytes()


def test_a_kept_model_that_was_altered_is_not_loaded_but_tried_again(own, cache, tmp_path):
    prepared = prepare_user_model(own, MODELS_DIR, cache)
    good = content_of(prepared)
    for altered in (good[:-1] + b"x", good[:1000], b""):
        prepared.landmarks.path.write_bytes(altered)
        with pytest.raises(ModelError, match="refused"):
            prepare_user_model(own, MODELS_DIR, cache, command=child(tmp_path, "raise SystemExit(1)"))
    with pytest.raises(ModelError, match="altered"):
        LiteRtNetworks(prepared, threads=1)


def test_an_altered_file_is_another_model(own, cache, tmp_path):
    own.write_bytes(own.read_bytes() + b"\0")
    with pytest.raises(ModelError, match="refused"):
        prepare_user_model(own, MODELS_DIR, cache, command=child(tmp_path, "raise SystemExit(1)"))


@pytest.mark.parametrize("memory", ["", "[]", "{}", '{"program_version": "0", "passed": {}}', "\0"])
def test_a_damaged_memory_means_another_trial(own, tmp_path, memory):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "user-models.json").write_text(memory)
    with pytest.raises(ModelError, match="refused"):
        prepare_user_model(own, MODELS_DIR, cache, command=child(tmp_path, "raise SystemExit(1)"))


def test_a_bundle_is_opened_and_a_cache_not_needed(own, tmp_path):
    bundle = tmp_path / "mine.task"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.write(own, BUNDLED_NAME)
        archive.writestr("pose_detector.tflite", b"not looked at")
    prepared = prepare_user_model(bundle, MODELS_DIR, None)
    assert sha256_of(content_of(prepared)) == entry_of(MODELS_DIR, "lite").stripped_sha256


def damaged(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def with_weights_that_are_no_numbers():
    content = bytearray(read_model(MODELS_DIR, "lite"))
    content[1_000_000:1_000_064] = b"\x7e" * 64  # float16 that are NaN
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("detector.tflite", lambda: read_model(MODELS_DIR, "detector"), "not (256, 256, 3)"),
        ("nomask.tflite", lambda: without_output(read_model(MODELS_DIR, "lite"), "Identity_2"), "is missing"),
        ("nan.tflite", with_weights_that_are_no_numbers, "is not finite"),
        ("truncated.tflite", lambda: read_model(MODELS_DIR, "lite")[:500_000], "LiteRT refuses"),
        ("text.tflite", lambda: b"this is no model", "LiteRT refuses"),
        ("empty.tflite", lambda: b"", "refuse"),
        ("bad.task", lambda: b"PK\5\6" + bytes(18), "in the bundle"),
    ],
)
def test_what_is_no_landmark_model_is_refused_with_the_reason(tmp_path, name, make, reason):
    with pytest.raises(ModelError) as caught:
        prepare_user_model(damaged(tmp_path, name, make()), MODELS_DIR, tmp_path / "cache")
    assert name in caught.value.message
    assert "refused" in caught.value.message
    assert reason in caught.value.message
    assert caught.value.hint == "Choose another file"
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("os.abort()", "crashes"),
        ("print('no verdict')", "crashes"),
        ("print('{}'); os.abort()", "crashes"),
        ("raise SystemExit(70)", "crashes"),
        ("print(json.dumps({'refusal': 'the output Identity is not finite'}))", "the output Identity is not"),
    ],
)
def test_however_the_child_ends_the_parent_goes_on(own, tmp_path, program, reason):
    with pytest.raises(ModelError, match=reason):
        prepare_user_model(own, MODELS_DIR, None, command=child(tmp_path, program))


def test_a_trial_is_given_ten_seconds(own, tmp_path, monkeypatch):
    run, given_s = subprocess.run, []

    def watched(*arguments, timeout, **more):
        given_s.append(timeout)
        return run(*arguments, timeout=timeout, **more)

    monkeypatch.setattr(subprocess, "run", watched)
    with pytest.raises(ModelError):
        prepare_user_model(own, MODELS_DIR, None, command=child(tmp_path, "print('no verdict')"))
    assert given_s == [10]


def test_a_trial_that_hangs_is_ended(own, tmp_path, monkeypatch):
    monkeypatch.setattr("desktop_pose.pose.user_model.TRIAL_S", 1)
    with pytest.raises(ModelError, match="more than 1 s"):
        prepare_user_model(own, MODELS_DIR, None, command=child(tmp_path, "import time; time.sleep(60)"))


def test_a_file_that_changes_during_the_trial_is_refused(own, tmp_path):
    program = "print(json.dumps({'refusal': None, 'source': '0', 'whole': '0', 'stripped': '0'}))"
    with pytest.raises(ModelError, match="changed"):
        prepare_user_model(own, MODELS_DIR, None, command=child(tmp_path, program))


def test_a_form_that_is_not_what_was_tried_is_refused(own, tmp_path):
    program = (
        "for form in ('whole', 'stripped'):\n"
        "    open(os.path.join(sys.argv[3], form + '.tflite'), 'wb').write(b'other')\n"
        "sha = hashlib.sha256(open(sys.argv[2], 'rb').read()).hexdigest()\n"
        "print(json.dumps({'refusal': None, 'source': sha, 'whole': '0', 'stripped': '0'}))"
    )
    with pytest.raises(ModelError, match="altered"):
        prepare_user_model(own, MODELS_DIR, None, command=child(tmp_path, program))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        prepare_user_model(tmp_path / "missing.tflite", MODELS_DIR, None)
    with pytest.raises(ModelError, match="no file"):
        prepare_user_model(tmp_path, MODELS_DIR, None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ModelError, match="no file"):
        prepare_user_model(tmp_path / "pipe", MODELS_DIR, None)


def test_what_runs_is_told_by_its_hash_and_marked_as_unverified(own):
    shipped = identity_of(PoseModel.LITE, None, MODELS_DIR)
    assert (shipped.name, shipped.sha256) == ("lite", entry_of(MODELS_DIR, "lite").sha256)
    mine = identity_of(PoseModel.LITE, own, MODELS_DIR)
    assert (mine.name, mine.sha256) == ("unverified", shipped.sha256)
    own.unlink()
    assert identity_of(PoseModel.LITE, own, MODELS_DIR).sha256 is None


def test_mutants_end_as_an_error_or_pass_and_never_crash_this_process(tmp_path, demo):
    """Bits flipped where the structure is, bits flipped anywhere, and truncations."""
    content, chance = read_model(MODELS_DIR, "lite"), random.Random(3)
    mutants = []
    for number in range(MUTANTS):
        mutant = bytearray(content)
        if number % 4 == 0:
            del mutant[chance.randrange(len(content)) :]
        else:
            # The structure stands at the end, from the graph's name on; the weights before.
            reach = len(content) if number % 4 == 1 else len(content) - content.rindex(b"main")
            mutant[-1 - chance.randrange(reach)] ^= 1 << chance.randrange(8)
        mutants.append(damaged(tmp_path, f"mutant-{number}.tflite", bytes(mutant)))
    with ThreadPoolExecutor(core_count()) as pool:  # most of the time is spent in the children
        passed = list(pool.map(lambda path: passes(path, demo.frames[0]), mutants))
    assert len(passed) == MUTANTS
    assert passed.count(False) >= MUTANTS / 4


def passes(path, frame):
    """Whether the model is let in; it is then used once, as by a tracker."""
    try:
        prepared = prepare_user_model(path, MODELS_DIR, None)
    except ModelError:
        return False
    opened = LiteRtNetworks(prepared, threads=2, is_detector_ready=False)
    opened.observe(frame, WHOLE_PICTURE, NO_PROBE)
    opened.close()
    return True


def test_the_memory_holds_hashes_and_nothing_of_the_user(own, cache):
    text = (cache / "user-models.json").read_text()
    (forms,) = json.loads(text)["passed"].values()
    assert set(forms) == {"whole", "stripped"}
    assert own.name not in text
