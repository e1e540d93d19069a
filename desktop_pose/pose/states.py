"""What a tracker is doing, and what it does next: the whole state machine, as a table."""

from enum import Enum, auto


class State(Enum):
    """What a tracker does with the next frame."""

    SEARCHING = auto()  # runs the detector, then the landmark model on what it found
    TRACKING = auto()  # runs the landmark model where the previous frame's landmarks point
    CLOSED = auto()  # nothing: the interpreter is gone


class Event(Enum):
    """What has happened to a tracker."""

    PRESENT = auto()  # the landmark model saw a person
    ABSENT = auto()  # nobody was detected, or the landmark model saw nobody
    ADOPTED = auto()  # a region to follow was handed over
    RESET = auto()
    CLOSE = auto()


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.SEARCHING, Event.PRESENT): State.TRACKING,
    (State.SEARCHING, Event.ABSENT): State.SEARCHING,
    (State.SEARCHING, Event.ADOPTED): State.TRACKING,
    (State.SEARCHING, Event.RESET): State.SEARCHING,
    (State.SEARCHING, Event.CLOSE): State.CLOSED,
    (State.TRACKING, Event.PRESENT): State.TRACKING,
    (State.TRACKING, Event.ABSENT): State.SEARCHING,
    (State.TRACKING, Event.ADOPTED): State.TRACKING,
    (State.TRACKING, Event.RESET): State.SEARCHING,
    (State.TRACKING, Event.CLOSE): State.CLOSED,
    (State.CLOSED, Event.CLOSE): State.CLOSED,
}


def after(state: State, event: Event) -> State:
    """The state that follows `state` upon `event`.

    Raises:
        RuntimeError: The event cannot happen in this state, which is a bug of the caller.
    """
    following = TRANSITIONS.get((state, event))
    if following is None:
        raise RuntimeError(f"{event.name} cannot happen to a tracker that is {state.name}")
    return following
