"""Turns logits into probabilities."""

import numpy as np

from desktop_pose.core.poses import FloatArray


def sigmoid(logits: FloatArray) -> FloatArray:
    """Probabilities of `logits`, float32 of the same shape.

    The exponential is rounded from double precision, as good C libraries round theirs (numpy's own in single
    precision is off in the last place now and then; see `pose.roi` for why that matters).
    """
    with np.errstate(over="ignore"):  # beyond -88 the exponential is infinite and the probability 0
        probability: FloatArray = np.exp(np.negative(logits, dtype=np.float64)).astype(np.float32)
    probability += np.float32(1)
    np.divide(np.float32(1), probability, out=probability)
    return probability
