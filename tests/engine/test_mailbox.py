import threading

import pytest

from desktop_pose.engine.mailbox import CountedQueue, NewestMailbox


@pytest.fixture
def lock():
    return threading.RLock()


@pytest.fixture
def stop():
    return threading.Event()


def test_newest_keeps_the_newest_and_counts_the_older(lock, stop):
    mailbox = NewestMailbox(lock)

    assert [mailbox.put(item) for item in "abc"] == [True, False, False]

    assert mailbox.take(stop) == "c"
    assert (mailbox.dropped, mailbox.held, len(mailbox)) == (2, 1, 0)


def test_counted_queue_keeps_the_oldest_and_counts_the_refused(lock, stop):
    queue = CountedQueue(lock, capacity=2)

    assert [queue.put(item) for item in "abc"] == [True, True, False]

    assert [queue.take(stop), queue.take(stop)] == ["a", "b"]
    assert (queue.sent, queue.dropped, queue.held) == (3, 1, 2)


def test_every_item_is_somewhere_until_it_is_settled(lock, stop):
    mailbox = NewestMailbox(lock)
    mailbox.put("a")
    mailbox.take(stop)
    mailbox.put("b")
    assert mailbox.in_flight == 2

    mailbox.settle()
    assert mailbox.in_flight == 1
    mailbox.drop_all()
    assert (mailbox.in_flight, mailbox.dropped) == (0, 1)


def test_settling_what_nobody_holds_is_a_bug(lock):
    with pytest.raises(RuntimeError):
        NewestMailbox(lock).settle()


def test_take_waits_for_an_item(lock, stop):
    mailbox = NewestMailbox(lock)
    taken = []
    taker = threading.Thread(target=lambda: taken.append(mailbox.take(stop)))
    taker.start()
    mailbox.put("late")
    taker.join(5)
    assert taken == ["late"]


def test_a_stop_ends_the_wait_even_if_its_wake_up_was_missed(lock, stop):
    mailbox = NewestMailbox(lock)
    taken = []
    taker = threading.Thread(target=lambda: taken.append(mailbox.take(stop)))
    taker.start()
    stop.set()
    taker.join(5)
    assert taken == [None]


def test_nothing_is_taken_once_stopped(lock, stop):
    mailbox = NewestMailbox(lock)
    mailbox.put("a")
    stop.set()
    assert mailbox.take(stop) is None
    assert mailbox.take_now() == "a"
    assert mailbox.take_now() is None
