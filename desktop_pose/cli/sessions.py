"""`desktop-pose sessions`: list, show, repair and delete what was recorded."""

import json
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop_pose.cli.failures import tell
from desktop_pose.cli.options import sessions_folder, setting_option
from desktop_pose.core.ending_signals import unwind_on_signals
from desktop_pose.core.errors import ExitStatus

if TYPE_CHECKING:
    from desktop_pose.recording.session import SessionInfo


class Action(Enum):
    """What to do with sessions."""

    LIST = "list"
    SHOW = "show"
    REPAIR = "repair"
    DELETE = "delete"


def sessions(
    action: Annotated[
        Action,
        typer.Argument(metavar="list|show|repair|delete", help="What to do; all but list need a SESSION."),
    ] = Action.LIST,
    session: Annotated[
        str | None, typer.Argument(metavar="SESSION", help="A session's id, or its folder.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    sessions_dir: Annotated[str | None, setting_option("sessions_dir")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete without asking; a script is never asked.")
    ] = False,
) -> None:
    """List, show, repair or delete sessions."""
    from desktop_pose.recording import library

    unwind_on_signals()
    folder = sessions_folder(sessions_dir)
    if action is Action.LIST:
        if session is not None:
            raise typer.BadParameter(f"list takes no session; did you mean show {session}?")
        found = library.list_sessions(folder, lambda error: tell(str(error)))
        _print_list(found, folder, as_json=as_json)
        return
    if session is None:
        raise typer.BadParameter(f"{action.value} needs the id or the folder of a session.")
    if action is Action.DELETE:
        chosen = library.find_folder(session, folder)
        if not yes and not _is_wanted(f"Delete {chosen} for good?"):
            tell("Nothing was deleted.")
            raise typer.Exit(ExitStatus.WORLD_FAILED)
        library.delete(chosen)
        if not as_json:
            typer.echo(f"Deleted {chosen}.")
        return
    info = library.find_session(session, folder)
    if action is Action.REPAIR:
        info = library.repair(info)
    _print_one(info, as_json=as_json)


def _is_wanted(question: str) -> bool:
    """What is answered on the terminal; True where there is none: a script that names a session means it."""
    if sys.stdin is None or not sys.stdin.isatty():
        return True
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _print_list(found: "tuple[SessionInfo, ...]", folder: Path, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([info.as_record() for info in found], indent=2, ensure_ascii=False))
    elif not found:
        typer.echo(f"No sessions in {folder}.")
    else:
        for info in found:
            typer.echo(_line(info))


def _line(info: "SessionInfo") -> str:
    duration = "      –" if info.duration_s is None else f"{info.duration_s:6.1f} s"
    size_mb = info.size_bytes / 1e6
    return (
        f"{info.id:24} {info.state.value:11} {duration} {size_mb:8.1f} MB  {info.kind.value:9}  {info.source}"
    )


def _print_one(info: "SessionInfo", *, as_json: bool) -> None:
    record = info.as_record()
    if as_json:
        typer.echo(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        for key, value in record.items():
            typer.echo(f"{key:12} {'–' if value is None else value}")
