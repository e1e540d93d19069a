"""Chooses what encodes video from what this machine has, H.264 first.

x264 is in PyAV's wheels and gives the most for its cost; where it is missing (a build without it for its
licence), the system's own encoders are tried, then MPEG-4 and Motion JPEG, which FFmpeg itself brings along.
"""

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop_pose.core.frames import Size
from desktop_pose.core.settings import VideoQuality

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

TIME_BASE = Fraction(1, 1000)
"""Matroska as FFmpeg writes it knows milliseconds only; `landmarks.sqlite` has the nanoseconds."""

_X264 = "libx264"
_CANDIDATES = (
    _X264,
    "h264_videotoolbox",  # macOS
    "h264_mf",  # Windows
    "h264_nvenc",
    "h264_amf",
    "h264_v4l2m2m",  # boards such as the Raspberry Pi
    "libopenh264",
    "mpeg4",
    "mjpeg",
)
_KEY_FRAME_INTERVAL = 30  # seeking decodes at most so many frames
_NOMINAL_FPS = 30  # encoders want to hear one; the frames' own times are what counts
_BT601, _LIMITED_RANGE = 6, 1  # AVCOL_SPC_SMPTE170M and AVCOL_RANGE_MPEG: what cv2.cvtColor makes
_FULL_RANGE = 2  # AVCOL_RANGE_JPEG: Motion JPEG knows no other

_CRF = {VideoQuality.HIGH: 18, VideoQuality.MEDIUM: 23, VideoQuality.LOW: 28}
"""x264's constant rate factor. Measured at 720p: `docs/session-format.md`."""
_BITS_PER_PIXEL = {VideoQuality.HIGH: 0.3, VideoQuality.MEDIUM: 0.15, VideoQuality.LOW: 0.08}
"""Of a frame, for encoders that are told a bit rate: 4 Mbit/s at 1280x720, 30 frames/s and medium quality."""
_LESS_CRF = 6
_LESS_BITS = 0.5
"""What a lower bit rate means: about half, by either scale."""


class EncoderSettings:
    """What an encoder is asked for.

    Args:
        name: FFmpeg's name of the encoder.
        size: Size of the coded pictures, even both ways.
        quality: As the user wants it.
        is_reduced: Whether about half the bit rate must do.
    """

    def __init__(self, name: str, size: Size, quality: VideoQuality, *, is_reduced: bool = False) -> None:
        self.name = name
        self._size = size
        self._quality = quality
        self._is_reduced = is_reduced

    @property
    def options(self) -> dict[str, str]:
        """Options of FFmpeg's encoder."""
        if self.name != _X264:
            return {}
        crf = _CRF[self._quality] + _LESS_CRF * self._is_reduced
        # Stitchable: the parameter sets do not depend on the rate, which may then change within a file.
        return {"preset": "ultrafast", "tune": "zerolatency", "crf": str(crf), "x264-params": "stitchable=1"}

    def apply(self, context: "VideoCodecContext") -> None:
        """Set up `context`, which is not open yet."""
        size = self._size
        context.width, context.height, context.pix_fmt = size.width_px, size.height_px, self.pixel_format
        context.time_base = TIME_BASE
        context.framerate = Fraction(_NOMINAL_FPS)
        context.gop_size = _KEY_FRAME_INTERVAL
        context.max_b_frames = 0
        context.thread_count = 1  # the work stays on the thread whose cost is shown
        context.colorspace = _BT601
        context.color_range = _FULL_RANGE if self.name == "mjpeg" else _LIMITED_RANGE
        context.options = self.options
        if self.name != _X264:
            share = _BITS_PER_PIXEL[self._quality] * (_LESS_BITS if self._is_reduced else 1)
            context.bit_rate = round(share * size.width_px * size.height_px * _NOMINAL_FPS)

    @property
    def pixel_format(self) -> str:
        """How FFmpeg calls the pictures the encoder takes; all are planar, with a quarter of the colour."""
        return "yuvj420p" if self.name == "mjpeg" else "yuv420p"


def open_context(settings: EncoderSettings) -> "VideoCodecContext":
    """An open encoder, whose headers go before the pictures as Matroska wants them.

    Raises:
        FFmpegError: It is not there, or refuses.
    """
    import av
    from av.codec.context import Flags

    context = av.CodecContext.create(settings.name, "w")
    assert isinstance(context, av.VideoCodecContext)
    settings.apply(context)
    context.flags |= Flags.global_header
    context.open()
    return context


@lru_cache(maxsize=8)
def best_encoder(size: Size) -> str:
    """FFmpeg's name of the best encoder here for pictures of `size`, even both ways."""
    import av

    for name in _CANDIDATES:
        if name not in av.codecs_available:
            continue
        try:
            context = open_context(EncoderSettings(name, size, VideoQuality.MEDIUM))
            # A driver may open without the device behind it.
            context.encode(av.VideoFrame(size.width_px, size.height_px, context.pix_fmt or "yuv420p"))
        except (OSError, ValueError, av.error.FFmpegError):
            continue
        return name
    raise RuntimeError("FFmpeg comes with an encoder for Motion JPEG")
