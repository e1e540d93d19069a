"""Turns logits into probabilities, with the last bit as the C library has it.

Rounding the exact exponential to float32 gives another last bit in one case out of two thousand, and numpy's
own in single precision in more: with 1700 cells of heatmaps in a frame that is enough to leave the path of
MediaPipe for good (see `pose.roi`). Table and polynomial are those of the Arm optimized routines
(`math/expf.c`), which glibc, musl, Android and newlib share; elsewhere the last bit may differ.
"""

import math

import numpy as np

from desktop_pose.core.poses import FloatArray

_STEPS = 32  # of the table, from one power of two to the next
_FRACTION_BITS = 52
_SHIFT = _FRACTION_BITS - 5
# 2 to the power of i / 32, as bits, less the i / 32 that adding the step to the exponent brings.
_POWERS = np.array([math.pow(2, step / _STEPS) for step in range(_STEPS)]).view(np.int64) - (
    np.arange(_STEPS, dtype=np.int64) << _SHIFT
)
_STEPS_PER_UNIT = float.fromhex("0x1.71547652b82fep+0") * _STEPS  # 32 / ln 2
_CUBIC = float.fromhex("0x1.c6af84b912394p-5") / _STEPS**3
_SQUARE = float.fromhex("0x1.ebfce50fac4f3p-3") / _STEPS**2
_LINEAR = float.fromhex("0x1.62e42ff0c52d6p-1") / _STEPS
_SMALLEST, _LARGEST = -104 * _STEPS_PER_UNIT, 89 * _STEPS_PER_UNIT  # beyond them it is 0 or infinite


def sigmoid(logits: FloatArray) -> FloatArray:
    """Probabilities of `logits`, float32 of the same shape."""
    with np.errstate(over="ignore", invalid="ignore"):  # an infinite exponential is the probability 0
        probability = _exponential_of_negative(logits)
    probability += np.float32(1)
    np.divide(np.float32(1), probability, out=probability)
    return probability


def _exponential_of_negative(values: FloatArray) -> FloatArray:
    rest = np.multiply(values, -_STEPS_PER_UNIT, dtype=np.float64)
    np.maximum(rest, _SMALLEST, out=rest)
    np.minimum(rest, _LARGEST, out=rest)
    steps = np.rint(rest)
    rest -= steps
    whole = steps.astype(np.int64)
    power = _POWERS[whole & (_STEPS - 1)]
    whole <<= _SHIFT
    power += whole
    # (cubic r + square) r^2 + (linear r + 1)
    exponential = rest * _CUBIC
    exponential += _SQUARE
    exponential *= rest
    exponential *= rest
    rest *= _LINEAR
    rest += 1
    exponential += rest
    exponential *= power.view(np.float64)
    rounded: FloatArray = exponential.astype(np.float32)
    return rounded
