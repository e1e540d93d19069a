"""What a tracker is doing, and what it does next: the whole state machine, as a table."""

from enum import Enum, auto


class State(Enum):
    """What a tracker does with the next frame."""

    SEARCHING = auto()  # runs the detector, then the landmark model on what it found
    COMPLETING = auto()  # runs the landmark model on those followed, and now and then the detector for more
    TRACKING = auto()  # runs the landmark model where the previous frame's landmarks point
    CLOSED = auto()  # nothing: the interpreter is gone


class Event(Enum):
    """How many there are to follow in the next frame."""

    NOBODY = auto()
    SOME = auto()  # fewer than wanted
    ALL = auto()
    CLOSE = auto()  # there will be no next frame


_AFTER = {
    Event.NOBODY: State.SEARCHING,
    Event.SOME: State.COMPLETING,
    Event.ALL: State.TRACKING,
    Event.CLOSE: State.CLOSED,
}

TRANSITIONS: dict[tuple[State, Event], State] = {
    (state, event): following
    for state in State
    for event, following in _AFTER.items()
    if state is not State.CLOSED or event is Event.CLOSE
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
