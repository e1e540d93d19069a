"""MediaPipe's own pose landmarker as a backend: the reference the LiteRT backend is held against.

It says nothing of regions, raw landmarks or whether the detector ran, cannot switch smoothing off, and always
takes one thread.
"""

from pathlib import Path
from typing import Any, TypeAlias

import cv2
import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from desktop_pose.core.clock import NO_PROBE, NS_PER_MS, Probe
from desktop_pose.core.errors import ModelError
from desktop_pose.core.frames import Image
from desktop_pose.core.poses import PRESENCE, FloatArray, FramePoses, Person
from desktop_pose.core.settings import PoseModel
from desktop_pose.core.topology import LANDMARK_COUNT
from desktop_pose.pose.identity import Identity
from desktop_pose.pose.input_check import InputCheck
from desktop_pose.pose.manifest import DETECTOR, read_model
from desktop_pose.pose.task_bundle import task_bundle

Untyped: TypeAlias = Any  # MediaPipe ships no types
_BLANK_PX = 64


class MediaPipeTracker:
    """A `PoseTracker` on MediaPipe Tasks in VIDEO mode; warmed up when constructed.

    Time: MediaPipe counts whole milliseconds and refuses a time that does not grow. A frame's nanoseconds
    are rounded to the nearest millisecond, and to one more than the previous frame's where that is not later;
    so frames less than a millisecond apart appear to it a millisecond apart. The warm-up takes the
    millisecond 1, and 0 is never used, because its filters take it for "no time yet".

    Args:
        model: Which landmark model.
        models_dir: Folder of the shipped models and their manifest.

    Raises:
        ModelError: A model is missing or altered, or MediaPipe refuses it.
    """

    def __init__(self, model: PoseModel, models_dir: Path) -> None:
        self._bundle = task_bundle(read_model(models_dir, DETECTOR), read_model(models_dir, model.value))
        self._landmarker: Untyped = self._opened()
        self._last_ms = 0
        self._is_closed = False
        self._identity = Identity()
        self._rgb: Image | None = None
        self._input = InputCheck()
        self.track(np.zeros((_BLANK_PX, _BLANK_PX, 3), np.uint8), 0)
        self._input.restart()

    def track(self, image: Image, time_ns: int, probe: Probe = NO_PROBE) -> FramePoses:
        """Everybody found in `image`; see `PoseTracker`. Laps `landmarks` for the whole."""
        self._input.check(image, time_ns)
        result = self._landmarker.detect_for_video(self._wrapped(image), self._time_ms(time_ns))
        people = tuple(
            self._person(landmarks, world, time_ns)
            for landmarks, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
        )
        probe.lap("landmarks")
        return FramePoses(people)

    def adopt(self, people: tuple[Person, ...], first_free_id: int) -> None:
        """Go on where another tracker stopped: the person is searched for, and keeps the id."""
        self._identity.adopt(people[0].id if people else None, first_free_id)

    def reset(self) -> None:
        """Forget everybody; see `PoseTracker`."""
        self._input.restart()
        self._landmarker.close()
        self._landmarker = self._opened()
        self._last_ms = 0
        self._identity.forget()

    def close(self) -> None:
        """Free MediaPipe's graph; may be called again."""
        if not self._is_closed:
            self._is_closed = True
            self._landmarker.close()

    def _opened(self) -> Untyped:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=self._bundle),
            running_mode=vision.RunningMode.VIDEO,
            num_poses=1,
        )
        try:
            return vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"MediaPipe refuses the model ({error})", "Choose the backend litert, or install again"
            ) from error

    def _wrapped(self, image: Image) -> Untyped:
        """`image` as MediaPipe wants it, in a buffer that the next frame writes to again."""
        if self._rgb is None or self._rgb.shape != image.shape:
            self._rgb = np.empty(image.shape, np.uint8)
        cv2.cvtColor(image, cv2.COLOR_BGR2RGB, dst=self._rgb)
        return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=self._rgb)

    def _time_ms(self, time_ns: int) -> int:
        self._last_ms = max(self._last_ms + 1, round(time_ns / NS_PER_MS))
        return self._last_ms

    def _person(self, landmarks: list[Untyped], world: list[Untyped], time_ns: int) -> Person:
        placed = np.array(
            [(item.x, item.y, item.z, item.visibility, item.presence) for item in landmarks], np.float32
        )
        return Person(
            id=self._identity.seen(time_ns),
            landmarks=placed,
            world=np.array([(item.x, item.y, item.z) for item in world], np.float32),
            raw_landmarks=None,
            raw_world=None,
            score=_score(placed),
        )


def _score(landmarks: FloatArray) -> float:
    """Mean presence of the landmarks: MediaPipe keeps the model's own score to itself."""
    return float(landmarks[:LANDMARK_COUNT, PRESENCE].mean())
