"""Sine and cosine in single precision, with the last bit as the C library has it.

Rounding the exact value to float32 gives another last bit in one case out of forty, which is enough to leave
MediaPipe's path for good (see `pose.roi`). The polynomials are those of the Arm optimized routines
(`math/sincosf.h`), which glibc, musl, Android and newlib share; elsewhere the last bit may differ.
"""

import math

import numpy as np

_QUARTER_TURN = math.pi / 2
# Coefficients of x^3, x^5, x^7 and of x^2, x^4, x^6, x^8 between -pi/4 and pi/4.
_SINE = tuple(map(float.fromhex, ("-0x1.555545995a603p-3", "0x1.1107605230bc4p-7", "-0x1.994eb3774cf24p-13")))
_COSINE = tuple(
    map(
        float.fromhex,
        ("-0x1.ffffffd0c621cp-2", "0x1.55553e1068f19p-5", "-0x1.6c087e89a359dp-10", "0x1.99343027bf8c3p-16"),
    )
)


def cosine_and_sine(angle_rad: np.float32) -> tuple[np.float32, np.float32]:
    """Cosine and sine of an angle between -2 pi and 2 pi, each a float32."""
    turns = math.floor(float(angle_rad) / _QUARTER_TURN + 0.5)
    rest = float(angle_rad) - turns * _QUARTER_TURN
    square = rest * rest
    cosine, sine = _cosine(square), _sine(rest, square)
    for _ in range(turns % 4):
        cosine, sine = -sine, cosine
    return np.float32(cosine), np.float32(sine)


def _sine(rest: float, square: float) -> float:
    cube = rest * square
    return (rest + cube * _SINE[0]) + cube * square * (_SINE[1] + square * _SINE[2])


def _cosine(square: float) -> float:
    fourth = square * square
    low = (1 + square * _COSINE[0]) + fourth * _COSINE[1]
    return low + fourth * square * (_COSINE[2] + square * _COSINE[3])
