"""What each smoothing leaves of jitter, and how far it trails behind movement.

    python -m benchmarks.smoothing [--model lite|full|heavy] [CLIP...]

The model runs once over each clip, and once over a still scene made of one frame of it; all smoothings are
then given the same raw landmarks. Distances are of the 33 landmarks in the picture, in per cent of the
person's height (median over the clip of the extent in y of the raw landmarks).

Rest: one frame repeated for 8 s at 30/s, each time moved by up to half a pixel each way, with Gaussian
noise of 4 grey levels, and as JPEG of quality 85. Jitter is the standard deviation of a landmark's place
from the third second on, root mean square over landmarks.

Movement: lag is the shift in time at which raw and smoothed path of a coordinate correlate best, for all that
stray by more than 2 % (standard deviation); trail is the distance between raw and smoothed landmark.

Steady: lag behind a point that moves evenly, after 10 s at 30/s; the region's side is 1.5 heights.
"""

import argparse
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.accuracy import SQUATS
from desktop_pose.core import places
from desktop_pose.core.clock import NS_PER_S
from desktop_pose.core.frames import Image, Size, size_of
from desktop_pose.core.poses import FloatArray, Roi
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import PoseModel, Smoothing
from desktop_pose.core.topology import LANDMARK_COUNT
from desktop_pose.pose.landmarks import DecodedPose
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import TrackerOptions
from desktop_pose.pose.roi import region_of_roi
from desktop_pose.pose.smoothing import PoseSmoother

RATE_HZ = 30
STILL_FRAMES, SETTLED = 8 * RATE_HZ, 2 * RATE_HZ
NOISE_GREYS, SHAKE_PX, JPEG_QUALITY = 4.0, 0.5, 85
MOVING_PERCENT = 2.0
SHIFTS_S = np.arange(0, 0.5, 0.001)
ROI_PER_HEIGHT = 1.5
STEADY_SPEEDS = (0.02, 0.1, 0.3, 1.0)  # heights a second


@dataclass(frozen=True)
class Movement:
    """The way of 33 landmarks over time."""

    poses: list[DecodedPose]
    times_ns: list[int]
    size: Size

    def smoothed(self, smoothing: Smoothing) -> np.ndarray:
        """The way after `smoothing`, (frames, 33, 2) pixels."""
        if smoothing is Smoothing.OFF:
            return self._in_px([pose.landmarks for pose in self.poses])
        smoother = PoseSmoother(smoothing)
        return self._in_px(
            [
                smoother.apply(pose, time_ns, self.size)[0]
                for pose, time_ns in zip(self.poses, self.times_ns, strict=True)
            ]
        )

    def _in_px(self, landmarks: list[FloatArray]) -> np.ndarray:
        return np.stack(landmarks)[..., :2].astype(np.float64) * (self.size.width_px, self.size.height_px)


def frames_of(clip: Path) -> tuple[list[Image], float]:
    capture = cv2.VideoCapture(str(clip))
    rate_hz, frames = capture.get(cv2.CAP_PROP_FPS), []
    while (read := capture.read())[0]:
        frames.append(np.asarray(read[1], np.uint8))
    capture.release()
    return frames, rate_hz


def still_scene(frame: Image) -> Iterator[Image]:
    random = np.random.default_rng(0)
    for _ in range(STILL_FRAMES):
        x, y = random.uniform(-SHAKE_PX, SHAKE_PX, 2)
        shift = np.array([[1, 0, x], [0, 1, y]], np.float32)
        moved = cv2.warpAffine(frame, shift, frame.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
        noisy = np.clip(moved + random.normal(0, NOISE_GREYS, frame.shape), 0, 255).astype(np.uint8)
        _, stored = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        yield np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.uint8)


def tracked(frames: Iterator[Image], rate_hz: float, model: PoseModel) -> Movement:
    """What the model makes of the frames in which it sees somebody."""
    options = TrackerOptions(model=model, smoothing=Smoothing.OFF)
    poses, times_ns, size = [], [], Size(1, 1)
    with closing(open_tracker(options, resources_dir() / "models", places.cache_dir())) as tracker:
        for number, frame in enumerate(frames):
            size, time_ns = size_of(frame), round(number / rate_hz * NS_PER_S)
            for person in tracker.track(frame, time_ns).people:
                region = None if person.next_roi is None else region_of_roi(person.next_roi, size)
                poses.append(DecodedPose(person.landmarks, person.world, region, person.score))
                times_ns.append(time_ns)
    return Movement(poses, times_ns, size)


def jitter_percent(path: np.ndarray, height_px: float) -> float:
    settled = path[SETTLED:]
    return float(np.sqrt(((settled - settled.mean(axis=0)) ** 2).sum(axis=-1).mean()) / height_px * 100)


def lags_ms(raw: np.ndarray, smoothed: np.ndarray, times_s: np.ndarray, height_px: float) -> np.ndarray:
    """Lag of each coordinate that moves."""
    lags = []
    is_late_enough = times_s >= times_s[0] + SHIFTS_S[-1]
    for landmark in range(LANDMARK_COUNT):
        for axis in range(2):
            path = raw[:, landmark, axis]
            if path.std() <= MOVING_PERCENT / 100 * height_px:
                continue
            follower = smoothed[is_late_enough, landmark, axis]
            alike = [
                np.corrcoef(np.interp(times_s[is_late_enough] - shift_s, times_s, path), follower)[0, 1]
                for shift_s in SHIFTS_S
            ]
            lags.append(SHIFTS_S[int(np.argmax(alike))] * 1000)
    return np.array(lags)


def steady_lag_ms(smoothing: Smoothing, speed: float) -> float:
    """Lag behind a point that moves by `speed` heights of the person a second."""
    size, height_px, frames = Size(1000, 1000), 600.0, 10 * RATE_HZ
    region = region_of_roi(Roi(500, 500, ROI_PER_HEIGHT * height_px, 0), size)
    smoother = PoseSmoother(smoothing)
    for frame in range(frames):
        landmarks = np.zeros((LANDMARK_COUNT, 5), np.float32)
        landmarks[:, 0] = speed * height_px * frame / RATE_HZ / size.width_px
        pose = DecodedPose(landmarks, np.zeros((LANDMARK_COUNT, 3), np.float32), region, 1.0)
        smoothed, _ = smoother.apply(pose, round(frame / RATE_HZ * NS_PER_S), size)
    behind_px = float(landmarks[0, 0] - smoothed[0, 0]) * size.width_px
    return behind_px / (speed * height_px) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clips", metavar="CLIP", type=Path, nargs="*")
    parser.add_argument("--model", choices=[model.value for model in PoseModel], default="full")
    arguments = parser.parse_args()
    model = PoseModel(arguments.model)
    clips = arguments.clips or [resources_dir() / "demo" / "balance.mp4", SQUATS]
    print("                      rest                movement")
    print("clip      smoothing   jitter %  of MP's   lag ms  p95    trail %  p95")
    for clip in clips:
        if not clip.exists():
            print(f"{clip} is not here")
            continue
        frames, rate_hz = frames_of(clip)
        rest = tracked(still_scene(frames[len(frames) // 3]), RATE_HZ, model)
        movement = tracked(iter(frames), rate_hz, model)
        raw, times_s = movement.smoothed(Smoothing.OFF), np.array(movement.times_ns) / NS_PER_S
        height_px = float(np.median(np.ptp(raw[..., 1], axis=1)))
        reference = jitter_percent(rest.smoothed(Smoothing.MEDIAPIPE), height_px)
        for smoothing in Smoothing:
            path = movement.smoothed(smoothing)
            jitter = jitter_percent(rest.smoothed(smoothing), height_px)
            lags = lags_ms(raw, path, times_s, height_px)
            trail = np.linalg.norm(path - raw, axis=-1) / height_px * 100
            print(
                f"{clip.stem:9.9} {smoothing.value:9}   {jitter:8.3f}  {jitter / reference:7.2f}"
                f"   {lags.mean():6.0f} {np.percentile(lags, 95):4.0f}"
                f"   {trail.mean():7.2f} {np.percentile(trail, 95):5.2f}"
            )
    print("\nsteady movement, heights a second: " + "".join(f"{speed:8}" for speed in STEADY_SPEEDS))
    for smoothing in (Smoothing.MEDIAPIPE, Smoothing.STRONG):
        lags_at = (steady_lag_ms(smoothing, speed) for speed in STEADY_SPEEDS)
        print(f"{smoothing.value + ', lag ms':35}" + "".join(f"{lag:8.0f}" for lag in lags_at))


if __name__ == "__main__":
    main()
