"""MediaPipe's own pose landmarker as a backend: the reference the LiteRT backend is held against.

It says nothing of regions, raw landmarks or whether the detector ran, cannot switch smoothing off, and always
takes one thread. With several people it smooths nothing, and does not say who is who: that is told here by
their places from frame to frame.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

from desktop_pose.core.clock import NO_PROBE, NS_PER_MS, Probe
from desktop_pose.core.errors import ModelError
from desktop_pose.core.frames import Image, Size, size_of
from desktop_pose.core.poses import PRESENCE, FloatArray, FramePoses, MaskArray, Person, Roi
from desktop_pose.core.settings import PoseModel
from desktop_pose.core.topology import LANDMARK_COUNT
from desktop_pose.pose.identity import Identities
from desktop_pose.pose.input_check import InputCheck
from desktop_pose.pose.lock import Lock
from desktop_pose.pose.manifest import DETECTOR, read_model
from desktop_pose.pose.matching import place_of
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
        people: How many people are followed at most, at least 1.
        is_mask_wanted: Whether to say which pixels show the people.

    Raises:
        ModelError: A model is missing or altered, or MediaPipe refuses it.
    """

    def __init__(
        self, model: PoseModel, models_dir: Path, people: int = 1, *, is_mask_wanted: bool = False
    ) -> None:
        self._is_mask_wanted = is_mask_wanted
        self._bundle = task_bundle(read_model(models_dir, DETECTOR), read_model(models_dir, model.value))
        self._people = people
        self._landmarker: Untyped = self._opened()
        self._last_ms = 0
        self._is_closed = False
        self._identities = Identities(people)
        self._lock = Lock()
        self._handed_over: tuple[Person, ...] = ()  # not yet known: the size of the picture is not
        self._handed_lock: int | None = None
        self._rgb: Image | None = None
        self._input = InputCheck()
        self.track(np.zeros((_BLANK_PX, _BLANK_PX, 3), np.uint8), 0)
        self._input.restart()

    def track(self, image: Image, time_ns: int, probe: Probe = NO_PROBE) -> FramePoses:
        """Everybody found in `image`; see `PoseTracker`. Laps `landmarks`, and `mask` for its end."""
        self._input.check(image, time_ns)
        result = self._landmarker.detect_for_video(self._wrapped(image), self._time_ms(time_ns))
        size = size_of(image)
        self._take_over(size, time_ns)
        found = [
            _person(landmarks, world)
            for landmarks, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
        ]
        shown = self._shown([place_of(person, size) for person in found], time_ns)
        people = tuple(replace(found[index], id=person_id) for person_id, index in sorted(shown.items()))
        probe.lap("landmarks")
        mask = None
        if self._is_mask_wanted:
            mask = _mask([result.segmentation_masks[index] for index in shown.values()], size)
            probe.lap("mask")
        return FramePoses(people, locked_id=self._lock.id, mask=mask)

    def lock_on(self, person_id: int | None) -> None:
        """Tell of one person and of nobody else; see `PoseTracker`. MediaPipe itself follows all."""
        known = None if person_id is None else self._identities.find(person_id)
        if known is None:
            self._lock.open()
        else:
            self._lock.close(known.id, known.place)

    def carry(self, people: tuple[Person, ...], frames: int) -> None:
        """Nothing: MediaPipe keeps its regions to itself."""

    def adopt(self, people: tuple[Person, ...], first_free_id: int, locked_id: int | None = None) -> None:
        """Go on where another tracker stopped: the people are searched for, and keep their ids."""
        self._forget()
        self._identities.adopt({}, first_free_id, 0)
        self._handed_over, self._handed_lock = people, locked_id

    def reset(self) -> None:
        """Forget everybody; see `PoseTracker`."""
        self._landmarker.close()
        self._landmarker = self._opened()
        self._last_ms = 0
        self._input.restart()
        self._forget()

    def close(self) -> None:
        """Free MediaPipe's graph; may be called again."""
        if not self._is_closed:
            self._is_closed = True
            self._landmarker.close()

    def _opened(self) -> Untyped:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=self._bundle),
            running_mode=vision.RunningMode.VIDEO,
            num_poses=self._people,
            output_segmentation_masks=self._is_mask_wanted,
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

    def _forget(self) -> None:
        self._identities.forget()
        self._lock.open()
        self._handed_over, self._handed_lock = (), None

    def _take_over(self, size: Size, time_ns: int) -> None:
        if self._handed_over:
            places = {person.id: place_of(person, size) for person in self._handed_over}
            self._identities.adopt(places, 0, time_ns)
            self._handed_over = ()
            self.lock_on(self._handed_lock)

    def _shown(self, places: list[Roi], time_ns: int) -> dict[int, int]:
        """Indices of those found at `places`, by id; of one at most while somebody is locked on."""
        ids = self._identities.recognise(places, time_ns)
        self._identities.see(dict(zip(ids, places, strict=True)), time_ns)
        if self._lock.id is None:
            return {person_id: index for index, person_id in enumerate(ids)}
        index = ids.index(self._lock.id) if self._lock.id in ids else self._lock.nearest(places)
        if index is None:
            return {}
        self._lock.close(ids[index], places[index])
        return {ids[index]: index}


def _person(landmarks: list[Untyped], world: list[Untyped]) -> Person:
    """Somebody without a number: 0 stands for it."""
    placed = np.array(
        [(item.x, item.y, item.z, item.visibility, item.presence) for item in landmarks], np.float32
    )
    return Person(
        id=0,
        landmarks=placed,
        world=np.array([(item.x, item.y, item.z) for item in world], np.float32),
        raw_landmarks=None,
        raw_world=None,
        score=_score(placed),
    )


def _mask(masks: list[Untyped], size: Size) -> MaskArray:
    """One mask of all people, as in `core.poses`, of those that MediaPipe gives as floats from 0 to 1."""
    whole: MaskArray = np.zeros((size.height_px, size.width_px), np.uint8)
    for mask in masks:
        values = mask.numpy_view().reshape(whole.shape)
        np.maximum(whole, cv2.convertScaleAbs(values, alpha=255), out=whole)
    whole.flags.writeable = False
    return whole


def _score(landmarks: FloatArray) -> float:
    """Mean presence of the landmarks: MediaPipe keeps the model's own score to itself."""
    return float(landmarks[:LANDMARK_COUNT, PRESENCE].mean())
