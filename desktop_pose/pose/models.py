"""Prepares the models of a tracker: verified, stripped of the mask head, and kept in a cache.

The slow part of opening a tracker (a tenth of a second), made to be run in the background. Everything that
leaves this module has a SHA-256 that stands in the manifest.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from desktop_pose.core.errors import ModelError
from desktop_pose.core.settings import PoseModel
from desktop_pose.core.whole_file import write_whole
from desktop_pose.pose.manifest import DETECTOR, ModelEntry, entry_of, read_model, sha256_of

log = logging.getLogger(__name__)

MASK_OUTPUT = "Identity_2"


@dataclass(frozen=True, slots=True, eq=False)
class PreparedModel:
    """Verified content for the interpreters of one tracker.

    Attributes:
        detector: Content of the detector.
        landmarks: Content of the landmark model, without its mask head unless `is_stripped` is False.
        is_stripped: Whether the mask head is gone.
    """

    detector: bytes
    landmarks: bytes
    is_stripped: bool


def prepare_model(model: PoseModel, models_dir: Path, cache_dir: Path | None) -> PreparedModel:
    """The content of `model` and of the detector, ready for the interpreter.

    Args:
        model: The landmark model.
        models_dir: Folder of the shipped models and their manifest.
        cache_dir: Folder to keep the stripped form in, made if missing; None for no cache. A cache that is
            damaged is made again, one that cannot be written is left out.

    Raises:
        ModelError: A model is missing, unreadable or altered.
    """
    detector = read_model(models_dir, DETECTOR)
    whole = read_model(models_dir, model.value)
    entry = entry_of(models_dir, model.value)
    stripped = _stripped(entry, whole, cache_dir)
    return PreparedModel(
        detector=detector,
        landmarks=whole if stripped is None else stripped,
        is_stripped=stripped is not None,
    )


def _stripped(entry: ModelEntry, whole: bytes, cache_dir: Path | None) -> bytes | None:
    """The pinned stripped form; None where it cannot be made here."""
    if entry.stripped_sha256 is None:
        return None
    path = (
        None
        if cache_dir is None
        else cache_dir / f"{Path(entry.file).stem}.{entry.stripped_sha256[:16]}.tflite"
    )
    if path is not None:
        cached = _read_cached(path, entry.stripped_sha256)
        if cached is not None:
            return cached
    stripped = _strip(whole)
    if sha256_of(stripped) != entry.stripped_sha256:
        # Another release of the flatbuffers schema may pack the same graph into other bytes.
        log.warning("The mask head of %s cannot be taken out here: poses will cost more", entry.file)
        return None
    if path is not None:
        _write_cached(path, stripped)
    return stripped


def _strip(whole: bytes) -> bytes:
    try:
        from desktop_pose.pose.stripping import without_output  # 0.2 s, not needed when the cache has it
    except ImportError as error:
        raise ModelError(
            f"LiteRT cannot be used here ({error})", "Install it with: pip install ai-edge-litert"
        ) from error
    return without_output(whole, MASK_OUTPUT)


def _read_cached(path: Path, sha256: str) -> bytes | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        log.info("The cached model %s cannot be read: %s", path, error)
        return None
    if sha256_of(content) != sha256:
        log.info("The cached model %s is damaged and is made again", path)
        return None
    return content


def _write_cached(path: Path, content: bytes) -> None:
    """Keep `content` in `path`; a cache that cannot be written is no failure."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        log.info("The stripped model cannot be kept in %s: %s", path.parent, error)
