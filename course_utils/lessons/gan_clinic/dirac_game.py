"""The smallest GAN, on which lesson 07 tries optimizers, and what is wrong with a learner's two.

The Dirac GAN of Mescheder et al. (2018, arXiv:1801.04406); nothing here draws images.
"""

from collections.abc import Callable

import numpy as np

from course_utils.base.backend import keras, tf

STEPS = 6000
TAIL = 1000  # the last steps, in which it has to be at rest
LIMIT = 0.06  # from rest, where it begins at 1.41


def play(make_optimizers: Callable, num_steps: int = STEPS) -> np.ndarray:
    """Distance from rest after each step, (num_steps,), of the Dirac GAN (Mescheder et al. 2018).

    Real data are the number 0; the generator draws the number theta, the discriminator's logit of x
    is psi x. L_D = log(1 + exp(psi theta)) + 0.05 psi², where the last term is their penalty R1,
    L_G = log(1 + exp(-psi theta)). Both begin at 1; at rest both are 0. Updates alternate, with the
    first optimizer for the discriminator and the second for the generator.
    """
    for_discriminator, for_generator = make_optimizers()
    theta, psi = (keras.Variable(1.0, name=name) for name in ("theta", "psi"))
    for_discriminator.build([psi])
    for_generator.build([theta])

    def all_steps():
        distances = tf.TensorArray(tf.float32, num_steps)
        for step in tf.range(num_steps):
            drawn, slope = theta.value, psi.value
            slope_gradient = tf.sigmoid(slope * drawn) * drawn + 0.1 * slope
            for_discriminator.apply([slope_gradient], [psi])
            slope = psi.value
            for_generator.apply([-tf.sigmoid(-slope * drawn) * slope], [theta])
            distances = distances.write(step, tf.sqrt(theta.value**2 + psi.value**2))
        return distances.stack()

    # Called as a concrete function, it does not warn that many games are traced.
    return tf.function(all_steps).get_concrete_function()().numpy()


def optimizers_fault(make_optimizers: Callable) -> str:
    """The fault of two optimizers: they have to come to rest in `play`, and stay."""
    made = make_optimizers()
    if not isinstance(made, tuple | list) or len(made) != 2:
        return f"expected two optimizers, but got {type(made).__name__}."
    for one in made:
        if not isinstance(one, keras.optimizers.Optimizer):
            return f"one of the two is a {type(one).__name__}, no Keras optimizer."
    if made[0] is made[1]:
        return "both networks got one optimizer; make one for each."
    if any(one.built for one in made):
        return "an optimizer has been used before; make new ones at each call."
    distances = play(lambda: made)
    tail = distances[-TAIL:]
    if not np.isfinite(distances).all():
        return "in the game the numbers grow beyond all bounds."
    if tail.max() < LIMIT:
        return ""
    if tail.min() > 0.8:
        return (
            f"after {STEPS:,} steps the game is still {tail.mean():.2f} from rest, where it "
            "began at 1.41: the rate is too small to arrive, or so large that it never rests."
        )
    return (
        f"in the last {TAIL:,} of {STEPS:,} steps the game is up to {tail.max():.3f} "
        f"from rest; below {LIMIT} is asked for. A shorter memory (beta_2 first) or another rate "
        "lets it rest."
    )
