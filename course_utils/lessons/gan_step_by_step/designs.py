"""What a discriminator that a learner of lesson 05 designs can tell apart.

`checks.check_design` asks for the fault of one.
"""

from collections.abc import Callable

import numpy as np

from course_utils.base.backend import keras


def distance_judge_fault(build: Callable[[], keras.Model]) -> str:
    """What is wrong with a discriminator that should see a point's distance from 0 alone, or ""."""
    judge = build()
    if not isinstance(judge, keras.Model):
        return "return a keras.Model, made of the input and the logit."
    angles = np.linspace(0.1, 6, 8)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    radii = np.linspace(0.3, 2, 8, dtype=np.float32)[:, np.newaxis]
    around, outwards = (np.asarray(judge(one)) for one in (circle, circle[:1] * radii))
    if around.shape not in ((8, 1), (8,)):
        return "your network has to give one logit for each point; is the distance of shape (n, 1)?"
    sees_direction, sees_distance = (float(np.ptp(one)) > 1e-4 for one in (around, outwards))
    if sees_direction and sees_distance:
        return (
            "turned around the center, a point gets another logit: your network sees its direction."
        )
    if sees_direction:
        return (
            "two points in one direction get the same logit: your network does not see the "
            "distance."
        )
    if not sees_distance:
        return "points at different distances get the same logit: your network sees nothing."
    return ""
