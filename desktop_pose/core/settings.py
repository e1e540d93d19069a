"""The settings, each declared once: default, bounds, choices, label, help.

The dialog, the command line, the stored file and the report all derive from `Settings` and its
declarations. A `Settings` value is immutable and valid; `changed` makes another one.
"""

import dataclasses
import os
import re
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from desktop_pose.core.errors import SettingsError
from desktop_pose.core.frames import Size
from desktop_pose.core.skip import EVERY_FRAME, LONGEST, Skip
from desktop_pose.core.sources import without_login

UNVERIFIED = "unverified"
"""What a model of the user's own is called in place of a shipped one's name."""


class Backend(Enum):
    """What turns pixels into landmarks."""

    LITERT = "litert"
    MEDIAPIPE = "mediapipe"


class PoseModel(Enum):
    """Which BlazePose landmark model runs."""

    LITE = "lite"
    FULL = "full"
    HEAVY = "heavy"


class Smoothing(Enum):
    """How landmarks are smoothed over time."""

    OFF = "off"
    MEDIAPIPE = "mediapipe"
    STRONG = "strong"

    @property
    def in_words(self) -> str:
        """What it is called among other words."""
        words = {Smoothing.OFF: "no", Smoothing.MEDIAPIPE: "MediaPipe's", Smoothing.STRONG: "strong"}
        return f"{words[self]} smoothing"


class Background(Enum):
    """What the picture shows behind people, where the mask tells them apart."""

    BLUR = "blur"
    REMOVE = "remove"


class Rotation(Enum):
    """Clockwise rotation of the picture before anything looks at it, in degrees."""

    NONE = "0"
    RIGHT = "90"
    HALF = "180"
    LEFT = "270"


class RecordingKind(Enum):
    """What a recording holds."""

    LANDMARKS = "landmarks"
    VIDEO = "video"
    OVERLAY = "overlay"

    @property
    def has_video(self) -> bool:
        """Whether pictures are recorded as well: as they are, or with the skeletons drawn in."""
        return self is not RecordingKind.LANDMARKS


class VideoQuality(Enum):
    """How faithful a recorded picture is to the one that was captured."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is known of a setting besides its value.

    Attributes:
        key: Name in `Settings`, in the stored file and, with dashes, on the command line.
        kind: Type of the value, an Enum for choices; None is allowed as well where the default is None.
        default: Value where nothing else is said.
        label: A few words for the window.
        help: One sentence for the command line and the manual.
        minimum: Lowest number allowed.
        maximum: Highest number allowed.
        stored: Whether the value is kept between runs.
        can_be_off: Whether `off` is written for None.
        is_path: Whether a text names a file or folder; `~` at its beginning stands for a home.
    """

    key: str
    kind: type
    default: object
    label: str
    help: str
    minimum: int | None = None
    maximum: int | None = None
    stored: bool = True
    can_be_off: bool = False
    is_path: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed words of a choice, in order; empty for other kinds."""
        return tuple(str(member.value) for member in self.kind) if issubclass(self.kind, Enum) else ()

    def check(self, value: object) -> None:
        """Raise `SettingsError` unless `value` is of the right type and within its bounds."""
        if value is None and self.default is None:
            return
        is_one = type(value) is self.kind and self._is_within_bounds(value)
        if not is_one or (self.is_path and not _is_path(str(value))):
            raise SettingsError(f"{value!r} is no value for {self.key}", self.remedy)

    def _is_within_bounds(self, value: object) -> bool:
        if not isinstance(value, int):
            return True
        above_minimum = self.minimum is None or value >= self.minimum
        return above_minimum and (self.maximum is None or value <= self.maximum)

    @property
    def remedy(self) -> str:
        """What is allowed, as a sentence."""
        if self.choices:
            return f"Choose one of {', '.join(self.choices)}"
        if self.can_be_off:
            return f"Give off, or a whole number from {self.minimum} to {self.maximum}"
        if self.kind is int and self.maximum is not None:
            return f"Give a whole number from {self.minimum} to {self.maximum}"
        if self.kind is int:
            return f"Give a whole number of at least {self.minimum}"
        if self.kind is Size:
            return "Give width and height in pixels, for example 1280x720"
        if self.kind is Skip:
            return f"Give off, adaptive or a number from 2 to {LONGEST}"
        if self.kind is bool:
            return "Give true or false"
        return "Give the path of a file or folder" if self.is_path else "Give a text"

    def parse(self, text: str) -> object:
        """The value that `text` stands for, as on the command line and in the stored file.

        Raises:
            SettingsError: It stands for none.
        """
        value: object
        if self.can_be_off and text.strip().lower() == "off":
            return None
        try:
            if self.kind is Size:
                value = parse_size(text)
            elif self.kind is Skip:
                value = Skip.parse(text)
            elif self.kind is bool:
                value = {"true": True, "false": False}[text.lower()]
            else:
                value = self.kind(text)
        except (ValueError, KeyError) as error:
            raise SettingsError(f"{text!r} is no value for {self.key}", self.remedy) from error
        self.check(value)
        return value


def parse_size(text: str) -> Size:
    """The size written as `WxH`.

    Raises:
        ValueError: The text is not of that form.
    """
    match = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is not WIDTHxHEIGHT")
    return Size(int(match[1]), int(match[2]))


def _is_path(text: str) -> bool:
    """Whether the system could have a file or folder of this name, whether it has or not."""
    try:
        os.fsencode(Path(text).expanduser())
    except (RuntimeError, UnicodeEncodeError):  # the home of nobody; half a character
        return False
    return bool(text) and "\0" not in text


def core_count() -> int:
    """Number of processor cores this process may use, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _declared(kind: type, default: object, label: str, help_text: str, **more: object) -> Any:  # noqa: ANN401  # as dataclasses.field, whose result stands for any type
    return field(default=default, metadata={"kind": kind, "label": label, "help": help_text, **more})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the user can decide. The defaults are those of `docs/architecture.md`."""

    source: str | None = _declared(
        str,
        None,
        "Source",
        "A camera's id or number, a video file, a stream address, a folder of images, or demo.",
    )
    size: Size | None = _declared(Size, None, "Size", "Size to ask the camera for, as WIDTHxHEIGHT.")
    fps: int | None = _declared(
        int, None, "Rate", "Frames per second to ask the camera for.", minimum=1, maximum=1000
    )
    rotate: Rotation = _declared(
        Rotation, Rotation.NONE, "Rotate", "Turn the picture clockwise by this many degrees."
    )
    backend: Backend = _declared(
        Backend, Backend.LITERT, "Backend", "litert runs the models directly; mediapipe is the reference."
    )
    model: PoseModel = _declared(
        PoseModel,
        PoseModel.FULL,
        "Model",
        "lite costs least; full is more accurate; heavy most of all, at four times the cost of full.",
    )
    model_file: str | None = _declared(
        str,
        None,
        "Own model",
        "A landmark model of your own, .tflite or .task, in place of a shipped one; tried first, unverified.",
        stored=False,
        is_path=True,
    )
    threads: int = _declared(
        int,
        min(2, core_count()),
        "Threads",
        "Processor threads for the model.",
        minimum=1,
        maximum=core_count(),
    )
    smoothing: Smoothing = _declared(
        Smoothing, Smoothing.MEDIAPIPE, "Smoothing", "Against jitter: off, as MediaPipe, or strong."
    )
    people: int = _declared(
        int,
        1,
        "People",
        "How many people are followed at most; each takes the model's time once.",
        minimum=1,
        maximum=4,
    )
    skip: Skip = _declared(
        Skip,
        EVERY_FRAME,
        "Skip frames",
        "Run the model on every frame (off), on every N-th, or when somebody moves (adaptive); in between, "
        "people are carried on.",
    )
    cpu_budget: int | None = _declared(
        int,
        None,
        "CPU budget",
        "What the whole program may take, in per cent of one processor core: the model runs less often, then "
        "fewer pictures are shown.",
        minimum=5,
        maximum=100 * core_count(),
        can_be_off=True,
    )
    lighter_model: bool = _declared(
        bool,
        False,
        "Lighter model if needed",
        "Let the CPU budget put a lighter model in place of the chosen one where skipping is not enough.",
    )
    budget_recording: bool = _declared(
        bool,
        False,
        "Also while recording",
        "Let the CPU budget skip frames of recordings as well; else they are tracked on every frame.",
    )
    mask: bool = _declared(
        bool,
        False,
        "Mask",
        "Find which pixels show people, and change the background of the picture; recordings keep it.",
    )
    background: Background = _declared(
        Background, Background.BLUR, "Background", "With the mask: blur what is behind people, or remove it."
    )
    mirror: bool | None = _declared(
        bool,
        None,
        "Mirror",
        "Show the picture as a mirror does; cameras and streams do unless told otherwise. The view only.",
    )
    record: RecordingKind | None = _declared(
        RecordingKind,
        None,
        "Record",
        "Record from the start: landmarks, video as well, or video with the skeleton in it (overlay).",
        stored=False,
    )
    record_kind: RecordingKind = _declared(
        RecordingKind, RecordingKind.LANDMARKS, "Record as", "What the record button records."
    )
    video_quality: VideoQuality = _declared(
        VideoQuality,
        VideoQuality.MEDIUM,
        "Video quality",
        "Of recorded video; high takes twice the space of medium, low half of it.",
    )
    sessions_dir: str | None = _declared(
        str, None, "Sessions folder", "Folder the sessions are kept in.", is_path=True
    )

    def __post_init__(self) -> None:
        for key, declaration in DECLARATIONS.items():
            declaration.check(getattr(self, key))

    @property
    def threads_in_use(self) -> int:
        """The number of threads the model gets: MediaPipe always takes one."""
        return 1 if self.backend is Backend.MEDIAPIPE else self.threads

    def changed(self, **values: object) -> "Settings":
        """A copy with `values` in place.

        Raises:
            SettingsError: A value is out of its bounds.
        """
        return dataclasses.replace(self, **values)  # type: ignore[arg-type]  # checked in __post_init__


DECLARATIONS: dict[str, Declaration] = {
    item.name: Declaration(key=item.name, default=item.default, help=item.metadata["help"],
                           **{key: value for key, value in item.metadata.items() if key != "help"})
    for item in dataclasses.fields(Settings)
}  # fmt: skip


def as_text(value: object) -> str | int | bool | None:
    """`value` as it stands in the stored file and in reports."""
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def as_record(settings: Settings) -> dict[str, str | int | bool | None]:
    """All settings by key, in JSON's own types, with what the user alone may know: for the stored file."""
    return {key: as_text(getattr(settings, key)) for key in DECLARATIONS}


def as_public_record(settings: Settings) -> dict[str, str | int | bool | None]:
    """`as_record` for sessions and reports, which are given to others.

    There is no login in an address, and no folder before the name of a model of the user's own; while that is
    in use, the model is called unverified.
    """
    record = as_record(settings)
    if settings.source is not None:
        record["source"] = without_login(settings.source)
    if settings.model_file is not None:
        record |= {"model": UNVERIFIED, "model_file": Path(settings.model_file).name}
    return record
