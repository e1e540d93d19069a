import pytest

from desktop_pose.pose.states import TRANSITIONS, Event, State, after

STATES = S, M, T, C = State.SEARCHING, State.COMPLETING, State.TRACKING, State.CLOSED
TABLE = {
    # event:      searching, completing, tracking, closed
    Event.NOBODY: (S, S, S, None),
    Event.SOME: (M, M, M, None),
    Event.ALL: (T, T, T, None),
    Event.CLOSE: (C, C, C, C),
}
ROWS = [(state, event, row[index]) for event, row in TABLE.items() for index, state in enumerate(STATES)]


@pytest.mark.parametrize(("state", "event", "expected"), ROWS)
def test_every_row(state, event, expected):
    if expected is None:
        with pytest.raises(RuntimeError, match=event.name):
            after(state, event)
    else:
        assert after(state, event) is expected


def test_there_are_no_further_rows():
    assert set(TRANSITIONS) == {(state, event) for state, event, expected in ROWS if expected is not None}
