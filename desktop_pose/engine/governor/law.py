"""How often the model may run, pictures be made and frames be decoded, for the process to keep a budget.

Pure: what an interval has cost goes in, rates come out. What the process spends on these three is known by
itself, so that everything else it uses (the *fixed* share: driver, window, charts, recorder) is what is left
over. Budget minus fixed share is the *allowance*; the rates are those that it pays for, by what each
inference, picture and frame has cost lately. An allowance that is not used (nobody moves) does not grow, so
that nothing is overspent when it is needed again.

What is given up first stands in `ladder`. The allowance shrinks at once and grows back slowly, and only to
what the worst of the last seconds left over: a load that comes and goes does not make the rates flap. What
such a load may be is limited: charts that are built, or a window that is opened, take far more once, and
what that took is given back when it is over. That alone would use 2 to 5 points less than there are. So what
was left of the budget while the rates were made full use of is summed up, and a few points are granted on
top of the allowance: the *grant*.
"""

import math
from collections import deque
from dataclasses import dataclass
from itertools import pairwise

TARGET_BELOW = 1.0
"""Points below the budget that are aimed at: it is a limit, and means of 5 s are noisy by about this much."""

_FEW_LOOKS_HZ = 5.0  # as often as `--skip adaptive` looks at somebody at rest
_FEWEST_LOOKS_HZ = 1.0
_FEW_PICTURES_HZ = 10.0
_FEWEST_PICTURES_HZ = 5.0
_USUAL_HZ = 30.0

_QUICK_S = 0.7  # of the mean that the allowance shrinks by
_SLOW_S = 3.0  # of the mean that the floor is told by
_COSTS_S = 1.5
_JUMP, _JUMP_COUNT = (
    1.6,
    3,
)  # a cost so much higher, and not by a tick, is another one: more people, another model
_PATIENCE_S = 3.0  # the worst of so many seconds decides what is given back
_MOST_KEPT_BACK = 10.0  # points, for a load that may come again
_GIVEN_BACK_PER_S = 20.0  # points
_UNREST = 0.7  # points that are not worth a change
_MOST_GRANTED = 5.0  # points; less than the worst of 3 s lies above the mean would leave some unused
_LEAST_GRANTED = -2.0
_USUAL_GRANT = 1.5  # by how much the worst of 3 s lies above their mean in a window with charts
_GIVEN_BACK_MUCH = 2.0  # points: what was left over before was so because of them, and not of noise
_GRANTING_S = 10.0  # in which a point that is left over becomes a point granted
_MOST_LEFT_OVER = 10.0  # points: more is left over while something is given back, and soon no longer
_MADE_USE_OF = 0.75  # of the inferences allowed: then the model runs as often as it may

# Per cent of a core for one a second, before anything was measured: full on two threads, 1280x720.
_USUAL_INFERENCE, _USUAL_PICTURE = 1.6, 0.3


@dataclass(frozen=True, slots=True)
class Load:
    """What happened between two readings.

    Attributes:
        seconds: From one reading to the next.
        process_s: Processor time of the whole process.
        inference_s: Of these, spent on inference.
        display_s: Spent on making and painting pictures.
        decoding_s: Spent on decoding frames.
        captured: Frames the source gave.
        decoded: Of these, decoded.
        inferred: Of these, given to the model.
        pictures: Rendered.
    """

    seconds: float
    process_s: float
    inference_s: float
    display_s: float
    decoding_s: float
    captured: int
    decoded: int
    inferred: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be given up at this moment.

    Attributes:
        may_skip: Whether people may be carried on and frames left out; not so for a recording.
        is_visible: Whether pictures are wanted at all.
    """

    may_skip: bool = True
    is_visible: bool = True


@dataclass(frozen=True, slots=True)
class Rates:
    """The most that is allowed, a second."""

    inference_hz: float
    display_hz: float
    decoding_hz: float


def ladder(full_hz: float, limits: Limits) -> tuple[Rates, ...]:
    """From all frames of a source of `full_hz` to the fewest, in the order in which they are given up.

    First the model runs less often, down to 5 a second; then fewer pictures are made, down to 10; then both
    together go down to 1 and 5, and frames neither looked at nor shown are not decoded any more.
    """
    looks = (_FEW_LOOKS_HZ, _FEWEST_LOOKS_HZ) if limits.may_skip else (full_hz, full_hz)
    fewest_decoded = _FEWEST_PICTURES_HZ if limits.may_skip else full_hz
    steps = (
        (full_hz, full_hz, full_hz),
        (looks[0], full_hz, full_hz),
        (looks[0], _FEW_PICTURES_HZ, full_hz),
        (looks[1], _FEWEST_PICTURES_HZ, fewest_decoded),
    )
    return tuple(
        Rates(min(inference, full_hz), min(display, full_hz) if limits.is_visible else 0.0, decoding)
        for inference, display, decoding in steps
    )


class BudgetLaw:
    """The control law. Learns from every interval, with a budget or without one.

    Attributes:
        rates: What is allowed now; None: everything.
        allowance: What inference, pictures and decoding may take; None where there is no budget.
        available_percent: What they could take if nothing had to be given back slowly; None likewise.
        is_beyond_reach: Whether all has been given up and it is not enough.
    """

    def __init__(self) -> None:
        self.rates: Rates | None = None
        self.allowance: float | None = None
        self.available_percent: float | None = None
        self.is_beyond_reach = False
        self._full_hz: float | None = None
        self._fixed: float | None = None
        self._fixed_slowly = 0.0
        self._fixed_read = 0.0
        self._grant = _USUAL_GRANT
        self._used = 0.0
        self._has_made_use = False
        self._may_skip = True
        self._own_share: float | None = None  # of the frames, where the tracker is held back by nothing
        self._recent: deque[tuple[float, float]] = deque()  # seconds and fixed share, the newest last
        self._inference = UnitCost(_USUAL_INFERENCE)
        self._full_inference: float | None = None  # what one took when there were many
        self._picture = UnitCost(_USUAL_PICTURE)
        self._frame = UnitCost(0.0)
        self._ladder: tuple[Rates, ...] = ladder(_USUAL_HZ, Limits())

    @property
    def full_hz(self) -> float:
        """Frames a second that the source gives."""
        return _USUAL_HZ if self._full_hz is None else self._full_hz

    @property
    def floor_percent(self) -> float | None:
        """The lowest use of the processor that can be reached now; None before anything was measured."""
        return None if self._fixed is None else max(self._fixed_slowly + self.cost(self._ladder[-1]), 0.0)

    @property
    def demand_percent(self) -> float | None:
        """What would be used if nothing were given up; None before anything was measured."""
        if self._fixed is None:
            return None
        # Where there are few inferences, what it takes to carry people on between them is shared by few.
        ratio = 1.0 if self._full_inference is None else self._full_inference / self._inference.percent
        return max(self._fixed_slowly + self.cost_of_step(0, min(ratio, 1.0)), 0.0)

    def cost(self, rates: Rates) -> float:
        """What `rates` take, in per cent of a core."""
        return (
            self._looks_hz(rates) * self._inference.percent
            + rates.display_hz * self._picture.percent
            + rates.decoding_hz * self._frame.percent
        )

    def cost_of_step(self, step: int, inference_ratio: float = 1.0) -> float:
        """What a step of the ladder takes with a model of `inference_ratio` times the cost."""
        rates = self._ladder[step]
        return self.cost(rates) + self._looks_hz(rates) * self._inference.percent * (inference_ratio - 1)

    def model_changed(self, ratio: float) -> None:
        """Another model runs, expected to take `ratio` of the time of the one before."""
        self._inference.expect(self._inference.percent * ratio)
        self._full_inference = None if self._full_inference is None else self._full_inference * ratio

    def learn(self, load: Load) -> None:
        """Take in what an interval has cost."""
        seconds = load.seconds
        if load.captured:
            rate = load.captured / seconds
            self._full_hz = rate if self._full_hz is None else _mean(self._full_hz, rate, seconds, _SLOW_S)
        self._inference.add(load.inference_s, load.inferred, seconds)
        if load.inferred / seconds > _FEW_LOOKS_HZ or self._full_inference is None:
            self._full_inference = self._inference.percent
        self._picture.add(load.display_s, load.pictures, seconds)
        self._frame.add(load.decoding_s, load.decoded, seconds)
        self._used = 100 * load.process_s / seconds
        allowed = math.inf if self.rates is None else self.rates.inference_hz * seconds
        is_at_its_limit = load.inferred >= _MADE_USE_OF * allowed - 1
        self._has_made_use = is_at_its_limit or not self._may_skip
        self._learn_own_share(load, is_held_back=is_at_its_limit and self._may_skip)
        fixed_s = load.process_s - load.inference_s - load.display_s - load.decoding_s
        fixed = 100 * fixed_s / seconds
        if self._fixed is None:
            self._fixed = self._fixed_slowly = self._fixed_read = fixed
        # What neither of the last two readings has shown is over, whatever the mean still holds of it.
        self._fixed = min(_mean(self._fixed, fixed, seconds, _QUICK_S), max(fixed, self._fixed_read))
        self._fixed_read = fixed
        self._fixed_slowly = _mean(self._fixed_slowly, fixed, seconds, _SLOW_S)
        self._recent.append((seconds, self._fixed))
        while sum(passed for passed, _ in self._recent) > _PATIENCE_S + seconds:
            self._recent.popleft()

    def decide(self, budget_percent: float | None, limits: Limits, seconds: float) -> None:
        """Set `rates` for the next interval.

        Args:
            budget_percent: What the process may take of one core; None: as much as it likes.
            limits: What may be given up.
            seconds: Since the last decision: nothing is given back faster.
        """
        self._ladder = ladder(self.full_hz, limits)
        self._may_skip = limits.may_skip
        if budget_percent is None or self._fixed is None:
            self.rates = self.allowance = self.available_percent = None
            self.is_beyond_reach = False
            return
        target = budget_percent - TARGET_BELOW
        worst = min(max(fixed for _, fixed in self._recent), self._fixed + _MOST_KEPT_BACK)
        at_once, at_worst = target - self._fixed, target - worst
        self.available_percent = at_worst
        highest = self.cost(self._ladder[0])
        before = highest if self.allowance is None else min(self.allowance, highest)
        if at_once < before - _UNREST or at_worst > before + _GIVEN_BACK_MUCH:
            self._grant = min(self._grant, _USUAL_GRANT)
        if at_once < before - _UNREST:
            self.allowance = at_once
        elif at_worst > before + _UNREST:
            self.allowance = min(at_worst, before + _GIVEN_BACK_PER_S * seconds)
        else:
            self.allowance = before
        lowest = self.cost(self._ladder[-1])
        self.allowance = max(self.allowance, min(lowest, highest))
        self.is_beyond_reach = at_once < lowest - _UNREST
        self._change_grant(target, seconds)
        allowed = self.allowance + (0.0 if self.is_beyond_reach else self._grant)
        self.rates = None if allowed >= highest else self._rates_for(allowed)

    def _looks_hz(self, rates: Rates) -> float:
        """How often the model runs: where the tracker is not held back, as often as it skips by itself.

        Else an allowance counts in full: a tracker that does not use it now may need it with the next frame.
        """
        share = 1.0 if self._may_skip or self._own_share is None else self._own_share
        return share * rates.inference_hz

    def _learn_own_share(self, load: Load, *, is_held_back: bool) -> None:
        if is_held_back:
            self._own_share = None
        elif load.captured:
            share = min(load.inferred / load.captured, 1.0)
            before = share if self._own_share is None else self._own_share
            self._own_share = _mean(before, share, load.seconds, _SLOW_S)

    def _change_grant(self, target: float, seconds: float) -> None:
        """Grant what is left of the budget; where nothing is given up, or nothing more can be, keep it."""
        if self.rates is None or self.is_beyond_reach:
            return
        left_over = min(target - self._used, _MOST_LEFT_OVER)
        if left_over < 0 or self._has_made_use:
            grant = self._grant + left_over * seconds / _GRANTING_S
            self._grant = min(max(grant, _LEAST_GRANTED), _MOST_GRANTED)

    def _rates_for(self, allowance: float) -> Rates:
        """The rates between two steps of the ladder that take just `allowance`."""
        for upper, lower in pairwise(self._ladder):
            highest, lowest = self.cost(upper), self.cost(lower)
            if allowance >= lowest:
                share = 1.0 if highest <= lowest else min((allowance - lowest) / (highest - lowest), 1.0)
                return _between(lower, upper, share)
        return self._ladder[-1]


class UnitCost:
    """What one of something costs, in per cent of a core for one a second.

    Args:
        expected: The cost as long as none was measured.
    """

    def __init__(self, expected: float) -> None:
        self._cpu_s = expected / 100
        self._count = 1.0
        self._waiting_cpu_s = 0.0
        self._waiting_s = 0.0

    @property
    def percent(self) -> float:
        """The mean of about the last one and a half seconds, or of the last one that happened."""
        return 100 * self._cpu_s / self._count

    def expect(self, percent: float) -> None:
        """Take this for the cost until something else is measured."""
        self._cpu_s, self._count = percent / 100, 1.0

    def add(self, cpu_s: float, count: int, seconds: float) -> None:
        """So many have cost so much in an interval; what is spent while none happens goes to the next one."""
        self._waiting_cpu_s += cpu_s
        self._waiting_s += seconds
        if count:
            has_jumped = count >= _JUMP_COUNT and 100 * self._waiting_cpu_s > _JUMP * self.percent * count
            kept = 0.0 if has_jumped else math.exp(-self._waiting_s / _COSTS_S)
            self._cpu_s = kept * self._cpu_s + self._waiting_cpu_s
            self._count = kept * self._count + count
            self._waiting_cpu_s = self._waiting_s = 0.0


def _mean(before: float, now: float, seconds: float, lasting_s: float) -> float:
    return now + (before - now) * math.exp(-seconds / lasting_s)


def _between(lower: Rates, upper: Rates, share: float) -> Rates:
    return Rates(
        lower.inference_hz + share * (upper.inference_hz - lower.inference_hz),
        lower.display_hz + share * (upper.display_hz - lower.display_hz),
        lower.decoding_hz + share * (upper.decoding_hz - lower.decoding_hz),
    )
