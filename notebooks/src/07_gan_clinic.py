# %% [markdown]
# # 07 · The GAN clinic
#
# **After this lesson you can**
# - find twenty faults that GAN scripts on the web have, each by a test of one line, and repair them;
# - say which faults stop a script, which change what it computes, and which only hide how good it is;
# - write every piece of a working script yourself, and follow the training of the whole;
# - order the right tests for a sick training, and name its disease from what they show;
# - look up what is true where articles on image generation go wrong.
#
# **You need** the game of the two networks (lesson 05) and convolutional networks (lesson 06).
#
# **Time** 100 minutes: 90 for the core sections, 10 for the optional one. All cells together run for
# one to two minutes on two CPU cores; most of that is the training in section 5.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf
from scipy import fft, ndimage

from course_utils import checks, data, metrics, plots
from course_utils.lessons.gan_clinic import (
    dirac_game,
    mistakes,
    mistakes_training,
    repairs,
    repairs_training,
    repeating,
    script,
    triage,
)
from course_utils.models import gan_losses, networks, pretrained, trial, updates

# %% tags=["parameters"]
SEED = 0
LATENT_SIZE = 16
BATCH_SIZE = 64
NUM_STEPS = 1500  # test: 12
NUM_MEASURED = 10_000  # test: 300

# %%
images, labels = data.load_images("fashion_mnist", split="train")
test_images, _ = data.load_images("fashion_mnist", split="test")
print("training:", images.shape, images.dtype, " test:", test_images.shape)


# %% [markdown]
# ## 1. The script (core, 2 minutes)
#
# You have found it in an article: "a GAN in fifty lines". (We wrote it for this lesson, but it could have been one.)
# Read it once, and note what you would change.

# %% tags=["check-output"]
print(script.SCRIPT)

# %% [markdown]
# It has twenty faults. We call them *patients*, and treat one after the other, in the order in which they make
# trouble: first what does not run, or not on images, then what runs and computes something else, last what trains without
# anybody knowing how well. Each patient has four parts:
# - **Symptom**: what you would see.
# - **Test**: *one* line that shows the fault, with a few to prepare it. In your own scripts, write it first.
# - **Diagnosis**: why it happens.
# - **Cure**: a function that you write. The check runs it, and judges what it does, not how it looks.
#
# Later cells use the course's own cures, so you may leave a patient out.

# %% [markdown]
# ## 2. Ward 1: it does not run, or not on images (core, 22 minutes)
#
# ### Patient 1: names that nobody defined
#
# **Symptom.** `script.first_error` runs a script, and says where it stops:

# %% tags=["check-output"]
print(script.first_error(script.SCRIPT))

# %% [markdown]
# **Test.** Compare the names that are used with those that are defined, without running anything:

# %% tags=["check-output"]
print(script.undefined_names(script.SCRIPT))

# %% [markdown]
# Expected: line 30, and eight names, NumPy's `np` and seven sizes.
#
# **Diagnosis.** Python looks a name up when its line *runs*, so a run shows one missing name: eight runs for eight
# names, unless a tool reads the text. `ruff check gan.py` does (its rule F821).
#
# ### Exercise 07.1: the missing names (2 minutes)
#
# Return a dictionary with a value for each of the eight, `{"np": np, "height": ...}`, that fits Fashion-MNIST.


# %% tags=["exercise"]
def missing_names():
    # -- stub --
    return ...
    # -- solution --
    names = {"np": np, "num_images": 60_000, "height": 28, "width": 28, "channels": 1}
    return names | {"batch_size": BATCH_SIZE, "latent_size": LATENT_SIZE, "num_epochs": 10}


# %% tags=["check"]
checks.check_design(
    "07.1",
    missing_names,
    repairs.missing_names_fault,
    why="The check has run the script's definitions with your values. Its loop is another matter.",
)

# %% [markdown]
# ### Patient 2: networks without layers
#
# **Symptom.** "Your layers here", says the article. Without them, the first call fails:

# %%
sick_generator = keras.Sequential()  # your layers here
try:
    sick_generator(tf.zeros((2, LATENT_SIZE)))
except ValueError as error:
    print(error)

# %% [markdown]
# **Test.** How many arrays of weights can it learn?

# %% tags=["check-output"]
print(len(sick_generator.trainable_variables))

# %% [markdown]
# Expected: 0. **Diagnosis.** The layers *are* the model. The error is luck: an optimizer of Keras 3 that gets an empty
# list of weights does nothing, and says nothing (patient 13 will meet that). So count the weights before you train.
#
# ### Exercise 07.2: two networks (4 minutes)
#
# Build both, as `keras.Sequential` with a `keras.Input` or otherwise: a generator from 16 latents to images
# (28, 28, 1) with values in [-1, 1], and a discriminator, with at least one convolution, from such images to *one*
# logit each. Small ones will do.


# %% tags=["exercise"]
def build_networks():
    # -- stub --
    return ...
    # -- solution --
    layers = keras.layers
    generator = [keras.Input((16,)), layers.Dense(7 * 7 * 16), layers.Reshape((7, 7, 16))]
    for channels in (8, 4):
        generator += [layers.BatchNormalization(), layers.ReLU()]
        generator += [layers.Conv2DTranspose(channels, 4, strides=2, padding="same")]
    generator += [layers.Conv2D(1, 3, padding="same", activation="tanh")]
    discriminator = [keras.Input((28, 28, 1))]
    for channels in (8, 16):
        discriminator += [layers.Conv2D(channels, 4, strides=2, padding="same")]
        discriminator += [layers.LeakyReLU(0.2)]
    discriminator += [layers.Flatten(), layers.Dense(1)]
    return keras.Sequential(generator), keras.Sequential(discriminator)


# %% tags=["check"]
checks.check_design(
    "07.2",
    build_networks,
    repairs.networks_fault,
    why="Tanh keeps the images in the range of the real ones; a logit needs no last activation.",
)

# %% [markdown]
# ### Patient 3: real images that are noise
#
# **Symptom.** None, until somebody looks. Top: what `load_real_images` returns. Bottom: Fashion-MNIST.

# %%
sick_images = np.random.default_rng(SEED).normal(size=(12, 28, 28, 1))
plots.show_images(
    np.concatenate([np.clip(sick_images, 0, 1), images[:12] / 255]),
    "Top: twelve “real” images of the script, black, gray and white pixels at random. Bottom: twelve images of Fashion-MNIST.",
    columns=12,
)

# %% [markdown]
# **Test.** In a picture, neighboring pixels are alike. Correlate each pixel with its right neighbor:

# %% tags=["check-output"]
for name, some in {"script": sick_images, "Fashion-MNIST": images[:1000]}.items():
    print(f"{name:14} {np.corrcoef(some[:, :, :-1].ravel(), some[:, :, 1:].ravel())[0, 1]:.2f}")

# %% [markdown]
# Expected: within 0.05 of 0, against 0.85. **Diagnosis.** A placeholder stayed in. All else would work: a GAN learns
# to draw what it is shown, so a perfect one would draw perfect noise here, with losses like those of any other GAN.
#
# ### Exercise 07.3: real images (1 minute)
#
# Return training images of Fashion-MNIST, 64 or more, in any range of pixels. (`data.load_images` is in the setup.)


# %% tags=["exercise"]
def load_real_images():
    # -- stub --
    return ...
    # -- solution --
    loaded, _ = data.load_images("fashion_mnist", split="train")
    return loaded


# %% tags=["check"]
checks.check_design(
    "07.3",
    load_real_images,
    repairs.real_images_fault,
    why="Sixty-four of them were found among the 60,000 training images.",
)

# %% [markdown]
# ### Patient 4: a reshape that no array can do
#
# **Symptom.** `script.cured(3)` is the script with our cures of patients 1 to 3 (the same sizes, but 1,000 images).

# %% tags=["check-output"]
print(script.first_error(script.cured(3)))

# %% [markdown]
# **Test.** Count the numbers that there are, and the places for them:

# %% tags=["check-output"]
print(f"{64 * 16:,} numbers, {64 * 16 * 28 * 28:,} places")

# %% [markdown]
# Expected: 1,024 and 802,816. **Diagnosis.** A reshape makes no numbers: the product of the sides has to stay. Behind it is a confusion. The
# author thinks that noise for images must look like an image. A latent is a plain list of 16 numbers; making 28 x 28
# pixels of them is the generator's task.
#
# ### Exercise 07.4: draw latents (1 minute)
#
# Return `count` latents, shape (count, 16): standard normal numbers, new ones at each call.


# %% tags=["exercise"]
def draw_latents(count):
    # -- stub --
    return ...
    # -- solution --
    return tf.random.normal((count, 16))


# %% tags=["check"]
checks.check_design(
    "07.4",
    draw_latents,
    repairs.latents_fault,
    why="The generator has to meet new latents all the time, or it learns a few images by heart.",
)

# %% [markdown]
# ### Patient 5: channels first
#
# **Symptom.** After four cures the first batch is put together, and its two halves do not fit:

# %%
print(script.first_error(script.cured(4)))

# %% [markdown]
# Expected: the shapes [64,1,28,28] and [64,28,28,1]. **Test.** Let a fresh layer tell how many channels it sees:

# %% tags=["check-output"]
layer = keras.layers.Conv2D(4, 3, padding="same")
layer(tf.zeros((64, 1, 28, 28)))
print(layer.kernel.shape)

# %% [markdown]
# Expected: (3, 3, 28, 4), a window over *28* channels. **Diagnosis.** PyTorch has the channels first, (n, c, h, w);
# Keras and our data have them last, (n, h, w, c). A layer that is built by its first input takes the width for
# the channels, without a word. A `reshape` to the right shape silences all errors too, and scrambles color images:

# %%
shirt = images[1] / 255 * np.array([1.0, 0.6, 0.1])  # an orange shirt, channels last
channels_first = np.moveaxis(shirt, -1, 0)
plots.show_images(
    np.stack([np.moveaxis(channels_first, 0, -1), channels_first.reshape(28, 28, 3)]),
    "Back from channels first. Left, by moving the axis: an orange shirt. Right, by a reshape: nine small "
    "gray shirts with colored edges in three rows, each row darker than the one above.",
    scale=6,
)

# %% [markdown]
# ### Exercise 07.5: channels last (2 minutes)
#
# Turn images (n, c, h, w) into (n, h, w, c), with each pixel in its place.


# %% tags=["exercise"]
def to_channels_last(images):
    # -- stub --
    return ...
    # -- solution --
    return np.moveaxis(images, 1, -1)


# %% tags=["check"]
checks.check_function(
    "07.5",
    to_channels_last,
    expected=lambda images: images.transpose(0, 2, 3, 1),
    cases=mistakes.TO_CHANNELS_LAST_CASES,
    hints=mistakes.TO_CHANNELS_LAST,
    why="With one channel a reshape gives the same, so gray images never show the mistake.",
)

# %% [markdown]
# ### Patient 6: a gradient without a tape
#
# **Symptom.**

# %% tags=["check-output"]
print(script.first_error(script.cured(5)))

# %% [markdown]
# Expected: line 46, no attribute `minimize`. **Test.** The method is gone in Keras 3. But would any optimizer know what to do with a finished number? Ask a
# tape that begins *after* the loss was computed:

# %% tags=["check-output"]
network = networks.dense_discriminator(widths=())
loss = tf.reduce_mean(network(tf.ones((4, 2))))
with tf.GradientTape() as tape:
    pass
print(tape.gradient(loss, network.trainable_variables))

# %% [markdown]
# Expected: [None, None], one for each array of weights. **Diagnosis.** A loss that has been computed is a number, and
# a number does not know where it came from. A gradient needs the computation, so the tape has to watch it from the
# weights to the loss.
#
# ### Exercise 07.6: descend (3 minutes)
#
# `loss_function()` computes a loss. Make one step of `optimizer` down this loss for the weights of `network`, and for
# no others. Return the loss.


# %% tags=["exercise"]
def descend(network, loss_function, optimizer):
    # -- stub --
    return ...
    # -- solution --
    with tf.GradientTape() as tape:
        loss = loss_function()
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% tags=["check"]
checks.check_update(
    "07.6",
    descend,
    repairs.try_descend,
    hint="Call loss_function inside a tape; apply its gradient for network.trainable_variables.",
    why="A second network lay between yours and the loss, and stayed as it was.",
)

# %% [markdown]
# ### Patient 7: one Adam for two networks
#
# **Symptom.** (Our cure put the two steps into a function; `print(script.cured(6))` shows it.) The first step, of the
# discriminator, works. The second does not:

# %%
print(script.first_error(script.cured(6)))

# %% [markdown]
# Expected: an unknown variable. Adam keeps two averages for each weight of the network that it met first, and knows no
# others. Build it for *all* weights, and it runs. Is that a cure? **Test.** Read its counter after one step of each:

# %% tags=["check-output"]
first, second = keras.Variable(0.0), keras.Variable(0.0)  # the weights of two networks
shared = keras.optimizers.Adam(learning_rate=0.001)
shared.build([first, second])
for weight in (first, second):
    shared.apply([tf.constant(1.0)], [weight])
print("steps:", int(shared.iterations))
print(f"moved: {-1000 * float(first.value):.3f} and {-1000 * float(second.value):.3f} thousandths")
print(f"formula for the second: {np.sqrt(1 + 0.999) / (1 + 0.9):.3f}")

# %% [markdown]
# Expected: 2 steps, though each network made one; 1.000 and 0.744. **Diagnosis.** Adam divides its averages by
# $1-\beta^t$, where $t$ counts the steps. After the *first* step of a weight with the gradient $g$ they are
# $(1-\beta_1)\,g$ and $(1-\beta_2)\,g^2$. With the right $t = 1$ the step is $\eta\, g/\lvert g\rvert$. The shared
# counter says $t = 2$:
#
# $$\eta\;\frac{(1-\beta_1)\,g}{1-\beta_1^2}\bigg/\sqrt{\frac{(1-\beta_2)\,g^2}{1-\beta_2^2}}
#   = \eta\,\frac{\sqrt{1+\beta_2}}{1+\beta_1}\,\frac{g}{\lvert g\rvert} \approx 0.744\,\eta\,\frac{g}{\lvert g\rvert}.$$
#
# ### Exercise 07.7: one optimizer each (1 minute)
#
# Return two optimizers, one for each network. Kind and learning rate are up to you.


# %% tags=["exercise"]
def make_optimizers():
    # -- stub --
    return ...
    # -- solution --
    return keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3)


# %% tags=["check"]
checks.check_design(
    "07.7",
    make_optimizers,
    repairs.optimizers_fault,
    why="Two memories, two counters, and two learning rates to choose.",
)

# %% [markdown]
# ## 3. Ward 2: it runs, and computes something else (core, 23 minutes)
#
# Seven cures, and the script runs to its end:

# %% tags=["check-output"]
print(script.first_error(script.cured(7)))

# %% [markdown]
# From here on, no error will help.
#
# ### Patient 8: a name that lies
#
# **Symptom.** Somebody watches `real_loss` and cannot make sense of it. These are the script's lines, for 4 real
# images and 4 generated ones, with the **test**, a shape, before and after:

# %% tags=["check-output"]
judge = networks.discriminator(batch_norm=False)
bce = keras.losses.BinaryCrossentropy(from_logits=True)
both = tf.sigmoid(judge(tf.concat([images[:4] / 127.5 - 1, tf.zeros((4, 28, 28, 1))], axis=0)))
real_loss, fake_loss = both[:4], both[4:]
print("before:", real_loss.shape, fake_loss.shape)
real_loss = bce(tf.ones_like(real_loss), real_loss)
print("after: ", real_loss.shape)

# %% [markdown]
# Expected: (4, 1) twice, then (). **Diagnosis.** The name meant four judgments at first, then one loss. The judgments are
# gone, `fake_loss` still means judgments, and the next line takes the loss for a judgment: patient 9. Name a thing
# after what it is, once: `real_logits`, `fake_logits`, `loss`.
#
# ### Exercise 07.8: judge both (2 minutes)
#
# Return `real_logits, fake_logits`: the discriminator's logits, one for each image of `real` and of `fake`. There may be
# more of one kind than of the other.


# %% tags=["exercise"]
def judge_both(discriminator, real, fake):
    # -- stub --
    return ...
    # -- solution --
    real_logits = discriminator(real, training=True)
    fake_logits = discriminator(fake, training=True)
    return real_logits, fake_logits


# %% tags=["check"]
checks.check_design(
    "07.8",
    judge_both,
    repairs.judgments_fault,
    why="Each name keeps one meaning. (Why two calls, and why training=True, patient 17 shows.)",
)

# %% [markdown]
# ### Patient 9: the loss of a loss
#
# **Symptom.** The script goes on with `d_loss = bce([1.0], [real_loss])`. (Keras wants an axis, hence the brackets.)
# Four logits of real images may follow this loss downhill; $D$ should become 1:

# %% tags=["check-output"]
logits = tf.Variable(tf.zeros((4, 1)))
for step in range(101):
    with tf.GradientTape() as tape:
        d_loss = bce([1.0], [bce(tf.ones((4, 1)), logits)])
    gradient = tape.gradient(d_loss, logits)
    if step % 50 == 0:
        print(f"step {step:3}: loss {d_loss:.3f}, D {tf.sigmoid(logits)[0, 0]:.3f}")
    logits.assign_sub(4.0 * gradient)

# %% [markdown]
# Expected: the loss falls from 0.405 to 0.011, and $D$ from 0.5 to 0.011. The discriminator learns to call real images
# *generated*. **Test.** The slope of the loss at logit 0, for one image, beside that of the cross-entropy taken once:

# %% tags=["check-output"]
logit = tf.Variable([[0.0]])
with tf.GradientTape(persistent=True) as tape:
    once = bce(tf.ones((1, 1)), logit)
    twice = bce([1.0], [once])
print(f"twice {tape.gradient(twice, logit)[0, 0]:+.3f}")
print(f"once  {tape.gradient(once, logit)[0, 0]:+.3f}")

# %% [markdown]
# **Diagnosis.** With target 1 the cross-entropy is $f(\ell) = \log(1 + e^{-\ell}) = -\log D$. It falls:
# $f'(\ell) = -\sigma(-\ell) = -(1 - D)$, at logit 0 $-\tfrac12$. Applied twice, two minus signs make a plus:
#
# $$\frac{d}{d\ell} f(f(\ell)) = f'(f(\ell))\, f'(\ell) = \sigma(\log D)\,(1 - D) = \frac{D}{1 + D}\,(1 - D) > 0.$$
#
# At logit 0 that is $\tfrac13 \cdot \tfrac12 = 0.167$, as printed.
#
# ### Exercise 07.9: once (2 minutes)
#
# Write the discriminator's loss of real images, from their logits (n, 1): the mean cross-entropy with target 1, right at
# logits of ±100, too.


# %% tags=["exercise"]
def loss_of_real(real_logits):
    # -- stub --
    return ...
    # -- solution --
    return keras.losses.BinaryCrossentropy(from_logits=True)(tf.ones_like(real_logits), real_logits)


# %% tags=["check"]
checks.check_function(
    "07.9",
    loss_of_real,
    expected=lambda logits: np.logaddexp(0, -logits).mean(),
    cases=mistakes.REAL_LOSS_CASES,
    hints=mistakes.REAL_LOSS,
    why="Its slope for each logit is -(1 - D) / n, below 0: real images are pushed up.",
)

# %% [markdown]
# ### Patient 10: a discriminator that never sees a generated image
#
# **Symptom.** The script's `d_loss` has real images only. Train a discriminator so, for 20 steps:

# %%
keras.utils.set_random_seed(SEED)
naive = networks.discriminator(batch_norm=False)
adam = keras.optimizers.Adam(0.001)
for real in data.make_dataset(images, batch_size=BATCH_SIZE, seed=SEED).take(20):
    real = data.scale_pixels(real)
    with tf.GradientTape() as tape:
        loss = bce(tf.ones((BATCH_SIZE, 1)), naive(real))
    adam.apply(tape.gradient(loss, naive.trainable_variables), naive.trainable_variables)
fake = networks.generator()(tf.random.normal((BATCH_SIZE, LATENT_SIZE)))
for name, some in {"real": real, "generated": fake, "negatives of real": -real}.items():
    print(f"D on {name:18} {tf.reduce_mean(tf.sigmoid(naive(some))):.2f}")

# %% [markdown]
# Expected: 0.99 or more on real images, 0.7 or more on the others. To this discriminator, everything is real.
#
# **Test.** Ask how the loss changes with the generated images:

# %% tags=["check-output"]
with tf.GradientTape() as tape:
    tape.watch(fake)
    real_loss_alone = bce(tf.ones((BATCH_SIZE, 1)), naive(real))
print(tape.gradient(real_loss_alone, fake))

# %% [markdown]
# Expected: None. **Diagnosis.** A constant logit $c$ costs $\log(1 + e^{-c})$, which goes to 0 as $c$ grows: the best
# answer needs no look at the image. With generated images it costs $\log(1 + e^{-c}) + \log(1 + e^{c}) \ge \log 4$,
# and whoever wants less has to look.
#
# ### Exercise 07.10: the discriminator's update (3 minutes)
#
# Write the update with both kinds, `real` and as many generated ones, made from `latents`. The loss is
# `gan_losses.minimax_discriminator_loss(real_logits, fake_logits)`. Call both networks with `training=True`, the
# discriminator once for each kind. Return the loss.


# %% tags=["exercise"]
def update_discriminator(generator, discriminator, optimizer, real, latents):
    # -- stub --
    return ...
    # -- solution --
    fake = generator(latents, training=True)
    with tf.GradientTape() as tape:
        real_logits = discriminator(real, training=True)
        fake_logits = discriminator(fake, training=True)
        loss = gan_losses.minimax_discriminator_loss(real_logits, fake_logits)
    weights = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% tags=["check"]
checks.check_update(
    "07.10",
    update_discriminator,
    trial.discriminator_update("non_saturating"),
    hint="Generate images, judge both kinds inside a tape, descend for the discriminator's weights.",
    why="Both kinds count now: the loss falls only if the two are told apart.",
)

# %% [markdown]
# ### Patient 11: a double negation
#
# **Symptom.** The script's `generator_loss` is `bce(tf.zeros_like(fake), 1 - fake)`, and `bce` takes what it gets for
# logits. In the discriminator's loss, where articles have the same line: the loss for generated images falls, and ever more
# of them are taken for real.

# %% tags=["check-output"]
bce = keras.losses.BinaryCrossentropy(from_logits=True)


def slope(loss, logits):
    """The derivative of the loss of each logit, one image each, by that logit."""
    column = tf.constant([[logit] for logit in logits])
    with tf.GradientTape() as tape:
        tape.watch(column)
        value = loss(column) * len(logits)  # a sum, where the loss is a mean
    return tape.gradient(value, column).numpy()[:, 0]


def double_negation(fake_logits):
    return bce(tf.zeros_like(fake_logits), 1 - fake_logits)


print("at logits -5 and 5:", slope(double_negation, [-5.0, 5.0]).round(3))

# %% [markdown]
# Expected: -0.998 and -0.018. **Test.** An image that is found out has to cost less than one that passes for real:

# %% tags=["check-output"]
print([round(float(double_negation(tf.constant([[logit]]))), 2) for logit in (-5.0, 5.0)])

# %% [markdown]
# Expected: 6.0 and 0.02, the wrong way round. **Diagnosis.** The target 0 negates once, `1 -` a second time. For a *probability* $D$ the two cancel to
# $-\log(1-(1-D)) = -\log D$. For a *logit* $\ell$ they do not even cancel, since the logit of $1 - D$ is $-\ell$
# ($1-\sigma(\ell)=\sigma(-\ell)$), not $1-\ell$. What is minimized is
#
# $$-\log\big(1-\sigma(1-\ell)\big) = \log\big(1+e^{1-\ell}\big), \qquad
# \text{with the derivative } -\sigma(1-\ell) < 0,$$
#
# that is $-\sigma(6)$ and $-\sigma(-4)$ above: each step *raises* the logit. In the generator's loss that is the right
# direction, by luck. In the discriminator's it is the wrong one.
#
# ### Exercise 07.11: what a generated image costs (2 minutes)
#
# Write the discriminator's loss for generated images, $-\mathbb{E}\log(1-\sigma(\ell))$, with one negation. It has to be
# right at logits of ±100, too.


# %% tags=["exercise"]
def fake_loss(fake_logits):
    # -- stub --
    return ...
    # -- solution --
    return bce(tf.zeros_like(fake_logits), fake_logits)


# %% tags=["check"]
checks.check_function(
    "07.11",
    fake_loss,
    expected=lambda fake: tf.reduce_mean(tf.math.softplus(fake)),
    cases=mistakes_training.LOGIT_CASES,
    hints=mistakes_training.FAKE_LOSS,
    hint="The target is 0, and the logits stay as they are.",
    why="-log(1 - D) = log(1 + exp(logit)); its derivative, D, is positive: each step lowers the logit.",
)

# %% [markdown]
# ### Patient 12: one sigmoid too many, or too early
#
# **Symptom.** However good the discriminator, its loss stays above 1. `judge` ends in a sigmoid, and `bce`, told
# `from_logits=True`, applies another.


# %% tags=["check-output"]
def two_sigmoids(logits):
    return bce(tf.zeros_like(logits), tf.sigmoid(logits))


def early_sigmoid(logits):
    return keras.losses.BinaryCrossentropy()(tf.zeros_like(logits), tf.sigmoid(logits))


sure = tf.constant([[50.0]])
best = bce(tf.ones_like(sure), tf.sigmoid(sure)) + two_sigmoids(-sure)
print(f"two sigmoids, each image judged right: loss {float(best):.3f}")

# %% [markdown]
# Expected: $\log(1+e^{-1}) + \log 2 = 1.006$. **Test.** A generated image with a logit $\ell$ should have the slope
# $\sigma(\ell)$, here 0, 0.5 and 1:

# %% tags=["check-output"]
for loss in (two_sigmoids, early_sigmoid, lambda logits: bce(tf.zeros_like(logits), logits)):
    print(slope(loss, [-20.0, 0.0, 20.0]).round(3))

# %% [markdown]
# Expected: 0, 0.156, 0; then 0, 0.5, 0; then 0, 0.5, 1. **Diagnosis.** Two sigmoids have the slope
# $\sigma(\sigma(\ell))\,\sigma(\ell)\,(1-\sigma(\ell))$, whose last factor is 0 just where the discriminator errs most.
# One sigmoid and `from_logits=False` fit in theory. But in 32 bits $\sigma(20) = 1 - 2\cdot10^{-9}$ is rounded to 1;
# $\log(1-D)$ is then $-\infty$, and Keras clips $D$, so that nothing is left to learn from. (Where Keras sees a sigmoid right
# before the loss, it undoes it; slices such as the script's `both[:64]` hide it.) From logits, $\log(1+e^{\ell}) =
# \max(\ell,0)+\log(1+e^{-|\ell|})$ is exact.
#
# ### Exercise 07.12: a pair that fits (1 minute)
#
# Return the activation of the discriminator's last layer (a name or `None`) and the value for `from_logits`, such that
# an image at logit 20 is learned from, even if the outputs are sliced (`both[:64]`) before the loss sees them.


# %% tags=["exercise"]
def last_layer_and_loss():
    # -- stub --
    return ...
    # -- solution --
    return None, True


# %% tags=["check"]
checks.check_design(
    "07.12",
    last_layer_and_loss,
    repairs_training.pair_fault,
    why="The slopes are σ(logit) - target at every logit. Take a sigmoid to show D, never to compute the loss.",
)

# %% [markdown]
# ### Patient 13: gradients in the wrong network
#
# **Symptom.** From the second epoch on the discriminator stands still, and no error says so.

# %% tags=["check-output"]
keras.utils.set_random_seed(SEED)
generator, discriminator = networks.generator(), networks.discriminator()
real = tf.constant(images[:BATCH_SIZE] / np.float32(127.5) - 1)
latents = tf.random.normal((BATCH_SIZE, LATENT_SIZE))
for epoch in (1, 2):
    before = discriminator.get_weights()[0]
    updates.update_discriminator(
        generator, discriminator, keras.optimizers.SGD(0.01), real, latents, loss="non_saturating"
    )
    moved = not np.array_equal(before, discriminator.get_weights()[0])
    print(f"epoch {epoch}: did the discriminator move? {moved}")
    discriminator.trainable = False  # the script's last line in the loop

# %% [markdown]
# Expected: True, then False. **Test.** Count what the optimizer gets (expected: 0, and 10 once the cure is in):

# %% tags=["check-output"]
print(len(discriminator.trainable_variables))

# %% [markdown]
# **Diagnosis.** In Keras 3 `trainable = False` empties `trainable_variables` (and halts batch normalization), at once
# and for good. An optimizer that gets an empty list does nothing. Without the line, and with the variables of *both*
# networks in the generator's update, the opposite happens: the discriminator moves, towards being fooled.

# %%
discriminator.trainable = True
before = float(tf.reduce_mean(discriminator(generator(latents, training=True), training=True)))
with tf.GradientTape() as tape:
    fake_logits = discriminator(generator(latents, training=True), training=True)
    loss = gan_losses.non_saturating_generator_loss(fake_logits)
wrong = discriminator.trainable_variables  # as a part of the list of both networks' variables
keras.optimizers.SGD(0.01).apply(tape.gradient(loss, wrong), wrong)
after = float(tf.reduce_mean(discriminator(generator(latents, training=True), training=True)))
print(f"mean logit of the same generated images: {before:.2f}, then {after:.2f} (expected: higher)")

# %% [markdown]
# With weights $\theta$ of $G$ and $\phi$ of $D$, $L_G$ has two gradients: $\nabla_\theta L_G = \sum \frac{\partial
# L_G}{\partial \ell}\, \frac{\partial \ell}{\partial x}\, \frac{\partial x}{\partial \theta}$, which passes *through*
# $D$ as it is, and $\nabla_\phi L_G$, which nobody may apply. The list of variables makes the cut. No weight has to be
# frozen.
#
# ### Exercise 07.13: the generator's update (3 minutes)
#
# One step of `optimizer` for the generator's weights alone; return `gan_losses.non_saturating_generator_loss` before it.


# %% tags=["exercise"]
def update_generator(generator, discriminator, optimizer, latents):
    # -- stub --
    return ...
    # -- solution --
    with tf.GradientTape() as tape:
        fake_logits = discriminator(generator(latents, training=True), training=True)
        loss = gan_losses.non_saturating_generator_loss(fake_logits)
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% tags=["check"]
checks.check_update(
    "07.13",
    update_generator,
    trial.generator_update("non_saturating"),
    hint="Everything from the latents to the loss inside the tape; then the generator's variables.",
    why="The gradient went through the discriminator, which stayed as it was and can still be trained.",
)

# %% [markdown]
# ## 4. Ward 3: it trains, and nobody can tell whether it is any good (core, 26 minutes)
#
# Here nothing raises an error either, and most faults show only in the result.
#
# ### Patient 14: one batch is called an epoch
#
# **Symptom.** A hundred "epochs" take seconds. **Test.** Count the different images of three "epochs":

# %% tags=["check-output"]
seen = np.concatenate([images[:BATCH_SIZE] for epoch in range(3)])
print(f"{len(np.unique(seen.reshape(-1, 784), axis=0))} of {len(images):,} images")

# %% [markdown]
# Expected: 64 of 60,000. **Diagnosis.** `load_real_images()[:batch_size]` takes the *first* images each time. The
# $p$ of this game is those 64 images, and the generator's best answer is to copy them. An epoch is one pass over all
# images, in a new order: here $\lceil 60{,}000/64 \rceil = 938$ batches, the last with 32 images.
#
# ### Exercise 07.14: a whole epoch (2 minutes)
#
# Call `step(batch)` for every batch of the dataset, once. Return how many images there were.


# %% tags=["exercise"]
def run_epoch(dataset, step):
    # -- stub --
    return ...
    # -- solution --
    count = 0
    for batch in dataset:
        step(batch)
        count += len(batch)
    return count


# %% tags=["check"]
checks.check_design(
    "07.14",
    run_epoch,
    repairs_training.epoch_fault,
    why="Count images, not rounds of a loop: an epoch is what has been seen.",
)

# %% [markdown]
# ### Patient 15: nothing is shown, kept or measured
#
# **Symptom.** The only output is `done`. **Test.** Look for a word that shows, keeps or measures (expected: none):

# %% tags=["check-output"]
print([word for word in ("show", "save", "append", "distance") if word in script.SCRIPT])

# %% [markdown]
# **Diagnosis.** The losses would not help: each network is measured against the other ([lesson
# 06](06_gan_on_images.ipynb)). Three things do. *Images of the same latents* every few hundred steps: with
# new latents nobody sees whether a picture changed or another was drawn. They come from the mode that
# `sample` will use, and taking them changes nothing. *The losses*, as means over many steps, for the
# alarm only: NaN, or 0. And in the end *the Fréchet distance*, with its number of images.
#
# ### Exercise 07.15: keep what one needs (2 minutes)
#
# Append the pair (step, images of these latents) to the list `history`. The generator stays as it is.


# %% tags=["exercise"]
def keep(history, step, generator, latents):
    # -- stub --
    return ...
    # -- solution --
    history.append((step, generator(latents, training=False).numpy()))


# %% tags=["check"]
checks.check_design(
    "07.15",
    keep,
    repairs_training.keeping_fault,
    why="The same latents, inference mode, a new array each time: pictures that can be compared.",
)

# %% [markdown]
# ### Patient 16: an optimizer that does not come to rest
#
# **Symptom.** With `Adam()`, which means `Adam(1e-3, beta_1=0.9, beta_2=0.999)`, the game is slow to rest. The smallest game
# that shows it is the Dirac GAN (Mescheder et al. 2018): real data are the number 0, the generator draws the number
# $\theta$, the discriminator's logit is $\psi x$; both begin at 1 and rest at 0. (The discriminator's loss
# has the penalty $0.05\,\psi^2$, which damps the game.)

# %%
games = {
    "defaults": (1e-3, 0.9, 0.999),
    "beta_1 = 0.5": (1e-3, 0.5, 0.999),
    "rate 0.002": (2e-3, 0.9, 0.999),
    "beta_2 = 0.99": (1e-3, 0.9, 0.99),
    "the course's": (2e-3, 0.5, 0.99),
}
distances = {
    name: dirac_game.play(lambda found=found: [keras.optimizers.Adam(*found) for _ in range(2)])
    for name, found in games.items()
}
plots.curves(
    {name: distances[name] for name in ("defaults", "the course's")},
    "Distance from rest: with the defaults it falls slowly and is still about 0.3 after 6,000 steps, with the "
    "course's settings it is below 0.05 after 3,000.",
    "step",
    "distance from rest",
)

# %% [markdown]
# **Test.** The largest distance in the last 1,000 steps, with one setting changed at a time:

# %%
for name, found in distances.items():
    print(f"{name:15} {found[-1000:].max():.2f}")

# %% [markdown]
# Expected: 0.42, 0.38, 0.25, 0.09 and 0.03. **Diagnosis.** Adam steps along $m/\sqrt v$, two running means with memories
# of about $1/(1-\beta_1)$ and $1/(1-\beta_2)$ steps: 10 and 1,000 by default, 2 and 100 with the course's settings. The
# long memory of the *squares* does most of the harm here: after the large gradients of the beginning the steps stay small for
# a thousand steps. That of the gradients adds its own. In a game that turns by an angle $\omega$ a step, $m$ lags behind by about
# $\frac{\beta_1}{1-\beta_1}\,\omega$, and a push along the circle that comes too late points *outwards*.
#
# A toy proves nothing about images. There the Fréchet distances (5,000 samples) after the same number of steps, with
# three seeds each, were:

# %%
runs = data.load_measurements("gan_clinic")
for run in ("healthy", "adam_defaults"):
    print(f"{run:14}", runs[f"{run}_distance"].round(1))

# %% [markdown]
# Expected: 11 to 15, and 27 to 39. Rate and both betas differ; these numbers do not say which of them does it, nor that
# anything swings. Lesson 08 changes one thing at a time.
#
# ### Exercise 07.16: two that come to rest (2 minutes)
#
# Return two optimizers, the discriminator's first, with which the game stays within 0.06 of rest during the last 1,000 of
# 6,000 steps.


# %% tags=["exercise"]
def calm_optimizers():
    # -- stub --
    return ...
    # -- solution --
    return [keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99) for _ in range(2)]


# %% tags=["check"]
checks.check_design(
    "07.16",
    calm_optimizers,
    dirac_game.optimizers_fault,
    why="Settings that rest here may still fail on images; those that swing here have a reason to.",
)

# %% [markdown]
# ### Patient 17: batch normalization in the wrong mode
#
# **Symptom.** The script calls both networks without `training=True`, so the running averages stay at 0 and 1. And a
# generator that trained well, but whose averages are fresh, draws with too much contrast: light clothes turn white, dark
# ones vanish.

# %%
trained = pretrained.load("gan_fashion").average
fresh = networks.generator()
fresh.set_weights(trained.get_weights())
norms = [one for one in fresh.layers if isinstance(one, keras.layers.BatchNormalization)]
for norm in norms:
    norm.moving_mean.assign(tf.zeros_like(norm.moving_mean))
    norm.moving_variance.assign(tf.ones_like(norm.moving_variance))
    norm.momentum = 0.99  # Keras's default; ours is 0.9
few = np.random.default_rng(SEED).standard_normal((12, LATENT_SIZE), dtype=np.float32)
rows = [fresh(few, training=False)]
for _ in range(20):
    fresh(tf.random.normal((BATCH_SIZE, LATENT_SIZE)), training=True)
rows += [fresh(few, training=False), trained(few, training=False)]
plots.show_images(
    (np.concatenate(rows) + 1) / 2,
    "The same weights and latents. Top: fresh running averages, light clothes turn white, dark ones vanish. Middle: after "
    "20 batches with momentum 0.99, nearly the same. Bottom: the averages of its training.",
    columns=12,
)

# %% [markdown]
# **Test.** An image must not change with its neighbors in the batch:

# %% tags=["check-output"]
for mode in (True, False):
    alone, among = fresh(few[:2], training=mode), fresh(few, training=mode)[:2]
    print(f"training={mode}: the same image? {np.allclose(alone, among, atol=1e-4)}")

# %% [markdown]
# Expected: False in training, True in inference. **Diagnosis.** In training a channel is normalized by the batch's mean $\mu$ and variance; in inference by running
# averages, which after $n$ batches have gone $1 - m^n$ of their way: with momentum $m = 0.99$ and $n = 20$ only 18 %,
# with 0.9 already 88 %. So: train with `training=True`, draw with `training=False`. And give the discriminator each
# kind in a call of its own. In one call, with equally many of each, the variance is
#
# $$\sigma^2 = \tfrac12\big(\sigma_r^2+\sigma_f^2\big) + \tfrac14(\mu_r-\mu_f)^2 ,$$
#
# so each logit depends on the other kind, and in the generator's update, where only generated images come, the same image
# would get another logit.

# %% tags=["check-output"]
random = np.random.default_rng(SEED)
r, f = random.normal(2, 1, 1000), random.normal(-1, 3, 1000)
formula = (r.var() + f.var()) / 2 + (r.mean() - f.mean()) ** 2 / 4
print("formula agrees:", np.isclose(np.concatenate([r, f]).var(), formula))

# %% [markdown]
# ### Exercise 07.17: the right modes (3 minutes)
#
# Return two functions: `judge_both(discriminator, real, fake)`, the logits of both kinds as a training needs them, and
# `sample_images(generator, latents)`, the images to be shown.


# %% tags=["exercise"]
def both_modes():
    # -- stub --
    return ...

    # -- solution --
    def judge_both(discriminator, real, fake):
        return discriminator(real, training=True), discriminator(fake, training=True)

    def sample_images(generator, latents):
        return generator(latents, training=False)

    return judge_both, sample_images


# %% tags=["check"]
checks.check_design(
    "07.17",
    both_modes,
    repairs_training.modes_fault,
    why="In training each kind has a batch of its own; for showing, an image depends on its latents alone.",
)

# %% [markdown]
# ### Patient 18: pixels of two scales
#
# **Symptom.** The discriminator wins and never loses again: in a recorded training its loss was below
# 0.0001 after 500 steps, and the generator's 10.8. With the right scale the two were 1.22 and 1.24. **Test.** Compare the ranges:

# %% tags=["check-output"]
drawn = generator(few, training=False).numpy()
print("real:", images[:64].min(), "to", images[:64].max())
print("generated, all within 1 of 0:", bool(np.abs(drawn).max() <= 1))
print("real images with a pixel above 1:", float((images[:64].max(axis=(1, 2, 3)) > 1).mean()))

# %% [markdown]
# Expected: 0 to 255, True and 1.0. **Diagnosis.** The script multiplies real pixels by 255, and `tanh` ends at 1. One
# rule, "some pixel above 1", tells all images apart, and no generator can break it, since $|\tanh| \le 1$. What it
# learns is to be brighter: in those two trainings the mean
# pixel of 16 samples was 0.56, with the right scale -0.48. (`gan_clinic`, the record of section 6.)
#
# ### Exercise 07.18: there and back (3 minutes)
#
# Return two functions: `to_network(images)`, from `uint8` to `float32` in [-1, 1], and `to_pixels(outputs)`, from there
# back to `uint8`. All 256 values have to come back.


# %% tags=["exercise"]
def both_scales():
    # -- stub --
    return ...

    # -- solution --
    def to_network(images):
        return np.asarray(images, np.float32) / np.float32(127.5) - np.float32(1)

    def to_pixels(outputs):
        return np.round((np.asarray(outputs) + 1) * 127.5).astype(np.uint8)

    return to_network, to_pixels


# %% tags=["check"]
checks.check_design(
    "07.18",
    both_scales,
    repairs_training.pixels_fault,
    why="Black is -1 and white 1, as tanh draws them; rounding undoes the errors of 32-bit floats.",
)

# %% [markdown]
# ### Patient 19: the sign of a loss
#
# **Symptom.** The script defines `discriminator_loss`, $-\mathbb{E}\log D(x) + \mathbb{E}\log(1-D(G(z)))$, and never calls it.
# Whoever repairs patients 9 and 10 by calling it meets this one: the loss falls below 0 and on without end.

# %%
keras.utils.set_random_seed(SEED)
judge, optimizer = networks.dense_discriminator(), keras.optimizers.SGD(0.01)
real_points, fake_points = tf.random.normal((2, 256, 2)) + tf.constant([[[1.0]], [[-1.0]]])
weights = judge.trainable_variables
for step in range(61):
    with tf.GradientTape() as tape:
        on_real = tf.reduce_mean(tf.math.softplus(-judge(real_points)))  # -log D
        loss = on_real - tf.reduce_mean(tf.math.softplus(judge(fake_points)))  # the script's sign
    optimizer.apply(tape.gradient(loss, weights), weights)
    if step % 20 == 0:
        on_fake = float(tf.reduce_mean(tf.sigmoid(judge(fake_points))))
        print(f"step {step:2}: loss {float(loss):6.2f}, D of generated points {on_fake:.2f}")

# %% [markdown]
# Expected: the loss from about 0 to below -10, faster and faster; $D$ of generated points from about 0.55 to 1. (Points in
# the plane show it in a second.) **Test.** A
# cross-entropy is never negative:

# %% tags=["check-output"]
print(bool(loss >= 0))

# %% [markdown]
# Expected: False. **Diagnosis.** For a generated image with logit $t$ the script's term is $\log(1-\sigma(t)) =
# -\log(1+e^t)$, which behaves like $-t$ for large $t$: unbounded below. Its derivative $-\sigma(t)$ is that of the right term
# with the other sign: it pulls hardest where the discriminator is most wrong already ([lesson
# 05](05_gan_step_by_step.ipynb), section 3). The plus belongs to the *value* of the game, which the discriminator maximizes.
#
# ### Exercise 07.19: the whole loss (2 minutes)
#
# Write $-\mathbb{E}\log D(x) - \mathbb{E}\log(1-D(G(z)))$ from logits, right at ±100, too.


# %% tags=["exercise"]
def discriminator_loss(real_logits, fake_logits):
    # -- stub --
    return ...
    # -- solution --
    on_real = bce(tf.ones_like(real_logits), real_logits)
    return on_real + bce(tf.zeros_like(fake_logits), fake_logits)


# %% tags=["check"]
checks.check_function(
    "07.19",
    discriminator_loss,
    expected=gan_losses.minimax_discriminator_loss,
    cases=mistakes_training.PAIR_CASES,
    hints=mistakes_training.DISCRIMINATOR_LOSS,
    hint="Two cross-entropies from logits, targets 1 and 0, one mean for each kind, added.",
    why="A sum of two cross-entropies: never below 0, and log 4 where nothing can be told apart.",
)

# %% [markdown]
# ### Patient 20: no seed
#
# **Symptom.** Somebody changes a rate and the images look better. Because of the rate? **Test.** Build the same network
# twice:

# %% tags=["check-output"]
first, second = (networks.generator().get_weights()[0] for _ in range(2))
print("the same weights:", np.array_equal(first, second))

# %% [markdown]
# **Diagnosis.** Initial weights, latents and the order of the images are drawn anew each time. A fixed seed makes a run
# repeatable, so that a bug can be found again. It does *not* make one run a measurement: healthy runs that
# differ in the seed alone had the distances printed under patient 16. A change counts if it moves the distance by
# more than other seeds do.
#
# ### Exercise 07.20: from the same start (1 minute)
#
# Write `start(seed)`: after it Python's, NumPy's, TensorFlow's and Keras's random numbers repeat.


# %% tags=["exercise"]
def start(seed):
    # -- stub --
    return ...
    # -- solution --
    keras.utils.set_random_seed(seed)


# %% tags=["check"]
checks.check_design(
    "07.20",
    start,
    repeating.start_fault,
    hint="`keras.utils.set_random_seed` sets all of them.",
    why="A tiny training gave the same losses twice, and others after another seed.",
)

# %% [markdown]
# ## 5. The repaired script (core, 5 minutes)
#
# All twenty cures in four cells; a comment names the patients of the line. With `repeat=True` the epochs follow one
# another, so that all batches are full.

# %%
keras.utils.set_random_seed(SEED)  # 20
dataset = data.make_dataset(images, batch_size=BATCH_SIZE, repeat=True, seed=SEED)  # 1, 3, 5, 14
generator = networks.generator(latent_size=LATENT_SIZE)  # 2
discriminator = networks.discriminator()  # 2, 12: it ends in a logit
for_discriminator, for_generator = (  # 7, 16
    keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99) for _ in range(2)
)
bce = keras.losses.BinaryCrossentropy(from_logits=True)


# %%
@tf.function
def train_step(pixels):
    """One update of each network; pixels are in [0, 1]. Returns both losses."""
    real = data.scale_pixels(pixels)  # 18
    latents, others = tf.unstack(tf.random.normal((2, tf.shape(real)[0], LATENT_SIZE)))  # 4
    fake = generator(latents, training=True)
    with tf.GradientTape() as tape:  # 6
        real_logits = discriminator(real, training=True)  # 8, 17
        fake_logits = discriminator(fake, training=True)  # 10, 17
        loss_d = bce(tf.ones_like(real_logits), real_logits)  # 9, 12
        loss_d += bce(tf.zeros_like(fake_logits), fake_logits)  # 11, 19
    weights = discriminator.trainable_variables
    for_discriminator.apply(tape.gradient(loss_d, weights), weights)

    with tf.GradientTape() as tape:
        fake_logits = discriminator(generator(others, training=True), training=True)
        loss_g = bce(tf.ones_like(fake_logits), fake_logits)
    weights = generator.trainable_variables  # 13
    for_generator.apply(tape.gradient(loss_g, weights), weights)
    return loss_d, loss_g


# %%
shown = tf.random.normal((12, LATENT_SIZE))
every = max(1, NUM_STEPS // 5)
history, losses = [(0, generator(shown, training=False).numpy())], []
for step, pixels in enumerate(dataset.take(NUM_STEPS), start=1):
    losses.append(train_step(pixels))
    if step % every == 0:
        history.append((step, generator(shown, training=False).numpy()))  # 15
        loss_d, loss_g = np.mean(losses, axis=0)
        print(f"step {step:5,}: discriminator {loss_d:.2f}, generator {loss_g:.2f}")
        losses = []

# %% [markdown]
# Expected: discriminator 1.2 to 1.3; generator from about 1.4 down to 1.0 (means over the steps since the line before).
# Neither says how good the images are.

# %%
plots.show_images(
    (np.concatenate([kept for _, kept in history]) + 1) / 2,
    f"Twelve latents after {', '.join(f'{step:,}' for step, _ in history)} steps, one row each: noise, then "
    "blots with outlines of clothes, then clothes, some of them still unfinished.",
    columns=12,
)
latents = tf.random.normal((NUM_MEASURED, LATENT_SIZE))
drawn = [
    np.round(127.5 * (generator(some, training=False).numpy() + 1)).astype(np.uint8)  # 18
    for some in np.array_split(latents, 40)
]
print(f"after {NUM_STEPS:,} steps:", metrics.frechet_distance(np.concatenate(drawn)))

# %% [markdown]
# Expected, with 10,000 samples: 5 to 7 after 1,500 steps (5.6 to 6.3 over three seeds). These are the generator's last weights, without the running average that
# `GAN.fit` keeps; lesson 06, with it and the hinge loss, has 2.5 to 3.5 after 3,000 steps. The script of section 1 gave
# no number, since it never drew an image: it stopped at its first missing name.

# %% [markdown]
# ## 6. Triage (core, 8 minutes)
#
# So far each patient came with a sign on the door. In practice you get curves and images, and what is wrong
# has no name yet. Twelve trainings of 500 steps were recorded, with the course's networks and the
# non-saturating loss. One is healthy, seven have one of this lesson's diseases, and four have two that hide
# each other.
#
# ### Exercise 07.21: read patient 9 (3 minutes)
#
# Before you order any test: what do the charts say? "What D says" is the output of the discriminator's
# last layer.

# %%
record = data.load_measurements("gan_clinic")
triage.patient_figure(record, 9)

# %% [markdown]
# In the end D's loss rests at 1.006 and G's at 0.693. Which reading is right?
#
# - a: A balance. G's loss rests at log 2 = 0.693, the loss of a D that gives generated images the
#   probability ½.
# - b: D has won. It says 1 of real and 0 of generated images; its loss cannot fall further because numbers from
#   0 to 1 are taken for logits.
# - c: Training has come to a halt. Both losses have been flat for 400 steps, so the learning rate is too small.
# - d: Mode collapse. G has found one image that D always takes for real, so nothing changes any more.

# %% tags=["exercise"]
# -- stub --
answer_21 = ...
# -- solution --
answer_21 = "b"

# %% tags=["check"]
checks.check_choice(
    "07.21",
    answer_21,
    "b",
    options="abcd",
    hints={
        "a": "in a balance D would say the same of real and of generated images; what does the second "
        "chart show?",
        "c": "a larger rate moves nothing that has reached its bound. Which is the least loss of a D whose "
        "logits lie between 0 and 1?",
        "d": "read the second chart: D says 0 of generated images, so it takes none of them for real.",
    },
    why="σ is applied twice. At its best, with the logits 1 and 0, D's loss is -log σ(1) - log(1 - σ(0)) "
    "= 0.313 + 0.693 = 1.006, and G's is -log σ(0) = 0.693. Why D wins at all is another disease.",
)

# %% [markdown]
# ### Your rounds
#
# Choose a patient and look. Say to yourself what it might be, then order the test that would *refute* it; each
# result appears below the buttons. Tick one disease, two, or Healthy, and press Diagnose. What is wrong is
# answered with the test that speaks against it. Do not stop at the first disease that you find: a second may
# hide behind it.
#
# There are fifteen cases of eleven diseases among the patients (one is new: D's update moves G), and for each case one test
# decides, so fifteen tests suffice. How many do you need? (Three patients will do for today.) One thing to know: the charts
# are from training mode, “Ask D” is in inference mode. Where pixels reach 255, the running averages lag far behind, and the
# two disagree.

# %%
triage.triage(record)

# %% [markdown]
# ## 7. Errata: what articles say, and what is true (optional, 10 minutes)
#
# Twenty-nine claims that you may meet, each with what is true and where the course shows it. Look them up when you
# need them; the two marked ★ are measured below the tables.
#
# **Formulas**
#
# | you may read | what is true | shown in |
# |---|---|---|
# | $L_D = -\mathbb E[\log D(x)] + \mathbb E[\log(1 - D(G(z)))]$ | Both signs are minus. With the plus the loss has no lower bound. | 07.19, [05](05_gan_step_by_step.ipynb) section 3 |
# | The generator minimizes $\mathbb E[\log(1 - D(G(z)))]$. | That is its part of the game's value, flat where $D(G(z))$ is near 0. In practice one takes $-\mathbb E[\log D(G(z))]$, whose gradient is largest there. | [05](05_gan_step_by_step.ipynb) section 3 |
# | The gradient vanishes when the generator is perfect. | It vanishes where $D(G(z))$ is near 0: when the generator is bad and found out. | [05](05_gan_step_by_step.ipynb) section 3 |
# | A GAN minimizes the Jensen-Shannon divergence. | Only with the minimax loss, against the best discriminator. | [05](05_gan_step_by_step.ipynb) section 2 |
# | A VAE has a generator and a discriminator, and the losses of a GAN. | It has an encoder and a decoder, and one loss: reconstruction and KL, the evidence lower bound. | [09](09_vae_step_by_step.ipynb) section 2 |
# | Mean and deviation of the latents come from the decoder. | They come from the encoder. The decoder makes images. | [09](09_vae_step_by_step.ipynb) sections 2 and 3 |
# | Take the mean of the pixels' loss, and the sum of the KL. | That changes the weight between them by the number of pixels: a hidden beta. | [09](09_vae_step_by_step.ipynb) section 6, 09.12 |
# | The cross-entropy of gray pixels is their likelihood. | Not as it stands: the normalizer is missing. | [02](02_loss_functions.ipynb) sections 5 and 6 |
# | A small squared error means that images look alike. | A striped shirt moved by one pixel costs more than one of which half is painted over. | [02](02_loss_functions.ipynb) section 3 |
#
# **Training**
#
# | you may read | what is true | shown in |
# |---|---|---|
# | The loss says how wrong the model is. | In a game it says how a network fares against the other. | [02](02_loss_functions.ipynb) section 1, [05](05_gan_step_by_step.ipynb) section 6 |
# | Training means minimizing a loss. | Two losses that pull at each other: plain descent can circle, or spiral outwards. | [04](04_optimizers.ipynb) section 7 |
# | Stop when both networks reach the expected performance. | Their losses do not show such a moment: each is measured against the other. Fix the number of steps; judge images, and a distance. | 07.15, [05](05_gan_step_by_step.ipynb) section 6 |
# | A falling loss of the generator is progress. | It falls to 0 against a frozen discriminator while the points fly away. | [05](05_gan_step_by_step.ipynb) section 6 |
# | The discriminator at 50 % means convergence. | A blind one is at 50 %, too. | 05.9, [05](05_gan_step_by_step.ipynb) section 6 |
# | Train the discriminator until it is good, then the generator. | In turns, a step each; one that is far ahead leaves a minimax generator without a gradient. | [05](05_gan_step_by_step.ipynb) sections 3 and 4 |
# | Good losses show that all kinds are drawn. | Losses and single images of a collapsed run look healthy. Count the kinds. | 06.6 |
# | More epochs are better. | With little data the discriminator learns by heart, and the images get worse. | [12](12_generate_a_cat.ipynb) section 5 |
# | A small Fréchet distance shows that nothing was copied. | Copies moved by a pixel score almost as well as the longest training. | [06](06_gan_on_images.ipynb) sections 5 and 6 |
#
# **Code**
#
# | you may read | what is true | shown in |
# |---|---|---|
# | `optimizer.minimize(loss, var_list=...)` | Gone in Keras 3; a gradient needs a tape around the computation. | 07.6 |
# | One optimizer serves both networks. | Each network needs its own: it remembers its gradients and counts its steps. | 07.7 |
# | A sigmoid at the end, with `from_logits=True`. | No sigmoid: logits, and `from_logits=True`. (A sigmoid with `from_logits=False` fits, but is rounded to 1 at logit 20.) | 07.12, [02](02_loss_functions.ipynb) section 4 |
# | `discriminator.trainable = False` protects it. | It also keeps the discriminator's own update from doing anything until it is undone. Better: take the gradient for one network's weights. | 07.13 |
# | The noise has the shape of an image. | A latent is a list of numbers; pixels are the generator's work. | 07.4, [06](06_gan_on_images.ipynb) section 2 |
# | Channels first or last: a reshape does it. | It scrambles colors. Move the axis. | 07.5 |
# | Batch normalization takes care of itself. | It has two modes, and what shares a batch gets mixed. | 07.17, [03](03_networks_and_gradients.ipynb) section 4 |
#
# **Questions and answers**
#
# | you may read | what is true | shown in |
# |---|---|---|
# | GANs are for images. | They need samples and a generator with a gradient. Points in the plane will do. | [05](05_gan_step_by_step.ipynb) |
# | Segmentation needs little data. | A threshold needs none. A learned map was no better with a hundred images, better with a thousand. | ★ below |
# | Compression needs little data. | A fixed transform needs none. Learned axes were worse with ten images, better with a hundred. | ★ below |
# | Synthetic lesions help diagnosis. | Sometimes, sometimes not: only a detector tested on real images can tell. | lesson 17 (planned) |
#
# **★ Two tasks, without and with data.** *Segmentation*: which pixels of a noisy picture belong to the garment? Without
# data: blur, then a threshold (the best of several, chosen on the test images; the right answer is a threshold of the clean
# image, too, which favors it). Learned: a linear
# map from noisy pixels to the answer. *Compression* to 16 numbers. Without data: the 16 slowest cosines, in the
# order of JPEG. Learned: the 16 principal axes. (Ten images have nine; the other seven are arbitrary.)


# %%
def with_noise(pictures):
    """Pixels in [0, 1], one row an image, with noise, and which of them belong to the garment."""
    clean = pictures.reshape(len(pictures), -1) / np.float32(255)
    noise = np.random.default_rng(SEED).standard_normal(clean.shape, dtype=np.float32)
    return clean, clean + 0.5 * noise, clean > 0.1


def overlap(found, garment):
    """Shared pixels over all pixels that are in one or the other, mean over images."""
    return np.mean((found & garment).sum(axis=1) / (found | garment).sum(axis=1))


def error(restored, clean):
    return np.sqrt(np.mean((restored - clean) ** 2))


# %%
clean, noisy, garment = with_noise(test_images[:1000])
blurred = ndimage.gaussian_filter(noisy.reshape(-1, 28, 28), (0, 1.5, 1.5)).reshape(1000, -1)
by_threshold = max(overlap(blurred > limit, garment) for limit in np.linspace(0.1, 0.5, 9))
cosines = fft.dctn(clean.reshape(-1, 28, 28), axes=(1, 2), norm="ortho")
slow = np.argsort(np.add.outer(np.arange(28), np.arange(28)).ravel(), kind="stable")[:16]
cosines.reshape(1000, -1)[:, np.setdiff1d(np.arange(784), slow)] = 0
by_cosines = error(fft.idctn(cosines, axes=(1, 2), norm="ortho").reshape(1000, -1), clean)
print(f"without data: overlap {by_threshold:.2f}, error {by_cosines:.3f}")

# %%
for count in (10, 100, 1000, 3000):
    pixels, with_noise_added, wanted = with_noise(images[:count])
    center, middle = with_noise_added.mean(axis=0), wanted.mean(axis=0, dtype=np.float32)
    x = with_noise_added - center
    ridge = 300 * np.eye(784, dtype=np.float32)
    weights = np.linalg.solve(x.T @ x + ridge, x.T @ (wanted - middle))
    found = middle + (noisy - center) @ weights > 0.5
    mean = pixels.mean(axis=0)
    axes = np.linalg.eigh((pixels - mean).T @ (pixels - mean))[1][:, -16:]
    restored = mean + (clean - mean) @ axes @ axes.T
    print(
        f"{count:6,} images: overlap {overlap(found, garment):.2f}, error {error(restored, clean):.3f}"
    )

# %% [markdown]
# Expected: 0.78 and 0.193 without data. With 10, 100, 1,000 and 3,000 images an overlap of 0.62, 0.76, 0.83 and 0.84, to
# within 0.02, and an error of 0.21, 0.156, 0.144 and 0.143. Learned from ten images, both are worse than the rules
# that need none. Compression passes them with a hundred, segmentation with a thousand.
#
# ## Recap
#
# - A script can fail in three ways: it stops, it computes something else, or it trains and nobody can tell how well.
#   Only the first way says so.
# - Nearly every fault has a test of one line: a shape, a count, a range, a gradient, two runs compared.
# - Each update takes the gradient for one network's weights, sees real *and* generated images in calls of their own,
#   and starts from logits.
# - Losses alone name no disease. Order tests; some diseases come in pairs.
#
# **Try next** Take a GAN script from the web, and count its patients. Or break the script of section 5 in one place of
# your choice, and give it to a friend.
#
# **Solutions** are in [the solved twin](solutions/07_gan_clinic.ipynb).
#
# **Sources**
# - I. Goodfellow et al., *Generative Adversarial Networks*, 2014, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661).
# - A. Radford et al., *Unsupervised Representation Learning with Deep Convolutional Generative
#   Adversarial Networks*, 2016, [arXiv:1511.06434](https://arxiv.org/abs/1511.06434).
# - D. P. Kingma and J. Ba, *Adam*, 2015, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980).
# - S. Ioffe and C. Szegedy, *Batch Normalization*, 2015, [arXiv:1502.03167](https://arxiv.org/abs/1502.03167).
# - L. Mescheder, A. Geiger and S. Nowozin, *Which Training Methods for GANs do actually Converge?*, 2018,
#   [arXiv:1801.04406](https://arxiv.org/abs/1801.04406).
# - J. H. Lim and J. C. Ye, *Geometric GAN*, 2017, [arXiv:1705.02894](https://arxiv.org/abs/1705.02894).
# - H. Xiao et al., *Fashion-MNIST*, 2017, [arXiv:1708.07747](https://arxiv.org/abs/1708.07747).
