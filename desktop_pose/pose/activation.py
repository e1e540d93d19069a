"""Turns logits into probabilities."""

import numpy as np

from desktop_pose.core.poses import FloatArray

_LOWEST = np.float32(-88)  # exp overflows float32 beyond; the probability is 0 anyway


def sigmoid(logits: FloatArray) -> FloatArray:
    """Probabilities of `logits`, float32 of the same shape."""
    probability: FloatArray = 1 / (1 + np.exp(-np.maximum(logits, _LOWEST)))
    return probability
