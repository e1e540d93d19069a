"""The parts of the window, for `Commands` and `EngineView`, which work on them."""

from dataclasses import dataclass

from desktop_pose.ui.banner import BannerArea
from desktop_pose.ui.chart_dock import ChartDock
from desktop_pose.ui.control_bar import ControlBar
from desktop_pose.ui.picture_view import PictureView
from desktop_pose.ui.status_bar import StatusBar


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What the window is made of."""

    picture: PictureView
    banners: BannerArea
    controls: ControlBar
    status: StatusBar
    charts: ChartDock
