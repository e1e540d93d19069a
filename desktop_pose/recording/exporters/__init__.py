"""What a recording can be exported to: one format a module, all under the protocol of `protocol.py`."""

from desktop_pose.recording.exporters.registry import EXPORTERS, export

__all__ = ["EXPORTERS", "export"]
