"""The callbacks for `fit`: a calm progress bar, an end at a time limit or at a loss not finite."""

import itertools
import time

import numpy as np
import pytest
from small_models import equal, linear_gan, state, train

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import training


@pytest.fixture(scope="module")
def model():
    """A compiled GAN of points, traced once, for tests that only need some training."""
    model = linear_gan()
    model.compile()
    return model


# --- ProgressBar -------------------------------------------------------------------------------


def renewals(model, monkeypatch, callbacks):
    """How often the bar of 300 steps of a tenth of a second is written."""
    clock, writes = itertools.count(step=0.1), []
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: next(clock))
        patch.setattr("sys.stdout.write", writes.append)
        model.fit(data.toy("ring", 16), steps_per_epoch=300, callbacks=callbacks)
    assert "300/300" in "".join(writes)
    return len(writes)


def test_the_progress_bar_of_fit_is_calm(model, monkeypatch):
    many = renewals(model, monkeypatch, keras.callbacks.ProgbarLogger())
    assert many >= 300
    assert renewals(model, monkeypatch, None) < many / 3
    assert renewals(model, monkeypatch, [training.StopOnNonFinite()]) < many / 3


# --- TimeLimit ---------------------------------------------------------------------------------


class Clock:
    """Stands in for time.perf_counter: each call is 10 s later than the one before."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        self.now += 10
        return self.now


def test_a_time_limit_stops_and_says_so(model, capsys, monkeypatch):
    monkeypatch.setattr(training.time, "perf_counter", Clock())
    before = int(model.optimizer.iterations)
    limit = training.TimeLimit(25)
    train(model, steps=50, epochs=2, callbacks=[limit])
    # The clock reads 0 s after the first step, then 10, 20 and 30 s.
    assert int(model.optimizer.iterations) == before + 4
    assert limit.reached
    assert "TimeLimit: stopped after 25 s, at step 4." in capsys.readouterr().out


@pytest.mark.slow
def test_a_time_limit_does_not_count_what_comes_before_the_first_batch_ends(model):
    def slow(*_):
        time.sleep(0.4)

    limit = training.TimeLimit(0.3)
    slow_start = keras.callbacks.LambdaCallback(on_train_begin=slow)
    slow_start.on_train_batch_begin = lambda batch, logs=None: slow() if batch == 0 else None
    before = int(model.optimizer.iterations)
    train(model, steps=3, callbacks=[limit, slow_start])
    assert not limit.reached
    assert int(model.optimizer.iterations) == before + 3


def test_a_time_limit_that_is_not_reached_says_nothing(model, capsys):
    limit = training.TimeLimit(3600)
    before = int(model.optimizer.iterations)
    for _ in range(2):  # and can be used again
        train(model, steps=5, callbacks=[limit])
    assert int(model.optimizer.iterations) == before + 10
    assert not limit.reached
    assert capsys.readouterr().out == ""


def test_a_time_limit_does_not_claim_another_callback_s_stop(model, capsys, monkeypatch):
    monkeypatch.setattr(training.time, "perf_counter", Clock())
    stop = keras.callbacks.LambdaCallback()
    stop.on_train_batch_end = lambda batch, logs=None: setattr(stop.model, "stop_training", True)
    train(model, callbacks=[stop, training.TimeLimit(1)])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_an_unfit_time_limit_is_refused(seconds):
    with pytest.raises(ValueError, match=f"seconds is {seconds:g}; give a number above 0"):
        training.TimeLimit(seconds)


@pytest.mark.parametrize("seconds", ["3", None, True])
def test_a_time_limit_that_is_no_number_is_refused(seconds):
    with pytest.raises(TypeError, match=f"seconds is {seconds!r}; give one number"):
        training.TimeLimit(seconds)


# --- StopOnNonFinite ---------------------------------------------------------------------------


def nan_from_step(model, step):
    """A penalty that is NaN from this step on, counted from 1."""

    def penalty(discriminate, real, fake, seed):
        reached = model.generator_optimizer.iterations >= step - 1
        return tf.where(reached, np.nan, 0.0) * tf.reduce_mean(discriminate(real))

    return penalty


def test_a_nan_stops_training_and_the_model_goes_back(capsys):
    model = linear_gan()
    model.compile(penalty=nan_from_step(model, 8))
    snapshots = {}

    def remember(batch, logs=None):
        snapshots[batch + 1] = state(model)

    note = keras.callbacks.LambdaCallback()
    note.on_train_batch_end = remember
    history = train(model, steps=20, epochs=3, callbacks=[note, training.StopOnNonFinite(every=3)])
    assert len(snapshots) == 8
    assert len(history.epoch) == 1
    assert not all(np.isfinite(value).all() for value in snapshots[8])
    assert equal(state(model), snapshots[6])
    said = capsys.readouterr().out
    assert "discriminator_loss became nan at step 8; training stopped" in said
    assert "went back to step 6" in said
    assert "learning rate" in said

    model.compile()  # without the penalty
    again = train(model, steps=5).history
    assert np.isfinite(list(again.values())).all()


def test_a_huge_learning_rate_is_caught_and_training_can_go_on(capsys):
    model = linear_gan()
    model.compile("least_squares", optimizer=keras.optimizers.SGD(1e6))
    before = state(model)
    train(model, steps=50, callbacks=[training.StopOnNonFinite()])
    said = capsys.readouterr().out
    assert "became" in said
    assert "went back to step 0" in said
    assert equal(state(model), before)
    model.generator_optimizer.learning_rate = model.discriminator_optimizer.learning_rate = 1e-3
    again = train(model, steps=5, callbacks=[training.StopOnNonFinite()])
    assert np.isfinite(list(again.history.values())).all()
    assert capsys.readouterr().out == ""


def test_weights_that_are_not_finite_are_never_kept():
    model = linear_gan()
    model.compile(run_eagerly=True)
    watch = training.StopOnNonFinite(every=1)

    def spoil(batch, logs=None):
        if batch == 2:
            model.average.weights[0].assign(np.full((2, 2), np.inf))

    note = keras.callbacks.LambdaCallback()
    note.on_train_batch_end = spoil
    train(model, steps=4, callbacks=[note, watch])
    assert watch._sound_step == 2


@pytest.mark.parametrize("every", [0, -1, 2.5, "3", None, True])
def test_unfit_steps_between_snapshots_are_refused(every):
    with pytest.raises(ValueError, match=f"every is {every!r}; give a whole number of 1 or more"):
        training.StopOnNonFinite(every=every)
