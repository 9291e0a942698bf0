"""Update rules against Keras, their limits against descents, and what is refused."""

import math
import warnings

import numpy as np
import pytest

from course_utils.base.backend import keras, tf
from course_utils.lessons.optimizers import rules, surfaces


def exactly(value: float) -> float:
    """The value as Keras keeps it, in float32."""
    return np.float32(value).item()


RATES = [exactly(1e-4), exactly(8e-4)]
SHARES = [exactly(share) for share in (0.0, 0.5, 0.9, 0.99)]
ROSENBROCK = surfaces.surface("Rosenbrock")


def keras_path(optimizer, num_steps: int) -> np.ndarray:
    point = keras.Variable(ROSENBROCK.start, dtype="float64")
    path = [point.numpy().copy()]
    for _ in range(num_steps):
        optimizer.apply([tf.constant(ROSENBROCK.gradient(path[-1]))], [point])
        path.append(point.numpy().copy())
    return np.array(path)


def pairs():
    k, o = keras.optimizers, rules
    for rate in RATES:
        yield "gradient descent", o.gradient_descent(rate), lambda rate=rate: k.SGD(rate)
        for share in SHARES:
            settings = {"momentum": share}
            yield (
                f"momentum {share:g}",
                o.momentum(rate, share),
                lambda rate=rate, s=settings: k.SGD(rate, **s),
            )
            yield (
                f"nesterov {share:g}",
                o.nesterov(rate, share),
                lambda rate=rate, s=settings: k.SGD(rate, nesterov=True, **s),
            )
            for epsilon in (1e-7, 1e-2):
                yield (
                    f"rmsprop {share:g} {epsilon}",
                    o.rmsprop(rate, share, epsilon),
                    lambda rate=rate, r=share, e=epsilon: k.RMSprop(rate, rho=r, epsilon=e),
                )
                for beta_2 in SHARES[1:]:
                    yield (
                        f"adam {share:g} {beta_2:g} {epsilon}",
                        o.adam(rate, share, beta_2, epsilon),
                        lambda rate=rate, b=(share, beta_2), e=epsilon: k.Adam(
                            rate, beta_1=b[0], beta_2=b[1], epsilon=e
                        ),
                    )


@pytest.mark.slow
def test_every_rule_takes_the_steps_of_keras():
    names = set()
    for name, rule, make in pairs():
        path = rules.descend(ROSENBROCK.gradient, ROSENBROCK.start, rule, 10)
        np.testing.assert_allclose(path, keras_path(make(), 10), rtol=0, atol=1e-9, err_msg=name)
        names.add(name)
    assert len(names) >= 40


def test_the_rules_follow_schedules_as_keras_does():
    schedule = rules.cosine_decay(exactly(1e-3), 20)
    rule = rules.adam(schedule, exactly(0.9), exactly(0.99))
    by_keras = keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(exactly(1e-3), 20),
        beta_1=exactly(0.9),
        beta_2=exactly(0.99),
    )
    path = rules.descend(ROSENBROCK.gradient, ROSENBROCK.start, rule, 20)
    np.testing.assert_allclose(path, keras_path(by_keras, 20), atol=1e-6)  # its cosine is float32


def test_the_schedules_are_those_of_keras():
    k = keras.optimizers.schedules
    ours = (rules.cosine_decay(0.3, 50), rules.step_decay(0.3, 20, 0.5))
    theirs = (k.CosineDecay(0.3, 50), k.ExponentialDecay(0.3, 20, 0.5, staircase=True))
    for our, their in zip(ours, theirs, strict=True):
        for step in (0, 1, 19, 20, 21, 49, 50, 70):
            assert our(step) == pytest.approx(float(their(step)), abs=1e-6)


def test_the_first_step_of_adam_is_the_rate_whatever_the_gradient():
    for size in (1e-3, 1.0, 1e3):
        path = rules.descend(lambda x, g=size: g + 0 * x, [0.0], rules.adam(0.01), 1)
        assert path[1, 0] == pytest.approx(-0.01, rel=0.01)


def test_rules_by_name():
    for name in rules.RULES:
        path = rules.descend(lambda x: x, [1.0], rules.named_rule(name, 0.01), 50)
        assert abs(path[-1, 0]) < 1
    plain = rules.descend(lambda x: x, [1.0], rules.named_rule("momentum", 0.1, 0.5), 5)
    np.testing.assert_array_equal(
        plain, rules.descend(lambda x: x, [1.0], rules.momentum(0.1, 0.5), 5)
    )


# ---- descend -------------------------------------------------------------------------------------


def test_a_path_starts_at_its_start_and_leaves_it_alone():
    start = np.array([[1.0, 2.0], [3.0, 4.0]])
    path = rules.descend(lambda p: p, start, rules.gradient_descent(0.5), 3)
    assert path.shape == (4, 2, 2) and path.dtype == np.float64
    np.testing.assert_allclose(path[3], start / 8)
    np.testing.assert_array_equal(start, [[1, 2], [3, 4]])
    assert len(rules.descend(lambda p: p, [1.0], rules.gradient_descent(0.5), 0)) == 1


def test_a_gradient_that_changes_its_argument_does_no_harm():
    def gradient(point):
        point *= 2
        return point

    path = rules.descend(gradient, [1.0], rules.gradient_descent(0.1), 1)
    np.testing.assert_allclose(path[:, 0], [1, 0.8])


def test_noise_is_normal_seeded_and_has_its_standard_deviation():
    def path(seed):
        rule = rules.gradient_descent(1.0)
        return rules.descend(np.zeros_like, np.zeros(20_000), rule, 1, noise=3.0, seed=seed)

    assert path(0)[1].std() == pytest.approx(3, rel=0.03)
    np.testing.assert_array_equal(path(1), path(1))
    assert not np.array_equal(path(1), path(2))


@pytest.mark.parametrize("name", rules.RULES)
@pytest.mark.parametrize("surface", surfaces.SURFACES.values(), ids=lambda s: s.name)
def test_whatever_diverges_ends_early_with_finite_points_and_no_warning(surface, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = rules.descend(
            surface.gradient, surface.start, rules.named_rule(name, 50.0, 0.99), 300
        )
    assert np.isfinite(path).all()
    assert (np.abs(path[:-1]) <= rules.FAR).all()
    if name in ("gradient descent", "momentum", "Nesterov"):
        assert len(path) < 301


def test_a_gradient_that_overflows_ends_the_path():
    path = rules.descend(lambda x: np.full_like(x, np.inf), [1.0], rules.gradient_descent(1.0), 5)
    np.testing.assert_array_equal(path, [[1.0]])


# ---- limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize("curvature", [0.5, 25.0])
@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("gradient descent", 0.0),
        *[(name, share) for name in ("momentum", "Nesterov") for share in (0.0, 0.3, 0.9)],
    ],
)
def test_the_limit_separates_rest_from_ruin(name, share, curvature):
    limit = rules.stability_limit(curvature, name, share)

    def ratio(rate):
        rule = rules.named_rule(name, rate, share)
        path = rules.descend(lambda x: curvature * x, [1.0], rule, 2000)
        return abs(path[-1, 0])

    assert ratio(0.99 * limit) < 0.01
    assert ratio(1.01 * limit) > 100


# ---- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        rules.gradient_descent,
        rules.momentum,
        rules.nesterov,
        rules.rmsprop,
        rules.adam,
        lambda rate: rules.cosine_decay(rate, 10),
        lambda rate: rules.step_decay(rate, 10),
    ],
)
def test_unfit_learning_rates_are_refused(make):
    for rate in (0, -0.1, math.nan, math.inf):
        with pytest.raises(ValueError, match=r"learning_rate is .*; give a number above 0"):
            make(rate)
    for rate in ("0.1", None, True, [0.1, 0.2]):
        with pytest.raises(TypeError, match=r"learning_rate is .*; give one number"):
            make(rate)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda share: rules.momentum(0.1, share), "momentum"),
        (lambda share: rules.nesterov(0.1, share), "momentum"),
        (lambda share: rules.rmsprop(0.1, share), "rho"),
        (lambda share: rules.adam(0.1, share), "beta_1"),
        (lambda share: rules.adam(0.1, 0.9, share), "beta_2"),
        (lambda share: rules.stability_limit(1.0, "momentum", share), "share"),
    ],
)
def test_unfit_shares_are_refused(make, name):
    for share in (-0.1, 1.0, 1.5):
        with pytest.raises(ValueError, match=f"{name} is .*; give a number from 0 to below 1"):
            make(share)
    with pytest.raises(ValueError, match=f"{name} is nan"):
        make(math.nan)


def test_other_unfit_settings_are_refused():
    rule = rules.gradient_descent(0.1)
    refused = [
        (lambda: rules.rmsprop(0.1, epsilon=0), "epsilon is 0; give a number above 0"),
        (lambda: rules.adam(0.1, epsilon=-1), "epsilon is -1"),
        (lambda: rules.named_rule("Adagrad", 0.1), "no rule 'Adagrad'; choose one of gradient"),
        (lambda: rules.stability_limit(0.0), "curvature is 0; give a number above 0"),
        (lambda: rules.stability_limit(1.0, "Adam"), "no rule with such a limit 'Adam'"),
        (lambda: rules.cosine_decay(0.1, 0), "num_steps is 0; give a whole number of 1"),
        (lambda: rules.step_decay(0.1, 1.5), "every is 1.5; give a whole number"),
        (lambda: rules.step_decay(0.1, 5, 0), "factor is 0; give a number above 0"),
        (lambda: rules.descend(np.sin, [1.0], rule, -1), "num_steps is -1"),
        (
            lambda: rules.descend(np.sin, [1.0], rule, noise=-1),
            "noise is -1; give a number of 0 or more",
        ),
        (lambda: rules.descend(np.sin, [1.0], rule, seed=-1), "seed is -1"),
        (lambda: rules.descend(np.sin, [], rule), r"shape \(0,\); give at least one"),
        (lambda: rules.descend(np.sin, [math.nan], rule), "not finite"),
        (lambda: rules.descend(lambda x: x[:1], [1.0, 2.0], rule), r"shape \(1,\) at a point"),
        (
            lambda: rules.descend(np.sin, [1.0], rules.gradient_descent(lambda step: -1.0)),
            "learning rate at step 0 is -1",
        ),
    ]
    for act, message in refused:
        with pytest.raises(ValueError, match=message):
            act()
    with pytest.raises(TypeError, match="start is 'here'; give numbers"):
        rules.descend(np.sin, "here", rule)
