"""A model file with the SHA-256 it must have, and the way from there into an interpreter.

Nothing reaches an interpreter whose content was not hashed from the very file that is then loaded: the file
is opened once, hashed in pieces, and handed on by its descriptor, so that no other file can take its place
under the same name in between. The interpreter then maps it instead of copying it. Where a descriptor has no
name (Windows), the content that was hashed is handed on.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypedDict

from desktop_pose.core.errors import ModelError

REINSTALL = "Install desktop-pose again"
_PIECE_BYTES = 1 << 18


class InterpreterSource(TypedDict, total=False):
    """The arguments that tell an interpreter which model to load: one of the two."""

    model_path: str
    model_content: bytes


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file and what must be in it.

    Attributes:
        path: The file.
        sha256: SHA-256 of its content, in lower-case hexadecimal digits.
        remedy: What the user can do where it holds something else.
    """

    path: Path
    sha256: str
    remedy: str = REINSTALL

    def check(self) -> None:
        """Read the file through.

        Raises:
            ModelError: It is missing, unreadable or altered.
        """
        with self._open() as file:
            self._compare(_sha256_of_file(file))

    def read(self) -> bytes:
        """The content.

        Raises:
            ModelError: The file is missing, unreadable or altered.
        """
        with self._open() as file:
            content = file.read()
        self._compare(sha256_of(content))
        return content

    @contextmanager
    def loadable(self) -> Iterator[InterpreterSource]:
        """What to hand to an interpreter while the context lasts; the interpreter may map it for longer.

        Raises:
            ModelError: The file is missing, unreadable or altered.
        """
        with self._open() as file:
            name = _name_of_descriptor(file)
            if name is None:
                content = file.read()
                self._compare(sha256_of(content))
                yield {"model_content": content}
            else:
                self._compare(_sha256_of_file(file))
                yield {"model_path": name}

    @contextmanager
    def _open(self) -> Iterator[BinaryIO]:
        try:
            file = self.path.open("rb")
        except FileNotFoundError as error:
            raise ModelError(f"The model file {self.path} is missing", self.remedy) from error
        except OSError as error:
            raise self._unreadable(error) from error
        with file:
            try:
                yield file
            except OSError as error:
                raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> ModelError:
        return ModelError(
            f"The model file {self.path} cannot be read ({error.strerror})",
            "Allow reading it, or install again",
        )

    def _compare(self, sha256: str) -> None:
        if sha256 != self.sha256:
            raise ModelError(f"The model file {self.path} is damaged or was altered", self.remedy)


def sha256_of(content: bytes) -> str:
    """SHA-256 of `content` in lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _sha256_of_file(file: BinaryIO) -> str:
    """SHA-256 of all that is in `file`, without holding it in memory."""
    digest, piece = hashlib.sha256(), bytearray(_PIECE_BYTES)
    view = memoryview(piece)
    file.seek(0)
    while count := file.readinto(piece):  # type: ignore[attr-defined]  # a buffered reader has it
        digest.update(view[:count])
    return digest.hexdigest()


def _name_of_descriptor(file: BinaryIO) -> str | None:
    """A path that leads to the open `file` itself; None where the system has none."""
    folder = {"linux": "/proc/self/fd", "darwin": "/dev/fd"}.get(sys.platform)
    if folder is None:
        return None
    name = f"{folder}/{file.fileno()}"
    return name if os.path.exists(name) else None  # noqa: PTH110  # as a text, it is no file of its own
