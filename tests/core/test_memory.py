import mmap
import sys
from pathlib import Path

import pytest

from desktop_pose.core.memory import give_back_free_memory, let_go_of_mapped

SIZE = 8_000_000


def resident_bytes(inode: int) -> int:
    """What of the mapped file is resident in this process."""
    total, is_wanted = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        words = line.split()
        if "-" in words[0]:
            is_wanted = words[4] == str(inode)
        elif is_wanted and words[0] == "Rss:":
            total += int(words[1]) * 1024
    return total


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists what is mapped")
def test_the_pages_of_a_mapped_file_are_let_go_of_and_come_back(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(range(250)) * (SIZE // 250))
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        before = mapped[:]
        inode = path.stat().st_ino
        assert resident_bytes(inode) >= SIZE * 0.9
        let_go_of_mapped(path)
        assert resident_bytes(inode) <= SIZE * 0.1
        assert mapped[:] == before


def test_a_file_that_is_gone_and_nothing_to_give_back_are_no_failures(tmp_path):
    let_go_of_mapped(tmp_path / "gone")
    give_back_free_memory()
