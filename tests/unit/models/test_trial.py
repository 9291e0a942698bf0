"""A trial reports what an update of one network did, and `checks.check_update` says it in words."""

import functools
import random

import numpy as np
import pytest

from course_utils import checks
from course_utils.base.backend import keras, tf
from course_utils.models import gan_losses, trial, updates

CORRECT = "06.1 · correct.\n"
NOT_YET = "06.1 · not answered yet: replace the ... and run both cells again\n"
DISCRIMINATOR = trial.discriminator_update()
GENERATOR = trial.generator_update()
LABELED = trial.discriminator_update("non_saturating", num_classes=3)


@pytest.fixture
def said(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))

    def call(answer, attempt=DISCRIMINATOR, **words) -> str:
        capsys.readouterr()
        checks.check_update("06.1", answer, attempt, **words)
        return capsys.readouterr().out

    return call


def step(optimizer, tape, loss, network):
    variables = network.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)


# ---- the discriminator's update: right in several forms ------------------------------------------


def in_one_tape(generator, discriminator, optimizer, real, latents):
    with tf.GradientTape() as tape:
        fake = generator(latents, training=True)
        on_real = discriminator(real, training=True)
        on_fake = discriminator(fake, training=True)
        loss = gan_losses.hinge_discriminator_loss(on_real, on_fake)
    step(optimizer, tape, loss, discriminator)


def by_hand(generator, discriminator, optimizer, real, latents):
    fake = generator(latents, training=True)
    with tf.GradientTape(persistent=True) as tape:
        on_real = tf.reduce_mean(tf.maximum(0.0, 1.0 - discriminator(real, training=True)))
        on_fake = tf.reduce_mean(tf.maximum(0.0, 1.0 + discriminator(fake, training=True)))
        loss = on_real + on_fake
    gradients = tape.gradient(loss, discriminator.trainable_weights)
    optimizer.apply_gradients(zip(gradients, discriminator.trainable_weights, strict=True))
    return loss.numpy()


def in_two_tapes(generator, discriminator, optimizer, real, latents):
    variables = discriminator.trainable_variables
    with tf.GradientTape() as first:
        on_real = tf.reduce_mean(tf.nn.relu(1 - discriminator(real, training=True)))
    with tf.GradientTape() as second:
        fake = discriminator(generator(latents, training=True), training=True)
        on_fake = tf.reduce_mean(tf.nn.relu(1 + fake))
    pairs = zip(
        first.gradient(on_real, variables), second.gradient(on_fake, variables), strict=True
    )
    optimizer.apply([one + other for one, other in pairs], variables)
    return {"loss": on_real + on_fake}


RIGHT = [in_one_tape, by_hand, in_two_tapes, updates.update_discriminator, tf.function(in_one_tape)]


@pytest.mark.parametrize("answer", RIGHT)
def test_every_form_of_a_right_update_is_taken(said, answer):
    assert said(answer) == CORRECT


def test_cross_entropy_by_keras_is_taken_for_the_labeled_networks(said):
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function
    def update(generator, discriminator, optimizer, real, latents, labels):
        classes = tf.one_hot(labels, 3)
        with tf.GradientTape() as tape:
            fake = generator([latents, classes], training=True)
            on_real = discriminator([real, classes], training=True)
            on_fake = discriminator([fake, classes], training=True)
            loss = entropy(tf.ones_like(on_real), on_real) + entropy(
                tf.zeros_like(on_fake), on_fake
            )
        step(optimizer, tape, loss, discriminator)
        return loss

    def without_labels(generator, discriminator, optimizer, real, latents, labels):
        classes = tf.one_hot(tf.zeros_like(labels), 3)
        fake = generator([latents, classes], training=True)
        with tf.GradientTape() as tape:
            on_real = discriminator([real, classes], training=True)
            on_fake = discriminator([fake, classes], training=True)
            loss = entropy(tf.ones_like(on_real), on_real) + entropy(
                tf.zeros_like(on_fake), on_fake
            )
        step(optimizer, tape, loss, discriminator)

    assert said(update, LABELED) == CORRECT
    assert "whatever `labels` holds makes no difference" in said(without_labels, LABELED)


# ---- and wrong, each with a sentence of its own --------------------------------------------------


def faulty(  # the right update but for one thing
    loss=gan_losses.hinge_discriminator_loss, times=1, moves="discriminator", training=True
):
    def update(generator, discriminator, optimizer, real, latents):
        network = {"generator": generator, "discriminator": discriminator}[moves]
        for _ in range(times):
            with tf.GradientTape() as tape:
                fake = generator(latents, training=True)
                on_real = discriminator(real, training=training)
                value = loss(on_real, discriminator(fake, training=training))
            step(optimizer, tape, value, network)

    return update


def both_networks(generator, discriminator, optimizer, real, latents):
    variables = generator.trainable_variables + discriminator.trainable_variables
    with tf.GradientTape() as tape:
        on_fake = discriminator(generator(latents, training=True), training=True)
        loss = gan_losses.hinge_discriminator_loss(discriminator(real, training=True), on_fake)
    optimizer.apply(tape.gradient(loss, variables), variables)


def own_noise(generator, discriminator, optimizer, real, latents):
    updates.update_discriminator(
        generator, discriminator, optimizer, real, tf.random.normal(latents.shape)
    )


def fixed_noise(generator, discriminator, optimizer, real, latents):
    noise = tf.ones_like(latents) * tf.range(8.0)[:, None]
    updates.update_discriminator(generator, discriminator, optimizer, real, noise)


def only_the_last_layer(generator, discriminator, optimizer, real, latents):
    fake = generator(latents, training=True)
    variables = discriminator.trainable_variables[-2:]
    with tf.GradientTape() as tape:
        on_real = discriminator(real, training=True)
        loss = gan_losses.hinge_discriminator_loss(on_real, discriminator(fake, training=True))
    optimizer.apply(tape.gradient(loss, variables), variables)


def own_optimizer(generator, discriminator, optimizer, real, latents):
    sgd = keras.optimizers.SGD(1.0)
    return updates.update_discriminator(generator, discriminator, sgd, real, latents)


def loss_only(generator, discriminator, optimizer, real, latents):
    fake = generator(latents, training=True)
    on_real = discriminator(real, training=True)
    return gan_losses.hinge_discriminator_loss(on_real, discriminator(fake, training=True))


def outside_the_tape(generator, discriminator, optimizer, real, latents):
    on_real = discriminator(real, training=True)
    on_fake = discriminator(generator(latents, training=True), training=True)
    with tf.GradientTape() as tape:
        loss = gan_losses.hinge_discriminator_loss(on_real, on_fake)
    step(optimizer, tape, loss, discriminator)


def in_one_call(generator, discriminator, optimizer, real, latents):
    fake = generator(latents, training=True)
    with tf.GradientTape() as tape:
        logits = discriminator(tf.concat([real, fake], axis=0), training=True)
        loss = gan_losses.hinge_discriminator_loss(*tf.split(logits, 2))
    step(optimizer, tape, loss, discriminator)


def one_mean_over_both(real, fake):
    margins = tf.concat([tf.nn.relu(1 - real), tf.nn.relu(1 + fake)], axis=0)
    return tf.reduce_mean(margins)


def raises(generator, discriminator, optimizer, real, latents):
    raise RuntimeError("no")


def returns_something_else(*arguments):
    return updates.update_discriminator(*arguments) + 1


hinge = gan_losses.hinge_discriminator_loss
WRONG = {
    "no weight moved": loss_only,
    "the generator's weights moved; only": faulty(moves="generator"),
    "the generator's weights also moved": both_networks,
    "the real ones make no difference": faulty(lambda real, fake: hinge(real * 0 + 9, fake)),
    "the generated ones make no difference": faulty(lambda real, fake: hinge(real, fake * 0 - 9)),
    "the sign is wrong": faulty(lambda real, fake: -hinge(real, fake)),
    "half of what was asked for": faulty(one_mean_over_both),
    "twice what": faulty(lambda real, fake: 2 * hinge(real, fake)),
    "a sum over the batch": faulty(
        lambda real, fake: tf.reduce_sum(tf.nn.relu(1 - real) + tf.nn.relu(1 + fake))
    ),
    "have changed places": faulty(lambda real, fake: hinge(fake, real)),
    "max(0, …) is missing": faulty(lambda real, fake: tf.reduce_mean(fake - real)),
    "that is the generator's loss": faulty(lambda real, fake: -tf.reduce_mean(fake)),
    "another loss, minimax.": faulty(gan_losses.minimax_discriminator_loss),
    "another loss, least-squares.": faulty(gan_losses.least_squares_discriminator_loss),
    "applied 2 times": faulty(times=2),
    "call it with training=True": faulty(training=False),
    "in one call": in_one_call,
    "use the latents": own_noise,
    "whatever `latents` holds": fixed_noise,
    "not all of them": only_the_last_layer,
    "not by the optimizer": own_optimizer,
    "inside the tape": outside_the_tape,
    "your answer raised RuntimeError in line": raises,
    "where the loss is": returns_something_else,
    "no longer finite": faulty(lambda real, fake: hinge(real, fake) * np.float32("inf")),
    "not along the gradient of the loss": faulty(lambda real, fake: hinge(real**3, fake)),
}


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_update_is_told_its_slip(said, words):
    out = said(WRONG[words])
    assert out.startswith("06.1 · hint: ") and words in out and out.count("\n") == 1


def test_stubs_are_not_answered_yet(said):
    def empty(generator, discriminator, optimizer, real, latents):
        return ...

    def scaffold(generator, discriminator, optimizer, real, latents):
        fake = generator(latents, training=True)
        with tf.GradientTape() as tape:
            loss = ...
        step(optimizer, tape, loss, discriminator)
        return fake

    for answer in (..., empty, scaffold, tf.function(empty), tf.function(scaffold)):
        assert said(answer) == NOT_YET
    assert said(3) == "06.1 · hint: expected a function, but got the number 3.\n"


def test_an_ellipsis_in_an_index_is_no_stub(said):
    assert said(faulty(lambda real, fake: hinge(real[..., 0], fake[..., 0]))) == CORRECT


def test_a_lesson_may_word_a_mistake_and_add_hint_and_why(said):
    answer = faulty(lambda real, fake: -hinge(real, fake))
    assert said(answer, hints={"sign": "Turn around."}, hint="Read on.") == (
        "06.1 · hint: the discriminator's weights moved, but Turn around. Read on.\n"
    )
    assert said(by_hand, why="Yes.") == "06.1 · correct. Yes.\n"


# ---- the generator's update ----------------------------------------------------------------------


def generator_step(loss, training=True, moves="generator"):
    def update(generator, discriminator, optimizer, latents):
        with tf.GradientTape() as tape:
            fake = generator(latents, training=training)
            value = loss(discriminator(fake, training=True))
        step(optimizer, tape, value, {"generator": generator}.get(moves, discriminator))
        return value

    return update


def minus_mean(logits):
    return -tf.reduce_mean(logits)


def test_every_form_of_a_right_generator_update_is_taken(said):
    for answer in (
        updates.update_generator,
        generator_step(minus_mean),
        generator_step(lambda logits: tf.reduce_mean(-1.0 * logits)),
        tf.function(generator_step(minus_mean)),
    ):
        assert said(answer, GENERATOR) == CORRECT


def test_a_wrong_generator_update_is_told_its_slip(said):
    def fake_outside(generator, discriminator, optimizer, latents):
        fake = generator(latents, training=True)
        with tf.GradientTape() as tape:
            loss = minus_mean(discriminator(fake, training=True))
        step(optimizer, tape, loss, generator)

    wrong = {
        "the sign is wrong": generator_step(tf.reduce_mean),
        "the discriminator's weights moved; only": generator_step(minus_mean, moves="other"),
        "training=True": generator_step(minus_mean, training=False),
        "would learn to be found out": generator_step(
            lambda logits: tf.reduce_mean(tf.nn.relu(1 + logits))
        ),
        "as the discriminator treats what is real": generator_step(
            lambda logits: tf.reduce_mean(tf.nn.relu(1 - logits))
        ),
        "another loss, non-saturating": generator_step(gan_losses.non_saturating_generator_loss),
        "inside the tape": fake_outside,
    }
    for words, answer in wrong.items():
        assert words in said(answer, GENERATOR)


# ---- the trial itself ----------------------------------------------------------------------------

IMAGES, POINTS = (16, 16, 1), (2,)
SETTINGS = [
    (player, loss, shape, classes)
    for player in ("discriminator", "generator")
    for loss in trial.LOSSES
    for shape, classes in ((IMAGES, None), (IMAGES, 3), (POINTS, None))
]


@pytest.mark.parametrize(("player", "loss", "shape", "classes"), SETTINGS)
def test_the_reference_is_right_and_no_mistake_resembles_it(player, loss, shape, classes):
    attempt = trial.UpdateTrial(player, loss, shape, 4, classes)
    right = functools.partial(getattr(updates, f"update_{player}"), loss=loss)
    outcome = attempt(right)
    other = "generator" if player == "discriminator" else "discriminator"
    assert outcome.moved == {player: 1.0, other: 0.0}
    assert outcome.updates == 1 and outcome.returned == pytest.approx(outcome.loss)
    np.testing.assert_allclose(outcome.gradient, outcome.expected, rtol=1e-3, atol=1e-5)
    assert np.linalg.norm(outcome.expected) > 0.1
    length = np.linalg.norm(outcome.expected)
    for name, gradient in attempt._setting.mistakes.items():
        assert np.linalg.norm(gradient - outcome.expected) > 0.05 * length, name


def test_an_unbounded_loss_is_neither_tried_nor_suspected():
    assert trial.LOSSES == ("minimax", "non_saturating", "least_squares", "hinge")
    with pytest.raises(ValueError, match="no GAN loss 'wasserstein'; choose one of minimax"):
        trial.discriminator_update("wasserstein")
    assert "wasserstein" not in trial.discriminator_update()._setting.mistakes


def test_nothing_outside_the_trial_changes():
    random.seed(1)
    expected = random.random()
    random.seed(1)
    keras.utils.set_random_seed(3)
    state, numbers = random.getstate(), np.random.get_state()[1].copy()
    attempt = trial.discriminator_update()
    start = [one.copy() for one in attempt._setting.start["discriminator"]]
    first = attempt(faulty(times=2))
    assert random.getstate() == state
    np.testing.assert_array_equal(np.random.get_state()[1], numbers)
    for one, before in zip(
        attempt._setting.networks["discriminator"].get_weights(), start, strict=True
    ):
        np.testing.assert_array_equal(one, before)
    np.testing.assert_array_equal(first.gradient, attempt(faulty(times=2)).gradient)
    random.seed(1)
    assert random.random() == expected


def test_networks_that_an_answer_froze_are_trained_again():
    def freezes(generator, discriminator, optimizer, real, latents):
        generator.trainable = False
        updates.update_discriminator(generator, discriminator, optimizer, real, latents)

    attempt = trial.discriminator_update()
    assert attempt(freezes).moved == {"generator": 0.0, "discriminator": 1.0}
    assert attempt(both_networks).moved["generator"] == 1.0


def test_an_unknown_loss_is_refused():
    with pytest.raises(ValueError, match="no GAN loss 'wgan'"):
        trial.discriminator_update("wgan")


def test_with_points_nothing_depends_on_training_mode_or_on_one_call(said):
    points = trial.discriminator_update(image_shape=POINTS, latent_size=2)
    names = {"one call", "generator in inference", "discriminator in inference"}
    assert names.isdisjoint(points._setting.mistakes)

    def without_mode(generator, discriminator, optimizer, real, latents):
        fake = generator(latents)
        with tf.GradientTape() as tape:
            loss = hinge(discriminator(real), discriminator(fake))
        weights = discriminator.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)

    assert said(without_mode, points) == CORRECT
