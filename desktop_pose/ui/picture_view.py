"""Shows the engine's pictures pixel by pixel, and tells the engine how large they shall be.

Where several people may be followed, a click on one locks the tracker on that one, and the next click,
wherever, lets it follow everybody again.
"""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QCursor,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWindow,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_pose.core.frames import Size
from desktop_pose.core.poses import Person
from desktop_pose.core.settings import Settings
from desktop_pose.engine.controller import Controller
from desktop_pose.engine.flow import Picture
from desktop_pose.render.picking import person_at
from desktop_pose.render.placement import Placement
from desktop_pose.ui.placeholder import Notice, Placeholder
from desktop_pose.ui.seen import can_be_seen
from desktop_pose.ui.theme import PICTURE_BACKGROUND

_VEIL = QColor(16, 18, 20, 170)
_HOW_TO_LOCK = "Click a person to follow nobody else; click again, or press Esc, to follow everybody"


class PictureView(QWidget):
    """The picture in the middle of the window.

    The newest picture is taken when it is painted, not when it is announced, so that what is painted is as
    young as can be.

    **Signals**
        resized(): What lies on it has to follow.
    """

    resized = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._picture: Picture | None = None
        self._told: Size | None = None
        self._notice: Notice | None = None
        self.placeholder = Placeholder(self)
        self.setMinimumSize(320, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        # Every pixel is painted here, the bars included: Qt need not erase what is below.
        self.setAutoFillBackground(False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Picture")
        # A click on the picture takes the focus from the controls, and with it the space bar.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._allow_lock(controller.settings)
        controller.picture_ready.connect(self.on_picture_ready)
        controller.settings_changed.connect(self.on_settings_changed)

    def sizeHint(self) -> QSize:
        """Large enough for a usual camera at three quarters."""
        return QSize(960, 540)

    @property
    def notice(self) -> Notice | None:
        """What is said in place of, or over, the picture."""
        return self._notice

    def show_notice(self, notice: Notice | None) -> None:
        """Say `notice` over the last picture, which is dimmed; None shows the picture as it is."""
        self._notice = notice
        self.placeholder.show_notice(notice)
        self.update()

    def forget_picture(self) -> None:
        """Leave nothing of the source that was shown before."""
        self._picture = None
        self.update()

    @property
    def locked_id(self) -> int | None:
        """The person whom the tracker is locked on in the picture shown; None where it is not, or stopped."""
        if self._picture is None or self._notice is not None:
            return None
        return self._picture.poses.locked_id

    @Slot(object)
    def on_settings_changed(self, settings: Settings) -> None:
        """Offer the lock where several people may be followed."""
        self._allow_lock(settings)

    @Slot()
    def on_picture_ready(self) -> None:
        """A picture waits: paint soon, and ask for no more if the system says that the window is covered."""
        self.update()
        if not can_be_seen(self):
            self.update_view_size()

    def update_view_size(self) -> None:
        """Tell the engine the size in device pixels; None while nobody can see the picture."""
        ratio = self.devicePixelRatioF()
        size = Size(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))
        told = size if can_be_seen(self) else None
        if told != self._told:
            self._told = told
            self._controller.set_view(told)
        self._watch_window(is_watched=told is None)

    def _watch_window(self, *, is_watched: bool) -> None:
        """Only while nobody sees the picture: Python is called for each event of the window."""
        handle: QWindow | None = self.window().windowHandle()
        if handle is not None and is_watched:
            handle.installEventFilter(self)  # once, however often
        elif handle is not None:
            handle.removeEventFilter(self)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  # Qt's
        """Paint the newest picture 1:1, or the last one scaled if its size is no longer that of the view."""
        taken = self._controller.take_picture()
        if taken is not None:
            self._picture = taken
            if self.underMouse():
                self._refresh_cursor(self.mapFromGlobal(QPointF(QCursor.pos())))
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        # In device pixels from here on: a picture of the right size is then copied, not resampled.
        painter.scale(1 / ratio, 1 / ratio)
        area = QRect(0, 0, round(self.width() * ratio), round(self.height() * ratio))
        if self._picture is None:
            painter.fillRect(area, PICTURE_BACKGROUND)
        else:
            self._paint_picture(painter, self._picture, area)
        if self._notice is not None and self._picture is not None:
            painter.fillRect(area, _VEIL)
        painter.end()
        if taken is not None:
            self._controller.picture_painted(taken)

    def _paint_picture(self, painter: QPainter, picture: Picture, area: QRect) -> None:
        image = picture.image
        placement = Placement(Size(image.width(), image.height()), Size(area.width(), area.height()))
        shown, (left, top) = placement.picture, placement.offset_px
        target = QRect(left, top, shown.width_px, shown.height_px)
        for bar in (
            QRect(0, 0, area.width(), top),
            QRect(0, target.bottom() + 1, area.width(), area.height() - target.bottom() - 1),
            QRect(0, top, left, target.height()),
            QRect(target.right() + 1, top, area.width() - target.right() - 1, target.height()),
        ):
            painter.fillRect(bar, PICTURE_BACKGROUND)
        if target.size() == image.size():
            painter.drawImage(target.topLeft(), image)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, image)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Lock on the person clicked, or open the lock."""
        super().mousePressEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton or not self._is_lock_allowed:
            return
        if self.locked_id is not None:
            self._controller.lock_on(None)
        elif (person := self._person_at(event.position())) is not None:
            self._controller.lock_on(person.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show whether a click would do something."""
        super().mouseMoveEvent(event)
        self._refresh_cursor(event.position())

    def _allow_lock(self, settings: Settings) -> None:
        self._is_lock_allowed = settings.people > 1
        self.setMouseTracking(self._is_lock_allowed)
        self.setToolTip(_HOW_TO_LOCK if self._is_lock_allowed else "")
        if not self._is_lock_allowed:
            self.unsetCursor()

    def _refresh_cursor(self, position: QPointF) -> None:
        if not self._is_lock_allowed:
            return
        if self.locked_id is not None or self._person_at(position) is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def _person_at(self, position: QPointF) -> Person | None:
        """The person in the picture at a place of the widget."""
        picture = self._picture
        if picture is None or self._notice is not None:
            return None
        ratio = self.devicePixelRatioF()
        view = Size(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))
        placement = Placement(picture.frame_size, view, picture.is_mirrored)
        point_px = placement.to_frame(np.array((position.x() * ratio, position.y() * ratio)))
        return person_at(picture.poses.people, picture.frame_size, point_px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for pictures of the new size."""
        super().resizeEvent(event)
        self.placeholder.setGeometry(self.rect())
        self.update_view_size()
        self.resized.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for pictures."""
        super().showEvent(event)
        self.update_view_size()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's
        """Ask for pictures again when the system uncovers the window."""
        if event.type() is QEvent.Type.Expose:
            self.update_view_size()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for no more pictures."""
        super().hideEvent(event)
        self.update_view_size()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the move to a screen of another pixel ratio."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self.update_view_size()
