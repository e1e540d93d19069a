"""What is measured."""

import pytest

from desktop_pose.core.settings import Backend, Settings, core_count
from desktop_pose.engine.measuring.rows import ADAPTIVE, all_rows, rows_that_fit, thread_counts
from tests.engine.measuring.support import row


@pytest.mark.parametrize(
    ("cores", "expected"),
    [(1, (1,)), (2, (1, 2)), (3, (1, 2, 3)), (4, (1, 2, 3, 4)), (6, (1, 2, 4, 6)), (8, (1, 2, 4, 8)),
     (24, (1, 2, 4, 8, 16, 24))],
)  # fmt: skip
def test_threads_from_one_to_all_cores(cores, expected):
    assert thread_counts(cores) == expected


def test_rows_are_backends_models_threads_and_skips():
    rows = {(row.backend.value, row.model.value, row.threads, str(row.skip)) for row in all_rows()}
    models, threads = ("lite", "full", "heavy"), thread_counts(core_count())
    expected = {
        ("litert", model, number, skip)
        for model in models
        for number in threads
        for skip in ("off", "adaptive")
    }
    assert rows == expected | {("mediapipe", model, 1, "off") for model in models}
    assert [each.backend for each in all_rows()][-3:] == [Backend.MEDIAPIPE] * 3


def test_rows_for_which_there_is_no_memory_are_told_of():
    rows = (row(), row("full"), row("heavy"), row(backend=Backend.MEDIAPIPE))
    told = []
    assert rows_that_fit(rows, 700, told.append) == [row(), row("full")]
    assert told == [row("heavy"), row(backend=Backend.MEDIAPIPE)]
    assert rows_that_fit(rows, 2000, told.append) == list(rows)
    assert rows_that_fit(rows, 10, lambda _row: None) == [row()]  # one there must be


def test_a_row_is_applied_whole_and_nothing_else_changes():
    settings = Settings(source="demo", people=2, model_file="/own.tflite")
    applied = row("heavy", 1, ADAPTIVE).applied_to(settings)
    assert (applied.model.value, applied.threads, applied.skip) == ("heavy", 1, ADAPTIVE)
    assert applied.model_file is None
    assert (applied.source, applied.people) == ("demo", 2)


def test_rows_in_words():
    assert str(row("full", 2, ADAPTIVE)) == "litert full with 2 threads, skip adaptive"
    assert str(row(backend=Backend.MEDIAPIPE)) == "mediapipe lite with 1 thread"
