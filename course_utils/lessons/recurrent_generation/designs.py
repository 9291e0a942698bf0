"""What lesson 11's checks compare with, and what is wrong with what a learner builds: a gate, a
row's network, a training step.

`checks.check_design` and `checks.check_update` ask for the latter; nothing is trained here.
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from course_utils.base.backend import keras, tf
from course_utils.base.outcomes import Outcome, as_number
from course_utils.models import row_rnn

_SIZE = 28  # pixels of a row
_GATE_STEPS = 50


def gate_fault(update_gate: Callable) -> str:
    """What is wrong with a unit's update gate, given the mark (50,) of each step; else nothing.

    The unit's state after 50 steps, h = z h + (1 - z) candidate, has to be the first candidate.

    >>> gate_fault(lambda mark: 1 - mark)
    ''
    >>> gate_fault(lambda mark: 1 - 0.1 * (1 - mark) - mark)
    'z is 0.90 after the first step: 49 such factors leave 0.0057 of what was written.'
    """
    mark = np.zeros(_GATE_STEPS)
    mark[0] = 1.0
    gate = np.asarray(update_gate(mark.copy()), dtype=float)
    if gate.shape != mark.shape:
        return f"for marks of shape {mark.shape} expected as many gates, but got {gate.shape}."
    if not np.isfinite(gate).all() or gate.min() < 0 or gate.max() > 1:
        return "a gate is a number from 0 to 1; did you forget the sigmoid?"
    first, later = gate[0], gate[1:].min()
    if first > 0.5 and later < 0.5:
        return "the wrong way round: in Keras's form z near 1 keeps the old state, z near 0 writes."
    if first > 0.5:
        return f"z is {first:.2f} at the mark, so the first candidate is hardly written."
    left = float(np.prod(gate[1:]))
    if left < 0.95:
        return (
            f"z is {later:.2f} after the first step: {_GATE_STEPS - 1} such factors leave "
            f"{left:.2g} of what was written."
        )
    first = np.array([-1.0, 1.0])  # the hardest: all later candidates are its opposite
    state = np.zeros(2)
    for step, z in enumerate(gate):
        state = z * state + (1 - z) * (first if step == 0 else -first)
    error = float(np.abs(state - first).max())
    if error > 0.05:
        return (
            f"after {_GATE_STEPS} steps the state is up to {error:.2f} from the first candidate "
            "if the others are its opposite."
        )
    return ""


def at_temperature(p, temperature: float) -> np.ndarray:
    """p^(1/T) / (p^(1/T) + (1 - p)^(1/T)) of probabilities p; at T = 0 the limit.

    >>> at_temperature(np.array([0.2, 0.5, 0.8]), 0.5).round(3)
    array([0.059, 0.5  , 0.941])
    """
    if temperature == 0:
        return (np.sign(np.asarray(p) - 0.5) + 1) / 2
    return special.expit(special.logit(p) / temperature)


def influence(network: Callable, row) -> np.ndarray:
    """|d output i / d input j|, (size, size), of a network (1, size, 1) -> (1, size, 1) at a row.

    It is exactly 0 where an output cannot see an input, whatever the weights are.
    """
    row = tf.convert_to_tensor(row)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(row)
        outputs = tf.unstack(network(row)[0, :, 0])  # tape.jacobian would trace each network
    found = [tape.gradient(one, row, unconnected_gradients="zero")[0, :, 0] for one in outputs]
    return np.abs(found)


def row_network_fault(build: Callable[[], keras.Model], *, reach: int) -> str:
    """The first fault of a row's network, (n, 28, 1) -> (n, 28, 1), in one sentence, or "".

    Its output at a place has to see the `reach` pixels to the left, and nothing from itself on.
    """
    network = build()
    if not isinstance(network, keras.Model):
        kind = type(network).__name__
        return f"it returns a {kind}; let it return a keras.Sequential or keras.Model."
    random = np.random.default_rng(0)
    row = tf.constant(random.standard_normal((1, _SIZE, 1)), tf.float32)
    shape = tuple(network(row).shape)
    if shape != (1, _SIZE, 1):
        return f"it turns {(1, _SIZE, 1)} into {shape}; the shape has to stay."
    for variable in network.variables:  # no unit may be silent by chance, none saturated
        values = 0.1 + np.abs(random.standard_normal(variable.shape))
        variable.assign(values / max(1, np.prod(variable.shape[:-1])))
    seen = influence(network, tf.abs(row)) > 0
    place = np.arange(_SIZE)
    distance = place[:, None] - place  # of output i from input j; 1 is the pixel just left of it
    if seen[distance < 0].any():
        return "an output sees pixels to its right, which are not drawn yet; padding decides that."
    if seen[distance == 0].any():
        return (
            "an output sees its own pixel, which it has to predict; move the row by one place "
            "before the first convolution."
        )
    if not seen[distance == 1].all():
        return "an output does not see the pixel just left of it; one move by one place is enough."
    if not all(seen[distance == far].all() for far in range(2, reach + 1)):
        return f"it is causal, but does not see all of the {reach} pixels to the left."
    return ""


# ---- a training step -----------------------------------------------------------------------------

_SHAPE, _BATCH = (4, 5, 1), 6


def try_update(step: Callable) -> Outcome:
    """What step(model, optimizer, images) -> loss does to a small RowRNN, for `check_update`."""
    model = row_rnn.RowRNN(_SHAPE, units=6, width=4, depth=2, seed=0)
    random = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(0.5 * random.standard_normal(variable.shape))
    images = tf.constant(random.integers(0, 2, (_BATCH, *_SHAPE)), tf.float32)
    weights = model.trainable_variables
    optimizer = keras.optimizers.SGD(1.0)  # with which a weight moves by minus its gradient
    optimizer.build(weights)

    def gradient(activation: Callable) -> tuple[float, np.ndarray]:
        with tf.GradientTape() as tape:
            logits = activation(model(images)[..., 0])
            costs = tf.nn.sigmoid_cross_entropy_with_logits(images, logits)
            loss = tf.reduce_mean(tf.reduce_sum(costs, axis=(1, 2, 3)))
        return float(loss), _flat(tape.gradient(loss, weights))

    loss, expected = gradient(tf.identity)
    mistakes = {
        "sign": -expected,
        "twice": 2 * expected,
        "sum": _BATCH * expected,
        "mean over pixels": expected / np.prod(_SHAPE),
        "sigmoid": gradient(tf.sigmoid)[1],
    }
    before = [weight.numpy() for weight in weights]
    returned = step(model, optimizer, images)
    changes = [old - weight.numpy() for old, weight in zip(before, weights, strict=True)]
    return Outcome(
        player="model",
        moved={"model": float(np.mean([change.any() for change in changes]))},
        gradient=_flat(changes),
        expected=expected,
        mistakes=mistakes,
        updates=int(optimizer.iterations.numpy()),
        loss=loss,
        returned=as_number(returned),
        ignored=(),
        repeats=True,
    )


def _flat(arrays) -> np.ndarray:
    return np.concatenate([np.ravel(array) for array in arrays])
