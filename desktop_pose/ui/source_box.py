"""The choice of source: the cameras found, the demo, what is open, and ways to open something else."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox

from desktop_pose.core.frames import Size, SourceInfo
from desktop_pose.core.settings import DECLARATIONS
from desktop_pose.core.sources import DEMO, without_login
from desktop_pose.ui.actions import ENTRIES, Command
from desktop_pose.ui.wording import shortened

_OPENING = (Command.OPEN_VIDEO, Command.OPEN_STREAM, Command.OPEN_FOLDER)
_MOST_MODES = 20
_LONGEST_NAME = 80


class Mode(Protocol):
    """A size and rate that a camera offers."""

    @property
    def size(self) -> Size:
        """Of the pictures."""

    @property
    def fps(self) -> float:
        """Pictures per second."""


class CameraEntry(Protocol):
    """What is known of a camera before it is opened."""

    @property
    def id(self) -> str:
        """What to open it by."""

    @property
    def index(self) -> int:
        """The number it may be opened by as well."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def modes(self) -> Sequence[Mode] | None:
        """What it offers; None where the system does not say."""


class SourceBox(QComboBox):
    """One source out of those known, or a command that opens another.

    **Signals**
        source_chosen(str): The user chose this source.
        opening_chosen(Command): The user wants to open something else.
        about_to_show(): The list opens; cameras may have come and gone.
    """

    source_chosen = Signal(str)
    opening_chosen = Signal(object)
    about_to_show = Signal()

    def __init__(self) -> None:
        super().__init__()
        declaration = DECLARATIONS["source"]
        self.setAccessibleName(declaration.label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumContentsLength(10)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._cameras: Sequence[CameraEntry] = ()
        self._source: str | None = None
        self._name: str | None = None
        self.activated.connect(self._on_activated)
        self._fill()

    def show_cameras(self, cameras: Sequence[CameraEntry]) -> None:
        """Offer these cameras."""
        if list(cameras) != list(self._cameras):
            self._cameras = cameras
            self._fill()

    def show_source(self, source: str | None, info: SourceInfo | None = None) -> None:
        """Show what is chosen, by its name once it is open."""
        self._source = source
        self._name = None if info is None else info.name
        self._fill()

    def showPopup(self) -> None:  # noqa: N802  # Qt's
        """Open the list."""
        self.about_to_show.emit()
        super().showPopup()

    def camera(self) -> CameraEntry | None:
        """The camera that is chosen; None where it is something else."""
        return next(
            (camera for camera in self._cameras if self._source in (camera.id, str(camera.index))), None
        )

    def _fill(self) -> None:
        self.clear()
        for known in self._cameras:
            self.addItem(camera_text(known), known.id)
        self.addItem("Demo", DEMO)
        camera = self.camera()
        chosen = self._source if camera is None else camera.id
        help_text = DECLARATIONS["source"].help
        self.setToolTip(help_text)
        if chosen is not None and self.findData(chosen) < 0:
            shown = f"Camera {chosen}" if chosen.isdecimal() else without_login(chosen)
            self.setToolTip(f"{shown}\n{help_text}")
            self.addItem(shortened(self._name or shown, _LONGEST_NAME), chosen)
            self.setItemData(self.count() - 1, shown, Qt.ItemDataRole.ToolTipRole)
        self.insertSeparator(self.count())
        for command in _OPENING:
            self.addItem(ENTRIES[command].text.replace("&", ""), command)
        self._show_chosen(chosen)

    def _show_chosen(self, chosen: str | None) -> None:
        self.setCurrentIndex(-1 if chosen is None else self.findData(chosen))
        if chosen is None:
            self.setPlaceholderText("Choose a source")

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        data = self.itemData(index)
        if isinstance(data, Command):
            camera = self.camera()
            self._show_chosen(self._source if camera is None else camera.id)
            self.opening_chosen.emit(data)
        elif data != self._source:
            self.source_chosen.emit(data)


class ModeBox(QComboBox):
    """Size and rate to ask a camera for.

    **Signals**
        mode_chosen(Size | None, int | None): The user chose this size and rate, None for the camera's own.
    """

    mode_chosen = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Size and rate")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._on_activated)
        self.show_modes(None, None, None)

    def show_modes(self, camera: CameraEntry | None, size: Size | None, fps: int | None) -> None:
        """Offer what `camera` can do, with the wanted size and rate chosen."""
        self.clear()
        self.addItem("automatic", (None, None))
        for mode in distinct_modes(() if camera is None else camera.modes or ()):
            self.addItem(_mode_text(*mode), mode)
        wanted = (size, fps)
        index = next((i for i in range(self.count()) if self.itemData(i) == wanted), -1)
        if index < 0:
            self.addItem(_mode_text(size, fps), wanted)
            index = self.count() - 1
        self.setCurrentIndex(index)
        self.setEnabled(camera is not None and self.count() > 1)
        self.setToolTip(
            "Size and rate to ask the camera for."
            if self.isEnabled()
            else "Only cameras that say what they offer can be asked for a size and rate."
        )

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        size, fps = self.itemData(index)
        self.mode_chosen.emit(size, fps)


def camera_text(camera: CameraEntry) -> str:
    """The camera's name with the largest size it offers and the rate there."""
    modes = distinct_modes(camera.modes or ())
    return f"{camera.name}, {_mode_text(*modes[0])}" if modes else camera.name


def distinct_modes(modes: Sequence[Mode]) -> list[tuple[Size, int]]:
    """Sizes and rates, each once, the largest and fastest first; not endlessly many."""
    found = {(mode.size, round(mode.fps)) for mode in modes}
    ordered = sorted(found, key=lambda mode: (mode[0].width_px * mode[0].height_px, mode[1]), reverse=True)
    return ordered[:_MOST_MODES]


def _mode_text(size: Size | None, fps: int | None) -> str:
    size_text = "" if size is None else f"{size.width_px}×{size.height_px}"
    rate_text = "" if fps is None else f"{fps}/s"
    return " at ".join(part for part in (size_text, rate_text) if part) or "automatic"
