"""Look-ups that answer, fail, and hang; those that hang by a stand-in for the system's, which holds them."""

import socket
import threading

import pytest

from desktop_pose.capture import stream
from desktop_pose.capture.host_lookup import MOST_RUNNING, addresses_of
from desktop_pose.capture.stream import StreamSource
from desktop_pose.core.errors import SourceError

PATIENT_S = 10


class HangingNetwork:
    """Answers nobody until it is released.

    Attributes:
        asked: The hosts it was asked for.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._is_released = threading.Event()

    def __call__(self, host: str) -> tuple[str, ...]:
        self.asked.append(host)
        assert self._is_released.wait(PATIENT_S)
        return ("192.0.2.1",)

    def release(self) -> None:
        self._is_released.set()


@pytest.fixture
def hanging():
    network = HangingNetwork()
    yield network
    network.release()


def test_the_system_knows_its_own_name():
    assert set(addresses_of("localhost", PATIENT_S)) <= {"127.0.0.1", "::1"}


def test_an_address_is_not_asked_for(hanging):
    assert addresses_of("127.0.0.1", 0, hanging) == ("127.0.0.1",)
    assert addresses_of("::1", 0, hanging) == ("::1",)
    assert hanging.asked == []


def test_an_unknown_host_is_told():
    with pytest.raises(socket.gaierror):
        addresses_of("nowhere.invalid", PATIENT_S)


def test_a_name_too_long_to_ask_for_is_told():
    with pytest.raises((UnicodeError, socket.gaierror)):
        addresses_of("a" * 80 + ".invalid", PATIENT_S)


def test_one_that_hangs_is_left_waiting_and_not_asked_for_twice(hanging):
    for _ in range(3):
        with pytest.raises(TimeoutError):
            addresses_of("hanging.invalid", 0.01, hanging)
    assert hanging.asked == ["hanging.invalid"]
    hanging.release()
    assert addresses_of("hanging.invalid", PATIENT_S, hanging) == ("192.0.2.1",)


def test_only_so_many_hang_at_a_time(hanging):
    hosts = [f"hanging{number}.invalid" for number in range(MOST_RUNNING + 2)]
    for host in hosts:
        with pytest.raises(TimeoutError):
            addresses_of(host, 0, hanging)
    assert len([thread for thread in threading.enumerate() if thread.name == "host look-up"]) == MOST_RUNNING


def test_a_stream_whose_host_hangs_says_so_and_can_be_tried_again(hanging, monkeypatch):
    assert 1000 * stream._LOOKUP_TIMEOUT_S < stream.OPEN_TIMEOUT_MS
    monkeypatch.setattr(stream, "_LOOKUP_TIMEOUT_S", 0.05)
    source = StreamSource("http://user:word@hanging.invalid:1/video", hanging)
    for _ in range(2):
        with pytest.raises(SourceError, match=r"names hanging\.invalid, which nobody") as caught:
            source.open()
        assert "word" not in str(caught.value)
    assert hanging.asked == ["hanging.invalid"]
    source.close()
