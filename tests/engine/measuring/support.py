"""Measurements made by hand."""

from desktop_pose.core.settings import Backend, PoseModel
from desktop_pose.core.skip import EVERY_FRAME, Skip
from desktop_pose.engine.measuring.figures import (
    Apart,
    LeftOut,
    Machine,
    Measurement,
    Paced,
    RowFigures,
    Spread,
)
from desktop_pose.engine.measuring.rows import ADAPTIVE, Row

MACHINE = Machine("Linux", "6.1", "x86_64", "AMD EPYC", 2, 2, "3.11.2")
VS_HEAVY = {"lite": 1.82, "full": 1.09, "heavy": 0.0}


def row(model="lite", threads=1, skip=EVERY_FRAME, backend=Backend.LITERT) -> Row:
    return Row(backend, PoseModel(model), threads, skip)


def figures(
    model="lite",
    threads=1,
    skip: Skip = EVERY_FRAME,
    *,
    backend=Backend.LITERT,
    p95=10.0,
    cpu=8.0,
    most=100.0,
    paced=True,
    vs_heavy="of the model",
) -> RowFigures:
    """A row of which `p95` ms and `cpu` ms were measured at 30/s, and which can do `most` a second."""
    error = VS_HEAVY[model] if vs_heavy == "of the model" else vs_heavy
    return RowFigures(
        row=row(model, threads, skip, backend),
        ms=Spread(p95 / 2, p95),
        cpu_ms=cpu,
        sustainable_hz=most,
        rss_mb=120.0,
        detector_runs=1 if backend is Backend.LITERT else None,
        reused=0 if skip == EVERY_FRAME else 20,
        paced=Paced(Spread(p95 * 0.9, p95), cpu, min(30.0, most)) if paced else None,
        vs_same=Apart(0.01, 0.02),
        vs_heavy=None if error is None else Apart(error, 2 * error),
    )


def measured(*rows, started="2026-11-21T10:00:00+00:00", video="demo", machine=MACHINE) -> Measurement:
    left_out = tuple(LeftOut(row("heavy"), "its process has ended") for each in rows if each is None)
    return Measurement(started, machine, video, 65, 65, rows, left_out)


def two_cores() -> Measurement:
    """What a 2-core machine gave: paced, two threads cost more than one and are no quicker with lite."""
    return measured(
        figures(p95=9.6, cpu=8.2, most=133),
        figures(skip=ADAPTIVE, p95=9.6, cpu=5.5, most=247, vs_heavy=1.9),
        figures(threads=2, p95=11.8, cpu=10.2, most=192),
        figures(threads=2, skip=ADAPTIVE, p95=12.2, cpu=6.9, most=353, vs_heavy=1.9),
        figures("full", p95=16.6, cpu=13.8, most=80),
        figures("full", threads=2, p95=16.4, cpu=15.3, most=130),
        figures("heavy", p95=56.0, cpu=53.3, most=18),
        figures("heavy", threads=2, p95=52.1, cpu=63.6, most=34),
        figures("heavy", threads=2, skip=ADAPTIVE, p95=35.4, cpu=31.1, most=65, vs_heavy=0.7),
        figures("lite", backend=Backend.MEDIAPIPE, p95=23.0, cpu=18.6, most=57),
    )
