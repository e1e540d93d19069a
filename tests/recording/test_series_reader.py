"""A person over a whole session as arrays."""

import numpy as np
import pytest

from desktop_pose.core.errors import RecordingError
from desktop_pose.recording.reader import SessionReader
from desktop_pose.recording.series_reader import read_series
from desktop_pose.recording.session import LANDMARKS_FILE


def go_on(done, total):
    return True


def test_arrays_hold_what_the_frames_hold(finished_session):
    session = finished_session(60)
    series = read_series(session, 1, go_on)
    with SessionReader.open(session) as reader:
        frames = list(reader.frames())

    assert series.frames.tolist() == [frame.index for frame in frames]
    assert series.times_ns.tolist() == [frame.time_ns for frame in frames]
    for place, frame in enumerate(frames):
        person = next((each for each in frame.people if each.id == 1), None)
        if person is None:
            assert np.isnan(series.landmarks[place]).all()
            assert np.isnan(series.world[place]).all()
        else:
            assert (series.landmarks[place] == person.landmarks).all()
            assert (series.world[place] == person.world).all()


def test_a_session_without_frames_gives_empty_arrays(finished_session):
    series = read_series(finished_session(0), 0, go_on)

    assert series.landmarks.shape == (0, 33, 5)
    assert series.angles is None


def test_reading_can_be_given_up_and_damage_is_told(finished_session):
    session = finished_session(5)
    assert read_series(session, 0, lambda done, total: False) is None
    (session / LANDMARKS_FILE).write_bytes(b"nonsense")
    with pytest.raises(RecordingError):
        read_series(session, 0, go_on)
