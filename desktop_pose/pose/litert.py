"""Runs the two models on LiteRT: the only module that knows its interpreter.

`Interpreter` is used, not `CompiledModel`, which crashes on a truncated file instead of raising.
"""

from dataclasses import replace

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from desktop_pose.core.clock import NO_PROBE, Probe
from desktop_pose.core.errors import ModelError
from desktop_pose.core.frames import Image, size_of
from desktop_pose.core.memory import give_back_free_memory, let_go_of_mapped
from desktop_pose.core.memory_steps import STEPS, MemoryPart, StepKind
from desktop_pose.core.poses import FloatArray
from desktop_pose.pose import detector, landmarks
from desktop_pose.pose.detector import DetectionDecoder
from desktop_pose.pose.landmarks import OUTPUT_COUNT, DecodedPose, ModelOutput, decode
from desktop_pose.pose.mask import crop_mask
from desktop_pose.pose.model_file import REINSTALL, InterpreterSource, ModelFile
from desktop_pose.pose.models import MASK_OUTPUT, PreparedModel
from desktop_pose.pose.preprocess import Border, Cropper
from desktop_pose.pose.roi import WHOLE_PICTURE, Region, upright_corners_px


class LiteRtModel:
    """One model with one input, ready to run.

    Args:
        model: A model's file, or verified content.
        threads: Threads of the interpreter, at least 1.

    Raises:
        ModelError: The file is not what it must be, or the interpreter refuses the model.
    """

    def __init__(self, model: ModelFile | bytes, threads: int) -> None:
        if isinstance(model, bytes):
            self._interpreter = _allocated({"model_content": model}, threads)
        else:
            with model.loadable() as source:
                self._interpreter = _allocated(source, threads)
            # The weights have been packed for this processor; the file's own are not read again.
            let_go_of_mapped(model.path)
        (item,) = self._interpreter.get_input_details()
        self._input = self._interpreter.tensor(item["index"])
        self._outputs = {
            detail["name"]: self._interpreter.tensor(detail["index"])
            for detail in self._interpreter.get_output_details()
        }

    def input(self) -> FloatArray | Image:
        """The input without its batch axis, to be filled in place; let go of it before `run`."""
        view: FloatArray | Image = self._input()[0]
        return view

    def run(self) -> None:
        """Compute the outputs of the current input."""
        self._interpreter.invoke()

    def output(self, name: str) -> FloatArray:
        """The output called `name` without its batch axis; let go of it before the next `run`."""
        view: FloatArray = self._outputs[name]()[0]
        return view


def _allocated(source: InterpreterSource, threads: int) -> Interpreter:
    try:
        interpreter = Interpreter(**source, num_threads=threads)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise ModelError(f"LiteRT refuses the model ({error})", REINSTALL) from error
    return interpreter


class _Search:
    """The detector with all that only a search needs: 16 MB while it is there."""

    def __init__(self, model: ModelFile, threads: int) -> None:
        self._model = LiteRtModel(model, threads)
        self._cropper = Cropper(detector.SIDE_PX, Border.BLACK, -1.0, 1.0)
        self._decoder = DetectionDecoder()

    def regions(self, image: Image) -> list[Region]:
        size = size_of(image)
        self._cropper.crop(image, upright_corners_px(size), out=self._model.input())
        self._model.run()
        return self._decoder.regions(self._model.output("Identity"), self._model.output("Identity_1"), size)


class LiteRtNetworks:
    """`PoseNetworks` on LiteRT; warmed up when constructed.

    Args:
        prepared: The models.
        threads: Threads of each interpreter, at least 1.
        is_detector_ready: Whether the detector is made now, or by the first `detect`.
        is_mask_wanted: Whether `observe` gives masks; only of a model that has them.

    Raises:
        ModelError: The interpreter refuses a model.
    """

    def __init__(
        self,
        prepared: PreparedModel,
        threads: int,
        *,
        is_detector_ready: bool = True,
        is_mask_wanted: bool = False,
    ) -> None:
        self._detector = prepared.detector
        self._is_verified = prepared.is_verified
        self._is_mask_wanted = is_mask_wanted
        self._threads = threads
        self._search: _Search | None = None
        self._landmarks: LiteRtModel | None = LiteRtModel(prepared.landmarks, threads)
        self._landmark_cropper = Cropper(landmarks.SIDE_PX, Border.REPLICATED, 0.0, 1.0)
        blank = np.zeros((detector.SIDE_PX, detector.SIDE_PX, 3), np.uint8)
        if is_detector_ready:
            self.detect(blank)
        self.observe(blank, WHOLE_PICTURE, NO_PROBE)

    def detect(self, image: Image) -> list[Region]:
        """Regions of the people in the picture, the most certain first."""
        _open(self._landmarks)
        if self._search is not None:
            return self._search.regions(image)
        with STEPS.step(MemoryPart.MODELS):
            self._search = _Search(self._detector, self._threads)
            return self._search.regions(image)

    def rest_detector(self) -> None:
        """Free the detector until it is needed again, which then takes about 40 ms once."""
        if self._search is not None:
            with STEPS.step(MemoryPart.MODELS, StepKind.GIVES_BACK):
                self._search = None
                give_back_free_memory()

    def observe(self, image: Image, region: Region, probe: Probe) -> DecodedPose | None:
        """The person in the region; laps `crop`, `landmarks` and, with a mask, `decode` and `mask`."""
        model = _open(self._landmarks)
        self._landmark_cropper.crop(image, region.corners_px(size_of(image)), out=model.input())
        probe.lap("crop")
        model.run()
        probe.lap("landmarks")
        output = ModelOutput(
            landmarks=model.output("Identity").reshape(OUTPUT_COUNT, 5),
            presence=float(model.output("Identity_1")[0]),
            heatmap=model.output("Identity_3"),
            world=model.output("Identity_4").reshape(OUTPUT_COUNT, 3),
        )
        if not (self._is_verified or output.is_sane()):
            return None
        pose = decode(output, region, size_of(image))
        if pose is None or not self._is_mask_wanted:
            return pose
        probe.lap("decode")
        mask = crop_mask(model.output(MASK_OUTPUT)[..., 0], region)
        probe.lap("mask")
        return replace(pose, mask=mask)

    def close(self) -> None:
        """Free the interpreters; may be called again."""
        if self._landmarks is not None:
            with STEPS.step(MemoryPart.MODELS, StepKind.GIVES_BACK):
                self._search = self._landmarks = None
                give_back_free_memory()


def _open(model: LiteRtModel | None) -> LiteRtModel:
    if model is None:
        raise RuntimeError("the interpreters are closed")
    return model
