"""What the governor turns: how often the model runs, pictures are made and frames are decoded."""

from desktop_pose.core.cadence import Cadence


class Knobs:
    """Cadences of three stages. The governor sets their intervals; each is used on its stage's thread alone.

    Attributes:
        inference: In the time of the frames.
        display: In the time of their capture.
        decoding: Likewise.
        left_undecoded: Frames that `decoding` did not let through, counted by the capture thread.
    """

    def __init__(self) -> None:
        self.inference = Cadence()
        self.display = Cadence()
        self.decoding = Cadence()
        self.left_undecoded = 0
