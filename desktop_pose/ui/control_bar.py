"""The controls below the picture. Shows the settings in force and says what the user wants changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QMargins, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_pose.core.frames import Size
from desktop_pose.core.settings import Backend, Background, RecordingKind, Settings, Smoothing
from desktop_pose.ui.actions import ENTRIES, Command
from desktop_pose.ui.budget import BudgetButton
from desktop_pose.ui.icons import icon
from desktop_pose.ui.setting_fields import (
    BackgroundField,
    Captioned,
    ChoiceField,
    ModelField,
    NumberField,
    SwitchField,
    allow,
    captioned,
)
from desktop_pose.ui.skip_field import SkipField
from desktop_pose.ui.source_box import ModeBox, SourceBox

_ONE_THREAD = "MediaPipe's Python interface has no thread count and always takes one"

_TURNS_LATER = "A session holds pictures that are turned one way: end the recording first"

_KIND_IS_SET = "This is being recorded: end the recording to choose what the next one is to hold"

_SPACING_PX = 8
_MARGINS = QMargins(8, 4, 8, 6)

_ALWAYS_SMOOTH = "MediaPipe itself has no smoothing but its own, which cannot be switched off"


@dataclass(frozen=True, slots=True)
class Activity:
    """What is going on, as far as the buttons show it.

    Attributes:
        is_running: Whether a source is read.
        recorded: What is being recorded; None when nothing is.
    """

    is_running: bool = False
    recorded: RecordingKind | None = None

    @property
    def is_recording(self) -> bool:
        """Whether a recording is being made."""
        return self.recorded is not None


class ControlBar(QWidget):
    """All controls, in two rows; in three where a window is too narrow for these.

    **Signals**
        settings_edited(Settings): The user wants these settings.
        mode_edited(Settings): The same, and the camera has to be opened again for it.
    """

    settings_edited = Signal(object)
    mode_edited = Signal(object)

    activity = Activity()
    _is_made = False

    def __init__(self, settings: Settings, unavailable: Mapping[Backend, str]) -> None:
        super().__init__()
        self._settings = settings
        self._is_mirrored_by_default = False
        self.source = SourceBox()
        self.mode = ModeBox()
        self.rotate = ChoiceField("rotate")
        self.mirror = SwitchField("mirror")
        self.background = BackgroundField()
        self.model = ModelField()
        self.threads = NumberField("threads")
        self.people = NumberField("people")
        self.backend = ChoiceField("backend")
        self.smoothing = ChoiceField("smoothing")
        self.skip = SkipField()
        self.budget = BudgetButton()
        self.record_kind = ChoiceField("record_kind")
        self.start = _button(Command.START_STOP, "Start", "Stop")
        self.record = _button(Command.RECORD, "Record", "End recording")
        self.snapshot = _button(Command.SNAPSHOT, "Snapshot")
        self.export = _button(Command.EXPORT, "Export…")
        for backend, reason in unavailable.items():
            self.backend.disable_choice(backend, reason)
        self._lay_out()
        self._connect()
        self._refresh_icons()
        self.show_settings(settings)
        self._is_made = True

    def show_settings(self, settings: Settings) -> None:
        """Show the settings in force, without a signal."""
        self._settings = settings
        for key in ("rotate", "model", "backend", "smoothing"):
            field = getattr(self, key)
            if isinstance(field, ChoiceField):
                field.show_value(getattr(settings, key))
        self._show_record_kind()
        self.model.show_own(None if settings.model_file is None else Path(settings.model_file).name)
        self.background.show_value(settings.background if settings.mask else None)
        self.mode.show_modes(self.source.camera(), settings.size, settings.fps)
        is_mediapipe = settings.backend is Backend.MEDIAPIPE
        allow(self.threads, "threads", _ONE_THREAD if is_mediapipe else None)
        allow(self.smoothing, "smoothing", _ALWAYS_SMOOTH if is_mediapipe else None)
        self.threads.show_value(1 if is_mediapipe else settings.threads)
        self.people.show_value(settings.people)
        self.skip.show_value(settings.skip)
        self.budget.show_settings(settings)
        self.threads.setSpecialValueText("always 1" if is_mediapipe else "")

    def show_mirror(self, is_mirrored: bool, *, is_by_default: bool) -> None:
        """Show whether the picture is mirrored, and remember what this source does unless told otherwise."""
        self._is_mirrored_by_default = is_by_default
        self.mirror.show_value(is_mirrored)

    def show_activity(self, activity: Activity) -> None:
        """Show what is going on."""
        self.activity = activity
        self.start.setText("Stop" if activity.is_running else "Start")
        self.start.setIcon(self._stop_icon if activity.is_running else self._start_icon)
        self.record.setEnabled(activity.is_running)
        self.record.setText("End recording" if activity.is_recording else "Record")
        allow(self.record_kind, "record_kind", _KIND_IS_SET if activity.is_recording else None)
        self._show_record_kind()
        allow(self.rotate, "rotate", _TURNS_LATER if activity.is_recording else None)
        self.snapshot.setEnabled(activity.is_running)

    def _show_record_kind(self) -> None:
        """What is being recorded, which `run --record` may have chosen, else what the button would record."""
        self.record_kind.show_value(self.activity.recorded or self._settings.record_kind)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._is_made:
            self._refresh_icons()

    def _refresh_icons(self) -> None:
        ink = self.palette().buttonText().color()
        self._start_icon, self._stop_icon = icon("start", ink), icon("stop", ink)
        self.record.setIcon(icon("record", ink))
        self.snapshot.setIcon(icon("snapshot", ink))
        self.export.setIcon(icon("export", ink))
        self.show_activity(self.activity)

    def _lay_out(self) -> None:
        upper, self._lower, self._lowest = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        self._of_source = (
            captioned("source", self.source),
            Captioned("Size and rate", self.mode),
            captioned("rotate", self.rotate),
            Captioned("", self.mirror),
            captioned("background", self.background),
            Captioned("", self.snapshot),
            Captioned("", self.export),
        )
        for item in self._of_source:
            upper.addWidget(item, 1 if item is self._of_source[0] else 0)
        self._of_recording = (
            Captioned("", self.start),
            Captioned("", self.record),
            captioned("record_kind", self.record_kind),
        )
        self._of_tracking = (
            captioned("model", self.model),
            captioned("threads", self.threads),
            captioned("people", self.people),
            captioned("backend", self.backend),
            captioned("smoothing", self.smoothing),
            captioned("skip", self.skip),
        )
        self._of_budget = (captioned("cpu_budget", self.budget),)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGINS)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # `minimumSizeHint` says it
        column.setSpacing(6)
        for row in (upper, self._lower, self._lowest):
            row.setSpacing(_SPACING_PX)
            column.addLayout(row)
        self._fill_rows(is_narrow=False)

    def minimumSizeHint(self) -> QSize:
        """That of three rows, so that a window with two can be made narrow."""
        rows = (self._of_source, (*self._of_recording, *self._of_budget), self._of_tracking)
        width_px = max(sum(item.minimumSizeHint().width() + _SPACING_PX for item in row) for row in rows)
        return QSize(width_px + _MARGINS.left() + _MARGINS.right(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take a third row where all would not fit into two, and leave it again."""
        super().resizeEvent(event)
        items = (*self._of_recording, *self._of_tracking, *self._of_budget)
        wanted_px = sum(item.sizeHint().width() + _SPACING_PX for item in items)
        is_narrow = event.size().width() - _MARGINS.left() - _MARGINS.right() < wanted_px
        if is_narrow is not self._is_narrow:
            self._fill_rows(is_narrow=is_narrow)

    def _fill_rows(self, *, is_narrow: bool) -> None:
        self._is_narrow = is_narrow
        for row in (self._lower, self._lowest):
            while row.takeAt(0) is not None:
                pass
        right = self._of_budget if is_narrow else (*self._of_tracking, *self._of_budget)
        for item in self._of_recording:
            self._lower.addWidget(item)
        self._lower.addStretch(1)
        for item in right:
            self._lower.addWidget(item)
        for item in self._of_tracking if is_narrow else ():
            self._lowest.addWidget(item)

    def _connect(self) -> None:
        self.rotate.chosen.connect(lambda value: self._edit(rotate=value))
        self.model.chosen.connect(lambda value: self._edit(model=value, model_file=None))
        self.backend.chosen.connect(self._on_backend_chosen)
        self.smoothing.chosen.connect(lambda value: self._edit(smoothing=value))
        self.record_kind.chosen.connect(lambda value: self._edit(record_kind=value))
        self.mirror.chosen.connect(self._on_mirror_chosen)
        self.background.chosen.connect(self._on_background_chosen)
        self.threads.chosen.connect(lambda value: self._edit(threads=value))
        self.people.chosen.connect(lambda value: self._edit(people=value))
        self.skip.chosen.connect(lambda value: self._edit(skip=value))
        panel = self.budget.panel
        panel.chosen.connect(lambda value: self._edit(cpu_budget=value))
        panel.lighter_model_chosen.connect(lambda value: self._edit(lighter_model=value))
        panel.recording_chosen.connect(lambda value: self._edit(budget_recording=value))
        self.mode.mode_chosen.connect(self._on_mode_chosen)

    def _edit(self, **values: object) -> None:
        self.settings_edited.emit(self._settings.changed(**values))

    @Slot(bool)
    def _on_mirror_chosen(self, is_wanted: bool) -> None:
        """What the source does by default is no wish: other kinds of source keep their own default."""
        self._edit(mirror=None if is_wanted is self._is_mirrored_by_default else is_wanted)

    @Slot(object)
    def _on_background_chosen(self, background: Background | None) -> None:
        if background is None:
            self._edit(mask=False)
        else:
            self._edit(mask=True, background=background)

    @Slot(object)
    def _on_backend_chosen(self, backend: Backend) -> None:
        if backend is Backend.MEDIAPIPE:
            self._edit(backend=backend, smoothing=Smoothing.MEDIAPIPE, model_file=None)
        else:
            self._edit(backend=backend)

    @Slot(object, object)
    def _on_mode_chosen(self, size: Size | None, fps: int | None) -> None:
        self.mode_edited.emit(self._settings.changed(size=size, fps=fps))


def _button(command: Command, *texts: str) -> QPushButton:
    """A button with the first of `texts`, wide enough for each, so that nothing beside it moves."""
    button = QPushButton()
    entry = ENTRIES[command]
    button.setToolTip(f"{entry.plain_text} ({entry.keys[0]})")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setIconSize(QSize(16, 16))
    if len(texts) > 1:
        button.setIcon(icon("stop", QColor(0, 0, 0)))  # all icons are of one size
        widths_px = []
        for text in texts:
            button.setText(text)
            widths_px.append(button.sizeHint().width())
        button.setMinimumWidth(max(widths_px))
    button.setText(texts[0])
    return button
