"""The previews of the sessions in view: looked for only where somebody is looking, a few at a time."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, QObject, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from desktop_pose.engine.jobs import Job
from desktop_pose.engine.library import Library
from desktop_pose.engine.thumbnails import THUMBNAIL_SIZE, Preview
from desktop_pose.ui.sessions_model import AnyIndex, SessionsFilter, SessionsModel
from desktop_pose.ui.theme import PICTURE_BACKGROUND

PREVIEW_SIZE = QSize(THUMBNAIL_SIZE.width_px // 2, THUMBNAIL_SIZE.height_px // 2)
"""In the window's own pixels; a fine screen shows all there is."""

_PAUSE_MS = 60
"""So long a scroll has to rest."""

_AT_ONCE = 6


class PreviewLoader(QObject):
    """Keeps one job looking into the sessions in view that nobody has looked into."""

    def __init__(
        self, table: QTableView, model: SessionsModel, rows: SessionsFilter, library: Library
    ) -> None:
        super().__init__(table)
        self._table, self._model, self._rows, self._library = table, model, rows, library
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._look)
        table.verticalScrollBar().valueChanged.connect(self.look_soon)
        table.verticalScrollBar().rangeChanged.connect(self.look_soon)
        rows.layoutChanged.connect(self.look_soon)
        rows.rowsInserted.connect(self.look_soon)
        rows.modelReset.connect(self.look_soon)

    @Slot()
    def look_soon(self) -> None:
        """Look into what is in view, once it has been there for a moment."""
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        if self._job is not None or not self._table.isVisible():
            return
        wanted = self._wanted()
        if wanted:
            self._job = self._library.look_into(wanted)
            self._job.succeeded.connect(self._on_seen)
            self._job.finished.connect(self._on_finished)

    def _wanted(self) -> tuple[Path, ...]:
        first = max(self._table.rowAt(0), 0)
        last = self._table.rowAt(self._table.viewport().height() - 1)
        count = self._rows.rowCount()
        last = count - 1 if last < 0 else last
        entries = [self._rows.entry(row) for row in range(first, min(last + 1, count))]
        return tuple(entry.path for entry in entries if self._model.lacks_preview(entry))[:_AT_ONCE]

    @Slot(object)
    def _on_seen(self, previews: tuple[Preview, ...] | None) -> None:
        self._model.show_previews(previews or ())

    @Slot()
    def _on_finished(self) -> None:
        self._job = None
        self._look()


class PreviewDelegate(QStyledItemDelegate):
    """Paints a preview in the middle of a dark place, which is there before it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint one cell."""
        image = index.data(Qt.ItemDataRole.DecorationRole)
        super().paint(painter, option, QModelIndex())
        place = QRect(0, 0, PREVIEW_SIZE.width(), PREVIEW_SIZE.height())
        place.moveCenter(option.rect.center())
        painter.fillRect(place, PICTURE_BACKGROUND)
        if isinstance(image, QImage):
            fitted = QRect(place)
            fitted.setSize(image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio))
            fitted.moveCenter(place.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(fitted, image)
