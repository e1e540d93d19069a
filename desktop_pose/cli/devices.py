"""`desktop-pose devices`: the cameras."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop_pose.cli.libraries import prepare_libraries

if TYPE_CHECKING:
    from desktop_pose.capture.camera_info import Camera


def devices(
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON, modes included.")] = False,
) -> None:
    """List the cameras."""
    prepare_libraries()
    from desktop_pose.capture.devices import list_cameras

    cameras = list_cameras()
    if as_json:
        typer.echo(json.dumps([_record(camera) for camera in cameras], indent=2, ensure_ascii=False))
        return
    if not cameras:
        typer.echo("No camera found.")
    for camera in cameras:
        typer.echo(f"{camera.index}  {camera.name}  {camera.id}{_best_mode(camera)}")


def _record(camera: "Camera") -> dict[str, Any]:
    modes = None
    if camera.modes is not None:
        modes = [
            {
                "width": mode.size.width_px,
                "height": mode.size.height_px,
                "fps": mode.fps,
                "format": mode.fourcc,
            }
            for mode in camera.modes
        ]
    return {"id": camera.id, "index": camera.index, "name": camera.name, "modes": modes}


def _best_mode(camera: "Camera") -> str:
    if not camera.modes:
        return ""
    best = max(camera.modes, key=lambda mode: (mode.size.width_px * mode.size.height_px, mode.fps))
    return f"  up to {best.size} at {best.fps:g}/s"
