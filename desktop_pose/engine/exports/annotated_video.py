"""Annotated video: the pictures with the skeletons, with angles and charts if wanted, as H.264.

The rate is constant. Each picture of the video is the recorded one nearest in time, with the people of that
very picture: people moved to the exact time would no longer lie on it. Across a gap of more than 0.25 s the
picture before and then the one after it stand still without people. Where there is no picture, the skeletons
are drawn on black.
"""

from collections.abc import Iterable
from contextlib import ExitStack, closing
from fractions import Fraction

from desktop_pose.core.errors import ExportError
from desktop_pose.core.frames import Image, Size
from desktop_pose.recording.exporters.formats import FORMATS
from desktop_pose.recording.exporters.protocol import (
    ExportOptions,
    NewFiles,
    Progress,
    Teller,
)
from desktop_pose.recording.exporters.resampling import ConstantRate
from desktop_pose.recording.exporters.spool import spooled
from desktop_pose.recording.recorded import RecordedPoses

_SHARE = 0.4


class AnnotatedVideo:
    """Writes one video of all people."""

    format = FORMATS["video"]

    def check(self) -> None:
        """Make sure that there is an encoder, and what paints.

        Raises:
            ExportError: There is not.
        """
        try:
            import desktop_pose.engine.exports.painting  # noqa: F401
            from desktop_pose.engine.exports.h264 import check_encoder
        except ImportError as error:
            raise ExportError(
                f"The annotated video needs a library that cannot be loaded ({error})",
                "desktop-pose doctor says how to install it",
            ) from error
        check_encoder()

    def write(
        self, recorded: RecordedPoses, files: NewFiles, options: ExportOptions, progress: Progress
    ) -> None:
        """Write `recorded` to one new file; see `Exporter`."""
        from desktop_pose.engine.exports.angle_charts import AngleCharts
        from desktop_pose.engine.exports.h264 import H264Writer
        from desktop_pose.engine.exports.painting import above_charts, painted

        with spooled(recorded, files.folder, raw=options.raw, progress=progress, share=_SHARE) as spool:
            rate = ConstantRate(spool, options.rate_hz, self.format.title)
            teller = Teller(progress)
            path, size = files.new(), spool.size
            with ExitStack() as stack:
                pictures: Iterable[Image] = stack.enter_context(closing(painted(spool, rate, options)))
                if options.charts:
                    charts = AngleCharts(spool, options.charts, size)
                    times_s = (number / rate.rate_hz for number in range(rate.count))
                    pictures = above_charts(pictures, charts, times_s)
                    size = Size(size.width_px, size.height_px + charts.size.height_px)
                exact_hz = Fraction(rate.rate_hz).limit_denominator(1001)
                video = stack.enter_context(H264Writer(path, size, exact_hz))
                for number, picture in enumerate(pictures, 1):
                    video.write(picture)
                    teller.tell(len(spool.frames) * (_SHARE + (1 - _SHARE) * number / rate.count))
            teller.insist(len(spool.frames))
