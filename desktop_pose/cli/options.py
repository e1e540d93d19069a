"""Options of the command line that stand for settings, derived from their declarations."""

from collections.abc import Callable
from pathlib import Path

import typer
from typer.models import OptionInfo

from desktop_pose.cli.failures import tell
from desktop_pose.core import places, settings_file
from desktop_pose.core.errors import SettingsError
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import (
    DECLARATIONS,
    Backend,
    Declaration,
    Settings,
    Smoothing,
    as_text,
)

_METAVARS = {
    "source": "ID|N|FILE|URL|FOLDER|demo",
    "skip": "off|adaptive|N",
    "cpu_budget": "off|PERCENT",
    "sessions_dir": "DIR",
    "model_file": "FILE",
}


def setting_option(key: str) -> OptionInfo:
    """An option for the setting `key`: a text that its declaration checks, and later parses."""
    declaration = DECLARATIONS[key]
    default = as_text(declaration.default)
    option: OptionInfo = typer.Option(
        f"--{key.replace('_', '-')}",
        metavar=_metavar(declaration),
        help=declaration.help if default is None else f"{declaration.help}  [default: {default}]",
        show_default=False,  # typer would put the default in parentheses
        callback=_checked(declaration),
    )
    return option


def switch_option(key: str) -> OptionInfo:
    """An option `--key/--no-key` for the setting `key`."""
    name = key.replace("_", "-")
    option: OptionInfo = typer.Option(
        f"--{name}/--no-{name}", help=DECLARATIONS[key].help, show_default=False
    )
    return option


def given_settings(**values: str | bool | None) -> dict[str, object]:
    """The values of the settings that the command line gave, by key.

    Raises:
        typer.BadParameter: They contradict each other.
    """
    given = {
        key: DECLARATIONS[key].parse(value) if isinstance(value, str) else value
        for key, value in values.items()
        if value is not None
    }
    smoothing = given.get("smoothing", Smoothing.MEDIAPIPE)
    if given.get("backend") is Backend.MEDIAPIPE and smoothing is not Smoothing.MEDIAPIPE:
        raise typer.BadParameter(
            "MediaPipe has no smoothing but its own. Leave this out, or choose --backend litert.",
            param_hint="'--smoothing'",
        )
    if "model_file" in given:
        _check_own_model(given)
    return given


def _check_own_model(given: dict[str, object]) -> None:
    if "model" in given:
        raise typer.BadParameter(
            "It takes the place of a shipped model. Leave out one of the two.", param_hint="'--model-file'"
        )
    if given.get("backend") is Backend.MEDIAPIPE:
        raise typer.BadParameter(
            "A model of your own runs on LiteRT only. Leave this out, or choose --backend litert.",
            param_hint="'--model-file'",
        )
    given["model_file"] = str(Path(str(given["model_file"])).expanduser().absolute())


def settings_in_force(stored: Settings, given: dict[str, object]) -> Settings:
    """`stored` with what the command line gave; a stored smoothing gives way to a backend without it.

    So does a stored backend to a model of the user's own.
    """
    settings = stored.changed(**given)
    if settings.model_file is not None:
        settings = settings.changed(backend=Backend.LITERT)
    if settings.backend is Backend.MEDIAPIPE and settings.smoothing is not Smoothing.MEDIAPIPE:
        if "smoothing" in given:
            return settings.changed(backend=Backend.LITERT)
        return settings.changed(smoothing=Smoothing.MEDIAPIPE)
    return settings


def stored_settings() -> Settings:
    """The stored settings; what is wrong with the file is told on standard error."""
    stored = settings_file.load(places.settings_file())
    if stored.problem is not None:
        tell(str(stored.problem))
    return stored.settings


def sessions_folder(given: str | None) -> Path:
    """The folder of the sessions: as given, else as stored, else the platform's."""
    chosen = given if given is not None else stored_settings().sessions_dir
    return places.sessions_dir() if chosen is None else Path(chosen).expanduser()


def _metavar(declaration: Declaration) -> str:
    if declaration.choices:
        return "|".join(declaration.choices)
    if declaration.kind is Size:
        return "WxH"
    return _METAVARS.get(declaration.key, "N")


def _checked(declaration: Declaration) -> Callable[[str | None], str | None]:
    def check(text: str | None) -> str | None:
        if text is not None:
            try:
                declaration.parse(text)
            except SettingsError as error:
                raise typer.BadParameter(str(error)) from error
        return text

    return check
