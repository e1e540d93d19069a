import pytest

from desktop_pose.ui.elided_label import ElidedLabel


@pytest.fixture
def label(qtbot):
    made = ElidedLabel("What this means.")
    qtbot.addWidget(made)
    made.show()
    return made


def ink(label):
    """How many pixels of the label are not ground."""
    image = label.grab().toImage()
    ground = image.pixel(image.width() - 1, 0)
    return sum(image.pixel(x, y) != ground for x in range(image.width()) for y in range(image.height()))


def test_the_tooltip_tells_all(label):
    label.setText("a rather long name of a file")

    assert label.toolTip() == "a rather long name of a file\nWhat this means."


def test_it_asks_for_all_and_needs_little(label):
    label.setText("a rather long name of a file " * 10)

    assert label.sizeHint().width() > 600
    assert label.minimumSizeHint().width() < 100


def test_what_does_not_fit_is_left_out_and_the_rest_painted(label):
    label.setText("a rather long name of a file " * 10)
    label.resize(120, 20)

    assert 50 < ink(label) < 120 * 20 / 2
