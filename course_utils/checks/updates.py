"""The check of a training step that the learner wrote: which weights moved, and along what.

It judges plain numbers. Running the step, on small networks of its own, belongs to `models.trial`.
"""

from collections.abc import Callable, Mapping

import numpy as np

from course_utils.base.outcomes import RTOL, Outcome, same_gradient
from course_utils.checks import compare, verdicts

_KNOWN = {
    "sign": "its weights move up the loss instead of down: the sign is wrong.",
    "half": "its gradient is half of what was asked for. Where the loss is a sum of means, a mean "
    "over real and generated together, or over both terms, halves it.",
    "twice": "its gradient is twice what was asked for.",
    "sum": "its loss is a sum over the batch; the formula has the mean.",
    "no generated images": "the generated ones make no difference: the loss has two terms.",
    "no real images": "the real ones make no difference: the loss has two terms.",
    "swapped": "real and generated have changed places in its loss.",
    "the generator's loss": "that is the generator's loss; here the discriminator learns.",
    "the discriminator's loss": "that is the discriminator's loss; here the generator learns.",
    "the discriminator's part": "that is what the discriminator wants of what is generated: the "
    "generator would learn to be found out.",
    "the other target": "that treats what is generated as the discriminator treats what is real; "
    "the generator's loss is another formula.",
    "no margin": "the gradient is that of the logits themselves: max(0, …) is missing.",
    "one call": "real and generated went through the discriminator in one call. Give each "
    "kind a call of its own, since batch normalization mixes what is in one batch.",
    "generator in inference": "the generator's batch normalization did not use the batch: call it "
    "with training=True, and leave its `trainable` alone.",
    "discriminator in inference": "the discriminator's batch normalization did not use the batch: "
    "call it with training=True, and leave its `trainable` alone.",
    "both in inference": "the networks' batch normalization did not use the batch: call both with "
    "training=True.",
    "unlabeled: generator": "the generator was not told the labels: it gets latents and one-hot "
    "rows.",
    "unlabeled: real": "the discriminator was not told the labels of real images.",
    "unlabeled: generated": "the discriminator was not told the labels of generated images.",
    "unlabeled: real, generated": "the discriminator was not told the labels: it gets images and "
    "one-hot rows, of both kinds.",
}
_KNOWN["half, one call"] = _KNOWN["one call"]


def check_update(
    exercise: str,
    answer,
    trial: Callable[[Callable], Outcome],
    *,
    hints: Mapping[str, str] | None = None,
    hint: str = "",
    why: str = "",
    time_limit: float = 120.0,
) -> None:
    """Check a function that updates one network: by what it does to small networks.

    answer: a function, plain or a `tf.function`; what it gets is said in `trial`
    trial: `trial.discriminator_update(...)` or `trial.generator_update(...)` of `models.trial`, or
        another function that calls the answer and reports an outcome
    hints: other sentences for known mistakes, {name of the mistake: sentence}
    hint, why, time_limit: as in `check_function`

    Right is: only the player's weights move, by one step of the given optimizer along the gradient
    of the loss, with the same scale. A number that is returned has to be the loss before the step;
    to return nothing is right, too.
    """
    known = _KNOWN | dict(hints or {})

    def judge(_) -> str:
        if not callable(answer):
            return verdicts.hint_line(f"expected a function, but got {compare.describe(answer)}.")
        function = getattr(answer, "python_function", answer)  # behind a tf.function
        unfinished = ... in getattr(getattr(function, "__code__", None), "co_consts", ())
        if compare.does_nothing(function):
            return verdicts.NOT_ANSWERED
        try:
            outcome = trial(answer)
        except Exception as error:
            if unfinished:
                return verdicts.NOT_ANSWERED
            if str(error).startswith("No gradients provided"):
                return verdicts.hint_line(
                    "no gradient arrives: everything from the network that learns to the loss has "
                    "to be computed inside the tape.",
                    hint,
                )
            raise
        fault = _fault(outcome, known)
        if fault and unfinished and not any(outcome.moved.values()):
            return verdicts.NOT_ANSWERED
        return verdicts.hint_line(fault, hint) if fault else verdicts.CORRECT

    verdicts.report(exercise, answer, lambda: None, judge, why, time_limit)


def _fault(outcome: Outcome, known: Mapping[str, str]) -> str:
    """What is wrong with the update, as a sentence; empty if nothing is."""
    player = outcome.player
    others = [name for name, share in outcome.moved.items() if share and name != player]
    if not any(outcome.moved.values()):
        return "no weight moved; is the optimizer applied to the gradients?"
    if others:
        also = "also " if outcome.moved[player] else ""
        return f"the {others[0]}'s weights {also}moved; only the {player}'s may."
    if not np.isfinite(outcome.gradient).all():
        return f"the {player}'s weights are no longer finite numbers after the update."
    if outcome.updates > 1:
        return f"the optimizer was applied {outcome.updates} times; one update is asked for."
    if not outcome.updates:
        return f"the {player}'s weights moved, but not by the optimizer that your function gets."
    if not same_gradient(outcome.gradient, outcome.expected):
        return f"the {player}'s weights moved, but {_difference(outcome, known)}"
    returned = outcome.returned
    if returned is not None and not np.isclose(returned, outcome.loss, RTOL, 1e-6):
        return (
            f"the weights move as they should, but the function returns {compare.show(returned)}, "
            f"where the loss is {compare.show(outcome.loss)}."
        )
    return ""


def _difference(outcome: Outcome, known: Mapping[str, str]) -> str:
    for name, gradient in outcome.mistakes.items():
        if name in known and same_gradient(outcome.gradient, gradient):
            return known[name]
    for name, gradient in outcome.mistakes.items():
        if same_gradient(outcome.gradient, gradient):
            return f"along the gradient of another loss, {name.replace('_', '-')}."
    if not outcome.repeats:
        return "another way at each call: use the latents that your function gets."
    if outcome.ignored:
        names = " and ".join(outcome.ignored)
        return f"whatever `{names}` holds makes no difference: use it."
    if outcome.moved[outcome.player] < 1:
        return "not all of them: the optimizer has to get all of its trainable variables."
    return "not along the gradient of the loss."
