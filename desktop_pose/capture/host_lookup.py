"""Looks hosts up by name in bounded time: the system's own look-up may take half a minute, and has no end."""

import ipaddress
import socket
import threading
from collections.abc import Callable
from typing import TypeAlias

LookUp: TypeAlias = Callable[[str], tuple[str, ...]]
"""Gives the numeric addresses of a host; raises as `addresses_of` does, and may take its time."""

MOST_RUNNING = 8
"""Look-ups that hang wait in threads of their own until the system gives up; so many may do so at a time."""

_running: dict[str, "_Running"] = {}
_lock = threading.Lock()


class _Running:
    """One look-up of `host`, which all who ask for it meanwhile wait for."""

    def __init__(self, host: str, look_up: LookUp) -> None:
        self._host = host
        self._look_up = look_up
        self._addresses: tuple[str, ...] = ()
        self._error: OSError | UnicodeError | None = None
        self._thread = threading.Thread(target=self._run, name="host look-up", daemon=True)
        self._thread.start()

    def result(self, patience_s: float) -> tuple[str, ...]:
        self._thread.join(patience_s)
        if self._thread.is_alive():
            raise TimeoutError
        if self._error is not None:
            raise self._error
        return self._addresses

    def _run(self) -> None:
        try:
            self._addresses = self._look_up(self._host)
        except (OSError, UnicodeError) as error:
            self._error = error
        finally:
            with _lock:
                del _running[self._host]


def ask_the_system(host: str) -> tuple[str, ...]:
    """The numeric addresses of `host`, as the system finds them, however long that takes."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def addresses_of(host: str, patience_s: float, look_up: LookUp = ask_the_system) -> tuple[str, ...]:
    """The numeric addresses of `host`, the best one first.

    Args:
        host: A name, or an address already.
        patience_s: How long to wait for the answer.
        look_up: Finds the answer.

    Raises:
        TimeoutError: Nobody has answered in time, or too many others have not been answered yet.
        OSError: There is no such host (`socket.gaierror`), or there is no network.
        UnicodeError: The name is none that could be asked for.
    """
    if _is_address(host):
        return (host,)
    with _lock:
        running = _running.get(host)
        if running is None:
            if len(_running) >= MOST_RUNNING:
                raise TimeoutError
            running = _running[host] = _Running(host, look_up)
    return running.result(patience_s)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
