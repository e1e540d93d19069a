"""Signals of the process reach Qt, and are given back."""

import os
import signal
import sys

import pytest

from desktop_pose.app.signals import ProcessSignals
from desktop_pose.core.ending_signals import ending_signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.mark.parametrize("number", ending_signals())
def test_signal_is_received_and_given_back(qtbot, number):
    before = signal.getsignal(number)
    signals = ProcessSignals()
    try:
        with qtbot.waitSignal(signals.received, timeout=2000) as received:
            os.kill(os.getpid(), number)
        assert received.args == [number]
    finally:
        signals.close()
    assert signal.getsignal(number) is before
