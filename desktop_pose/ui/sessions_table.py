"""The table of the sessions, and what stands in its place while it is empty."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QWidget

from desktop_pose.recording.catalogue import CatalogueEntry
from desktop_pose.ui.sessions_model import Column, SessionsFilter
from desktop_pose.ui.sessions_previews import PREVIEW_SIZE, PreviewDelegate
from desktop_pose.ui.theme import subdued

_GAP_PX = 5
_WIDTHS_PX = {
    Column.PICTURE: PREVIEW_SIZE.width() + 2 * _GAP_PX,
    Column.TITLE: 190,
    Column.STARTED: 130,
    Column.LENGTH: 64,
    Column.SIZE: 76,
    Column.PEOPLE: 62,
    Column.MODEL: 62,
    Column.STATE: 92,
}


class SessionsTable(QTableView):
    """Rows of sessions, several of which can be chosen.

    **Signals**
        opened(): The user wants to play the session he is at.
    """

    opened = Signal()

    _is_made = False

    def __init__(self, rows: SessionsFilter, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setModel(rows)
        self.setAccessibleName("Sessions")
        self.setItemDelegateForColumn(Column.PICTURE, PreviewDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        # A double click plays; F2 and the menu edit.
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setAlternatingRowColors(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(PREVIEW_SIZE.height() + 2 * _GAP_PX)
        heading = self.horizontalHeader()
        heading.setHighlightSections(False)
        heading.setStretchLastSection(True)
        heading.setSortIndicatorClearable(False)
        for column, width_px in _WIDTHS_PX.items():
            self.setColumnWidth(column, width_px)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.STARTED, Qt.SortOrder.DescendingOrder)
        self._words = QLabel(self.viewport())
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        self._words.setMargin(24)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._colour_words()
        self.viewport().installEventFilter(self)
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        self._is_made = True

    @property
    def words(self) -> str:
        """What is said in place of rows."""
        return self._words.text()

    def say(self, text: str) -> None:
        """Say `text` in place of rows; nothing while there are any."""
        self._words.setText(text)
        self._words.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._is_made:
            self._colour_words()

    def chosen(self) -> tuple[CatalogueEntry, ...]:
        """The sessions chosen, in the order of the rows."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._rows.entry(row) for row in rows)

    def edit_cell(self, column: Column) -> None:
        """Let the user edit the title or the note of the session he is at."""
        index = self.currentIndex()
        if index.isValid():
            self.edit(self._rows.index(index.row(), column))

    def _colour_words(self) -> None:
        palette = self._words.palette()
        palette.setColor(QPalette.ColorRole.WindowText, subdued(self.palette()))
        self._words.setPalette(palette)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's
        """Keep the words in the middle."""
        if watched is self.viewport() and event.type() is QEvent.Type.Resize:
            self._words.setGeometry(self.viewport().rect())
        return super().eventFilter(watched, event)
