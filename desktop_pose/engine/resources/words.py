"""The report of resources in the words of window and terminal."""

from collections.abc import Mapping
from typing import Any

from desktop_pose.engine.resources.memory_trend import BLOCK_S, LEAST_BLOCKS, WARM_UP_S, Verdict

PART_WORDS = {
    "python_and_qt": "Python and Qt",
    "libraries": "libraries",
    "models": "models",
    "charts": "charts",
    "recorder": "recorder",
    "buffers": "buffers",
    "unexplained": "unexplained",
}
PART_MEANINGS = {
    "python_and_qt": "The interpreter, Qt, the window with its controls, and the system's libraries.",
    "libraries": "OpenCV, numpy, PyAV, LiteRT or MediaPipe: their code and what they set up for themselves.",
    "models": "Weights of the models, unpacked for this processor, and their workspace.",
    "charts": "The library that draws the charts, and the charts.",
    "recorder": "The encoder and the database of a recording.",
    "buffers": "Frames on their way, rendered pictures, the decoder's own, and room for the next ones.",
    "unexplained": "Came or went outside all steps that are measured.",
}
THREAD_WORDS = {
    "main": "window",
    "capture": "capture",
    "inference": "inference",
    "inference_workers": "the model's workers",
    "render": "render",
    "record": "record",
    "other": "other threads",
}
STAGE_WORDS = {
    "capture": "capture (decoding)",
    "detector": "detector",
    "crop": "crop",
    "landmarks": "inference",
    "decode": "decode",
    "mask": "mask",
    "convert": "convert",
    "render": "render",
    "paint": "paint",
    "record": "record",
}
"""Stages of a frame; `landmarks` is the run of the landmark model."""


def trend_in_words(trend: Mapping[str, Any]) -> str:
    """What can be said of the memory over the session, from the record of a `MemoryTrend`."""
    verdict = Verdict(trend["verdict"])
    if verdict is Verdict.TOO_SHORT:
        least_min = (WARM_UP_S + LEAST_BLOCKS * BLOCK_S) / 60
        return f"Trend: a session of less than {least_min:.1f} minutes is too short to say"
    span_min = trend["span_s"] / 60
    slope, low, high = trend["slope_mb_per_h"], trend["low_mb_per_h"], trend["high_mb_per_h"]
    words = f"Trend: {verdict.value} over {span_min:.0f} minutes"
    if verdict is Verdict.STEADY:
        words += f" (between {low:+.0f} and {high:+.0f} MB an hour)"
    else:
        words += f", {slope:+.0f} MB an hour (between {low:+.0f} and {high:+.0f})"
    if trend["steps_mb"]:
        words += f"; besides steps of {', '.join(f'{step:+.0f} MB' for step in trend['steps_mb'])}"
    return words
