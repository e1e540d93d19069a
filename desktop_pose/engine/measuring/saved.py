"""Measurements on disk: a JSON file each, named after the time."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from desktop_pose.core.errors import MeasuringError
from desktop_pose.core.whole_file import write_whole
from desktop_pose.engine.measuring.figures import Measurement, RowFigures

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SavedMeasurements:
    """What a folder holds.

    Attributes:
        measurements: The newest first.
        problem: What cannot be read, in one sentence and a remedy; None where all can.
    """

    measurements: tuple[Measurement, ...] = ()
    problem: MeasuringError | None = None


def save(measurement: Measurement, folder: Path) -> Path:
    """Keep `measurement` in `folder`; its file.

    Raises:
        MeasuringError: It cannot be written.
    """
    stem = measurement.started[:19].replace("T", "_").replace(":", "-")
    text = json.dumps(measurement.as_document(), indent=2, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{stem}.json"
        number = 1
        while path.exists():
            number += 1
            path = folder / f"{stem}-{number}.json"
        write_whole(path, text.encode())
    except OSError as error:
        raise MeasuringError(
            f"The measurement cannot be kept in {folder} ({error.strerror})",
            "Free space or allow writing there",
        ) from error
    return path


def load_all(folder: Path) -> SavedMeasurements:
    """All measurements kept in `folder`; none where there is no such folder. Nothing is altered."""
    measurements: list[Measurement] = []
    damaged: list[tuple[Path, str]] = []
    try:
        files = sorted(folder.glob("*.json"))
    except OSError as error:
        return SavedMeasurements(problem=_problem([(folder, error.strerror or type(error).__name__)]))
    for file in files:
        try:
            measurements.append(Measurement.from_document(json.loads(file.read_text("utf-8"))))
        except OSError as error:
            damaged.append((file, error.strerror or type(error).__name__))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            log.info("%s: %r", file, error)
            damaged.append((file, "it is not what this program writes"))
    measurements.sort(key=lambda each: each.started, reverse=True)
    return SavedMeasurements(tuple(measurements), _problem(damaged) if damaged else None)


def newest_like(saved: SavedMeasurements, measurement: Measurement) -> Measurement | None:
    """The newest earlier measurement that can be compared with `measurement`."""
    return next(
        (
            each
            for each in saved.measurements
            if each.is_like(measurement) and each.started < measurement.started
        ),
        None,
    )


def cost_ratio(now: RowFigures, then: RowFigures | None) -> float | None:
    """The processor time of a frame now over that then, at 30/s; None where one was not measured."""
    if then is None or now.paced is None or then.paced is None or not then.paced.cpu_ms:
        return None
    return now.paced.cpu_ms / then.paced.cpu_ms


def _problem(damaged: list[tuple[Path, str]]) -> MeasuringError:
    path, why = damaged[0]
    if len(damaged) == 1:
        return MeasuringError(f"The earlier measurement {path.name} cannot be read ({why})", f"Delete {path}")
    return MeasuringError(
        f"{len(damaged)} earlier measurements cannot be read, the first of them {path.name} ({why})",
        f"Delete them in {path.parent}",
    )
