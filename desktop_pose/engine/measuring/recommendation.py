"""Which settings to use on the computer that was measured, for what the user wants most.

Only what keeps up with 30 frames a second is recommended, where anything does, and only what was measured at
that rate counts: a tight loop flatters additional threads, which never sleep in it.
"""

from dataclasses import dataclass
from enum import Enum

from desktop_pose.core.settings import Backend, PoseModel
from desktop_pose.core.skip import EVERY_FRAME
from desktop_pose.engine.measuring.figures import RATE_HZ, Measurement, Paced, RowFigures

_BUDGET_MS = 0.85 * 1000 / RATE_HZ
"""For 95 of 100 frames: the camera's frame has to be decoded and shown as well."""

_SAME = 1.03
"""Processor times that differ by less are taken to be the same; two runs of one row differ so much."""

_SAME_LATENCY = 1.1
"""The same for the time within which 95 of 100 frames are ready: the slowest three of some 60 tell it."""


class Target(Enum):
    """What a user may want most."""

    LOWEST_CPU = "lowest_cpu"
    LOWEST_LATENCY = "lowest_latency"
    HIGHEST_ACCURACY = "highest_accuracy"

    @property
    def label(self) -> str:
        """A few words for it."""
        return {
            Target.LOWEST_CPU: f"Lowest CPU at {RATE_HZ:g}/s",
            Target.LOWEST_LATENCY: "Lowest latency",
            Target.HIGHEST_ACCURACY: "Highest accuracy",
        }[self]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to use.

    Attributes:
        target: What for.
        figures: Of the row to use.
        paced: What that costs at 30 frames a second.
        keeps_up: Whether it does with 30 frames a second.
        rival: The best row that differs from it only in the number of threads; None where there is none.
        rival_paced: What the rival costs.
    """

    target: Target
    figures: RowFigures
    paced: Paced
    keeps_up: bool
    rival: RowFigures | None = None
    rival_paced: Paced | None = None

    @property
    def is_tie(self) -> bool:
        """Whether the rival is as good as it in what the target is about."""
        if self.rival_paced is None:
            return False
        mine, theirs = (
            paced.ms.p95 if self.target is Target.LOWEST_LATENCY else paced.cpu_ms
            for paced in (self.paced, self.rival_paced)
        )
        same = _SAME_LATENCY if self.target is Target.LOWEST_LATENCY else _SAME
        return max(mine, theirs) <= same * min(mine, theirs)


@dataclass(frozen=True, slots=True)
class _Candidate:
    figures: RowFigures
    paced: Paced

    @property
    def keeps_up(self) -> bool:
        return self.figures.sustainable_hz >= RATE_HZ and self.paced.ms.p95 <= _BUDGET_MS

    @property
    def is_every_frame(self) -> bool:
        return self.figures.row.skip == EVERY_FRAME


def recommend(measurement: Measurement, target: Target) -> Recommendation | None:
    """What to use for `target`; None where too little was measured.

    * Lowest CPU: the least processor time a frame.
    * Lowest latency: the shortest time from picture to people, in 95 of 100 frames. A frame on which people
      are only carried on tells nothing new of them: rows that skip do not count.
    * Highest accuracy: the least distance from MediaPipe's heavy or, where that was not measured, the largest
      model, on every frame; then the least processor time.

    Where nothing keeps up with 30 frames a second, the row that comes nearest to it.
    """
    candidates = [
        _Candidate(figures, figures.paced)
        for figures in measurement.measured
        if figures.row.backend is Backend.LITERT and figures.paced is not None
    ]
    if not candidates:
        return None
    fit = [candidate for candidate in candidates if candidate.keeps_up]
    if target is Target.LOWEST_LATENCY:
        fit = [candidate for candidate in fit if candidate.is_every_frame]
    if not fit:
        chosen = max(candidates, key=lambda each: each.figures.sustainable_hz)
    elif target is Target.LOWEST_CPU:
        chosen = _cheapest(fit)
    elif target is Target.LOWEST_LATENCY:
        shortest_ms = min(candidate.paced.ms.p95 for candidate in fit)
        chosen = _cheapest([each for each in fit if each.paced.ms.p95 <= _SAME_LATENCY * shortest_ms])
    else:
        chosen = _cheapest(_most_accurate(fit))
    return _recommendation(target, chosen, candidates)


def _cheapest(candidates: list[_Candidate]) -> _Candidate:
    """The one that takes the least processor time; of those that take as little, the plainest."""
    least_ms = min(candidate.paced.cpu_ms for candidate in candidates)
    cheap = [candidate for candidate in candidates if candidate.paced.cpu_ms <= _SAME * least_ms]
    return min(cheap, key=lambda each: (each.figures.row.threads, not each.is_every_frame, each.paced.cpu_ms))


def _most_accurate(candidates: list[_Candidate]) -> list[_Candidate]:
    """Those that are nearest to the reference: threads make no difference to that."""
    errors = [candidate.figures.vs_heavy for candidate in candidates]
    known = [round(error.mean, 2) for error in errors if error is not None]
    if len(known) == len(candidates):
        return [each for each, error in zip(candidates, known, strict=True) if error == min(known)]
    ranks = [(list(PoseModel).index(each.figures.row.model), each.is_every_frame) for each in candidates]
    return [each for each, rank in zip(candidates, ranks, strict=True) if rank == max(ranks)]


def _recommendation(target: Target, chosen: _Candidate, candidates: list[_Candidate]) -> Recommendation:
    row = chosen.figures.row
    rivals = [
        each
        for each in candidates
        if each is not chosen and (each.figures.row.model, each.figures.row.skip) == (row.model, row.skip)
    ]
    if not rivals:
        return Recommendation(target, chosen.figures, chosen.paced, chosen.keeps_up)
    is_latency = target is Target.LOWEST_LATENCY
    rival = min(rivals, key=lambda each: each.paced.ms.p95 if is_latency else each.paced.cpu_ms)
    return Recommendation(target, chosen.figures, chosen.paced, chosen.keeps_up, rival.figures, rival.paced)


def in_threads(count: int) -> str:
    """So many threads."""
    return f"{count} thread{'s' * (count > 1)}"


def in_words(recommendation: Recommendation) -> str:
    """Why this is recommended, in a sentence or two."""
    paced = recommendation.paced
    rate = f"{RATE_HZ:g}/s"
    if not recommendation.keeps_up:
        return (
            f"Nothing that was measured keeps up with {rate} here; "
            f"this comes nearest, with {recommendation.figures.sustainable_hz:.0f}/s."
        )
    cost = f"{paced.percent_of_core:.0f} % of a core at {rate}"
    within = f"95 of 100 frames are ready within {paced.ms.p95:.1f} ms"
    text = {
        Target.LOWEST_CPU: f"{cost}; {within}.",
        Target.LOWEST_LATENCY: f"{within}; {cost}.",
        Target.HIGHEST_ACCURACY: f"The most accurate that keeps up with {rate}: {cost}; {within}.",
    }[recommendation.target]
    if recommendation.rival is not None and recommendation.rival_paced is not None:
        rival, theirs = recommendation.rival.row, recommendation.rival_paced
        text += (
            f" With {in_threads(rival.threads)}: {theirs.percent_of_core:.0f} % and {theirs.ms.p95:.1f} ms"
        )
        text += ", which is a tie: two runs differ by as much." if recommendation.is_tie else "."
    return text
