import numpy as np

from desktop_pose.pose.activation import sigmoid

# Logits, and 1 / (1 + expf) of them with glibc 2.36, where the exact exponential rounds to something else.
GLIBC = [
    ("-0x1.1448700000000p+3", "0x1.752efc0000000p-13"),
    ("-0x1.c50dac0000000p+0", "0x1.2a230e0000000p-3"),
    ("-0x1.55ca280000000p+3", "0x1.8184080000000p-16"),
]


def test_the_last_bit_is_the_c_librarys():
    logits, wanted = np.array([[float.fromhex(text) for text in pair] for pair in GLIBC], np.float32).T
    assert sigmoid(logits).tolist() == wanted.tolist()


def test_known_probabilities():
    logits = np.log(np.array([1, 3, 1 / 3, 99], np.float32))
    np.testing.assert_allclose(sigmoid(logits), [0.5, 0.75, 0.25, 0.99], atol=1e-6)


def test_far_out_logits_neither_overflow_nor_warn():
    far = np.array([-np.inf, -1e30, -1e4, 1e4, 1e30, np.inf, np.nan], np.float32)
    np.testing.assert_array_equal(sigmoid(far), [0, 0, 0, 1, 1, 1, np.nan])
    assert sigmoid(np.zeros((2, 3), np.float32)).dtype == np.float32
