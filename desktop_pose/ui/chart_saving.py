"""Lets a chart save itself: as a picture, as a drawing, or its numbers.

pyqtgraph's own exporters take the plot alone, and its CSV the points that are drawn. A chart here is the plot
with the title and legend around it, and draws fewer points than it has: so Qt paints the whole of it, into
a picture or a drawing, and the numbers are those the chart was given.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QImage, QImageWriter, QPainter, QPalette, QPen, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QFileDialog,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMessageBox,
    QToolButton,
    QWidget,
)

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.core.places import pictures_dir
from desktop_pose.core.whole_file import write_whole
from desktop_pose.engine.jobs import Job, Progress
from desktop_pose.ui.dialog_buttons import without_icons
from desktop_pose.ui.wording import bug_in_words

StartJob = Callable[[str, Callable[[Progress], object]], Job]
"""Begins work on a thread of its own that somebody waits for at the end."""

_SCALE = 3
"""Pixels of a saved picture per pixel on screen: sharp in print at the size it has on screen."""

_SVG_DPI = 96
_MARGIN_PX = 8
_LEAST_SIZE = QSize(640, 300)
"""Of a saved chart: beside others in the window it may be lower than anybody would print it."""

_LINES = (pyqtgraph.PlotCurveItem, pyqtgraph.InfiniteLine)

_WAYS = (
    ("Save as picture (PNG)…", ".png", "Pictures (*.png)"),
    ("Save as drawing (SVG)…", ".svg", "Drawings (*.svg)"),
    ("Save numbers (CSV)…", ".csv", "Tables (*.csv)"),
)


@dataclass(frozen=True, slots=True, eq=False)
class ChartNumbers:
    """What a chart was given.

    Attributes:
        times_s: (n,) seconds, rising.
        columns: (n,) values by the names of the curves; NaN where unknown.
    """

    times_s: NDArray[np.float64]
    columns: Mapping[str, NDArray[np.floating]]


class ChartSaver(QObject):
    """The menu of a chart, on its button and on a right click.

    Args:
        chart: What is painted.
        plot: The plot in it.
        name: What the chart is called, for the proposed file.
        numbers: Gives the numbers behind it.
        start_job: Begins the writing.
        prepare: Called with True before the chart is painted for a file, and with False after.

    Attributes:
        button: Opens the menu; to be put into the chart.
        menu: One action for each way to save.
    """

    def __init__(
        self,
        chart: QWidget,
        plot: pyqtgraph.PlotWidget,
        name: str,
        numbers: Callable[[], ChartNumbers],
        start_job: StartJob,
        prepare: Callable[[bool], object] = lambda _begins: None,
    ) -> None:
        super().__init__(chart)
        self._chart = chart
        self._plot = plot
        self._prepare = prepare
        self._name = name
        self._numbers = numbers
        self._start_job = start_job
        self._folder: Path | None = None
        self.menu = QMenu(chart)
        for text, suffix, kind in _WAYS:
            action = self.menu.addAction(text)
            action.triggered.connect(partial(self._ask, suffix, kind))
        self.button = QToolButton()
        self.button.setText("⋯")
        self.button.setAutoRaise(True)
        self.button.setAccessibleName(f"Save the chart {name}")
        self.button.setToolTip("Save this chart as a picture, a drawing or numbers")
        # A menu of its own would paint an arrow on the dots; a style sheet against that keeps old colours.
        self.button.clicked.connect(self._open_menu)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chart.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        chart.customContextMenuRequested.connect(lambda place: self.menu.popup(chart.mapToGlobal(place)))
        policy = self.button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(policy)

    def save(self, path: Path) -> Job:
        """Begin to save to `path`, as its suffix says; the job gives `path`.

        What is saved is the chart of this moment.
        """
        content: Callable[[], bytes]
        if path.suffix.lower() == ".csv":
            content = partial(_as_csv, self._numbers())
        else:
            picture = self._as_svg() if path.suffix.lower() == ".svg" else self._as_png()
            content = partial(bytes, picture)

        def work(_progress: Progress) -> Path:
            try:
                write_whole(path, content())
            except OSError as error:
                raise DesktopPoseError(
                    f"The chart could not be saved as {path} ({error.strerror or error})",
                    "Choose another folder, or free some space",
                ) from error
            return path

        job = self._start_job("charts", work)
        job.failed.connect(self._on_failed)
        job.crashed.connect(self._on_crashed)
        return job

    @Slot()
    def _open_menu(self) -> None:
        self.menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _ask(self, suffix: str, kind: str) -> None:
        folder = self._folder or pictures_dir()
        if not folder.is_dir():
            folder = Path.home()
        dialog = QFileDialog(self._chart, "Save the chart", str(folder), kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix.removeprefix("."))
        dialog.selectFile(f"{self._name}{suffix}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(partial(self._on_chosen, suffix))
        dialog.open()

    def _on_chosen(self, suffix: str, text: str) -> None:
        path = Path(text)
        self._folder = path.parent
        self.save(path if path.suffix.lower() == suffix else path.with_name(path.name + suffix))

    def _as_png(self) -> bytes:
        with self._enlarged() as size:
            image = QImage(size * _SCALE, QImage.Format.Format_RGB32)
            image.setDevicePixelRatio(_SCALE)
            with _widened(self._plot, _SCALE):
                self._paint(image, size)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        return bytes(buffer.data().data())

    def _as_svg(self) -> bytes:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        drawing = QSvgGenerator()
        drawing.setOutputDevice(buffer)
        drawing.setResolution(_SVG_DPI)
        drawing.setTitle(self._name)
        with self._enlarged() as size:
            drawing.setSize(size)
            drawing.setViewBox(QRectF(QPoint(), size))
            self._paint(drawing, size)
        return bytes(buffer.data().data())

    @contextmanager
    def _enlarged(self) -> Iterator[QSize]:
        """The chart as large as one that stands alone, for as long as no event is handled.

        Yields:
            Its size with margins.
        """
        size, layout = self._chart.size(), self._chart.layout()
        had_button, cache = self.button.isVisibleTo(self._chart), self._plot.cacheMode()
        self._plot.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)  # a drawing has no pixels
        self.button.hide()
        self._chart.resize(size.expandedTo(_LEAST_SIZE))
        self._prepare(True)
        if layout is not None:
            layout.activate()
        try:
            yield self._chart.size() + QSize(2 * _MARGIN_PX, 2 * _MARGIN_PX)
        finally:
            self._chart.resize(size)
            self._prepare(False)
            self._plot.setCacheMode(cache)
            self.button.setVisible(had_button)
            if layout is not None:
                layout.activate()

    def _paint(self, device: QImage | QSvgGenerator, size: QSize) -> None:
        painter = QPainter(device)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(QRectF(QPoint(), size), self._chart.palette().color(QPalette.ColorRole.Window))
            place = QPoint(_MARGIN_PX, _MARGIN_PX)
            self._chart.render(painter, place, QRegion(), QWidget.RenderFlag.DrawChildren)
        finally:
            painter.end()

    @Slot(object)
    def _on_failed(self, error: DesktopPoseError) -> None:
        self._tell(str(error))

    @Slot(str)
    def _on_crashed(self, message: str) -> None:
        self._tell(bug_in_words(message, "The chart was not saved"))

    def _tell(self, words: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "Save the chart", words, parent=self._chart)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        without_icons(box).open()


@contextmanager
def _widened(plot: pyqtgraph.PlotWidget, scale: float) -> Iterator[None]:
    """Lines as wide in a picture of `scale` as on screen: pyqtgraph's pens count pixels of the picture."""
    items = [item for item in plot.getPlotItem().items if isinstance(item, _LINES)]
    pens = [item.opts["pen"] if isinstance(item, pyqtgraph.PlotCurveItem) else item.pen for item in items]
    for item, pen in zip(items, pens, strict=True):
        wide = QPen(pen)
        wide.setWidthF(max(1.0, pen.widthF()) * scale)
        item.setPen(wide)
    try:
        yield
    finally:
        for item, pen in zip(items, pens, strict=True):
            item.setPen(pen)


def titled(title: QLabel, saver: ChartSaver) -> QHBoxLayout:
    """A row with the title of a chart and the button of its menu."""
    row = QHBoxLayout()
    row.addWidget(title, 1)
    row.addWidget(saver.button)
    return row


def _as_csv(numbers: ChartNumbers) -> bytes:
    """A row a time, a column a curve; what is unknown is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("time_s", *(name.replace(" ", "_") for name in numbers.columns)))
    columns = [column.tolist() for column in numbers.columns.values()]
    for time_s, *values in zip(numbers.times_s.tolist(), *columns, strict=True):
        writer.writerow((f"{time_s:.6f}", *("" if value != value else f"{value:.6g}" for value in values)))
    return text.getvalue().encode()
