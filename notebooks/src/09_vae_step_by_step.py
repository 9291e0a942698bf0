# %% [markdown]
# # 09 · A VAE, step by step
#
# **After this lesson you can**
# - say why an autoencoder is no generator, and what a variational autoencoder (VAE) adds;
# - say why the likelihood of an image is out of reach, and derive the bound that is used in its
#   place, the ELBO, in two ways;
# - differentiate through a random draw, and say why that beats the obvious alternative;
# - derive the KL term, write one training step by hand, and replace it by `VAE.fit`;
# - spot descriptions of a VAE that have a discriminator in them, and losses with a hidden weight.
#
# **You need** maximum likelihood, cross-entropy and the KL divergence (lesson 02) and
# `GradientTape` (lesson 03). Lessons 05 to 08 are not needed. If a word is missing: a *likelihood*
# is the probability that a model gives to what was observed, a *gradient* says in which direction a
# number grows, the *KL divergence* says how different two distributions are, and is 0 when they are
# equal. Logarithms are natural ones; their unit is the **nat**.
#
# **Time** 90 minutes: 80 for the core sections, 10 for the optional one. All cells together run
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
from course_utils.lessons.vae_step_by_step import estimators, pictures
from course_utils.models import networks, streams, vae

# %% tags=["parameters"]
SEED = 0
BATCH_SIZE = 64
LEARNING_RATE = 0.002
NUM_AUTOENCODER_STEPS = 600  # test: 12
NUM_STEPS = 1200  # test: 24
NUM_SIDE_STEPS = 200  # test: 4
NUM_WIDE_STEPS = 600  # test: 12
NUM_DRAWS = 100_000  # test: 2000

# %% [markdown]
# The data are the clothes of Fashion-MNIST with every pixel made black or white, by the threshold
# one half. Such **binary** images have a simple, exact probability model, as you will see. 1,000
# test images are set aside: no network in this lesson is trained on them.

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
# ## 1. An autoencoder, and why it is no generator (core, 11 minutes)
#
# ### Compress and restore
#
# An **autoencoder** is two networks in a row. The **encoder** squeezes an image of 784 pixels into a
# few numbers, its **code**; the **decoder** restores the image from the code. Both are trained
# together so that what comes out resembles what went in. The code has two numbers here: small enough
# to draw, and 392 times fewer than there are pixels.


# %%
def make_autoencoder(code_size):
    layers = keras.layers
    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dense(code_size, name="code"),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.Input((code_size,)),
            layers.Dense(256, activation="relu"),
            layers.Dense(784, name="logits"),
            layers.Reshape((28, 28, 1)),
        ]
    )
    return encoder, decoder


# %% [markdown]
# For each pixel the decoder gives a *logit*: the pixel is white with the probability
# $\sigma(\text{logit}) = 1/(1+e^{-\text{logit}})$. The loss is the binary cross-entropy of lesson 02,
# *summed* over the pixels: minus the log-probability of the whole image, in nats.


# %%
def image_cross_entropy(images, logits):
    per_pixel = tf.nn.sigmoid_cross_entropy_with_logits(images, logits)
    return tf.reduce_sum(per_pixel, axis=(1, 2, 3))


def with_itself(images):  # input and target of the autoencoder
    return images, images


# %%
def train_autoencoder(code_size):
    keras.utils.set_random_seed(SEED)
    encoder, decoder = make_autoencoder(code_size)
    both = keras.Sequential([encoder, decoder])
    both.compile(optimizer=keras.optimizers.Adam(LEARNING_RATE), loss=image_cross_entropy)
    pairs = batches.map(with_itself)
    both.fit(pairs, steps_per_epoch=NUM_AUTOENCODER_STEPS, verbose=0, shuffle=False)
    return encoder, decoder


squeeze, restore = train_autoencoder(code_size=2)

# %%
codes = squeeze(test_floats).numpy()
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
# Expected: between 186 and 200 nats. (A coin for every pixel would cost
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


for name, values in {"mean": codes.mean(axis=0), "spread": codes.std(axis=0)}.items():
    print(f"{name:6} of the codes: {np.round(values, 1)}")
plots.scatter_points(
    by_kind(codes),
    "The codes of test images of five kinds: rays and clumps, with wide gaps between them.",
    "first number",
    "second number",
)

# %% [markdown]
# The encoder put the codes wherever it suited the decoder: the spread (standard deviation) is 8 to
# 20, the center is anywhere, and there are gaps. (Only five of the ten kinds are drawn; the numbers
# below count all.) Two attempts: a standard normal distribution, whose spread is 1, and the whole box
# that the codes lie in. To judge the second, cut the box into 20 x 20 cells and ask which cells hold
# the code of any image.


# %%
def share_in_empty_cells(drawn, known, cells=20):
    """Share of drawn points (n, 2) in cells, of the box around known points, that hold no one."""
    low, high = known.min(axis=0), known.max(axis=0)
    edges = [np.linspace(low[axis], high[axis], cells + 1) for axis in (0, 1)]
    occupied = np.histogram2d(*known.T, bins=edges)[0] > 0
    counts = np.histogram2d(*drawn.T, bins=edges)[0]  # points outside the box are not counted
    return 1 - counts[occupied].sum() / len(drawn)


random = np.random.default_rng(SEED)
from_normal = random.standard_normal((2000, 2))
from_box = random.uniform(codes.min(axis=0), codes.max(axis=0), (2000, 2))
within = (np.linalg.norm(codes, axis=1) < 3).mean()
print(f"images whose code is within 3 of the origin: {100 * within:.0f} %")
print(
    f"random codes of the box in empty cells: {100 * share_in_empty_cells(from_box, codes):.0f} %"
)
decoded = tf.sigmoid(restore(np.concatenate([from_normal[:14], from_box[:14]]))).numpy()
plots.show_images(
    decoded,
    "Above: decoded codes from a standard normal distribution, nearly all the same. Below: from "
    "the whole box, clothes of several kinds, a few of them cut off or faint.",
    columns=14,
)

# %% [markdown]
# Expected: 4 to 12 % of the images near the origin, so that a standard normal draw meets only a
# few of the clothes; and 35 to 60 % of the box's codes in empty cells. Still, most of the lower row
# can be named. Do not let two dimensions deceive you: in a plane the next code is never far away, and
# we could look at the box. Two numbers also restore badly. Take 16, and draw from *their* box:


# %%
def isolation(drawn, known):
    """Median distance of drawn codes to the next known one; 1 if as far as known ones' own."""
    to_known = [np.linalg.norm(known - code, axis=1).min() for code in drawn[:300]]
    among_known = [np.sort(np.linalg.norm(known - code, axis=1))[1] for code in known[:300]]
    return np.median(to_known) / np.median(among_known)


squeeze_16, restore_16 = train_autoencoder(code_size=16)
codes_16 = squeeze_16(test_floats).numpy()
from_box_16 = random.uniform(codes_16.min(axis=0), codes_16.max(axis=0), (300, 16))
loss = image_cross_entropy(test_floats, restore_16(codes_16)).numpy().mean()
print(f"16 numbers: {loss:.0f} nats an image; a random code of the box is ", end="")
print(
    f"{isolation(from_box_16, codes_16):.1f} times as far from the next image's code as images are"
)
shown = np.concatenate([codes_16[:14], from_box_16[:14]])
plots.show_images(
    np.concatenate([test_floats[:14], tf.sigmoid(restore_16(shown)).numpy()]),
    "Above: test images. Middle: restored from 16 numbers, much better than from two. Below: "
    "decoded random codes of their box, torn shapes that are no clothes.",
    columns=14,
)

# %% [markdown]
# Expected: between 105 and 120 nats, a distance of 2.8 to 4.5, and monsters in the last row. The
# space between the codes is nearly all of the box, and what the decoder says there is anybody's
# guess: it was never trained there.
#
# The autoencoder never promised anything else. Its loss asks for good *restoring*; no term mentions
# how codes are distributed, and no term says what should lie between them. One can repair this
# afterwards, by fitting a density to the codes (Ghosh et al. 2020). The VAE asks for it from the
# start, and gets a bound on the probability of every image along the way.
#
# ### Exercise 09.1 (2 minutes)
#
# Which *one* of these does the autoencoder lack to be a generator?
# - **a** A decoder that is large enough.
# - **b** A known distribution of codes to draw from, which the decoder was trained on.
# - **c** A second network that judges whether images look real.
# - **d** More training steps.

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
    options="abcd",
    hints={
        "a": "a larger decoder restores better, and the gaps between the codes stay.",
        "c": "that is how a GAN works; a VAE does without.",
        "d": "more steps improve the restored images; no term of the loss moves the gaps.",
    },
    why="Generating is drawing a code and decoding it, so both parts must fit together.",
)

# %% [markdown]
# ## 2. A model with a hidden variable (core, 20 minutes)
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
# That is unbiased (right on average), and hopeless. To see why, take a model where everything is exact:
#
# $$z \sim \mathcal N(0, 1), \qquad x|z \sim \mathcal N(w z, s^2), \qquad w = 1.5,\; s = 0.8.$$
#
# So $x$ is $wz$ plus noise of the deviation $s$. A sum of independent normal variables is normal, and
# the variances add: $x \sim \mathcal N(0, w^2 + s^2)$. Observe $x = 1.2$. (This $p(x)$ is a density, and
# may be above 1; nothing else changes.)

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

# %% [markdown]
# Three ways, one number, $-1.70$. In one dimension the naive estimate is fine. Its error is known
# too. The square of the density $p(x|z)$ is a normal density with half the variance, times
# $1/(2 s \sqrt\pi)$. Its mean over $z$ adds $w^2$ to the variance, as it did above, so
#
# $$\mathbb{E}\,p(x|z)^2 = \frac{\mathcal N(x;\, 0,\, w^2 + s^2/2)}{2 s\sqrt\pi},
#   \qquad r = \frac{\mathbb{E}\,p(x|z)^2}{p(x)^2}.$$
#
# The relative variance of one draw (its variance over the square of its mean) is $r - 1$. Now let the
# observation have $D$ parts, each with its own latent. All is independent, so means multiply: one
# draw has the relative variance $r^D - 1$. The mean of $K$ draws has the relative error
# $\sqrt{(r^D - 1)/K}$, so an error of 10 % takes $K = 100\,(r^D - 1)$ draws.

# %%
second_moment = np.exp(log_normal(OBSERVED, 0, np.sqrt(WEIGHT**2 + NOISE**2 / 2)))
r = second_moment / (2 * NOISE * np.sqrt(np.pi)) / np.exp(2 * log_p)
sampled_r = np.mean(np.exp(2 * log_likelihood(draws))) / np.mean(np.exp(log_likelihood(draws))) ** 2
print(f"r: formula {r:.3f}, a million draws {sampled_r:.3f}")
print("  D   exact log p   estimates with 10,000 draws   draws for 10 %")
for num_parts in (1, 5, 20, 100):
    estimates = []
    for _ in range(3):
        parts = log_likelihood(random.standard_normal((10_000, num_parts))).sum(axis=1)
        estimates.append(np.logaddexp.reduce(parts) - np.log(10_000))
    shown = "  ".join(f"{value:7.1f}" for value in estimates)
    print(
        f"{num_parts:3} {num_parts * log_p:11.1f}      {shown}      {100 * (r**num_parts - 1):9.0e}"
    )

# %% [markdown]
# Expected: $r = 1.98$, and at $D = 100$ three estimates that lie 60 nats or more *below* the exact
# $-169.9$: too small by a factor of more than $e^{60}$. Nearly no latent of the prior explains the
# observation; the few that do carry the whole mean, and they are never drawn. $5 \cdot 10^{31}$
# draws would mend it. An image is in the same position: of all latents, only a tiny region decodes to
# *this* boot.
#
# (The logarithm of an unbiased estimate is biased *downwards*. You will see why in a moment.)
#
# ### Exercise 09.2 (5 minutes)
#
# $p(x|z)$ of an image is around $e^{-200}$ and smaller still, and `np.exp(-1000)` is 0.0. Write
# $\log\big(\frac1K \sum_k e^{a_k}\big)$ for `a` with $K$ entries, so that neither -1000 nor +1000 does harm:
# take the largest entry $m$ out of the sum first, $\log \sum_k e^{a_k} = m + \log\sum_k e^{a_k - m}$.


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
    cases=[np.array([-1.0, 0.5, 2.0]), np.array([-1000.0, -1001.0]), np.array([1000.0, 990.0])],
    hints=[
        (np.logaddexp.reduce, "that is the log of the sum; the mean divides by K first."),
        (np.mean, "that is the mean of the logarithms; wanted is the logarithm of the mean."),
        (
            lambda a: np.log(np.exp(a - a.max()).mean()),
            "the largest entry was taken out; add it again at the end.",
        ),
        (
            lambda a: a.max() - np.log(len(a)),
            "that keeps the largest entry only; the others belong into the sum.",
        ),
    ],
    hint="m = a.max(); then m plus the log of the mean of exp(a - m).",
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
# $\mathbb{E}_q[\log q(z) - \log p(z)]$ is the KL divergence of $q$ from the prior. The
# **evidence lower bound** ($p(x)$ is also called the *evidence*) has two terms: **reconstruction**,
# how probable the image is for latents drawn from $q$; and the **KL term**, what $q$ pays for being
# different from the prior. Logs of tiny numbers are harmless numbers, such as -200. No draw is wasted.
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
# $w x/(w^2+s^2)$. With $q = \mathcal N(m, d^2)$, and since $\mathbb{E}_q (x - wz)^2 = (x-wm)^2 + w^2d^2$,
# the ELBO has a closed form too.

# %%
posterior_mean = WEIGHT * OBSERVED / marginal_deviation**2
posterior_deviation = NOISE / marginal_deviation


def exact_elbo(m, d):
    """Closed form of the ELBO with q = N(m, d²)."""
    reconstruction = log_likelihood(m) - 0.5 * (WEIGHT * d / NOISE) ** 2
    return reconstruction - divergences.kl_gaussians(m, d, 0, 1)


def integrated_elbo(m, d):
    """The same as an area under a curve."""
    log_q = log_normal(z, m, d)
    kl = divergences.kl_quadrature(log_q, log_normal(z, 0, 1), z)
    return np.trapezoid(np.exp(log_q) * log_likelihood(z), z) - kl


def sampled_elbo(m, d):
    """The same from draws of q: mean and standard error."""
    drawn = m + d * np.random.default_rng(SEED).standard_normal(NUM_DRAWS)
    values = log_likelihood(drawn) + log_normal(drawn, 0, 1) - log_normal(drawn, m, d)
    return values.mean(), values.std() / np.sqrt(NUM_DRAWS)


# %%
candidates = {
    "the prior": (0.0, 1.0),
    "too narrow": (posterior_mean, 0.1),
    "off center": (0.0, posterior_deviation),
    "the posterior": (posterior_mean, posterior_deviation),
}
print("q                formula  integral  draws               log p(x) - KL(q || posterior)")
for name, (m, d) in candidates.items():
    mean, error = sampled_elbo(m, d)
    gap = divergences.kl_gaussians(m, d, posterior_mean, posterior_deviation)
    print(
        f"{name:15} {exact_elbo(m, d):8.4f}  {integrated_elbo(m, d):8.4f}  "
        f"{mean:8.4f} ± {2 * error:.4f}   {log_p - gap:8.4f}"
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
    "q as wide as the posterior": [exact_elbo(m, posterior_deviation) for m in means],
    "q twice as wide": [exact_elbo(m, 2 * posterior_deviation) for m in means],
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
# ### Exercise 09.3 (3 minutes)
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
# | The encoder is needed to make new images. | New images need prior and decoder only. |
#
# There *are* models that join a VAE and a discriminator. They are called so, and they are something
# else.
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
        "a, d, e": "somebody has to say which latents are plausible for an image: the encoder.",
    },
    hint="Go through the table from top to bottom.",
    why="(c) belongs to the GAN of lesson 05.",
)

# %% [markdown]
# ## 3. A gradient through a random draw (core, 19 minutes)
#
# ### The encoder gives a distribution
#
# For each image the encoder outputs two vectors, $\mu(x)$ and $\log\sigma^2(x)$, and
#
# $$q(z|x) = \mathcal N\big(\mu(x),\, \mathrm{diag}\,\sigma^2(x)\big).$$
#
# The *diag* says that the latents are independent, each with its own variance. From here on $\sigma$ is
# a standard deviation; only $\sigma(\ell)$, of a logit, stays the function of section 1. (The *logarithm*
# of the variance, because it may be any real number, and a network's output is one.) Why not a point,
# as in section 1? Because a point is a normal distribution of width (deviation) 0, and the KL term
# for it is infinite. The width is what closes the gaps: since $z$ is *drawn*, every
# latent near $\mu(x)$ has to decode to something like $x$, and neighbors have to share their region.
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
# ### Exercise 09.5 (3 minutes)
#
# Let $f(z) = z^2$, $\mu = 1$, $\sigma = 0.5$, and let the draw be $\varepsilon = 2$. Which derivative
# by $\sigma$ does *reparameterization* get from this one draw?

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = 2 * (1 + 0.5 * 2) * 2

# %% tags=["check"]
checks.check_number(
    "09.5",
    answer_5,
    expected=8.0,
    hints=[
        (4.0, "that is the derivative by the mean; by the scale, z moves with the noise."),
        (24.0, "that is the score function's estimate, f(z) (ε² - 1) / σ."),
        (2.0, "z is the mean plus scale times noise, 1 + 0.5 · 2 = 2."),
        (1.0, "that is the exact derivative of the mean, 2σ; asked is the estimate of one draw."),
    ],
    hint="z = μ + σε, so the derivative of f(z) by σ is f'(z) ε, with f'(z) = 2z.",
    why="The exact derivative is that of μ² + σ², 2σ = 1: one draw is noisy, their mean is right.",
)

# %% [markdown]
# ### One derivative, both ways, by autodiff and by finite differences
#
# Take the model of section 2, $f(z) = \log p(x|z)$, and $q = \mathcal N(-0.5,\, 0.6^2)$. The exact
# answer is known, because $J = f(\mu) - w^2\sigma^2/(2s^2)$ (section 2):
# $\partial J/\partial\mu = w\,(x - w\mu)/s^2$.
#
# By autodiff: for the first way, the tape records $z = \mu + \sigma\varepsilon$. For the second, $z$
# counts as given, and the tape records $f(z) \log q(z)$. By finite differences (lesson 02): move
# $\mu$ by $\pm h$ and divide. In the first way the *noise* is the same on both sides; in the second,
# the *draws* are, and each is weighted by how much more frequent it has become, $q_{\mu\pm h}/q_\mu$.

# %%
MEAN, SCALE = -0.5, 0.6
noise = np.random.default_rng(SEED).standard_normal(NUM_DRAWS)
drawn = MEAN + SCALE * noise
mean = tf.Variable(MEAN, dtype="float64")
with tf.GradientTape(persistent=True) as tape:
    through_z = tf.reduce_mean(log_likelihood(mean + SCALE * noise))
    log_q = -0.5 * ((drawn - mean) / SCALE) ** 2
    through_density = tf.reduce_mean(log_likelihood(drawn) * log_q)


def shifted(m):  # same noise
    return log_likelihood(m + SCALE * noise).mean()


def reweighted(m):  # same draws
    ratios = np.exp(log_normal(drawn, m, SCALE) - log_normal(drawn, MEAN, SCALE))
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
    by_differences = float(numerics.numerical_gradient(lambda m, f=function: f(m.item()), MEAN))
    print(f"{name:16} autodiff {by_tape:.4f}, finite differences {by_differences:.4f}")

# %% [markdown]
# Expected: exact 4.5703. Within a row autodiff and finite differences agree to four digits: they
# differentiate the same sum. The rows are two *estimates* of the exact number: 4.55 to 4.60 by
# reparameterization, and only 4.4 to 4.75 by the score function, from the same 100,000 draws.
#
# ### Exercise 09.6 (5 minutes)
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
# ### Variances compared
#
# Both estimators are unbiased. What differs is how much a single draw scatters. The module below has
# both, with both derivatives; a check that they do what we just wrote by hand comes first.
#
# The score function has a remedy that must be mentioned in fairness: a constant **baseline** $b$ in
# $(f(z) - b)\,\nabla\log q$ changes no mean, since the score's mean is 0, and takes out much of the
# scatter. We give it a good one, the mean of $f$.

# %%
hill = estimators.payoff("hill")  # f(z) = log p(x|z), its slope, and its exact mean
by_slope = estimators.reparameterized_gradients(hill.slope, MEAN, SCALE, noise)
by_value = estimators.score_function_gradients(hill.value, MEAN, SCALE, noise)
with_baseline = estimators.score_function_gradients(
    hill.value, MEAN, SCALE, noise, baseline=hill.mean_value(MEAN, SCALE)
)
print("as by hand:", np.allclose(by_slope[:, 0].mean(), float(tape.gradient(through_z, mean))))
by_hand = log_likelihood(drawn) * (drawn - MEAN) / SCALE**2
print("as by hand:", np.allclose(by_value[:, 0], by_hand))
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
# is still kind to it. With $D$ latents, $f$ is a sum of everything, and the score of *one* mean is
# multiplied by all of it:

# %%
print("   D   reparameterized   score function   with baseline   ratio of the last to the first")
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
# Expected: the first column stays near 4.5; the second grows with $D^2$, to about 500,000 at
# $D = 100$; the third with $D$, to between 2,000 and 2,600. That is why VAEs are trained by
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

# %% [markdown]
# **Four experiments.** Say what you expect before you move anything. All controls work by keyboard.
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
# ## 4. The KL term (core, 8 minutes)
#
# ### Derived
#
# For one latent, $q = \mathcal N(\mu, \sigma^2)$ and $p = \mathcal N(0, 1)$. Both logarithms are short:
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
def each(m, v):
    return m**2 + np.exp(v) - v - 1


checks.check_function(
    "09.7",
    kl_term,
    expected=vae.kl_from_prior,
    cases=[
        (np.array([[0.0, 0.0], [1.0, -2.0]]), np.array([[0.0, 0.0], [0.5, -1.0]])),
        (np.array([[0.3, 1.0, 2.0]]), np.array([[-3.0, 0.0, 1.0]])),
    ],
    hints=[
        (lambda m, v: each(m, v).sum(axis=1), "the factor one half is missing."),
        (lambda m, v: -each(m, v).sum(axis=1) / 2, "the sign: a KL divergence is never negative."),
        (lambda m, v: each(m, v).mean(axis=1) / 2, "the latents' terms add up: no mean."),
        (lambda m, v: each(m, v).sum() / 2, "one number for each image: sum over axis 1 only."),
        (lambda m, v: each(m, 2 * v).sum(axis=1) / 2, "log_variance is log σ², not log σ."),
    ],
    hint="Half the sum, over axis 1, of mean² + exp(log_variance) - log_variance - 1.",
    why="The lesson goes on with vae.kl_from_prior, which does the same.",
)

# %% [markdown]
# ### By Monte Carlo, with error bars
#
# A second way that shares nothing with the formula: draw from $q$ and average $\log q(z) - \log p(z)$.
# With $K$ draws the standard error is the standard deviation of the values over $\sqrt K$. An
# estimate without its error is worth little: here we can see whether the exact value lies inside.

# %%
mu, log_variance = np.array([1.0, -0.5]), np.array([-1.0, 0.3])
deviations = np.exp(log_variance / 2)
exact_kl = float(vae.kl_from_prior(mu[np.newaxis], log_variance[np.newaxis])[0])
areas = [
    divergences.kl_quadrature(log_normal(z, m, d), log_normal(z, 0, 1), z)
    for m, d in zip(mu, deviations, strict=True)
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
# For two normal distributions nobody draws: the closed form has no variance, and is used in
# training. Note that the *reconstruction* has no closed form, and there one draw for each image
# is enough, since a batch averages over many images.

# %% [markdown]
# ## 5. By hand, then `fit` (core, 16 minutes)
#
# ### Two networks
#
# `networks.encoder` and `networks.decoder` are small convolutional networks, such as lesson 03
# built. What matters is what goes in and comes out.

# %% tags=["check-output"]
LATENT_SIZE = 2
keras.utils.set_random_seed(SEED)
encoder = networks.encoder(latent_size=LATENT_SIZE)
decoder = networks.decoder(latent_size=LATENT_SIZE)
for network in (encoder, decoder):
    print(f"{network.name}: {network.input_shape[1:]} -> {network.output_shape[1:]}, ", end="")
    print(f"{network.count_params():,} weights")

# %% [markdown]
# The **encoder** ends in $2 \times 2$ numbers: two means and two log-variances. The **decoder** ends
# in one logit for each pixel. $\mu$ and $\sigma$ come from the encoder, nowhere else.
#
# ### Reconstruction: the log-likelihood of binary pixels
#
# Given $z$, the pixels are independent (Bernoulli), so their logarithms add. With
# $\log\sigma(\ell) = -\log(1+e^{-\ell})$ and $\log(1-\sigma(\ell)) = -\log(1+e^{\ell})$:
#
# $$\log p(x|z) = -\sum_i \Big[ x_i \log(1 + e^{-\ell_i}) + (1 - x_i)\log(1 + e^{\ell_i}) \Big].$$
#
# It is minus the cross-entropy of lesson 02, *summed* over pixels. It is a log-likelihood only for
# pixels that are 0 or 1. Of gray pixels it is some number, but no likelihood of anything; `vae.VAE`
# refuses them.
#
# ### Exercise 09.8 (5 minutes)
#
# Write it for a batch, in NumPy: `images` and `logits` have the shape (n, 28, 28, 1), the result (n,).
# `np.logaddexp(0, t)` is $\log(1 + e^t)$ without overflow.


# %% tags=["exercise"]
def bernoulli_log_likelihood(images, logits):
    # -- stub --
    return ...
    # -- solution --
    costs = images * np.logaddexp(0, -logits) + (1 - images) * np.logaddexp(0, logits)
    return -costs.sum(axis=(1, 2, 3))


# %% tags=["check"]
random_logits = np.random.default_rng(1).normal(0, 3, (2, 28, 28, 1))
cost_of = tf.nn.sigmoid_cross_entropy_with_logits
checks.check_function(
    "09.8",
    bernoulli_log_likelihood,
    expected=lambda x, a: -cost_of(x, a).numpy().sum(axis=(1, 2, 3)),
    cases=[
        (test_floats[:2].astype(float), random_logits),
        (test_floats[:2].astype(float), 100 * random_logits),
    ],
    hints=[
        (
            lambda x, a: cost_of(x, a).numpy().sum(axis=(1, 2, 3)),
            "the sign: the logarithm of a probability is negative.",
        ),
        (
            lambda x, a: -cost_of(x, a).numpy().mean(axis=(1, 2, 3)),
            "sum over the pixels: a mean would hide a weight (section 6).",
        ),
        (lambda x, a: -cost_of(x, a).numpy().sum(), "one number for each image, shape (n,)."),
        (lambda x, a: -cost_of(1 - x, a).numpy().sum(axis=(1, 2, 3)), "black and white swapped."),
    ],
    hint="Minus the sum, over axes 1, 2 and 3, of the bracket above.",
    why="TensorFlow has the bracket as tf.nn.sigmoid_cross_entropy_with_logits.",
)

# %% [markdown]
# ### One step, with shapes
#
# A batch goes through: encode, draw, decode, two terms, one loss.

# %% tags=["check-output"]
# The very noise that `vae.VAE` draws in its first step, so that the two can be compared below.
noise_seed = streams.fold_in((SEED, 0), "noise")
noise = tf.random.stateless_normal((BATCH_SIZE, LATENT_SIZE), noise_seed)

mean, log_variance = tf.split(encoder(2 * images - 1), 2, axis=1)  # networks like [-1, 1]
latents = mean + tf.exp(0.5 * log_variance) * noise  # σ = exp(½ log σ²)
logits = decoder(latents)
cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits(images, logits)
reconstruction = -tf.reduce_sum(cross_entropy, axis=(1, 2, 3))
kl = 0.5 * tf.reduce_sum(mean**2 + tf.exp(log_variance) - log_variance - 1, axis=1)
loss = tf.reduce_mean(kl - reconstruction)
for name, value in {
    "images": images, "mean": mean, "log-variance": log_variance, "latents": latents,
    "logits": logits, "reconstruction": reconstruction, "KL": kl, "loss": loss,
}.items():  # fmt: skip
    print(f"{name:15} {tuple(value.shape)}")

# %% [markdown]
# From `reconstruction` on there is one number for each image; the loss is the mean over the
# *batch*, and over nothing else. The same lines as a function, and the step: one tape, one gradient,
# one optimizer for both networks.


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


# %%
loss, gradients, weights = loss_and_gradients(encoder, decoder, images, noise)
keras.optimizers.Adam(LEARNING_RATE).apply(gradients, weights)
after, _, _ = loss_and_gradients(encoder, decoder, images, noise)
print(f"loss: {loss:.1f} nats before the step, {after:.1f} after it")
print(f"784 log 2 = {784 * np.log(2):.1f}")

# %% [markdown]
# Expected: 541 to 546 before, nearly the cost of 784 coins, because an untrained decoder's logits are
# near 0 and the untrained KL near 0 as well; a nat or two less after one step.
#
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
# Now the training: 1,200 steps of 64 images, with a learning rate that falls to 0 along a cosine
# curve. The test images are measured twelve times on the way.

# %%
MARKS = 12


def train(num_steps, epochs, **options):
    """A new VAE after num_steps, and what `fit` recorded in each of the epochs."""
    keras.utils.set_random_seed(SEED)
    model = vae.VAE(seed=SEED, **options)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, num_steps)
    model.compile(optimizer=keras.optimizers.Adam(rate))
    history = model.fit(
        batches,
        steps_per_epoch=num_steps // epochs,
        epochs=epochs,
        validation_data=test_images,
        verbose=0,
    )
    return model, history.history


model, history = train(NUM_STEPS, MARKS, latent_size=LATENT_SIZE)

# %%
steps = NUM_STEPS // MARKS * np.arange(1, MARKS + 1)
for index in (0, 1, 3, 5, MARKS - 1):
    elbo, reconstruction, kl = (
        history[f"val_{name}"][index] for name in ("elbo", "reconstruction", "kl")
    )
    print(f"step {steps[index]:5,}: ELBO {elbo:.0f} = {reconstruction:.0f} - {kl:.1f}")
plots.curves(
    {"test ELBO": history["val_elbo"], "test reconstruction": history["val_reconstruction"]},
    "ELBO and reconstruction of the test images rise steeply for 300 steps, then slowly; between "
    "the two curves lies the KL term.",
    "step",
    "nats per image",
    x=steps,
)
plots.curves(
    {"KL term of the test images": history["val_kl"]},
    "The KL term is 5 to 8 nats early on and hardly changes from there.",
    "step",
    "nats per image",
    x=steps,
)

# %% [markdown]
# Expected for these 1,000 test images (nats per image):
#
# | step | ELBO | reconstruction | KL |
# |---|---|---|---|
# | 200 | -285 to -205 | -278 to -199 | 5 to 8.5 |
# | 400 | -212 to -196 | -205 to -190 | 5.5 to 8 |
# | 600 | -206 to -193 | -199 to -187 | 5.5 to 7.5 |
# | 1,200 | -201 to -187 | -195 to -181 | 6 to 7.5 |
#
# The first steps depend on luck (step 100 too much for a range), the last ones little. The KL term
# says how much the latents tell about an image at most: about 6.5 nats, or $6.5/\log 2 \approx 9$
# bits. Compare the reconstruction with minus section 1's cross-entropy, -200 to -186: with two
# numbers, and half the steps, the autoencoder restores about as well. What the VAE has more comes
# next.

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
# wherever two kinds meet in the plane there is a border. Section 7 has more room.
#
# These are means of $p(x|z)$: gray is a *probability* of white. To draw the pixels themselves, as
# the model literally says, there is `model.sample(28, draw_pixels=True)`.
#
# The codes, in the same two ways as in section 1, now for latents drawn from $q(z|x)$:

# %%
mean, log_variance = model.encode(test_images)
deviation = np.exp(log_variance / 2)
latents = mean + deviation * np.random.default_rng(SEED).standard_normal(mean.shape)
empty = share_in_empty_cells(from_normal, latents)
print(f"spread of the latents: {np.round(latents.std(axis=0), 1)}   (of the prior: 1)")
print(f"mean width of one image's q(z|x): {deviation.mean():.2f}")
print(f"draws from the prior in empty cells: {100 * empty:.0f} %   (autoencoder's box: ", end="")
print(f"{100 * share_in_empty_cells(from_box, codes):.0f} %)")
plots.scatter_points(
    by_kind(latents),
    "One latent for each test image of five kinds: they crowd around the origin, where the prior "
    "draws from, with smaller gaps than the autoencoder's codes.",
    "first latent",
    "second latent",
)

# %% [markdown]
# Expected: a spread between 1.1 and 1.6, and 4 to 20 % of the prior's draws in empty cells. (Again,
# five of ten kinds are drawn, and the numbers count all.) A draw from the prior meets a region that
# the decoder knows. Each image takes up a spot of width 0.05 to 0.08, and the KL term has moved all
# spots together, to where the prior draws. That is the difference from section 1. It is not perfect:
# where the latents' spread is above 1, the prior draws too often from the middle.

# %% [markdown]
# ## 6. The hidden beta (core, 6 minutes)
#
# A **β-VAE** (Higgins et al. 2017) minimizes $-\text{reconstruction} + \beta\,\mathrm{KL}$. Only
# β = 1 is the ELBO. Lesson 10 plays with β on purpose. Much code does it by accident: a library's
# cross-entropy *averages* over the pixels by default, and the KL term is *summed* over the latents.
# With $D$ pixels that loss is
#
# $$\frac1D \sum_i \text{cost}_i + \mathrm{KL} = \frac1D\Big(\sum_i \text{cost}_i + D\cdot\mathrm{KL}\Big),$$
#
# the loss with β = $D$ = 784, divided by a constant. Adam hardly notices the constant, since it divides
# by the size of the gradient. It does notice the 784.

# %% tags=["check-output"]
keras.utils.set_random_seed(SEED)
encoder, decoder = networks.encoder(latent_size=2), networks.decoder(latent_size=2)
weights = encoder.trainable_variables + decoder.trainable_variables
with tf.GradientTape(persistent=True) as tape:
    reconstruction, kl = terms_by_hand(encoder, decoder, images, noise)
    averaged = tf.reduce_mean(kl - reconstruction / 784)  # mean over pixels, sum over latents
    with_beta = tf.reduce_mean(784 * kl - reconstruction)
pairs = zip(tape.gradient(averaged, weights), tape.gradient(with_beta, weights), strict=True)
errors = [numerics.relative_error(784 * found, expected) for found, expected in pairs]
print("784 x gradient of the averaged loss = gradient with beta 784:", max(errors) < 1e-3)

# %% [markdown]
# What does it do? Train with β = 784 for 200 steps.

# %%
collapsed, course = train(NUM_SIDE_STEPS, 2, latent_size=2, beta=784.0)
print(f"test KL: {course['val_kl'][-1]:.4f} nats, reconstruction: ", end="")
print(f"{course['val_reconstruction'][-1]:.0f} nats")
spread = collapsed.reconstruct(test_images).std(axis=0).mean()
print(f"spread of a pixel between the reconstructions: {spread:.4f}   ", end="")
print(f"(with beta 1: {model.reconstruct(test_images).std(axis=0).mean():.4f})")
plots.show_images(
    np.concatenate([test_floats[:14], collapsed.reconstruct(test_images[:14])]),
    "Above: test images. Below: reconstructions with the pixels averaged and the KL term summed: "
    "always the same blur.",
    columns=14,
)

# %% [markdown]
# Expected: a KL term below 0.01, a reconstruction between -400 and -375 nats, and the same
# picture for every image. A nat of KL costs 784 times what a nat of reconstruction gains, so the
# encoder says nothing at all, and the decoder learned to do without. This is **posterior collapse**,
# here by a wrong `mean`. The model with β = 1 had a reconstruction 100 to 200 nats better
# after as many steps.
#
# The rule: **sum over pixels, sum over latents, mean over the batch**, and say "nats per image". If
# a printed VAE loss of binary images is below 1, something was averaged.
#
# ### Exercise 09.9 (3 minutes)
#
# Color images of 64 x 64 pixels with 3 channels, 16 latents. A script takes the *mean* of the
# cross-entropy over height, width and channels, and the *mean* of the KL term over the latents. The
# script's loss is a multiple of the β-VAE loss above, with its sums. With which β?

# %% tags=["exercise"]
# -- stub --
answer_9 = ...
# -- solution --
answer_9 = 64 * 64 * 3 / 16

# %% tags=["check"]
checks.check_number(
    "09.9",
    answer_9,
    expected=768.0,
    hints=[
        (12288, "that would be right if the KL term were summed; it is divided by 16."),
        (12288 * 16, "the mean over latents divides the KL term by 16, which lowers beta."),
        (256, "each pixel has three channels, and the mean runs over them too."),
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
# ## 7. How far is the bound from the truth? (optional, 10 minutes)
#
# More latents can say more. Train the same networks with 16.

# %%
wide, course = train(NUM_WIDE_STEPS, 6, latent_size=16)
print(f"16 latents after {NUM_WIDE_STEPS} steps: test ELBO {course['val_elbo'][-1]:.0f}", end="")
print(f" = {course['val_reconstruction'][-1]:.0f} - {course['val_kl'][-1]:.1f}")
mean, log_variance = wide.encode(test_images)
latents = mean + np.exp(log_variance / 2) * random.standard_normal(mean.shape)
far = isolation(random.standard_normal((300, 16)), latents)
print(
    f"a draw from the prior is {far:.1f} times as far from the next image's latents as images are"
)
plots.show_images(
    wide.sample(28, seed=1),
    "New images of the VAE with 16 latents: blurred, many of them clothes, some odd shapes.",
    columns=14,
)

# %% [markdown]
# Expected: between -181 and -167 nats, more than the 2 latents reached in twice as many steps; and
# 1.2 to 2.1 for the distance. Compare the picture with the last row of section 1: no longer torn,
# though several are no clothes yet. The match between latents and prior is part of the loss, not
# perfect. The autoencoder restores better, since it pays for nothing; the VAE can be drawn from.
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

# %% [markdown]
# Expected on these 50 images: with 2 latents the ELBO is 1.5 to 3 nats below the importance bound,
# and the naive estimate is even 0 to 3 nats *above* it. None of the three exceeds $\log p(x)$ on average,
# so the highest is the nearest: 5,000 draws cover a disk densely. With 16 latents the naive estimate
# falls 5 to 13 nats *below* the bound: the curse of section 2 in a real model, while 100 draws
# from the encoder do better. And the ELBO is 6 to 10 nats below the bound. That is a part of the gap of
# section 2: the true posterior is no normal distribution with independent latents, and one encoder
# has to serve all images.

# %% [markdown]
# ## Recap
#
# - An autoencoder restores; a generator needs a distribution of codes that its decoder was trained on.
# - $\log p(x) = \mathrm{ELBO} + \mathrm{KL}(q(z|x) \Vert p(z|x))$, with
#   $\mathrm{ELBO} = \mathbb{E}_q[\log p(x|z)] - \mathrm{KL}(q(z|x)\Vert p(z))$. One loss for both
#   networks, and no discriminator anywhere.
# - The encoder outputs $\mu$ and $\log\sigma^2$; $z = \mu + \sigma\varepsilon$ lets the gradient
#   through, with far less variance than the score function.
# - $\mathrm{KL} = \frac12\sum(\mu^2 + \sigma^2 - \log\sigma^2 - 1)$: zero only for the prior.
# - Sum over pixels and latents, mean over the batch. Anything else is a hidden β.
#
# **Try next** Train `vae.VAE(latent_size=2, likelihood="gaussian")` on gray images. Its ELBO is a log
# *density*, and must not be compared with the nats of binary images. Then lesson 10: what the
# latent space looks like, β on purpose, and VAE against GAN.
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
