"""What a recording can be exported to: one format a module, all under the protocol of `protocol.py`."""

from desktop_pose.recording.exporters.formats import FORMATS, Format
from desktop_pose.recording.exporters.protocol import ExportOptions
from desktop_pose.recording.exporters.registry import DATA_EXPORTERS
from desktop_pose.recording.exporters.writing import check_free, export, files_of_export

__all__ = ["DATA_EXPORTERS", "FORMATS", "ExportOptions", "Format", "check_free", "export", "files_of_export"]
