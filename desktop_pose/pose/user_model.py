"""Lets a landmark model of the user's own in: only after a trial in a process of its own.

What passed is kept in the cache, in both forms, under the SHA-256 of the user's file, and remembered there;
from then on it is loaded like a shipped model: only with the very content that was tried. It stays
*unverified*: that it runs says nothing about what it answers.
"""

import json
import logging
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_pose import __version__
from desktop_pose.core.errors import ModelError
from desktop_pose.core.own_command import own_command
from desktop_pose.core.settings import UNVERIFIED, PoseModel
from desktop_pose.core.whole_file import write_whole
from desktop_pose.pose.manifest import entry_of
from desktop_pose.pose.model_file import ModelFile, sha256_of
from desktop_pose.pose.models import PreparedModel, keep, prepare_detector

log = logging.getLogger(__name__)

TRIAL_COMMAND = "model-trial"
TRIAL_S = 10  # the heavy model takes 2.6 on two cores, the start of the process included
_MEMORY = "user-models.json"
_ANOTHER = "Choose another file"
_MOST_BYTES = 500_000_000
_WHOLE, _STRIPPED = "whole", "stripped"


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """What a landmark model is called where it is told what poses were found with.

    Attributes:
        name: The name of a shipped model, or `unverified`.
        sha256: SHA-256 of its file; None where the user's file has gone.
    """

    name: str
    sha256: str | None


def identity_of(model: PoseModel, own: Path | None, models_dir: Path) -> ModelIdentity:
    """What runs: the user's `own` model if given, else the shipped `model`.

    Raises:
        ModelError: The manifest of the models cannot be read.
    """
    if own is None:
        return ModelIdentity(model.value, entry_of(models_dir, model.value).sha256)
    try:
        return ModelIdentity(UNVERIFIED, sha256_of(own.read_bytes()))
    except OSError:
        return ModelIdentity(UNVERIFIED, None)


def prepare_user_model(
    own: Path,
    models_dir: Path,
    cache_dir: Path | None,
    *,
    keep_mask: bool = False,
    command: Sequence[str] | None = None,
) -> PreparedModel:
    """The user's model and the shipped detector, ready for the interpreter; tried first if it is not known.

    Args:
        own: A `.tflite` file or a `.task` bundle.
        models_dir: Folder of the shipped models and their manifest.
        cache_dir: Folder to keep models in that passed; None for no cache: it is then tried every time.
        keep_mask: Leave the mask head in.
        command: What starts this program; None for the way this process was started.

    Raises:
        ModelError: The file cannot be read or is refused, or the detector is missing or altered.
    """
    sha256 = sha256_of(_read(own))
    form = _WHOLE if keep_mask else _STRIPPED
    known = None if cache_dir is None else _remembered(cache_dir, sha256, form)
    landmarks = known or _passed(own, sha256, cache_dir, form, command or own_command())
    detector = prepare_detector(models_dir, cache_dir)
    return PreparedModel(detector, landmarks, has_mask=keep_mask, is_verified=False)


def _read(own: Path) -> bytes:
    try:
        if not stat.S_ISREG(own.stat().st_mode):
            raise ModelError(f"{own} is no file", _ANOTHER)
        if own.stat().st_size > _MOST_BYTES:
            raise _refused(own, "it is too large")
        return own.read_bytes()
    except OSError as error:
        raise ModelError(f"The model {own} cannot be read ({error.strerror})", _ANOTHER) from error


def _remembered(cache_dir: Path, sha256: str, form: str) -> ModelFile | None:
    """The form of a model that passed before; None where it is not known, or its file is not what it was."""
    pinned = _memory(cache_dir).get(sha256, {}).get(form)
    if pinned is None:
        return None
    kept = ModelFile(_place(cache_dir, sha256, form), pinned, _ANOTHER)
    try:
        kept.check()
    except ModelError as error:
        log.info("The model is tried again: %s", error.message)
        return None
    return kept


def _memory(cache_dir: Path) -> dict[str, dict[str, str]]:
    """What passed a trial of this version of the program: the SHA-256 of each form, by that of the file."""
    try:
        document = json.loads((cache_dir / _MEMORY).read_text("utf-8"))
        if document["program_version"] != __version__:
            return {}
        return {
            str(source): {form: str(forms[form]) for form in (_WHOLE, _STRIPPED)}
            for source, forms in document["passed"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _remember(cache_dir: Path, sha256: str, forms: dict[str, str]) -> None:
    document = {"program_version": __version__, "passed": _memory(cache_dir) | {sha256: forms}}
    try:
        write_whole(cache_dir / _MEMORY, json.dumps(document, indent=2).encode())
    except OSError as error:
        log.info("That a model passed cannot be remembered in %s: %s", cache_dir, error)


def _place(cache_dir: Path, sha256: str, form: str) -> Path:
    return cache_dir / f"own.{sha256[:16]}.{form}.tflite"


def _passed(
    own: Path, sha256: str, cache_dir: Path | None, form: str, command: Sequence[str]
) -> ModelFile | bytes:
    """The wanted form of the model in `own`, which passes a trial; kept and remembered if there is a cache.

    Raises:
        ModelError: It has not passed.
    """
    with tempfile.TemporaryDirectory(prefix="desktop-pose-trial-") as folder:
        verdict = _verdict(own, Path(folder), command)
        if verdict.get("source") != sha256:
            raise ModelError(f"The model {own} changed while it was tried", "Choose it again")
        forms = {name: str(verdict[name]) for name in (_WHOLE, _STRIPPED)}
        contents = {
            name: ModelFile(Path(folder) / f"{name}.tflite", pinned, _ANOTHER).read()
            for name, pinned in forms.items()
        }
    if cache_dir is None:
        return contents[form]
    places = {name: _place(cache_dir, sha256, name) for name in forms}
    if not all(keep(places[name], content) for name, content in contents.items()):
        return contents[form]
    _remember(cache_dir, sha256, forms)
    return ModelFile(places[form], forms[form], _ANOTHER)


def _verdict(own: Path, folder: Path, command: Sequence[str]) -> dict[str, str | None]:
    """What the trial in a child process says; its own end, whatever it is, is one of the answers.

    Raises:
        ModelError: The model is refused.
    """
    try:
        done = subprocess.run(
            [*command, TRIAL_COMMAND, str(own), str(folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=TRIAL_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _refused(own, f"its trial took more than {TRIAL_S} s") from error
    except OSError as error:
        raise ModelError(f"Models cannot be tried here ({error.strerror})", "Use a shipped one") from error
    try:
        verdict: dict[str, str | None] = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise _refused(own, "it crashes the interpreter") from error
    if done.returncode != 0:
        raise _refused(own, "it crashes the interpreter")
    if verdict["refusal"] is not None:
        raise _refused(own, verdict["refusal"])
    return verdict


def _refused(own: Path, reason: str) -> ModelError:
    return ModelError(f"The model {own.name} is refused: {reason}", _ANOTHER)
