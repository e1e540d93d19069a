"""The control for the CPU budget: a button that says which is set, and a panel with all that it does."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from desktop_pose.core.settings import DECLARATIONS, Settings
from desktop_pose.engine.governor.book import BudgetStatus
from desktop_pose.ui.setting_fields import NumberField, SwitchField

PRESETS: tuple[tuple[str, int | None], ...] = (("Quiet", 25), ("Balanced", 50), ("Full rate", None))

_OWN_AT_FIRST = 35
_PANEL_WIDTH_PX = 300
_EXPLANATION = (
    "What the whole program may take of one processor core. To keep it, the model runs less often and people "
    "are carried on in between; then fewer pictures are shown."
)


class BudgetPanel(QWidget):
    """Presets, a budget of the user's own, what it may do, and what it is doing.

    **Signals**
        chosen(int | None): The user wants this budget; None: none.
        lighter_model_chosen(bool): Whether it may put a lighter model in place.
        recording_chosen(bool): Whether it counts for recordings as well.
    """

    chosen = Signal(object)
    lighter_model_chosen = Signal(bool)
    recording_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.presets = [QRadioButton(_preset_words(name, percent)) for name, percent in PRESETS]
        self.own = QRadioButton("Own budget")
        self.percent = NumberField("cpu_budget")
        self.percent.setSuffix(" %")
        self.percent.setSingleStep(5)
        self.percent.setKeyboardTracking(False)
        self.percent.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # no shortcut waits for keys in a panel
        self.percent.show_value(_OWN_AT_FIRST)
        self.lighter_model = SwitchField("lighter_model")
        self.recording = SwitchField("budget_recording")
        self.statement = QLabel()
        self._group = QButtonGroup(self)
        self._lay_out()
        for index, button in enumerate((*self.presets, self.own)):
            self._group.addButton(button, index)
        self._group.idClicked.connect(self._on_clicked)
        self.percent.chosen.connect(self._on_percent_chosen)
        self.lighter_model.chosen.connect(self.lighter_model_chosen)
        self.recording.chosen.connect(self.recording_chosen)
        self.setAutoFillBackground(True)  # a menu's ground may be that of the unchecked buttons
        self.show_status(None)

    def show_settings(self, settings: Settings) -> None:
        """Show the settings in force, without a signal."""
        percents = [percent for _, percent in PRESETS]
        # What the user is typing, or has chosen as a budget of their own, may be that of a preset.
        is_own = self.own.isChecked() and settings.cpu_budget == self.percent.value()
        if settings.cpu_budget in percents and not is_own:
            self.presets[percents.index(settings.cpu_budget)].setChecked(True)
        else:
            self.own.setChecked(True)
        if settings.cpu_budget is not None and self.own.isChecked():
            self.percent.show_value(settings.cpu_budget)
        self.percent.setEnabled(self.own.isChecked())
        self.lighter_model.show_value(settings.lighter_model)
        self.recording.show_value(settings.budget_recording)
        for switch in (self.lighter_model, self.recording):
            switch.setEnabled(settings.cpu_budget is not None)

    def show_status(self, status: BudgetStatus | None) -> None:
        """Say what the budget is doing and why."""
        self.statement.setText(_EXPLANATION if status is None else "\n".join(statement(status)))

    def focus_chosen(self) -> None:
        """Let the keyboard begin at what is set."""
        for button in self._chosen_buttons():
            button.setFocus(Qt.FocusReason.PopupFocusReason)

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802  # Qt's
        """Lead Tab round the panel; a menu would take it for a way to its next entry."""
        widgets = (*self._chosen_buttons(), self.percent, self.lighter_model, self.recording)
        stops = [widget for widget in widgets if widget.isEnabled()]
        focused = self.focusWidget()
        place = stops.index(focused) if focused in stops else 0
        reason = Qt.FocusReason.TabFocusReason if is_next else Qt.FocusReason.BacktabFocusReason
        stops[(place + (1 if is_next else -1)) % len(stops)].setFocus(reason)
        return True

    def _chosen_buttons(self) -> list[QRadioButton]:
        """The one that is checked; none only before the first settings are shown."""
        return [button for button in (*self.presets, self.own) if button.isChecked()]

    def _lay_out(self) -> None:
        self.statement.setWordWrap(True)
        self.statement.setTextFormat(Qt.TextFormat.PlainText)
        self.statement.setFixedWidth(_PANEL_WIDTH_PX)
        self.statement.setMinimumHeight(5 * self.statement.fontMetrics().lineSpacing())
        self.statement.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        for button in self.presets:
            column.addWidget(button)
        own = QHBoxLayout()
        own.addWidget(self.own)
        own.addWidget(self.percent)
        own.addStretch(1)
        column.addLayout(own)
        column.addSpacing(6)
        column.addWidget(self.lighter_model)
        column.addWidget(self.recording)
        column.addSpacing(6)
        column.addWidget(self.statement)

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        self.percent.setEnabled(index == len(PRESETS))
        self.chosen.emit(self.percent.value() if index == len(PRESETS) else PRESETS[index][1])

    @Slot(int)
    def _on_percent_chosen(self, percent: int) -> None:
        self.chosen.emit(percent)


class BudgetButton(QPushButton):
    """Says which budget is set, and opens the panel.

    Attributes:
        panel: What it opens.
    """

    def __init__(self) -> None:
        super().__init__()
        self.panel = BudgetPanel()
        menu = QMenu(self)
        menu.setContentsMargins(*[1] * 4)  # the panel would hide the menu's edge
        action = QWidgetAction(menu)
        action.setDefaultWidget(self.panel)
        menu.addAction(action)
        menu.aboutToShow.connect(self.panel.focus_chosen)
        self.setMenu(menu)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(DECLARATIONS["cpu_budget"].label)
        self.setToolTip(_EXPLANATION)
        self.setText(_button_words(None))

    def sizeHint(self) -> QSize:
        """Room for the longest words, so that nothing beside it moves."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        style, metrics = self.style(), self.fontMetrics()
        longest_px = max(metrics.horizontalAdvance(_button_words(percent)) for percent in (None, 50, 100))
        arrow_px = style.pixelMetric(QStyle.PixelMetric.PM_MenuButtonIndicator, option, self)
        words = QSize(longest_px + arrow_px, metrics.height())
        width_px = style.sizeFromContents(QStyle.ContentsType.CT_PushButton, option, words, self).width()
        return QSize(width_px, super().sizeHint().height())

    def show_settings(self, settings: Settings) -> None:
        """Show the settings in force, without a signal."""
        self.setText(_button_words(settings.cpu_budget))
        self.panel.show_settings(settings)

    def show_status(self, status: BudgetStatus | None) -> None:
        """Say what the budget is doing and why."""
        self.setToolTip(_EXPLANATION if status is None else "\n".join(statement(status)))
        if self.panel.isVisible() or status is None:
            self.panel.show_status(status)


def statement(status: BudgetStatus) -> list[str]:
    """What is used, what is given up and why, and the least that can be reached: a sentence each."""
    used = "The use is being measured" if status.used_percent is None else f"{status.used_percent:.0f} % used"
    sentences = [
        f"{used}, {status.asked_percent} % is the budget.",
        f"{status.what.capitalize()}: {status.why}.",
    ]
    if status.floor_percent is not None:
        sentences.append(f"The least that can be reached here is about {status.floor_percent:.0f} %.")
    return [sentence.replace(" %", "\u00a0%") for sentence in sentences]


def in_short(status: BudgetStatus) -> tuple[str, ...]:
    """The same for the status line: with the reason; the half that matters more; its gist; figures alone."""
    used = "" if status.used_percent is None else f"{status.used_percent:.0f} of "
    figures = f"CPU {used}{status.asked_percent} %"
    whole = f"{figures}: {status.what}; {status.why}"
    if status.is_beyond_reach:
        return whole, f"{figures}: {status.why}", f"{figures}: out of reach", figures
    first, _, _ = status.what.partition(", ")
    return whole, f"{figures}: {status.what}", f"{figures}: {first}", figures


def _preset_words(name: str, percent: int | None) -> str:
    return f"{name} (no budget)" if percent is None else f"{name} ({percent} %)"


def _button_words(percent: int | None) -> str:
    name = next((name for name, of_preset in PRESETS if of_preset == percent), None)
    if percent is None:
        return str(name)
    return f"{percent} %" if name is None else f"{name}, {percent} %"
