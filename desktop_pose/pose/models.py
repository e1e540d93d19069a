"""Prepares the models of a tracker: verified, in the form that runs best, kept in a cache.

Of a landmark model that is the form without its mask head, unless that is wanted, which takes pixels as they
are; of the detector the one with unpacked weights. They are made once: it takes 0.1 s.
Everything that leaves this module has a SHA-256 that stands in the manifest, and is checked again when it is
loaded.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop_pose.core.errors import ModelError
from desktop_pose.core.settings import PoseModel
from desktop_pose.core.whole_file import write_whole
from desktop_pose.pose.manifest import DETECTOR, ModelEntry, entry_of, model_file
from desktop_pose.pose.model_file import ModelFile, sha256_of
from desktop_pose.pose.preprocess import PIXEL_SCALE

log = logging.getLogger(__name__)

MASK_OUTPUT = "Identity_2"


@dataclass(frozen=True, slots=True, eq=False)
class PreparedModel:
    """Models for the interpreters of one tracker, each what its hash says.

    Attributes:
        detector: The detector.
        landmarks: The landmark model: a file, or its content where it could not be kept in one.
        has_mask: Whether the landmark model gives a mask.
        is_verified: Whether the landmark model is one of the manifest; any other may answer anything.
    """

    detector: ModelFile
    landmarks: ModelFile | bytes
    has_mask: bool
    is_verified: bool


def prepare_model(
    model: PoseModel, models_dir: Path, cache_dir: Path | None, *, keep_mask: bool = False
) -> PreparedModel:
    """`model` and the detector, ready for the interpreter.

    Args:
        model: The landmark model.
        models_dir: Folder of the shipped models and their manifest.
        cache_dir: Folder to keep the stripped form in, made if missing; None for no cache. A cache that is
            damaged is made again, one that cannot be written is left out.
        keep_mask: Leave the mask head in.

    Raises:
        ModelError: A model is missing, unreadable or altered.
    """
    detector, whole = prepare_detector(models_dir, cache_dir), model_file(models_dir, model.value)
    whole.check()
    stripped = None if keep_mask else _stripped(entry_of(models_dir, model.value), whole, cache_dir)
    return PreparedModel(
        detector=detector,
        landmarks=whole if stripped is None else stripped,
        has_mask=stripped is None,
        is_verified=True,
    )


def prepare_detector(models_dir: Path, cache_dir: Path | None) -> ModelFile:
    """The detector: with unpacked weights where there is a cache to keep that form in, else as it is shipped.

    Raises:
        ModelError: It is missing, unreadable or altered.
    """
    shipped = model_file(models_dir, DETECTOR)
    shipped.check()
    pinned = entry_of(models_dir, DETECTOR).dense_sha256
    if pinned is None or cache_dir is None:
        return shipped
    dense = _derived(shipped, pinned, cache_dir, _unpack)
    return dense if isinstance(dense, ModelFile) else shipped


def _stripped(entry: ModelEntry, whole: ModelFile, cache_dir: Path | None) -> ModelFile | bytes | None:
    """The pinned stripped form; None where it cannot be made here."""
    if entry.stripped_sha256 is None:
        return None
    return _derived(whole, entry.stripped_sha256, cache_dir, strip)


def _derived(
    shipped: ModelFile, pinned: str, cache_dir: Path | None, make: Callable[[bytes], bytes]
) -> ModelFile | bytes | None:
    """What `make` makes of a model, from the cache if it is there; None where that is not what is pinned."""
    cached = None
    if cache_dir is not None:
        cached = ModelFile(cache_dir / f"{shipped.path.stem}.{pinned[:16]}.tflite", pinned)
        if _is_intact(cached):
            return cached
    content = make(shipped.read())
    if sha256_of(content) != pinned:
        log.warning("%s cannot be put into its best form here: poses will cost more", shipped.path.name)
        return None
    return cached if cached is not None and keep(cached.path, content) else content


def _unpack(content: bytes) -> bytes:
    from desktop_pose.pose.unpacking import with_dense_weights  # not needed when the cache has it

    return with_dense_weights(content)


def strip(whole: bytes) -> bytes:
    """The landmark model `whole` without its mask head, given pixels as bytes if it can be."""
    from desktop_pose.pose.stripping import without_output  # as above

    return without_output(whole, MASK_OUTPUT, byte_scale=PIXEL_SCALE)


def _is_intact(cached: ModelFile) -> bool:
    try:
        cached.check()
    except ModelError as error:
        log.info("The cached model is made again: %s", error.message)
        return False
    return True


def keep(path: Path, content: bytes) -> bool:
    """Put `content` into the cache; False where it cannot be written, which is no failure."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        log.info("A model cannot be kept in %s: %s", path.parent, error)
        return False
    return True
