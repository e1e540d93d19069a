"""Opens trackers, and learns which threads their interpreters make."""

from collections.abc import Callable

from desktop_pose.core.cadence import Cadence
from desktop_pose.core.memory_steps import STEPS, MemoryPart
from desktop_pose.engine.options import EngineOptions
from desktop_pose.engine.processor import ProcessorMeter
from desktop_pose.engine.stages.inference import ReadyTracker
from desktop_pose.pose.protocol import PoseTracker, TrackerOptions


class TrackerFactory:
    """Opens trackers on whichever thread asks, one at a time.

    Args:
        make_tracker: `pose.opening.open_tracker`, or what stands in for it.
        options: Where the models are.
        processor: Told which threads came with a tracker.
    """

    def __init__(
        self, make_tracker: Callable[..., PoseTracker], options: EngineOptions, processor: ProcessorMeter
    ) -> None:
        self._make_tracker = make_tracker
        self._folders = options.models_dir, options.cache_dir
        self._processor = processor

    def open(
        self, options: TrackerOptions, *, will_adopt: bool = False, pace: Cadence | None = None
    ) -> ReadyTracker:
        """A tracker that stands ready; see `pose.opening.open_tracker`.

        Raises:
            ModelError: It cannot be opened.
        """
        with STEPS.step(MemoryPart.MODELS), self._processor.naming_new_threads("inference_workers"):
            tracker = self._make_tracker(options, *self._folders, will_adopt=will_adopt, pace=pace)
        return ReadyTracker(tracker, options)
