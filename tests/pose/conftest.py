from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from desktop_pose.core.settings import Backend, PoseModel, Smoothing
from desktop_pose.pose.litert import LiteRtNetworks
from desktop_pose.pose.models import prepare_model
from desktop_pose.pose.opening import open_tracker
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions
from tests.pose.clips import DEMO, MODELS_DIR, Clip, load

Open = Callable[..., PoseTracker]


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("model-cache")


@pytest.fixture(scope="session")
def demo() -> Clip:
    return load(DEMO)


@pytest.fixture(scope="session")
def networks(model_cache: Path) -> Iterator[LiteRtNetworks]:
    opened = LiteRtNetworks(prepare_model(PoseModel.LITE, MODELS_DIR, model_cache), threads=1)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def open_one(model_cache: Path) -> Iterator[Open]:
    opened: list[PoseTracker] = []

    def open_(
        backend: Backend = Backend.LITERT,
        model: PoseModel = PoseModel.LITE,
        smoothing: Smoothing = Smoothing.MEDIAPIPE,
        threads: int = 1,
    ) -> PoseTracker:
        if backend is Backend.MEDIAPIPE and find_spec("mediapipe") is None:
            pytest.skip("MediaPipe is not installed: there is no wheel for this platform")
        opened.append(
            open_tracker(TrackerOptions(backend, model, threads, smoothing), MODELS_DIR, model_cache)
        )
        return opened[-1]

    yield open_
    for tracker in opened:
        tracker.close()
