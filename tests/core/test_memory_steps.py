import mmap
import threading

import pytest

from desktop_pose.core.memory import give_back_free_memory
from desktop_pose.core.memory_steps import STEPS, MemoryPart, MemorySteps, StepKind
from desktop_pose.core.resident import Resident, heap_of_this_thread
from tests.support.new_process import in_new_process

MB = 1_000_000


class Memory:
    """A resident size, files, and heaps and faults by thread that a test sets."""

    def __init__(self, resident=0):
        self.resident = resident
        self.files = {}
        self.faults = {}
        self.heaps = {}

    def book(self):
        return MemorySteps(
            lambda: Resident(self.resident, sum(self.files.values())),
            lambda thread: self.faults.get(thread, 0),
            self.heap_of_this_thread,
            lambda: self.files,
        )

    def heap_of_this_thread(self):
        thread = threading.get_native_id()
        return lambda: self.heaps.get(thread, 0)


def on_a_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(5)


def test_what_is_there_at_first_is_python_s():
    assert Memory(9 * MB).book().booked_bytes()[MemoryPart.PYTHON_AND_QT] == 9 * MB


def test_a_step_books_what_comes_within_it_and_nothing_else():
    memory = Memory()
    book = memory.book()
    memory.resident += 5 * MB  # of nobody
    with book.step(MemoryPart.MODELS):
        memory.resident += 30 * MB
    memory.resident += 7 * MB
    booked = book.booked_bytes()
    assert booked[MemoryPart.MODELS] == 30 * MB
    assert sum(booked.values()) == 30 * MB


def test_a_step_that_goes_on_counts_up_to_now():
    memory = Memory()
    book = memory.book()
    with book.step(MemoryPart.CHARTS):
        memory.resident += 4 * MB
        assert book.booked_bytes()[MemoryPart.CHARTS] == 4 * MB


def test_a_step_within_a_step_takes_over():
    memory = Memory()
    book = memory.book()
    with book.step(MemoryPart.PYTHON_AND_QT):
        memory.resident += 1 * MB
        with book.step(MemoryPart.CHARTS):
            memory.resident += 20 * MB
        memory.resident += 2 * MB
    booked = book.booked_bytes()
    assert (booked[MemoryPart.PYTHON_AND_QT], booked[MemoryPart.CHARTS]) == (3 * MB, 20 * MB)


def test_a_long_step_may_outlast_one_begun_later_and_ends_once():
    memory = Memory()
    book = memory.book()
    first, second = book.begin(MemoryPart.BUFFERS), book.begin(MemoryPart.MODELS)
    first.end()
    memory.resident += 3 * MB
    second.end()
    second.end()
    memory.resident += 50 * MB
    assert book.booked_bytes()[MemoryPart.MODELS] == 3 * MB
    book.begin(MemoryPart.CHARTS)
    book.end_all()
    memory.resident += 50 * MB
    assert book.booked_bytes()[MemoryPart.CHARTS] == 0
    assert book.booked_bytes()[MemoryPart.BUFFERS] == 0


@pytest.mark.parametrize(("other_faults", "share"), [(300, 0.25), (0, 1.0)])
def test_steps_at_once_share_by_the_faults_of_their_threads(other_faults, share):
    memory = Memory()
    book = memory.book()
    mine = threading.get_native_id()

    def work():
        theirs = threading.get_native_id()
        with book.step(MemoryPart.BUFFERS):
            memory.resident += 40 * MB
            memory.faults = {mine: 100, theirs: other_faults}

    with book.step(MemoryPart.LIBRARIES):
        on_a_thread(work)
    booked = book.booked_bytes()
    assert booked[MemoryPart.LIBRARIES] == share * 40 * MB
    assert booked[MemoryPart.BUFFERS] == (1 - share) * 40 * MB


def test_where_nobody_counts_faults_steps_at_once_share_evenly():
    memory = Memory()
    book = MemorySteps(lambda: Resident(memory.resident))

    def work():
        with book.step(MemoryPart.BUFFERS):
            memory.resident += 40 * MB

    with book.step(MemoryPart.LIBRARIES):
        on_a_thread(work)
    assert book.booked_bytes()[MemoryPart.BUFFERS] == 20 * MB


def test_steps_at_once_are_booked_what_their_own_heaps_have_grown_by():
    memory = Memory(100 * MB)
    book = memory.book()

    def import_library():
        importing = threading.get_native_id()
        with book.step(MemoryPart.CHARTS):
            memory.resident += 24 * MB + 5 * MB + 2 * MB
            memory.heaps[capturing] = 24 * MB  # frames, taken from memory that had been touched before
            memory.heaps[importing] = 5 * MB
            memory.faults[importing] = 40 * MB // mmap.PAGESIZE  # most of them given back at once

    capturing = threading.get_native_id()
    with book.step(MemoryPart.BUFFERS, StepKind.COMES_AND_GOES):
        on_a_thread(import_library)
    booked = book.booked_bytes()
    assert (booked[MemoryPart.BUFFERS], booked[MemoryPart.CHARTS]) == (24 * MB, 7 * MB)


def test_what_shrinks_beside_the_heaps_shrinks_for_who_took_it():
    memory = Memory(100 * MB)
    book = memory.book()

    def open_model():
        with book.step(MemoryPart.MODELS):
            memory.resident += 12 * MB
            memory.faults[threading.get_native_id()] = 3000
            book.book_now()
            memory.resident -= 8 * MB
            memory.faults[capturing] = 5000

    capturing = threading.get_native_id()
    with book.step(MemoryPart.BUFFERS, StepKind.COMES_AND_GOES):
        on_a_thread(open_model)
    booked = book.booked_bytes()
    assert (booked[MemoryPart.BUFFERS], booked[MemoryPart.MODELS]) == (0, 4 * MB)


def test_the_heap_of_frames_is_followed_until_its_thread_ends():
    memory = Memory(100 * MB)
    book = memory.book()
    thread = threading.get_native_id()
    with book.step(MemoryPart.BUFFERS, StepKind.COMES_AND_GOES):
        pass
    memory.resident = memory.heaps[thread] = 103 * MB  # one picture more, the rest of nobody
    assert book.booked_bytes()[MemoryPart.BUFFERS] == 103 * MB
    memory.heaps[thread] = 100 * MB
    assert book.booked_bytes()[MemoryPart.BUFFERS] == 100 * MB
    book.end_all()
    memory.heaps[thread] = 150 * MB
    assert book.booked_bytes()[MemoryPart.BUFFERS] == 100 * MB


def test_what_an_ended_thread_left_is_taken_off_its_own_part_whoever_gives_it_back():
    memory = Memory(100 * MB)
    book = memory.book()
    threads = {}

    def take(part, kind, megabytes):
        threads[part] = threading.get_native_id()
        with book.step(part, kind):
            memory.resident += megabytes * MB
            memory.heaps[threads[part]] = megabytes * MB
        if part is MemoryPart.BUFFERS:
            book.end_all()
            return
        rendering = threads[MemoryPart.BUFFERS]
        with book.step(part, StepKind.GIVES_BACK):
            memory.resident -= 45 * MB + megabytes * MB
            memory.heaps = {rendering: 3 * MB, threads[part]: 0}

    on_a_thread(lambda: take(MemoryPart.BUFFERS, StepKind.COMES_AND_GOES, 48))
    on_a_thread(lambda: take(MemoryPart.MODELS, StepKind.STAYS, 40))
    booked = book.booked_bytes()
    assert (booked[MemoryPart.BUFFERS], booked[MemoryPart.MODELS]) == (3 * MB, 0)


def test_a_thread_whose_heap_is_full_goes_on_in_another_that_nobody_uses():
    memory = Memory(100 * MB)
    book = memory.book()
    ended = []

    def take_frames():
        ended.append(threading.get_native_id())
        with book.step(MemoryPart.BUFFERS, StepKind.COMES_AND_GOES):
            pass
        book.end_all()

    on_a_thread(take_frames)
    with book.step(MemoryPart.MODELS):
        memory.resident += 64 * MB + 24 * MB
        memory.heaps = {threading.get_native_id(): 64 * MB, ended[0]: 24 * MB}
    assert book.booked_bytes()[MemoryPart.MODELS] == 88 * MB
    with book.step(MemoryPart.MODELS, StepKind.GIVES_BACK):
        memory.resident -= 88 * MB
        memory.heaps = {}
    assert book.booked_bytes()[MemoryPart.MODELS] == 0


def test_files_are_of_those_whose_code_they_are_whoever_maps_them():
    memory = Memory(10 * MB)
    memory.files = {"/usr/lib/libc.so.6": 2 * MB}
    book = memory.book()
    with book.step(MemoryPart.CHARTS):
        memory.resident += 13 * MB
        memory.files |= {
            "/env/lib/python3.12/site-packages/cv2/cv2.abi3.so": 4 * MB,
            "/env/lib/python3.12/site-packages/PySide6/Qt/lib/libQt6Core.so.6": 5 * MB,
            "/home/someone/.cache/desktop-pose/pose_full.tflite": 1 * MB,
        }
    booked = book.booked_bytes()
    assert booked[MemoryPart.PYTHON_AND_QT] == 10 * MB + 5 * MB
    assert booked[MemoryPart.LIBRARIES] == 4 * MB
    assert booked[MemoryPart.MODELS] == 1 * MB
    assert booked[MemoryPart.CHARTS] == 3 * MB


def test_faults_of_before_the_other_step_do_not_count():
    memory = Memory()
    book = memory.book()
    mine = threading.get_native_id()

    def work():
        with book.step(MemoryPart.BUFFERS):
            memory.resident += 40 * MB
            memory.faults[threading.get_native_id()] = 10

    with book.step(MemoryPart.LIBRARIES):
        memory.faults[mine] = 100_000
        on_a_thread(work)
    assert book.booked_bytes()[MemoryPart.BUFFERS] == 40 * MB


def test_what_is_freed_meanwhile_is_freed_by_the_step_that_gives_back():
    memory = Memory(100 * MB)
    book = memory.book()

    def work():
        with book.step(MemoryPart.MODELS, StepKind.GIVES_BACK):
            memory.resident -= 22 * MB

    with book.step(MemoryPart.LIBRARIES):
        on_a_thread(work)
    booked = book.booked_bytes()
    assert (booked[MemoryPart.MODELS], booked[MemoryPart.LIBRARIES]) == (-22 * MB, 0)


def test_the_book_begins_when_it_can_be_read():
    book = MemorySteps(lambda: None)
    with book.step(MemoryPart.MODELS):
        pass
    assert book.booked_bytes() is None
    memory = Memory(10 * MB)
    book.read_with(lambda: memory.resident)
    book.read_with(lambda: 99 * MB)  # it can be read already
    with book.step(MemoryPart.MODELS):
        memory.resident += 2 * MB
    booked = book.booked_bytes()
    assert (booked[MemoryPart.PYTHON_AND_QT], booked[MemoryPart.MODELS]) == (10 * MB, 2 * MB)


def taken_and_left():
    before = STEPS.booked_bytes()[MemoryPart.BUFFERS]
    content = b"\1" * MB
    with STEPS.step(MemoryPart.BUFFERS):
        pages = mmap.mmap(-1, 20 * MB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for _ in range(20):
            pages.write(content)  # bytes of the whole size might stay resident as well
    taken = STEPS.booked_bytes()[MemoryPart.BUFFERS] - before
    with STEPS.step(MemoryPart.BUFFERS, StepKind.GIVES_BACK):
        pages.close()
    return taken, STEPS.booked_bytes()[MemoryPart.BUFFERS] - before


@pytest.mark.skipif(STEPS.booked_bytes() is None, reason="this system has no file that tells")
def test_a_process_books_what_it_truly_takes_and_gives_back():
    taken, left = in_new_process(taken_and_left)
    assert taken == pytest.approx(20 * MB, abs=3 * MB)
    assert left == pytest.approx(0, abs=3 * MB)


def booked_beside_work_that_touches_and_gives_back_much():
    give_back_free_memory()  # what is resident and free would be taken first
    begun, frames, before = threading.Event(), [], STEPS.booked_bytes()

    def capture():
        with STEPS.step(MemoryPart.BUFFERS, StepKind.COMES_AND_GOES):
            begun.set()
            frames.extend(b"\1" * 100_000 for _ in range(200))
        STEPS.end_all()

    thread = threading.Thread(target=capture)
    with STEPS.step(MemoryPart.LIBRARIES):
        thread.start()
        begun.wait(5)
        for _ in range(10):
            bytes(8 * MB).upper()
        thread.join(5)
        give_back_free_memory()
    after = STEPS.booked_bytes()
    return len(frames), {part: after[part] - before[part] for part in MemoryPart}


@pytest.mark.skipif(heap_of_this_thread() is None, reason="nobody tells of the heaps of threads here")
def test_frames_beside_work_that_touches_and_gives_back_much_are_booked_what_they_take():
    frames, booked = in_new_process(booked_beside_work_that_touches_and_gives_back_much)
    assert frames == 200
    assert booked[MemoryPart.BUFFERS] == pytest.approx(20 * MB, abs=3 * MB)
    assert booked[MemoryPart.LIBRARIES] == pytest.approx(0, abs=9 * MB)


def booked_after_runs_on_new_threads():
    pins, before = [], STEPS.booked_bytes()

    def take_frames():
        opened.wait(5)
        with STEPS.step(MemoryPart.BUFFERS, StepKind.COMES_AND_GOES):
            frames = [b"\1" * 100_000 for _ in range(300)]
            pins.append(b"\1" * 100_000)  # malloc gives back by itself what is free at the end of a heap
            STEPS.book_now()
            frames.clear()
        STEPS.end_all()
        ended.set()

    def open_and_close_model():
        with STEPS.step(MemoryPart.MODELS):
            weights = [b"\1" * 100_000 for _ in range(100)]
        opened.set()
        ended.wait(5)
        with STEPS.step(MemoryPart.MODELS, StepKind.GIVES_BACK):
            weights.clear()
            give_back_free_memory()
        STEPS.end_all()

    for _ in range(3):
        opened, ended = threading.Event(), threading.Event()
        threads = [threading.Thread(target=work) for work in (take_frames, open_and_close_model)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
    after = STEPS.booked_bytes()
    return {part: after[part] - before[part] for part in (MemoryPart.BUFFERS, MemoryPart.MODELS)}


@pytest.mark.skipif(heap_of_this_thread() is None, reason="nobody tells of the heaps of threads here")
def test_runs_that_come_and_go_leave_nothing_behind_in_the_book():
    booked = in_new_process(booked_after_runs_on_new_threads)
    assert booked[MemoryPart.BUFFERS] == pytest.approx(0, abs=3 * MB)
    assert booked[MemoryPart.MODELS] == pytest.approx(0, abs=3 * MB)
