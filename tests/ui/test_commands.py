"""What the user is told of wishes that come to nothing."""

import pytest

from desktop_pose.core.errors import SettingsError
from desktop_pose.core.settings import PoseModel


def test_settings_that_cannot_be_stored_are_in_force_and_the_user_is_told(bench):
    def refuse(settings):
        raise SettingsError("The settings could not be stored", "Free space or allow writing")

    bench.build()
    bench.window.commands._on_settings_changed = refuse
    bench.window.commands.next_model()
    assert bench.controller.settings.model is PoseModel.HEAVY
    assert "The settings could not be stored" in bench.messages


@pytest.mark.expects_error_log
def test_a_bug_in_a_job_is_told(bench, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("sabotage")

    monkeypatch.setattr("desktop_pose.engine.tasks.paint_full", broken)
    bench.run()
    bench.window.commands.take_snapshot()
    bench.wait(lambda: any("sabotage" in message for message in bench.messages))
