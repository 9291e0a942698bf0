# %% [markdown]
# # 13 · One photograph
#
# **After this lesson you can**
# - turn a single photograph into a dataset of thousands of patches, and say what that dataset lacks;
# - make new pictures of its patches without any network;
# - train a patch-based generator, coarse to fine, on one photo, and draw pictures of any size;
# - tell apart what the model did wrong and what one photo cannot teach, by experiments that change one thing;
# - do the same with a photograph of your own.
#
# **You need** the game between generator and discriminator (lesson 05), the hinge loss (lesson 06) and
# convolutions (lesson 03). In short: a *generator* turns random numbers into a picture, a *discriminator*
# gives *logits*, numbers that are larger the more real something looks, and each is trained against the
# other.
#
# **Time** 105 minutes: 84 for the core sections, 21 for the optional ones. All cells together run for two
# to three minutes on two free CPU cores; most of it is training in sections 4 to 6.

# %% [markdown]
# ## Setup
#
# "To generate a cat, prepare *a* cat picture" is advice that one meets on the web. A generator is trained on
# thousands of pictures, as in lessons 06 and 12. What happens if we take the advice at its word, and there
# is exactly one?

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, metrics, plots, widgets
from course_utils.lessons.one_photograph import designs, mistakes, one_photo, texture
from course_utils.models import gan_losses

# %% tags=["parameters"]
SEED = 0
NUM_HAND_STEPS = 300  # test: 3
NUM_FUR_STEPS = 600  # test: 4
NUM_CAT_STEPS = 700  # test: 4
NUM_BORDER_STEPS = 300  # test: 4
NUM_DRAWN = 48  # test: 4
NUM_MATCHED = 6  # test: 2

# %% [markdown]
# ## 1. A photograph as a dataset (core, 12 minutes)
#
# The photo shows Chelsea, a cat; it ships with scikit-image under CC0. We shrink it to 96 pixels on the
# longer side, so that the training below takes a minute and not an afternoon.

# %%
original = data.cat_photo()
photo = texture.prepare_photo(original, longest=96)
print("the photo:", original.shape, original.dtype)
print("prepared: ", photo.shape, photo.dtype, f"from {photo.min():.2f} to {photo.max():.2f}")
plots.show_photos(photo, "The photo of a cat that this lesson is about.", scale=4)

# %% [markdown]
# One picture is one *example of a picture*. But it holds many *patches*, small squares, at all its places.
# `texture.patches` cuts out every one:

# %%
small = texture.patches(photo, side=11)
print("patches of 11 x 11 pixels:", small.shape)
chosen = np.random.default_rng(SEED).permutation(len(small))[:60]
plots.show_photos(
    small[chosen],
    "Sixty of the photo's patches: fur in several directions, pieces of eyes, blurred background.",
    columns=20,
    scale=4,
)

# %% [markdown]
# ### Exercise 13.1: count the patches (3 minutes)
#
# How many different places does a patch of 7 x 7 pixels have in a picture of 64 x 96 pixels?

# %% tags=["exercise"]
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = (64 - 7 + 1) * (96 - 7 + 1)

# %% tags=["check"]
checks.check_number(
    "13.1",
    answer_1,
    expected=lambda: len(texture.patches(np.zeros((64, 96, 3)), 7)),
    hints={
        64 * 96: "near the right and the lower edge a patch would stick out.",
        57 * 89: "one more in each direction: a picture of 7 pixels has one place, not none.",
        9 * 13: "those do not overlap; count every place.",
        58 * 90 * 49: "that counts the pixels of all patches; count the patches.",
        58 * 90 * 3: "a patch has all three colors; count places.",
        58 + 90: "every row goes with every column: multiply.",
    },
    hint="How many rows can a patch begin in? How many columns?",
    why="58 rows times 90 columns: 5,220 patches from one small photo.",
)

# %% [markdown]
# **"So one photo is a dataset of five thousand."** Of five thousand *patches*, and they overlap: only 9 x 13 =
# 117 of them share no pixel with one another. Of cats it is a dataset of one. Everything below follows
# from this.
#
# ### How new is a picture?
#
# We will want to know whether a generated picture contains anything that the photo does not. Compare patch
# by patch: for a patch $p$ of the picture, the distance to the photo's *nearest* patch is
#
# $$d(p) = \min_{q} \sqrt{\frac{1}{3 s^2} \sum_{i=1}^{3 s^2} (p_i - q_i)^2},$$
#
# the root mean squared difference of the color values, from 0 (a copy) to 1, for patches of side $s$ with 3
# values a pixel.
#
# ### Exercise 13.2: distance to the nearest patch (5 minutes)
#
# Write $d(p)$ for one patch of shape (side, side, 3) and the array `known` of shape (n, side, side, 3).


# %% tags=["exercise"]
def nearest_distance(patch, known):
    # -- stub --
    return ...
    # -- solution --
    return np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3))).min()


# %% tags=["check"]
random = np.random.default_rng(1)
checks.check_function(
    "13.2",
    nearest_distance,
    expected=lambda patch, known: np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3)).min()),
    cases=[
        (random.random((3, 3, 3)), random.random((5, 3, 3, 3))),
        (random.random((2, 2, 3)), random.random((9, 2, 2, 3))),
        (random.random((4, 4, 3)).astype(np.float32), random.random((1, 4, 4, 3))),
    ],
    hints=mistakes.NEAREST_DISTANCE,
    hint="known - patch subtracts the patch from each of the n known ones.",
    why="Squared differences, a mean for each known patch, the least, its square root.",
)

# %% [markdown]
# `texture.patch_distances` computes $d$ for every second row and column of places, a quarter of the patches. It
# multiplies the squares out, $\lVert p - q \rVert^2 = \lVert p \rVert^2 - 2\, p \cdot q + \lVert q \rVert^2$,
# since a product of matrices is fast; then it divides by $3 s^2$ and takes the root. Both ways on the mirrored
# photo:

# %% tags=["check-output"]
mirrored = photo[:, ::-1]
fast = texture.patch_distances(mirrored, photo, side=7, step=2)
known = texture.patches(photo, 7)
some = texture.patches(mirrored, 7, step=2)[:40]
plain = [np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3)).min()) for patch in some]
print("distances computed:", fast.shape)
print("the first 40 agree:", np.allclose(fast[:40], plain, atol=1e-3))

# %%
of_itself = texture.patch_distances(photo, photo, side=7)
noise_picture = np.random.default_rng(SEED).random(photo.shape, dtype=np.float32)
of_noise = texture.patch_distances(noise_picture, photo, side=7)
for name, distances in {"itself": of_itself, "mirrored": fast, "noise": of_noise}.items():
    print(f"{name:9} median distance of a 7 x 7 patch: {np.median(distances):.3f}")

# %% [markdown]
# Expected: 0.000, 0.050 and 0.29. The mirrored photo is our yardstick: a *real* picture of a cat's face,
# which is not the photo. Half of its patches are at 0.05 or less from some patch
# of the photo.

# %% [markdown]
# ## 2. Copying instead of learning (core, 8 minutes)
#
# Before any network, what do the patches alone allow? **Patch matching**: start from noise, replace every patch by the
# photo's *nearest* one, and let each pixel be the mean of the patches that cover it, up to 121 with
# a side of 11.


# %%
def match(picture, photo, side=11):
    known = texture.patches(photo, side)
    found = metrics.nearest_neighbors(texture.patches(picture, side), known)
    return texture.average_patches(known[found.indices], picture.shape[:2])


# %% [markdown]
# A patch of 11 x 11 pixels is a bit of fur at 64 x 96 pixels. On a *shrunken* photo it holds much more. So we work
# **coarse to fine**, on a *pyramid*: the photo at four sizes. At each we match three times, then enlarge.

# %%
sizes = texture.pyramid_sizes((64, 96), num_scales=4, coarsest=20)
pyramid = [texture.resize(photo, size) for size in sizes]
for scale, (height, width) in enumerate(sizes):
    share = 11 * 11 / (height * width)
    print(f"scale {scale}: {height} x {width} pixels; 11 x 11 of them are {share:.0%} of the photo")

# %% [markdown]
# Expected: 20, 9, 4 and 2 %.

# %% tags=["check-output"]
noise = np.random.default_rng(SEED).standard_normal(pyramid[0].shape)
picture = (pyramid[0].mean(axis=(0, 1)) + texture.NOISE * noise).astype(np.float32)
stages = [texture.resize(picture, sizes[0])]
for level in pyramid:
    picture = texture.resize(picture, level.shape[:2])
    for _ in range(3):
        picture = match(picture, level)
    stages.append(picture)
same = np.allclose(picture, texture.rearrange(photo, SEED), atol=1e-3)
print("the same as the package's version:", same)

# %%
stages = [texture.resize(stage, sizes[-1]) for stage in stages]
plots.show_photos(stages[0], "The start: noise.", scale=2)
plots.show_photos(
    np.stack(stages[1:]),
    "What the four scales make of it, one after the other: first a brown blur with dark spots, then fur "
    "and eyes, at the end sharp.",
    columns=2,
    scale=4,
)

# %%
matched = np.stack([texture.rearrange(photo, seed) for seed in range(NUM_MATCHED)])
plots.show_photos(
    matched,
    "Six pictures by patch matching, from six noises. Fur and eyes are sharp; their arrangement is none of a "
    "cat: one, two or three eyes, at any height.",
    columns=3,
    scale=4,
)

# %% [markdown]
# Every piece is a piece of the photo, and sharp. No picture is a cat. Nothing was trained here, so nothing was trained
# badly: at the coarsest scale a patch of 11 x 11 sees one eye, and which piece lies beside
# which is the noise's doing. Keep these pictures in mind; we will want to know what to blame on a network.
#
# ### Sewing blocks: image quilting (optional, 12 minutes)
#
# An older way to copy (Efros and Freeman 2001) takes square
# blocks of the photo and lays them down row by row, each overlapping its neighbors a little. The first one is
# drawn freely. For each further block:
# 1. among all the photo's blocks, keep those that agree with what is there, where they overlap; draw one;
# 2. find the seam through the overlap along which old and new differ least; the new block begins there.
#
# For the second step let $e_{ij}$ be the squared difference in row $i$ and column $j$ of the overlap with the left
# neighbor. (With the upper neighbor all is the same, turned by 90 degrees.) A seam goes from top to bottom and
# moves by at most one column a row. The cheapest way to arrive at $(i, j)$ costs
#
# $$E_{ij} = e_{ij} + \min(E_{i-1,\,j-1},\; E_{i-1,\,j},\; E_{i-1,\,j+1}),$$
#
# with $E_{1j} = e_{1j}$; at the margins the terms that lie outside are left out. The least entry of the last row
# is the cost of the best seam, and going back from it, row by row, gives the seam itself.


# %%
def seam_cost(error):
    """The cost of the cheapest seam from the first row of an array (rows, columns) to the last."""
    cost = error[0]
    for row in error[1:]:
        padded = np.pad(cost, 1, constant_values=np.inf)
        cost = row + np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    return cost.min()


# %% [markdown]
# Each row asks only the row before, so the work grows with the number of entries. Compare with brute force,
# which tries every path there is:


# %% tags=["check-output"]
import itertools


def seam_cost_by_force(error):
    rows, columns = error.shape
    costs = [
        sum(error[row, column] for row, column in enumerate(path))
        for path in itertools.product(range(columns), repeat=rows)
        if np.abs(np.diff(path)).max() <= 1
    ]
    return min(costs), len(costs)


overlap = np.random.default_rng(SEED).random((7, 4))
forced, number = seam_cost_by_force(overlap)
print("seams tried:", number)
print("the same cost:", np.isclose(seam_cost(overlap), forced))

# %% [markdown]
# ### Exercise 13.3: a seam by hand (4 minutes)
#
# What does the cheapest seam through this overlap cost? Do it by hand with the formula; `seam_cost` is there
# to compare.
#
# | | | |
# |---|---|---|
# | 2 | 3 | 4 |
# | 7 | 8 | 1 |
# | 2 | 6 | 5 |

# %% tags=["exercise"]
# -- stub --
answer_3 = ...
# -- solution --
answer_3 = 3 + 1 + 5

# %% tags=["check"]
checks.check_number(
    "13.3",
    answer_3,
    expected=lambda: seam_cost(np.array([[2.0, 3, 4], [7, 8, 1], [2, 6, 5]])),
    hints={
        5: "that takes the least of each row; a seam moves by at most one column.",
        11: "that takes the cheapest next step each time: 2, 7, 2. Another path is cheaper.",
        10: "that is straight down the right column; the seam may begin elsewhere.",
    },
    hint="Second row: 7 + 2, 8 + 2, 1 + 3. Go on with the third.",
    why="3, 1, 5. The cheapest next step each time gives 2, 7, 2 = 11: not the cheapest path.",
)

# %% [markdown]
# `texture.quilt` does the sewing. Quilting was made for *textures*: cut a piece of fur out of the forehead, and sew a
# blanket.

# %%
forehead = texture.prepare_photo(original[8:78, 110:250], longest=96)
blanket = texture.quilt(forehead, (96, 160), block=20, overlap=7, seed=SEED)
plots.show_photos(forehead, "A piece of the forehead, enlarged.", scale=3)
plots.show_photos(blanket, "A blanket sewn from that piece.", scale=3)

# %% [markdown]
# ## 3. A network that knows patches (core, 20 minutes)
#
# Now the game of lesson 05, with patches in the place of pictures. Our model is a small variant in the spirit of
# *SinGAN* (Shaham et al. 2019). Both players are **fully convolutional**: five convolutions of 3 x 3, with
# activations and, in the generator, normalizations between them. No dense layer, no stride. Such a network takes
# pictures of any size, and the discriminator gives one logit for each *place*, an opinion about the patch
# around it.


# %%
def patch_network(outputs, normalize):
    """Five convolutions: (n, height, width, 3) to (n, height - 10, width - 10, outputs)."""
    layers = [keras.Input((None, None, 3))]
    for _ in range(4):
        layers.append(keras.layers.Conv2D(32, 3, padding="valid"))
        if normalize:
            layers.append(keras.layers.GroupNormalization(groups=-1))
        layers.append(keras.layers.LeakyReLU(negative_slope=0.2))
    return keras.Sequential([*layers, keras.layers.Conv2D(outputs, 3, padding="valid")])


keras.utils.set_random_seed(SEED)
generator = patch_network(outputs=3, normalize=True)
discriminator = patch_network(outputs=1, normalize=False)

# %% [markdown]
# `padding="valid"` adds no zeros around a picture: each convolution makes it 2 pixels smaller, and the discriminator
# judges only places whose whole patch lies inside. (Section 6 tries the zeros.)
# `GroupNormalization(groups=-1)` brings each channel of *each picture* to mean 0 and spread 1 (*instance
# normalization*): our batches are one or two pictures, too few for a mean over the batch. The discriminator has
# none, since each of its logits should depend on a patch alone.

# %% tags=["check-output"]
for size in ((22, 28), (30, 60)):
    latents = tf.random.normal((1, *size, 3))
    made = tf.tanh(generator(latents))
    print("noise", latents.shape, "-> picture", made.shape, "-> logits", discriminator(made).shape)
print("parameters:", generator.count_params(), "and", discriminator.count_params())
same = one_photo.patch_network(normalize=True).count_params() == generator.count_params()
print("as many as in the package's version:", same)

# %% [markdown]
# The latents are a noise *picture* $z$ with three channels, 10 pixels larger than the picture that is wanted. That is
# how the size can be chosen at will: more noise, more picture. `tanh` keeps the pixels in [-1, 1].
#
# The *receptive field* of a logit (lesson 03) is the square of pixels that it depends on. One convolution of 3 x 3
# sees 3 x 3, and each further one adds a pixel on each side: five see 11 x 11. Measured, by back-propagation: which
# input pixels have a gradient on one logit?

# %% tags=["check-output"]
picture = tf.Variable(tf.random.normal((1, 31, 31, 3)))
with tf.GradientTape() as tape:
    logit = discriminator(picture)[0, 10, 10, 0]
touched = np.abs(tape.gradient(logit, picture)[0]).sum(axis=-1) > 0
rows, columns = np.flatnonzero(touched.any(axis=1)), np.flatnonzero(touched.any(axis=0))
print("rows", rows.min(), "to", rows.max(), "and columns", columns.min(), "to", columns.max())
print("a square of", len(rows), "x", len(columns))

# %% [markdown]
# This holds for the discriminator. The generator's normalizations look at the whole picture, if only through two
# numbers a channel.
#
# ### Exercise 13.4: a discriminator that sees more (6 minutes)
#
# Change the architecture: a discriminator whose logits see **21 x 21** pixels, again with at most **five** convolutions, all
# of stride 1, without padding, and one logit a place. Anything that `keras.layers.Conv2D` offers may help. The number of
# channels between is free.


# %% tags=["exercise"]
def wide_discriminator():
    # -- stub --
    return ...
    # -- solution --
    layers = [keras.Input((None, None, 3))]
    for _ in range(4):
        layers += [keras.layers.Conv2D(8, 5), keras.layers.LeakyReLU(negative_slope=0.2)]
    return keras.Sequential([*layers, keras.layers.Conv2D(1, 5)])


# %% tags=["check"]
checks.check_design(
    "13.4",
    wide_discriminator,
    lambda build: designs.discriminator_fault(build, side=21),
    why="Five of side 5, or five of side 3 with dilation_rate=2, see 1 + 5 x 4 = 21. At 20 x 30 pixels that would be "
    "more than the whole height: such a discriminator asks for the photo itself.",
)

# %% [markdown]
# ### One step, written out, at the coarsest scale
#
# One pair of networks for each scale of the pyramid. The coarsest generator makes a picture of 20 x 30 from noise:
# $G(z) = \tanh F(z)$, with the network $F$ that is called
# `generator` in the code. Two losses, with $x$ the photo at this scale; a bar is a mean over all places and
# pictures, which earlier lessons wrote as $\mathbb{E}$:
#
# $$L_D = \overline{\max(0, 1 - D(x))} + \overline{\max(0, 1 + D(G(z)))} + \lambda\,
#  \overline{\lVert \nabla_{\!x} \textstyle\sum D(x) \rVert^2}, \qquad
#  L_G = -\overline{D(G(z))} + \alpha\, \overline{(G(z^*) - x)^2}.$$
#
# Hinge losses as in lesson 06, and two additions:
# - the **penalty** with $\lambda = 0.01$ keeps the discriminator from becoming too steep around the single picture
#   that it could otherwise learn by heart (in the manner of R1, Mescheder et al. 2018). The gradient of the sum of
#   all logits says for each pixel how strongly it moves the logits around it; its squared length is over the
#   pixel's three colors.
# - the **reconstruction** with $\alpha = 10$: *one* fixed noise $z^*$ must become the photo itself (Shaham et al.
#   2019). It ties the noise to the photo, so that the photo stays one of the pictures that can be drawn.
#
# The package names the two weights `one_photo.PENALTY` and `one_photo.ALPHA`, and computes logits and penalty
# together, with a `GradientTape` inside. We check it on a discriminator whose gradient is known: one convolution
# of 1 x 1 without bias, $D(x) = w \cdot x$ at each pixel. There the gradient is $w$ everywhere, and the penalty is
# $\lVert w \rVert^2$ before it is multiplied by $\lambda$.

# %% tags=["check-output"]
linear = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(1, 1, use_bias=False)])
linear.set_weights([np.reshape([1.0, -2.0, 0.5], (1, 1, 3, 1))])
_, penalty = one_photo.logits_and_penalty(linear, tf.random.normal((1, 5, 6, 3)))
print(f"penalty {float(penalty):.4f}, squared length of w {1 + 4 + 0.25:.4f}")

# %% [markdown]
# ### Exercise 13.5: the generator's loss (5 minutes)
#
# Write $L_G$ for NumPy arrays: the logits of generated pictures, the reconstruction $G(z^*)$, the photo $x$, and
# the weight $\alpha$.


# %% tags=["exercise"]
def generator_loss(fake_logits, reconstruction, real, alpha):
    # -- stub --
    return ...
    # -- solution --
    return -np.mean(fake_logits) + alpha * np.mean((reconstruction - real) ** 2)


# %% tags=["check"]
random = np.random.default_rng(2)
checks.check_function(
    "13.5",
    generator_loss,
    expected=lambda logits, made, real, alpha: -logits.mean() + alpha * ((made - real) ** 2).mean(),
    cases=[
        (random.random((1, 3, 4, 1)), random.random((1, 3, 4, 3)), random.random((1, 3, 4, 3)), 10),
        (np.array([2.0, -1.0]), np.array([0.5, 0.0]), np.array([0.0, 0.0]), 4.0),
        (np.array([-3.0, 0.5, 0.2]), np.array([0.5, -0.9]), np.array([0.7, -0.1]), 0.5),
    ],
    hints=mistakes.GENERATOR_LOSS,
    hint="Minus the mean logit, plus alpha times the mean squared error.",
    why="The first part asks for patches that pass as real, the second for the photo itself.",
)

# %% [markdown]
# The step: both losses from the same pictures, then one update of each network, by its own loss only. Here
# `gan_losses.hinge_generator_loss` and the squared error make up what you have just written.

# %%
real = tf.constant(pyramid[0][None] * 2 - 1)
noise_size = tuple(side + 10 for side in sizes[0])
fixed_noise = tf.random.stateless_normal((1, *noise_size, 3), seed=(SEED, 0))
for_generator = keras.optimizers.Adam(1e-3, beta_1=0.5)
for_discriminator = keras.optimizers.Adam(1e-3, beta_1=0.5)
players = [(for_discriminator, discriminator), (for_generator, generator)]
for optimizer, network in players:
    optimizer.build(network.trainable_variables)


# %%
@tf.function
def train_step(seed):
    """Update both networks once; returns the error of the reconstruction, from 0 to 1."""
    noise = tf.random.stateless_normal((2, *noise_size, 3), seed=seed)
    with tf.GradientTape(persistent=True) as tape:
        fake = tf.tanh(generator(noise))
        real_logits, penalty = one_photo.logits_and_penalty(discriminator, real)
        fake_logits = discriminator(fake)
        loss_d = gan_losses.hinge_discriminator_loss(real_logits, fake_logits)
        loss_d += one_photo.PENALTY * penalty
        squared_error = tf.reduce_mean((tf.tanh(generator(fixed_noise)) - real) ** 2)
        loss_g = gan_losses.hinge_generator_loss(fake_logits) + one_photo.ALPHA * squared_error
    for (optimizer, network), loss in zip(players, (loss_d, loss_g), strict=True):
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
    return tf.sqrt(squared_error) / 2  # halved: from -1 to 1 is twice as wide as from 0 to 1


# %%
for number in range(1, NUM_HAND_STEPS + 1):
    error = train_step(tf.constant([SEED, number]))
    if number in (1, 30, 100, NUM_HAND_STEPS):
        print(f"step {number:3}: error of the reconstruction {float(error):.3f}")
noise = tf.random.stateless_normal((6, *noise_size, 3), seed=(SEED, 99))
drawn = tf.tanh(generator(tf.concat([fixed_noise, noise], axis=0)))
plots.show_photos(
    np.concatenate([pyramid[0][None], (drawn.numpy() + 1) / 2]),
    "After 300 steps at the coarsest scale: the photo, its reconstruction, and six pictures from fresh "
    "noise, mostly in the photo's colors.",
    columns=4,
    scale=5,
)

# %% [markdown]
# Expected: the error falls from about 0.3 to about 0.06 (with this seed), not evenly, since the game pulls too. The fixed
# noise already becomes a cat of 20 x 30 pixels. The fresh ones have most of the photo's colors and no
# arrangement of a cat.

# %% [markdown]
# ## 4. A texture: here it works (core, 8 minutes)
#
# A finer generator gets the picture $y$ from the next coarser scale, enlarged, and *adds* what is missing
# (Shaham et al. 2019):
#
# $$G_k(z, y) = y + \tanh\big(F_k(y + \sigma_k z)\big),$$
#
# with the network $F_k$ (a sum beyond $\pm 1.2$ is clipped there, and to the range of colors when a picture is drawn) and
# noise of strength $\sigma_k$, 0.3 times the root mean squared difference between the
# enlarged reconstruction and the photo at this scale. Five mirrored pixels on each side of $y$ make up for what $F_k$
# takes away. In the reconstruction itself the finer scales get no noise.
# `OnePhotoGAN.fit` trains scale after scale; what is coarser stays as it is.
#
# We begin with a picture that is alike everywhere: a piece of fur from the forehead, shrunk to 49 x 72 pixels. So small
# a picture leaves time for more steps at the fine scales, where the hairs are: each scale gets 0.7 times as many as the
# one before (`share`).

# %%
fur = texture.prepare_photo(original[4:72, 90:190], longest=72)
fur_model = one_photo.OnePhotoGAN(fur, longest=72, seed=SEED)
fur_model.fit(NUM_FUR_STEPS, share=0.7, verbose=True)
furs = fur_model.sample(8, seed=1)
plots.show_photos(
    np.concatenate([fur[None], furs]),
    "First the fur of the photo, then eight pieces of fur that the generator drew from fresh noise.",
    columns=3,
    scale=4,
)

# %% [markdown]
# These are *drawn anew*: fresh noise at all scales. The hairs lie elsewhere each time, and so do pale and dark
# spots, which the piece has in its corners.
# More noise, more picture: nothing in the networks depends on the size, and nothing happens at the
# borders, since no network has ever met one.

# %%
plots.show_photos(
    fur_model.sample(1, seed=3, size=(96, 224)), "96 x 224 pixels of fur, drawn anew.", scale=3
)
matched_furs = np.stack([texture.rearrange(fur, seed) for seed in range(2)])
for name, several in {
    "drawn anew": furs[:4],
    "patch matching": matched_furs,
    "mirrored": fur[None, :, ::-1],
}.items():
    far = np.mean([np.median(texture.patch_distances(one, fur, 7, step=4)) for one in several])
    contrast = np.abs(np.diff(several, axis=2)).mean() / np.abs(np.diff(fur, axis=1)).mean()
    print(f"{name:14}: patch distance {far:.3f}, contrast between neighbors {contrast:.0%}")

# %% [markdown]
# Expected, for this one training: drawn anew a distance of about 0.05 and a contrast of 105 to 125 %; patch matching 0.01 and
# 73 %; mirrored 0.047 and 100 %. Drawn anew is as far from the piece as its mirror image. Patch matching copies and
# averages, so that fur comes out smoother than it is. (With 400 steps and a piece a little further to the right, three
# trainings gave more spots and blotches. How well a small network of this kind does depends on steps and luck.)
#
# ## 5. The face: here it does not (core, 16 minutes)
#
# The same networks, on the photo of the cat, with the same four scales from 20 pixels on. Its pictures are larger, and
# each scale has half as many steps as the one before.

# %%
model = one_photo.OnePhotoGAN(original, longest=96, seed=SEED)
history = model.fit(NUM_CAT_STEPS, verbose=True)

# %% [markdown]
# Expected, over three seeds: errors from 0.035 to 0.038 at the coarsest scale, from 0.048 to 0.060 at the finest.

# %%
anew = model.sample(6, seed=1)
varied = model.sample(3, seed=1, first_scale=1)
plots.show_photos(
    np.stack([photo, model.reconstruction()]),
    "Left: the photo. Right: what the fixed noise becomes: the same cat, softer.",
    columns=2,
    scale=4,
)
plots.show_photos(
    anew,
    "Six pictures drawn anew: fur, dark spots and pale places, each time elsewhere. None is a cat.",
    columns=3,
    scale=4,
)
plots.show_photos(
    varied,
    "Three pictures with noise from scale 1 on: the same cat, three times, with small differences.",
    columns=3,
    scale=4,
)

# %% [markdown]
# 30 x 40 x 3 random numbers, four small generators, and a cat comes out. **"It has understood the cat."** No: it has
# memorized this photo, as the reconstruction loss demands, for one fixed noise and no other. Fresh noise at all scales
# gives fur and dark spots in any order, as in section 2. The last three take the coarsest scale from the
# *photo*, and draw only the finer ones. Nothing lies between "another arrangement" and "the same cat".
#
# ### Try it (3 minutes)
#
# `Scale` says where noise enters: 0 draws everything, 3 only the finest detail. `Seed` chooses the noise. With scale
# 1 or more the photo's coarse picture is stretched to the size that you choose.
#
# 1. Scale 0, seeds 0 to 9: do you find a cat?
# 2. Scale 1, several seeds: what changes, what never does?
# 3. Scale 1, width 144, height 32. What became of the eyes?

# %%
widgets.live_figure(
    lambda **controls: one_photo.sample_figure(model, **controls),
    {
        "seed": widgets.Whole("Seed", 0, 999, 0),
        "first_scale": widgets.Slider("Scale", 0, 3, 1, 0),
        "height": widgets.Slider("Height", 32, 144, 8, 64),
        "width": widgets.Slider("Width", 32, 144, 8, 96),
    },
    name="onephoto",
    width=440,
)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1. Now and then two dark spots lie side by side and one *sees* a face. The network does not.
# 2. Strands of fur and details inside the eyes change; where the eyes, the nose and the outline are never does.
# 3. It squeezes the face: it has no idea that eyes are round; a stretched coarse picture is all it knows.
# </details>
#
# ### Is it new? Is it a face?
#
# "It has no anatomy" is an impression from a few pictures. Two measurements. First the distance of section 1, for patches
# of growing side. An exact copy stays at 0. A copy with
# small changes rises to the size of the changes, and stays there. The mirrored photo again is the yardstick.

# %%
sides = (3, 7, 11, 21, 31)
pictures = {
    "noise from scale 0": anew[:3],
    "noise from scale 1": varied,
    "patch matching": matched[:3],
    "mirrored photo": mirrored[None],
}
distance = {
    name: [
        np.mean([np.median(texture.patch_distances(one, photo, side, 4)) for one in several])
        for side in sides
    ]
    for name, several in pictures.items()
}
print("side of a patch:   ", *(f"{side:6}" for side in sides))
for name, values in distance.items():
    print(f"{name:19}", *(f"{value:6.3f}" for value in values))
plots.curves(
    distance,
    "Median distance to the photo's nearest patch, by the side of the patch. Drawn anew and mirrored rise "
    "together. With noise from scale 1 on the curve flattens out: a copy with other fur. Patch matching is lowest at first.",
    "side of a patch, pixels",
    "distance",
    x=sides,
)

# %% [markdown]
# Expected, over three trainings, slightly widened:
#
# | side of a patch | 3 | 11 | 31 |
# |---|---|---|---|
# | noise from scale 0 | 0.02 to 0.03 | 0.07 to 0.08 | 0.12 to 0.14 |
# | noise from scale 1 | 0.02 to 0.03 | 0.045 to 0.055 | 0.055 to 0.07 |
# | patch matching, three sets of noises | 0.008 to 0.012 | 0.015 to 0.03 | 0.07 to 0.09 |
# | mirrored photo | 0.021 | 0.072 | 0.134 |
#
# - With noise from scale 1 on the curve flattens out: each
#   large square, half the picture's height, is one of the photo, up to its fur. **A copy with other fur.**
# - Drawn anew and mirrored rise together: large patches are new. But the mirrored photo is a cat.
# - Patch matching stays lower: it averages copies, and only their arrangement is new.
#
# The distance says *new*, it does not say *good*. A high value is no merit: noise has the highest.
#
# Second, the anatomy. In the photo the pixels darker than 0.2 are mostly those of the eyes. Put boxes around them. Which
# share of a picture's dark pixels lies in the boxes?

# %%
eyes = np.zeros(photo.shape[:2], bool)
eyes[18:32, 28:46] = True
eyes[21:36, 61:74] = True


def share_in_eyes(pictures):
    dark = pictures.mean(axis=-1) < 0.2
    return dark[:, eyes].sum() / max(1, dark.sum())


many = {f"noise from scale {k}": model.sample(NUM_DRAWN, 5, first_scale=k) for k in (0, 1)}
print(f"the boxes cover {eyes.mean():.0%} of the picture")
for name, drawn in {"the photo": photo[None], **many, "patch matching": matched}.items():
    print(f"{name:18}: {share_in_eyes(drawn):4.0%} of the dark pixels in the boxes")

# %% [markdown]
# Expected: the photo has 61 % there, pictures with noise from scale 1 on 54 to 74 %. Drawn anew it is 5 to 12 % over three
# trainings, by patch matching 3 to 10 % over three sets of six noises: chance, since the boxes cover 7 %.
#
# ### Exercise 13.6: what went wrong? (4 minutes)
#
# The pictures drawn anew show fur and dark spots, and no face. Their curve of distances ends near the mirrored photo's. Patch
# matching, which trains nothing, puts eyes anywhere too. With noise from scale 1 on there is always a face. Which **one**
# explanation fits all of this?
# - **a** Mode collapse: the generator draws the same picture again and again.
# - **b** It was trained too briefly; with ten times the steps it would draw other cats.
# - **c** The discriminator is too strong, so the generator gets no gradient any more.
# - **d** Beyond the reach of a patch nothing in one photo says what belongs where.
# - **e** It has memorized the photo; it needs regularization.

# %% tags=["exercise"]
# -- stub --
answer_6 = ...
# -- solution --
answer_6 = "d"

# %% tags=["check"]
checks.check_choice(
    "13.6",
    answer_6,
    expected="d",
    options="abcde",
    hints={
        "a": "then the pictures would be alike; look at the six again.",
        "b": "then the method that needs no training would not fail in the same way.",
        "c": "without a gradient there would be no fur either, and no copy of the cat.",
        "e": "a memorized photo has its eyes in place, and its distances stay low.",
    },
    hint="Which explanation says something about patch matching, too?",
    why="Spots and fur fit into a patch and are learned; the arrangement of a face does not. One photo shows one arrangement, "
    "and nobody can tell from it what may vary.",
)

# %% [markdown]
# ## 6. Whose fault? An experiment (core, 10 minutes)
#
# Two causes must be kept apart: what the *photo* lacks and what the *model* does. What patch matching shares with the
# network is no fault of the training. What only the network does is the model's: blurred eyes and streaks, where patch
# matching is sharp. Another habit of many networks is their border. With `padding="same"` every convolution
# sees zeros beyond the edge, and can tell *where it is* from that (Xu et al. 2021).
#
# ### Exercise 13.7: design the experiment (4 minutes)
#
# `OnePhotoGAN(..., border="zeros")` pads every layer with zeros; the default, `"mirror"`, does not. You suspect: *zeros at
# the border keep things in their place*. Which two trainings test that? All are of the cat unless it says so.
# - **a** zeros with 500 steps, and mirror with 1,000 steps, same seed
# - **b** zeros with seed 0, and zeros with seed 1
# - **c** zeros of the cat, and mirror of the fur, same seed and steps
# - **d** zeros and mirror, same scales, steps and seed; then the same again with two other seeds
# - **e** zeros with five scales, and mirror with four, same seed

# %% tags=["exercise"]
# -- stub --
answer_7 = ...
# -- solution --
answer_7 = "d"

# %% tags=["check"]
checks.check_choice(
    "13.7",
    answer_7,
    expected="d",
    options="abcde",
    hints={
        "a": "two things differ: a difference may come from the number of steps.",
        "b": "the border is the same in both: that measures what the seed does.",
        "c": "two things differ: fur has no arrangement to keep.",
        "e": "two things differ: another pyramid sees other things.",
    },
    hint="One thing may differ, the suspect; and one seed could be luck.",
    why="One thing changed, all else equal, and more than one seed to see how much luck is in it.",
)

# %% [markdown]
# We run it with one seed, at two scales to save time; the numbers below are for more. The mean of many pictures
# shows what is always in the same place. If nothing is, its pixels still differ a little, by chance: by the spread of a
# pixel, divided by the root of the number of pictures.

# %%
means, firsts = [], []
for border in ("zeros", "mirror"):
    tried = one_photo.OnePhotoGAN(original, longest=49, num_scales=2, border=border, seed=SEED)
    tried.fit(NUM_BORDER_STEPS)
    drawn = tried.sample(NUM_DRAWN, seed=6)
    firsts.append(drawn[0])
    means.append(drawn.mean(axis=0))
    spread, chance = means[-1].std(axis=(0, 1)).mean(), drawn.std(axis=0).mean() / len(drawn) ** 0.5
    print(f"{border:6}: spread over the mean picture {spread:.3f}, by chance alone {chance:.3f}")
plots.show_photos(
    np.stack([firsts[0], means[0], firsts[1], means[1]]),
    "Zeros at the border, one picture and the mean of 48; then mirrored borders, one picture and the mean of 48. "
    "With zeros the mean has a brown middle and a pale rim; mirrored, it is one even brown.",
    columns=4,
    scale=5,
)

# %% [markdown]
# Expected: with zeros 0.042 to 0.046 over three seeds, three times what chance leaves over in a mean of 48 pictures; with
# mirrored borders 0.015 to 0.018 over two, hardly more than chance. So the layout in the first mean is the zeros' doing: a
# fault of the model, or a help, as one likes. The missing *face* remains in both, and in patch matching: that is
# the data.
#
# ## 7. Your own photograph (core, 4 minutes)
#
# Three lines, and a minute of training; upload the file next to this notebook first:
#
# ```python
# mine = one_photo.OnePhotoGAN("my_photo.jpg")
# mine.fit(verbose=True)
# plots.show_photos(mine.sample(8, first_scale=1), "My photo, varied.", columns=4)
# ```
#
# (In a new notebook, first `from course_utils import plots` and
# `from course_utils.lessons.one_photograph import one_photo`.) With `first_scale=1` you get your photo with other
# small details. Leave it out to draw everything anew: for pictures that are alike everywhere, like the fur. Gray
# photos get three equal channels, transparent ones a white ground,
# and a photo that the camera stored sideways is turned upright. Whatever cannot be used is refused with a sentence:

# %% tags=["check-output"]
bad = {
    "a missing file": "my_foto.jpg",
    "a tiny photo": np.zeros((20, 60, 3), np.uint8),
    "a narrow photo": np.zeros((50, 900, 3), np.uint8),
    "pixels beyond 1": np.full((64, 64, 3), 200.0),
    "int64 numbers": np.zeros((64, 64, 3), int),
    "several photos": np.zeros((2, 64, 64, 3), np.uint8),
    "no picture": None,
}
for name, given in bad.items():
    try:
        one_photo.OnePhotoGAN(given)
    except (OSError, TypeError, ValueError) as error:
        print(f"{name:16} {type(error).__name__}: {error}")

# %% [markdown]
# A photo of people is personal data, and what is memorized can be drawn: section 5 has shown that the photo itself is
# one of the outputs. Ask before you train on somebody's face, and before you pass such a model on.

# %% [markdown]
# ### Transparent pixels (optional, 5 minutes)
#
# ### Exercise 13.8: transparent pixels (4 minutes)
#
# A photo with an opacity channel (often called *alpha*) has a fourth number $a$ for each pixel: 0 is clear like
# glass, 1 is opaque. Put it on white paper: the color seen is $a$ times its own plus $1 - a$ times white. Write it
# for an array (height, width, 4) with values in [0, 1]; the result has the shape (height, width, 3).


# %% tags=["exercise"]
def on_white(pixels):
    # -- stub --
    return ...
    # -- solution --
    opacity = pixels[..., 3:]
    return opacity * pixels[..., :3] + (1 - opacity)


# %% tags=["check"]
random = np.random.default_rng(3)
checks.check_function(
    "13.8",
    on_white,
    expected=lambda pixels: pixels[..., 3:] * pixels[..., :3] + 1 - pixels[..., 3:],
    cases=[random.random((2, 3, 4)), random.random((4, 2, 4))],
    hints=mistakes.ON_WHITE,
    hint="pixels[..., 3:] keeps its last axis, and so multiplies all three colors.",
    why="The same as in texture.prepare_photo. Dropping the channel would show colors nobody was to see.",
)

# %% [markdown]
# ## 8. Beside the real SinGAN (optional, 4 minutes)
#
# | | here | SinGAN (Shaham et al. 2019) |
# |---|---|---|
# | size of the pictures | 64 x 96 | up to 250 pixels on the longer side |
# | coarsest scale | 20 pixels on the shorter side | about 25 pixels |
# | step between scales | a factor of about 1.5, four scales | about 4/3, more scales |
# | border | none: larger noise, mirrored pixels | zeros around the input |
# | game | hinge loss with a penalty on the gradient | WGAN-GP |
# | training | about a minute, two CPU cores | half an hour, on a GPU |
# | normalization | of each picture, in the generator only | batch normalization |
#
# More effort does not supply what one photo lacks: their discriminators judge patches of 11 x 11 as
# well, and there too the layout hangs on the zeros at the border (Xu et al. 2021). Later work trains several scales
# together and faster (Hinz et al. 2021), or goes without training, as section 2 does: Granot et al. (2022) match patches,
# and in addition see to it that every patch of the photo is used.
#
# What takes the place of a second cat, if there is none? *Knowledge from elsewhere.* A generator trained on photos
# of thousands of cats (lesson 12 does it with silhouettes), to which one photo is added, knows what may vary.
#
# ## Recap
#
# - One photo is thousands of patches, and one picture.
# - Matching patches copies them, coarse to fine: sharp, no training, no idea of the whole.
# - A pyramid of fully convolutional networks learns patches at every scale and draws pictures of any size. On a
#   texture it works.
# - Of a face it draws the parts, not the arrangement: patch matching fails alike, so it is the data that lack it.
# - Zeros at the border keep things in place: the model's doing, and gone without the zeros.
# - *New* is not *good*: a distance to the photo says the first only. Give it a yardstick.
# - To find a cause, change one thing, and repeat it with other seeds.
#
# **Try next** `one_photo.OnePhotoGAN(original, coarsest=12, num_scales=5)`: one receptive field then holds both eyes. What
# becomes of the pictures that are drawn anew, and what of their distance to the photo?
#
# **Solutions** are in [the solved twin](solutions/13_one_photograph.ipynb).
#
# **Sources**
# - T. Rott Shaham, T. Dekel and T. Michaeli, *SinGAN: Learning a Generative Model from a Single Natural Image*, 2019,
#   [arXiv:1905.01164](https://arxiv.org/abs/1905.01164).
# - A. Efros and W. Freeman, *Image Quilting for Texture Synthesis and Transfer*, SIGGRAPH 2001,
#   [doi:10.1145/383259.383296](https://doi.org/10.1145/383259.383296).
# - L. Mescheder, A. Geiger and S. Nowozin, *Which Training Methods for GANs do actually Converge?*, 2018,
#   [arXiv:1801.04406](https://arxiv.org/abs/1801.04406): the penalty.
# - R. Xu et al., *Positional Encoding as Spatial Inductive Bias in GANs*, 2021,
#   [arXiv:2012.05217](https://arxiv.org/abs/2012.05217): zeros at the border tell networks where they are.
# - T. Hinz et al., *Improved Techniques for Training Single-Image GANs*, 2021,
#   [arXiv:2003.11512](https://arxiv.org/abs/2003.11512).
# - N. Granot et al., *Drop the GAN: In Defense of Patches Nearest Neighbors as Single Image Generative Models*, 2022,
#   [arXiv:2103.15545](https://arxiv.org/abs/2103.15545).
# - D. Ulyanov, A. Vedaldi and V. Lempitsky, *Instance Normalization*, 2016,
#   [arXiv:1607.08022](https://arxiv.org/abs/1607.08022).
# - Photo: *Chelsea* by Stefan van der Walt, CC0, in S. van der Walt et al., *scikit-image*, 2014,
#   [doi:10.7717/peerj.453](https://doi.org/10.7717/peerj.453).
