"""Asks for a landmark model of the user's own, and says plainly what that means before it is used."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop_pose.ui.dialog_buttons import without_icons

_FILTER = "Landmark models (*.tflite *.task);;All files (*)"

_WARNING = (
    "The models of Desktop Pose are checked by their hash before every use. This file cannot be checked.\n\n"
    "It is first tried in a process of its own; if that fails, it is refused. If it passes, it runs – but "
    "whether its landmarks are right cannot be seen. Everything it finds is marked as unverified.\n\n"
    "Use only files from people you trust."
)


class OwnModelAsker(QObject):
    """Asks for the file, then whether it shall truly be used. Neither dialog blocks.

    **Signals**
        chosen(str): The user wants this file as the model, knowing what it means.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)

    @Slot()
    def ask(self) -> None:
        """Ask for the file."""
        dialog = QFileDialog(self._window, "Use a model of your own", self._folder, _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_selected)
        dialog.open()

    @Slot(str)
    def _on_selected(self, path: str) -> None:
        self._folder = str(Path(path).parent)
        box = QMessageBox(self._window)
        box.setWindowTitle("Use a model of your own")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Use {Path(path).name} as the model?")
        box.setInformativeText(_WARNING)
        use = box.addButton("Use it unverified", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        use.clicked.connect(lambda: self.chosen.emit(path))
        without_icons(box).open()
