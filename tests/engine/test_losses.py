import threading

from desktop_pose.engine.losses import LossBook


def test_losses_are_counted_by_cause_up_to_a_frame():
    book = LossBook(threading.RLock())
    book.note(1, "bad")  # nobody records yet
    book.open()
    for index, cause in ((4, "inference"), (7, "bad"), (5, "inference"), (9, "recorder")):
        book.note(index, cause)
    assert book.take_before(8) == {"inference": 2, "bad": 1}
    assert book.take_before(8) == {}
    assert book.take_before(100) == {"recorder": 1}


def test_an_opened_book_is_empty():
    book = LossBook(threading.RLock())
    book.open()
    book.note(4, "bad")
    book.close()
    book.note(5, "bad")
    book.open()
    assert book.take_before(100) == {}
