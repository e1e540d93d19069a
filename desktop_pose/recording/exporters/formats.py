"""The formats there are, declared once: command line, window and exporters take them from here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """What is known of a format without writing it.

    Attributes:
        name: The word for it on the command line.
        suffix: What its files end in, with the dot.
        title: A few words for the window.
        sentence: What it is good for, one sentence without a final full stop.
        has_constant_rate: Whether frames are resampled to one rate.
        is_file_per_person: Whether each person gets a file of their own.
        shows_pictures: Whether it shows the pictures of the recording, with angles and charts if wanted.
        other_suffixes: Further suffixes it can write.
    """

    name: str
    suffix: str
    title: str
    sentence: str
    has_constant_rate: bool = False
    is_file_per_person: bool = False
    shows_pictures: bool = False
    other_suffixes: tuple[str, ...] = ()

    @property
    def suffixes(self) -> tuple[str, ...]:
        """All suffixes it can write."""
        return (self.suffix, *self.other_suffixes)


def _per_person(name: str, title: str, sentence: str) -> Format:
    return Format(name, f".{name}", title, sentence, has_constant_rate=True, is_file_per_person=True)


_ALL = (
    Format(
        "csv",
        ".csv",
        "CSV, a row per landmark",
        "One row per frame, person and landmark, as R and pandas like it",
    ),
    Format(
        "wide-csv",
        ".csv",
        "CSV, a row per person",
        "One row per frame and person with 264 columns, as spreadsheets like it",
    ),
    Format(
        "frames-csv",
        ".csv",
        "CSV, a row per frame",
        "No landmarks: the time of each frame, how many people are in it, and what was lost",
    ),
    Format(
        "parquet",
        ".parquet",
        "Parquet",
        "The rows of the first CSV, small and fast to read",
    ),
    Format("json", ".json", "JSON", "Landmarks and all that is known of the recording, to the last digit"),
    Format("jsonl", ".jsonl", "JSON Lines", "The same as JSON with a line per frame"),
    Format("npz", ".npz", "NumPy arrays (NPZ)", "Arrays for numpy.load with one row per frame and person"),
    _per_person("trc", "OpenSim markers (TRC)", "World landmarks in metres for OpenSim and the like"),
    _per_person("mot", "Joint angles (MOT)", "Joint angles in degrees over time for OpenSim and the like"),
    _per_person("c3d", "Motion capture (C3D)", "World landmarks in millimetres for motion-capture programs"),
    Format(
        "deeplabcut",
        ".csv",
        "DeepLabCut CSV",
        "Positions in the picture under DeepLabCut's header, for the programs that read its files",
    ),
    _per_person("bvh", "Animation (BVH)", "A moving skeleton for Blender and other animation programs"),
    Format(
        "video",
        ".mp4",
        "Annotated video (MP4)",
        "The picture with the skeletons drawn in, to be shown and shared",
        has_constant_rate=True,
        shows_pictures=True,
        other_suffixes=(".mkv",),
    ),
)

FORMATS: dict[str, Format] = {each.name: each for each in _ALL}
"""Every format by its name; a suffix that several have means the first."""
