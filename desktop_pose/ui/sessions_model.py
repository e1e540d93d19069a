"""The sessions as a table: what each cell says, and which rows a search leaves."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage

from desktop_pose.core.settings import RecordingKind
from desktop_pose.engine.thumbnails import Preview
from desktop_pose.recording.about import SessionAbout
from desktop_pose.recording.catalogue import CatalogueEntry
from desktop_pose.recording.session import SessionState
from desktop_pose.ui.session_words import length_in_words, name_of, started_in_words
from desktop_pose.ui.wording import in_bytes

AnyIndex = QModelIndex | QPersistentModelIndex

_SORT_ROLE = Qt.ItemDataRole.UserRole
_DAMAGED = "damaged"
_NO_INDEX = QModelIndex()


class Column(IntEnum):
    """The columns in their order."""

    PICTURE = 0
    TITLE = 1
    STARTED = 2
    LENGTH = 3
    SIZE = 4
    PEOPLE = 5
    MODEL = 6
    STATE = 7
    NOTE = 8


_HEADINGS = {
    Column.PICTURE: "",
    Column.TITLE: "Title",
    Column.STARTED: "Recorded",
    Column.LENGTH: "Length",
    Column.SIZE: "Size",
    Column.PEOPLE: "People",
    Column.MODEL: "Model",
    Column.STATE: "State",
    Column.NOTE: "Note",
}
_EDITABLE = (Column.TITLE, Column.NOTE)
_NUMBERS = (Column.LENGTH, Column.SIZE)


class SessionsModel(QAbstractTableModel):
    """All sessions, the newest first.

    **Signals**
        described(Path, SessionAbout): The user has given a session another title or note.
    """

    described = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._entries: list[CatalogueEntry] = []
        self._previews: dict[Path, Preview] = {}

    @property
    def entries(self) -> tuple[CatalogueEntry, ...]:
        """The sessions in the order of the rows."""
        return tuple(self._entries)

    def show_entries(self, entries: Iterable[CatalogueEntry]) -> None:
        """Show these sessions in place of the former ones; previews already known stay."""
        self.beginResetModel()
        self._entries = list(entries)
        paths = {entry.path for entry in self._entries}
        self._previews = {path: preview for path, preview in self._previews.items() if path in paths}
        self.endResetModel()

    def replace_entry(self, entry: CatalogueEntry) -> None:
        """Show how a session stands now."""
        for row, former in enumerate(self._entries):
            if former.path == entry.path:
                self._entries[row] = entry
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def remove(self, paths: Iterable[Path]) -> None:
        """Show these sessions no longer."""
        gone = set(paths)
        for row in reversed(range(len(self._entries))):
            if self._entries[row].path in gone:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._entries[row]
                self.endRemoveRows()

    def show_previews(self, previews: Iterable[Preview]) -> None:
        """Show what was seen in sessions."""
        known = {preview.path: preview for preview in previews}
        self._previews |= known
        for row, entry in enumerate(self._entries):
            if entry.path in known:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def lacks_preview(self, entry: CatalogueEntry) -> bool:
        """Whether it is worth a look into this session."""
        return entry.info is not None and entry.path not in self._previews

    def entry(self, row: int) -> CatalogueEntry:
        """The session of a row."""
        return self._entries[row]

    def name_of(self, path: Path) -> str:
        """What the session in this folder is called."""
        return next((name_of(entry) for entry in self._entries if entry.path == path), path.name)

    def rowCount(self, parent: AnyIndex = _NO_INDEX) -> int:  # noqa: N802  # Qt's
        """One row a session."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: AnyIndex = _NO_INDEX) -> int:  # noqa: N802  # Qt's
        """See `Column`."""
        return 0 if parent.isValid() else len(Column)

    def headerData(  # noqa: N802  # Qt's
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The names of the columns."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return _HEADINGS[Column(section)] if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Titles and notes can be edited."""
        flags = super().flags(index)
        is_editable = index.isValid() and Column(index.column()) in _EDITABLE
        return flags | Qt.ItemFlag.ItemIsEditable if is_editable else flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, and by what it is sorted."""
        if not index.isValid():
            return None
        entry, column = self._entries[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(entry, column)
        if role == Qt.ItemDataRole.DecorationRole and column is Column.PICTURE:
            return self._image(entry)
        if role == Qt.ItemDataRole.EditRole:
            return entry.about.title if column is Column.TITLE else entry.about.note
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(entry, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.AccessibleTextRole and column is Column.PICTURE:
            return f"Session {entry.path.name}"
        return self._key(entry, column) if role == _SORT_ROLE else None

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802  # Qt's
        """Take in what the user wrote; the cell changes once it is on disk."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        entry, column = self._entries[index.row()], Column(index.column())
        title = str(value) if column is Column.TITLE else entry.about.title
        note = str(value) if column is Column.NOTE else entry.about.note
        about = SessionAbout(title, note)
        if about != entry.about:
            self.described.emit(entry.path, about)
        return True

    def _image(self, entry: CatalogueEntry) -> QImage | None:
        preview = self._previews.get(entry.path)
        return None if preview is None else preview.image

    def _text(self, entry: CatalogueEntry, column: Column) -> str:
        if column is Column.PICTURE:
            return ""
        if column is Column.TITLE:
            return name_of(entry)
        if column is Column.NOTE:
            return " ".join(entry.about.note.split())
        if entry.info is None:
            return _DAMAGED if column is Column.STATE else "–"
        if column is Column.PEOPLE:
            preview = self._previews.get(entry.path)
            return "" if preview is None or preview.people is None else str(preview.people)
        return {
            Column.STARTED: started_in_words(entry),
            Column.LENGTH: length_in_words(entry) or "–",
            Column.SIZE: in_bytes(entry.info.size_bytes),
            Column.MODEL: entry.info.model,
            Column.STATE: entry.info.state.value,
        }[column]

    def _key(self, entry: CatalogueEntry, column: Column) -> object:
        info = entry.info
        if column is Column.STARTED:
            return 0.0 if entry.started is None else entry.started.timestamp()
        if column is Column.LENGTH:
            return -1.0 if info is None or info.duration_s is None else info.duration_s
        if column is Column.SIZE:
            return -1 if info is None else info.size_bytes
        if column is Column.PEOPLE:
            preview = self._previews.get(entry.path)
            return -1 if preview is None or preview.people is None else preview.people
        return self._text(entry, column).casefold()


class SessionsFilter(QSortFilterProxyModel):
    """The sessions in which all words of a search occur, sorted as the user wants."""

    def __init__(self, model: SessionsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._sessions = model
        self._words: tuple[str, ...] = ()
        self.setSortRole(_SORT_ROLE)
        self.setDynamicSortFilter(True)
        self.setSourceModel(model)

    def search(self, text: str) -> None:
        """Leave the sessions in which all words of `text` occur, in whatever case."""
        self._words = tuple(text.casefold().split())
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: AnyIndex) -> bool:  # noqa: N802, ARG002  # Qt's
        """Whether all words occur in what is said and known of the session."""
        text = searched_text(self._sessions.entry(row))
        return all(word in text for word in self._words)

    def entry(self, row: int) -> CatalogueEntry:
        """The session of a row as it is shown."""
        return self._sessions.entry(self.mapToSource(self.index(row, 0)).row())


def searched_text(entry: CatalogueEntry) -> str:
    """Everything a search looks at, in small letters."""
    parts = [entry.about.title, entry.about.note, entry.path.name]
    if entry.info is None:
        parts.append(_DAMAGED)
    else:
        parts += [entry.info.source, started_in_words(entry), _kind(entry)]
        parts += [entry.info.model, entry.info.state.value]
    return "\n".join(parts).casefold()


def _kind(entry: CatalogueEntry) -> str:
    is_video = entry.info is not None and entry.info.kind is not RecordingKind.LANDMARKS
    return "video" if is_video else "landmarks"


_STATE_TIPS: Mapping[SessionState, str] = {
    SessionState.RECORDING: "It is being recorded.",
    SessionState.INTERRUPTED: "Its recording did not end by itself. Repair gives it a length and an index.",
    SessionState.RECOVERED: "Its recording was interrupted, and it was repaired since.",
    SessionState.COMPLETE: "It was finalised when its recording ended.",
}


def _tip(entry: CatalogueEntry, column: Column) -> str | None:
    if entry.problem is not None:
        return str(entry.problem)
    if column is Column.NOTE:
        return entry.about.note or None
    if column is Column.STATE and entry.info is not None:
        return _STATE_TIPS[entry.info.state]
    if column is Column.PEOPLE:
        return "The most people at once"
    if column in (Column.TITLE, Column.PICTURE) and entry.info is not None:
        info = entry.info
        size = f"{info.size.width_px}×{info.size.height_px}"
        return f"{entry.path}\n{info.source}, {size}, {_kind(entry)}, {info.frame_count} frames"
    return None


def _alignment(column: Column) -> Qt.AlignmentFlag:
    if column is Column.PEOPLE:
        return Qt.AlignmentFlag.AlignCenter
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
