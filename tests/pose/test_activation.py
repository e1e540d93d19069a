import numpy as np

from desktop_pose.pose.activation import sigmoid


def test_known_probabilities():
    logits = np.log(np.array([1, 3, 1 / 3, 99], np.float32))
    np.testing.assert_allclose(sigmoid(logits), [0.5, 0.75, 0.25, 0.99], atol=1e-6)


def test_far_out_logits_neither_overflow_nor_warn():
    np.testing.assert_array_equal(sigmoid(np.array([-1e4, 1e4], np.float32)), [0, 1])
    assert sigmoid(np.zeros((2, 3), np.float32)).dtype == np.float32
