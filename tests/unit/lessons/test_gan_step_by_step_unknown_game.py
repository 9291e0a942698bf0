"""The game with a fault shows what exercise 05.10 says of it, whatever the seed."""

import numpy as np
import pytest

from course_utils.lessons.gan_step_by_step import unknown_game


@pytest.mark.parametrize("seed", [0, 1])
def test_the_fault_is_seen_in_curves_and_points(seed):
    played = unknown_game.play(100, seed)
    assert {len(values) for values in played.curves.values()} == {100}
    last = {name: np.mean(values[-20:]) for name, values in played.curves.items()}
    assert last["mean D on generated"] > 0.99 > last["mean D on real"] + 0.05
    assert last["generator's loss"] < 0.01 and played.generator_loss < 0.01
    assert played.discriminator_loss < -100
    assert played.before.shape == played.after.shape == (500, 2)
    # Not collapsed: they keep most of their spread; nor gone, as if the generator had won.
    assert (played.after.std(axis=0) > 0.5 * played.before.std(axis=0)).all()
    assert np.linalg.norm(played.after, axis=1).mean() < 2


def test_the_generated_points_stop():
    early, late = unknown_game.play(60), unknown_game.play(120)
    np.testing.assert_allclose(early.after, late.after, atol=0.02)


@pytest.mark.parametrize("num_steps", [0, 1.5])
def test_a_number_of_steps_that_is_none_is_refused(num_steps):
    with pytest.raises(ValueError, match="num_steps"):
        unknown_game.play(num_steps)
