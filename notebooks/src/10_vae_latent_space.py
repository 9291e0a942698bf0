# %% [markdown]
# # 10 · The latent space
#
# **After this lesson you can**
# - read a map of latents, walk on it, and move an attribute from one image to another, with a
#   control;
# - test where a model's samples land, and tell two failures of a VAE apart by pictures and curves;
# - compare a VAE with a GAN by what both have, find out which of their differences matters, and say
#   why some numbers must not stand side by side;
# - in the optional sections: read a low evidence lower bound, explain `beta` as an exchange of rate
#   for distortion, and repair an image whose lower half is missing.
#
# **You need** the VAE (lesson 09), and for section 6 the GAN and the Fréchet distance (lesson 06).
# In short: an *encoder* turns an image $x$ into a normal distribution $q(z \mid x)$ over a few
# numbers $z$, the *latents*, with a mean and a variance for each latent. A *decoder* turns latents
# into a distribution $p(x \mid z)$ over images. Before an image is seen, the latents are standard
# normal: the *prior* $p(z)$. The letter $q$ is here, as in lesson 09, the encoder's distribution of
# latents; in lessons 02, 05 and 12 it is a model's density of images or points.
#
# **Time** 129 minutes: 82 for the core sections, 47 for the optional ones. All cells together run
# for about one and a half minutes on two CPU cores; most of that is section 6.

# %% [markdown]
# ## Setup
#
# The models of sections 1 to 5 ship with the course, trained with the loss of lesson 09. They work
# on images whose pixels are black or white, thresholded at one half (`data.binarize`), and their
# decoder says how likely each pixel is white: a *Bernoulli* likelihood.

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import time

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, metrics, plots, widgets
from course_utils.lessons.vae_latent_space import betas, designs, failures, latent_map, mistakes
from course_utils.lessons.vae_latent_space.pictures import map_figure
from course_utils.models import gan, networks, pretrained, training, vae

# %% tags=["parameters"]
SEED = 0
NUM_BOUND = 500  # test: 5
NUM_REPAIRED = 200  # test: 24
REPAIR_STEPS = 150  # test: 3
BATCH_SIZE = 64
NUM_STEPS = 400  # test: 5
SECONDS_AT_MOST = 120  # a cap for busy machines only
NUM_MEASURED = 10_000  # test: 300

# %%
images, _ = data.load_images("fashion_mnist", split="train")
dataset = data.make_dataset(images, batch_size=BATCH_SIZE, seed=SEED)  # all of them, for section 6
images = images[:NUM_MEASURED].copy()  # these are enough to measure with
gray, labels = data.load_images("fashion_mnist", split="test")
binary = data.binarize(gray)
names = data.class_names("fashion_mnist")
model_2 = pretrained.load("vae_fashion_2")
model_16 = pretrained.load("vae_fashion_16")
print("test images:", binary.shape, "with the pixel values", np.unique(binary))

# %% [markdown]
# All pictures below are made from the 10,000 *test* images, which no model was trained on.
#
# ## 1. A map of all clothes (core, 15 minutes)
#
# With two latents, every image gets a place in the plane: the mean of its $q(z \mid x)$, from here
# on its *code*. No label was used in the training, and none is used here; the colors and markers
# are put on afterwards.

# %%
mean, log_variance = model_2.encode(binary)
print("means:", mean.shape, " log-variances:", log_variance.shape)
map_figure(
    mean,
    labels,
    names,
    "The test images' places on the map, 150 of each kind: trousers and ankle boots have regions of "
    "their own, sneakers border on sandals, and shirts, pullovers and coats share one.",
)

# %% [markdown]
# How well does the map keep kinds apart? Ask each image for its nearest neighbor on the map, and
# count how often the two are of the same kind. Ten kinds of equal size: a random neighbor would be
# right in 10 % of the cases.


# %%
def neighbor_labels(places):
    """The label of each place's nearest other place."""
    found = np.empty(len(places), int)
    for start in range(0, len(places), 500):
        part = places[start : start + 500]
        distances = ((part[:, None] - places[None]) ** 2).sum(axis=2)
        distances[np.arange(len(part)), start + np.arange(len(part))] = np.inf  # not itself
        found[start : start + 500] = labels[distances.argmin(axis=1)]
    return found


same = neighbor_labels(mean) == labels
print(f"neighbor of the same kind: {same.mean():.0%}   (expected: 56 to 61 %)")
for kind in (9, 1, 2, 6):
    print(f"   {names[kind]:12} {same[labels == kind].mean():.0%}")

# %% [markdown]
# Expected: about 80 % for ankle boots and trousers, below 40 % for pullovers and shirts. What has
# an outline of its own gets a place of its own; pullovers, coats and shirts share an outline.
#
# ### Do the places fill the prior?
#
# New images are made from $z \sim \mathcal N(0, I)$. That works only if the decoder has been
# trained there: if all the $q(z \mid x)$ together look about like the prior. Mix them all: draw an
# image, then a $z$ from its $q$. The variance of that mixture is, by the **law of total variance**,
#
# $$\operatorname{Var}[z] = \underbrace{\operatorname{Var}_x\big[\mu(x)\big]}_{\text{spread of the means}}
#  + \underbrace{\mathbb E_x\big[\sigma^2(x)\big]}_{\text{mean of the variances}}.$$
#
# *Proof.* $z = \mu(x) + \sigma(x)\,\varepsilon$ with $\varepsilon$ of mean 0 and variance 1,
# independent of $x$. So $\mathbb E[z] = \mathbb E[\mu]$ and
# $\mathbb E[z^2] = \mathbb E[\mu^2] + \mathbb E[\sigma^2]$, since the mixed term has mean 0.
# Subtract $\mathbb E[\mu]^2$. ∎  Formula and samples:

# %%
variance = np.exp(log_variance)
random = np.random.default_rng(SEED)
draws = mean + np.sqrt(variance) * random.standard_normal((20, *mean.shape))
by_formula = mean.var(axis=0) + variance.mean(axis=0)
by_samples = draws.reshape(-1, 2).var(axis=0)
print("by the formula: ", by_formula.round(3))
print("by 200,000 draws:", by_samples.round(3))
print("they agree to 1 %:", bool(np.allclose(by_formula, by_samples, rtol=0.01)))
print("mean of the variances alone:", variance.mean(axis=0).round(4))
near = np.mean(np.linalg.norm(draws, axis=2) < 1)
print(f"within 1 of the origin: {near:.0%} of the draws, {1 - np.exp(-0.5):.0%} of the prior's")

# %% [markdown]
# Expected: between 1.2 and 1.6 for each latent, where the prior has 1; the variances themselves are
# below 0.01. Two latents are few: to tell 60,000 images apart each one takes a tiny spot, and
# together they push each other over the prior's edge. The fit is rough: 27 % of the draws lie
# within 1 of the origin, and 39 % of the prior's (for two standard normal latents that share is
# $1 - e^{-1/2}$), so a sample from the prior lands in the middle more often than the images do.
#
# ### Exercise 10.1: is the prior filled? (3 minutes)
#
# A VAE with one latent and three images: the means are -1, 0 and 1, the variances 0.25, 0.25 and
# 0.5. What is the variance of the mixture of the three? (The variance of three numbers is here
# their mean squared deviation, `np.var`.)

# %% tags=["exercise"]
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = np.var([-1, 0, 1]) + np.mean([0.25, 0.25, 0.5])

# %% tags=["check"]
checks.check_number(
    "10.1",
    answer_1,
    expected=1.0,
    hints=[
        (2 / 3, "that is the spread of the means alone; each image has a variance of its own."),
        (1 / 3, "that is the mean of the variances alone; the means differ too."),
        (1 + 1 / 3, "divide by 3, not by 2: np.var does it."),
        (5 / 3, "take the mean of the three variances, not their sum."),
    ],
    hint="Variance of the means, plus mean of the variances.",
    why="Here the mixture has the prior's variance, though no single image has it.",
)

# %% [markdown]
# ### Walk on the map
#
# Press and drag the mouse on the map, move the sliders along its axes (x below the map, y beside
# it), or type into the fields. The left picture is what the decoder makes of the place, the right
# one the test image that lies nearest. (On Colab the map does not feel the mouse; the rest works.)
#
# Go from the trousers (left, below the middle) to the sneakers (right). Where does the picture
# change fast, where slowly? What lies at x = 0, y = -3? (Garments so dark that the threshold left
# little of them.) And what does the decoder make of x = -3, y = 3, where no image lies?

# %%
latent_map.explore_map(model_2, mean, labels, binary)

# %% [markdown]
# **An empty spot of the map gives no error message.** The decoder answers everywhere: it is a
# smooth function, and between two regions it has to pass from the one to the other. What lies there
# is a mixture that no one ever wore.
#
# The whole map at once, decoded on a grid:

# %%
ticks = np.linspace(-3, 3, 13)
places = np.array([[x, y] for y in ticks[::-1] for x in ticks])
plots.show_images(
    model_2.generate(places),
    "What the decoder makes of 13 x 13 places from -3 to 3: neighboring places give similar pictures.",
    columns=13,
    scale=1,
)

# %% [markdown]
# ## 2. From one image to another (core, 16 minutes)
#
# From here on the model with 16 latents, which keeps more of an image. Two real images, a boot and
# a T-shirt: encode both, go from one mean to the other in a straight line, decode on the way. The
# row above blends the *pixels* for comparison.

# %%
mean, log_variance = model_16.encode(binary)
pair = [np.flatnonzero(labels == 9)[3], np.flatnonzero(labels == 0)[5]]
start, end = binary[pair] / np.float32(255)
shares = np.linspace(0, 1, 12)
blended = np.stack([(1 - share) * start + share * end for share in shares])
between = np.stack([(1 - share) * mean[pair[0]] + share * mean[pair[1]] for share in shares])
plots.show_images(
    np.concatenate([blended, model_16.generate(between)]),
    "From a boot to a T-shirt. Top: pixels blended, a double exposure. Bottom: latents blended, one "
    "object that changes its shape.",
    columns=12,
)

# %% [markdown]
# A double exposure is half of two things. One number for that: how many pixels are *undecided*,
# between 0.25 and 0.75? Over a thousand random pairs, halfway:

# %%
order = random.permutation(len(binary))
first, second = order[:1000], order[1000:2000]


def undecided(pictures):
    return np.mean((pictures > 0.25) & (pictures < 0.75))


one, other = model_16.generate(mean[first]), model_16.generate(mean[second])
halfway = {
    "pixels of the images blended  ": (binary[first] / 510.0 + binary[second] / 510.0),
    "pixels of the decoded blended ": (one + other) / 2,
    "latents blended, then decoded ": model_16.generate((mean[first] + mean[second]) / 2),
    "decoded, not blended          ": one,
}
for name, pictures in halfway.items():
    print(f"{name} {undecided(pictures):.0%} undecided pixels")

# %% [markdown]
# Expected: about 33, 34, 18 and 9 %. The second line has what the decoder does to every picture,
# and the last is the first image of each pair, decoded without any blending. The way through the
# latents stays nearer to pictures of one object, and it is not perfect: halfway between a boot and
# a T-shirt there is no garment.
#
# ### Exercise 10.2: all steps at once (4 minutes)
#
# Write the points on the straight line from `start` to `end`, both of shape (k,), after each of the
# given shares of the way: `start` at share 0, `end` at share 1. `shares` has the shape (m,), in any
# order and at any distances; the result has the shape (m, k), one point a row.


# %% tags=["exercise"]
def on_the_way(start, end, shares):
    # -- stub --
    return ...
    # -- solution --
    return start + shares[:, np.newaxis] * (end - start)


# %% tags=["check"]
checks.check_function(
    "10.2",
    on_the_way,
    expected=lambda start, end, shares: np.array(
        [(1 - share) * start + share * end for share in shares]
    ),
    cases=[
        (np.array([1.0, 2.0]), np.array([3.0, -2.0]), np.array([0.0, 0.1, 1.0])),
        (np.array([1.0, 2.0, 5.0]), np.array([3.0, -2.0, 4.0]), np.array([0.5, 0.75, 0.1])),
        (np.array([-1.0]), np.array([4.0]), np.array([0.3])),
    ],
    hints=mistakes.ON_THE_WAY,
    hint="shares[:, np.newaxis] is a column (m, 1); together with a row (k,) it makes (m, k).",
    why="The same as (1 - share) * start + share * end, for each share.",
)

# %% [markdown]
# ### Arithmetic with attributes
#
# A difference of two latents is a *direction*. Take the mean code of all pullovers minus the mean
# code of all T-shirts. What both have in common cancels; what remains should be "long sleeves".
# Then add that to something else: dresses. The direction is made from the first 5,000 test images,
# and tried on others.


# %%
def attribute(kind_with, kind_without):
    """The mean code of one kind minus that of another, of the first 5,000 images."""
    some, kinds = mean[:5000], labels[:5000]
    return some[kinds == kind_with].mean(axis=0) - some[kinds == kind_without].mean(axis=0)


sleeves = attribute(names.index("Pullover"), names.index("T-shirt/top"))
others, other_labels = mean[5000:], labels[5000:]
dresses = others[other_labels == names.index("Dress")][:12]
plots.show_images(
    np.concatenate([model_16.generate(dresses + amount * sleeves) for amount in (0, 0.5, 1, 1.5)]),
    "Twelve dresses, with 0, 0.5, 1 and 1.5 times the direction from T-shirts to pullovers added, from "
    "top to bottom: long sleeves grow.",
    columns=12,
)

# %% [markdown]
# The sleeves grow, and other things change as well: narrow dresses get wider.
#
# An impression from twelve pictures needs a *control*. Any large step changes an image; does *this*
# one do more than another of the same length? Two others: a step in a random direction, and, since
# some latents may do nothing, a step from one random image's code towards another's. The frozen
# classifier of lesson 06 is the judge: how many of 400 does it call a pullover?


# %%
def as_long(steps):
    return steps * np.linalg.norm(sleeves) / np.linalg.norm(steps, axis=1, keepdims=True)


steps = {
    "as it is": 0,
    "+ sleeves": sleeves,
    "+ a random step": as_long(random.standard_normal((400, 16))),
    "+ a step between two images": as_long(mean[order[:400]] - mean[order[400:800]]),
}
print("called a pullover:")
for kind in ("T-shirt/top", "Dress"):
    codes = others[other_labels == names.index(kind)][:400]
    for name, step in steps.items():
        found = metrics.predicted_labels(model_16.generate(codes + step)) == names.index("Pullover")
        print(f"   {kind:12} {name:28} {found.mean():.0%}")
largest = (sleeves**2).max() / (sleeves**2).sum()
print(f"share of the direction's squared length in its largest coordinate: {largest:.0%}")

# %% [markdown]
# Expected: T-shirts from about 3 to 77 %, by each of the other two steps to 6 %; dresses from 2 to
# 46 %, by the others to 4 or 5 %. (The judge was trained on gray images, so read its shares against
# each other only.)
#
# **"Each latent is one attribute"** is a wish. The last line says that about 57 % of the
# sleeves is in one coordinate, and the rest in others. Nothing in the training asks for
# a coordinate of sleeves.
#
# ### Exercise 10.3: arithmetic by hand (4 minutes)
#
# Four codes with two latents. Two images show an attribute, two do not. Add the attribute's
# direction once to the code $(0, 1)$ of a fifth image, and give the new code.

# %% tags=["exercise"]
codes_with = np.array([[2.0, 1.0], [4.0, 5.0]])
codes_without = np.array([[0.0, 1.0], [2.0, -1.0]])
code = np.array([0.0, 1.0])
# -- stub --
answer_3 = ...
# -- solution --
answer_3 = code + codes_with.mean(axis=0) - codes_without.mean(axis=0)

# %% tags=["check"]
checks.check_array(
    "10.3",
    answer_3,
    expected=[2.0, 4.0],
    hints=[
        ([2.0, 3.0], "that is the direction; add it to the code."),
        ([-2.0, -2.0], "the direction points from images without to images with the attribute."),
        ([3.0, 4.0], "subtract the mean code of the images without the attribute too."),
        ([4.0, 7.0], "take means, not sums."),
        ([1.0, 5.0], "a mean over the images is axis=0; axis=1 mixes the latents."),
        ([2.5, 3.5], "each latent has a mean of its own: axis=0."),
        (lambda x: np.shape(x) == (2, 2), "take the mean over the two images first: axis=0."),
    ],
    hint="Code + mean with - mean without.",
    why="The direction is (3, 3) - (1, 0) = (2, 3).",
)

# %% [markdown]
# ## 3. What the model finds improbable (optional, 9 minutes)
#
# For each image the **evidence lower bound**, ELBO, is at most its log-probability under the model:
# $\log p(x) \ge \text{ELBO}(x)$, in *nats* (natural logarithms). Which test images have the lowest?

# %%
elbo = model_16.elbo(binary, seed=SEED).elbo
by_elbo = np.argsort(elbo)
lowest, highest = by_elbo[:12], by_elbo[-12:]
print(f"ELBO: lowest {elbo.min():.0f}, mean {elbo.mean():.1f}, highest {elbo.max():.1f} nats")
plots.show_images(
    binary[np.concatenate([lowest, highest])],
    "Top: the twelve test images with the lowest ELBO, most with busy patterns. Bottom: those with the "
    "highest, almost black.",
    columns=12,
)

# %% [markdown]
# Expected: lowest about -490, mean -121, highest about -15. Most losers are checkered, striped,
# speckled. The winners are dark garments of which the threshold left a collar, or only two pixels.
#
# Two suspicions. *Is it the encoder's fault?* The gap between ELBO and $\log p(x)$ is
# $\mathrm{KL}(q(z \mid x) \,\|\, p(z \mid x))$, and could be large where $q$ is bad. The importance
# bound of lesson 09, with several hundred samples, is tighter:

# %%
for name, chosen in (("lowest ", lowest), ("highest", highest)):
    fresh = model_16.elbo(binary[chosen], num_samples=NUM_BOUND, seed=1).elbo  # drawn anew
    tighter = model_16.importance_bound(binary[chosen], num_samples=NUM_BOUND, seed=1)
    print(f"{name}: ELBO {fresh.mean():7.1f}, importance bound {tighter.mean():7.1f}")
black = np.zeros((1, 28, 28, 1), np.float32)
of_black = model_16.elbo(black, num_samples=100).elbo[0]
print(f"a black image: ELBO {of_black:.1f}")
print("higher than that of every test image:", bool(of_black > elbo.max()))

# %% [markdown]
# Expected: the bound lifts the lowest ones by about 10 nats, from a mean of about -437. That is
# little beside the 316 that separate them from the mean of all images. As far as this bound can
# tell, the model itself finds them improbable.
#
# *Is a low ELBO the mark of a strange image?* The last lines say no. An entirely black image, which
# shows nothing, has a higher ELBO than **every** garment. A probability is spread over all images
# of a sort: there are very many different patterned shirts, so each single one is improbable, and
# few ways to be black. "Improbable" here means *hard to describe*, not *wrong* (Nalisnick et al.
# 2019). Use it to find images that your model describes badly, and do not sell it as a detector of
# fakes.
#
# ### Exercise 10.4: bits a pixel (4 minutes)
#
# With a clever code, an image of ELBO $-138.6$ nats can be stored in about $138.6$ nats. Papers
# give **bits a pixel value**: one bit is $\ln 2$ nats, and an image of 28 x 28 pixels with one
# channel has 784 values. Write it for an array of ELBOs, (n,), and the shape of the images, such as
# (28, 28, 1). (Stored one by one, black or white pixels take 1 bit each.)


# %% tags=["exercise"]
def bits_per_value(elbo, image_shape):
    # -- stub --
    return ...
    # -- solution --
    return -elbo / np.prod(image_shape) / np.log(2)


# %% tags=["check"]
checks.check_function(
    "10.4",
    bits_per_value,
    expected=lambda elbo, image_shape: -elbo / (np.prod(image_shape) * np.log(2)),
    cases=[
        (np.array([-138.6, -80.0]), (28, 28, 1)),
        (np.array([-5000.0, 120.0]), (32, 16, 3)),  # of a density, the second
    ],
    hints=mistakes.BITS_PER_VALUE,
    hint="Minus the ELBO, divided by the number of values and by ln 2.",
    why="138.6 nats are 200 bits instead of 784: a good model of data is a good compressor.",
)

# %% [markdown]
# ## 4. Beta: rate against distortion (optional, 17 minutes)
#
# The ELBO has two terms. Name them from the view of somebody who sends images over a line:
# - the **rate** $R = \mathbb E_x\, \mathrm{KL}(q(z \mid x) \,\|\, p(z))$: nats that the latents
#   cost;
# - the **distortion** $D = -\mathbb E_x\, \mathbb E_{q}\, \log p(x \mid z)$: nats that the pixels
#   still cost once the latents are known.
#
# The mean ELBO of the images is $-(D + R)$. Training with $\text{loss} = D + \beta R$ changes the
# price of a nat in the latents (Higgins et al. 2017). Four models of one design, trained alike from
# one seed, which differ in beta alone, ship with the course:

# %%
models = {
    "0.1": pretrained.load("vae_fashion_16_beta_0.1"),
    "1": model_16,
    "4": pretrained.load("vae_fashion_16_beta_4"),
    "20": pretrained.load("vae_fashion_16_beta_20"),
}
rate, distortion, kl_of_latents, spread = {}, {}, {}, {}
for beta, model in models.items():
    terms = model.elbo(binary, seed=SEED)
    rate[beta], distortion[beta] = terms.kl.mean(), -terms.reconstruction.mean()
    codes, log_variances = model.encode(binary)
    kl = 0.5 * (codes**2 + np.exp(log_variances) - log_variances - 1)  # of each latent
    kl_of_latents[beta], spread[beta] = kl.mean(axis=0), codes.var(axis=0)

# %%
print("beta   rate R   distortion D   ELBO = -(D + R)")
for beta in models:
    r, d = rate[beta], distortion[beta]
    print(f"{beta:>4} {r:8.1f} {d:14.1f} {-(d + r):17.1f}")
plots.curves(
    {"one model for each beta": list(distortion.values())},
    "Rate and distortion on the test images; from right to left beta is 0.1, 1, 4 and 20: a higher "
    "price of the rate buys less of it, and the distortion grows.",
    "rate, nats per image",
    "distortion, nats per image",
    x=list(rate.values()),
)

# %% [markdown]
# Expected: rates of about 50, 24, 10 and 3 nats, distortions of 87, 97, 128 and 185. Their sum is
# smallest, 121, at beta 1. Cheap latents (beta 0.1) are filled with details, and the rate grows by
# more than the distortion falls. Dear latents (beta 20) carry little more than a kind of garment:
# to name one of ten takes $\ln 10 = 2.3$ nats, and they carry 3.
#
# ### The slope of the curve is beta
#
# Take two betas $b_1 < b_2$, each with its best model. Neither model is better at the other's
# price:
#
# $$D_1 + b_1 R_1 \le D_2 + b_1 R_2, \qquad D_2 + b_2 R_2 \le D_1 + b_2 R_1
#   \quad\Longrightarrow\quad b_1 \;\le\; \frac{D_2 - D_1}{R_1 - R_2} \;\le\; b_2 ,$$
#
# for $R_1 > R_2$. So between two neighbors on the curve, a nat less in the rate costs between $b_1$
# and $b_2$ nats of distortion (Alemi et al. 2018). That is for the best models, on the data that
# they were trained on; ours are trained well but not perfectly, and measured on test images:

# %%
pairs = list(zip(list(models)[:-1], list(models)[1:], strict=True))
for low, high in pairs:
    slope = (distortion[high] - distortion[low]) / (rate[low] - rate[high])
    inside = float(low) <= slope <= float(high)
    print(f"between beta {low:>3} and {high:>2}: slope {slope:5.2f}, within: {inside}")

# %% [markdown]
# Expected: True each time. (The curve falls; slope means here how steeply.) At beta 1 the slope is
# 1, where $D + R$ is smallest: **beta 1 alone maximizes the ELBO.** Another beta may give what you
# want, better pictures or fewer latents, but it is no better *model of the data* by this measure.
#
# ### Which latents are in use?
#
# The rate is a sum over the latents. A latent whose KL is 0 has $q(z_i \mid x) = \mathcal N(0, 1)$
# for *every* image: it carries nothing, it **collapsed**. Count the latents with more than 0.05
# nats; and as a second way those whose means vary over the images, with a variance above 0.1.

# %%
print("beta   KL above 0.05   variance of the means above 0.1")
for beta in models:
    print(f"{beta:>4} {np.sum(kl_of_latents[beta] > 0.05):9} {np.sum(spread[beta] > 0.1):22}")
plots.curves(
    {f"beta {beta}": np.sort(kl)[::-1] for beta, kl in kl_of_latents.items()},
    "Mean KL of each latent, sorted: the larger beta, the less they carry; with beta 4 and 20 the last "
    "ones carry nothing.",
    "latent, by rank",
    "nats per image",
    ylim=(-0.2, 6),
)

# %% [markdown]
# Expected: 16, 16, 8 and 4 in use, counted either way. At beta 4 half of the latents have
# collapsed.
#
# Choose a beta, then count the latent's rank up; rank 1 is the latent with the largest KL. Rows:
# test images, reconstructions, samples, and the first image while that one latent moves from -2.5
# to 2.5. From which rank on does the last row stand still? With which beta are the samples best,
# with which the reconstructions?

# %%
beta_pictures = betas.BetaPictures(models, kl_of_latents, binary[:12])
widgets.live_figure(
    beta_pictures.beta_figure,
    {
        "beta": widgets.Choice("beta", tuple(models), "1"),
        "rank": widgets.Whole("Rank", 1, 16, 1),
    },
    name="beta",
    width=700,
)

# %% [markdown]
# Expected: at beta 4 and 20 the row stands still, or nearly, from rank 9 and 5 on; at beta 0.1 and
# 1 never. The reconstructions are best at beta 0.1, where $D$ is smallest. For the samples no
# number stands here: judge by eye.
#
# **A collapsed latent is not always a fault.** It is one if the decoder could have used it and
# training never found out. It is none if the latent would cost more than it saves; the optional
# part below computes when.
#
# **Beta does not promise attributes.** That a larger beta makes single latents meaningful was hoped
# for; a large study found it to depend on the seed and on the data (Locatello et al. 2019).
#
# ### Exercise 10.5: which model was not trained well? (4 minutes)
#
# A paper lists five VAEs of one design on the same data, each with a beta of its own, which it does
# not give:
#
# | model | rate | distortion |
# |---|---|---|
# | a | 50 | 95 |
# | b | 20 | 115 |
# | c | 15 | 135 |
# | d | 8 | 147 |
# | e | 3 | 210 |
#
# One of them cannot be the best of the five by $D + \beta R$ at *any* beta, so something went wrong
# in its training. Which one?

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = "c"

# %% tags=["check"]
checks.check_choice(
    "10.5",
    answer_5,
    expected="c",
    options="abcde",
    hints={
        "a": "at beta 0.1 it is the best: 95 + 5 = 100 against 117 for b.",
        "b": "at beta 1 it is the best: 135 against 145 for a and 150 for c.",
        "d": "at beta 5 it is the best: 187 against 210 for c and 215 for b.",
        "e": "its sum is large, but at beta 20 it is the best: 270 against 307 for d.",
    },
    hint="Try betas such as 0.1, 1, 5 and 20.",
    why="It beats b only above beta 4, and d only below 12/7: never both. The curve of the best "
    "models bends one way.",
)

# %% [markdown]
# ### When a latent pays: one latent, worked out (optional, 8 minutes)
#
# The smallest VAE has one number $x$ of mean 0 and variance $\lambda$ as data, the encoder
# $\mathcal N(a x, c)$ and the decoder $\mathcal N(w z, s)$ with a *fixed* noise variance $s$ (in
# this part the second number of $\mathcal N$ is the variance). Everything is a formula:
#
# $$D = \frac{\lambda (1 - w a)^2 + w^2 c}{2 s} + \text{const}, \qquad
#   R = \tfrac12\big(a^2 \lambda + c - \log c - 1\big).$$
#
# Set the derivatives of $D + \beta R$ by $a$ and $c$ to zero: $a = w/m$ and $c = \beta s/m$ with
# $m = w^2 + \beta s$. Put both back, and what remains is $\frac\beta2(\lambda/m + \log m) +
# \text{const}$, smallest at $m = \lambda$. But $m \ge \beta s$, so there are two cases:
#
# $$\lambda > \beta s:\;\; R = \tfrac12 \log\frac{\lambda}{\beta s}
#   \qquad\qquad \lambda \le \beta s:\;\; w = 0,\; R = 0.$$
#
# The latent is switched **off** when the variance that it could explain is below $\beta$ times the
# noise. No accident, no bad optimizer: it is the optimum (Lucas et al. 2019). Check it: minimize
# the loss on a fine grid over $w$, with $a$ and $c$ found by descent.


# %%
def loss_by_descent(w, variance, s, beta, num_steps=4000):
    """Loss and rate of the smallest VAE for arrays of w, minimized over a and log c by descent."""
    a, log_c = np.zeros_like(w), np.zeros_like(w)
    for _ in range(num_steps):
        c = np.exp(log_c)
        a -= 0.02 * (-variance * w * (1 - w * a) / s + beta * a * variance)
        log_c -= 0.02 * (w**2 * c / (2 * s) + 0.5 * beta * (c - 1))
    c = np.exp(log_c)
    rate = 0.5 * (a**2 * variance + c - log_c - 1)
    return (variance * (1 - w * a) ** 2 + w**2 * c) / (2 * s) + beta * rate, rate


# %% tags=["check-output"]
grid = np.linspace(0, 2, 401)
for beta_value in (0.5, 1.0, 2.0, 3.0, 5.0):
    losses, rates = loss_by_descent(grid, 2.0, 0.5, beta_value)
    formula = max(0.0, 0.5 * np.log(2.0 / (beta_value * 0.5)))
    print(
        f"beta {beta_value}: rate {formula:.2f} by the formula, {rates[losses.argmin()]:.2f} found"
    )

# %% [markdown]
# Expected: 1.04, 0.69, 0.35, 0.14 and 0.00, each twice: with $\lambda = 2$ and $s = 0.5$ the latent
# goes off at $\beta = 4$. With several independent directions each has its own $\lambda$; raise
# $\beta$, and they go off one after the other, the weakest first. Information theory calls it
# *reverse water-filling*.
#
# ### Exercise 10.6: how much water? (5 minutes)
#
# Write the rate in nats of all directions together, for the array of their variances, the noise
# variance and beta. (The formula stands just above; each direction counts by itself, and those that
# are off count 0.)


# %% tags=["exercise"]
def total_rate(variances, noise, beta):
    # -- stub --
    return ...
    # -- solution --
    return np.maximum(0, 0.5 * np.log(variances / (beta * noise))).sum()


# %% tags=["check"]
checks.check_function(
    "10.6",
    total_rate,
    expected=lambda variances, noise, beta: np.sum(
        np.maximum(0, np.log(variances / (beta * noise)) / 2)
    ),
    cases=[
        (np.array([4.0, 2.0, 0.5, 0.1]), 0.4, 2.0),
        (np.array([0.3, 0.2]), 0.4, 1.0),
        (np.array([9.0, 1.0, 0.7]), 0.5, 0.5),
    ],
    hints=mistakes.TOTAL_RATE,
    hint="np.maximum(0, 0.5 * np.log(variances / level)), then the sum.",
    why="In the first case two directions are on: 0.5 ln 5 + 0.5 ln 2.5 = 1.263 nats.",
)

# %% [markdown]
# ## 5. Repair an image (optional, 10 minutes)
#
# A model of images knows what usually stands below a collar. Cover the lower half of an image and
# ask for latents that fit the rest. By Bayes' rule
#
# $$\log p(z \mid x_\text{known}) = \log p(x_\text{known} \mid z) + \log p(z) + \text{const}.$$
#
# Given $z$, the pixels are independent. So the hidden ones simply drop out of the first term:
# summed over both values of a hidden pixel, its factor is $p + (1 - p) = 1$. We climb that function
# of $z$ by gradient ascent, *through* the decoder, whose weights stay as they are.
#
# ### Exercise 10.7: only what is known (4 minutes)
#
# Write $\log p(x_\text{known} \mid z)$ for one image: `x` holds pixels 0 or 1, `p` the decoder's
# probabilities of white, `known` is 1 where a pixel is known and 0 where it is hidden.


# %% tags=["exercise"]
def known_log_likelihood(x, p, known):
    # -- stub --
    return ...
    # -- solution --
    return np.sum(known * (x * np.log(p) + (1 - x) * np.log(1 - p)))


# %% tags=["check"]
_x, _p = np.array([1.0, 0, 1, 0]), np.array([0.9, 0.2, 0.4, 0.7])
_picture = np.array([[1.0, 1, 0], [0, 1, 0]]), np.array([[0.6, 0.3, 0.3], [0.1, 0.8, 0.5]])
checks.check_function(
    "10.7",
    known_log_likelihood,
    expected=lambda x, p, known: np.sum(known * np.log(np.where(x == 1, p, 1 - p))),
    cases=[
        (_x, _p, np.array([1.0, 1, 0, 0])),
        (_x, _p, np.array([0.0, 1, 1, 1])),
        (*_picture, np.array([[1.0, 1, 1], [0, 0, 0]])),
    ],
    hints=mistakes.KNOWN_LOG_LIKELIHOOD,
    hint="For each known pixel log p if it is white, log(1 - p) if it is black; then the sum.",
    why="Hidden pixels have the factor 1, and log 1 = 0.",
)


# %%
def repair(x, known):
    """Decoded images that fit the known pixels of x (n, 28, 28, 1), by gradient ascent."""
    latents = tf.Variable(tf.zeros((len(x), model_16.latent_size)))
    optimizer = keras.optimizers.Adam(0.05)

    @tf.function
    def climb():
        with tf.GradientTape() as tape:
            logits = model_16.decoder(latents, training=False)
            per_pixel = -tf.nn.sigmoid_cross_entropy_with_logits(x, logits)
            log_prior = -0.5 * tf.reduce_sum(latents**2)
            loss = -(tf.reduce_sum(known * per_pixel) + log_prior)
        optimizer.apply([tape.gradient(loss, latents)], [latents])

    for _ in range(REPAIR_STEPS):
        climb()
    return model_16.generate(latents.numpy())


# %%
x = binary[:NUM_REPAIRED] / np.float32(255)
known = np.ones_like(x)
known[:, 14:] = 0
repaired = repair(x, known)
encoded = model_16.reconstruct(x * known)
shown = np.where(known == 1, x, 0.5)
plots.show_images(
    np.concatenate([part[:12] for part in (x, shown, encoded, repaired)]),
    "From top to bottom: test images, the lower half hidden, encoded with black in its place and "
    "decoded, and repaired by fitting the latents to what is known.",
    columns=12,
)

# %% [markdown]
# How many of the hidden pixels are wrong, if each is called white above one half? A repair without
# any model is in the list too: of 10,000 training images the one that agrees best with the known
# half lends its other half.

# %%
hidden = known[0] == 0
library = data.binarize(images) // 255  # 10,000 training images, of pixels 0 and 1


def most_similar(x):
    """The library's images that differ from x (n, 28, 28, 1) in the fewest known pixels."""
    half = library[:, :14].reshape(len(library), -1).astype("float32")
    differing = x[:, :14].reshape(len(x), -1) @ (1 - 2 * half).T + half.sum(axis=1)
    return library[differing.argmin(axis=1)]


for name, guess in {
    "all black                  ": np.zeros_like(x),
    "mean of training images    ": np.broadcast_to(library.mean(axis=0), x.shape),
    "the most similar of them   ": most_similar(x),
    "encoded with black, decoded": encoded,
    "latents fitted to the rest ": repaired,
    "encoded whole (for scale)  ": model_16.reconstruct(x),
}.items():
    wrong = np.abs((guess > 0.5) - x)[:, hidden]
    print(f"{name} {wrong.mean():.1%} of the hidden pixels wrong")

# %% [markdown]
# Expected: about 35, 28, 14, 35, 12 and 4.5 %. The most similar image does nearly as well as the
# fit, but needs the training images at hand; the fit needs only the decoder. Encoding the damaged
# image does not help: the encoder takes the black half for a fact, and rebuilds it. The fit knows
# which pixels it may believe. In general: *say how the image was damaged, and use the model as the
# prior.* The same trick removes noise if the likelihood of a noisy pixel stands in place of
# `per_pixel`.
#
# **A repair is a guess.** It looks as sure as a photograph. Where the hidden half matters, as in
# medicine or in court, a plausible guess is worse than a gray patch.

# %% [markdown]
# ## 6. VAE against GAN (core, 45 minutes)
#
# Many comparisons set two models side by side that saw different data, trained for different times,
# and are judged by numbers that only one of them has. Ours keeps these rules, and says where it
# cannot:
#
# | what | how |
# |---|---|
# | data | the same 60,000 training images, **gray**, in [0, 1] |
# | likelihood of the VAE | Gaussian, since gray pixels are not 0 or 1; one noise size for all pixels, learned |
# | effort | the same number of steps, in batches of 64; and once more about the same *time* |
# | optimizer | Adam at 0.002 for all, not lowered; the GAN's with less momentum, as in lesson 06 |
# | judge | 10,000 samples against the 10,000 test images; seeds and features the same |
# | seeds | one run here; three behind each range that stands below |
# | average of the weights | **unequal**: only the GAN draws from one (lesson 06); measured without it, too |
# | networks | **unequal**: only the GAN's have batch normalization, and its generator has twice the channels of the VAE's decoder; measured with one network for both, too |
#
# First the GAN of lesson 06, then a VAE; both have 16 latents. A small callback notes when each
# step ends.


# %%
class StepClock(keras.callbacks.Callback):
    """Notes the time at the end of each step."""

    def on_train_begin(self, logs=None):
        self.times = []

    def on_train_batch_end(self, batch, logs=None):
        self.times.append(time.perf_counter())


def train(model, num_steps):
    """Train on the gray images; returns the median milliseconds of a step."""
    clock = StepClock()
    model.fit(
        dataset,
        steps_per_epoch=num_steps,
        verbose=0,
        callbacks=[clock, training.StopOnNonFinite(), training.TimeLimit(SECONDS_AT_MOST)],
    )
    return 1000 * np.median(np.diff(clock.times))


# %%
keras.utils.set_random_seed(SEED)
our_gan = gan.GAN(latent_size=16, seed=SEED)
our_gan.compile()
gan_step = train(our_gan, NUM_STEPS)
keras.utils.set_random_seed(SEED)
our_vae = vae.VAE(latent_size=16, likelihood="gaussian", seed=SEED)
our_vae.compile()
vae_step = train(our_vae, NUM_STEPS)
print(f"a step of the GAN: {gan_step:.0f} ms, of the VAE: {vae_step:.0f} ms")

# %% [markdown]
# Expected: the GAN's step takes two to four times as long. Its generator is wider than the VAE's
# decoder, and its discriminator runs on real and on generated images, and once more for the
# generator's update.
#
# ### Four numbers that both have
#
# - The **Fréchet distance** of 10,000 samples (lesson 06): smaller is better.
# - **Diversity**: the mean squared distance of two samples, in the features of the frozen
#   classifier, as a share of the same for two test images. 1 means as far apart as real clothes.
# - **Sharpness**: the mean absolute difference of neighboring pixels. Real images have 0.078.
# - The **rarest kind**: the classifier names each sample's kind; the share of the kind that it
#   names least. Of real images each kind is a tenth.
#
# The second needs no pairs. For independent $a, b$ of one distribution with covariance $\Sigma$,
# $\mathbb E\,\lVert a - b \rVert^2 = 2\operatorname{tr}\Sigma$: each coordinate contributes the
# variance of $a_i$ and that of $b_i$. Both ways, on real images:


# %%
def diversity(pictures):
    """Mean squared distance of two pictures in the features."""
    return 2 * np.trace(np.cov(metrics.image_features(pictures), rowvar=False))


real = gray[:2000]
features = metrics.image_features(real)
one, other = random.integers(0, len(real), (2, 20_000))
over_pairs = ((features[one] - features[other]) ** 2).sum(axis=1).mean()
print(f"2 tr(covariance): {diversity(real):.1f}; over 20,000 pairs: {over_pairs:.1f}")


def measure(name, pictures):
    """Print the four numbers of one set of pictures, uint8 (n, 28, 28, 1)."""
    frechet = float(metrics.frechet_distance(pictures))
    few = pictures[:2000] / np.float32(255)
    share = diversity(pictures[:2000]) / diversity(real)
    steps = [np.abs(np.diff(few, axis=axis)).mean() for axis in (1, 2)]
    rarest = np.bincount(metrics.predicted_labels(few), minlength=10).min() / len(few)
    print(f"{name:28} {frechet:7.2f} {share:9.2f} {np.mean(steps):11.3f} {rarest:8.1%}")


HEADING = f"{'':28} Fréchet  diversity  sharpness  rarest kind"

# %% [markdown]
# Expected: both about 110.
#
# Real images are stored in 8 bits a pixel, so ours are rounded to 8 bits too; that also takes a
# quarter of the memory of floats.


# %%
def eight_bits(pictures):
    return plots.to_uint8(pictures)[..., np.newaxis]


def many(model, **options):
    """NUM_MEASURED samples, uint8 (n, 28, 28, 1), drawn in ten parts."""
    count = NUM_MEASURED // 10
    parts = [eight_bits(model.sample(count, seed, **options)) for seed in range(10)]
    return np.concatenate(parts)


print(HEADING)
measure("real training images", images)
measure("GAN", many(our_gan))
measure("VAE, as many steps", many(our_vae))
train(our_vae, 2 * NUM_STEPS)  # three times as many in all, in about the time of the GAN
measure("VAE, 3 times the steps", many(our_vae))
measure("VAE, pixels drawn", many(our_vae, draw_pixels=True))
plots.show_images(
    np.concatenate([our_gan.sample(24, seed=1), our_vae.sample(24, seed=1)]),
    "Samples after the training above. Top two rows: the GAN. Bottom two: means of the VAE, softer.",
    columns=12,
)

# %% [markdown]
# Expected, measured with three seeds each and rounded outwards:
#
# | | Fréchet distance | diversity | sharpness | rarest kind |
# |---|---|---|---|---|
# | real training images, for scale | 0.06 | 1.02 | 0.077 | 9 % |
# | GAN, 400 steps | 11 to 16 | 0.40 to 0.50 | 0.068 to 0.076 | 2 to 6 % |
# | VAE, 400 steps | 27 to 29 | 0.33 to 0.37 | 0.050 to 0.054 | below 1 % |
# | VAE, 1,200 steps, about the time of the GAN | 22 to 25 | 0.34 to 0.39 | 0.050 to 0.054 | 0.3 to 1.2 % |
# | the last with pixels drawn | 38 to 41 | 0.19 to 0.22 | 0.125 to 0.131 | below 1 % |
#
# "VAE" is what everybody shows: the decoder's *mean*. The model itself says more: a pixel is that
# mean plus noise of the learned size. The row "pixels drawn" is what the VAE literally describes.
# It is as sharp as noise is: sharper than real images, and that is no merit. Diversity is no
# synonym of good either: random noise in feature space would score high. Read both with the Fréchet
# distance and the pictures.
#
# So the GAN is ahead, at as many steps and in about the same time. Of *what* is that a proof? Of
# one design against another. Nothing so far says that it is the game against a discriminator that
# makes the difference: two rows of the table of rules say "unequal".
#
# ### Exercise 10.8: change one thing only (6 minutes)
#
# Build the VAE that makes the networks equal: a new `vae.VAE` for **gray** images, with
# `latent_size` latents, the course's encoder, and as `decoder=` the GAN's generator, newly made by
# `networks.generator`. That generator ends in `tanh`, so what it returns is a mean in [-1, 1].
# Which likelihood takes such a decoder, and which would take its output for logits?
# (`help(vae.VAE)` says it.)


# %% tags=["exercise"]
def make_vae(latent_size):
    # -- stub --
    return ...
    # -- solution --
    generator = networks.generator(latent_size=latent_size)
    return vae.VAE(latent_size=latent_size, likelihood="gaussian", decoder=generator)


# %% tags=["check"]
checks.check_design(
    "10.8",
    make_vae,
    designs.vae_fault,
    hint="vae.VAE takes latent_size, likelihood and decoder; networks.generator takes latent_size.",
    why="Now the network that draws is the same in both, and so is the number of steps.",
)

# %% [markdown]
# The course's version is `designs.vae_with_generator`. Train it like the others. And a GAN around
# the generator *as it stands after the last step*, instead of the running average, draws without
# that trick:

# %%
keras.utils.set_random_seed(SEED)
mixed = designs.vae_with_generator(16, seed=SEED)
mixed.compile()
train(mixed, NUM_STEPS)
last = gan.GAN(generator=our_gan.generator, discriminator=our_gan.discriminator)
print(HEADING)
measure("GAN, without the average", many(last))
measure("VAE with the GAN's generator", many(mixed))
plots.show_images(
    np.concatenate([last.sample(12, seed=1), mixed.sample(12, seed=1)]),
    "One network, trained in two ways. Top: the GAN's generator after its last step. Bottom: the same "
    "layers as the decoder of a VAE, softer, several of them no clothes.",
    columns=12,
)

# %% [markdown]
# Expected, again with three seeds:
#
# | | Fréchet distance | diversity | sharpness | rarest kind |
# |---|---|---|---|---|
# | GAN, 400 steps, without the average | 15 to 17 | 0.39 to 0.47 | 0.078 to 0.091 | 1 to 5 % |
# | VAE with the GAN's generator, 400 steps | 17 to 19 | 0.49 to 0.54 | 0.055 to 0.063 | 1 to 2.5 % |
#
# The first table has about 15 between the Fréchet distances of VAE and GAN after as many steps.
# Change one thing at a time, and see where they go: about 10 with the network that draws, about 4
# with the average of the weights. That leaves about 2 to the way of training, hardly more than the
# seeds differ. (In another order the parts may be others.) "GANs beat VAEs" would have been a poor
# summary of the first table.
#
# Do not stop at that number. Of one network, trained in two ways, the VAE's pictures are softer, and
# fewer of them can be named; their larger diversity is in part that of shapes which no one wears.
# After so few steps the eye prefers the GAN by more than the Fréchet distance does.
#
# Now the two that ship with the course. They did **not** train equally long, nor alike: the GAN for
# 20,000 steps of 64 images at one rate, the VAE for 4,000 of 128 with a rate that falls to 0.

# %%
long_gan, long_vae = pretrained.load("gan_fashion"), pretrained.load("vae_fashion_gaussian")
print(HEADING)
for name, model in {"GAN, shipped": long_gan, "VAE, shipped": long_vae}.items():
    measure(name, many(model))
for name, model in {
    "3 times the steps": our_vae,
    "GAN's generator": mixed,
    "shipped": long_vae,
}.items():
    on_gray = model.elbo(real, seed=SEED).elbo.mean()  # of 2,000 test images
    print(f"test ELBO of the VAE, {name}: {on_gray:+.0f} nats")

# %% [markdown]
# Expected: Fréchet distances of about 1.1 for the GAN and 15.6 for the VAE, and diversities of 0.85
# and 0.46. The VAE has seen almost seven times as many images as ours.
#
# ELBOs (lower bounds of an image's log-density, lesson 09) of about +535 to +550, +470 to +500 and
# +634 nats. Compare the first two: the VAE with the GAN's generator has the *lower* ELBO and the
# *smaller* Fréchet distance (17 to 19 against 22 to 25). The two numbers measure different things:
# how well test images are described, and how near samples are to test images.
#
# ### Where do the samples land?
#
# A suspicion about the shipped VAE: its decoder is good, but samples from the prior land where no
# image has its code. That can be tested. Keep the decoder, and change only where the latents come
# from:
#
# 1. the prior, as above;
# 2. a normal distribution with the mean and the covariances of the codes of 10,000 training images;
# 3. the $q(z \mid x)$ of these images, one draw from each.
#
# If the suspicion is wrong, the three score alike. If the *decoder* is at fault, all three are bad.
# (The third is no generator: it needs an image for each sample. It is about the best that one
# can hope for with this decoder.)

# %%
codes, log_variances = long_vae.encode(images)
draws = codes + np.exp(log_variances / 2) * random.standard_normal(codes.shape)
fitted = random.multivariate_normal(codes.mean(axis=0), np.cov(codes, rowvar=False), len(codes))
print(HEADING)
for name, latents in {"from a fitted normal": fitted, "from the images' own q": draws}.items():
    parts = [eight_bits(long_vae.generate(part)) for part in np.array_split(latents, 10)]
    measure(name, np.concatenate(parts))
variances = codes.var(axis=0) + np.exp(log_variances).mean(axis=0)
print("variance of all q together, each latent:", np.sort(variances).round(1))

# %% [markdown]
# Expected: about 12.6 and 3.7, where the prior's had 15.6. The suspicion is right for the most
# part: from one decoder, with latents from other places, come much better pictures. It is not only
# a matter of the mean and the covariances, which the fitted normal has: the codes do not fill its
# bell evenly either. And the decoder's own share remains: 3.7 where real images have 0.06. (A low
# number in the last row says nothing about *new* images. These are 10,000 training images, encoded
# and decoded.)
#
# ### Exercise 10.9: two patients (6 minutes)
#
# Two VAEs for binary images with 16 latents, A and B, were trained as long as the sound one of
# section 2, with the same networks. Look at what they make of test images, at their samples, and at
# the KL term of each latent, whose weight in the loss is the β of lesson 09:

# %%
rows, by_rank = [binary[:12] / np.float32(255)], {}
for name in "AB":
    ill = failures.patient(name)
    codes, log_variances = ill.encode(binary[:2000])
    kl = 0.5 * (codes**2 + np.exp(log_variances) - log_variances - 1).mean(axis=0)
    by_rank[f"patient {name}"] = np.sort(kl)[::-1]
    variances = codes.var(axis=0) + np.exp(log_variances).mean(axis=0)
    print(f"{name}: variance of all q together: {variances.min():.1f} to {variances.max():.1f}")
    rows += [ill.reconstruct(binary[:12]), ill.sample(12, seed=1)]
plots.show_images(
    np.concatenate(rows),
    "From top to bottom: test images; their reconstructions by A, close; samples of A, torn shapes of many "
    "sorts; reconstructions by B, a few soft outlines; samples of B, the same soft outlines.",
    columns=12,
)
plots.curves(
    by_rank,
    "Mean KL of each latent, sorted: A's latents all carry 2.5 to 4 nats; B's first two carry more than 1 "
    "each, two more a little, and the others nothing.",
    "latent, by rank",
    "nats per image",
)

# %% [markdown]
# Six diagnoses. Which are supported by what you see? Answer with all their letters, such as
# `"a, b"`.
# - **a** A's decoder is too small, or was trained too briefly.
# - **b** A's KL term weighs too little: the codes lie where the prior seldom draws.
# - **c** A suffers from mode collapse, as a GAN may; reward it for samples that differ.
# - **d** B has too few latents; with 64 it could tell more images apart.
# - **e** B's KL term weighs too much: its encoder says hardly anything.
# - **f** B is blurry because every VAE is; only a discriminator helps.

# %% tags=["exercise"]
# -- stub --
answer_9 = ...
# -- solution --
answer_9 = "b, e"

# %% tags=["check"]
checks.check_choice(
    "10.9",
    answer_9,
    expected={"b", "e"},
    options="abcdef",
    hints={
        "a": "its reconstructions come from the same decoder, and they are close.",
        "a, e": "A's reconstructions come from the same decoder, and they are close.",
        "a, b, e": "A's reconstructions come from the same decoder, and they are close.",
        "c": "A's samples differ from each other; it is from clothes that they differ.",
        "c, e": "A's samples differ from each other; it is from clothes that they differ.",
        "b, c, e": "A's samples differ from each other; it is from clothes that they differ.",
        "d": "B does not use the 16 that it has: see the curve.",
        "b, d": "B does not use the 16 latents that it has: see the curve.",
        "b, d, e": "B does not use the 16 latents that it has: see the curve.",
        "f": "A is a VAE of the same design: compare the two rows of reconstructions.",
        "b, f": "A is a VAE of the same design as B: compare the two rows of reconstructions.",
        "b, e, f": "A is a VAE of the same design as B: compare the two rows of reconstructions.",
        "a, d": "A's reconstructions speak against a, B's unused latents against d.",
        "c, f": "A's samples speak against c, A's reconstructions against f.",
    },
    hint="Where is a picture good although the diagnosis says that it cannot be?",
    why="A was trained with beta 0.1, B with beta 20: one latent space too loose, one too dear.",
)

# %% [markdown]
# ### Why the means are blurry
#
# For a given $z$ the decoder has to answer with **one** picture $m$, and is punished by the squared
# distance to every image that may have led to this $z$. With $\bar x = \mathbb E[x \mid z]$,
#
# $$\mathbb E\big[(x - m)^2 \mid z\big] = \operatorname{Var}[x \mid z] + (\bar x - m)^2,$$
#
# smallest at $m = \bar x$: the *mean of all images that share this place*. The Bernoulli decoder
# has the same optimum: the share of white among them. A mean of several sharp pictures is a blurry
# one. See it on the map of section 1: average the 30 test images nearest to a place, and decode the
# place.

# %%
map_codes, _ = model_2.encode(binary)
chosen = random.permutation(len(binary))[:200]
neighbors = np.stack(
    [((map_codes - map_codes[i]) ** 2).sum(axis=1).argsort()[1:31] for i in chosen]
)
averaged = binary[neighbors].mean(axis=1) / 255
single = binary[neighbors[:, 0]] / np.float32(255)
decoded = model_2.generate(map_codes[chosen])
print(f"decoded against the neighbors' mean: {np.abs(decoded - averaged).mean():.3f} a pixel")
print(f"decoded against a single neighbor:   {np.abs(decoded - single).mean():.3f} a pixel")
plots.show_images(
    np.concatenate([single[:12], averaged[:12], decoded[:12]]),
    "From top to bottom: a test image near each of twelve places on the map, the mean of the 30 nearest, "
    "and what is decoded there: as soft as the mean.",
    columns=12,
)

# %% [markdown]
# Expected: about 0.04 a pixel against 0.14. The decoded picture is the mean of the neighborhood,
# not one of the neighbors.
#
# The GAN's generator is not asked for a mean: its loss compares its image with no other image, it
# only asks what the discriminator says. With the same network and the same number of steps its
# pictures were sharper: see the second table above.
#
# ### A number that only one of them has (optional, 3 minutes)
#
# The VAE has an ELBO on test images. For the GAN it is **not defined**: no encoder $q$, and no
# $p(x \mid z)$. Its generator sends each $z$ to exactly one image, so its images lie on a set of at
# most 16 dimensions in a space of 784: a thread in a hall. A test image lies beside the thread, and
# has density 0.
#
# Could one add a little noise of size $s$? Then there is a density, and it measures $s$. In the
# plane, with the generator $G(z) = (z, 0)$ and the image $(0.5, 0.1)$ beside its line: with the
# noise, the first coordinate is normal with variance $1 + s^2$, the second with $s^2$. By that
# formula, and by an integral over $z$:

# %% tags=["check-output"]
z = np.linspace(-8, 8, 400_001)
for s in (0.3, 0.1, 0.03, 0.01):
    formula = -0.5 * (0.25 / (1 + s**2) + 0.01 / s**2) - 0.5 * np.log(1 + s**2) - np.log(s)
    formula -= np.log(2 * np.pi)
    squares = z**2 + ((0.5 - z) ** 2 + 0.1**2) / s**2
    lowest_square = squares.min()  # kept out of the exponential, which would underflow
    inner = np.sum(np.exp(-0.5 * (squares - lowest_square))) * (z[1] - z[0])
    integral = np.log(inner) - 0.5 * lowest_square - 1.5 * np.log(2 * np.pi) - 2 * np.log(s)
    print(
        f"noise {s:<4}: log density {formula:7.2f} by the formula, {integral:7.2f} by the integral"
    )

# %% [markdown]
# Expected: about -0.9, -0.2, -4 and -47, each twice. Choose your noise, choose your number. It says
# nothing about the GAN.
#
# ### Nats that must not meet
#
# The Gaussian VAE has an ELBO on gray images, the Bernoulli VAE one on binary images:

# %%
print(f"Gaussian VAE, 2,000 gray test images:   {on_gray:+8.1f} nats")
on_binary = model_16.elbo(binary[:2000], seed=SEED).elbo.mean()
print(f"Bernoulli VAE, 2,000 binary ones:       {on_binary:+8.1f} nats")

# %% [markdown]
# Expected: about +634 and -120. Is the first better by 754 nats? The question has no meaning:
# - the second is the logarithm of a **probability** of one of $2^{784}$ images, so never above 0;
#   the first that of a **density**, a probability *per volume*, which may be as large as it likes;
# - they speak of different images;
# - a density has a unit. Write the same pixels from 0 to 255 instead of 0 to 1, and each of the 784
#   coordinates is stretched by 255: the density is divided by $255^{784}$.
#
# Within one likelihood, one dataset, one binarization and one scale, ELBOs may be compared, and
# only there.
#
# ### Exercise 10.10: change the unit (4 minutes)
#
# Images of `num_values` pixel values are given on a scale that is `factor` times as large (255 for
# 0 to 255 instead of 0 to 1), and a Gaussian VAE's mean and scale with them. By how many nats does
# its ELBO change? Mind the sign.


# %% tags=["exercise"]
def change_of_elbo(num_values, factor):
    # -- stub --
    return ...
    # -- solution --
    return -num_values * np.log(factor)


# %% tags=["check"]
checks.check_function(
    "10.10",
    change_of_elbo,
    expected=lambda num_values, factor: -num_values * np.log(factor),
    cases=[(784, 255), (3072, 2), (10, 0.5)],
    hints=[
        (lambda n, f: n * np.log(f), "stretched space, thinner density: it becomes smaller."),
        (lambda n, f: -n * abs(np.log(f)), "on a smaller scale the density grows."),
        (lambda n, f: -np.log(f), "that is for one pixel value."),
        (lambda n, f: 0, "for a probability that would be right; a density has a unit."),
        (lambda n, f: -n * f, "the logarithm of the factor."),
        (lambda n, f: -n * np.log(f + 1), "from 1 to 255 is a factor of 255, not 256."),
        (lambda n, f: -n * np.log2(f), "those are bits; a nat is a natural logarithm."),
    ],
    hint="The density is divided by factor ** num_values; take the logarithm on paper, not of that.",
    why="-4,344 nats for 28 x 28 pixels and 255, and not one picture has changed.",
)

# %% [markdown]
# Checked on the formula of a Gaussian, with 784 random pixels:

# %% tags=["check-output"]
pixels, center = np.random.default_rng(SEED).random((2, 784))


def log_density(x, m, s):
    return np.sum(-0.5 * ((x - m) / s) ** 2 - np.log(s) - 0.5 * np.log(2 * np.pi))


change = log_density(255 * pixels, 255 * center, 255 * 0.1) - log_density(pixels, center, 0.1)
print(f"change of the log-density: {change:.1f} nats; -784 ln 255 = {-784 * np.log(255):.1f}")

# %% [markdown]
# ### Exercise 10.11: which comparisons are fair? (4 minutes)
#
# Which of these support their conclusion? Answer with all their letters, such as `"a, b"`.
# - **a** The test ELBO of two Bernoulli VAEs with 2 and with 16 latents on the same binary images:
#   which of the two describes these images better.
# - **b** The ELBO of a VAE, and the loss of a GAN's generator: which draws better.
# - **c** The Fréchet distances of two shipped models, 10,000 samples each, the same features and
#   test images: which of the two is nearer to these images.
# - **d** The Fréchet distances of a VAE with 1,000 and a GAN with 10,000 samples: which is nearer.
# - **e** The test ELBO of a Bernoulli VAE on images thresholded at one half, and that of another
#   one on images whose binary pixels were drawn at random: which VAE is better.
# - **f** The Fréchet distances of a GAN with batch normalization and a VAE without, at as many
#   steps: that a GAN's *loss* is better than a VAE's.

# %% tags=["exercise"]
# -- stub --
answer_11 = ...
# -- solution --
answer_11 = "a, c"

# %% tags=["check"]
checks.check_choice(
    "10.11",
    answer_11,
    expected={"a", "c"},
    options="abcdef",
    hints={
        "a, c, d": "fewer samples make the distance larger, whatever the model.",
        "a, c, e": "drawn pixels are noisier images, and every model finds them less probable.",
        "a, b, c": "a GAN's loss measures one network against the other.",
        "a, c, f": "two things differ; exercise 10.8 changed one at a time.",
        "a, c, d, e": "same number of samples, same images: two of these break that.",
        "a, c, d, f": "same number of samples, one difference at a time: two of these break that.",
        "c": "one more: two models of one likelihood on the same images.",
        "a": "one more: two sets of samples, measured alike.",
    },
    hint="The same number, of the same kind, on the same images, and no more concluded than differs.",
    why="(b) compares unlike things, (d) sample sizes, (e) images; (f) changes two things at once.",
)

# %% [markdown]
# ### The two side by side
#
# | | VAE | GAN |
# |---|---|---|
# | training | one loss, that of both networks, goes down | a game; losses say little |
# | a step, here | **a quarter to half of the time** | |
# | Fréchet distance, each with its own design, here | larger | **smaller** |
# | the same with one network, no average, here | 17 to 19 | 15 to 17 |
# | pictures | decoder's means: soft | sharp |
# | image → latents | **encoder** | none; a search |
# | attributes of real images | **as in section 2** | needs an encoder or a search first |
# | how probable is an image? | **ELBO**, a lower bound | not defined |
# | rarest kind in the samples, here | below 1 % | **2 to 6 %** |
#
# "Here" means these small designs, these data and so few steps. Much better VAEs exist, as do much
# better GANs.
#
# ## Recap
#
# - Latents are a map without labels: similar images lie together, and the decoder answers
#   everywhere.
# - A straight line between codes shows one object that changes; a difference of mean codes is an
#   attribute's direction, and other steps of the same length are its control.
# - Good reconstructions with bad samples accuse the latents, not the decoder: draw them from
#   elsewhere and see.
# - Compare what both models have, with the same data, effort and sample size, and change one thing
#   at a time: much of what looked like "GAN against VAE" was the network.
# - Nats of probabilities and nats of densities never meet.
#
# From the optional sections: a low ELBO means hard to describe, and an entirely black image has a
# higher one than every test image; beta is the price of the rate, and only beta 1 maximizes the
# ELBO; to repair, fit the latents to what is known.
#
# **Try next** Hide another part: `known[:, :, 14:] = 0` (section 5). Or flip 10 % of the pixels and
# compare `model_16.reconstruct` with a fit that knows about the flips: white has the probability
# $0.9 p + 0.1 (1 - p)$.
#
# **Solutions** are in [the solved twin](solutions/10_vae_latent_space.ipynb).
#
# **Sources**
# - D. Kingma and M. Welling, *Auto-Encoding Variational Bayes*, 2014,
#   [arXiv:1312.6114](https://arxiv.org/abs/1312.6114).
# - I. Higgins et al., *beta-VAE*, 2017,
#   [openreview.net/forum?id=Sy2fzU9gl](https://openreview.net/forum?id=Sy2fzU9gl).
# - A. Alemi et al., *Fixing a Broken ELBO*, 2018,
#   [arXiv:1711.00464](https://arxiv.org/abs/1711.00464): rate and distortion.
# - Y. Burda, R. Grosse and R. Salakhutdinov, *Importance Weighted Autoencoders*, 2016,
#   [arXiv:1509.00519](https://arxiv.org/abs/1509.00519): the bound, and active latents.
# - J. Lucas et al., *Don't Blame the ELBO!*, 2019,
#   [arXiv:1911.02469](https://arxiv.org/abs/1911.02469): posterior collapse in linear models.
# - F. Locatello et al., *Challenging Common Assumptions in the Unsupervised Learning of
#   Disentangled Representations*, 2019, [arXiv:1811.12359](https://arxiv.org/abs/1811.12359).
# - E. Nalisnick et al., *Do Deep Generative Models Know What They Don't Know?*, 2019,
#   [arXiv:1810.09136](https://arxiv.org/abs/1810.09136).
# - A. Larsen et al., *Autoencoding beyond pixels using a learned similarity metric*, 2016,
#   [arXiv:1512.09300](https://arxiv.org/abs/1512.09300): arithmetic with attributes.
# - I. Goodfellow et al., *Generative Adversarial Networks*, 2014,
#   [arXiv:1406.2661](https://arxiv.org/abs/1406.2661).
# - M. Heusel et al., *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
#   Equilibrium*, 2017, [arXiv:1706.08500](https://arxiv.org/abs/1706.08500): the Fréchet distance.
# - H. Xiao et al., *Fashion-MNIST*, 2017, [arXiv:1708.07747](https://arxiv.org/abs/1708.07747).
