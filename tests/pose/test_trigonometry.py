import math

import numpy as np
import pytest

from desktop_pose.pose.trigonometry import cosine_and_sine

# What glibc 2.36's cosf and sinf give on x86-64, for angles where the exact value rounds to something else.
GLIBC = [
    ("-0x1.61084ep+0", "0x1.86542cp-3", "-0x1.f69d68p-1"),
    ("0x1.6b58a6p-1", "0x1.8464fep-1", "0x1.4d9b6ep-1"),
    ("0x1.cd8f5cp+0", "-0x1.d73a94p-3", "0x1.f24330p-1"),
    ("0x1.01ccd6p+0", "0x1.119932p-1", "0x1.b0c48ap-1"),
    ("-0x1.fc884ap-2", "0x1.c226a4p-1", "-0x1.e7e2c4p-2"),
    ("-0x1.a964bep-1", "0x1.593764p-1", "-0x1.7a1d02p-1"),
]


@pytest.mark.parametrize(("angle", "cosine", "sine"), GLIBC)
def test_the_last_bit_is_the_c_librarys(angle, cosine, sine):
    got = cosine_and_sine(np.float32(float.fromhex(angle)))
    assert got == (float.fromhex(cosine), float.fromhex(sine))


@pytest.mark.parametrize("angle", np.linspace(-2 * math.pi, 2 * math.pi, 41).astype(np.float32))
def test_it_is_sine_and_cosine(angle):
    exact = (math.cos(angle), math.sin(angle))
    assert cosine_and_sine(angle) == pytest.approx(exact, abs=1.2e-7)
