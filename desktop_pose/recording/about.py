"""Title and note, which the user gives a session: a small file beside what was recorded and stays untouched.

The file is `about.json`: one object with the texts `title` and `note`. Without it a session has neither.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from desktop_pose.core.whole_file import write_whole
from desktop_pose.recording.problems import writing_failed
from desktop_pose.recording.session import ABOUT_FILE

LONGEST_TITLE = 200
LONGEST_NOTE = 10_000
_LARGEST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class SessionAbout:
    """What the user says of a session; what is too long is cut off.

    Attributes:
        title: A name, in one line; may be empty.
        note: Anything; may be empty.
    """

    title: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", " ".join(self.title.split())[:LONGEST_TITLE])
        object.__setattr__(self, "note", self.note.strip()[:LONGEST_NOTE])


def read_about(session: Path) -> SessionAbout:
    """What the user says of the session in the folder `session`; nothing where the file is missing or bad."""
    try:
        with (session / ABOUT_FILE).open("rb") as file:
            content = json.loads(file.read(_LARGEST_BYTES))
    except (OSError, ValueError, RecursionError):
        return SessionAbout()
    if not isinstance(content, dict):
        return SessionAbout()
    texts = {key: content.get(key) for key in ("title", "note")}
    return SessionAbout(**{key: text for key, text in texts.items() if isinstance(text, str)})


def write_about(session: Path, about: SessionAbout) -> None:
    """Keep `about` for the session in the folder `session`, in place of what was said before.

    Raises:
        RecordingError: It cannot be written; what was said before stays.
    """
    content = json.dumps(asdict(about), ensure_ascii=False, indent=2) + "\n"
    try:
        write_whole(session / ABOUT_FILE, content.encode("utf-8", "replace"), is_private=True)
    except OSError as error:
        raise writing_failed(error, session) from error
