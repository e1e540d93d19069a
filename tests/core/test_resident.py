import mmap
import sys
import threading

import pytest

from desktop_pose.core import resident as resident_module
from desktop_pose.core.resident import faults_of, heap_of_this_thread, resident, resident_files
from tests.support.new_process import in_new_process

MB = 1_000_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")


def files_listed_and_their_sum_told():
    return resident_files(), resident().of_files


def test_the_files_make_up_what_is_resident_of_files():
    files, of_files = in_new_process(files_listed_and_their_sum_told)
    assert sum(files.values()) == pytest.approx(of_files, abs=2 * MB)
    assert any("python" in path for path in files)
    assert all(count >= 0 for count in files.values())


def reserved_and_written():
    before = resident().proper
    pages = mmap.mmap(-1, 40 * MB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    reserved = resident().proper - before
    for _ in range(20):
        pages.write(b"\1" * MB)
    return reserved, resident().proper - before


def test_memory_proper_grows_with_what_is_written_and_not_with_what_is_reserved():
    reserved, written = in_new_process(reserved_and_written)
    assert reserved == pytest.approx(0, abs=2 * MB)
    assert written == pytest.approx(20 * MB, abs=3 * MB)


def test_where_files_are_not_listed_their_pages_are_memory_like_any(monkeypatch, tmp_path):
    monkeypatch.setattr(resident_module, "_MAPPINGS", tmp_path / "none")
    assert resident().of_files == 0
    assert resident_files() == {}


def test_page_faults_are_counted_of_each_thread():
    before = faults_of(threading.get_native_id())
    pages = mmap.mmap(-1, 8 * MB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    pages.write(bytes(8 * MB))
    pages.close()
    assert faults_of(threading.get_native_id()) >= before + 2
    assert faults_of(2**22 + 1) is None


def grown_heaps():
    grown, meeting = {}, threading.Barrier(2)

    def take(megabytes):
        grown[megabytes] = growth_while_taking(megabytes, meeting.wait)

    threads = [threading.Thread(target=take, args=(megabytes,)) for megabytes in (6, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    return grown


def growth_while_taking(megabytes, wait=lambda: None):
    read_heap = heap_of_this_thread()
    before = read_heap()
    kept = [b"1" * 100_000 for _ in range(10 * megabytes)]
    wait()
    grown = read_heap() - before
    del kept
    return grown


@pytest.mark.skipif(heap_of_this_thread() is None, reason="nobody tells of the heaps of threads here")
def test_the_heap_of_a_thread_grows_with_what_that_thread_takes_and_no_other():
    assert in_new_process(grown_heaps) == pytest.approx({6: 6 * MB, 3: 3 * MB}, abs=MB)


@pytest.mark.skipif(heap_of_this_thread() is None, reason="nobody tells of the heaps of threads here")
def test_the_heap_of_the_main_thread_grows_with_what_it_takes():
    assert in_new_process(growth_while_taking, 2) == pytest.approx(2 * MB, abs=MB)
