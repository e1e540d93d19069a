"""The log: a file, and warnings on standard error."""

import logging

import pytest

from desktop_pose.core import log, places


@pytest.fixture(autouse=True)
def restored_logger():
    """The application's root logger as it was, with the files of the test closed."""
    root = logging.getLogger("desktop_pose")
    handlers, level = list(root.handlers), root.level
    yield root
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.expects_error_log
def test_records_go_to_the_file_and_only_errors_to_the_console(tmp_path, monkeypatch, capsys):
    path = tmp_path / "logs/desktop-pose.log"
    monkeypatch.setattr(places, "log_file", lambda: path)
    log.set_up("info")
    logger = logging.getLogger("desktop_pose.test")
    logger.debug("too fine")
    logger.info("kept")
    logger.warning("kept as well")
    logger.error("seen")
    assert "kept" in path.read_text()
    assert "too fine" not in path.read_text()
    assert capsys.readouterr().err == "ERROR: seen\n"


def test_place_that_cannot_be_written_is_no_failure(tmp_path, monkeypatch, capsys, restored_logger):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(places, "log_file", lambda: tmp_path / "file/desktop-pose.log")
    log.set_up("info")
    log.set_up("info")
    assert capsys.readouterr().err.count("No log is kept") == 2
    logging.getLogger("desktop_pose.test").warning("told elsewhere")
    assert not capsys.readouterr().err
    assert len(restored_logger.handlers) == 1


def test_a_name_that_is_no_text_is_written_with_an_escape(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(places, "log_file", lambda: tmp_path / "desktop-pose.log")
    log.set_up("info")
    record = logging.LogRecord(
        "desktop_pose.test", logging.INFO, __file__, 1, "%s is damaged", ("clip\udcff.mp4",), None
    )
    for handler in logging.getLogger("desktop_pose").handlers:
        if record.levelno >= handler.level:
            handler.handle(record)  # not by the logger: what pytest keeps of it, no worker can send on
    assert "clip\\udcff.mp4 is damaged" in (tmp_path / "desktop-pose.log").read_text("utf-8")
    assert capsys.readouterr().err == ""
