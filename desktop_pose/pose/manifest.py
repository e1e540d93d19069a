"""Reads the manifest of the shipped models and the files it names, and hands out nothing that does not match.

The manifest (`resources/models/manifest.json`) pins the SHA-256 of every shipped model, of what is left of a
landmark model when its mask head is taken out, and of the detector with its weights unpacked. Flipped bits in
weights load silently and a truncated file can crash the interpreter: only the hash protects.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_pose.core.errors import ModelError
from desktop_pose.pose.model_file import REINSTALL, ModelFile

SCHEMA = 1
DETECTOR = "detector"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model in the manifest.

    Attributes:
        file: Name of the file in the folder of the models.
        size_bytes: Its length.
        sha256: Its SHA-256, in lower-case hexadecimal digits.
        stripped_sha256: SHA-256 of its form without the mask head; None where it has none.
        dense_sha256: SHA-256 of its form with unpacked weights; None where that is not made.
        origin: Package, version and path it was taken from.
        licence: SPDX identifier of its licence.
    """

    file: str
    size_bytes: int
    sha256: str
    stripped_sha256: str | None
    dense_sha256: str | None
    origin: str
    licence: str


def read_manifest(models_dir: Path) -> dict[str, ModelEntry]:
    """The entries by name: `detector`, and the landmark models by `PoseModel.value`.

    Raises:
        ModelError: The manifest is missing or is not what this program ships.
    """
    path = models_dir / "manifest.json"
    try:
        document = json.loads(path.read_text("utf-8"))
        entries = {name: _entry(item) for name, item in document["models"].items()}
        schema = document["schema"]
    except OSError as error:
        raise ModelError(f"The list of models {path} cannot be read ({error.strerror})", REINSTALL) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"The list of models {path} is damaged ({error})", REINSTALL) from error
    if schema != SCHEMA:
        raise ModelError(f"The list of models {path} has the schema {schema!r}, not {SCHEMA}", REINSTALL)
    return entries


def _entry(item: dict[str, Any]) -> ModelEntry:
    stripped, dense = item["stripped_sha256"], item.get("dense_sha256")
    return ModelEntry(
        file=str(item["file"]),
        size_bytes=int(item["bytes"]),
        sha256=str(item["sha256"]),
        stripped_sha256=None if stripped is None else str(stripped),
        dense_sha256=None if dense is None else str(dense),
        origin=str(item["origin"]),
        licence=str(item["licence"]),
    )


def model_file(models_dir: Path, name: str) -> ModelFile:
    """The shipped model called `name`, as it was published; it is checked when it is read.

    Args:
        models_dir: Folder of the models and their manifest.
        name: `detector` or the value of a `PoseModel`.

    Raises:
        ModelError: The manifest is damaged or has no such entry.
    """
    entry = entry_of(models_dir, name)
    return ModelFile(models_dir / entry.file, entry.sha256)


def read_model(models_dir: Path, name: str) -> bytes:
    """The content of `model_file`.

    Raises:
        ModelError: The file is missing, unreadable or altered.
    """
    return model_file(models_dir, name).read()


def entry_of(models_dir: Path, name: str) -> ModelEntry:
    """The manifest's entry called `name`.

    Raises:
        ModelError: The manifest is damaged or has no such entry.
    """
    entry = read_manifest(models_dir).get(name)
    if entry is None:
        raise ModelError(f"The model {name} is not part of this installation", "Choose another model")
    return entry
