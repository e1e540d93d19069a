import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.recording.people_seen import most_people, read_people
from desktop_pose.recording.series_reader import read_series
from desktop_pose.recording.session import LANDMARKS_FILE
from tests.capture.conftest import unprivileged


def test_people_come_in_the_order_of_how_much_is_seen_of_them(finished_session):
    assert read_people(finished_session(60)) == (0, 1)
    assert read_people(finished_session(0)) == ()


def test_the_most_people_in_one_frame(finished_session):
    assert most_people(finished_session(40)) == 2
    assert most_people(finished_session(3)) == 1
    assert most_people(finished_session(0)) == 0


def series(session):
    return read_series(session, 0, lambda _done, _total: True)


@pytest.mark.parametrize("read", [read_people, most_people, series])
def test_a_folder_that_may_not_be_entered_is_told(finished_session, read):
    session = finished_session(5)
    with unprivileged(), pytest.raises(RecordingError):  # nobody but its owner may enter pytest's folder
        read(session)


@pytest.mark.parametrize("read", [read_people, most_people])
def test_damage_is_told(finished_session, read):
    session = finished_session(5)
    (session / LANDMARKS_FILE).write_bytes(b"nonsense")
    with pytest.raises(RecordingError):
        read(session)
