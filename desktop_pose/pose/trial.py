"""Tries a landmark model that nobody has checked. **For a child process only**: such a file can crash it.

The model is taken out of its bundle if it is in one, written down as it will be run – with its mask head and
without – and each form is given golden input: crops of a person from the demo clip. What comes out has to be
there, of the right shape, and finite. Whether it is right cannot be seen: altered weights pass.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

from desktop_pose.core.errors import ModelError
from desktop_pose.core.frames import Image
from desktop_pose.core.poses import FloatArray
from desktop_pose.pose.landmarks import SIDE_PX
from desktop_pose.pose.litert import LiteRtModel
from desktop_pose.pose.model_file import sha256_of
from desktop_pose.pose.models import MASK_OUTPUT, strip
from desktop_pose.pose.preprocess import PIXEL_SCALE

GOLDEN = "golden.jpg"  # beside the shipped models: a sheet of square crops
WHOLE, STRIPPED = "whole.tflite", "stripped.tflite"
BUNDLED_NAME = "pose_landmarks_detector.tflite"
INPUT_SHAPE = (SIDE_PX, SIDE_PX, 3)
OUTPUT_SHAPES = {
    "Identity": (195,),
    "Identity_1": (1,),
    MASK_OUTPUT: (256, 256, 1),
    "Identity_3": (64, 64, 39),
    "Identity_4": (117,),
}
_MODEL_IDENTIFIER = b"TFL3"
_MOST_BYTES = 200_000_000
_STRIPPED_FRAMES = 4  # the same operators and weights as in the whole model, which has run all frames


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a trial ended.

    Attributes:
        refusal: Why the model is refused, a clause in one line; None where it passed.
        source: SHA-256 of the file that was read.
        whole: SHA-256 of the model with its mask head, as it was written down.
        stripped: SHA-256 of the model without.
    """

    refusal: str | None = None
    source: str | None = None
    whole: str | None = None
    stripped: str | None = None

    def as_record(self) -> dict[str, str | None]:
        """The verdict in JSON's own types; the arguments of the constructor."""
        return asdict(self)


def tried(path: Path, models_dir: Path, out_dir: Path) -> Verdict:
    """The verdict on the model in `path`; one that passes is left in `out_dir`.

    Args:
        path: A `.tflite` file, or a `.task` bundle with the landmark model in it.
        models_dir: Folder of the shipped models and the golden input.
        out_dir: Folder for the two forms of the model, which exists.
    """
    try:
        content = path.read_bytes()
        whole = _taken_out(content)
        frames = list(golden_frames(models_dir))
        _run(whole, frames, OUTPUT_SHAPES)
        stripped = _without_mask(whole)
        shapes = {name: shape for name, shape in OUTPUT_SHAPES.items() if name != MASK_OUTPUT}
        _run(stripped, frames[:_STRIPPED_FRAMES], shapes, may_take_bytes=True)
        (out_dir / WHOLE).write_bytes(whole)
        (out_dir / STRIPPED).write_bytes(stripped)
    except OSError as error:
        return Verdict(refusal=f"the file cannot be read ({error.strerror})")
    except ModelError as error:
        return Verdict(refusal=_in_one_line(error.message))
    except _UnfitError as error:
        return Verdict(refusal=_in_one_line(str(error)))
    return Verdict(None, sha256_of(content), sha256_of(whole), sha256_of(stripped))


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def golden_frames(models_dir: Path) -> Iterator[Image]:
    """The golden input: (256, 256, 3) uint8 each, red, green, blue."""
    sheet = cv2.imread(str(models_dir / GOLDEN))
    if sheet is None:
        raise ModelError("The pictures to try models with are missing", "Install desktop-pose again")
    rgb = cv2.cvtColor(sheet, cv2.COLOR_BGR2RGB)
    for top in range(0, rgb.shape[0], SIDE_PX):
        for left in range(0, rgb.shape[1], SIDE_PX):
            yield np.asarray(rgb[top : top + SIDE_PX, left : left + SIDE_PX], np.uint8)


class _UnfitError(Exception):
    """The model cannot be used; the message says why."""


def _taken_out(content: bytes) -> bytes:
    """The landmark model in `content`: itself, or an entry of the zip that a `.task` file is.

    A zip at the end makes no bundle: a model may carry its metadata in one.
    """
    if content[4:8] == _MODEL_IDENTIFIER or not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            if bundle.getinfo(BUNDLED_NAME).file_size > _MOST_BYTES:
                raise _UnfitError("the model in the bundle is too large")
            return bundle.read(BUNDLED_NAME)
    except (KeyError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _UnfitError(f"there is no {BUNDLED_NAME} in the bundle that can be read") from error


def _without_mask(whole: bytes) -> bytes:
    try:
        return strip(whole)
    except Exception as error:  # whatever the parser makes of a damaged file
        raise _UnfitError(f"the mask head cannot be taken out ({type(error).__name__})") from error


def _run(
    content: bytes, frames: list[Image], shapes: dict[str, tuple[int, ...]], *, may_take_bytes: bool = False
) -> None:
    """Run the model on all `frames`.

    Raises:
        _UnfitError: An input or output is absent, of another kind, or not finite.
        ModelError: The interpreter refuses the model.
    """
    try:
        model = LiteRtModel(content, threads=1)
        takes_bytes = may_take_bytes and model.input().dtype == np.uint8
        _compare("input", model.input(), INPUT_SHAPE, np.uint8 if takes_bytes else np.float32)
        for frame in frames:
            model.input()[:] = frame if takes_bytes else frame * np.float32(PIXEL_SCALE)
            model.run()
            for name, shape in shapes.items():
                _check(name, model.output(name), shape)
    except KeyError as error:
        raise _UnfitError(f"the output {error.args[0]} is missing") from error
    except (ValueError, RuntimeError, TypeError, IndexError) as error:
        raise _UnfitError(f"the interpreter cannot run it ({error})") from error


def _check(name: str, output: FloatArray, shape: tuple[int, ...]) -> None:
    _compare(f"output {name}", output, shape, np.float32)
    if not np.isfinite(output).all():
        raise _UnfitError(f"the output {name} is not finite")


def _compare(what: str, array: FloatArray | Image, shape: tuple[int, ...], dtype: type) -> None:
    if array.shape != shape or array.dtype != dtype:
        raise _UnfitError(f"the {what} is {array.shape} {array.dtype}, not {shape} {dtype.__name__}")
