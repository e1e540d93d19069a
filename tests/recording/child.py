"""Records in a process of its own, to be killed: `python -m tests.recording.child FOLDER KIND [LIMIT]`.

Says the number of committed frames whenever it grows. With LIMIT no file may grow beyond that many bytes; it
then says how the recording ended.
"""

import sys
from pathlib import Path

import numpy as np

from desktop_pose.core.errors import RecordingError
from desktop_pose.core.frames import Size
from desktop_pose.core.settings import RecordingKind
from desktop_pose.recording.writer import SessionWriter
from tests.recording.conftest import make_frame, make_header, make_poses

SIZE = Size(160, 120)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    folder, kind = Path(sys.argv[1]), RecordingKind(sys.argv[2])
    if len(sys.argv) > 3:
        import resource

        limit = int(sys.argv[3])
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    rng = np.random.default_rng(3)
    writer = SessionWriter.create(folder, make_header(SIZE), kind)
    acknowledged = 0
    try:
        for index in range(100_000):
            writer.write(make_frame(rng, index, SIZE), make_poses(rng, index), 0)
            if writer.committed_frames > acknowledged:
                acknowledged = writer.committed_frames
                say(str(acknowledged))
    except RecordingError as error:
        say(f"refused: {error}")
    try:
        writer.finalise()
    except RecordingError:
        say("not finalised")


if __name__ == "__main__":
    main()
