"""Keeps the process within the CPU budget: reads what an interval has cost, and turns the knobs.

Lives on the GUI thread. What is given up, and in what order, is said by `law` and `model_choice`.
It learns without a budget as well, so that one that is set is kept from the first second.
"""

from collections.abc import Callable
from typing import Any

from desktop_pose.core.cadence import Cadence
from desktop_pose.core.clock import NS_PER_S, monotonic_ns
from desktop_pose.core.settings import PoseModel, Settings
from desktop_pose.engine.flow import FlowSnapshot
from desktop_pose.engine.governor.book import BudgetBook, BudgetStatus, Measures
from desktop_pose.engine.governor.knobs import Knobs
from desktop_pose.engine.governor.law import BudgetLaw, Limits, Load
from desktop_pose.engine.governor.model_choice import COSTS, ModelChoice
from desktop_pose.engine.metrics import Metrics
from desktop_pose.engine.processor import CpuReading
from desktop_pose.pose.protocol import TrackerOptions

_LEAST_S = 0.3  # fewer frames say little, and some systems count processor time in ticks of 10 ms
_STEADY_READINGS = 2
_FIRST_LOOKS_HZ = 5.0
_EVERYTHING = 0.97
_MS_PER_S = 1000


class Governor:
    """Owns the knobs.

    Args:
        settings: In force.
        metrics: Of the engine.
        use_model: Called with the former `stand_in` when that has changed by itself.

    Attributes:
        knobs: What the stages obey.
        stand_in: The lighter model that should run in place of the chosen one; None: the chosen one.
    """

    def __init__(
        self, settings: Settings, metrics: Metrics, use_model: Callable[[PoseModel | None], None]
    ) -> None:
        self.knobs = Knobs()
        self.stand_in: PoseModel | None = None
        self._settings = settings
        self._metrics = metrics
        self._use_model = use_model
        self._law = BudgetLaw()
        self._choice = ModelChoice()
        self._book = BudgetBook()
        self._is_visible = True
        self._is_recording = False
        self._is_model_refused = False
        self._options: TrackerOptions | None = None
        self._last: tuple[CpuReading, FlowSnapshot, int] | None = None
        self._steady = 0
        self._first_ns: int | None = None
        self._book.ask(settings.cpu_budget, 0.0)

    def change(self, settings: Settings) -> None:
        """Put other settings in force. Another choice of the model drops the stand-in without a call."""
        before, self._settings = self._settings, settings
        if (before.model, before.backend, before.model_file) != (
            settings.model,
            settings.backend,
            settings.model_file,
        ):
            self._is_model_refused = False
            self.stand_in = None
        if not self._may_change_model:
            self.stand_in = None
        self._book.ask(settings.cpu_budget, self._time_s())
        self._decide(0.0)

    def set_visible(self, is_visible: bool) -> None:
        """Say whether anybody can see the picture."""
        self._is_visible = is_visible
        self._decide(0.0)

    def set_recording(self, is_recording: bool) -> None:
        """Say whether what is tracked is recorded: nothing is skipped of that unless the user said so."""
        if is_recording is self._is_recording:
            return
        self._is_recording = is_recording
        if self.stand_in is not None and not self._may_change_model:
            self._stand_in_with(None)
        self._decide(0.0)

    def begin_run(self) -> None:
        """A run begins; what its start takes is not learned from."""
        if self._first_ns is None:
            self._first_ns = monotonic_ns()
        self._last, self._steady = None, 0
        self._decide(0.0)

    def end_run(self) -> None:
        """The run ends; the next one begins with the chosen model."""
        self.stand_in = None
        self._options = None
        self._last, self._steady = None, 0
        self._choice.restart()

    def tracker_changed(self, options: TrackerOptions) -> None:
        """A tracker made for `options` is in use."""
        before, self._options = self._options, options
        if before is not None and before.model is not options.model:
            self._law.model_changed(COSTS[options.model] / COSTS[before.model])
            self._choice.restart()
            self._decide(0.0)

    def model_refused(self) -> None:
        """The stand-in cannot be had; no other one is tried until the user chooses another model."""
        self.stand_in, self._is_model_refused = None, True

    def govern(self, reading: CpuReading, flow: FlowSnapshot) -> BudgetStatus | None:
        """How the budget stands after an interval; None where there is none."""
        undecoded = self.knobs.left_undecoded
        if self._last is None:
            self._last = reading, flow, undecoded
        seconds = (reading.at_ns - self._last[0].at_ns) / NS_PER_S
        if seconds >= _LEAST_S:
            load = self._load(seconds, reading, flow, undecoded)
            self._last = reading, flow, undecoded
            self._learn(load)
        return self._book.status(self._measures(), self._law.floor_percent)

    def record(self) -> dict[str, Any] | None:
        """The report's `budget`; None where none was ever asked for."""
        return self._book.record()

    @property
    def _limits(self) -> Limits:
        return Limits(not self._is_recording or self._settings.budget_recording, self._is_visible)

    @property
    def _may_change_model(self) -> bool:
        settings = self._settings
        is_wanted = settings.lighter_model and settings.cpu_budget is not None
        return is_wanted and settings.model_file is None and self._limits.may_skip

    def _learn(self, load: Load) -> None:
        is_working = load.inferred > 0
        self._steady = min(self._steady + is_working, _STEADY_READINGS + 1)
        if self._steady > _STEADY_READINGS and load.captured:
            self._law.learn(load)
            self._decide(load.seconds)
            self._choose_model(load.seconds)
        self._book.note(
            self._measures(), load.seconds, load.process_s, self._law.demand_percent, self._time_s()
        )

    def _load(self, seconds: float, reading: CpuReading, flow: FlowSnapshot, undecoded: int) -> Load:
        assert self._last is not None
        before, flow_before, undecoded_before = self._last
        threads_s = {name: used - before.threads_s[name] for name, used in reading.threads_s.items()}
        captured = flow.captured - flow_before.captured
        decoded = max(captured - (undecoded - undecoded_before), 0)
        painted = flow.displayed - flow_before.displayed
        return Load(
            seconds=seconds,
            process_s=reading.process_s - before.process_s,
            inference_s=threads_s["inference"] + threads_s["inference_workers"],
            display_s=threads_s["render"] + painted * self._stage_s("paint"),
            decoding_s=decoded * self._stage_s("capture"),
            captured=captured,
            decoded=decoded,
            inferred=flow.inferred - flow_before.inferred,
            pictures=painted + flow.dropped_display - flow_before.dropped_display,
        )

    def _stage_s(self, name: str) -> float:
        recent = self._metrics.stages[name].recent(monotonic_ns())
        return 0.0 if recent is None else recent.p50_ms / _MS_PER_S

    def _decide(self, seconds: float) -> None:
        self._law.decide(self._settings.cpu_budget, self._limits, seconds)
        self._turn_knobs()

    def _turn_knobs(self) -> None:
        rates, full_hz, knobs = self._law.rates, self._law.full_hz, self.knobs
        is_starting = self._steady <= _STEADY_READINGS and self._settings.cpu_budget is not None
        if rates is None:
            _set(
                knobs.inference,
                _FIRST_LOOKS_HZ if is_starting and self._limits.may_skip else full_hz,
                full_hz,
            )
            _set(knobs.display, full_hz, full_hz)
            _set(knobs.decoding, full_hz, full_hz)
            return
        _set(knobs.inference, rates.inference_hz, full_hz)
        _set(knobs.decoding, rates.decoding_hz, full_hz)
        # Two cadences of about one rate, one after the other, would let hardly more than half through.
        is_all_shown = rates.display_hz > 0.8 * rates.decoding_hz
        _set(knobs.display, full_hz if is_all_shown else rates.display_hz, full_hz)

    def _choose_model(self, seconds: float) -> None:
        options, chosen = self._options, self._settings.model
        if options is None or not self._may_change_model or self._is_model_refused:
            return
        current = self.stand_in or chosen
        if options.model is not current:
            return  # it is being built
        wanted = self._choice.decide(self._law, chosen, current, seconds)
        if wanted is not current:
            self._stand_in_with(None if wanted is chosen else wanted)

    def _stand_in_with(self, model: PoseModel | None) -> None:
        before, self.stand_in = self.stand_in, model
        self._use_model(before)

    def _measures(self) -> Measures:
        law, limits = self._law, self._limits
        return Measures(law.rates, law.full_hz, self.stand_in, law.is_beyond_reach, not limits.may_skip)

    def _time_s(self) -> float:
        return 0.0 if self._first_ns is None else (monotonic_ns() - self._first_ns) / NS_PER_S


def _set(cadence: Cadence, rate_hz: float, full_hz: float) -> None:
    """Let `rate_hz` through, or everything where that is about as much."""
    is_everything = rate_hz <= 0 or rate_hz >= _EVERYTHING * full_hz
    cadence.interval_ns = 0 if is_everything else round(NS_PER_S / rate_hz)
