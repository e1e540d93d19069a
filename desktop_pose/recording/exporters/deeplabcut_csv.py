"""DeepLabCut's CSV: positions in the picture with their likelihood under a header of three or four rows.

Source: DeepLabCut 2 and 3, the tables of `analyze_videos`: scorer, individuals (with several), bodyparts,
coords.
"""

import math

from desktop_pose.core.topology import LANDMARK_COUNT, LANDMARK_NAMES
from desktop_pose.recording.exporters.always import AlwaysThere
from desktop_pose.recording.exporters.columns import IMAGE_COLUMNS, in_pixels
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.protocol import ExportOptions, NewFiles, Progress, Teller
from desktop_pose.recording.exporters.spool import Spool, spooled
from desktop_pose.recording.recorded import RecordedPoses

_SHARE = 0.7
_COORDS = ("x", "y", "likelihood")
_TAKEN = [IMAGE_COLUMNS.index(name) for name in ("x_px", "y_px", "visibility")]
_NUMBERS_PER_PERSON = LANDMARK_COUNT * len(_COORDS)
_NOBODY = "," * (_NUMBERS_PER_PERSON - 1)
_KNOWN = ",".join(["%.6g"] * _NUMBERS_PER_PERSON)


class DeepLabCutCsv(AlwaysThere):
    """Writes the landmarks as DeepLabCut writes its own."""

    format = FORMATS["deeplabcut"]

    def write(
        self, recorded: RecordedPoses, files: NewFiles, options: ExportOptions, progress: Progress
    ) -> None:
        """Write `recorded` to one new file; see `Exporter`."""
        with (
            spooled(recorded, files.folder, raw=options.raw, progress=progress, share=_SHARE) as spool,
            files.new().open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file,
        ):
            people = spool.people or (0,)
            file.write(_header(spool, people))
            teller = Teller(progress)
            count = len(spool.frames)
            for number, frame in enumerate(spool.frames["index"].tolist()):
                there = _texts_at(spool, number)
                cells = ",".join(there.get(person, _NOBODY) for person in people)
                file.write(f"{frame},{cells}\n")
                teller.tell(_SHARE * count + (1 - _SHARE) * (number + 1))
            teller.insist(count)


def _header(spool: Spool, people: tuple[int, ...]) -> str:
    scorer = f"desktop-pose_{spool.header.get('model', 'unknown')}"
    parts = [name for name in LANDMARK_NAMES for _ in _COORDS] * len(people)
    rows = [["scorer", *[scorer] * len(parts)]]
    if len(people) > 1:
        rows.append(["individuals", *(f"person{id_}" for id_ in people for _ in range(_NUMBERS_PER_PERSON))])
    rows.append(["bodyparts", *parts])
    rows.append(["coords", *_COORDS * (len(parts) // len(_COORDS))])
    return "".join(",".join(row) + "\n" for row in rows)


def _texts_at(spool: Spool, number: int) -> dict[int, str]:
    """The cells of each person there is in the frame with this number."""
    first = int(spool.frames["first_row"][number])
    rows = slice(first, first + int(spool.frames["people"][number]))
    values = in_pixels(spool.values[rows], spool.size)[:, :, _TAKEN]
    return {
        person: _texts(numbers.ravel().tolist())
        for person, numbers in zip(spool.rows["person"][rows].tolist(), values, strict=True)
    }


def _texts(numbers: list[float]) -> str:
    if any(map(math.isnan, numbers)):
        return ",".join("" if math.isnan(number) else f"{number:.6g}" for number in numbers)
    return _KNOWN % tuple(numbers)
