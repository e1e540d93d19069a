import os
import sys

import pytest

from desktop_pose.core.whole_file import write_whole


def test_a_file_is_replaced(tmp_path):
    path = tmp_path / "a.json"
    for content in (b"one", b"another"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="modes are Unix's")
def test_only_the_user_reads_what_is_private(tmp_path):
    write_whole(tmp_path / "private", b"secret", is_private=True)
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o600


def test_a_failure_leaves_what_was_there_and_nothing_beside_it(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError, match="folder"):
        write_whole(folder, b"")
    assert list(tmp_path.iterdir()) == [folder]


def test_a_link_stays_and_leads_to_what_is_new(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "a.json"
    link.symlink_to(tmp_path / "elsewhere/a.json")
    for content in (b"one", b"another"):
        write_whole(link, content)
        assert link.is_symlink()
        assert (tmp_path / "elsewhere/a.json").read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, b"one")
    assert os.read(reader, 10) == b"one"
    os.close(reader)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_missing_folder_is_the_caller_s(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "missing" / "a", b"")
