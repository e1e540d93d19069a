import os
import subprocess
import sys
import threading
import time

import pytest
from PySide6.QtCore import QThread

from desktop_pose.core.clock import NS_PER_S
from desktop_pose.engine.processor import ProcessorMeter, share_between


def spend(seconds):
    """Take so much processor time."""
    end_s = time.thread_time() + seconds
    while time.thread_time() < end_s:
        pass


def test_time_is_booked_on_the_thread_that_spent_it():
    meter = ProcessorMeter()
    before = meter.read()

    def work():
        meter.name_thread(threading.get_native_id(), "inference")
        spend(0.2)
        has_spent.set()
        ended.wait(5)

    has_spent, ended = threading.Event(), threading.Event()
    thread = threading.Thread(target=work)
    thread.start()
    assert has_spent.wait(20)
    share = share_between(before, meter.read())
    ended.set()
    thread.join(5)

    assert share.threads_percent["inference"] > 3 * share.threads_percent["main"]
    assert sum(share.threads_percent.values()) == pytest.approx(share.process_percent, abs=10)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count by threads in ticks")
def test_times_are_finer_than_the_system_s_ticks():
    meter = ProcessorMeter()
    before, before_s = meter.read(), time.thread_time()
    spend(0.004)
    used_s = time.thread_time() - before_s
    after = meter.read()

    assert after.threads_s["main"] - before.threads_s["main"] == pytest.approx(used_s, abs=0.002)
    assert after.process_s - before.process_s >= used_s


def test_a_thread_that_has_ended_keeps_what_it_used():
    meter = ProcessorMeter()

    def work():
        meter.name_thread(threading.get_native_id(), "render")
        spend(0.1)
        has_spent.set()
        ended.wait(5)

    has_spent, ended = threading.Event(), threading.Event()
    thread = threading.Thread(target=work)
    thread.start()
    assert has_spent.wait(20)
    used_s = meter.read().threads_s["render"]
    ended.set()
    thread.join(5)
    assert meter.read().threads_s["render"] >= used_s > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells nothing of ended children")
def test_a_child_that_ends_counts_only_where_children_are_asked_for():
    meter = ProcessorMeter()
    before = meter.read()
    children_s = sum(os.times()[2:4])
    subprocess.run([sys.executable, "-c", "sum(range(20_000_000))"], check=True)
    after = meter.read()
    children_s = sum(os.times()[2:4]) - children_s

    assert children_s > 0.1
    assert after.process_s - before.process_s < children_s / 2
    assert after.threads_s["other"] - before.threads_s["other"] < children_s / 2
    share, alone = share_between(before.with_children(), after.with_children()), share_between(before, after)
    wall_s = (after.at_ns - before.at_ns) / NS_PER_S
    assert share.process_percent - alone.process_percent == pytest.approx(100 * children_s / wall_s)
    assert share.threads_percent["other"] - alone.threads_percent["other"] == pytest.approx(
        100 * children_s / wall_s
    )


def test_new_threads_of_libraries_get_a_name_and_those_that_run_python_do_not(qapp):
    meter = ProcessorMeter()
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait, args=[5])
    native = QThread()  # its event loop knows nothing of Python
    with meter.naming_new_threads("inference_workers"):
        thread.start()
        native.start()
    names = dict(meter._names)
    ended.set()
    thread.join(5)
    native.quit()
    native.wait()
    assert sorted(names.values()) == ["inference_workers", "main"]
    assert thread.native_id not in names
    assert names[threading.main_thread().native_id] == "main"


def test_the_peak_is_this_process_s_own_and_not_its_parent_s():
    parent = bytearray(300_000_000)
    code = (
        "from desktop_pose.engine.processor import ProcessorMeter;"
        "meter = ProcessorMeter();"
        "print(meter.peak_resident_mb(), meter.resident_mb())"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    peak_mb, resident_mb = (float(word) for word in output.split())
    assert len(parent) > 1e6 * peak_mb
    assert peak_mb >= 0.99 * resident_mb > 5
