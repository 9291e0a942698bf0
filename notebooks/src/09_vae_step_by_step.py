# %% [markdown]
# # 09 · A VAE, step by step
#
# **After this lesson you can**
# - say why an autoencoder is no generator, and what a variational autoencoder (VAE) adds;
# - say why the likelihood of an image is out of reach, and derive the bound that is used in its
#   place, the ELBO, in two ways;
# - differentiate through a random draw, and say why that beats the obvious alternative;
# - derive the KL term, build a VAE's networks, write its training step, and replace it by `VAE.fit`;
# - tell from pictures and curves what is wrong with a VAE, and spot descriptions of a VAE that have a
#   discriminator in them.
#
# **You need** maximum likelihood, cross-entropy and the KL divergence (lesson 02) and
# `GradientTape` (lesson 03). Lessons 05 to 08 are not needed. If a word is missing: a *likelihood*
# is the probability that a model gives to what was observed, a *gradient* says in which direction a
# number grows, the *KL divergence* says how different two distributions are, and is 0 when they are
# equal. Logarithms are natural ones; their unit is the **nat**.
#
# **Time** 121 minutes: 85 for the core sections, 36 for the optional ones. All cells together run
# for about a minute and a half on two CPU cores.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, plots, widgets
from course_utils.base import divergences, numerics
from course_utils.lessons.vae_step_by_step import (
    designs,
    estimators,
    faults,
    mistakes,
    pictures,
)
from course_utils.models import streams, vae

# %% tags=["parameters"]
SEED = 0
BATCH_SIZE = 64
LEARNING_RATE = 0.002
NUM_STEPS = 1200  # test: 24
NUM_DRAWS = 100_000  # test: 2000

# %% [markdown]
# The data are the clothes of Fashion-MNIST with every pixel made black or white, by the threshold
# one half. Such **binary** images have a simple, exact probability model, as you will see. 1,000
# test images are set aside: no network in this lesson is trained on them.
#
# Six models are trained below, and compared. For that to be fair, all have the same layers, see the
# same batches for 1,200 steps, and have the same optimizer. Where a range is given as expected, it
# holds for the seeds 0, 1 and 2.

# %%
train_images = data.binarize(data.load_images()[0])
batches = data.make_dataset(train_images, batch_size=BATCH_SIZE, repeat=True, seed=SEED)
images = tf.constant(train_images[:BATCH_SIZE] / 255, tf.float32)  # a batch to look at
print(train_images.shape, train_images.dtype, " values:", np.unique(images))
del train_images  # the batches hold a copy
test_images, test_labels = data.load_images(split="test")
test_images, test_labels = data.binarize(test_images[:1000]), test_labels[:1000]
test_floats = (test_images / 255).astype("float32")
plots.show_images(test_images[:14], "Fourteen test images, each pixel black or white.", columns=14)

# %% [markdown]
# ## 1. An autoencoder, and why it is no generator (core, 10 minutes)
#
# ### Compress and restore
#
# An **autoencoder** is two networks in a row. The **encoder** squeezes an image of 784 pixels into a
# few numbers, its **code**; the **decoder** restores the image from the code. Both are trained
# together so that what comes out resembles what went in. The code has two numbers here: small enough
# to draw, and 392 times fewer than there are pixels.


# %%
def make_encoder(num_outputs):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dense(num_outputs),
        ],
        name="encoder",
    )


def make_decoder(code_size):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((code_size,)),
            layers.Dense(256, activation="relu"),
            layers.Dense(784),
            layers.Reshape((28, 28, 1)),
        ],
        name="decoder",
    )


# %% [markdown]
# For each pixel the decoder gives a *logit*: the pixel is white with the probability
# $\sigma(\text{logit}) = 1/(1+e^{-\text{logit}})$. The loss is the binary cross-entropy of lesson 02,
# *summed* over the pixels: minus the log-probability of the whole image, in nats. The learning rate
# falls to 0 along a cosine curve.


# %%
def image_cross_entropy(images, logits):
    per_pixel = tf.nn.sigmoid_cross_entropy_with_logits(images, logits)
    return tf.reduce_sum(per_pixel, axis=(1, 2, 3))


def with_target(images):  # networks like inputs in [-1, 1]; the target is the image itself
    return 2 * images - 1, images


def make_optimizer():
    return keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, NUM_STEPS))


# %%
def train_autoencoder(code_size):
    keras.utils.set_random_seed(SEED)
    encoder, decoder = make_encoder(code_size), make_decoder(code_size)
    both = keras.Sequential([encoder, decoder])
    both.compile(optimizer=make_optimizer(), loss=image_cross_entropy)
    pairs = batches.map(with_target)
    both.fit(pairs, steps_per_epoch=NUM_STEPS, verbose=0, shuffle=False)
    return encoder, decoder


squeeze, restore = train_autoencoder(code_size=2)

# %%
codes = squeeze(2 * test_floats - 1).numpy()
restored = tf.sigmoid(restore(codes)).numpy()
loss = image_cross_entropy(test_floats, restore(codes)).numpy().mean()
print("image", test_floats.shape, "-> code", codes.shape, "-> image", restored.shape)
print(f"cross-entropy of the test images: {loss:.0f} nats an image")
plots.show_images(
    np.concatenate([test_floats[:14], restored[:14]]),
    "Above: test images. Below: what the autoencoder restores from two numbers.",
    columns=14,
)

# %% [markdown]
# Expected: between 186 and 191 nats. (A coin for every pixel would cost
# $784 \log 2 = 543$.) Blurred, but each is the right kind of thing.
#
# ### Random codes
#
# Is that a generator? It has a decoder that turns two numbers into an image. So draw two numbers at
# random, and decode. But which two numbers? Nothing has been said about where codes lie. Look:

# %%
KINDS = ("Trouser", "Pullover", "Sandal", "Bag", "Ankle boot")


def by_kind(places):
    names = np.array(data.class_names())[test_labels]
    return {kind: places[names == kind] for kind in KINDS}


plots.scatter_points(
    by_kind(codes),
    "The codes of test images of five kinds: rays and clumps, with wide gaps between them.",
    "first number",
    "second number",
)

# %% [markdown]
# The encoder put the codes wherever it suited the decoder. (Five of the ten kinds are drawn; the
# numbers below count all.) Three ways to draw: from a standard normal distribution, whose mean is 0
# and whose deviation is 1; from the whole box that the codes lie in; from a normal distribution with
# the codes' own mean and covariance. The last two look at the codes first. To judge them, cut the box
# into 20 x 20 cells and ask two questions: how many draws fall into cells without a single image's
# code? And how many images have their code in a cell that no draw meets?


# %%
def ways_to_draw(known, count):
    random = np.random.default_rng(SEED)
    size = known.shape[1]
    return {
        "standard normal": random.standard_normal((count, size)),
        "box": random.uniform(known.min(axis=0), known.max(axis=0), (count, size)),
        "fitted normal": random.multivariate_normal(known.mean(axis=0), np.cov(known.T), count),
    }


def print_shares(known, cells=20):
    """For each way to draw: share of draws in cells without images, and the reverse."""
    low, high = known.min(axis=0), known.max(axis=0)
    edges = [np.linspace(low[axis], high[axis], cells + 1) for axis in (0, 1)]
    images = np.histogram2d(*known.T, bins=edges)[0]
    for way, drawn in ways_to_draw(known, 2000).items():
        draws = np.histogram2d(*drawn.T, bins=edges)[0]  # draws outside the box are not counted
        empty = 1 - draws[images > 0].sum() / len(drawn)
        missed = images[draws == 0].sum() / len(known)
        print(f"{way:16} {100 * empty:3.0f} % draws without images,", end="")
        print(f" {100 * missed:3.0f} % images without draws")


# %%
print("mean of the codes:", codes.mean(axis=0).round(), " deviation:", codes.std(axis=0).round())
print_shares(codes)
drawn = [values[:14] for values in ways_to_draw(codes, 14).values()]
plots.show_images(
    tf.sigmoid(restore(np.concatenate(drawn))).numpy(),
    "Decoded codes. Above: from a standard normal distribution, nearly all the same. Middle: from "
    "the box. Below: from a normal distribution fitted to the codes; clothes of several kinds.",
    columns=14,
)

# %% [markdown]
# Expected: deviations of 15 to 33. Then, in percent,
#
# | | draws without images | images without draws |
# |---|---|---|
# | standard normal | 0 to 3 | 75 to 97 |
# | box | 52 to 66 | 0 to 3 |
# | fitted normal | 25 to 48 | 5 to 10 |
#
# The standard normal distribution never draws in a gap, since it draws one spot only and misses
# nearly all clothes. The others often fall into gaps. What the decoder says there is
# anybody's guess, although in a plane the next code is never far away: most of the pictures can still
# be named.
#
# The autoencoder never promised more. Its loss asks for good *restoring*; no term mentions
# how codes are distributed, and none says what should lie between them. One can repair this
# afterwards, by fitting a better density to the codes (Ghosh et al. 2020). The VAE says *beforehand*
# which distribution the codes shall have, and gets a bound on the probability of every image along the
# way.
#
# ### Exercise 09.1 (2 minutes)
#
# Which *one* of these does the autoencoder lack to be a generator?
# - **a** A decoder that is large enough.
# - **b** A known distribution of codes to draw from, which the decoder was trained on.
# - **c** A second network that judges whether images look real.
# - **d** More training steps.
# - **e** Codes with more than two numbers.

# %% tags=["exercise"]
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = "b"

# %% tags=["check"]
checks.check_choice(
    "09.1",
    answer_1,
    expected="b",
    options="abcde",
    hints={
        "a": "a larger decoder restores better; where codes lie is still nobody's promise.",
        "c": "that is how a GAN works; a VAE does without.",
        "d": "more steps improve the restored images; no term of the loss says where codes lie.",
        "e": "more numbers restore better, and one has to know how to draw more of them.",
    },
    why="Generating is drawing a code and decoding it, so both parts must fit together.",
)

# %% [markdown]
# ## 2. A model with a hidden variable (core, 17 minutes)
#
# ### The model
#
# Begin with the story of how an image comes about, in two draws:
#
# 1. a **latent** (hidden) vector $z$ is drawn from the **prior** $p(z) = \mathcal N(0, I)$: its entries,
#    the *latents*, are independent and standard normal;
# 2. the image $x$ is drawn from $p(x|z)$, whose parameters a network, the decoder, computes from
#    $z$. For binary images: pixel $i$ is white with the probability $\sigma(\ell_i(z))$, where
#    $\ell_i(z)$ is the decoder's logit for it.
#
# This *is* a generator, by construction. It also gives every image a probability, the mean of
# $p(x|z)$ over all latents:
#
# $$p(x) = \int p(x|z)\, p(z)\, dz = \mathbb{E}_{z \sim p(z)}\big[p(x|z)\big].$$
#
# Training by maximum likelihood (lesson 02) would make $\log p(x)$ large for the training images.
# The trouble is the integral: the decoder is a network, so it has no closed form (no
# formula). It is called **intractable**.
#
# ### The naive estimate
#
# The integral is a mean, so draw $z_1, \dots, z_K$ from the prior and take the mean of $p(x|z_k)$.
# That is unbiased (right on average), and hopeless. To see why, take a model where everything is
# exact:
#
# $$z \sim \mathcal N(0, 1), \qquad x|z \sim \mathcal N(w z, s^2), \qquad w = 1.5,\; s = 0.8.$$
#
# So $x$ is $wz$ plus noise of the deviation $s$. A sum of independent normal variables is normal,
# and the variances add: $x \sim \mathcal N(0, w^2 + s^2)$. Observe $x = 1.2$. (This $p(x)$ is a
# density, and may be above 1; nothing else changes.)

# %% tags=["check-output"]
WEIGHT, NOISE, OBSERVED = 1.5, 0.8, 1.2
log_normal = divergences.log_normal_density  # log N(x; mean, deviation²)
marginal_deviation = np.hypot(WEIGHT, NOISE)
log_p = float(log_normal(OBSERVED, 0, marginal_deviation))


def log_likelihood(z):
    """log p(x|z) of the observed x, for z of any shape."""
    return -0.5 * ((OBSERVED - WEIGHT * z) / NOISE) ** 2 - np.log(NOISE * np.sqrt(2 * np.pi))


z = np.linspace(-10, 10, 20_001)
by_quadrature = np.log(np.trapezoid(np.exp(log_likelihood(z) + log_normal(z, 0, 1)), z))
draws = np.random.default_rng(SEED).standard_normal(10**6)
naive = np.log(np.exp(log_likelihood(draws)).mean())
print(f"log p(x): formula {log_p:.4f}, integral {by_quadrature:.4f}, million draws {naive:.2f}")

# %% [markdown] Three ways, one number, $-1.70$. In one dimension the naive estimate is fine. Now
# Three ways, one number, $-1.70$. In one dimension the naive estimate is fine. Now let the observation
# have $n$ parts, each with its own latent. All is independent, so logarithms add: exactly,
# $\log p(x)$ is $-1.70\,n$.

# %%
random = np.random.default_rng(SEED)
print("  n   exact log p   three estimates with 10,000 draws each")
for num_parts in (1, 5, 20, 100):
    estimates = []
    for _ in range(3):
        parts = log_likelihood(random.standard_normal((10_000, num_parts))).sum(axis=1)
        estimates.append(np.logaddexp.reduce(parts) - np.log(10_000))
    shown = "  ".join(f"{value:7.1f}" for value in estimates)
    print(f"{num_parts:3} {num_parts * log_p:11.1f}      {shown}")

# %% [markdown] Expected: at $n = 100$ three estimates that lie 50 nats or more *below* the exact
# Expected: at $n = 100$ three estimates that lie 50 nats or more *below* the exact $-169.9$: too small
# by a factor of more than $e^{50}$. Nearly no latent of the prior explains the
# observation; the few that do carry the whole mean, and they are never drawn. An image is in the same
# position: of all latents, only a tiny region decodes to *this* boot.
#
# (The logarithm of an unbiased estimate is biased *downwards*. You will see why in a moment.)
#
# ### How many draws would do? (optional, 7 minutes)
#
# The error of the naive estimate is known. The square of a normal density is
# $e^{-(x-wz)^2/s^2}/(2\pi s^2)$: its exponent is that of the variance $s^2/2$, whose density has the
# factor $1/\sqrt{\pi s^2}$. What is left is $1/(2s\sqrt\pi)$, so
#
# $$p(x|z)^2 = \frac{\mathcal N(x;\, w z,\, s^2/2)}{2 s\sqrt\pi}, \qquad
#   \mathbb{E}\,p(x|z)^2 = \frac{\mathcal N(x;\, 0,\, w^2 + s^2/2)}{2 s\sqrt\pi},
#   \qquad r = \frac{\mathbb{E}\,p(x|z)^2}{p(x)^2}.$$
#
# (The mean over $z$ adds $w^2$ to the variance, as above.) The relative variance of one draw, its
# variance over the square of its mean, is $r - 1$. With $n$ independent parts the means multiply,
# and it is $r^n - 1$. The mean of $K$ draws has the relative error $\sqrt{(r^n - 1)/K}$, so an
# error of 10 % takes $K = 100\,(r^n - 1)$ draws.

# %%
second_moment = np.exp(log_normal(OBSERVED, 0, np.sqrt(WEIGHT**2 + NOISE**2 / 2)))
r = second_moment / (2 * NOISE * np.sqrt(np.pi)) / np.exp(2 * log_p)
sampled_r = np.mean(np.exp(2 * log_likelihood(draws))) / np.mean(np.exp(log_likelihood(draws))) ** 2
print(f"r: formula {r:.3f}, a million draws {sampled_r:.3f}")
for num_parts in (1, 5, 20, 100):
    print(f"n = {num_parts:3}: {100 * (r**num_parts - 1):.0e} draws for an error of 10 %")

# %% [markdown]
# Expected: $r = 1.98$, and $5 \cdot 10^{31}$ draws for $n = 100$.
#
# ### Exercise 09.2 (4 minutes)
#
# $p(x|z)$ of an image is around $e^{-200}$ and smaller still, and `np.exp(-1000)` is 0.0. Write
# $\log\big(\frac1K \sum_k e^{a_k}\big)$ for `a` with $K$ entries, so that neither -1000 nor +1000
# does harm: take the largest entry out of the sum first,
# $\log \sum_k e^{a_k} = a_{\max} + \log\sum_k e^{a_k - a_{\max}}$.


# %% tags=["exercise"]
def log_mean_exp(a):
    # -- stub --
    return ...
    # -- solution --
    largest = a.max()
    return largest + np.log(np.exp(a - largest).mean())


# %% tags=["check"]
checks.check_function(
    "09.2",
    log_mean_exp,
    expected=lambda a: np.logaddexp.reduce(a) - np.log(len(a)),
    cases=[
        np.array([-1.0, 0.5, 2.0]),
        np.array([-1000.0, -1001.0, -1000.5]),
        np.array([1000.0, 990.0]),
        np.array([-1000.0, 1000.0]),
        np.array([3.0]),
    ],
    hints=mistakes.LOG_MEAN_EXP,
    hint="a.max(), plus the log of the mean of exp(a - a.max()).",
    why="The lesson goes on with np.logaddexp.reduce(a) - np.log(K), which does the same.",
)

# %% [markdown]
# ### The ELBO, first derivation: Jensen
#
# Draw latents where they matter. Let $q(z)$ be *any* density that is above 0 wherever the prior is.
# Multiply and divide by it:
#
# $$\log p(x) = \log \int q(z)\, \frac{p(x|z)\,p(z)}{q(z)}\, dz
#   = \log \mathbb{E}_{q}\!\left[\frac{p(x|z)\,p(z)}{q(z)}\right].$$
#
# The logarithm bends down: the log of a mean is never below the mean of the logs (**Jensen's
# inequality**; it is also why the naive estimate above came out too low). Hence
#
# $$\boxed{\log p(x) \;\ge\; \mathbb{E}_{q}\big[\log p(x|z)\big] - \mathrm{KL}\big(q(z)\,\Vert\,p(z)\big)
#   \;=\; \mathrm{ELBO}}$$
#
# because the log of the fraction is $\log p(x|z) + \log p(z) - \log q(z)$, and
# $\mathbb{E}_q[\log q(z) - \log p(z)]$ is the KL divergence of $q$ from the prior. (Here and in
# lesson 10 $q$ is a density of *latents*. In lessons 05 and 12 the letter means another thing, the
# density of generated images.) The **evidence lower bound** ($p(x)$ is also called the *evidence*)
# has two terms: **reconstruction**, how probable the image is for latents drawn from $q$; and the
# **KL term**, what $q$ pays for being different from the prior. Logs of tiny numbers are harmless
# numbers, such as -200. No draw is wasted.
#
# ### Second derivation: the gap
#
# Jensen does not say how much is lost. Bayes' rule does. The latents that could have produced $x$
# have the distribution $p(z|x) = p(x|z)\,p(z)/p(x)$, the **posterior**. Put its logarithm into the KL
# divergence of $q$ from it. There is no $z$ in $\log p(x)$, so it comes out of the mean:
#
# $$\mathrm{KL}\big(q \,\Vert\, p(z|x)\big) = \mathbb{E}_q\big[\log q(z) - \log p(x|z) - \log p(z)\big]
#   + \log p(x) = -\mathrm{ELBO} + \log p(x),$$
#
# $$\boxed{\log p(x) = \mathrm{ELBO} + \mathrm{KL}\big(q(z) \,\Vert\, p(z|x)\big)}$$
#
# The gap is a KL divergence, so it is never negative (Jensen once more), and it is 0 exactly when
# $q$ *is* the posterior. A larger ELBO therefore means a larger likelihood, a $q$ nearer to the
# posterior, or both.
#
# ### Verified where everything is exact
#
# In the one-dimensional model the posterior is normal, with variance $s^2/(w^2+s^2)$ and mean
# $w x/(w^2+s^2)$. With $q = \mathcal N(\mu, \sigma^2)$, and since
# $\mathbb{E}_q (x - wz)^2 = (x-w\mu)^2 + w^2\sigma^2$, the ELBO has a closed form too. (From here on
# $\sigma$ is a standard deviation; only $\sigma(\ell)$, of a logit, stays the function of section 1.)

# %%
posterior_mean = WEIGHT * OBSERVED / marginal_deviation**2
posterior_deviation = NOISE / marginal_deviation


def exact_elbo(mean, deviation):
    """Closed form of the ELBO with q = N(mean, deviation²)."""
    reconstruction = log_likelihood(mean) - 0.5 * (WEIGHT * deviation / NOISE) ** 2
    return reconstruction - divergences.kl_gaussians(mean, deviation, 0, 1)


def integrated_elbo(mean, deviation):
    """The same as an area under a curve."""
    log_q = log_normal(z, mean, deviation)
    kl = divergences.kl_quadrature(log_q, log_normal(z, 0, 1), z)
    return np.trapezoid(np.exp(log_q) * log_likelihood(z), z) - kl


def sampled_elbo(mean, deviation):
    """The same from draws of q: mean and standard error."""
    drawn = mean + deviation * np.random.default_rng(SEED).standard_normal(NUM_DRAWS)
    log_q = log_normal(drawn, mean, deviation)
    values = log_likelihood(drawn) + log_normal(drawn, 0, 1) - log_q
    return values.mean(), values.std() / np.sqrt(NUM_DRAWS)


# %%
candidates = {
    "the prior": (0.0, 1.0),
    "too narrow": (posterior_mean, 0.1),
    "off center": (0.0, posterior_deviation),
    "the posterior": (posterior_mean, posterior_deviation),
}
print("q                formula  integral  draws               log p(x) - KL(q || posterior)")
for name, (mean, deviation) in candidates.items():
    sampled, error = sampled_elbo(mean, deviation)
    gap = divergences.kl_gaussians(mean, deviation, posterior_mean, posterior_deviation)
    print(
        f"{name:15} {exact_elbo(mean, deviation):8.4f}  {integrated_elbo(mean, deviation):8.4f}  "
        f"{sampled:8.4f} ± {2 * error:.4f}   {log_p - gap:8.4f}"
    )
print(f"log p(x) {log_p:15.4f}")

# %% [markdown]
# Expected, row by row: -3.5786, -2.7701, -2.5746 and -1.6987, the same in all four columns. The draws
# are right to within about the number after ±, two *standard errors*; one is the standard deviation
# of the values, divided by the square root of how many there are. Only the last row reaches
# $\log p(x)$. Its error is 0: at the posterior $p(x|z)p(z)/q(z)$ is the *same* number for
# every $z$, so a single draw would do. Good latents remove variance as well as the gap.

# %%
means = np.linspace(-0.6, 1.8, 121)
series = {
    "q as wide as the posterior": [exact_elbo(mean, posterior_deviation) for mean in means],
    "q twice as wide": [exact_elbo(mean, 2 * posterior_deviation) for mean in means],
    "log p(x)": np.full(len(means), log_p),
}
plots.curves(
    series,
    "The ELBO for different means of q stays below log p(x), and touches it only if q has the mean "
    "and the width of the posterior.",
    "mean of q",
    "nats",
    x=means,
)

# %% [markdown]
# ### Exercise 09.3 (2 minutes)
#
# For one image a trained model has a reconstruction term of -171.5 nats and a KL term of 7.5 nats.
# Somebody finds out, at great expense, that $\log p(x) = -176.2$. What is the KL divergence of $q$
# from the posterior, in nats?

# %% tags=["exercise"]
reconstruction, kl, log_evidence = -171.5, 7.5, -176.2
# -- stub --
answer_3 = ...
# -- solution --
answer_3 = log_evidence - (reconstruction - kl)

# %% tags=["check"]
checks.check_number(
    "09.3",
    answer_3,
    expected=2.8,
    hints=[
        (-2.8, "right size, wrong sign: a KL divergence is never negative."),
        (7.5, "that is the divergence from the prior, not from the posterior."),
        (-12.2, "the KL term is subtracted: the ELBO is reconstruction minus KL."),
        (12.2, "the KL term is subtracted: the ELBO is reconstruction minus KL."),
        (-4.7, "the KL term is missing: the ELBO is reconstruction minus KL."),
        (4.7, "the KL term is missing: the ELBO is reconstruction minus KL."),
        (-179.0, "that is the ELBO; the gap is what log p(x) has more."),
    ],
    hint="log p(x) = ELBO + gap, and the ELBO is reconstruction minus KL term.",
    why="A gap above 0 says that q is not the posterior, here by 2.8 nats.",
)

# %% [markdown]
# ### There is no discriminator anywhere
#
# One network for $q$: the encoder takes an image and says which latents are plausible,
# $q(z|x)$. One network for $p(x|z)$: the decoder. One number to make large, the ELBO. That is the
# whole VAE. Articles on the web sometimes describe it with the steps of a GAN (lesson 05). That is
# another model: a *generator* $G$ makes images from noise, and a *discriminator* $D$ gives the
# probability that an image is real. If you have read such an article, this is what each step should
# have said:
#
# | what such an article says | what it should have said |
# |---|---|
# | A generator turns random noise into images. | The decoder turns $z$ into the parameters of $p(x\vert z)$. In *training*, $z$ comes from the encoder, for a real image. Only for new images is $z$ drawn from the prior. |
# | A discriminator judges whether an image is real. | Nobody judges. The decoded pixels are compared with *the image that went in*, by $\log p(x\vert z)$. |
# | The discriminator's loss is $-\log D(x) - \log(1 - D(G(z)))$. | The loss is $-\mathrm{ELBO} = -\mathbb{E}_q[\log p(x\vert z)] + \mathrm{KL}(q(z\vert x)\,\Vert\,p(z))$. |
# | The two networks are updated in turn, against each other. | Both are updated at once, by one gradient of one loss: they want the same. |
# | Training is done when the discriminator is at 50 %. | It is an ordinary maximization. It is done when the ELBO of *held-out* images no longer rises. |
# | The decoder outputs $\mu$ and $\sigma$ of the latents. | The **encoder** does. The decoder outputs pixels. |
# | The encoder maps an image to its latent vector. | To a *distribution* of latents. An encoder that gives a point is section 1's. |
#
# ### Exercise 09.4 (3 minutes)
#
# Which of these are true of a VAE? Answer with all their letters, such as `"a, b"`.
# - **a** Encoder and decoder are trained by one and the same loss.
# - **b** The encoder outputs a mean and a variance of the latents for each image.
# - **c** The decoder is rewarded for fooling another network.
# - **d** To make a new image, $z$ is drawn from the prior and decoded.
# - **e** If $q(z|x)$ were the posterior for each image, the ELBO would be $\log p(x)$.

# %% tags=["exercise"]
# -- stub --
answer_4 = ...
# -- solution --
answer_4 = "a, b, d, e"

# %% tags=["check"]
checks.check_choice(
    "09.4",
    answer_4,
    expected={"a", "b", "d", "e"},
    options="abcde",
    hints={
        "a, b, c, d, e": "look for a network to fool; there is none.",
        "a, c, d, e": "look again at the table: who outputs mean and variance, and who is fooled?",
        "a, b, d": "read the second boxed formula again: what is the gap then?",
        "a, b, e": "how else would one get a z without an image?",
        "b, d, e": "one loss, minus the ELBO, has one gradient for both networks.",
        "a, d, e": "somebody has to say which latents are plausible for an image: the encoder.",
    },
    hint="Go through the table from top to bottom.",
    why="(c) belongs to the GAN of lesson 05.",
)

# %% [markdown]
# ## 3. A gradient through a random draw (core, 14 minutes)
#
# ### The encoder gives a distribution
#
# For each image the encoder outputs two vectors, $\mu(x)$ and $\log\sigma^2(x)$, and
#
# $$q(z|x) = \mathcal N\big(\mu(x),\, \mathrm{diag}\,\sigma^2(x)\big).$$
#
# The *diag* says that the latents are independent, each with its own variance. (The *logarithm*
# of the variance, because it may be any real number, and a network's output is one.) Why not a point,
# as in section 1? Because a point is a normal distribution of width (deviation) 0, and the KL term
# for it is infinite. With a width, $z$ is *drawn*, so every latent near $\mu(x)$ has to decode to
# something like $x$, and neighbors have to share their region.
#
# To train the encoder we need the gradient, for $\mu$ and $\sigma$, of
#
# $$J(\mu, \sigma) = \mathbb{E}_{z \sim \mathcal N(\mu, \sigma^2)}\big[f(z)\big],
#   \qquad f(z) = \log p(x|z).$$
#
# The parameters sit in the distribution that we draw *from*. A `GradientTape` cannot look into a
# random number generator. (The decoder's weights sit in $f$ only, where the tape sees them.) There are
# two ways around.
#
# **Score function.** Differentiate the density, and use $\nabla q = q\,\nabla\log q$:
#
# $$\nabla J = \int f(z)\,\nabla q(z)\,dz = \mathbb{E}_q\big[f(z)\,\nabla \log q(z)\big],
#   \qquad \frac{\partial \log q}{\partial\mu} = \frac{z-\mu}{\sigma^2},
#   \quad \frac{\partial \log q}{\partial\sigma} = \frac{(z-\mu)^2}{\sigma^3} - \frac1\sigma.$$
#
# ($\nabla\log q$ is called the *score*.) It needs values of $f$ only, so $f$ may be anything: a
# step, a game's result. It is also known as REINFORCE.
#
# **Reparameterization.** Draw the randomness *before*, from a distribution without parameters, and
# compute $z$ from it:
#
# $$\varepsilon \sim \mathcal N(0, 1), \quad z = \mu + \sigma\,\varepsilon,
#   \qquad \frac{\partial J}{\partial\mu} = \mathbb{E}_\varepsilon\big[f'(z)\big],
#   \quad \frac{\partial J}{\partial\sigma} = \mathbb{E}_\varepsilon\big[f'(z)\,\varepsilon\big].$$
#
# Now $z$ is an ordinary function of $\mu$ and $\sigma$, and back-propagation goes through it. It
# needs the slope of $f$, which a decoder has.
#
# ### Exercise 09.5 (2 minutes)
#
# Let $f(z) = z^2$, $\mu = 1$, $\sigma = 0.5$, and let the draw be $\varepsilon = 1.5$. Which
# derivative by $\sigma$ does *reparameterization* get from this one draw?

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = 2 * (1 + 0.5 * 1.5) * 1.5

# %% tags=["check"]
checks.check_number(
    "09.5",
    answer_5,
    expected=5.25,
    hints=[
        (3.5, "that is the derivative by the mean; by the scale, z moves with the noise."),
        (7.65625, "that is the score function's estimate, f(z) (ε² - 1) / σ."),
        (4.59375, "that is f(z) ε; it is the slope f'(z) that counts, not the value."),
        (3.0, "that takes the slope at the mean; take it at z = μ + σε."),
        (4.125, "the noise is multiplied by σ = 0.5, the deviation, not by the variance."),
        (1.75, "that is z, the mean plus scale times noise; asked is the derivative of z²."),
        (2.625, "the derivative of z by σ is ε, not σε."),
        (1.0, "that is the exact derivative of the mean, 2σ; asked is the estimate of one draw."),
    ],
    hint="z = μ + σε, so the derivative of f(z) by σ is f'(z) ε, with f'(z) = 2z.",
    why="The exact derivative is that of μ² + σ², 2σ = 1: one draw is noisy, their mean is right.",
)

# %% [markdown]
# ### Variances compared
#
# Both estimators are unbiased. What differs is how much a single draw scatters. Take the model of
# section 2, $f(z) = \log p(x|z)$, and $q = \mathcal N(-0.5,\, 0.6^2)$; the module below has both
# estimators. Exactly, $\partial J/\partial\mu = w\,(x - w\mu)/s^2 = 4.57$.
#
# The score function has a remedy that must be mentioned in fairness: a constant **baseline** $b$ in
# $(f(z) - b)\,\nabla\log q$ changes no mean, since the score's mean is 0, and takes out much of the
# scatter. We give it a good one, the mean of $f$.

# %%
MEAN, SCALE = -0.5, 0.6
noise = np.random.default_rng(SEED).standard_normal(NUM_DRAWS)
hill = estimators.payoff("hill")  # f(z) = log p(x|z), its slope, and its exact mean
by_slope = estimators.reparameterized_gradients(hill.slope, MEAN, SCALE, noise)
by_value = estimators.score_function_gradients(hill.value, MEAN, SCALE, noise)
with_baseline = estimators.score_function_gradients(
    hill.value, MEAN, SCALE, noise, baseline=hill.mean_value(MEAN, SCALE)
)
for name, estimates in {
    "reparameterized": by_slope,
    "score function": by_value,
    "score function with baseline": with_baseline,
}.items():
    print(f"{name:29} mean {estimates[:, 0].mean():5.2f}, variance {estimates[:, 0].var():7.2f}")

# %% [markdown]
# Expected variances: between 4.3 and 4.6 (exactly $w^4\sigma^2/s^4 = 4.45$) against 125 to 145, and
# 48 to 58 with the baseline. The variance decides how many draws you need: for the same error the
# score function takes some thirty times as many, with the baseline twelve times, and one dimension
# is still kind to it. With $n$ latents, $f$ is a sum of everything, and the score of *one* mean is
# multiplied by all of it. (In this sum one could leave out what $z_1$ does not touch. A decoder mixes
# all latents, so there one cannot.)

# %%
random = np.random.default_rng(SEED)
print("   n   reparameterized   score function   with baseline   ratio of the last to the first")
for num_latents in (1, 10, 100):
    noises = random.standard_normal((5000, num_latents))
    values = hill.value(MEAN + SCALE * noises).sum(axis=1)
    score = noises[:, 0] / SCALE  # of the first mean
    good = hill.slope(MEAN + SCALE * noises[:, 0]).var()
    plain = (values * score).var()
    better = ((values - num_latents * hill.mean_value(MEAN, SCALE)) * score).var()
    print(
        f"{num_latents:4}   {good:15.1f}   {plain:14.0f}   {better:13.0f}   {better / good:12.0f}"
    )

# %% [markdown]
# Expected: the first column stays near 4.5; the second grows with $n^2$, to about 500,000 at
# $n = 100$; the third with $n$, to between 2,000 and 2,600. That is why VAEs are trained by
# reparameterization. It is no law of nature: reparameterization needs a *continuous* $f$ with a slope
# and a $q$ that can be written as a function of noise. For discrete latents, or a step, the score
# function still works.
#
# ### The widget
#
# Above: $f$, the density of $z$, and some draws. The square is *your* draw,
# $z = \mu + \sigma\varepsilon$, with the noise $\varepsilon$ that you choose; its two arrows are what
# reparameterization reads off it. Below: the gradient of $J$, exactly and by both estimators, as
# averages over the draws. An arrow at the dot pushes the mean, one at the bar pushes the scale. Arrows
# of one function share one unit of length; very long ones are cut, and the caption has the numbers.

# %%
widgets.live_figure(
    pictures.gradients_figure,
    {
        "function": widgets.Choice("f", ("hill", "wave", "step"), "hill"),
        "mean": widgets.Slider("Mean", -2, 2, 0.1, -0.5),
        "scale": widgets.Slider("Scale", 0.1, 2, 0.1, 0.6),
        "noise": widgets.Slider("Noise", -3, 3, 0.1, 1),
        "samples": widgets.Slider("Draws", 1, 500, 1, 10),
        "seed": widgets.Whole("Seed", 0, 999, 0),
    },
    name="gradients",
    width=pictures.PICTURE_WIDTH,
)

# %% [markdown] **Four experiments** (4 minutes). Say what you expect before you move anything. All
# **Four experiments** (4 minutes). Say what you expect before you move anything. All controls work
# by keyboard.
# 1. *Everything moves together.* Move **Mean**, then **Scale**. The noise stays, so the square and
#    all draws move along, and each takes the slope of its new place. That is the trick.
# 2. *Count up the seed* a few times, with 10 draws. Look at the arrows for the *mean*: in which row do
#    they hardly change, and in which do they sometimes even point the wrong way? (The arrows for the
#    scale scatter in both rows, more in the lower one.)
# 3. *Noise.* At noise 0 your draw says nothing about the scale; at -1 its arrow for the scale turns
#    round. Why? (Look at $f'(z)\,\varepsilon$.)
# 4. *The step.* Choose **step** and 500 draws. The exact gradient is not 0, since the mean decides how
#    many draws lie right of the step. Reparameterization says 0, with no variance at all: the slope of
#    a step is 0 wherever it exists. It is *wrong*, however many draws you take. The score
#    function is right on average.

# %% [markdown]
# ### One derivative, both ways, by autodiff and by finite differences (optional, 8 minutes)
#
# Is the derivative itself right? Because $J = f(\mu) - w^2\sigma^2/(2s^2)$ (section 2), it is exactly
# $\partial J/\partial\mu = w\,(x - w\mu)/s^2$.
#
# By autodiff: with reparameterization the tape records $z = \mu + \sigma\varepsilon$. With the
# score function, $z$ counts as given, and the tape records $f(z) \log q(z)$. By finite differences
# (lesson 02): move $\mu$ by $\pm h$ and divide. With reparameterization the *noise* is the same on
# both sides; with the score function the *draws* are, and each is weighted by how much more
# frequent it has become, $q_{\mu\pm h}/q_\mu$.

# %%
drawn = MEAN + SCALE * noise
mean = tf.Variable(MEAN, dtype="float64")
with tf.GradientTape(persistent=True) as tape:
    through_z = tf.reduce_mean(log_likelihood(mean + SCALE * noise))
    log_q = -0.5 * ((drawn - mean) / SCALE) ** 2
    through_density = tf.reduce_mean(log_likelihood(drawn) * log_q)


def shifted(new_mean):  # same noise
    return log_likelihood(new_mean + SCALE * noise).mean()


def reweighted(new_mean):  # same draws
    ratios = np.exp(log_normal(drawn, new_mean, SCALE) - log_normal(drawn, MEAN, SCALE))
    return (log_likelihood(drawn) * ratios).mean()


# %%
exact = WEIGHT * (OBSERVED - WEIGHT * MEAN) / NOISE**2
density = np.exp(log_normal(z, MEAN, SCALE))
area = np.trapezoid(density * log_likelihood(z) * (z - MEAN) / SCALE**2, z)
print(f"exact {exact:.4f}, as an integral {area:.4f}")
for name, target, function in (
    ("reparameterized", through_z, shifted),
    ("score function", through_density, reweighted),
):
    by_tape = float(tape.gradient(target, mean))
    by_differences = float(numerics.numerical_gradient(lambda at, f=function: f(at.item()), MEAN))
    print(f"{name:16} autodiff {by_tape:.4f}, finite differences {by_differences:.4f}")

# %% [markdown]
# Expected: exact 4.5703. Within a row autodiff and finite differences agree to four digits: they
# differentiate the same sum. The rows are two *estimates* of the exact number: 4.55 to 4.60 by
# reparameterization, and only 4.4 to 4.75 by the score function, from the same 100,000 draws.
#
# ### Exercise 09.6 (4 minutes)
#
# Write the score function's estimates of the derivative by the **mean**, one for each draw. Given are
# the draws `z` (n,), the values $f(z)$ (n,), the mean and the scale.


# %% tags=["exercise"]
def score_estimates(values, z, mean, scale):
    # -- stub --
    return ...
    # -- solution --
    return values * (z - mean) / scale**2


# %% tags=["check"]
checks.check_function(
    "09.6",
    score_estimates,
    expected=lambda values, z, mean, scale: values * (z - mean) / scale**2,
    cases=[
        (np.array([2.0, -1.0, 0.5]), np.array([0.0, 1.0, 3.0]), 1.0, 0.5),
        (np.array([-200.0]), np.array([0.3]), -0.2, 2.0),
        (np.array([-3.0, 4.0]), np.array([0.7, -0.4]), 0.0, 0.25),
    ],
    hints=[
        (lambda f, z, m, s: f * (z - m) / s, "the score divides by the scale squared."),
        (lambda f, z, m, s: f * (m - z) / s**2, "the sign: log q grows when the mean nears z."),
        (lambda f, z, m, s: (f * (z - m) / s**2).mean(), "one for each draw: no mean yet."),
        (lambda f, z, m, s: (z - m) / s**2, "that is the score; multiply it by the values."),
        (
            lambda f, z, m, s: f * ((z - m) ** 2 / s**2 - 1) / s,
            "that is the derivative by the scale; asked is the one by the mean.",
        ),
    ],
    hint="f(z) times the derivative of log q(z) by the mean, which stands above.",
    why="No slope of f occurs: a draw with a large value pulls the mean towards itself.",
)

# %% [markdown]
# ## 4. The KL term (core, 6 minutes)
#
# ### Derived
#
# For one latent, $q = \mathcal N(\mu, \sigma^2)$ and $p = \mathcal N(0, 1)$. Both logarithms are
# short:
#
# $$\log q(z) = -\tfrac12\log 2\pi - \tfrac12\log\sigma^2 - \tfrac{(z-\mu)^2}{2\sigma^2},
#   \qquad \log p(z) = -\tfrac12\log 2\pi - \tfrac12 z^2 .$$
#
# Take the mean of the difference over $q$. There $\mathbb{E}(z-\mu)^2 = \sigma^2$ and
# $\mathbb{E} z^2 = \mu^2 + \sigma^2$, so
#
# $$\mathrm{KL} = \mathbb{E}_q[\log q - \log p]
#   = -\tfrac12\log\sigma^2 - \tfrac12 + \tfrac12(\mu^2 + \sigma^2)
#   = \tfrac12\big(\mu^2 + \sigma^2 - \log\sigma^2 - 1\big).$$
#
# Independent latents make logarithms add, so the KL terms of the latents add:
#
# $$\boxed{\mathrm{KL}\big(q(z|x)\,\Vert\,p(z)\big)
#   = \tfrac12 \sum_j \big(\mu_j^2 + \sigma_j^2 - \log\sigma_j^2 - 1\big)}$$
#
# The first part pulls means to 0; $\sigma^2 - \log\sigma^2 - 1$ is smallest, 0, at $\sigma = 1$, and
# grows without end towards width 0.
#
# ### Exercise 09.7 (4 minutes)
#
# Write it for a batch: `mean` and `log_variance` have the shape (n, latents), the result (n,).


# %% tags=["exercise"]
def kl_term(mean, log_variance):
    # -- stub --
    return ...
    # -- solution --
    return 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1).sum(axis=1)


# %% tags=["check"]
checks.check_function(
    "09.7",
    kl_term,
    expected=vae.kl_from_prior,
    cases=[
        (np.array([[0.0, 0.0], [1.0, -2.0]]), np.array([[0.0, 0.0], [0.5, -1.0]])),
        (np.array([[0.3, 1.0, 2.0]]), np.array([[-3.0, 0.0, 1.0]])),
        (np.array([[0.5], [3.0], [0.0]]), np.array([[0.7], [-2.0], [1.5]])),
    ],
    hints=mistakes.KL_TERM,
    hint="Half the sum, over axis 1, of mean² + exp(log_variance) - log_variance - 1.",
    why="The lesson goes on with vae.kl_from_prior, which does the same.",
)

# %% [markdown]
# ### By Monte Carlo, with error bars (optional, 3 minutes)
#
# A second way that shares nothing with the formula: draw from $q$ and average $\log q(z) - \log p(z)$.
# With $K$ draws the standard error is the standard deviation of the values over $\sqrt K$. An
# estimate without its error is worth little: here we can see whether the exact value lies inside.

# %%
mu, log_variance = np.array([1.0, -0.5]), np.array([-1.0, 0.3])
deviations = np.exp(log_variance / 2)
exact_kl = float(vae.kl_from_prior(mu[np.newaxis], log_variance[np.newaxis])[0])
areas = [
    divergences.kl_quadrature(log_normal(z, center, width), log_normal(z, 0, 1), z)
    for center, width in zip(mu, deviations, strict=True)
]
print(f"KL: closed form {exact_kl:.4f}, sum of two integrals {sum(areas):.4f}")
counts, estimates, errors = [10, 100, 1000, 10_000, 100_000], [], []
for count in counts:
    noise_pairs = np.random.default_rng(count).standard_normal((count, 2))
    latents = mu + deviations * noise_pairs
    # log q - log p; the constants cancel, and (z - μ)/σ is the noise
    values = 0.5 * (latents**2 - noise_pairs**2 - log_variance).sum(axis=1)
    estimates.append(values.mean())
    errors.append(values.std(ddof=1) / np.sqrt(count))
    print(f"{count:7,} draws: {estimates[-1]:.4f} ± {2 * errors[-1]:.4f}")

# %%
pictures.error_bars_figure(
    counts,
    estimates,
    errors,
    exact_kl,
    "Monte Carlo estimates of the KL term with bars of two standard errors: the bars shrink by the "
    "square root of ten from point to point; four of the five contain the exact value.",
    "draws",
    "KL, nats",
)

# %% [markdown]
# Expected: 0.8339 from formula and integrals; with 100,000 draws within 0.009 of it. A bar of two
# standard errors should contain the exact value in 95 of 100 cases, so one miss among five is no
# scandal. Here the bar at 100 draws misses, by a little.
#
# For two normal distributions nobody draws: the closed form has no variance, and is used in training.

# %% [markdown]
# ## 5. By hand, then `fit` (core, 23 minutes)
#
# ### Two networks
#
# A VAE's networks are nearly those of the autoencoder. The encoder has to say two numbers for each
# latent, its mean and its log-variance. Means, log-variances and logits may be any real numbers, so
# the last layers have no activation. The decoder still takes one number for each latent.
#
# ### Exercise 09.8 (5 minutes)
#
# Change the architecture of section 1 so that it serves as a VAE, for images of *any* shape, such as
# (32, 32, 3): write a function that returns both networks. The encoder gives all means first, then all
# log-variances. Any hidden layers will do. (`int(np.prod(image_shape))` counts an image's numbers.)


# %% tags=["exercise"]
def make_vae_networks(image_shape, latent_size):
    layers = keras.layers
    # -- stub --
    return ..., ...
    # -- solution --
    encoder = keras.Sequential(
        [
            keras.Input(image_shape),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dense(2 * latent_size),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.Input((latent_size,)),
            layers.Dense(256, activation="relu"),
            layers.Dense(int(np.prod(image_shape))),
            layers.Reshape(image_shape),
        ]
    )
    return encoder, decoder


# %% tags=["check"]
checks.check_design(
    "09.8",
    make_vae_networks,
    designs.networks_fault,
    hint="Encoder: 2 · latent_size outputs. Decoder: latent_size inputs, an image of logits.",
    why="For 28 x 28 images these are make_encoder(2 * latent_size) and make_decoder(latent_size).",
)

# %% tags=["check-output"]
LATENT_SIZE = 2
keras.utils.set_random_seed(SEED)
encoder, decoder = make_encoder(2 * LATENT_SIZE), make_decoder(LATENT_SIZE)
for network in (encoder, decoder):
    print(f"{network.name}: {network.input_shape[1:]} -> {network.output_shape[1:]}, ", end="")
    print(f"{network.count_params():,} weights")

# %% [markdown]
# ### Reconstruction: the log-likelihood of binary pixels
#
# Given $z$, the pixels are independent (Bernoulli), so their logarithms add. With
# $\log\sigma(\ell) = -\log(1+e^{-\ell})$ and $\log(1-\sigma(\ell)) = -\log(1+e^{\ell})$:
#
# $$\log p(x|z) = -\sum_i \Big[ x_i \log(1 + e^{-\ell_i}) + (1 - x_i)\log(1 + e^{\ell_i}) \Big].$$
#
# It is minus the cross-entropy of section 1, *summed* over pixels. The bracket is TensorFlow's
# `sigmoid_cross_entropy_with_logits`. It is a log-likelihood only for pixels that are 0 or 1. Of
# gray pixels it is some number, but no likelihood of anything; `vae.VAE` refuses them. Its mean
# over $q(z|x)$ has no closed form. One draw for each image is enough, since a batch averages over
# many images.
#
# A batch goes through: encode, draw, decode.

# %% tags=["check-output"]
# The very noise that `vae.VAE` draws in its first step, so that the two can be compared below.
noise_seed = streams.fold_in((SEED, 0), "noise")
noise = tf.random.stateless_normal((BATCH_SIZE, LATENT_SIZE), noise_seed)

mean, log_variance = tf.split(encoder(2 * images - 1), 2, axis=1)  # networks like [-1, 1]
latents = mean + tf.exp(0.5 * log_variance) * noise  # σ = exp(½ log σ²)
logits = decoder(latents)
for name, value in {
    "images": images, "mean": mean, "log-variance": log_variance, "latents": latents,
    "logits": logits,
}.items():  # fmt: skip
    print(f"{name:12} {tuple(value.shape)}")

# %% [markdown]
# ### Exercise 09.9 (8 minutes)
#
# Write one training step: a tape around the three lines above, the two terms of the ELBO for each
# image, the loss, one gradient, one update of *both* networks. Sum over the pixels and over the
# latents, take the mean over the batch only. Return the loss. The lesson's names are there to use:
# `image_cross_entropy(images, logits)` and `vae.kl_from_prior(mean, log_variance)` give one number for
# each image; `optimizer.apply(gradients, weights)` updates; a network's weights are its
# `trainable_variables`.


# %% tags=["exercise"]
def vae_step(encoder, decoder, optimizer, images, noise):
    # -- stub --
    return ...
    # -- solution --
    with tf.GradientTape() as tape:
        mean, log_variance = tf.split(encoder(2 * images - 1), 2, axis=1)
        logits = decoder(mean + tf.exp(0.5 * log_variance) * noise)
        kl = vae.kl_from_prior(mean, log_variance)
        loss = tf.reduce_mean(image_cross_entropy(images, logits) + kl)
    weights = encoder.trainable_variables + decoder.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% tags=["check"]
checks.check_function(
    "09.9",
    faults.outcome(vae_step),
    expected=faults.outcome(faults.make_step()),
    cases=[(2, 0), (3, 1)],
    rtol=1e-3,
    atol=1e-4,
    hints=mistakes.STEP,
    hint="The array holds the loss, then the changes of the encoder's and the decoder's weights.",
    why="Both networks move, by the gradient of one loss.",
    time_limit=20.0,
)

# %% [markdown]
# The lesson goes on with the same in two functions.


# %%
def terms_by_hand(encoder, decoder, images, noise):
    """log p(x|z) for one z of q(z|x), and the KL term: (n,) each, in nats per image."""
    mean, log_variance = tf.split(encoder(2 * images - 1), 2, axis=1)
    logits = decoder(mean + tf.exp(0.5 * log_variance) * noise)
    cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits(images, logits)
    reconstruction = -tf.reduce_sum(cross_entropy, axis=(1, 2, 3))
    kl = 0.5 * tf.reduce_sum(mean**2 + tf.exp(log_variance) - log_variance - 1, axis=1)
    return reconstruction, kl


def loss_and_gradients(encoder, decoder, images, noise):
    with tf.GradientTape() as tape:
        reconstruction, kl = terms_by_hand(encoder, decoder, images, noise)
        loss = tf.reduce_mean(kl - reconstruction)
    weights = encoder.trainable_variables + decoder.trainable_variables
    return loss, tape.gradient(loss, weights), weights


# %% [markdown]
# ### The same with `vae.VAE`
#
# `VAE` takes our two networks and does our step. To compare, give it plain gradient descent with the
# learning rate 1, so that the change of each weight *is* minus the gradient. Our `noise` above was
# drawn with the seed that `VAE` uses in its first step, so both see the same.

# %% tags=["check-output"]
model = vae.VAE(encoder=encoder, decoder=decoder, seed=SEED)
model.compile(optimizer=keras.optimizers.SGD(1.0))
loss, gradients, weights = loss_and_gradients(encoder, decoder, images, noise)
before = [weight.numpy() for weight in weights]
theirs = model.train_step(images)
changes = [old - weight.numpy() for old, weight in zip(before, weights, strict=True)]
errors = [numerics.relative_error(*pair) for pair in zip(changes, gradients, strict=True)]
print("same loss:", np.isclose(float(theirs["loss"]), float(loss), rtol=1e-5))
print("same gradient, all", len(gradients), "arrays of weights:", max(errors) < 1e-3)

# %% [markdown]
# ### `fit`
#
# Now the training, with the autoencoder's layers, batches, steps and optimizer. The test images are
# measured twelve times on the way.

# %%
MARKS = 12


def train(latent_size, **options):
    """A new VAE after NUM_STEPS, and what `fit` recorded at each of the marks."""
    keras.utils.set_random_seed(SEED)
    networks = {"encoder": make_encoder(2 * latent_size), "decoder": make_decoder(latent_size)}
    model = vae.VAE(**networks, seed=SEED, **options)
    model.compile(optimizer=make_optimizer())
    history = model.fit(
        batches,
        steps_per_epoch=NUM_STEPS // MARKS,
        epochs=MARKS,
        validation_data=test_images,
        verbose=0,
    )
    return model, history.history


model, history = train(LATENT_SIZE)

# %%
steps = NUM_STEPS // MARKS * np.arange(1, MARKS + 1)
for index in (0, 1, 3, 5, MARKS - 1):
    elbo, reconstruction, kl = (
        history[f"val_{name}"][index] for name in ("elbo", "reconstruction", "kl")
    )
    print(f"step {steps[index]:5,}: ELBO {elbo:.0f} = {reconstruction:.0f} - {kl:.1f}")
plots.curves(
    {"test reconstruction": history["val_reconstruction"], "test ELBO": history["val_elbo"]},
    "Reconstruction and ELBO of the test images rise steeply at first, then slowly; between "
    "the two curves lies the KL term, some 11 nats at first and 7 at the end.",
    "step",
    "nats per image",
    x=steps,
)

# %% [markdown]
# Expected for these 1,000 test images (nats per image):
#
# | step | ELBO | reconstruction | KL |
# |---|---|---|---|
# | 200 | -223 to -216 | -215 to -207 | 7.5 to 10 |
# | 400 | -214 to -206 | -207 to -199 | 6.5 to 8.5 |
# | 600 | -210 to -202 | -203 to -195 | 6.5 to 8 |
# | 1,200 | -206 to -199 | -199 to -192 | 6.5 to 7.5 |
#
# The KL term says how much the latents tell about an image at most: about 7 nats, or
# $7/\log 2 \approx 10$ bits. Compare the reconstruction with minus section 1's cross-entropy, -191 to
# -186: the same layers and steps restore 4 to 9 nats better without a KL term to pay and without noise in
# the latents. What the VAE has in return comes next.

# %%
reconstructions = model.reconstruct(test_images[:14])
plots.show_images(
    np.concatenate([test_floats[:14], reconstructions]),
    "Above: test images. Below: the decoder's mean at the mean of q(z|x).",
    columns=14,
)
plots.show_images(
    model.sample(28, seed=1),
    "New images: latents drawn from the prior, decoded. Blurred clothes; some lie between two kinds.",
    columns=14,
)

# %% [markdown]
# Some samples lie between two kinds. That is the price of two latents: the decoder is continuous, so
# wherever two kinds meet in the plane there is a border. These are means of $p(x|z)$: gray is a
# *probability* of white. To draw the pixels themselves, as the model literally says, there is
# `model.sample(28, draw_pixels=True)`.
#
# Now section 1's two questions, for latents drawn from $q(z|x)$:

# %%
mean, log_variance = model.encode(test_images)
deviation = np.exp(log_variance / 2)
latents = mean + deviation * np.random.default_rng(SEED).standard_normal(mean.shape)
print(f"deviation of the latents: {np.round(latents.std(axis=0), 1)}   (of the prior: 1)")
print(f"mean width of one image's q(z|x): {deviation.mean():.2f}")
print_shares(latents)
plots.scatter_points(
    by_kind(latents),
    "One latent for each test image of five kinds: they lie around the origin, where the prior "
    "draws from, most of them within four units.",
    "first latent",
    "second latent",
)

# %% [markdown]
# Expected: deviations between 1.5 and 2.1, a width of 0.08 to 0.12, and in percent
#
# | | draws without images | images without draws | section 1: the same two |
# |---|---|---|---|
# | standard normal: the prior | 1 to 6 | 18 to 32 | 0 to 3, and 75 to 97 |
# | box | 38 to 55 | 0 to 3 | 52 to 66, and 0 to 3 |
# | fitted normal | 16 to 24 | 3 to 9 | 25 to 48, and 5 to 10 |
#
# Compare like with like, one row at a time. A box around the codes is a poor way to draw in both
# models. A normal distribution fitted to the codes falls into gaps less often in the VAE. But the
# true difference is the first row: the VAE's distribution was *known beforehand*. Nobody looked at
# a code to draw from the prior, and still the draws meet most of the clothes, and few gaps. It is
# not perfect: the latents' deviation is above 1, so the prior draws too often from the middle, and
# misses the clothes at the rim.

# %% [markdown]
# ## 6. Two broken runs (core, 10 minutes)
#
# Runs P and Q are VAEs with the same networks, batches and steps. In the loss of each is one mistake.
# (The slips are in `faults`; do not look yet.) First see what a reader of a lab book would see.

# %%
runs = {name: train(LATENT_SIZE, **faults.BROKEN_RUNS[name]) for name in ("P", "Q")}
curves = {"section 5": history["val_reconstruction"]}
for name, (broken, course) in runs.items():
    curves[f"run {name}"] = course["val_reconstruction"]
    print(f"run {name}: test KL {course['val_kl'][0]:.2f} nats at first, ", end="")
    print(f"{course['val_kl'][-1]:.2f} at the end;", end="")
    print(f" reconstruction {course['val_reconstruction'][-1]:.0f}")
    plots.show_images(
        np.concatenate(
            [test_floats[:14], broken.reconstruct(test_images[:14]), broken.sample(14, seed=1)]
        ),
        f"Run {name}. Above: test images. Middle: their reconstructions. Below: new images, from "
        "latents drawn from the prior.",
        columns=14,
    )
plots.curves(
    curves,
    "Reconstruction of the test images: run P stays flat at the bottom, run Q ends a little above "
    "the sound model of section 5.",
    "step",
    "nats per image",
    x=steps,
)

# %% [markdown] Expected: at the end run P has a KL term below 0.01 and a reconstruction of -385 to
# Expected: at the end run P has a KL term below 0.01 and a reconstruction of -385 to -379 nats;
# run Q a KL term of 350 to 1,000 nats and a reconstruction of -191 to -186. In each, one or two
# rows of pictures have gone wrong that were right in section 5.
#
# ### Exercise 09.10 (3 minutes)
#
# What is wrong with run P?
# - **a** It is blurred as all VAEs are: the decoder needs more layers, or more steps.
# - **b** Mode collapse: the decoder has found one picture that always fools the discriminator.
# - **c** The KL term weighs far too much, so that the encoder says nothing.
# - **d** The KL term is missing from the loss.
# - **e** The networks have memorized the training images.
# - **f** Two latents are too few for ten kinds of clothes.

# %% tags=["exercise"]
# -- stub --
answer_10 = ...
# -- solution --
answer_10 = "c"

# %% tags=["check"]
checks.check_choice(
    "09.10",
    answer_10,
    expected="c",
    options="abcdef",
    hints={
        "a": "the curve is flat from the first mark on, and section 5's decoder has the same layers.",
        "b": "there is no discriminator; and the reconstructions, which a GAN has not, fail too.",
        "d": "then nothing would keep the KL term down; look at its value here.",
        "e": "then the reconstructions would be good, at least of training images.",
        "f": "section 5 has two as well, and restores different clothes differently.",
    },
    why="KL 0 means q(z|x) = p(z) for every image: the latents say nothing about it.",
)

# %% [markdown]
# ### Exercise 09.11 (2 minutes)
#
# And with run Q? The letters are those above.

# %% tags=["exercise"]
# -- stub --
answer_11 = ...
# -- solution --
answer_11 = "d"

# %% tags=["check"]
checks.check_choice(
    "09.11",
    answer_11,
    expected="d",
    options="abcdef",
    hints={
        "a": "its reconstructions are no worse than section 5's; only what the prior draws is bad.",
        "b": "no discriminator is there to be fooled. Draw elsewhere, where the codes lie, and other "
        "clothes come out.",
        "c": "then the KL term would be near 0; look at its value.",
        "e": "test images are restored well, and no network was trained on them.",
        "f": "section 5 has two as well, and its prior draws different clothes.",
    },
    why="Nothing holds the codes near the prior: it is an autoencoder again.",
)

# %% [markdown]
# ### What happened
#
# Run Q is section 1 once more: an autoencoder whose codes lie anywhere, far from where the prior
# draws. Run P is **posterior collapse**: the encoder gives the prior for every image, and the decoder
# learned to do without. The samples of both are alike, which a GAN's reader would call mode collapse;
# the KL term tells them apart.
#
# Run P's mistake is common: the cross-entropy is *averaged* over the pixels, as libraries do by
# default, and the KL term is *summed* over the latents. A nat of KL then costs 784 times what a
# nat of reconstruction gains. The rule: **sum over pixels, sum over latents, mean over the
# batch**, and say "nats per image". If a printed VAE loss of binary images is below 1, something
# was averaged.
#
# ### The hidden beta (optional, 5 minutes)
#
# A **β-VAE** (Higgins et al. 2017) minimizes $-\text{reconstruction} + \beta\,\mathrm{KL}$. Only
# β = 1 is the ELBO. Lesson 10 plays with β on purpose. With 784 averaged pixels and a summed KL term the
# loss is
#
# $$\frac1{784} \sum_i \text{cost}_i + \mathrm{KL}
#   = \frac1{784}\Big(\sum_i \text{cost}_i + 784\cdot\mathrm{KL}\Big),$$
#
# the loss with β = 784, divided by a constant. Adam hardly notices the constant, since it divides
# by the size of the gradient. It does notice the 784 before the KL term. Run P has this β.

# %% tags=["check-output"]
keras.utils.set_random_seed(SEED)
encoder, decoder = make_encoder(2 * LATENT_SIZE), make_decoder(LATENT_SIZE)
weights = encoder.trainable_variables + decoder.trainable_variables
with tf.GradientTape(persistent=True) as tape:
    reconstruction, kl = terms_by_hand(encoder, decoder, images, noise)
    averaged = tf.reduce_mean(kl - reconstruction / 784)  # mean over pixels, sum over latents
    with_beta = tf.reduce_mean(784 * kl - reconstruction)
pairs = zip(tape.gradient(averaged, weights), tape.gradient(with_beta, weights), strict=True)
errors = [numerics.relative_error(784 * found, expected) for found, expected in pairs]
print("784 x gradient of the averaged loss = gradient with beta 784:", max(errors) < 1e-3)

# %% [markdown]
# ### Exercise 09.12 (3 minutes)
#
# Color images of 64 x 64 pixels with 3 channels, 16 latents. A script takes the *mean* of the
# cross-entropy over height, width and channels, and the *mean* of the KL term over the latents. The
# script's loss is a multiple of the β-VAE loss above, with its sums. With which β?

# %% tags=["exercise"]
# -- stub --
answer_12 = ...
# -- solution --
answer_12 = 64 * 64 * 3 / 16

# %% tags=["check"]
checks.check_number(
    "09.12",
    answer_12,
    expected=768.0,
    hints=[
        (12288, "that would be right if the KL term were summed; it is divided by 16."),
        (12288 * 16, "the mean over latents divides the KL term by 16, which lowers beta."),
        (256, "each pixel has three channels, and the mean runs over them too."),
        (1 / 16, "that would be right if the cross-entropy were summed; it is divided too."),
        (
            1 / 768,
            "the inverse: multiply the loss by the number of pixel values, 64 · 64 · 3.",
        ),
        (1, "both are means, but over different numbers of terms."),
    ],
    hint="Multiply the loss by 64 · 64 · 3, and look at what stands before the summed KL term.",
    why="Two means do not cancel, since they divide by different numbers.",
)

# %% [markdown]
# ## 7. More latents, and how far the bound is from the truth (optional, 13 minutes)
#
# ### Sixteen latents
#
# More numbers can say more. Train autoencoder and VAE once more, now with 16. In 16 dimensions
# nobody can draw the codes, and a box has too many cells. Measure instead how far a draw lies from
# the nearest code of an image, compared with how far the codes lie from each other.


# %%
def isolation(drawn, known):
    """Median distance of drawn codes to the next known one; 1 if as far as known ones' own."""
    to_known = [np.linalg.norm(known - code, axis=1).min() for code in drawn]
    among_known = [np.sort(np.linalg.norm(known - code, axis=1))[1] for code in known[:300]]
    return np.median(to_known) / np.median(among_known)


# %%
squeeze_16, restore_16 = train_autoencoder(code_size=16)
wide, course = train(latent_size=16)
loss = image_cross_entropy(test_floats, restore_16(squeeze_16(2 * test_floats - 1))).numpy().mean()
print(
    f"autoencoder: cross-entropy {loss:.0f};  VAE: test ELBO {course['val_elbo'][-1]:.0f}", end=""
)
print(f" = {course['val_reconstruction'][-1]:.0f} - {course['val_kl'][-1]:.1f}")
mean, log_variance = wide.encode(test_images)
noise_16 = np.random.default_rng(SEED).standard_normal(mean.shape)
places = {
    "autoencoder": (squeeze_16(2 * test_floats - 1).numpy(), restore_16),
    "VAE": (mean + np.exp(log_variance / 2) * noise_16, wide.decoder),
}
for name, (known, decode) in places.items():
    drawn = ways_to_draw(known, 300)
    distances = [f"{way} {isolation(values, known):.1f}" for way, values in drawn.items()]
    print(f"{name:12}", ", ".join(distances))
    shown = np.concatenate([drawn[way][:14] for way in ("standard normal", "box", "fitted normal")])
    plots.show_images(
        tf.sigmoid(decode(shown)).numpy(),
        f"Decoded codes, {name} with 16 numbers. Above: from a standard normal distribution. Middle: "
        "from the box. Below: from a fitted normal distribution.",
        columns=14,
    )

# %% [markdown] Expected: a cross-entropy of 99 to 105 for the autoencoder; for the VAE an ELBO of
# Expected: a cross-entropy of 99 to 105 for the autoencoder; for the VAE an ELBO of -152 to -144,
# with a KL term of 21 to 24. Two latents reached -203. The distances, with 1 for images:
#
# | | standard normal | box | fitted normal |
# |---|---|---|---|
# | autoencoder | 1.1 to 1.8 | 3.3 to 3.8 | 1.7 to 1.9 |
# | VAE | 1.2 to 1.5 | 2.3 to 2.7 | 1.2 to 1.5 |
#
# The autoencoder restores better, since it pays for nothing. A box is a poor way to draw from
# either. A standard normal distribution is not far from some code of the autoencoder, but always
# from the same few: the first row is much the same gray throughout. For the VAE the first and the
# last distance are equal: by this measure the prior is as good as what one could fit afterwards.
# Many of the pictures are clothes, several are not.
#
# ### Exercise 09.13 (3 minutes)
#
# Someone writes: "Random codes of the autoencoder are 3.5 times as far from the next image's code as
# images are, the VAE's only 1.4 times. So the KL term makes the codes two and a half times
# as dense." The 3.5 are for the box, the 1.4 for the prior. Which changes would make it a fair
# experiment on the KL term? Answer with all their letters.
# - **a** Draw from both models in the same way, such as a normal distribution fitted to each.
# - **b** Train the VAE longer, until its ELBO stops rising.
# - **c** Repeat both trainings with three seeds or more, and give the range.
# - **d** Replace the autoencoder by a VAE trained without the KL term, so that nothing else differs.
# - **e** Give the autoencoder the latent size at which it restores best.
# - **f** Compare sharpness of the pictures instead; distances say nothing.

# %% tags=["exercise"]
# -- stub --
answer_13 = ...
# -- solution --
answer_13 = "a, c, d"

# %% tags=["check"]
checks.check_choice(
    "09.13",
    answer_13,
    expected={"a", "c", "d"},
    options="abcdef",
    hints={
        "a, d": "and how would you know that it was no luck?",
        "a, c": "an autoencoder lacks the noise in z as well: two things differ, not one.",
        "c, d": "and where are the draws from? A box and a normal distribution are no match.",
        "a, b, c, d": "training one of two longer makes the comparison less fair.",
        "a, c, d, e": "then the latent size differs as well, and a distance depends on it.",
        "a, c, d, f": "sharpness is another question; the claim was about distances.",
    },
    hint="Change one thing at a time, in the same way for both, and more than once.",
    why="Same sampling, same budget, several seeds, and one thing that differs.",
)

# %% [markdown]
# ### Three estimates of $\log p(x)$
#
# The naive estimate of section 2 and the ELBO are two estimates of $\log p(x)$, both too low on
# average. A third is the **importance bound**: the naive estimate with draws from $q(z|x)$ in place
# of the prior, $\log\frac1K\sum_k p(x|z_k)\,p(z_k)/q(z_k|x)$. On average it lies between the ELBO and
# $\log p(x)$, and rises with $K$ (Burda et al. 2016). Below, the naive one decodes 5,000 latents of
# the prior once. Since $\log(1 + e^{-\ell}) = \log(1 + e^{\ell}) - \ell$, section 5's formula becomes
# $\log p(x|z) = \sum_i x_i \ell_i - \sum_i \log(1 + e^{\ell_i})$, one matrix product for all images.


# %%
def naive_log_likelihood(model, images, num_draws, seed=0):
    """log of the mean of p(x|z) over latents of the prior, (n,), for images (n, ...) of 0 and 1."""
    latents = np.random.default_rng(seed).standard_normal((num_draws, model.latent_size))
    sums = []
    for part in np.array_split(latents.astype("float32"), max(1, num_draws // 500)):
        logits = tf.reshape(model.decoder(part), (len(part), -1))
        constant = tf.reduce_sum(tf.math.softplus(logits), axis=1, keepdims=True)
        sums.append((logits @ images.reshape(len(images), -1).T - constant).numpy())
    return np.logaddexp.reduce(np.concatenate(sums).astype(float), axis=0) - np.log(num_draws)


few = test_images[:50]
num_draws = NUM_DRAWS // 20
print("latents   ELBO   bound, 100 draws   naive,", f"{num_draws:,} draws")
for name, trained in {"2": model, "16": wide}.items():
    elbo = trained.elbo(few, num_samples=20).elbo.mean()
    bound = trained.importance_bound(few, num_samples=100).mean()
    naive = naive_log_likelihood(trained, few / np.float32(255), num_draws).mean()
    print(f"{name:>7} {elbo:8.1f} {bound:12.1f} {naive:15.1f}")

# %% [markdown] Expected on these 50 images: with 2 latents the ELBO is 0.5 to 1.5 nats below the
# Expected on these 50 images: with 2 latents the ELBO is 0.5 to 1.5 nats below the importance
# bound, and the naive estimate 0.5 to 2.5: in a plane 5,000 draws nearly cover the disk. None of
# the three exceeds $\log p(x)$ on average, so the highest is the nearest. With 16 latents the
# naive estimate falls 25 to 35 nats below the bound: the curse of section 2 in a real model, while
# 100 draws from the encoder do better. And the ELBO is 5.5 to 8 nats below the bound. That is a
# part of the gap of section 2: the true posterior is no normal distribution with independent
# latents, and one encoder has to serve all images.

# %% [markdown]
# ## Recap
#
# - An autoencoder restores; a generator needs a distribution of codes that its decoder was trained on.
#   The VAE's is known beforehand.
# - $\log p(x) = \mathrm{ELBO} + \mathrm{KL}(q(z|x) \Vert p(z|x))$, with
#   $\mathrm{ELBO} = \mathbb{E}_q[\log p(x|z)] - \mathrm{KL}(q(z|x)\Vert p(z))$. One loss for both
#   networks, and no discriminator anywhere.
# - The encoder outputs $\mu$ and $\log\sigma^2$; $z = \mu + \sigma\varepsilon$ lets the gradient
#   through, with far less variance than the score function.
# - $\mathrm{KL} = \frac12\sum(\mu^2 + \sigma^2 - \log\sigma^2 - 1)$: zero only for the prior.
# - Sum over pixels and latents, mean over the batch. A KL term that weighs too much makes the posterior
#   collapse (KL near 0); without a KL term the codes lie anywhere (KL of hundreds of nats).
#
# **Try next** Leave out `encoder` and `decoder`: `vae.VAE()` builds the small convolutional
# networks that lesson 10's models have. They take three times as long here, and the ELBO should
# reach -194 to -190 after as many steps. Then `likelihood="gaussian"` on gray images. Its ELBO is
# a log *density*, and must not be compared with the nats of binary images. Then lesson 10: what
# the latent space looks like, β on purpose, and VAE against GAN.
#
# **Solutions** are in [the solved twin](solutions/09_vae_step_by_step.ipynb).
#
# **Sources**
# - D. P. Kingma and M. Welling, *Auto-Encoding Variational Bayes*, 2014,
#   [arXiv:1312.6114](https://arxiv.org/abs/1312.6114): the bound (equation 3), the reparameterization
#   (section 2.4), the KL term (appendix B).
# - D. J. Rezende, S. Mohamed and D. Wierstra, *Stochastic Backpropagation and Approximate Inference
#   in Deep Generative Models*, 2014, [arXiv:1401.4082](https://arxiv.org/abs/1401.4082).
# - R. J. Williams, *Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement
#   Learning*, Machine Learning 8 (1992), 229-256,
#   [doi:10.1007/BF00992696](https://doi.org/10.1007/BF00992696): the score function and its baseline.
# - S. Mohamed et al., *Monte Carlo Gradient Estimation in Machine Learning*, 2020,
#   [arXiv:1906.10652](https://arxiv.org/abs/1906.10652): both estimators, and when which is better.
# - Y. Burda, R. Grosse and R. Salakhutdinov, *Importance Weighted Autoencoders*, 2016,
#   [arXiv:1509.00519](https://arxiv.org/abs/1509.00519): the importance bound (theorem 1).
# - I. Higgins et al., *beta-VAE*, 2017, [openreview:Sy2fzU9gl](https://openreview.net/forum?id=Sy2fzU9gl).
# - P. Ghosh et al., *From Variational to Deterministic Autoencoders*, 2020,
#   [arXiv:1903.12436](https://arxiv.org/abs/1903.12436): a density fitted to the codes afterwards.
# - H. Xiao, K. Rasul and R. Vollgraf, *Fashion-MNIST*, 2017,
#   [arXiv:1708.07747](https://arxiv.org/abs/1708.07747).
