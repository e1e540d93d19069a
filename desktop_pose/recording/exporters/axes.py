"""World landmarks in the axes that biomechanics uses: OpenSim's, x forward, y up, z right."""

import numpy as np
from numpy.typing import NDArray

from desktop_pose.recording.exporters.columns import WORLD

AXES = "x forward (towards the camera, the model's -z), y up (-y), z right (of who faces the camera, -x)"
ORIGIN = "between the hips"


def biomechanical(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The world landmarks of `values` with x forward, y up, z right, which is right-handed as before.

    Args:
        values: (..., 33, 8), columns as `columns.recorded_values` gives them.

    Returns:
        (..., 33, 3) metres, origin between the hips; NaN stays NaN.
    """
    world: NDArray[np.float64] = values[..., WORLD]
    return -world[..., ::-1] + 0.0
