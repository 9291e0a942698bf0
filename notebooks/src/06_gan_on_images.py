# %% [markdown]
# # 06 · A GAN that draws clothes
#
# **After this lesson you can**
# - build a convolutional generator and a convolutional discriminator, and say which shape each layer
#   has and why;
# - write a training step, train both against each other, by hand and with `GAN.fit`, and judge the
#   result by eye and by number;
# - tell a generator that draws a few kinds of images well from one that draws all of them;
# - draw new images, steer them live with sliders, and test whether they are copies.
#
# **You need** the game between the two networks (lesson 05) and convolutions (lesson 03). In one
# sentence each, if you come from elsewhere: a *generator* turns random numbers into images; a
# *discriminator* turns an image into one number that says how real it looks; each is trained against
# the other.
#
# **Time** 95 minutes: 85 for the core sections, 10 for the optional ones. All cells together run for
# one to two minutes on two CPU cores; most of that is the training in section 3.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, metrics, plots, widgets
from course_utils.lessons.gan_on_images import designs
from course_utils.models import (
    gan,
    gan_losses,
    latent_space,
    networks,
    pretrained,
    training,
    trial,
    updates,
)
from course_utils.widgets import live_samples

# %% tags=["parameters"]
SEED = 0
LATENT_SIZE = 16
BATCH_SIZE = 64
NUM_STEPS = 3000  # test: 20
SECONDS_AT_MOST = 240  # a cap for busy machines only
NUM_MEASURED = 10_000  # test: 300

# %% [markdown]
# ## 1. The data: look before you train (core, 5 minutes)
#
# Fashion-MNIST holds 60,000 training images of ten kinds of clothing, each 28 x 28 gray pixels, and
# 10,000 test images, which no network of ours will be trained on.

# %%
images, labels = data.load_images("fashion_mnist", split="train")
test_images, _ = data.load_images("fashion_mnist", split="test")
print("training:", images.shape, images.dtype, "from", images.min(), "to", images.max())
print("test:    ", test_images.shape, test_images.dtype)
plots.show_images(images[:48], "The first 48 training images of Fashion-MNIST.", columns=12)

# %% [markdown]
# `data.make_dataset` yields batches of floats in [0, 1]. The networks work in [-1, 1], the range
# of `tanh`, the generator's last activation. `data.scale_pixels` goes from the first to the second,
# and `GAN` calls it for you.

# %%
dataset = data.make_dataset(images, batch_size=BATCH_SIZE, seed=SEED)
batch = next(iter(dataset))
print("one batch:", batch.shape, batch.dtype.name)
print("black, gray, white for the networks:", data.scale_pixels(np.array([0.0, 0.5, 1.0])))

# %% [markdown]
# ### Exercise 06.1: find the wrong scaling (3 minutes)
#
# Three people prepare `images`, which are `uint8` from 0 to 255, for networks that expect [-1, 1].
# Only one of them does it right. Which one? Answer with `"a"`, `"b"` or `"c"`.
#
# - a: `images / 255.0`
# - b: `images / 127.5 - 1.0`
# - c: `(images - 127) / 128`, where the subtraction is done in `uint8`

# %% tags=["exercise"]
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = "b"

# %% tags=["check"]
checks.check_choice(
    "06.1",
    answer_1,
    "b",
    options="abc",
    hints={
        "a": "that ends in [0, 1]; the generator's tanh could make values that no image has.",
        "c": "uint8 has no negative numbers: 0 - 127 wraps around to 129.",
    },
    why="0 becomes -1 and 255 becomes 1. With (a) the discriminator wins by looking for negative "
    "pixels; with (c) black pixels turn bright.",
)

# %% [markdown]
# ## 2. Two networks (core, 22 minutes)
#
# The words of the two tables below, in case you come without lesson 03. A *dense layer* connects every
# input to every output. A *convolution* slides a small window of weights over the picture; with *stride*
# 2 it moves two pixels at a time, so the side halves. A *channel* is one of the several pictures that a
# layer holds, one above the other. A *transposed convolution* goes the other way: each input pixel adds
# the window, multiplied by its value, to the output, and the next input pixel's window lies two output pixels
# further on, so the side doubles. *Batch normalization* brings each channel to mean 0 and spread 1 over the
# batch, then applies a learned scale and shift; for later use it also keeps running averages of mean and
# spread. That makes four numbers a channel.
#
# **The generator** starts from a *latent*: 16 independent normal numbers. A dense layer turns them
# into 7 x 7 places with many channels each, a very small, very deep "picture". Two transposed
# convolutions double the side, 7 → 14 → 28, while the channels become fewer. (The last one has `tanh`
# built in.)

# %%
keras.utils.set_random_seed(SEED)
generator = networks.generator(image_shape=(28, 28, 1), latent_size=LATENT_SIZE)
for layer in generator.layers:
    print(f"{layer.__class__.__name__:20} {layer.output.shape!s:22} {layer.count_params():>8,}")

# %% [markdown]
# **The discriminator** goes the other way. Each convolution has stride 2 and halves the side, rounding
# up, 28 → 14 → 7 → 4; at the end stands one number per image, the *logit*: the larger, the more real.

# %%
discriminator = networks.discriminator(image_shape=(28, 28, 1))
for layer in discriminator.layers:
    print(f"{layer.__class__.__name__:20} {layer.output.shape!s:22} {layer.count_params():>8,}")

# %% [markdown]
# Before any training the generator's images are gray noise, and the discriminator has no opinion:
# its logits are all near 0.

# %% tags=["check-output"]
latents = np.random.default_rng(SEED).standard_normal((4, LATENT_SIZE), dtype=np.float32)
fake = generator(latents)
print("generated:", fake.shape)
print("logits:   ", discriminator(fake).shape)
print("all near 0:", bool(np.abs(discriminator(fake)).max() < 0.1))

# %% [markdown]
# ### Exercise 06.2: count parameters (3 minutes)
#
# The second convolution of the *discriminator* reads 16 channels and writes 32, with a window of
# 4 x 4. It has no biases, since the batch normalization that follows has its own. How many parameters
# does the convolution have? Work it out, then compare with the table above.

# %% tags=["exercise"]
# -- stub --
answer_2 = ...
# -- solution --
answer_2 = 4 * 4 * 16 * 32

# %% tags=["check"]
checks.check_number(
    "06.2",
    answer_2,
    expected=4 * 4 * 16 * 32,
    hints={
        4 * 4 * 16 * 32 + 32: "this one has no biases.",
        4 * 4 * 32: "every output channel has its own 4 x 4 window on each of the 16 inputs.",
        4 * 4 * 16: "there is one such set of windows for each of the 32 output channels.",
        7 * 7 * 16 * 32: "the windows are 4 x 4; the picture's side, 7, is no factor.",
    },
    hint="Window height x window width x input channels x output channels.",
    why="A convolution's parameters do not depend on the size of the picture.",
)

# %% [markdown]
# ### Why 4 x 4 windows? Transposed convolutions can leave a checkerboard
#
# A transposed convolution with stride 2 places its window at every second pixel of the output and adds
# up what overlaps. If the window's side is not a multiple of the stride, some pixels are covered more often
# than others, and the network has to unlearn a checkered pattern (Odena et al. 2016). Feed ones into
# windows of ones, so that the output counts; and into a window of random weights, such as a network has before
# training:

# %% tags=["check-output"]
ones = tf.ones((1, 6, 6, 1))
windows = {
    "5 x 5, ones": np.ones((5, 5, 1, 1)),
    "4 x 4, ones": np.ones((4, 4, 1, 1)),
    "4 x 4, random": np.random.default_rng(SEED).uniform(0, 2, (4, 4, 1, 1)),
}
covered = {}
for name, window in windows.items():
    window = tf.constant(window, tf.float32)
    output = tf.nn.conv2d_transpose(ones, window, (1, 12, 12, 1), strides=2, padding="SAME")
    covered[name] = output.numpy()[0, :, :, 0]
    values = np.unique(covered[name][3:-3, 3:-3].round(1))
    print(f"{name:13}  values of the inner pixels: {', '.join(f'{value:.1f}' for value in values)}")

# %%
plots.show_images(
    np.stack(list(covered.values())) / 9.0,
    "The output for a flat input. Left, 5 x 5 windows of ones: checkered. Middle, 4 x 4 windows of ones: "
    "even, apart from the border. Right, a 4 x 4 window of random weights: checkered again.",
    columns=3,
    scale=12,
)

# %% [markdown]
# Pixels under 5 x 5 windows are covered 4, 6 or 9 times in turn; under 4 x 4 windows, always 4 times. That
# removes one cause of checkerboards, not all: on the right the coverage is even, but neighboring pixels meet different
# weights of the window, four values in turn, and the pattern is back. Windows without it have to be learned. Whether
# they have been, only the images show.
#
# ### What the other choices are for
#
# | choice | for | taken from |
# |---|---|---|
# | batch normalization | keeps the scale of the activations, so that a large learning rate works | Ioffe and Szegedy 2015; Radford et al. 2016 |
# | leaky ReLU in the discriminator | passes a gradient on to the generator where a ReLU would pass none | Radford et al. 2016, who found that it works well |
# | Adam with `beta_1=0.5` | the opponent changes at each step, so old directions are soon wrong; `beta_1` is the share of them that is kept | Radford et al. 2016, who saw trainings oscillate with 0.9 |
# | averaging the generator's weights | the game circles around a good point; the average of the circle is nearer to it | Yazıcı et al. 2019 |
# | 16 latents, narrow layers | fewer numbers to give a meaning to, and cheaper steps | chosen for this course |
#
# None of them is compared here; `CHANGELOG.md` lists what was tried for this network, much of it with one seed only.

# %% [markdown]
# ### Exercise 06.3: a generator of larger images (9 minutes)
#
# Pictures of 28 x 28 are small. Write `build_generator`, which returns a `keras.Sequential` from 16 latents
# to gray images of 56 x 56, for the same training as above:
# - its values lie in the range that the discriminator sees of real images;
# - all pixels are covered equally often;
# - it has 50,000 parameters at most. (`networks.generator` would need 266,000. Where are most of them? Look at the
#   table of the smaller one above.)
#
# You need `keras.Input((16,))`, `Dense`, `Reshape`, `ReLU`, `Conv2DTranspose(channels, 4, strides=2,
# padding="same")` and, if you like, `BatchNormalization`, all from `keras.layers`. `build_generator().summary()` shows
# shapes and parameters.


# %% tags=["exercise"]
def build_generator():
    # -- stub --
    return ...
    # -- solution --
    layers = keras.layers
    network = [keras.Input((16,)), layers.Dense(7 * 7 * 32), layers.Reshape((7, 7, 32))]
    for channels in (16, 8):  # 7 to 14, 14 to 28
        network += [layers.BatchNormalization(), layers.ReLU()]
        network += [layers.Conv2DTranspose(channels, 4, strides=2, padding="same")]
    network += [layers.BatchNormalization(), layers.ReLU()]
    network += [layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh")]
    return keras.Sequential(network)


# %% tags=["check"]
checks.check_design(
    "06.3",
    build_generator,
    lambda build: designs.generator_fault(build, side=56, latent_size=16, most_parameters=50_000),
    hint="It has to return images of shape (n, 56, 56, 1) for latents of shape (n, 16).",
    why="Three doublings, 7 → 14 → 28 → 56. Channels cost more than pixels do: the first layers have few "
    "places and many channels, so most of the parameters are there.",
)

# %% [markdown]
# ## 3. Train (core, 26 minutes)
#
# We use the **hinge** loss. With real images $x$ from the data $p$, latents $z$ from the normal
# distribution $N$, and $\mathbb{E}$ for the mean over them (in practice over a batch),
#
# $$L_D = \mathbb{E}_{x\sim p}\,\max(0,\,1 - D(x)) + \mathbb{E}_{z\sim N}\,\max(0,\,1 + D(G(z))),
# \qquad L_G = -\,\mathbb{E}_{z\sim N}\,D(G(z)).$$
#
# The discriminator wants real images above 1 and generated ones below -1, and stops caring about
# those that are already beyond. $D(x)$ stands for the logit itself here, not for a probability as in lesson 05:
# with this loss the logit cannot be turned into one.
#
# ### Exercise 06.4: write the loss (5 minutes)
#
# Write the discriminator's hinge loss for two NumPy arrays of logits. `np.maximum(a, b)` takes the
# larger of two numbers, element by element. Try it: for real logits [3, 0] and fake logits [-1] the
# loss is 0.5 + 0 = 0.5.


# %% tags=["exercise"]
def hinge_loss(real_logits, fake_logits):
    # -- stub --
    return ...
    # -- solution --
    on_real = np.maximum(0.0, 1.0 - real_logits).mean()
    return on_real + np.maximum(0.0, 1.0 + fake_logits).mean()


# %% tags=["check"]
right = gan_losses.hinge_discriminator_loss
checks.check_function(
    "06.4",
    hinge_loss,
    expected=right,
    cases=[
        (np.array([2.0, 0.5, -1.0]), np.array([-2.0, 0.5])),
        (np.array([0.0]), np.array([0.0, -3.0, 3.0])),
        (np.array([4.0, 0.5]), np.array([-4.0, 0.0])),
    ],
    hints={
        (lambda real, fake: (1 - real).mean() + (1 + fake).mean()): "what is beyond the margin "
        "counts as well; np.maximum(0.0, ...) is missing.",
        (lambda real, fake: right(fake, real)): "real and generated images have changed places.",
        (lambda real, fake: right(real, np.array([-9.0]))): "only the real images count in it.",
        (lambda real, fake: right(np.array([9.0]), fake)): "only the generated images count in it.",
    },
    hint="Real logits are pushed above 1, generated ones below -1; each part is a mean of its own.",
    why="Logits beyond the margin add nothing: the discriminator spends itself on hard images.",
)

# %% [markdown]
# ### One step, by hand
#
# One training step is one update of the discriminator, on real *and* generated images, then one of
# the generator. Each update changes the trained weights of one network only: the gradient is taken for
# its variables, and nobody else's. Here is the generator's. The tape has to see all that lies between the
# generator's weights and the loss, and that includes the discriminator.


# %%
def update_generator(generator, discriminator, optimizer, latents):
    """One step of the optimizer for the generator's weights; returns its loss before the step."""
    with tf.GradientTape() as tape:
        fake = generator(latents, training=True)
        loss = gan_losses.hinge_generator_loss(discriminator(fake, training=True))
    variables = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


# %% [markdown]
# Two rules hold for both updates. Both networks are called with `training=True`, so that batch normalization
# uses the batch at hand. And the discriminator sees real and generated images in *separate* calls, so each kind
# is normalized by itself; in one call, every image's logit would depend on the mixture.
#
# ### Exercise 06.5: the discriminator's update (9 minutes)
#
# Write the other half of the step. `real` holds real images in [-1, 1], `latents` the latents of as many generated
# ones. `gan_losses.hinge_discriminator_loss(real_logits, fake_logits)` is the loss of exercise 06.4 for tensors. Return
# it. (The check runs your function on small networks of its own; those above stay as they are.)


# %% tags=["exercise"]
def update_discriminator(generator, discriminator, optimizer, real, latents):
    # -- stub --
    return ...
    # -- solution --
    fake = generator(latents, training=True)
    with tf.GradientTape() as tape:
        real_logits = discriminator(real, training=True)
        fake_logits = discriminator(fake, training=True)
        loss = gan_losses.hinge_discriminator_loss(real_logits, fake_logits)
    variables = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


# %% tags=["check"]
checks.check_update(
    "06.5",
    update_discriminator,
    trial.discriminator_update("hinge"),
    hint="Draw images, judge both kinds inside a tape, take the gradient for the discriminator's "
    "variables.",
    why="Only the discriminator's weights moved, by one step down the gradient of the whole loss. "
    "The generated images may be drawn outside the tape: no gradient for the generator is asked for.",
)

# %% [markdown]
# ### For a few batches
#
# `updates.update_discriminator` is the package's version of the exercise. `tf.function` turns the step into one
# graph, which runs faster than line by line.

# %%
adam = {"learning_rate": 2e-3, "beta_1": 0.5, "beta_2": 0.99}
for_discriminator = keras.optimizers.Adam(**adam)
for_generator = keras.optimizers.Adam(**adam)


@tf.function
def train_step(real):
    """Update the discriminator, then the generator; real is in [-1, 1]. Returns both losses."""
    latents, others = tf.unstack(tf.random.normal((2, tf.shape(real)[0], LATENT_SIZE)))
    loss_d = updates.update_discriminator(
        generator, discriminator, for_discriminator, real, latents
    )
    loss_g = update_generator(generator, discriminator, for_generator, others)
    return loss_d, loss_g


# %%
for step, real in enumerate(dataset.take(20), start=1):
    loss_d, loss_g = train_step(data.scale_pixels(real))
    if step in (1, 5, 10, 15, 20):
        print(f"step {step:2}: discriminator {float(loss_d):.2f}, generator {float(loss_g):+.2f}")

# %% [markdown]
# Expected: the discriminator's loss between 0 and 4, the generator's anywhere between 0 and 15. In these
# first steps both numbers swing: whoever moved last is ahead. (A discriminator that answers 0 to
# everything would have the losses $1 + 1 = 2$ and $0$. Even at step 1 the losses are not those: in training,
# batch normalization brings even tiny activations to spread 1, so the logits are no longer near 0; and the
# generator's loss is taken when the discriminator has already moved once.)
#
# ### With `fit`, for as long as it takes
#
# `GAN` makes two new networks (those trained by hand stay as they are), and its `fit` runs this step, with
# five differences:
# 1. the generator learns from the same images that the discriminator has just judged, which saves drawing a
#    second set;
# 2. the noise comes from a seed and the step's number, so a run can be repeated and resumed;
# 3. after each step the **average** of the generator's weights moves on, and `sample` uses it:
#    $\bar\theta \leftarrow \beta\,\bar\theta + (1 - \beta)\,\theta$, with the generator's weights $\theta$ and
#    $\beta = \frac{1 + t}{10 + t}$ after $t$ steps, but at most 0.998. That is about the mean over the last ninth of
#    the steps, and from step 4,500 on over the last 500;
# 4. it converts pixels from [0, 1] to [-1, 1] and back, and checks what you give it;
# 5. it is a Keras `fit`: progress bar, callbacks and history come with it.
#
# `LiveSamples` shows the images of 16 fixed latents while they become clothes. `StopOnNonFinite` stops if a
# loss is no longer a finite number, `TimeLimit` after so many seconds. The 938 batches come again and again,
# shuffled anew each time.

# %%
keras.utils.set_random_seed(SEED)
model = gan.GAN(latent_size=LATENT_SIZE, seed=SEED)
model.compile(loss="hinge")
live = live_samples.LiveSamples(every=max(1, NUM_STEPS // 10))
history = model.fit(
    dataset,
    steps_per_epoch=NUM_STEPS,
    callbacks=[live, training.StopOnNonFinite(), training.TimeLimit(SECONDS_AT_MOST)],
)

# %% [markdown]
# The two losses do not fall like those of a classifier. They measure each network against the
# *other*, which learns too: a falling generator's loss may only mean that the discriminator got
# worse. To see progress, look at the images, or measure them (section 6).
#
# Each point of the loss curves beside the images is the mean over the steps since the point before.
# Expected at the end: the discriminator's between 1.3 and 1.7, the generator's between 0.6 and 0.9. The
# progress bar shows the means over the whole run, also of the logits, which should have opposite signs:
# `real_logit` above 0, `fake_logit` below.

# %%
rows = live.frames[:: max(1, len(live.frames) // 5)]
plots.show_images(
    np.concatenate([frame[:12] for _, frame in rows]),
    f"Twelve latents after {', '.join(f'{step:,}' for step, _ in rows)} steps, one row each: from noise "
    "over blobs to clothes, most of them.",
    columns=12,
)

# %% [markdown]
# ## 4. Play (core, 5 minutes)
#
# `sample` draws new images; the same seed gives the same ones. `generate` is the function behind it:
# from latents to images, without any chance left.

# %%
plots.show_images(
    model.sample(48, seed=1), "Forty-eight images that the trained generator drew.", columns=12
)

# %% [markdown]
# The sliders below move all latents along those directions that change the picture most. Try one at
# a time: which one turns shoes into shirts? (Perhaps none does so alone.) Type into a number field if
# you prefer the keyboard.
# *Walk from one seed to another* blends two sets of images.

# %%
widgets.explore(model)

# %% [markdown]
# ### From one image to another: straight or round? (optional, 5 minutes)
#
# Halfway on the straight line between two latents lies their mean. It is short: the lengths of 16
# normal numbers crowd around $\sqrt{16} = 4$, and the mean of two independent latents has only about
# $4/\sqrt{2} \approx 2.8$. Only one latent in twenty is that short or shorter, so the generator has met few of them. Spherical interpolation (`latent_space.interpolate`) turns from one latent
# to the other and changes the length evenly.

# %%
start, end = np.random.default_rng(985).standard_normal((2, 1, LATENT_SIZE)).astype(np.float32)
positions = np.linspace(0, 1, 12)
straight = np.concatenate([(1 - t) * start + t * end for t in positions])
spherical = np.concatenate([latent_space.interpolate(start, end, t) for t in positions])
plots.curves(
    {
        "straight line": np.linalg.norm(straight, axis=1),
        "spherical": np.linalg.norm(spherical, axis=1),
    },
    "Length of the latent on the way: the straight line cuts through short latents, the spherical "
    "path does not.",
    "share of the way",
    "length of the latent",
    x=positions,
)

# %%
plots.show_images(
    model.generate(np.concatenate([straight, spherical])),
    "From one image to another. Top: straight line. Bottom: spherical.",
    columns=12,
)

# %% [markdown]
# The two rows look much alike: this generator forgives short latents. Look before you believe a rule, this
# one included.
#
# ### One coordinate has no meaning of its own (optional, 5 minutes)
#
# It is tempting to look for "the coordinate of the sleeves". Yet the normal distribution looks the same
# from all sides, so the latents single out no coordinate. The sliders above use other directions: those
# along which the pixels change most, found by derivatives at many latents and sorted: the first changes the
# picture most, the last least. Each coordinate is a mixture of all directions, so the coordinates' curve below
# should start lower, end higher and be flatter. (Derivatives describe tiny steps. The curves take steps of
# length 1, so they need not fall evenly.)

# %%
directions = latent_space.principal_directions(model, count=LATENT_SIZE)


def mean_change(vectors):
    """Mean change of the pixels, on a scale from 0 to 1, for a step of 1 along each vector."""
    base = np.random.default_rng(5).standard_normal((32, LATENT_SIZE)).astype(np.float32)
    before = model.generate(base)
    return np.array([np.abs(model.generate(base + v) - before).mean() for v in vectors])


along_directions = mean_change(directions)
along_coordinates = np.sort(mean_change(np.eye(LATENT_SIZE, dtype=np.float32)))[::-1]
plots.curves(
    {"principal directions": along_directions, "single coordinates": along_coordinates},
    "Change of the picture for a step of 1 along each direction: the first principal direction does "
    "more than any single coordinate.",
    "direction, by rank",
    "mean change of a pixel",
)
print(
    f"first principal direction / best single coordinate: "
    f"{along_directions[0] / along_coordinates[0]:.1f} (expected: 1.2 to 2)"
)

# %% [markdown]
# ## 5. Is it copying? (core, 6 minutes)
#
# A generator that replayed training images would look perfect and be worthless. So we search, for each
# generated image, the nearest of all 60,000 training images, with two rulers. The first is the distance
# between the *pixels*. For the second, a classifier that was trained beforehand, and whose weights no longer
# change (it is *frozen*), turns every image into 64 numbers, its *features*, in which similar clothes lie close
# together.

# %%
num_shown, num_queries = 12, 100
generated = model.sample(num_queries, seed=3)
originals = images[:num_queries] / np.float32(255)
queries = {
    "generated images": generated,
    "real test images": test_images[:num_queries] / np.float32(255),
    "training images moved by a pixel": np.roll(originals, 1, axis=2),
}
searched = np.concatenate(list(queries.values()))
nearest = {
    "pixels": metrics.nearest_neighbors(searched, images),
    "features": metrics.nearest_neighbors(
        metrics.image_features(searched), metrics.image_features(images)
    ),
}
rows = [images[found.indices[:num_shown]] / np.float32(255) for found in nearest.values()]
plots.show_images(
    np.concatenate([generated[:num_shown], *rows]),
    "Top: generated images. Below each, the training image that is nearest in pixels, then the one that is "
    "nearest in features.",
    columns=num_shown,
)

# %% [markdown]
# Mostly the same kind of clothing, and no twins, as far as the eye can tell. And the distances? A distance means
# nothing by itself: how near is near? So we searched the nearest neighbors of real *test* images too, which are
# no copies, and of copies: training images that we moved by one pixel.

# %%
for ruler, found in nearest.items():
    print(f"distance to the nearest training image, in {ruler}:")
    for kind, distances in zip(queries, np.split(found.distances, len(queries)), strict=True):
        print(f"   {kind:33} smallest {distances.min():.2f}, median {np.median(distances):.2f}")

# %% [markdown]
# Exact copies would have the distance 0, and what is nearly a copy would lie *nearer* to the training set than
# real test images do. Expected: the generated images lie farther away, the smallest distance and the median, in
# pixels and in features. So we see no sign of copying here. That is no proof. A broken image is far from
# everything. And neither ruler finds a copy that was moved by a single pixel: in the last line of each block such
# copies lie as far from the training set as test images do, or farther. (Whoever suspects them moves each image
# back before the search, as lesson 01 does.)
#
# ## 6. How good is it? (core, 15 minutes)
#
# The **Fréchet distance** compares two *sets* of images; here the second set is always the 10,000 test
# images. The frozen classifier turns every image into its 64 features, and each set is summarized by
# their mean and their covariance (how they vary together). The distance between the two summaries is 0
# if they agree. (Lesson 14 tells the full story.)
#
# Papers report the *Fréchet inception distance*, FID: the same formula (Heusel et al. 2017), but with the 2,048 features
# of Inception-v3, a network trained on the photographs of ImageNet, and mostly from 50,000 images. Another
# classifier gives other numbers, so ours and a paper's FID cannot be compared.

# %%
drawn = model.sample(NUM_MEASURED, seed=2)
print("after the training above:", metrics.frechet_distance(drawn))

# %% [markdown]
# Expected, with 10,000 samples; we measured each range over three seeds and rounded it outwards:
#
# | step | 0 | 250 | 500 | 1,000 | 2,000 | 3,000 |
# |---|---|---|---|---|---|---|
# | Fréchet distance | above 80 | 17 to 21 | 10 to 13 | 6 to 8 | 3.5 to 4.5 | 2.5 to 3.5 |
#
# To read such a number, put it beside a floor, a network of the same design that trained almost seven times as
# long and ships with the course, and a poor model for scale. Expected: 0.06, about 1.1, and 91.

# %%
longer = pretrained.load("gan_fashion")
longer_drawn = longer.sample(NUM_MEASURED, seed=2)
mean_image = (images.mean(axis=0) / 255.0).astype(np.float32)
for name, others in {
    "floor: real training images  ": images[:NUM_MEASURED],
    "after 20,000 training steps  ": longer_drawn,
    "for scale: one mean image    ": np.broadcast_to(mean_image, (NUM_MEASURED, 28, 28, 1)),
}.items():
    print(f"{name} {float(metrics.frechet_distance(others)):8.2f}")
plots.show_images(
    longer_drawn[:48], "Forty-eight images of the network that trained longer.", columns=12
)

# %% [markdown]
# Compare with the simplest generators of [lesson 01](01_images_as_data.ipynb), measured in the same way:
# independent pixels 58 to 60, a Gaussian along 20 principal axes 20 to 22, copies in disguise (training images moved
# by a pixel at most, with a little noise) 1.2 to 1.3. Our network passes the Gaussian after about 250 steps. Yet mere copies
# score nearly as well as our longest training: a good distance does not show that a model makes anything
# new.
#
# One warning more. The distance depends on how many images you draw, since a covariance from few images is a bad
# estimate. Even *real* images seem worse when there are few of them. Expected: from about 4 down to 0.06.

# %%
for count in (100, 300, 1000, 3000, 10_000):
    result = metrics.frechet_distance(images[:count])
    print(f"{count:>6,} real training images: {float(result):6.2f}")

# %% [markdown]
# A hundred *real* images score worse than 10,000 that our network drew: the distance of a small set
# is biased upwards. Compare two models with the same number of images, and always say how many there
# were.
#
# ### Every kind of clothing?
#
# A generator may draw a few kinds of images well, and no others: **mode collapse**. Its loss asks for images that
# the discriminator takes for real, and no term in it asks for variety. No single image gives a collapse away, and the
# losses need not either. So count: the frozen classifier names the kind that it sees in each image, in ours and, for
# comparison, in the real test images, a tenth of which are of each kind.

# %%
sets = {"test": test_images, "ours": drawn, "20,000 steps": longer_drawn}
shares = {
    name: 100 * np.bincount(metrics.predicted_labels(of), minlength=10) / len(of)
    for name, of in sets.items()
}
print(f"{'percent of':11}", *(f"{name:>13}" for name in shares))
for label, kind in enumerate(data.class_names("fashion_mnist")):
    print(f"{kind:11}", *(f"{one[label]:13.1f}" for one in shares.values()))

# %% [markdown]
# Expected: 9.7 to 10.4 percent of each kind in the test images, 7 to 13 in ours (three seeds), 8.6 to 10.8 after 20,000
# steps (one training). So no kind is missing. But the classifier gives every image a kind, broken ones too, and a
# generator that repeated ten images, one of each kind, would pass.
#
# ### Exercise 06.6: read two runs (6 minutes)
#
# Two students trained the same networks for one epoch, 938 steps of 64 images, from the same seed, with the
# settings of section 3. Their scripts differ in one line. Here are the losses, as means over 67 steps, and the first
# 24 images that each generator drew in the end.

# %%
runs = data.load_measurements("gan_two_runs")
charts = [
    plots.curves_figure(
        {
            "discriminator": runs[f"{run}_discriminator_loss"],
            "generator": runs[f"{run}_generator_loss"],
        },
        f"Losses of run {run.upper()}.",
        "step",
        "loss",
        x=runs["steps"],
        size=(4.2, 3.0),
        ylim=(0.0, 2.5),
    )
    for run in ("a", "b")
]
plots.beside_figure(
    charts,
    "Left, run A: after the first point the discriminator's loss lies between 1.3 and 1.9, the generator's "
    "between 0.6 and 1.2. Right, run B: between 1.5 and 1.8, and between 0.6 and 1.0.",
)

# %%
for run in ("a", "b"):
    plots.show_images(
        runs[f"{run}_samples"], f"Run {run.upper()}: what it drew after 938 steps.", columns=12
    )

# %% [markdown]
# Which run would you keep, and why? (`metrics.predicted_labels(runs["a_samples"])` counts for you, if you do not
# trust your eyes.)
#
# - a: Run A. Its images are the sharper ones, and sharpness is what a discriminator learns to ask for.
# - b: Either. Both games have come to rest, with losses that are nearly the same, so both generators are
#   equally good.
# - c: Run B. Run A's generator draws few kinds of clothing, although neither its losses nor its single images
#   look worse.
# - d: Neither. The losses have hardly fallen for 800 steps, so neither generator has learned anything since; the
#   learning rate is too small.

# %% tags=["exercise"]
# -- stub --
answer_6 = ...
# -- solution --
answer_6 = "c"

# %% tags=["check"]
top_three = np.sort(runs["a_kinds"])[-3:].sum() / runs["a_kinds"].sum()
checks.check_choice(
    "06.6",
    answer_6,
    "c",
    options="abcd",
    hints={
        "a": "look at all 24 images of run A together: what is missing?",
        "b": "the losses measure each network against the other, and say nothing about what is drawn. "
        "Look at all 24 images of run A together.",
        "d": "in a game a loss need not fall while both players learn: each gets better against a "
        "better opponent.",
    },
    why=f"Of 10,000 images of run A {top_three:.0%} are taken for three kinds; the Fréchet distances are "
    f"{runs['a_distance']:.0f} and {runs['b_distance']:.1f}. Run A's images came sorted by kind, through "
    "a shuffle buffer of 10,000. The discriminator forgot what it had not seen for a while, and the "
    "generator followed. (One run of each: what you see is this pair.)",
)

# %% [markdown]
# ## Recap
#
# - A generator turns 16 random numbers into an image; a discriminator turns an image into one logit;
#   both are a handful of convolutions.
# - The hinge loss stops pushing where the discriminator is already right by a margin.
# - A training step is two updates, and each changes one network's weights.
# - Losses in a game do not measure quality. Samples of fixed latents and the Fréchet distance do,
#   each in its own way, and neither shows copying: for that, search the nearest neighbors. To find a collapse,
#   count the kinds.
#
# **Try next** Double `NUM_STEPS`. Then set the loss to `"non_saturating"`: does the distance change?
# By more than it changes with another `SEED`?
#
# **Solutions** are in [the solved twin](solutions/06_gan_on_images.ipynb).
#
# **Sources**
# - I. Goodfellow et al., *Generative Adversarial Networks*, 2014, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661).
# - A. Radford et al., *Unsupervised Representation Learning with Deep Convolutional Generative
#   Adversarial Networks*, 2016, [arXiv:1511.06434](https://arxiv.org/abs/1511.06434).
# - S. Ioffe and C. Szegedy, *Batch Normalization*, 2015, [arXiv:1502.03167](https://arxiv.org/abs/1502.03167).
# - A. Odena et al., *Deconvolution and Checkerboard Artifacts*, Distill 2016,
#   [doi:10.23915/distill.00003](https://doi.org/10.23915/distill.00003).
# - J. H. Lim and J. C. Ye, *Geometric GAN*, 2017, [arXiv:1705.02894](https://arxiv.org/abs/1705.02894):
#   the hinge loss.
# - M. Heusel et al., *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
#   Equilibrium*, 2017, [arXiv:1706.08500](https://arxiv.org/abs/1706.08500): the Fréchet distance.
# - Y. Yazıcı et al., *The Unusual Effectiveness of Averaging in GAN Training*, 2019,
#   [arXiv:1806.04498](https://arxiv.org/abs/1806.04498).
# - H. Xiao et al., *Fashion-MNIST*, 2017, [arXiv:1708.07747](https://arxiv.org/abs/1708.07747).
