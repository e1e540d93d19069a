"""The formats that need nothing but the data. Those that need more are in `engine.exports`."""

from desktop_pose.recording.exporters.c3d import C3d
from desktop_pose.recording.exporters.deeplabcut_csv import DeepLabCutCsv
from desktop_pose.recording.exporters.frames_csv import FramesCsv
from desktop_pose.recording.exporters.json_landmarks import JsonLandmarks
from desktop_pose.recording.exporters.json_lines import JsonLines
from desktop_pose.recording.exporters.npz import Npz
from desktop_pose.recording.exporters.parquet import Parquet
from desktop_pose.recording.exporters.protocol import Exporter
from desktop_pose.recording.exporters.tidy_csv import TidyCsv
from desktop_pose.recording.exporters.trc import Trc
from desktop_pose.recording.exporters.wide_csv import WideCsv

DATA_EXPORTERS: tuple[Exporter, ...] = (
    TidyCsv(),
    WideCsv(),
    FramesCsv(),
    JsonLandmarks(),
    JsonLines(),
    Npz(),
    Parquet(),
    DeepLabCutCsv(),
    Trc(),
    C3d(),
)
"""Every exporter there is here."""
