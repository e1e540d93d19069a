"""How long the pose core takes from its first import to its first result, and what memory it then takes.

    python -m benchmarks.cold_start [--rounds N]

No window: a child process a row is given one 1280x720 array again and again, with one thread, beside
MediaPipe Tasks with the same model from a ready `.task` file; in turns, the median of the rounds. The cache
of stripped models is filled beforehand, the files are in the system's cache. *first* is the resident memory
after the first result, *then* after three seconds more; with nobody in the picture the detector stays loaded.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from benchmarks.surroundings import DEMO_CLIP, ROOT
from desktop_pose.core.resources import resources_dir
from desktop_pose.core.settings import Backend, PoseModel
from desktop_pose.pose.manifest import DETECTOR, read_model
from desktop_pose.pose.models import prepare_model
from desktop_pose.pose.opening import backend_problem

WIDTH, HEIGHT = 1280, 720


def frames(folder: Path) -> dict[str, Path]:
    """Files of the two arrays: the demo's first frame in the middle of 720p, and an empty picture."""
    capture = cv2.VideoCapture(str(DEMO_CLIP))
    _, person = capture.read()
    capture.release()
    width = HEIGHT * person.shape[1] // person.shape[0]
    scene = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    empty = scene.copy()
    left = (WIDTH - width) // 2
    scene[:, left : left + width] = cv2.resize(person, (width, HEIGHT), interpolation=cv2.INTER_AREA)
    paths = {"person": folder / "person.npy", "nobody": folder / "nobody.npy"}
    for name, image in (("person", scene), ("nobody", empty)):
        np.save(paths[name], image)
    return paths


def task_file(folder: Path, model: PoseModel) -> Path:
    from desktop_pose.pose.task_bundle import task_bundle

    models_dir = resources_dir() / "models"
    path = folder / f"{model.value}.task"
    path.write_bytes(task_bundle(read_model(models_dir, DETECTOR), read_model(models_dir, model.value)))
    return path


def measured(backend: Backend, model: PoseModel, place: Path, frame: Path) -> dict[str, float]:
    done = subprocess.run(
        [
            sys.executable, "-m", "benchmarks.cold_start_child",
            backend.value, model.value, str(place), str(frame),
        ],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="desktop-pose-benchmark-") as name:
        folder = Path(name)
        places = {}
        for model in PoseModel:
            prepare_model(model, resources_dir() / "models", folder / "cache")
            places[Backend.LITERT, model] = folder / "cache"
            if backend_problem(Backend.MEDIAPIPE) is None:
                places[Backend.MEDIAPIPE, model] = task_file(folder, model)
        print(f"{'model':6} {'picture':8} {'backend':10} {'cold start s':>12} {'first MB':>9} {'then MB':>8}")
        for picture, frame in frames(folder).items():
            runs: dict[tuple[Backend, PoseModel], list[dict[str, float]]] = {row: [] for row in places}
            for _ in range(rounds):
                for row, place in places.items():
                    runs[row].append(measured(*row, place, frame))
            for model in PoseModel:
                starts, resident_mb = {}, {}
                for backend in (row[0] for row in places if row[1] is model):
                    found = runs[backend, model]
                    people = {run["people"] for run in found}
                    assert people == {float(picture == "person")}, (backend, model, people)
                    starts[backend] = median(run["ms"] for run in found) / 1000
                    resident_mb[backend] = median(run["rss_mb"] for run in found)
                    ratios = f"   ratio {starts[Backend.LITERT] / starts[backend]:.2f}, of the memory then "
                    ratios += f"{resident_mb[Backend.LITERT] / resident_mb[backend]:.2f}"
                    print(
                        f"{model.value:6} {picture:8} {backend.value:10} {starts[backend]:12.3f} "
                        f"{median(run['first_mb'] for run in found):9.1f} "
                        f"{resident_mb[backend]:8.1f}" + (ratios if backend is Backend.MEDIAPIPE else "")
                    )


if __name__ == "__main__":
    main()
