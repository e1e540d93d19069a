from desktop_pose.core.heap_holdings import HeapHoldings
from desktop_pose.core.memory_steps import MemoryPart

MODELS, BUFFERS, CHARTS = MemoryPart.MODELS, MemoryPart.BUFFERS, MemoryPart.CHARTS


class Heap:
    """A heap whose size a test sets, with what is known of it."""

    def __init__(self, size=0):
        self.size = size
        self.holdings = HeapHoldings(lambda: self.size)

    def becomes(self, size, part=None, giving=()):
        self.size = size
        growth = self.holdings.read()
        return {each: change for each, change in self.holdings.book(growth, part, giving).items() if change}


def test_what_a_heap_grows_by_is_of_its_user():
    heap = Heap(5)
    assert heap.becomes(45, MODELS) == {MODELS: 40}
    assert heap.becomes(50) == {}


def test_what_a_former_thread_left_is_not_taken_off_the_next_one_s_part():
    heap = Heap()
    heap.becomes(30, BUFFERS)
    heap.becomes(50, MODELS)
    assert heap.becomes(10, MODELS) == {MODELS: -20, BUFFERS: -20}


def test_who_gives_back_gives_what_it_holds_and_no_more():
    heap = Heap()
    heap.becomes(30, MODELS)
    heap.becomes(40, BUFFERS)
    assert heap.becomes(5, BUFFERS, {MODELS}) == {MODELS: -30, BUFFERS: -5}
    assert heap.becomes(0, BUFFERS, {CHARTS}) == {BUFFERS: -5}


def test_a_heap_that_nobody_uses_first_gives_back_what_was_booked_nowhere():
    heap = Heap(4)
    heap.becomes(24, BUFFERS)
    heap.becomes(30)
    assert heap.becomes(22) == {}
    assert heap.becomes(1) == {BUFFERS: -19}


def test_what_shrinks_beyond_all_that_was_booked_is_the_user_s():
    heap = Heap(40)
    assert heap.becomes(30, MODELS, {MODELS}) == {MODELS: -10}
    assert heap.becomes(35, MODELS) == {MODELS: 5}
