import subprocess

import pytest

from desktop_pose.core.errors import DesktopPoseError
from desktop_pose.engine.resources.costs import (
    Cost,
    LeftOut,
    Variant,
    all_variants,
    measure,
    measure_all,
    measure_or_leave_out,
    run_application,
    runs_to_measure,
    save,
    saved,
)


def test_a_real_run_has_a_cost_and_its_charts_can_be_left_out():
    cost = measure(Variant("lite", ("--model", "lite", "--no-charts")), 5.0)
    assert cost.name == "lite"
    assert cost.cpu_percent > 1
    assert cost.rss_mb > 100
    assert cost.latency_p95_ms > 1
    assert cost.shown_per_s > 1


def test_a_run_that_is_no_longer_wanted_ends_at_once(tmp_path):
    assert measure(Variant("base"), 60.0, is_wanted=lambda: False) is None
    assert measure_all(lambda _done, _total: False, tmp_path) is None
    assert saved(tmp_path) == ()


def test_what_fails_is_left_out_where_there_is_something_to_compare_with():
    broken = Variant("broken", ("--model", "no such model"))
    outcome = measure_or_leave_out(broken, has_base=True)
    assert isinstance(outcome, LeftOut)
    assert outcome.name == "broken"
    assert "no such model" in outcome.why
    with pytest.raises(DesktopPoseError):
        measure_or_leave_out(broken, has_base=False)


def test_a_run_that_fails_says_why():
    with pytest.raises(DesktopPoseError, match="no such model"):
        run_application(["--model", "no such model"], 4.0)


def test_a_run_that_fails_while_nobody_listens_says_why_all_the_same(monkeypatch):
    class Unheard(subprocess.Popen):
        """Ends just after it was listened to in vain."""

        def communicate(self, *, timeout=None):
            if self.returncode is None:
                self.wait()
                raise subprocess.TimeoutExpired(self.args, timeout)
            return super().communicate(timeout=timeout)

    monkeypatch.setattr(subprocess, "Popen", Unheard)
    with pytest.raises(DesktopPoseError, match="no such model"):
        run_application(["--model", "no such model"], 4.0)


def test_the_base_is_first_and_every_setting_is_there():
    variants = all_variants()
    assert variants[0].arguments == ()
    words = " ".join(argument for variant in variants for argument in variant.arguments)
    for option in (
        "lite", "heavy", "--threads", "--mask", "--people", "--record", "--no-charts", "adaptive", "--skip 2",
    ):  # fmt: skip
        assert option in words
    assert len({variant.name for variant in variants}) == len(variants)


def test_the_base_is_measured_again_at_the_end():
    *variants, again = runs_to_measure()
    assert tuple(variants) == all_variants()
    assert again.arguments == variants[0].arguments
    assert again.name not in {variant.name for variant in variants}


def test_costs_are_kept_and_what_cannot_be_read_is_none(tmp_path):
    costs = [Cost("full", 60.0, 250.0, 20.0, 30.0), Cost("lite", 45.0, 240.0, 15.0, 30.0)]
    save(costs, tmp_path / "new")
    assert saved(tmp_path / "new") == tuple(costs)
    assert saved(tmp_path) == ()
    (tmp_path / "resource-costs.json").write_text('{"schema": 1, "costs": [{"name": "full"}]}')
    assert saved(tmp_path) == ()
    (tmp_path / "file").write_text("")
    with pytest.raises(DesktopPoseError):
        save(costs, tmp_path / "file")
