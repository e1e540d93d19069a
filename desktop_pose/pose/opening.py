"""Opens trackers: checks what is installed, prepares the models, warms the interpreter up.

A backend is imported when it is first opened: LiteRT costs 0.1 s, MediaPipe half a second.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_pose.core.cadence import Cadence
from desktop_pose.core.errors import ModelError
from desktop_pose.core.memory_steps import STEPS, MemoryPart
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Backend, Smoothing
from desktop_pose.core.skip import EVERY_FRAME
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions

if TYPE_CHECKING:
    from desktop_pose.pose.skipping import InferringTracker

_MODULE = {Backend.LITERT: "ai_edge_litert", Backend.MEDIAPIPE: "mediapipe"}
_PROBLEM = {
    Backend.LITERT: ("LiteRT is not installed", "Install it with: pip install ai-edge-litert"),
    Backend.MEDIAPIPE: (
        "MediaPipe is not installed; it has no wheels for Linux aarch64 and Intel Macs",
        'Choose the backend litert, or install it with: pip install "mediapipe>=0.10.30,<0.10.32"',
    ),
}


def backend_problem(backend: Backend) -> ModelError | None:
    """Why `backend` cannot be used on this computer; None when it can. Imports nothing."""
    return None if find_spec(_MODULE[backend]) is not None else ModelError(*_PROBLEM[backend])


def open_tracker(
    options: TrackerOptions | None = None,
    models_dir: Path | None = None,
    cache_dir: Path | None = None,
    *,
    will_adopt: bool = False,
    pace: Cadence | None = None,
) -> PoseTracker:
    """A tracker that has run once, so that its first frame takes no longer than the next.

    Args:
        options: What the tracker is made for; None for the defaults.
        models_dir: Folder of the models and their manifest; None for the shipped ones.
        cache_dir: Folder for what is derived from them; None for no cache.
        will_adopt: People will be handed over: the detector is then made when they are lost, not now.
        pace: How often the model may run at most, changed by its owner at any time; None: as `options` say.

    Raises:
        ModelError: A model is missing or altered, or the backend cannot do this here.
        DesktopPoseError: The installation has no models.
    """
    options = TrackerOptions() if options is None else options
    models_dir = resources_dir() / "models" if models_dir is None else models_dir
    problem = backend_problem(options.backend)
    if problem is not None:
        raise problem
    try:
        if options.backend is Backend.MEDIAPIPE:
            tracker = _open_mediapipe(options, models_dir)
        else:
            tracker = _open_litert(options, models_dir, cache_dir, will_adopt=will_adopt)
    except (ImportError, OSError) as error:  # installed, but a shared library of it does not load
        raise ModelError(
            f"The backend {options.backend.value} cannot be loaded ({error})", "Install desktop-pose again"
        ) from error
    return tracker if options.skip == EVERY_FRAME and pace is None else _skipping(tracker, options, pace)


def _skipping(tracker: "InferringTracker", options: TrackerOptions, pace: Cadence | None) -> PoseTracker:
    from desktop_pose.pose.skipping import SkippingTracker, SkipPolicy

    is_steadying = options.smoothing is not Smoothing.OFF
    policy = SkipPolicy(options.skip.every, options.max_age_ns, is_steadying=is_steadying)
    return SkippingTracker(tracker, policy, pace)


def _open_litert(
    options: TrackerOptions, models_dir: Path, cache_dir: Path | None, *, will_adopt: bool
) -> "InferringTracker":
    with STEPS.step(MemoryPart.LIBRARIES):
        from desktop_pose.pose.litert import LiteRtNetworks
        from desktop_pose.pose.models import prepare_model
        from desktop_pose.pose.tracker import RoiTracker

    if options.model_file is None:
        prepared = prepare_model(options.model, models_dir, cache_dir, keep_mask=options.mask)
    else:
        from desktop_pose.pose.user_model import prepare_user_model

        prepared = prepare_user_model(options.model_file, models_dir, cache_dir, keep_mask=options.mask)
    networks = LiteRtNetworks(
        prepared, options.threads, is_detector_ready=not will_adopt, is_mask_wanted=options.mask
    )
    return RoiTracker(
        networks, options.smoothing, options.people, options.search_every, is_mask_wanted=options.mask
    )


def _open_mediapipe(options: TrackerOptions, models_dir: Path) -> "InferringTracker":
    if options.smoothing is not Smoothing.MEDIAPIPE:
        raise ModelError(
            f"MediaPipe has no smoothing but its own, so not {options.smoothing.value}",
            "Choose the smoothing mediapipe or the backend litert",
        )
    if options.model_file is not None:
        raise ModelError(
            "A model of your own runs on LiteRT only", "Choose the backend litert, or a shipped model"
        )
    with STEPS.step(MemoryPart.LIBRARIES):
        from desktop_pose.pose.mediapipe_backend import MediaPipeTracker

    return MediaPipeTracker(options.model, models_dir, options.people, is_mask_wanted=options.mask)
