# %% [markdown]
# # 13 · One photograph
#
# **After this lesson you can**
# - turn a single photograph into a dataset of thousands of patches, and say what that dataset lacks;
# - sew new pictures from its patches without any network, and check the shortest seam;
# - train a patch-based generator, coarse to fine, on one photo, and draw pictures of any size;
# - measure what such a generator has learned, and what it cannot learn;
# - do the same with a photograph of your own.
#
# **You need** the game between generator and discriminator (lesson 05), the hinge loss (lesson 06) and
# convolutions (lesson 03). In short: a *generator* turns random numbers into a picture, a *discriminator*
# gives *logits*, numbers that are larger the more real something looks, and each is trained against the
# other.
#
# **Time** 90 minutes: 80 for the core sections, 10 for the optional one. All cells together run for about
# a minute and a half on two CPU cores; most of it is the training in section 4.

# %% [markdown]
# ## Setup
#
# "To generate a cat, prepare *a* cat picture" is advice that one meets on the web. A generator is trained on
# thousands of pictures, as in lessons 06 and 12. What happens if we take the advice at its word, and there
# is exactly one?

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import itertools

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, plots, widgets
from course_utils.lessons.one_photograph import one_photo, texture
from course_utils.models import gan_losses

# %% tags=["parameters"]
SEED = 0
NUM_HAND_STEPS = 300  # test: 3
NUM_STEPS = 1600  # test: 4
NUM_DRAWN = 48  # test: 4

# %% [markdown]
# ## 1. A photograph as a dataset (core, 10 minutes)
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
        57 * 89: "one more in each direction: with 7 pixels there is one place, not none.",
        9 * 13: "those do not overlap; count every place.",
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
    ],
    hints=[
        (
            lambda patch, known: np.sqrt(((known - patch) ** 2).mean()),
            "that is over all known patches at once; take the mean of each patch, then the least.",
        ),
        (
            lambda patch, known: ((known - patch) ** 2).mean(axis=(1, 2, 3)).min(),
            "the square root is missing.",
        ),
    ],
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
#
# ## 2. Sewing instead of learning (core, 12 minutes)
#
# Before a network, the best method that needs none. **Image quilting** (Efros and Freeman 2001) takes square
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
# `texture.quilt` does the sewing, about seventy lines of NumPy with its checks. The side of a block is its
# one important setting:

# %%
quilts = {
    f"blocks of {side}": texture.quilt(photo, (64, 96), side, side // 3, seed=SEED)
    for side in (8, 16, 32)
}
plots.show_photos(
    np.stack([photo, *quilts.values()]),
    "The photo, and pictures sewn from its blocks of 8, 16 and 32 pixels: pieces of the photo, an eye and a nose "
    "among them, in a new arrangement.",
    columns=4,
    scale=2,
)

# %% [markdown]
# The block that fits best is often the photo's own next one. So quilting copies whole pieces, at every block
# size: an eye with 8, a nose with 16, half a face with 32. None of them *knows* a face; another eye further
# down fits just as well. Every pixel is a copy. Quilting was made for *textures*, where it is excellent. Cut a
# piece of fur out of the forehead, and sew a blanket:

# %%
fur = texture.prepare_photo(original[8:78, 110:250], longest=96)
blanket = texture.quilt(fur, (96, 160), block=20, overlap=7, seed=SEED)
plots.show_photos(fur, "A piece of the forehead, enlarged.", scale=3)
plots.show_photos(blanket, "A blanket sewn from that piece: endless fur.", scale=3)

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
    """Five convolutions: (n, height, width, 3) to (n, height, width, outputs), for any size."""
    layers = [keras.Input((None, None, 3))]
    for _ in range(4):
        layers.append(keras.layers.Conv2D(32, 3, padding="same"))
        if normalize:
            layers.append(keras.layers.GroupNormalization(groups=-1))
        layers.append(keras.layers.LeakyReLU(negative_slope=0.2))
    return keras.Sequential([*layers, keras.layers.Conv2D(outputs, 3, padding="same")])


keras.utils.set_random_seed(SEED)
generator = patch_network(outputs=3, normalize=True)
discriminator = patch_network(outputs=1, normalize=False)

# %% [markdown]
# `GroupNormalization(groups=-1)` brings each channel of *each picture* to mean 0 and spread 1 (*instance
# normalization*): our batches are one or two pictures, too few for a mean over the batch. The discriminator has
# none, since each of its logits should depend on a patch alone.

# %% tags=["check-output"]
for size in ((12, 18), (20, 50)):
    latents = tf.random.normal((1, *size, 3))
    made = tf.tanh(generator(latents))
    print("noise", latents.shape, "-> picture", made.shape, "-> logits", discriminator(made).shape)
print("parameters:", generator.count_params(), "and", discriminator.count_params())
same = one_photo.patch_network(normalize=True).count_params() == generator.count_params()
print("as many as in the package's version:", same)

# %% [markdown]
# The latents are a noise *picture* $z$ with three channels, as large as the picture that is wanted. That is how
# the size can be chosen at will: more noise, more picture. `tanh` keeps the pixels in [-1, 1].
#
# ### Exercise 13.4: how far does it see? (4 minutes)
#
# The *receptive field* of a logit (lesson 03) is the square of pixels that it depends on. One convolution of 3 x 3
# sees 3 x 3. What side does it have after **seven** of them, one after the other, all with stride 1?

# %% tags=["exercise"]
# -- stub --
answer_4 = ...
# -- solution --
answer_4 = 1 + 2 * 7

# %% tags=["check"]
checks.check_number(
    "13.4",
    answer_4,
    expected=15,
    hints={
        21: "the squares overlap: each further convolution adds one pixel on each side.",
        3**7: "that would take windows without overlap, with stride 3.",
        14: "the pixel in the middle counts too.",
        11: "that is what five of them see.",
    },
    hint="The first sees 3; the next one pixel further on each side: 5. Go on.",
    why="Each adds 2 pixels to the side: 1 + 7 x 2 = 15. Our five see 1 + 5 x 2 = 11.",
)

# %% [markdown]
# Measured for our five, by back-propagation: which input pixels have a gradient on one logit?

# %% tags=["check-output"]
picture = tf.Variable(tf.random.normal((1, 31, 31, 3)))
with tf.GradientTape() as tape:
    logit = discriminator(picture)[0, 15, 15, 0]
touched = np.abs(tape.gradient(logit, picture)[0]).sum(axis=-1) > 0
rows, columns = np.flatnonzero(touched.any(axis=1)), np.flatnonzero(touched.any(axis=0))
print("rows", rows.min(), "to", rows.max(), "and columns", columns.min(), "to", columns.max())
print("a square of", len(rows), "x", len(columns))

# %% [markdown]
# This holds for the discriminator. The generator's normalizations look at the whole picture, if only through two
# numbers a channel.
#
# ### Coarse to fine
#
# At 64 x 96 pixels a square of 11 x 11 is a bit of fur, or half an eye. On a *shrunken* photo the same square
# holds half of the face. So we use a **pyramid**: the photo at five sizes, one pair of networks for each.

# %%
sizes = one_photo.pyramid_sizes((64, 96), num_scales=5, coarsest=12)
pyramid = [texture.resize(photo, size) for size in sizes]
for scale, (height, width) in enumerate(sizes):
    share = 11 * 11 / (height * width)
    print(
        f"scale {scale}: {height:2} x {width:2} pixels; 11 x 11 of them are {share:.0%} of the photo"
    )
enlarged = [texture.resize(level, sizes[-1]) for level in pyramid]
plots.show_photos(
    np.stack(enlarged),
    "The photo at the scales 0 to 4, all enlarged to one size, from coarse to fine: dark places at scale 0, an "
    "eye from scale 1 on, fur from scale 3 on.",
    columns=5,
    scale=2,
)

# %% [markdown]
# Expected: 56, 25, 10, 5 and 2 %. The coarsest pair arranges large things, the finest adds fur.
#
# ### One step, written out, at the coarsest scale
#
# The generator makes a picture of 12 x 18 from noise: $G(z) = \tanh F(z)$, with the network $F$ that is called
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
    ],
    hints=[
        (
            lambda logits, made, real, alpha: logits.mean() + alpha * ((made - real) ** 2).mean(),
            "the generator wants large logits, and a loss is made small: mind the sign.",
        ),
        (
            lambda logits, made, real, alpha: -logits.mean() + alpha * ((made - real) ** 2).sum(),
            "take the mean of the squares, not the sum.",
        ),
    ],
    hint="Minus the mean logit, plus alpha times the mean squared error.",
    why="The first part asks for patches that pass as real, the second for the photo itself.",
)

# %% [markdown]
# The step: both losses from the same pictures, then one update of each network, by its own loss only. Here
# `gan_losses.hinge_generator_loss` and the squared error make up what you have just written.

# %%
real = tf.constant(pyramid[0][None] * 2 - 1)
fixed_noise = tf.random.stateless_normal((1, *sizes[0], 3), seed=(SEED, 0))
for_generator = keras.optimizers.Adam(1e-3, beta_1=0.5)
for_discriminator = keras.optimizers.Adam(1e-3, beta_1=0.5)
players = [(for_discriminator, discriminator), (for_generator, generator)]
for optimizer, network in players:
    optimizer.build(network.trainable_variables)


# %%
@tf.function
def train_step(seed):
    """Update both networks once; returns the error of the reconstruction, from 0 to 1."""
    noise = tf.random.stateless_normal((2, *sizes[0], 3), seed=seed)
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
noise = tf.random.stateless_normal((6, *sizes[0], 3), seed=(SEED, 99))
drawn = tf.tanh(generator(tf.concat([fixed_noise, noise], axis=0)))
plots.show_photos(
    np.concatenate([pyramid[0][None], (drawn.numpy() + 1) / 2]),
    "After 300 steps at the coarsest scale: the photo, its reconstruction, and six pictures from fresh "
    "noise, mostly in the photo's colors.",
    columns=8,
    scale=5,
)

# %% [markdown]
# Expected: the error falls from about 0.3 to between 0.02 and 0.06, not evenly, since the game pulls too. The fixed
# noise already becomes a cat of 12 x 18 pixels. The fresh ones have most of the photo's colors and hardly an
# arrangement. Section 4 starts anew and takes five times as many steps.
#
# ## 4. All scales, and new sizes (core, 15 minutes)
#
# A finer generator gets the picture $y$ from the next coarser scale, enlarged, and *adds* what is missing
# (Shaham et al. 2019):
#
# $$G_k(z, y) = y + \tanh\big(F_k(y + \sigma_k z)\big),$$
#
# with the network $F_k$ (a sum beyond $\pm 1.2$ is clipped there, and to the range of colors when a picture is drawn) and
# noise of strength $\sigma_k$, 0.3 times the root mean squared difference between the
# enlarged reconstruction and the photo at this scale. In the reconstruction itself the finer scales get no noise.
# `OnePhotoGAN.fit` trains scale after scale; what is coarser stays as it is. Each scale has half as many steps as
# the one before, since its pictures are larger. One minute:

# %%
model = one_photo.OnePhotoGAN(original, longest=96, seed=SEED)
history = model.fit(NUM_STEPS, verbose=True)

# %% [markdown]
# Expected, over three seeds: errors from 0.015 to 0.02 at the coarsest scale, from 0.034 to 0.041 at the finest. Each
# scale inherits the errors of the coarser ones and has finer detail to add.

# %%
plots.show_photos(
    np.stack([photo, model.reconstruction()]),
    "Left: the photo. Right: what the fixed noise becomes: the same cat, clearly softer; most stripes, the "
    "whiskers and the red of the nose are gone.",
    columns=2,
    scale=4,
)

# %% [markdown]
# 12 x 18 x 3 random numbers, five small generators, and a cat comes out. **"It has understood the cat."** No: it has
# memorized this photo, as the reconstruction loss demands, for one fixed noise and no other.
# New pictures come from fresh noise at all scales. We call that *drawn anew*:

# %%
anew = model.sample(12, seed=1)
plots.show_photos(
    anew,
    "Twelve pictures drawn anew: fur, dark spots and slanting dark streaks, each time elsewhere; the "
    "blurred background stays at the right. None is a cat.",
    columns=4,
    scale=2,
)

# %% [markdown]
# Something of everything, and, background aside, hardly anything in its place. In one or two of them (the tenth, say)
# two dark spots happen to lie side by side and one *sees* a face; section 5 counts where the dark spots lie. Instead,
# noise may enter later: take the coarse scales from the *photo*, and draw only the finer ones. How much do four such
# pictures differ?

# %%
fours = [model.sample(4, seed=2, first_scale=first) for first in (0, 1, 2, 3)]
for first, four in enumerate(fours):
    print(f"noise from scale {first} on: spread of a pixel {four.std(axis=0).mean():.3f}")
plots.show_photos(
    np.concatenate(fours),
    "Noise from scale 0, 1, 2 and 3 on, from top to bottom. The pictures of the top row differ in everything; in "
    "the rows under it the same cat looks at us four times, with small differences in the fur.",
    columns=4,
    scale=2,
)

# %% [markdown]
# Expected: a spread of 0.06 to 0.075 with noise from scale 0 on, of 0.02 to 0.025 from scale 1 on, and less after
# that. There is nothing between "another arrangement" and "the same cat with other small details". Look closely:
# what differs in the top row is the *face*; the background and the pale left edge stay even there, and section 5 finds
# out why. In the rows below, the pupils vary a little, too.

# %% [markdown]
# ### Any size
#
# More noise, more picture: nothing in the networks depends on the size.

# %%
long = model.sample(1, seed=3, size=(64, 224))
tall = model.sample(2, seed=4, size=(128, 72))
plots.show_photos(long, "64 x 224 pixels drawn anew: more fur with more dark spots.", scale=3)
plots.show_photos(
    tall,
    "Two pictures of 128 x 72 pixels drawn anew: fur with dark spots, background at the right.",
    scale=2,
)

# %% [markdown]
# ### Try it
#
# `Scale` says where noise enters: 0 draws everything, 4 only the finest detail. `Seed` chooses the noise. With scale
# 1 or more the photo's coarse picture is stretched to the size that you choose.
#
# 1. Scale 0, seeds 0 to 9: do you find a cat?
# 2. Scale 1, several seeds: what changes, what never does?
# 3. Scale 0, width 144, height 32; then scale 1 at the same size. What became of the eyes?

# %%
widgets.live_figure(
    lambda **controls: one_photo.sample_figure(model, **controls),
    {
        "seed": widgets.Whole("Seed", 0, 999, 0),
        "first_scale": widgets.Slider("Scale", 0, 4, 1, 0),
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
# 3. Scale 0 fills the strip with spots of the usual size. Scale 1 squeezes the face: it has no idea that
#    eyes are round; a stretched coarse picture is all it knows.
# </details>
#
# ## 5. What it has not learned, measured (core, 15 minutes)
#
# "It has no anatomy" is an impression from a few pictures. Two measurements.
#
# **Is it new?** The distance of section 1, now for patches of growing side. An exact copy stays at 0. A copy with
# small changes rises to the size of the changes, and stays there. The mirrored photo again is the yardstick.

# %%
sides = (3, 5, 7, 11, 15, 21, 31)
step = 4  # every fourth patch, both ways, is enough for a median
pictures = {
    "noise from scale 0": anew[:4],
    "noise from scale 1": model.sample(4, seed=1, first_scale=1),
    "quilt of 16": np.stack([texture.quilt(photo, (64, 96), 16, 5, seed=i) for i in range(2)]),
    "mirrored photo": mirrored[None],
}
distance = {
    name: [
        np.mean([np.median(texture.patch_distances(one, photo, side, step)) for one in several])
        for side in sides
    ]
    for name, several in pictures.items()
}

# %%
print("side of a patch:   ", *(f"{side:6}" for side in sides))
for name, values in distance.items():
    print(f"{name:19}", *(f"{value:6.3f}" for value in values))
plots.curves(
    distance,
    "Median distance to the photo's nearest patch, by the side of the patch. Drawn anew and mirrored rise "
    "together; with noise from scale 1 on the curve flattens out: a copy with other fur.",
    "side of a patch, pixels",
    "distance",
    x=sides,
)

# %% [markdown]
# Expected, over three trainings, slightly widened:
#
# | side of a patch | 3 | 11 | 31 |
# |---|---|---|---|
# | noise from scale 0 | 0.02 to 0.03 | 0.06 to 0.075 | 0.11 to 0.13 |
# | noise from scale 1 | 0.02 to 0.03 | 0.04 to 0.06 | 0.055 to 0.07 |
# | quilt | 0 | 0.03 to 0.05 | 0.11 to 0.14 |
# | mirrored photo | 0.021 | 0.072 | 0.134 |
#
# Read it from left to right.
# - *Small* patches of all of them are near the photo's. Those of the mirrored photo are too, so patches of side 3 or
#   5 cannot tell a new cat from an old one.
# - With noise from scale 1 on the curve flattens out at about 0.06, half of the mirrored photo's or less: each
#   large square, half the picture's height, is one of the photo, up to its fur. **A copy with other fur.**
# - Drawn anew, large patches are nearly as far from the photo as those of the mirrored one. They are new. But the
#   mirrored photo is a cat.
# - The quilt starts at 0 and ends among the new ones: copied blocks, newly arranged.
#
# The distance says *new*, it does not say *good*. A high value is no merit: noise has the highest.
#
# **Is there an anatomy?** In the photo the pixels darker than 0.2 are mostly those of the eyes; some belong to the
# nose and to a corner of the background. Mark them, and two boxes where the photo has its eyes. Which share of a
# picture's dark pixels lies there?


# %%
eyes = np.zeros(photo.shape[:2], bool)
eyes[18:32, 28:46] = True
eyes[21:36, 61:74] = True


def dark_pixels(pictures):
    """Which pixels are darker than 0.2: (n, height, width, 3) to (n, height, width)."""
    return pictures.mean(axis=-1) < 0.2


def share_in_eyes(pictures):
    dark = dark_pixels(pictures)
    return dark[:, eyes].sum() / max(1, dark.sum())


# %%
sewn = np.stack([texture.quilt(photo, (64, 96), 16, 5, seed=i) for i in range(12)])
many = {f"noise from scale {k}": model.sample(NUM_DRAWN, 5, first_scale=k) for k in (0, 1, 2)}
print(f"the boxes cover {eyes.mean():.0%} of the picture")
for name, drawn in {"the photo": photo[None], **many, "quilts of 16": sewn}.items():
    print(
        f"{name:18}: {dark_pixels(drawn).sum(axis=(1, 2)).mean():4.0f} dark pixels a picture, "
        f"{share_in_eyes(drawn):4.0%} in the boxes"
    )
maps = [dark_pixels(drawn).mean(axis=0) for drawn in (photo[None], *many.values())]
plots.show_images(
    np.clip(3 * np.stack(maps), 0, 1),
    "How often a pixel is dark (three times as bright as the share): in the photo, and with noise from scale 0, "
    "1 and 2 on. From scale 0 on the dark spots are spread over the face, with more of them where it borders on "
    "the background; from scale 1 on they stay where the photo has them.",
    columns=4,
    scale=2,
)

# %% [markdown]
# Expected: the photo has 181 dark pixels, 61 % of them in the boxes. With noise from scale 0 on there are 120 to 190 a
# picture, and 20 to 28 % in the boxes; from scale 1 on 47 to 63 %. The quilts have 6 %: chance, as the boxes
# cover 7 %. They have few dark pixels at all, since much of them is copied background.
#
# With noise from scale 0 on the *amount* of darkness is about right. Its *place* is not, except for the dark corner
# at the upper right, of which more below. The generator has learned that there are dark spots in fur. It has not
# learned "two, side by side, above the nose". A discriminator that insisted on the photo's arrangement would get the
# photo back, as with noise from scale 1 on. What lies between, *other faces*, cannot be found here: **one** photo
# shows one arrangement, and from one example nobody can tell what may vary and what may not. Whether the ears could
# be longer, or the head turned, is not in the data. You know, since you have seen other cats.
#
# ### Why is the background at the right?
#
# Still, about 20 % in boxes that cover 7 % is better than chance, with a streak of dark pixels where the face borders on
# the background; and the background and its dark corner stay where they are. Both networks look the same everywhere,
# except at the border: there their convolutions see zeros beyond the edge, and can tell
# *where they are* from that (Xu et al. 2021). Test: the mean of many pictures shows what is always in the same place.
# At the coarsest scale, 10 of the 18 columns see the left or the right border; at three times the width, 10 of 54 do.
# The upper and the lower border remain as near as before.

# %%
mean_picture = model.sample(NUM_DRAWN, seed=6).mean(axis=0)
wide = model.sample(max(2, NUM_DRAWN // 4), seed=6, size=(64, 288))
plots.show_photos(
    mean_picture[None],
    "Mean of 48 pictures at the photo's size: a blurred brown block where the head is, background at the right.",
    scale=3,
)
mean_wide = wide.mean(axis=0)
plots.show_photos(
    mean_wide[None],
    "Mean of 12 pictures at three times the width: the photo's left edge at the left, its background at the right, "
    "and between them stripes that run straight across, brown and, at the bottom, pale.",
    scale=2,
)
for part, columns in {"all": slice(None), "middle half": slice(72, 216)}.items():
    between_columns = mean_wide[:, columns].mean(axis=0).std(axis=0).mean()
    between_rows = mean_wide[:, columns].mean(axis=1).std(axis=0).mean()
    print(
        f"{part:11}: spread between columns {between_columns:.3f}, between rows {between_rows:.3f}"
    )

# %% [markdown]
# Expected: between columns 0.02 to 0.03 over the whole width, 0.007 to 0.012 in the middle half: there all columns
# are nearly alike, and the spots still visible are what a mean of 12 pictures leaves over. Between rows the spread
# stays at 0.04 to 0.065, since the upper and the lower border are near everywhere. What the model knows of the layout
# hangs on the borders.
#
# ### Exercise 13.6: what one photo teaches (4 minutes)
#
# Which of these statements are true? Answer with all their letters, such as `"a, b"`.
# - **a** With more training steps the generator would find out what other cats look like.
# - **b** A picture whose *small* patches are all near the photo's may still show no cat.
# - **c** The fixed noise becomes the photo because the generator has understood what is in it.
# - **d** Photos of many different cats would be needed to learn what cats have in common.
# - **e** A large patch distance proves that a picture is a good new one.

# %% tags=["exercise"]
# -- stub --
answer_6 = ...
# -- solution --
answer_6 = "b, d"

# %% tags=["check"]
checks.check_choice(
    "13.6",
    answer_6,
    expected={"b", "d"},
    options="abcde",
    hints={
        "a, b, d": "steps add no data: what is missing is other cats.",
        "b, c, d": "the loss demands that one fixed noise becomes the photo; that is memory.",
        "b, d, e": "noise has the largest distance of all.",
        "b": "one more: what would one photo more of another cat tell?",
        "d": "one more: think of the quilts.",
    },
    hint="Think of the quilts, of the noise in section 1, and of what no single picture can show.",
    why="(a) and (d) are about data, (b) and (e) about what the distance measures, (c) about memory.",
)

# %% [markdown]
# ## 6. Your own photograph (core, 8 minutes)
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
# small details. Leave it out to draw everything anew; that works best with what is the same in many places: a
# meadow, a wall, waves, balloons. Gray photos get three equal channels, transparent ones a white ground,
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
# ### Exercise 13.7: transparent pixels (4 minutes)
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
    "13.7",
    on_white,
    expected=lambda pixels: pixels[..., 3:] * pixels[..., :3] + 1 - pixels[..., 3:],
    cases=[random.random((2, 3, 4)), random.random((4, 2, 4))],
    hints=[
        (
            lambda pixels: pixels[..., :3],
            "that throws the opacity away; clear pixels show their color.",
        ),
        (lambda pixels: pixels[..., 3:] * pixels[..., :3], "that is black paper; white is 1."),
        (
            lambda pixels: (1 - pixels[..., 3:]) * pixels[..., :3] + pixels[..., 3:],
            "the other way round: an opaque pixel, a = 1, shows its own color.",
        ),
    ],
    hint="pixels[..., 3:] keeps its last axis, and so multiplies all three colors.",
    why="The same as in texture.prepare_photo. Dropping the channel would show colors nobody was to see.",
)

# %% [markdown]
# A photo of people is personal data, and what is memorized can be drawn: section 4 has shown that the photo itself is
# one of the outputs. Ask before you train on somebody's face, and before you pass such a model on.
#
# ## 7. Beside the real SinGAN (optional, 10 minutes)
#
# | | here | SinGAN (Shaham et al. 2019) |
# |---|---|---|
# | size of the pictures | 64 x 96 | up to 250 pixels on the longer side |
# | coarsest scale | 12 pixels on the shorter side, of which 11 x 11 see half the area | about 25 pixels |
# | step between scales | a factor of about 1.5, five scales | about 4/3, more scales |
# | game | hinge loss with a penalty on the gradient | WGAN-GP |
# | training | about a minute, two CPU cores | half an hour, on a GPU |
# | normalization | of each picture, in the generator only | batch normalization |
#
# Their pictures are much better than ours, above all for landscapes and the like, where parts may change places. More
# effort does not supply what one photo lacks, though: their discriminators judge patches of 11 x 11 as
# well, and there too the layout hangs on the zeros at the border (Xu et al. 2021). Later work trains several scales
# together and faster (Hinz et al. 2021), or goes without training: at each scale, from coarse to fine, every patch is
# replaced by the photo's nearest (Granot et al. 2022).
#
# What takes the place of a second cat, if there is none? *Knowledge from elsewhere.* A generator trained on photos
# of thousands of cats (lesson 12 does it with silhouettes), to which one photo is added, knows what may vary.
#
# ## Recap
#
# - One photo is thousands of patches, and one picture.
# - Quilting copies blocks along the cheapest seam; no training, exact texture, no idea of the whole.
# - A pyramid of fully convolutional networks learns patches at every scale and draws pictures of any size.
# - Noise at the coarse scales: new, and not a cat. Noise at the fine ones: a cat, and not new. With this photo and
#   this model there was nothing in between.
# - *New* is not *good*: a distance to the photo says the first only. Give it a yardstick.
# - What may vary cannot be learned from one example.
#
# **Try next** `one_photo.OnePhotoGAN(fur)`, then `fit` and `sample`: the same on a piece of fur. Here "drawn anew"
# looks right, since fur has no anatomy. Or `coarsest=24`: one receptive field then holds one eye, but no longer
# both. What becomes of the eyes?
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
