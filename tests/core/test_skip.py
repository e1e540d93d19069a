import pytest

from desktop_pose.core.skip import Skip


@pytest.mark.parametrize("text", ["off", "adaptive", "2", "7", "30"])
def test_what_is_parsed_is_written_the_same(text):
    assert str(Skip.parse(text)) == text


@pytest.mark.parametrize(("text", "every"), [("off", 1), (" Adaptive ", None), ("3", 3)])
def test_the_words_stand_for(text, every):
    assert Skip.parse(text).every == every


@pytest.mark.parametrize("text", ["", "on", "1", "0", "-2", "31", "2.5", "every"])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="neither off"):
        Skip.parse(text)
