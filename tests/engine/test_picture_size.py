import numpy as np

from desktop_pose.core.frames import Size, size_of
from desktop_pose.engine.picture_size import of_size


def test_a_smaller_picture_is_enlarged_and_one_of_the_size_is_left_alone():
    picture = np.zeros((4, 6, 3), np.uint8)
    picture[:, 3:] = 200

    assert of_size(picture, Size(6, 4)) is picture

    large = of_size(picture, Size(12, 8))
    assert size_of(large) == Size(12, 8)
    assert (large[:, 0] == 0).all()
    assert (large[:, -1] == 200).all()
