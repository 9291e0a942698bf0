# %% [markdown]
# # 06 · A GAN that draws clothes
#
# **After this lesson you can**
# - build a convolutional generator and a convolutional discriminator, and say which shape each layer
#   has and why;
# - train them against each other with `GAN.fit` and judge the result by eye and by number;
# - draw new images, and steer them live with sliders.
#
# **You need** the idea of the game between the two networks (lesson 05) and convolutions
# (lesson 03). If you have neither: a *generator* turns random numbers into images, a
# *discriminator* turns an image into one number that says how real it looks, and each is trained
# against the other.
#
# **Time** 60 minutes: 50 for the core sections, 10 for the optional one. All cells together run for
# about two minutes on two CPU cores; most of that is the training in section 3.

# %% [markdown]
# ## Setup

# %%
import numpy as np

from course_utils import checks, data, gan, losses, metrics, networks, plots, pretrained
from course_utils import training, widgets
from course_utils._tensorflow import keras, tf

# %% tags=["parameters"]
SEED = 0
LATENT_SIZE = 64
BATCH_SIZE = 64
NUM_STEPS = 2000  # test: 20
SECONDS_AT_MOST = 240  # a cap for busy machines only
NUM_MEASURED = 10_000  # test: 300

# %% [markdown]
# ## 1. The data: look before you train (core, 5 minutes)
#
# Fashion-MNIST holds 60,000 training images of ten kinds of clothing, each 28 x 28 grey pixels, and
# 10,000 test images, which no network of ours will be trained on.

# %%
images, labels = data.load_images("fashion_mnist", split="train")
test_images, _ = data.load_images("fashion_mnist", split="test")
print("training:", images.shape, images.dtype, "from", images.min(), "to", images.max())
print("test:    ", test_images.shape, test_images.dtype)

# %%
plots.show_images(images[:40], "The first 40 training images of Fashion-MNIST.", columns=20)

# %% [markdown]
# A dataset of the course yields batches of floats in [0, 1]. The networks work in [-1, 1], where the
# generator's last activation, `tanh`, lives; the model converts from one to the other.

# %%
batch = next(iter(data.make_dataset(images, batch_size=BATCH_SIZE, seed=SEED)))
print("one batch:", batch.shape, batch.dtype.name)
print("in the networks' range:", data.scale_pixels(np.array([0.0, 0.5, 1.0])))

# %% [markdown]
# ## 2. Two networks (core, 15 minutes)
#
# The generator starts from a *latent*: 64 independent normal numbers. A dense layer turns them into
# 7 x 7 places with 64 channels each, a very small, very deep "picture". Two transposed convolutions
# then double the side, 7 → 14 → 28, while they halve the channels.

# %%
keras.utils.set_random_seed(SEED)
generator = networks.generator(image_shape=(28, 28, 1), latent_size=LATENT_SIZE)
for layer in generator.layers:
    print(f"{layer.__class__.__name__:20} {layer.output.shape!s:22} {layer.count_params():>8,}")

# %% [markdown]
# The discriminator goes the other way. Each convolution has stride 2 and halves the side,
# 28 → 14 → 7 → 4; at the end stands one number an image, the *logit*: the larger, the more real.

# %%
discriminator = networks.discriminator(image_shape=(28, 28, 1))
for layer in discriminator.layers:
    print(f"{layer.__class__.__name__:20} {layer.output.shape!s:22} {layer.count_params():>8,}")

# %% [markdown]
# Before any training the generator's images are grey noise, and the discriminator has no opinion:
# its logits are all near 0.

# %% tags=["check-output"]
latents = np.random.default_rng(SEED).standard_normal((4, LATENT_SIZE), dtype=np.float32)
fake = generator(latents)
print("generated:", fake.shape)
print("logits:   ", discriminator(fake).shape)
print("all near 0:", bool(np.abs(discriminator(fake)).max() < 0.1))

# %% [markdown]
# ### Exercise 06.1 (3 minutes)
#
# The second transposed convolution reads 32 channels and writes 16, with a window of 4 x 4 and
# without a bias (the batch normalisation after it has one). How many weights does it have? Work it
# out, then compare with the table above.

# %% tags=["exercise"]
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = 4 * 4 * 32 * 16

# %% tags=["check"]
checks.check_number(
    "06.1",
    answer_1,
    expected=4 * 4 * 32 * 16,
    hints={
        4 * 4 * 32 * 16 + 16: "this layer has no bias.",
        4 * 4 * 16: "every output channel has its own 4 x 4 window on each of the 32 inputs.",
        4 * 4 * 32: "there is one such set of windows for each of the 16 output channels.",
        14 * 14 * 32 * 16: "the same windows serve at all places, so the side does not count.",
    },
    hint="window height x window width x input channels x output channels.",
    why="A convolution's weights do not depend on the size of the picture.",
)

# %% [markdown]
# ## 3. Train (core, 15 minutes)
#
# Lesson 05 wrote the training step by hand, and `GAN` does the same: one update of the
# discriminator, on real *and* generated images, then one of the generator. We use the **hinge** loss:
#
# $$L_D = \mathbb{E}_{x\sim p}\,\max(0,\,1 - D(x)) + \mathbb{E}_{z}\,\max(0,\,1 + D(G(z))),
# \qquad L_G = -\,\mathbb{E}_{z}\,D(G(z)).$$
#
# The discriminator wants real images above 1 and generated ones below -1, and stops caring about
# those that are already beyond.
#
# ### Exercise 06.2 (5 minutes)
#
# Write the discriminator's hinge loss for two NumPy arrays of logits. `np.maximum(a, b)` takes the
# larger of two numbers, element by element.


# %% tags=["exercise"]
def hinge_loss(real_logits, fake_logits):
    # -- stub --
    return ...
    # -- solution --
    on_real = np.maximum(0.0, 1.0 - real_logits).mean()
    return on_real + np.maximum(0.0, 1.0 + fake_logits).mean()


# %% tags=["check"]
checks.check_function(
    "06.2",
    hinge_loss,
    expected=losses.hinge_discriminator_loss,
    cases=[
        (np.array([2.0, 0.5, -1.0]), np.array([-2.0, 0.5])),
        (np.array([0.0]), np.array([0.0, -3.0, 3.0])),
    ],
    hint="real logits are pushed above 1, generated ones below -1; each part is a mean of its own.",
    why="Logits beyond the margin add nothing: the discriminator spends itself on hard images.",
)

# %% [markdown]
# Now the training. `LiveSamples` shows images of the same 16 latents while it runs, and keeps them.
# The pictures come from the *average* of the generator's weights over the last steps, which draws
# better than the weights of any single step.

# %%
keras.utils.set_random_seed(SEED)
model = gan.GAN(generator=generator, discriminator=discriminator, seed=SEED)
model.compile(loss="hinge")
live = training.LiveSamples(every=max(1, NUM_STEPS // 10))
history = model.fit(
    images,
    batch_size=BATCH_SIZE,
    steps_per_epoch=NUM_STEPS,
    callbacks=[live, training.StopOnNonFinite(), training.TimeLimit(SECONDS_AT_MOST)],
)

# %% [markdown]
# The two losses do not fall like those of a classifier. They measure each network against the
# *other*, which learns too: a falling generator's loss may only mean that the discriminator got
# worse. To see progress, look at the images, or measure them (section 5).

# %%
first_steps = [frame for step, frame in live.frames][:: max(1, len(live.frames) // 5)]
plots.show_images(
    np.concatenate([frame[:10] for frame in first_steps]),
    "Ten latents over the training, one row every fifth of it: noise, blobs, clothes.",
    columns=10,
)

# %% [markdown]
# ## 4. Play (core, 10 minutes)
#
# `sample` draws new images; the same seed gives the same ones. `generate` is the function behind it:
# from latents to images, without any chance left.

# %%
plots.show_images(
    model.sample(60, seed=1), "Sixty images that the trained generator drew.", columns=20
)

# %% [markdown]
# The sliders below move all latents along those directions that change the picture most. Try one
# slider at a time: which one turns shoes into shirts? Type into a number field if you prefer the
# keyboard. *Walk from one seed to another* blends two sets of images.

# %%
widgets.explore(model)

# %% [markdown]
# ## 5. How good is it? (core, 10 minutes)
#
# The **Fréchet distance** compares two *sets* of images. A frozen classifier turns every image into
# 64 features; each set is summarised by the mean and the covariance of its features; the distance
# between the two summaries is 0 if they agree. It says nothing about a single image, it depends on
# the number of images, and distances of different classifiers cannot be compared (lesson 14 tells
# the full story).

# %%
ours = metrics.frechet_distance(model.sample(NUM_MEASURED, seed=2))
print("after the training above:", ours)

# %% [markdown]
# Expected after 2,000 steps: between 5 and 15. To read the number, measure a floor, a ceiling, and
# the same network after ten minutes instead of one, which ships with the course:

# %%
mean_image = np.broadcast_to(images.mean(axis=0) / 255.0, (NUM_MEASURED, 28, 28, 1))
longer = pretrained.load("gan_fashion")
for name, others in {
    "floor: real training images  ": images[:NUM_MEASURED],
    "after ten minutes of training": longer.sample(NUM_MEASURED, seed=2),
    "ceiling: one mean image      ": mean_image.astype(np.float32),
}.items():
    print(f"{name} {float(metrics.frechet_distance(others)):8.2f}")

# %%
plots.show_images(
    longer.sample(60, seed=1), "Sixty images of the network that trained for longer.", columns=20
)

# %% [markdown]
# ## 6. One step by hand (optional, 10 minutes)
#
# `fit` hides no secret. This is the discriminator's half of one step: a batch of real images, one of
# generated ones, the loss, its gradient for the discriminator's weights only.

# %%
fake = model.generator(np.random.default_rng(SEED).standard_normal((BATCH_SIZE, LATENT_SIZE)))
with tf.GradientTape() as tape:
    real_logits = model.discriminator(data.scale_pixels(batch))
    fake_logits = model.discriminator(fake)
    loss = losses.hinge_discriminator_loss(real_logits, fake_logits)
gradients = tape.gradient(loss, model.discriminator.trainable_variables)
print(f"loss {loss:.2f}: mean logit of real images {np.mean(real_logits):+.2f},", end=" ")
print(f"of generated images {np.mean(fake_logits):+.2f}")
print("one gradient for each of", len(gradients), "weight arrays, e.g.", gradients[0].shape)

# %% [markdown]
# ## Recap
#
# - A generator is a decoder from 64 random numbers to an image; a discriminator is a classifier with
#   one logit; both are a handful of convolutions.
# - The hinge loss stops pushing where the discriminator is already right by a margin.
# - Losses in a game do not measure quality. Samples of fixed latents and the Fréchet distance do,
#   each in its own way.
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
# - J. H. Lim and J. C. Ye, *Geometric GAN*, 2017, [arXiv:1705.02894](https://arxiv.org/abs/1705.02894):
#   the hinge loss.
# - M. Heusel et al., *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
#   Equilibrium*, 2017, [arXiv:1706.08500](https://arxiv.org/abs/1706.08500): the Fréchet distance.
# - Y. Yazıcı et al., *The Unusual Effectiveness of Averaging in GAN Training*, 2019,
#   [arXiv:1806.04498](https://arxiv.org/abs/1806.04498).
# - H. Xiao et al., *Fashion-MNIST*, 2017, [arXiv:1708.07747](https://arxiv.org/abs/1708.07747).
