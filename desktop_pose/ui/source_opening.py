"""Asks for a video, a stream or a folder. The dialogs do not block: the picture goes on behind them."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_pose.core.sources import STREAM_SCHEMES
from desktop_pose.ui.actions import Command
from desktop_pose.ui.dialog_buttons import dialog_buttons

_VIDEO_FILTER = "Videos (*.mp4 *.mov *.mkv *.avi *.webm *.m4v *.mpg *.mpeg *.wmv);;All files (*)"


class StreamDialog(QDialog):
    """Asks for the address of a stream.

    **Signals**
        chosen(str): An address that may be one.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Open a stream")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.address = QLineEdit()
        self.address.setPlaceholderText("http://192.168.1.20:8080/video")
        self.address.setMinimumWidth(380)
        self.address.textChanged.connect(self._on_text_changed)
        label = QLabel("&Address of the camera or server:")
        label.setBuddy(self.address)
        self.remark = QLabel(f"It begins with {', '.join(f'{scheme}://' for scheme in STREAM_SCHEMES)}")
        self.remark.setWordWrap(True)
        self.buttons = dialog_buttons(
            QDialogButtonBox.StandardButton.Open, QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (label, self.address, self.remark, self.buttons):
            column.addWidget(widget)
        self._on_text_changed("")

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        scheme, separator, rest = text.strip().partition("://")
        is_address = bool(separator and rest) and scheme.lower() in STREAM_SCHEMES
        self.buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(is_address)

    @Slot()
    def _on_accepted(self) -> None:
        self.chosen.emit(self.address.text().strip())
        self.accept()


class SourceOpener(QObject):
    """Opens the dialog that belongs to a command.

    **Signals**
        chosen(str): The user chose this source.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)

    def ask(self, command: Command) -> None:
        """Ask for what `command` opens."""
        dialog: QDialog
        if command is Command.OPEN_STREAM:
            dialog = StreamDialog(self._window)
            dialog.chosen.connect(self.chosen)
        elif command is Command.OPEN_FOLDER:
            dialog = QFileDialog(self._window, "Open an image folder", self._folder)
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.fileSelected.connect(self._on_selected)
        else:
            dialog = QFileDialog(self._window, "Open a video", self._folder, _VIDEO_FILTER)
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.fileSelected.connect(self._on_selected)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot(str)
    def _on_selected(self, path: str) -> None:
        """Begin there the next time."""
        self._folder = str(Path(path).parent)
        self.chosen.emit(path)
