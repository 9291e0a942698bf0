"""Trains models on two logical CPU devices and prints, as JSON, what the tests look at.

`test_gan` calls it as it is, for GANs; `test_flow_matching` with the word "flow".
"""

import json
import sys

import numpy as np
from small_models import copies, image_gan, linear_gan, pixels
from tiny_families import dense_flow

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import flow_matching, gan


class WithoutNoise(gan.GAN):
    """Its latents are the real points, so that one and two devices see the same ones."""

    def fake_images(self, real, labels, *, repetition=0, training=True):
        return self.generator(0.5 * real, training=training)


def train_without_noise():
    model = linear_gan(kind=WithoutNoise)
    model.compile("least_squares", optimizer=keras.optimizers.SGD(0.1))
    dataset = data.make_dataset(
        data.toy("moons", 24), batch_size=8, shuffle=False, drop_remainder=True
    )
    history = model.fit(dataset, epochs=2, verbose=0).history
    return [weight.tolist() for weight in model.get_weights()], history["discriminator_loss"]


def flow_on_two(strategy) -> dict:
    with strategy.scope():
        model = flow_matching.FlowMatching((2,), 2, network=dense_flow((2,), 2), seed=0)
        model.compile()
    before = copies(model.average.weights)
    points = data.toy("ring", 24)
    history = model.fit(points, np.arange(24) % 2, batch_size=8, epochs=2, verbose=0).history

    def draw():
        return model._draw_latents(3, "training noise")

    pairs = [v.value.values for v in (*model.weights, *model.optimizer.variables)]
    return {
        "steps": int(model.optimizer.iterations.numpy()),
        "losses": history["loss"],
        "largest_difference_between_replicas": max(
            float(np.abs(np.subtract(*map(np.asarray, pair))).max()) for pair in pairs
        ),
        "average_moved": max(
            float(np.abs(a - b).max())
            for a, b in zip(before, copies(model.average.weights), strict=True)
        ),
        "noise": [noise.numpy().tolist() for noise in strategy.run(draw).values],
        "samples": model.sample(3, seed=0).tolist(),
    }


def refusal(model, dataset) -> str:
    try:
        model.fit(dataset, verbose=0)
    except ValueError as error:
        return str(error)
    return "accepted"


def main(which: str = "gan"):
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
    )
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    if which == "flow":
        print(json.dumps(flow_on_two(strategy)))
        return
    weights, losses = train_without_noise()
    with strategy.scope():
        other_weights, other_losses = train_without_noise()

    with strategy.scope():
        model = image_gan()
        model.compile()
    before = copies(model.average.weights)
    # 17 images in batches of 8: the last one would leave a device without any.
    history = model.fit(pixels(17), batch_size=8, epochs=2, validation_data=pixels(9), verbose=0)
    after = copies(model.average.weights)
    record = type(model).generator_input

    def draw(images):
        latents = []
        model.generator_input = lambda z, labels: latents.append(z) or record(model, z, labels)
        model.fake_images(images, None)
        return latents[0]

    drawn = strategy.run(draw, args=(tf.zeros((2, 16, 16, 1)),))
    # Keras lets each device keep its own statistics in BatchNorm; the first one's are used.
    pairs = [
        variable.value.values
        for variable in (*model.weights, *model.optimizer.variables)
        if "moving_" not in variable.path
    ]
    unequal = data.make_dataset(pixels(17), batch_size=8)
    odd = data.make_dataset(pixels(15), batch_size=5, drop_remainder=True)
    found = {
        "replicas": strategy.num_replicas_in_sync,
        "steps": int(model.optimizer.iterations.numpy()),
        "largest_difference_between_replicas": max(
            float(np.abs(np.subtract(*map(np.asarray, pair))).max()) for pair in pairs
        ),
        "history": history.history,
        "average_moved": max(
            float(np.abs(a - b).max()) for a, b in zip(before, after, strict=True)
        ),
        "sample_shape": model.sample(3).shape,
        "latents": [latents.numpy().tolist() for latents in drawn.values],
        "weights_on_one_and_two": [weights, other_weights],
        "losses_on_one_and_two": [losses, other_losses],
        "unequal_batches": refusal(model, unequal),
        "odd_batches": refusal(model, odd),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
