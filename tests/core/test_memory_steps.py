import mmap
import threading

import pytest

from desktop_pose.core.memory_steps import STEPS, MemoryPart, MemorySteps, Resident, StepKind

MB = 1_000_000


class Memory:
    """A resident size and faults by thread that a test sets."""

    def __init__(self, resident=0):
        self.resident = resident
        self.of_files = 0
        self.faults = {}

    def book(self):
        return MemorySteps(
            lambda: Resident(self.resident, self.of_files), lambda thread: self.faults.get(thread, 0)
        )


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


def test_beside_frames_that_come_and_go_a_step_is_booked_what_its_thread_touches_and_maps():
    memory = Memory(100 * MB)
    book = memory.book()

    def import_library():
        importing = threading.get_native_id()
        with book.step(MemoryPart.CHARTS):
            memory.resident += 25 * MB - 10 * MB  # 20 MB of its own and 5 of files; 10 MB of frames have gone
            memory.of_files += 5 * MB
            memory.faults[importing] = 20 * MB // mmap.PAGESIZE
            memory.faults[capturing] = 7000

    capturing = threading.get_native_id()
    with book.step(MemoryPart.BUFFERS, StepKind.COMES_AND_GOES):
        on_a_thread(import_library)
    booked = book.booked_bytes()
    assert booked[MemoryPart.CHARTS] == pytest.approx(25 * MB, abs=mmap.PAGESIZE)
    assert booked[MemoryPart.BUFFERS] == pytest.approx(-10 * MB, abs=mmap.PAGESIZE)


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


@pytest.mark.skipif(STEPS.booked_bytes() is None, reason="this system has no file that tells")
def test_this_process_books_what_it_truly_takes_and_gives_back():
    before = STEPS.booked_bytes()[MemoryPart.BUFFERS]
    content = b"\1" * MB
    with STEPS.step(MemoryPart.BUFFERS):
        pages = mmap.mmap(-1, 20 * MB)
        for _ in range(20):
            pages.write(content)  # bytes of the whole size might stay resident as well
    taken = STEPS.booked_bytes()[MemoryPart.BUFFERS] - before
    with STEPS.step(MemoryPart.BUFFERS, StepKind.GIVES_BACK):
        pages.close()
    left = STEPS.booked_bytes()[MemoryPart.BUFFERS] - before
    assert taken == pytest.approx(20 * MB, abs=3 * MB)
    assert left == pytest.approx(0, abs=3 * MB)
