# %% [markdown]
# # 02 · Loss functions
#
# **After this lesson you can**
# - derive the mean squared error and both cross-entropies from a likelihood, and say what each
#   assumes without saying so;
# - show why a small squared error is not a similar picture;
# - compute cross-entropies that survive a logit of 100, and check any gradient by finite differences;
# - tell entropy, cross-entropy, KL (in both directions) and JS apart, and say what a model does that
#   makes each small;
# - explain why a classifier between two sets of samples measures the ratio of their densities, the idea
#   that GANs are built on.
#
# **You need** NumPy, derivatives, integrals as areas, and the natural logarithm; pictures as arrays
# (lesson 01). What a network is comes in lesson 03; here it is a function with numbers to be adjusted.
#
# **Time** 106 minutes: 85 for the core sections, 21 for the optional ones, which nothing else
# needs. All cells together run for less than a minute on two CPU cores.

# %% [markdown]
# ## Setup
#
# TensorFlow (`tf`) computes with arrays, and their derivatives; Keras is its library for networks.

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, plots, widgets
from course_utils.base import divergences, numerics
from course_utils.lessons.loss_functions import gaussian_fit, pictures
from course_utils.models import losses, networks

# %% tags=["parameters"]
SEED = 0
NUM_SAMPLES = 200_000
NUM_EPOCHS = 5  # test: 1
BATCH_SIZE = 1024

# %% [markdown]
# ## 1. Probability in one page (core, 9 minutes)
#
# **A distribution of outcomes.** If there are finitely many outcomes, each has a probability
# $p_k \ge 0$, and together they make 1.
#
# **A density.** A real number has too many values for that. It gets a *density* $p(x) \ge 0$ instead:
# the probability of an interval is the area below $p$ over this interval, and the whole area is 1.
# The most used one is the *normal* or *Gaussian* density with mean $m$ and standard deviation $s$,
#
# $$\mathcal N(x;\, m, s^2) = \frac{1}{s\sqrt{2\pi}} \exp\Big(-\frac{(x-m)^2}{2s^2}\Big).$$
#
# A *sample* is a value that is drawn at random, as $p$ says. A common mistake is to read $p(x)$ as the
# probability of $x$. That probability is 0 for every single $x$, and a density may well be larger
# than 1. Try $m = 0$, $s = 0.1$ (`np.trapezoid` computes the area below a curve):


# %%
def normal_density(x, mean, deviation):
    return np.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * np.sqrt(2 * np.pi))


x = np.linspace(-1, 1, 20_001)
density = normal_density(x, 0.0, 0.1)
samples = np.random.default_rng(SEED).normal(0.0, 0.1, NUM_SAMPLES)
middle = np.linspace(-0.1, 0.1, 2001)
print(f"largest density:      {density.max():.3f}")
print(f"whole area:           {np.trapezoid(density, x):.3f}")
print(
    f"P(-0.1 < x < 0.1):    {np.trapezoid(normal_density(middle, 0.0, 0.1), middle):.3f} as an area"
)
print(f"                      {np.mean(np.abs(samples) < 0.1):.3f} as a share of samples")

# %% [markdown]
# Expected: 3.989, 1.000, then 0.683 twice (from samples to within 0.005).
#
# **Expectation.** $\mathbb E[f(x)] = \int f(x)\,p(x)\,dx$ is the mean of $f$ over very many samples
# of $x$. That sentence is a recipe: *a mean over a batch* (a handful of samples) *estimates an
# expectation*, and needs no formula for $p$. A *loss* is a number that says how wrong a model is,
# and that training makes small. (In a game of two networks, from lesson 05 on, each has a loss of
# its own to make small: there it says how the network fares against the other, not how wrong it
# is.) Nearly every loss in this course is such a mean. For $f(x) = x^2$ the answer is known. As the
# mean of $x$ is 0, it is the variance, $s^2 = 0.01$:

# %%
print(f"E[x²] as an area:    {np.trapezoid(x**2 * density, x):.5f}")
print(f"E[x²] from samples:  {np.mean(samples**2):.5f}   (expected: 0.01000 to within 0.0002)")

# %% [markdown]
# **Likelihood.** Now hold the *data* fixed and move the *parameter*. Ten tosses of a coin gave seven
# heads. If heads has the probability $\theta$, and the tosses do not influence each other
# (*independent*), their probabilities are multiplied:
#
# $$L(\theta) = \theta^7 (1-\theta)^3, \qquad
#   \log L(\theta) = 7 \log\theta + 3 \log(1-\theta).$$
#
# That is the probability of the ten tosses *in their order*; to ask for seven heads in any order
# would multiply it by the number of orders, 120, which $\theta$ does not change. Read as a function
# of $\theta$, it is the **likelihood**. It is no distribution over $\theta$; its area is not 1. The
# parameter that makes it largest is the *maximum likelihood* estimate. Setting the derivative to
# zero, $7/\theta = 3/(1-\theta)$, gives $\theta = 0.7$, the share of heads. Two more ways to see
# it:

# %% tags=["check-output"]
theta = np.linspace(0.001, 0.999, 999)
likelihood = theta**7 * (1 - theta) ** 3
print(f"largest on a grid at θ = {theta[likelihood.argmax()]:.3f}")
slope = numerics.numerical_gradient(lambda t: 7 * np.log(t) + 3 * np.log(1 - t), 0.7)
print(f"slope of log L at 0.7 is 0: {abs(float(slope)) < 1e-6}")
print(f"area below L: 1/{1 / np.trapezoid(likelihood, theta):.0f}   (no density: it is not 1)")

# %% [markdown]
# **Why the logarithm?** It turns the product into a sum, it does not move the maximum, and it keeps the
# number within reach of the computer. A picture of 28 x 28 pixels that each have the probability 0.3
# has a likelihood that `float64` cannot hold, since its smallest number is about $10^{-324}$:

# %% tags=["check-output"]
pixel_probabilities = np.full(28 * 28, 0.3)
print("likelihood:    ", np.prod(pixel_probabilities))
print(f"log-likelihood: {np.sum(np.log(pixel_probabilities)):.1f} nats")

# %% [markdown]
# The likelihood is about $10^{-410}$, so the computer says 0. A *nat* is the unit of a natural
# logarithm, as a *bit* is that of $\log_2$: 1 nat = 1.443 bits.
#
# **The one sentence of this lesson:** a *loss* made from a probabilistic model is its **negative
# log-likelihood**, usually as a mean over the data. To minimize it is to make the data as probable as
# the model can.
#
# ### Exercise 02.1: seven heads (3 minutes)
#
# What is the negative log-likelihood *per toss*, in nats and to three digits, of the ten tosses
# above if $\theta = 0.6$?

# %% tags=["exercise"]
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = -(7 * np.log(0.6) + 3 * np.log(0.4)) / 10

# %% tags=["check"]
checks.check_number(
    "02.1",
    answer_1,
    expected=-(7 * np.log(0.6) + 3 * np.log(0.4)) / 10,
    hints=[
        (-(7 * np.log(0.6) + 3 * np.log(0.4)), "that is the sum over ten tosses."),
        ((7 * np.log(0.6) + 3 * np.log(0.4)) / 10, "a negative log-likelihood has a minus sign."),
        (-(7 * np.log(0.4) + 3 * np.log(0.6)) / 10, "heads, seven times, has 0.6."),
        (-(7 * np.log10(0.6) + 3 * np.log10(0.4)) / 10, "nats need the natural logarithm, np.log."),
        (-(7 * np.log2(0.6) + 3 * np.log2(0.4)) / 10, "those are bits; nats need np.log."),
        (
            -(np.log(120) + 7 * np.log(0.6) + 3 * np.log(0.4)) / 10,
            "that has the 120 orders in it; the tosses fell in one order, so leave out the coefficient.",
        ),
        (-(7 * np.log(0.7) + 3 * np.log(0.3)) / 10, "that is so for θ = 0.7; here θ is 0.6."),
        (0.6**7 * 0.4**3, "that is the likelihood; take minus its logarithm, then a tenth."),
    ],
    hint="Minus the logarithm of each toss's probability, averaged over the ten tosses.",
    why="At the best θ, 0.7, it would be 0.611. No θ gets lower than that.",
)

# %% [markdown]
# ## 2. Three losses from three likelihoods (core, 17 minutes)
#
# ### Gaussian: the mean squared error
#
# A model predicts a number $m$ for each *target* $y$, the right answer, and we assume that $y$ is normal
# around $m$ with deviation $s$. One target's negative log-likelihood is
#
# $$-\log \mathcal N(y;\, m, s^2) = \frac{(y-m)^2}{2s^2} + \log s + \tfrac12\log 2\pi .$$
#
# With $s$ fixed, all that $m$ can change is the square. The mean of $(y-m)^2$ over all targets is the
# *mean squared error* (MSE). So *the Gaussian negative log-likelihood is the MSE, up to the factor
# $1/2s^2$ and a constant.*
#
# ### Bernoulli: the binary cross-entropy (BCE)
#
# A target $t$ that is 0 or 1, and a predicted probability $p$ of 1. What happened has the probability
# $p^t (1-p)^{1-t}$ (one of the two factors is always 1). Minus the logarithm:
#
# $$-t \log p - (1-t)\log(1-p).$$
#
# ### Categorical: the cross-entropy of classes
#
# One of $K$ classes, with predicted probabilities $p_1, \dots, p_K$. Written with a *one-hot* target
# $t$, which is 1 at the right class and 0 elsewhere, the probability of what happened is
# $\prod_k p_k^{t_k}$, and minus its logarithm is
#
# $$-\sum_k t_k \log p_k = -\log p_{\text{right class}}.$$
#
# ### Three ways
#
# Each loss now three ways for 20 made-up targets: the **formula**; **Keras**; and the **likelihood**
# itself: multiply the 20 probabilities (or densities), take minus the logarithm, divide by 20. All in
# `float64`, numbers of 53 binary digits.

# %%
random = np.random.default_rng(SEED)
values, means, deviation = random.normal(size=20), random.normal(size=20), 0.8
bits, chances = random.integers(0, 2, 20), random.uniform(0.05, 0.95, 20)
scores = random.normal(size=(20, 10))  # any numbers; the next line makes probabilities of them
class_chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
classes = random.integers(0, 10, 20)
one_hot = np.eye(10)[classes]
formula = {
    "mean squared error": np.mean((values - means) ** 2),
    "binary": np.mean(-bits * np.log(chances) - (1 - bits) * np.log(1 - chances)),
    "categorical": np.mean(-np.sum(one_hot * np.log(class_chances), axis=1)),
}

# %%
likelihoods = {
    "mean squared error": np.prod(normal_density(values, means, deviation)),
    "binary": np.prod(np.where(bits == 1, chances, 1 - chances)),
    "categorical": np.prod(class_chances[np.arange(20), classes]),
}
by_likelihood = {name: -np.log(value) / 20 for name, value in likelihoods.items()}
# Undo what the Gaussian adds to the squares: its constant, and the factor 1 / 2s².
constant = np.log(deviation * np.sqrt(2 * np.pi))
by_likelihood["mean squared error"] -= constant
by_likelihood["mean squared error"] *= 2 * deviation**2

# %% [markdown]
# Keras computes in `float32` (24 binary digits) unless it is told otherwise. We ask for both.


# %%
def by_keras(dtype):
    arguments = {
        "mean squared error": (keras.losses.MeanSquaredError, values, means),
        "binary": (keras.losses.BinaryCrossentropy, bits, chances),
        "categorical": (keras.losses.CategoricalCrossentropy, one_hot, class_chances),
    }
    return {
        name: float(loss(dtype=dtype)(np.asarray(target, dtype), np.asarray(given, dtype)))
        for name, (loss, target, given) in arguments.items()
    }


in_float64, in_float32 = by_keras("float64"), by_keras("float32")
for name, value in formula.items():
    off = [numerics.relative_error(way[name], value) for way in (by_likelihood, in_float64)]
    off32 = numerics.relative_error(in_float32[name], value)
    print(
        f"{name:18} {value:.6f}   likelihood {off[0]:.0e}, Keras {off[1]:.0e}, in float32 {off32:.0e}"
    )

# %% tags=["check-output"]
for name, value in formula.items():
    off = [numerics.relative_error(way[name], value) for way in (by_likelihood, in_float64)]
    print(f"{name:18} three ways agree to 1e-12: {max(off) < 1e-12}")

# %% [markdown]
# Expected: 1.267781, 0.974141 and 2.548314.
#
# The stated tolerance in `float64` is a relative $10^{-12}$, and all three keep it. In `float32` it
# would be $10^{-6}$: one rounding changes a number by up to $2^{-24} = 6\cdot10^{-8}$ of itself, and
# a loss is the result of some dozens.

# %% [markdown]
# ### Where Keras disagrees for good (optional, 2 minutes)
#
# A logarithm of 0 would be infinite, so Keras first *clips* every probability to the range from
# $\varepsilon$ to $1 - \varepsilon$, with $\varepsilon$ = `keras.config.epsilon()` = $10^{-7}$. Below
# that, no precision helps:

# %%
for chance in (1e-3, 1e-6, 1e-7, 1e-9, 1e-12):
    target, given = np.array([1.0]), np.array([chance])
    by_formula = -np.log(chance)
    keras64 = float(keras.losses.BinaryCrossentropy(dtype="float64")(target, given))
    print(f"p = {chance:.0e}, t = 1: formula {by_formula:7.3f}, Keras in float64 {keras64:7.3f}")
sure = keras.losses.BinaryCrossentropy()(np.zeros(1, "float32"), np.ones(1, "float32"))
print(f"p = 1, t = 0: formula {np.inf}, Keras in float32 {float(sure):.3f}")

# %% [markdown]
# Expected: equal down to $10^{-7}$; then Keras stays at $-\log 10^{-7} = 16.118$, while the formula
# goes on to 20.723 and 27.631, a relative difference of 0.22 and 0.42. The last line is 15.942 and
# not 16.118 since $1 - 10^{-7}$ is no `float32`; the nearest one is $1 - 2^{-23}$. So a loss from
# *probabilities* has a ceiling of about 16 that no likelihood has. Section 4 shows how to do without.

# %% [markdown]
# ### The variance that hides in an MSE
#
# "We train with the MSE" names no deviation $s$. It is hidden, not absent:
#
# 1. **It is a choice.** With $s$ free, the mean negative log-likelihood is $\mathrm{MSE}/2s^2 + \log
#    s + \tfrac12\log 2\pi$. Its derivative by $s$, $-\mathrm{MSE}/s^3 + 1/s$, is 0 at $s^2 =
#    \mathrm{MSE}$: *the best variance is the MSE itself.* Put in, it leaves $\tfrac12 + \tfrac12\log
#    \mathrm{MSE} + \tfrac12\log 2\pi = \tfrac12\log(2\pi e\,\mathrm{MSE})$. The bare MSE, without a
#    factor, belongs to $2s^2 = 1$, so to $s = 0.707$.
# 2. **It is noise that nobody draws.** A Gaussian model says: pixel = $m$ + noise of deviation $s$.
#    What is usually shown as its "sample" is the mean $m$ alone.
# 3. **It is an exchange rate.** As soon as a second term is added to the loss, as in a variational
#    autoencoder (lesson 09), $1/2s^2$ decides which of the two wins. And the MSE of pixels from 0 to
#    255 is 65,025 times that of pixels from 0 to 1.
# 4. **It is the same for all.** If some targets are noisier than others, they should count less.
#
# For the first two: a picture of Fashion-MNIST (clothing, 28 x 28 gray pixels) as the target, and as
# the "prediction" the same picture with each block of 2 x 2 pixels replaced by its mean.

# %%
test_images, test_labels = data.load_images("fashion_mnist", split="test")
grays = test_images[..., 0] / 255.0
names = {"stripes": 7348, "dots": 2960, "trousers": 3, "boot": 0}
target = grays[names["boot"]]
prediction = target.reshape(14, 2, 14, 2).mean(axis=(1, 3)).repeat(2, axis=0).repeat(2, axis=1)
mse = np.mean((target - prediction) ** 2)


def mean_nll(deviation):
    return float(losses.gaussian_negative_log_likelihood(target, prediction, np.log(deviation)))


tried = np.linspace(0.05, 1.0, 951)
best = tried[np.argmin([mse / (2 * s**2) + np.log(s) for s in tried])]
print(f"root of the MSE: {np.sqrt(mse):.3f}, best deviation on a grid: {best:.3f}")
for deviation in (1 / np.sqrt(2), np.sqrt(mse)):
    by_hand = mse / (2 * deviation**2) + np.log(deviation) + 0.5 * np.log(2 * np.pi)
    print(f"s = {deviation:.3f}: {by_hand:+.4f} nats a pixel, package {mean_nll(deviation):+.4f}")
print(f"at the best s, ½ log(2πe MSE) = {0.5 * np.log(2 * np.pi * np.e * mse):+.4f}")

# %%
noise = np.random.default_rng(SEED).normal(size=target.shape)
drawn = [np.clip(prediction + s * noise, 0, 1) for s in (1 / np.sqrt(2), np.sqrt(mse))]
plots.show_images(
    np.stack([target, prediction, *drawn]),
    "A target, a prediction, and two samples that Gaussian models with this mean really mean: noise "
    "of deviation 0.707 drowns the picture, noise of the fitted deviation does not.",
    columns=4,
    titles=["target", "mean m", "m + noise, s = 0.707", "m + noise, fitted s"],
    scale=5,
)

# %% [markdown]
# Expected: 0.086 twice; 0.580 nats a pixel for $s = 0.707$, but $-1.032$ for the fitted one, where the
# last line agrees. A *negative* negative log-likelihood is no error: densities may be above 1.
#
# ### Exercise 02.2: two thermometers (4 minutes)
#
# Two thermometers show 20.0 and 22.0 degrees in the same room. The error of the first has the
# deviation 0.5, that of the second 1.0, and both are normal around the true temperature $m$. The
# MSE is smallest at $m = 21$. Which $m$ does maximum likelihood choose, to one decimal? (Write the
# sum of both terms $(y-m)^2/2s^2$ and set its derivative to 0.)

# %% tags=["exercise"]
# -- stub --
answer_2 = ...
# -- solution --
answer_2 = (20.0 / 0.5**2 + 22.0 / 1.0**2) / (1 / 0.5**2 + 1 / 1.0**2)

# %% tags=["check"]
checks.check_number(
    "02.2",
    answer_2,
    expected=20.4,
    rtol=1e-4,
    hints=[
        (21.0, "that is the MSE's answer, which trusts both equally."),
        (62.0 / 3.0, "the weights are 1/s², not 1/s."),
        (21.6, "the more exact thermometer gets the larger weight."),
        (64.0 / 3.0, "the more exact thermometer gets the larger weight, and it is 1/s²."),
        (102.0, "divide the weighted sum by the sum of the weights."),
        (20.0, "the second thermometer counts less, but it does count."),
    ],
    hint="(20 - m)/s₁² + (22 - m)/s₂² = 0.",
    why="Weights 4 and 1. The MSE silently sets both deviations equal.",
)

# %% [markdown]
# ### A loss is what we descend, a metric is what we care about
#
# To *descend* a loss is to change the model's numbers, its *weights*, step by step so that the loss
# falls. A *metric* is a number that people judge by. Accuracy, the share of right answers, is what we
# often want. It is of no use for descent: move a weight a little, and the accuracy stays the same; its
# slope is 0 nearly everywhere. Cross-entropy has a slope, and stands in. The two need not agree. Two
# models judge four examples that are all of class 1. (An answer is right if class 1 gets more than one
# half.)

# %% tags=["check-output"]
judgments = {"A": np.array([0.55, 0.55, 0.55, 0.55]), "B": np.array([0.99, 0.99, 0.99, 0.45])}
for name, chance in judgments.items():
    print(
        f"{name}: cross-entropy {-np.log(chance).mean():.3f}, accuracy {(chance > 0.5).mean():.0%}"
    )

# %% [markdown]
# B has the far better loss and the worse accuracy. So report the metric, not the loss; compare losses
# only between runs of *one* loss on the same data.
#
# ### Exercise 02.3: true or false (3 minutes)
#
# Which of these are true? Answer with all their letters, such as `"a, b"`.
# - **a** A density of 3.2 at a point must be an error.
# - **b** For Gaussian noise of one fixed deviation, the $m$ that minimizes the MSE is the one of
#   maximum likelihood.
# - **c** A model with the lower cross-entropy always has the higher accuracy.
# - **d** Minimizing the MSE assumes equal Gaussian noise on all targets, if it is read as a likelihood.
# - **e** The MSE of pixels from 0 to 255 is 255 times that of the same pixels from 0 to 1.

# %% tags=["exercise"]
# -- stub --
answer_3 = ...
# -- solution --
answer_3 = "b, d"

# %% tags=["check"]
checks.check_choice(
    "02.3",
    answer_3,
    expected={"b", "d"},
    options="abcde",
    hints={
        "a, b, d": "look at the largest density in section 1.",
        "b, c, d": "look at the models A and B.",
        "b, d, e": "an error that is 255 times as large is squared.",
    },
    hint="Each statement is tried or derived above: find it.",
    why="Densities may exceed 1, B beats A in loss only, and 255 is squared to 65,025.",
)

# %% [markdown]
# ## 3. Why the MSE is not sight (core, 7 minutes)
#
# The MSE compares pixel with pixel, each with the one at the same place. It knows nothing of
# things, edges or neighbors. Two changes to a picture: **move it by one pixel** to the right, which
# you would not notice; or **paint over its right half** with the picture's mean gray.


# %%
def moved_right(picture, pixels):
    moved = np.zeros_like(picture)
    moved[..., pixels:] = picture[..., : 28 - pixels]
    return moved


def half_painted(picture):
    painted = picture.copy()
    painted[..., 14:] = picture.mean(axis=(-2, -1), keepdims=True)
    return painted


stripes = grays[names["stripes"]]
assert np.array_equal(moved_right(stripes, 1), pictures.shifted(stripes, 1))
assert np.allclose(half_painted(stripes), pictures.half_masked(stripes))
pictures.shift_figure(stripes, 1)

# %% [markdown]
# Expected: 0.181 for the shift, 0.066 for the lost half. By the MSE, the striped shirt that moved is
# 2.7 times *worse* than the one of which half is missing. That is one picture, chosen to make the
# point. How often is it so, over all 10,000 test images?

# %%
painted = np.mean((half_painted(grays) - grays) ** 2, axis=(1, 2))
for pixels in (1, 2, 3, 4):
    moved = np.mean((moved_right(grays, pixels) - grays) ** 2, axis=(1, 2))
    worse = moved > painted
    trousers, boots = (worse[test_labels == label].mean() for label in (1, 9))
    print(
        f"{pixels} to the right: worse than half a picture for {worse.mean():4.0%} of all, "
        f"{trousers:4.0%} of trousers, {boots:4.0%} of ankle boots"
    )

# %% [markdown]
# Expected: 23 %, 73 %, 80 % and 85 % of all images. With one pixel it is 62 % of trousers, with their
# upright edges, and almost no boot. So the honest claim is: *the MSE ranks such changes in an order
# that has little to do with what we see, and two pixels are usually enough to turn it round.*
#
# Try it. Is there a shift of the stripes that costs *less* than a smaller one? (A slider moves with
# the arrow keys; or type a number.)

# %%
widgets.live_figure(
    lambda shift, of: pictures.shift_figure(grays[names[of]], shift),
    {
        "shift": widgets.Slider("Shift", -8, 8, 1, 1),
        "of": widgets.Choice("Picture", tuple(names), "stripes"),
    },
    name="shift",
    width=440,
)

# %%
shifts = np.arange(9)
plots.curves(
    {
        name: [np.mean((moved_right(grays[index], n) - grays[index]) ** 2) for n in shifts]
        for name, index in names.items()
        if name != "trousers"
    },
    "MSE against the shift: that of the stripes rises steeply, then falls where stripe meets stripe "
    "again; that of the dots is about level from 2 pixels on; the boot's rises slowly and steadily.",
    "pixels to the right",
    "MSE",
    x=shifts,
)

# %% [markdown]
# With stripes the MSE goes down again where one stripe covers the next: a shift of four pixels counts
# as less than one of two (0.201 against 0.290). With dots it is level from two pixels on, near 0.10:
# once every dot has left its place, the MSE cannot tell how far it went.
#
# ### What an MSE prefers to being roughly right
#
# Suppose that the target may stand anywhere from 3 pixels left to 3 pixels right, all seven equally
# likely, and a model must name *one* picture. The sum of $(y_i - m)^2$ over the seven is smallest at
# their mean, pixel by pixel (set the derivative $-2\sum_i (y_i - m)$ to zero).

# %%
places = np.stack([pictures.shifted(stripes, n) for n in range(-3, 4)])
ghost = places.mean(axis=0)
costs = [np.mean((places - answer) ** 2) for answer in (stripes, ghost)]
print(f"mean MSE of a sharp shirt in the middle: {costs[0]:.3f}")
print(f"mean MSE of the mean of all seven:       {costs[1]:.3f}")
plots.show_images(
    np.stack([stripes, ghost]),
    "A sharp shirt, and the blur that has the smaller mean squared error when the place is unknown.",
    titles=["sharp", "the best by MSE"],
    scale=5,
)

# %% [markdown]
# Expected: 0.203 against 0.098. The blurred pictures of models that are trained with the MSE are no
# failure of training: **the blur is the optimum.** It is the mean of what is possible, and a mean of
# shirts is no shirt. Models that *draw* one of the possibilities are what the rest of the course is
# about.

# %% [markdown]
# ## 4. Cross-entropy from logits (core, 11 minutes)
#
# A network's last layer gives any real number, the *logit* $\ell$, and
# $p = \sigma(\ell) = 1/(1 + e^{-\ell})$ makes a probability of it. The textbook's formula, written
# down as it stands, for $\ell = 100$:


# %%
def naive(logit, target):
    with np.errstate(all="ignore"):  # the warnings would only announce what we are to see
        p = 1 / (1 + np.exp(-logit))
        return -target * np.log(p) - (1 - target) * np.log(1 - p)


for dtype in (np.float32, np.float64):
    wrong, right = naive(dtype(100), dtype(0)), naive(dtype(100), dtype(1))
    print(f"{dtype.__name__}: surely wrong (t = 0): {wrong}, surely right (t = 1): {right}")
    lost = next(x for x in np.arange(0, 50, 0.1) if 1 + np.exp(-dtype(x)) == 1)
    print(f"         p is exactly 1 from a logit of about {lost:.1f} on")
p = np.asarray(1 / (1 + np.exp(-100.0)))[np.newaxis].astype("float32")
clipped = float(keras.losses.BinaryCrossentropy()(np.zeros(1, "float32"), p))
print(f"Keras from the probability, t = 0: {clipped:.3f};  the true value: 100")

# %% [markdown]
# Expected: `inf`, and even `nan` where the answer is right. What went wrong: $p = 1 - e^{-100}$ is
# rounded to exactly 1. So $1 - p = 0$, its logarithm is $-\infty$, and $0 \cdot (-\infty)$ is
# `nan`. The *information was lost before the logarithm*; more digits only move the place, from 16.7
# in `float32` to 36.8 in `float64`. Keras says 15.942, since it first *clips* every probability to
# the range from $\varepsilon = 10^{-7}$ to $1 - \varepsilon$: a finite number, and far from 100.
#
# ### The stable form
#
# Never compute $p$. Put $\sigma$ into the formula first: $-\log\sigma(\ell) = \log(1 + e^{-\ell})$ and,
# as $1 - \sigma(\ell) = \sigma(-\ell)$, $-\log(1 - \sigma(\ell)) = \log(1 + e^{\ell})$. With the name
# $\operatorname{softplus}(\ell) = \log(1 + e^{\ell})$:
#
# $$\mathrm{BCE} = t\,\operatorname{softplus}(-\ell) + (1-t)\operatorname{softplus}(\ell)
#   = \operatorname{softplus}(\ell) - t\,\ell,$$
#
# since $\operatorname{softplus}(-\ell) = \operatorname{softplus}(\ell) - \ell$ (the next line shows it).
# But $e^{\ell}$ overflows for large $\ell$: it is too large for the computer. Take it out of the sum
# for $\ell > 0$, and leave the formula as it is for the others; the box has both cases in one:
#
# $$\log(1 + e^{\ell}) = \log\big(e^{\ell}(e^{-\ell} + 1)\big) = \ell + \log(1 + e^{-\ell})
#   \quad\Longrightarrow\quad
#   \boxed{\operatorname{softplus}(\ell) = \max(\ell, 0) + \log(1 + e^{-|\ell|})}$$
#
# The exponent is never positive, so nothing overflows. `np.log1p(y)` is $\log(1 + y)$ without rounding
# $1 + y$ first, so a tiny $y$ survives too.
#
# ### Exercise 02.4: the stable form (5 minutes)
#
# Write the binary cross-entropy of a logit and a target without ever forming $p$. It must work for
# arrays, and for logits of 1000. Return one loss for each logit, no mean.


# %% tags=["exercise"]
def stable(logit, target):
    # -- stub --
    return ...
    # -- solution --
    softplus = np.maximum(logit, 0.0) + np.log1p(np.exp(-np.abs(logit)))
    return softplus - target * logit


# %% tags=["check"]
checks.check_function(
    "02.4",
    stable,
    expected=lambda logit, target: np.logaddexp(0.0, logit) - target * logit,
    cases=[
        (np.array([0.0, 2.0, -3.0]), np.array([1.0, 0.0, 0.5])),
        (np.array([100.0, 100.0, -100.0, 1000.0, -1000.0]), np.array([0.0, 1.0, 1.0, 0.0, 0.0])),
        (np.array([1000.0, -1000.0, -1000.0]), np.array([1.0, 1.0, 0.25])),
        (np.array([[0.3, -0.7, 40.0], [5.0, -40.0, 0.0]]), np.array([[1.0, 0, 0], [0.9, 1, 0]])),
    ],
    hints=[
        (lambda x, t: np.logaddexp(0.0, x), "the target has no influence yet: subtract t times x."),
        (lambda x, t: np.logaddexp(0.0, -x) + t * x, "the signs of the logit are swapped."),
        (lambda x, t: np.mean(np.logaddexp(0.0, x) - t * x), "no mean: one loss for each logit."),
        (lambda x, t: np.sum(np.logaddexp(0.0, x) - t * x), "no sum: one loss for each logit."),
        (lambda x, t: np.maximum(x, 0.0) - t * x, "the logarithm of the box is missing."),
        (
            lambda x, t: t * x - np.logaddexp(0.0, x),
            "that is the log-likelihood; a loss is minus it.",
        ),
    ],
    hint="The softplus of the box, minus target times logit; np.maximum, np.abs and np.log1p help.",
    why="At a logit of 100 it gives 100 for t = 0 and 0 for t = 1: a surely wrong answer costs its logit.",
)

# %% [markdown]
# The package has the same: `losses.binary_cross_entropy_from_logits`, and `from_logits=True` is
# Keras' name for it. More important than the value is the **gradient**, its derivative. It is as
# simple as can be (the derivative of softplus is $e^\ell/(1+e^\ell) = \sigma(\ell)$):
#
# $$\frac{d}{d\ell}\big(\operatorname{softplus}(\ell) - t\ell\big) = \sigma(\ell) - t,$$
#
# prediction minus target, between -1 and 1. Clipping kills it. (`GradientTape` records a computation
# and gives its derivative; lesson 03 explains how.)

# %%
logit, epsilon = tf.constant([100.0]), keras.config.epsilon()  # 1e-7
recipes = {
    "from logits": lambda: losses.binary_cross_entropy_from_logits(0.0, logit),
    "clipped at 1e-7": lambda: (
        -tf.math.log(1 - tf.clip_by_value(tf.sigmoid(logit), epsilon, 1 - epsilon))
    ),
    "log(1 - p + 1e-7)": lambda: -tf.math.log(1 - tf.sigmoid(logit) + epsilon),
}
for name, recipe in recipes.items():
    with tf.GradientTape() as tape:
        tape.watch(logit)
        value = recipe()
    slope = float(tape.gradient(value, logit)[0])
    print(f"{name:18} loss {float(tf.squeeze(value)):7.3f}, gradient {slope:.3f}")

# %% [markdown]
# Expected: 100 and 1.000; then about 16 and 0.000, twice. The two usual repairs make the number
# finite and the gradient **zero**, exactly where the network is most wrong and needs it most. An
# $\varepsilon$ inside the logarithm hides the symptom.

# %% [markdown]
# ### Saved without a word (optional, 1 minute)
#
# If a model ends in Keras' own `sigmoid` or `softmax` activation, Keras' loss finds the logits behind
# the probabilities and uses them. It cannot once you touch the probabilities, or hand it an array:

# %% tags=["check-output"]
loss = keras.losses.BinaryCrossentropy()
probability = keras.activations.sigmoid(tf.constant([100.0]))
print(f"Keras' own sigmoid:          {float(loss(tf.zeros(1), probability)):.3f}")
print(f"the same number as an array: {float(loss(tf.zeros(1), probability.numpy())):.3f}")

# %% [markdown]
# Expected: 100.000, then 15.942. Ask for `from_logits=True` and you need not know.

# %% [markdown]
# ### Several classes
#
# $K$ logits become probabilities by the *softmax*, $p_k = e^{\ell_k} / \sum_j e^{\ell_j}$.
# The same trick: $\log p_k = \ell_k - \log\sum_j e^{\ell_j}$, and with $M = \max_j \ell_j$,
# $\;\log\sum_j e^{\ell_j} = M + \log\sum_j e^{\ell_j - M}$, where no exponent is above zero. The gradient
# by $\ell_k$ is again prediction minus target, $p_k - t_k$: the loss is $\log\sum_j e^{\ell_j} - \sum_j
# t_j \ell_j$, and the derivative of its first term is $e^{\ell_k}/\sum_j e^{\ell_j} = p_k$.

# %% tags=["check-output"]
large = np.array([[1000.0, 990.0, 0.0]])
with np.errstate(all="ignore"):
    naive_softmax = np.exp(large) / np.exp(large).sum()
top = large.max()
by_hand = top + np.log(np.exp(large - top).sum()) - large[0, 1]
package = float(losses.categorical_cross_entropy_from_logits([1], large))
print("naive probabilities:", naive_softmax[0])
print(f"loss for class 1, stable: {by_hand:.6f}, package: {package:.6f}")

# %% [markdown]
# ## 5. Gray pixels: what their cross-entropy is not (core, 5 minutes)
#
# Variational autoencoders (lesson 09) are often trained with the binary cross-entropy between a *gray*
# pixel $x$ in [0, 1] and a predicted $p$. Formula and gradient allow it. What does the number mean?
#
# Its derivative by $p$ is $(p - x)/(p(1-p))$, so the best prediction is still $p = x$. As something to
# *descend* it is fine. But the loss at this best point is not 0; it is
#
# $$-x\log x - (1-x)\log(1-x),$$
#
# which is 0 for black and white and $\log 2 = 0.693$ for a middle gray.

# %%
gray = np.clip(grays[:1000], 1e-12, 1 - 1e-12)
per_image = np.sum(-gray * np.log(gray) - (1 - gray) * np.log(1 - gray), axis=(1, 2))
binary = np.clip((grays[:1000] > 0.5).astype(float), 1e-12, 1 - 1e-12)
per_binary = np.sum(-binary * np.log(binary) - (1 - binary) * np.log(1 - binary), axis=(1, 2))
print(f"a perfect prediction of gray images costs  {per_image.mean():6.1f} nats an image")
print(f"a perfect prediction of black-and-white    {per_binary.mean():6.1f}")

# %% [markdown]
# Expected: 189.8 nats for a *perfect* prediction of 1,000 gray images, and 0 for the same images in
# black and white. (The squared error of a perfect prediction is 0 for both.) So
# - a loss of 200 nats an image on gray Fashion-MNIST may be excellent: most of it is a constant of the
#   data;
# - it must never be compared with the loss on *binarized* images (each pixel made black or white), nor
#   may losses on images that were binarized in two ways;
# - it is **no likelihood** of the gray pixel. A Bernoulli variable is 0 or 1; for a density on [0, 1]
#   the area below $p^x(1-p)^{1-x}$ would have to be 1, and it is not (optional section 6).
#
# ### Exercise 02.5: the floor (3 minutes)
#
# A pixel has the gray value 0.1. What is the smallest binary cross-entropy, in nats and to three
# digits, that any prediction $p$ can have for it?

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = -0.1 * np.log(0.1) - 0.9 * np.log(0.9)

# %% tags=["check"]
checks.check_number(
    "02.5",
    answer_5,
    expected=-0.1 * np.log(0.1) - 0.9 * np.log(0.9),
    hints=[
        (0.0, "that is so for a pixel of exactly 0 or 1 only."),
        (-0.1 * np.log(0.1), "the second term, for the share 0.9, is missing."),
        (-0.9 * np.log(0.9), "the first term, for the share 0.1, is missing."),
        (-np.log(0.1), "that is the loss of p = 0.1 for a pixel of 1."),
        (-np.log(0.9), "that is the loss of p = 0.1 for a pixel of 0."),
        (np.log(2), "that is the loss of p = 0.5, or the floor of a pixel of 0.5."),
        (0.1 * np.log(0.1) + 0.9 * np.log(0.9), "the sign is turned round."),
        (-0.1 * np.log2(0.1) - 0.9 * np.log2(0.9), "those are bits; nats need np.log."),
    ],
    hint="The best p is the gray value itself. Put it in.",
    why="It is the entropy of a coin that shows heads in one case of ten: section 7.",
)

# %% [markdown]
# ## 6. The missing normalizer (optional, 6 minutes)
#
# To make a density on [0, 1] of $p^x (1-p)^{1-x}$, divide it by its area. With $a =
# \log\frac{p}{1-p}$ the integrand is $(1-p)\,e^{ax}$, so
#
# $$\int_0^1 p^x (1-p)^{1-x} dx = (1-p)\,\frac{e^{a} - 1}{a} = \frac{2p - 1}{a},
#   \qquad C(p) = \frac{a}{2p-1} = \frac{2\tanh^{-1}(1-2p)}{1-2p}, \quad C(\tfrac12) = 2 .$$
#
# Here $\tanh^{-1} u = \tfrac12\log\frac{1+u}{1-u}$ is `np.arctanh`, and so $2\tanh^{-1}(1-2p) = -a$. The
# density $C(p)\,p^x(1-p)^{1-x}$ is the *continuous Bernoulli* distribution (Loaiza-Ganem and
# Cunningham 2019). The cross-entropy leaves $\log C(p)$ out.

# %%
x = np.linspace(0, 1, 100_001)
for p in (0.1, 0.3, 0.499, 0.9, 0.99):
    area = np.trapezoid(p**x * (1 - p) ** (1 - x), x)
    normalizer = 2 * np.arctanh(1 - 2 * p) / (1 - 2 * p)
    print(f"p = {p:5}: area {area:.6f}, times C(p): {area * normalizer:.6f}")

# %% [markdown]
# Expected: areas below 1, from 0.21 to 0.5, and 1.000000 after the division. Being a function of $p$,
# what was left out also moves the optimum. For one pixel $x = 0.8$, where is each loss smallest? (The
# formula for the distribution's mean is in the same paper.)

# %%
p = np.linspace(0.0005, 0.9995, 10_000)  # an even number of places: none is exactly ½
cross_entropy = -0.8 * np.log(p) - 0.2 * np.log(1 - p)
log_normalizer = np.log(2 * np.arctanh(1 - 2 * p) / (1 - 2 * p))
nll = cross_entropy - log_normalizer
mean_of_model = p / (2 * p - 1) + 1 / (2 * np.arctanh(1 - 2 * p))
best = p[nll.argmin()]
print(f"cross-entropy: smallest at p = {p[cross_entropy.argmin()]:.3f}")
print(f"with log C(p): smallest at p = {best:.3f}, value {nll.min():.3f}")
print(f"mean of the continuous Bernoulli there: {mean_of_model[nll.argmin()]:.3f}")

# %% [markdown]
# Expected: 0.800; then 0.992, where the distribution's *mean* is 0.800. Both losses want the same
# mean; but in a true likelihood $p$ is not the mean, and the value is no longer bounded below by 0
# (here -0.617). Who needs a number to compare with other models of gray pixels needs the normalizer.
# Who needs a mean picture does not.

# %% [markdown]
# ## 7. Entropy, KL and JS (core, 17 minutes)
#
# **The letters change places here.** So far $p$ was what the model predicts, and the data was $t$
# or $x$. From now on, as is usual, $p$ is where the data come from and $q$ is the model: what was
# $t_k$ becomes $p_k$, what was $p_k$ becomes $q_k$.
#
# ### How surprised, on average
#
# Call $-\log p$ the *surprise* of an outcome of probability $p$. Its expectation is the
# **entropy**, $H(p) = -\sum_k p_k \log p_k$: how surprising an outcome is, on average, to one who
# knows $p$. Someone who believes $q$ instead has the **cross-entropy**
# $H(p, q) = -\sum_k p_k \log q_k$: outcomes come from $p$, the surprise is computed with $q$. That
# is the loss of section 2. The difference is the price of the wrong belief, the **Kullback-Leibler
# divergence**:
#
# $$\mathrm{KL}(p\,\|\,q) = H(p, q) - H(p) = \sum_k p_k \log\frac{p_k}{q_k} \;\ge\; 0 .$$
#
# *Why never negative?* Because $\log t \le t - 1$, with equality at $t = 1$ only: $-\mathrm{KL} =
# \sum p_k \log\frac{q_k}{p_k} \le \sum p_k \big(\frac{q_k}{p_k} - 1\big) = \sum q_k - \sum p_k \le 1 - 1
# = 0$. (The sums run over the outcomes with $p_k > 0$.)
#
# So **minimizing the cross-entropy, maximizing the likelihood and minimizing
# $\mathrm{KL}(\text{data}\,\|\, \text{model})$ are one and the same**: $H(p)$ does not depend on the
# model, and is the floor under every such loss. The floor of exercise 02.5 is an example.

# %%
p, q = np.array([0.5, 0.25, 0.25]), np.array([0.8, 0.1, 0.1])
drawn = np.random.default_rng(SEED).choice(3, NUM_SAMPLES, p=p)
two_ways = {  # name: (the sum written out, the package or a mean over samples)
    "H(p)": (-np.sum(p * np.log(p)), divergences.entropy(p)),
    "H(p, q), samples": (-np.sum(p * np.log(q)), -np.log(q[drawn]).mean()),
    "H(p, q) - H(p)": (
        -np.sum(p * np.log(q)) + np.sum(p * np.log(p)),
        divergences.kl_divergence(p, q),
    ),
    "KL(p‖q)": (np.sum(p * np.log(p / q)), divergences.kl_divergence(p, q)),
    "KL(q‖p)": (np.sum(q * np.log(q / p)), divergences.kl_divergence(q, p)),
}
for name, (one, other) in two_ways.items():
    print(f"{name:17} {one:.4f}  {other:.4f}")

# %% [markdown]
# Expected: 1.0397; 1.2629, from samples to within 0.01; then 0.2231 in both lines; 0.1927. **KL is no
# distance**: the two directions differ. And KL(p‖q) is infinite as soon as $q$ gives probability 0 to
# something that can happen under $p$.
#
# ### Exercise 02.6: a function for KL (4 minutes)
#
# Write KL(p‖q), in nats, for two arrays of probabilities. $p$ may contain zeros, where $0 \log 0$
# counts as 0; $q$ contains none, but may be as small as $10^{-12}$. `p > 0` picks the others.


# %% tags=["exercise"]
def kl(p, q):
    # -- stub --
    return ...
    # -- solution --
    met = p > 0
    return np.sum(p[met] * np.log(p[met] / q[met]))


# %% tags=["check"]
checks.check_function(
    "02.6",
    kl,
    expected=divergences.kl_divergence,
    cases=[
        (np.array([0.5, 0.25, 0.25]), np.array([0.8, 0.1, 0.1])),
        (np.array([0.0, 0.5, 0.5]), np.array([0.2, 0.2, 0.6])),
        (np.array([0.5, 0.0, 0.3, 0.2]), np.array([1e-12, 0.5, 0.25, 0.25 - 1e-12])),
        (np.array([0.0, 1.0]), np.array([0.7, 0.3])),
    ],
    hints=[
        (lambda p, q: divergences.kl_divergence(q, p), "that is the other direction, KL(q‖p)."),
        (
            lambda p, q: np.sum(q[p > 0] * np.log(q[p > 0] / p[p > 0])),
            "that is the other direction, KL(q‖p).",
        ),
        (lambda p, q: -divergences.kl_divergence(p, q), "the sign is turned round: p over q."),
        (lambda p, q: divergences.cross_entropy(p, q), "that is the cross-entropy H(p, q)."),
        (lambda p, q: divergences.kl_divergence(p, q) / np.log(2), "those are bits; use np.log."),
        (lambda p, q: divergences.kl_divergence(p, q) / np.sum(p > 0), "no mean: add the terms."),
        (lambda p, q: divergences.kl_divergence(p, q) / len(p), "no mean: add the terms."),
    ],
    hint="The sum of p log(p/q) over the entries where p > 0 only: 0 * log(0) is nan.",
    why="For p = q it is 0, and otherwise above 0, as the inequality says.",
)

# %% [markdown]
# ### Two Gaussians
#
# For densities the sum becomes an integral; $\mathbb E_p$ is the expectation if $x$ comes from $p$. For
# $p = \mathcal N(m_p, s_p^2)$ and $q = \mathcal N(m_q, s_q^2)$, with $\mathbb E_p[(x-m_p)^2] = s_p^2$ and
# $\mathbb E_p[(x-m_q)^2] = s_p^2 + (m_p-m_q)^2$,
#
# $$\mathrm{KL}(p\,\|\,q) = \mathbb E_p\Big[\log\frac{s_q}{s_p} - \frac{(x-m_p)^2}{2s_p^2} +
#   \frac{(x-m_q)^2}{2s_q^2}\Big] = \log\frac{s_q}{s_p} + \frac{s_p^2 + (m_p-m_q)^2}{2s_q^2} - \frac12 .$$

# %%
x = np.linspace(-20, 20, 40_001)
log_p = divergences.log_normal_density(x, 0.0, 1.0)
log_q = divergences.log_normal_density(x, 2.0, 0.5)
closed = np.log(0.5) + (1 + 2.0**2) / (2 * 0.5**2) - 0.5
drawn = np.random.default_rng(SEED).normal(0.0, 1.0, NUM_SAMPLES)
ratio = divergences.log_normal_density(drawn, 0, 1) - divergences.log_normal_density(drawn, 2, 0.5)
print(f"closed form {closed:.6f}, area {divergences.kl_quadrature(log_p, log_q, x):.6f}")
print(f"mean of log p/q over samples of p: {ratio.mean():.3f}   (expected: 8.807 to within 0.07)")
print(f"the other direction: {divergences.kl_gaussians(2.0, 0.5, 0.0, 1.0):.6f}")
print(
    f"entropy of a density may be negative: {0.5 * np.log(2 * np.pi * np.e * 0.1**2):.3f} for s = 0.1"
)

# %% [markdown]
# Expected: 8.806853 twice, and 2.318147 in the other direction. The entropy of a Gaussian is
# $\tfrac12\log(2\pi e s^2)$, and -0.884 for $s = 0.1$: the "surprise" at a density above 1 is negative.
#
# **JS**, the Jensen-Shannon divergence, treats both alike. With $m = \frac12(p+q)$,
# $\mathrm{JS}(p\,\|\,q) = \frac12\mathrm{KL}(p\,\|\,m) + \frac12\mathrm{KL}(q\,\|\,m)$. It is
# symmetric, and at most $\log 2 = 0.693$, since $p/m \le 2$. (Lesson 05 shows what it costs that it
# is *flat* near this value.)
#
# In the widget $p$ is the standard normal (mean 0, deviation 1) and stays; you move $q$, whose deviation
# is called *scale*. The lower panel shows what is
# summed: each KL is the area below its curve, and parts of it are negative. **Four things to try**,
# and to predict before:
# 1. Mean 0: make $q$ wider, then narrower than $p$. Which KL complains about which?
# 2. Mean 3, scale 0.5: where does the large KL(p‖q) come from? At which $x$ is its curve highest?
# 3. Move the mean from 4 to 6 with scale 1. Both KLs grow; what does JS do?
# 4. At which mean and scale is the cross-entropy smallest, and is it 0 there?

# %%
widgets.live_figure(
    pictures.gaussians_figure,
    {
        "mean": widgets.Slider("q's mean", -6, 6, 0.1, 2),
        "scale": widgets.Slider("q's scale", 0.2, 4, 0.1, 0.5),
    },
    name="gaussians",
    width=440,
)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1. Each complains when the distribution in its *second* place is narrow where the first is wide: at
#    scale 0.2 they are KL(p‖q) = 10.4 and KL(q‖p) = 1.1, at scale 4 they are 0.9 and 6.1.
# 2. From the bulk of p, near x = -0.6, where q is almost 0 and so log(p/q) is large.
# 3. Both KLs go from 8 to 18. JS goes from 0.633 to 0.689 and cannot pass 0.693: it has stopped
#    telling how far.
# 4. At mean 0 and scale 1. It is 1.419 there, the entropy of p, and not 0.
#
# </details>
#
# ### One Gaussian for two: the direction matters
#
# Let $p$ be a mixture of two clouds, 60 % around -2 and 40 % around 2, each with deviation 0.6. One
# Gaussian $q$ cannot be both. Which one is nearest?
#
# **Forward, KL(p‖q)**, the one of maximum likelihood. It is an average *over p*: wherever $p$ has
# samples, $q$ must not be near 0. The formula above used no more of $p$ than its mean and variance,
# apart from $H(p)$; set its derivatives by $m_q$ and $s_q$ to 0, and the best $q$ has the mean and
# variance of $p$: $m = 0.6\cdot(-2) + 0.4\cdot 2 = -0.4$, and $s^2 = 0.6^2 + 0.6\cdot 1.6^2 + 0.4
# \cdot 2.4^2 = 4.2$: within the clouds plus between them. A *mode* is a peak of a density. This $q$
# **covers the modes**, and puts its own peak where there is no data.
#
# **Reverse, KL(q‖p)**, is an average *over q*: wherever $q$ puts something, $p$ must not be near 0.
# It may ignore a cloud: it **seeks a mode**. The price is small: inside one cloud of weight $w$, $p
# \approx w q$, so the divergence is about $\log\frac1w$, 0.511 for the large cloud and 0.916 for the
# small one.
#
# First way: this arithmetic. Second way: descent on both KLs, on the reverse one from three starts.

# %%
mixture = {"weights": [0.6, 0.4], "means": [-2.0, 2.0], "deviations": [0.6, 0.6]}
fits = {"forward": gaussian_fit.fit_gaussian(**mixture, direction="forward")}
for start in (-3.0, 3.0, 0.0):
    fits[f"reverse from {start:+.0f}"] = gaussian_fit.fit_gaussian(
        **mixture, direction="reverse", start=(start, 1.0)
    )
for name, fit in fits.items():
    print(f"{name:16} mean {fit.mean:+.4f}, deviation {fit.deviation:.4f}, KL {fit.divergence:.4f}")
print(
    f"arithmetic: mean -0.4, deviation {np.sqrt(4.2):.4f}; {np.log(1 / 0.6):.4f} and {np.log(1 / 0.4):.4f}"
)

# %%
x = np.linspace(-6, 10, 801)
shown = {"mixture p": np.exp(divergences.log_mixture_density(x, **mixture))}
for name in ("forward", "reverse from -3", "reverse from +3"):
    shown[name] = normal_density(x, fits[name].mean, fits[name].deviation)
plots.curves(
    shown,
    "One Gaussian for two clouds: the forward KL's is wide and peaks between them, the reverse KL's "
    "sits on one cloud, on which one depends on the start.",
    "x",
    "density",
    x=x,
)

# %% [markdown]
# Expected: forward -0.4000 and 2.0494; reverse -1.9977 or 1.9964 with deviations near 0.604 and 0.606,
# and divergences 0.5098 and 0.9146. "The reverse KL finds the largest mode" goes too far: its descent
# ends in a minimum that its *start* leads to. From 0 that is a third one, wide and between the clouds,
# worse than the other two (1.1436).
#
# ### Exercise 02.7: which direction? (3 minutes)
#
# A generator of shoes makes flawless sneakers only, never a sandal or boot, though the data has all
# three. Which divergence is small for it: **a** KL(data‖model), **b** KL(model‖data), **c** both?

# %% tags=["exercise"]
# -- stub --
answer_7 = ...
# -- solution --
answer_7 = "b"

# %% tags=["check"]
checks.check_choice(
    "02.7",
    answer_7,
    expected="b",
    options="abc",
    hints={
        "a": "average over the data: it has sandals, to which the model gives probability 0.",
        "c": "look at a sandal of the data: how surprised is the model?",
    },
    why="If sneakers are a third of the data, it is log 3 = 1.1 nats; the other direction is infinite.",
)

# %% [markdown]
# ### When the clouds overlap (optional, 2 minutes)
#
# "The reverse KL seeks a mode" goes too far as well. Move the clouds together, and start the descent on
# either side:

# %%
for apart in (0.4, 0.8, 1.2):
    near = {"weights": [0.6, 0.4], "means": [-apart, apart], "deviations": [0.6, 0.6]}
    print(f"clouds at ±{apart}:")
    for direction in ("forward", "reverse"):
        for start in (-3.0, 3.0):
            fit = gaussian_fit.fit_gaussian(**near, direction=direction, start=(start, 1.0))
            print(
                f"  {direction} from {start:+.0f}: mean {fit.mean:+.3f}, deviation {fit.deviation:.3f}"
            )

# %% [markdown]
# Expected: the start does not matter here. Forward and reverse have deviations of 0.717 and 0.715 at
# ±0.4, 0.987 and 0.952 at ±0.8, 1.320 and 1.211 at ±1.2, and means that differ by 0.041 at most. The
# nearer the clouds, the more the two agree. The directions matter where the model *cannot* be right.

# %% [markdown]
# ## 8. A classifier learns log p/q (core, 12 minutes)
#
# To compute a KL we had to know both densities. Of photographs we know none; all we have is
# *samples*. This section is the way out.
#
# Draw equally many samples from $p$ (label 1) and from $q$ (label 0), and let a *classifier*, a model
# that guesses labels, with the logit $\ell(x)$ minimize the binary cross-entropy. In the limit of many
# samples its loss is
#
# $$\tfrac12\int \big[\,p(x)\operatorname{softplus}(-\ell(x)) + q(x)\operatorname{softplus}(\ell(x))\,\big]\,dx .$$
#
# If $\ell$ may be any function, each $x$ can be treated alone. With $\operatorname{softplus}' =
# \sigma$, the derivative by $\ell$ is $-p\,\sigma(-\ell) + q\,\sigma(\ell)$. It is 0 where
# $\sigma(\ell)/\sigma(-\ell) = p/q$, and this fraction is $(1 + e^{\ell})/(1 + e^{-\ell}) = e^{\ell}$:
#
# $$\boxed{\;\ell^*(x) = \log\frac{p(x)}{q(x)}\;}$$
#
# A case in which the truth is known: $p = \mathcal N(1, 0.8^2)$, $q = \mathcal N(0, 1.5^2)$. The
# log-ratio is a parabola:
#
# $$\log\frac{p(x)}{q(x)} = \log\frac{1.5}{0.8} - \frac{(x-1)^2}{2\cdot 0.8^2} + \frac{x^2}{2\cdot 1.5^2}
#   = -0.5590\,x^2 + 1.5625\,x - 0.1526 .$$
#
# So two classifiers: one with three weights, $\ell = ax^2 + bx + c$ (*logistic regression*), which
# should find these three numbers; and a network of 1,153 weights, which is not told that it is a
# parabola. Both get the same samples, steps and learning rate, three times: with other samples and
# starting weights for each seed.
#
# (Networks are lesson 03, the optimizer Adam is lesson 04. Here it is enough that `fit` changes the
# weights step by step so that the loss falls, and that an *epoch* is one pass through all samples.)


# %%
clouds = {"p": (1.0, 0.8), "q": (0.0, 1.5)}  # mean and deviation


def samples_of(name, draws):
    return draws.normal(*clouds[name], (50_000, 1)).astype("float32")


def log_ratio(x):
    log_p, log_q = (divergences.log_normal_density(x, *clouds[name]) for name in "pq")
    return log_p - log_q


def trained(network, features, seed):
    """Train on samples of p (label 1) and q (label 0); returns the logits as a function of x."""
    draws = np.random.default_rng(seed)
    samples = np.concatenate([samples_of(name, draws) for name in "pq"])
    labels = np.repeat([[1.0], [0.0]], 50_000, axis=0)
    num_steps = NUM_EPOCHS * -(-len(samples) // BATCH_SIZE)
    rate = keras.optimizers.schedules.CosineDecay(0.1, num_steps)  # falls to 0 at the end
    network.compile(keras.optimizers.Adam(rate), loss=losses.binary_cross_entropy_from_logits)
    network.fit(features(samples), labels, batch_size=BATCH_SIZE, epochs=NUM_EPOCHS, verbose=0)
    return lambda x: network(features(x).astype("float32")).numpy()


# %%
classifiers = {}  # for each seed {name: logits as a function of x}
for seed in range(SEED, SEED + 3):
    keras.utils.set_random_seed(seed)
    parabola = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    network = networks.dense_discriminator(num_features=1, widths=(32, 32))
    classifiers[seed] = {
        "log p/q itself": log_ratio,
        "three weights": trained(parabola, lambda x: np.concatenate([x**2, x], axis=1), seed),
        "network": trained(network, lambda x: x, seed),
    }
    kernel, bias = parabola.get_weights()
    print(f"seed {seed} learned:", "  ".join(f"{w:+.3f}" for w in (*kernel[:, 0], bias[0])))
print("log p/q itself: -0.559  +1.562  -0.153")

# %%
x = np.linspace(-6, 6, 241)[:, np.newaxis]
plots.curves(
    {name: logits(x)[:, 0] for name, logits in classifiers[SEED].items()},
    "The first seed: the three weights lie on log p/q everywhere. The network follows it from about -2 to "
    "4, where most samples are, and goes on in straight lines outside.",
    "x",
    "logit",
    x=x[:, 0],
)
weight = sum(normal_density(x, *cloud) for cloud in clouds.values())
print("mean error of the logit where the samples are:")
for seed, logits in classifiers.items():
    for name in ("three weights", "network"):
        error = np.average(np.abs(logits[name](x) - log_ratio(x)), weights=weight)
        print(f"  seed {seed} {name:14} {error:.3f}")

# %% [markdown]
# Expected for every seed: each of the three numbers to within 0.05; mean errors below 0.05 for the
# three weights, and between 0.04 and 0.15 for the network. Where samples are few or none, hardly
# anything told the network what to do, and it goes on in straight lines: never trust a classifier's
# ratio there. The three weights go on rightly because we *knew* that the answer is a parabola.
#
# ### A divergence from samples alone
#
# With $\ell \approx \log p/q$ in hand, the divergences are plain means over *new* samples:
# $\mathrm{KL}(p\,\|\,q) = \mathbb E_p[\log p/q] \approx$ the mean logit on samples of $p$, and
# $\mathrm{KL}(q\,\|\,p) \approx$ *minus* the mean logit on samples of $q$. And the loss itself at its
# best is $\log 2 - \mathrm{JS}(p\,\|\,q)$: put $\sigma(\ell^*) = p/(p+q) = p/2m$ into it, so that
# it becomes $-\tfrac12\mathbb E_p[\log\frac{p}{2m}] - \tfrac12\mathbb E_q[\log\frac{q}{2m}]$.

# %%
wide = np.linspace(-15, 15, 30_001)
log_p, log_q = (divergences.log_normal_density(wide, *clouds[name]) for name in "pq")
print(
    f"areas                  KL(p‖q) {divergences.kl_quadrature(log_p, log_q, wide):.3f}"
    f"  KL(q‖p) {divergences.kl_quadrature(log_q, log_p, wide):.3f}"
    f"  JS {divergences.js_quadrature(log_p, log_q, wide):.4f}"
)
labels = np.repeat([[1.0], [0.0]], 50_000, axis=0)
for seed, of_seed in classifiers.items():
    draws = np.random.default_rng([seed, 1])
    new_p, new_q = (samples_of(name, draws) for name in "pq")
    for name, logits in of_seed.items():
        on_p, on_q = logits(new_p), logits(new_q)
        loss = losses.binary_cross_entropy_from_logits(labels, np.concatenate([on_p, on_q]))
        print(
            f"seed {seed} {name:14}  KL(p‖q) {on_p.mean():.3f}  KL(q‖p) {-on_q.mean():.3f}"
            f"  log 2 - loss {np.log(2) - float(loss):.4f}"
        )

# %% [markdown]
# Expected: the lines of log p/q itself show what chance does with 50,000 new samples. Compare with
# them, seed by seed. KL(p‖q) is within 0.03 for both classifiers. KL(q‖p) is within 0.04 for the
# three weights, but 0.03 to 0.2 too *small* for the network: the left tail of $q$ has few samples
# and logits far below 0, and there the network's straight line lies above the parabola. The last
# column is at most 0.001 too small, since a worse classifier has a higher loss, but hardly so: the
# tails count little in it.
#
# **This is the bridge to GANs.** Call $p$ the real images, $q$ the generated ones, and the classifier
# a *discriminator*. It measures from samples alone how the two differ, and its logit says at every
# place in which direction. A generator can follow that. Lesson 05 does so, derives both losses, and
# shows where it goes wrong.
#
# ### Exercise 02.8: unequal numbers (4 minutes)
#
# Someone trains the same classifier with *three times as many* samples from $p$ as from $q$. At a
# place where $p(x) = q(x)$, which logit is now the best? (Three digits are enough.)

# %% tags=["exercise"]
# -- stub --
answer_8 = ...
# -- solution --
answer_8 = np.log(3)

# %% tags=["check"]
checks.check_number(
    "02.8",
    answer_8,
    expected=np.log(3),
    hints=[
        (0.0, "that is so for equal numbers."),
        (3.0, "those are the odds; the logit is their logarithm."),
        (0.75, "that is the probability σ(l); the logit is asked."),
        (np.log(0.75), "that is the logarithm of a probability; take that of the odds, 3 to 1."),
        (np.log10(3), "take the natural logarithm, np.log."),
        (np.log2(3), "take the natural logarithm, np.log."),
        (-np.log(3), "more samples from p make label 1 more likely, not less."),
    ],
    hint="The loss is now 3 p softplus(-l) + q softplus(l): repeat the derivation.",
    why="The logit becomes log p/q + log 3: the ratio of the numbers adds its logarithm everywhere.",
)

# %% [markdown]
# ## 9. Is the gradient right? (core, 3 minutes)
#
# A *gradient* is the list of all derivatives, one for each number that may change. **Central
# differences** with a small step $h$ check any gradient, one number after the other:
#
# $$f'(x) \approx \frac{f(x+h) - f(x-h)}{2h} .$$
#
# The gradients of this lesson's losses (divided by the number of values where the loss is a mean):
#
# | loss | by | gradient |
# |---|---|---|
# | MSE | prediction $m$ | $2(m-y)$ |
# | Gaussian | mean $m$; $\log s$ | $(m-y)/s^2$;  $1 - (y-m)^2/s^2$ |
# | binary cross-entropy | logit | $\sigma(\ell) - t$ |
# | categorical | logits | $\operatorname{softmax}(\ell) - t$ |
#
# The losses first, with TensorFlow's automatic gradient as the third opinion:

# %%
log_s = np.log(0.8)
logits = random.normal(size=20)
softmax_minus_target = (class_chances - one_hot) / 20
gradients = {  # name: (loss as a function of one array, the place, the formula's gradient)
    "MSE by m": (lambda m: tf.reduce_mean((values - m) ** 2), means, 2 * (means - values) / 20),
    "Gaussian by m": (
        lambda m: losses.gaussian_negative_log_likelihood(values, m, log_s),
        means,
        (means - values) / 0.8**2 / 20,
    ),
    "Gaussian by log s": (
        lambda s: losses.gaussian_negative_log_likelihood(values, means, s),
        np.array(log_s),
        np.mean(1 - (values - means) ** 2 / 0.8**2),
    ),
    "binary by logits": (
        lambda x: losses.binary_cross_entropy_from_logits(bits, x),
        logits,
        (1 / (1 + np.exp(-logits)) - bits) / 20,
    ),
}

# %%
gradients["categorical by logits"] = (
    lambda x: losses.categorical_cross_entropy_from_logits(classes, x),
    scores,
    softmax_minus_target,
)
for name, (function, place, by_formula) in gradients.items():
    variable = tf.Variable(place)
    with tf.GradientTape() as tape:
        value = function(variable)
    automatic = tape.gradient(value, variable).numpy()
    differences = numerics.numerical_gradient(function, place)
    errors = [numerics.relative_error(found, by_formula) for found in (automatic, differences)]
    print(
        f"{name:22} relative error: automatic {errors[0]:.0e}, central differences {errors[1]:.0e}"
    )


# %% [markdown]
# Expected: automatic below $10^{-14}$, central differences below $10^{-8}$.

# %% [markdown]
# ### The divergences' gradients (optional, 2 minutes)
#
# The same for the divergences of section 7, in NumPy:
#
# | divergence | by | gradient |
# |---|---|---|
# | KL(p‖q), q = softmax(l) | logits | $q - p$ |
# | KL(q‖p) | logits | $q_k\big(\log\frac{q_k}{p_k} - \mathrm{KL}(q\,\Vert\,p)\big)$ |
# | JS | logits | $\frac12 q_k\big(\log\frac{q_k}{m_k} - \mathrm{KL}(q\,\Vert\,m)\big)$ |
# | KL(p‖q) of Gaussians | $m_q$; $\log s_q$ | $(m_q-m_p)/s_q^2$;  $1 - (s_p^2 + (m_p-m_q)^2)/s_q^2$ |
#
# The lines for the logits of several outcomes use $\partial q_j/\partial \ell_k = q_j(\delta_{jk} -
# q_k)$, with $\delta_{jk} = 1$ for $j = k$ and else 0. In the line of JS, $m_k = (p_k + q_k)/2$.


# %%
def softmax(x):
    return np.exp(x - x.max()) / np.exp(x - x.max()).sum()


p, place = np.array([0.5, 0.3, 0.2]), np.array([0.4, -1.0, 0.1])
q = softmax(place)
middle = (p + q) / 2
divergence_gradients = {
    "KL(p‖q)": (lambda x: divergences.kl_divergence(p, softmax(x)), place, q - p),
    "KL(q‖p)": (
        lambda x: divergences.kl_divergence(softmax(x), p),
        place,
        q * (np.log(q / p) - divergences.kl_divergence(q, p)),
    ),
    "JS": (
        lambda x: divergences.js_divergence(p, softmax(x)),
        place,
        q * (np.log(q / middle) - divergences.kl_divergence(q, middle)) / 2,
    ),
    "Gaussians": (
        lambda x: divergences.kl_gaussians(0.0, 1.0, x[0], np.exp(x[1])),
        np.array([2.0, np.log(0.5)]),
        np.array([2.0 / 0.5**2, 1 - (1 + 2.0**2) / 0.5**2]),
    ),
}

# %% tags=["check-output"]
gradients |= divergence_gradients
for name, (function, place, by_formula) in gradients.items():
    differences = numerics.numerical_gradient(function, place)
    close = numerics.relative_error(differences, by_formula) < 1e-8
    print(f"{name:22} formula and central differences agree to 1e-8: {close}")

# %% [markdown]
# ### Which step? (optional, 8 minutes)
#
# `numerics.numerical_gradient` takes $h = 10^{-5}$. Why not the smallest possible? Taylor's formula for
# both points, subtracted, leaves the **truncation error**:
#
# $$\frac{f(x+h) - f(x-h)}{2h} = f'(x) + \frac{h^2}{6} f'''(x) + \dots$$
#
# It falls with $h^2$. But the computer rounds $f$ to a relative $\varepsilon$ ($1.1\cdot10^{-16}$ in
# `float64`, $6\cdot10^{-8}$ in `float32`; not Keras' $\varepsilon$). Both values of $f$ are off by up to
# $\varepsilon|f|$, so their difference by up to $2\varepsilon|f|$, which is then divided by a tiny $2h$:
# the **rounding error** is about $\varepsilon|f|/h$. It grows as $h$ shrinks. The sum of both is smallest
# where its derivative is 0,
#
# $$\frac{h}{3}|f'''| = \frac{\varepsilon |f|}{h^2} \quad\Longrightarrow\quad
#   h^* = \Big(\frac{3\,\varepsilon\,|f|}{|f'''|}\Big)^{1/3}.$$
#
# Seen on $f = \operatorname{softplus}$, whose derivatives we know ($f' = \sigma$, $f''' =
# \sigma(1-\sigma)(1-2\sigma)$), averaged over 200 places from 0.5 to 1.5:

# %%
places = np.linspace(0.5, 1.5, 200)
sigma = 1 / (1 + np.exp(-places))
third = np.abs(sigma * (1 - sigma) * (1 - 2 * sigma))
steps = 10.0 ** np.arange(-13, 0.25, 0.25)


def mean_error(step, dtype):
    high, low = (
        np.logaddexp(dtype(0), (places + sign * step).astype(dtype)).astype(np.float64)
        for sign in (1, -1)
    )
    return np.mean(np.abs((high - low) / (2 * step) - sigma))


errors = {
    "float64": [mean_error(step, np.float64) for step in steps],
    "float32": [mean_error(step, np.float32) for step in steps],
    "truncation h²/6 |f'''|": steps**2 / 6 * third.mean(),
    "rounding ε |f| / h, float64": 1.1e-16 * np.logaddexp(0, places).mean() / steps,
}

# %%
plots.curves(
    {name: np.log10(values) for name, values in errors.items()},
    "Error of a central difference against its step, both as powers of ten: to the right it follows the "
    "truncation error, with slope 2; to the left the rounding error, with slope -1; between lies the best step.",
    "log10 of the step h",
    "log10 of the error",
    x=np.log10(steps),
)
f = np.logaddexp(0, 1.0)
for name, rounding in (("float64", 2.0**-53), ("float32", 2.0**-24)):
    best = (3 * rounding * f / third.mean()) ** (1 / 3)
    found = steps[np.argmin(errors[name])]
    print(
        f"{name}: best step by the formula {best:.0e}, seen {found:.0e}, error {min(errors[name]):.0e}"
    )
right = np.log10(errors["float64"][-5] / errors["float64"][-9])
print(f"slope to the right: {right:.2f}")

# %% [markdown]
# Expected: $2\cdot10^{-5}$ by the formula and between $5\cdot10^{-6}$ and $6\cdot10^{-5}$ in the
# measurement, with an error near $10^{-11}$; in `float32` about one hundredth, and an error between
# $10^{-6}$ and $10^{-5}$. So "make $h$ as small as you can" is wrong: at $h = 10^{-13}$ the error is near
# $10^{-3}$. The slope to the right is 2.00. In `float32`, below $10^{-8}$ the step is lost in the
# rounding of $x \pm h$ itself: both values are equal, the difference is 0, and the error is all of $f'$.
# So check gradients in `float64`: in `float32` the best step leaves five digits here. (At a corner, such
# as that of $\max(0, x)$ at 0, a central difference gives the mean of both slopes, whatever the step.)
#
# ### Exercise 02.9: one-sided differences (4 minutes)
#
# The *forward* difference $(f(x+h) - f(x))/h$ has the truncation error $\frac{h}{2} f''$. You reduce
# $h$ from $10^{-2}$ to $10^{-3}$, far from where rounding matters. By which factor does its error
# fall, and by which that of the central difference? Answer with a list of two numbers, `[forward,
# central]`.

# %% tags=["exercise"]
# -- stub --
answer_9 = ...
# -- solution --
answer_9 = [10, 100]

# %% tags=["check"]
checks.check_array(
    "02.9",
    answer_9,
    expected=[10, 100],
    rtol=0.01,  # whoever measures the factors finds 9.99 and 100.0
    hints=[
        ([0.1, 0.01], "that is the share that is left; the factor of the fall is its inverse."),
        ([1, 2], "those are the powers of h; h becomes a tenth."),
        ([100, 100], "the forward difference's error has h itself in it."),
        ([100, 10], "the other way round: the central difference has h²."),
        ([10, 10], "the central difference's error has h² in it."),
        ([10, 1000], "h², not h³."),
    ],
    hint="One error is proportional to h, the other to h².",
    why="With f(x) at hand it costs one more call of f, and doubles the number of right digits.",
)

# %% tags=["check-output"]
one_sided = [(np.logaddexp(0, 1 + h) - np.logaddexp(0, 1.0)) / h for h in (1e-2, 1e-3)]
two_sided = [(np.logaddexp(0, 1 + h) - np.logaddexp(0, 1 - h)) / (2 * h) for h in (1e-2, 1e-3)]
for name, (large, small) in {"forward": one_sided, "central": two_sided}.items():
    truth = 1 / (1 + np.exp(-1.0))
    print(f"{name}: the error falls by a factor of {(large - truth) / (small - truth):.0f}")

# %% [markdown]
# ## Recap
#
# - A loss from a probabilistic model is a negative log-likelihood: Gaussian → MSE, Bernoulli →
#   binary, categorical → categorical cross-entropy. A loss is descended; a metric is what you report.
# - The MSE hides a variance, compares places and not things, and has a blur as its optimum.
# - Compute cross-entropies from logits. A clip or an $\varepsilon$ makes the gradient vanish where it
#   is needed.
# - On gray pixels the binary cross-entropy has the pixels' entropy as its floor, and is no likelihood.
# - Cross-entropy = entropy + KL. For two clouds far apart, the best Gaussian by the forward KL covers
#   both; by the reverse KL it sits on one, and the start of the descent decides on which.
# - A classifier between samples learns $\log p/q$: a divergence without a density.
# - Central differences check every gradient (optional: with a step that is neither large nor tiny).
#
# **Try next** `names` in section 3 with other pictures, or the left half painted over; in section 8,
# $q$ moved to mean 6 in `clouds` (where does the network's ratio go wrong first?). Then lesson 03: the
# networks whose weights all this is for.
#
# **Solutions** are in [the solved twin](solutions/02_loss_functions.ipynb).
#
# **Sources**
# - C. M. Bishop, *Pattern Recognition and Machine Learning*, 2006: squared error and cross-entropies
#   as negative log-likelihoods (sections 1.2.5 and 4.3), entropy and KL (1.6).
#   [publication page](https://www.microsoft.com/en-us/research/publication/pattern-recognition-machine-learning/).
# - G. Loaiza-Ganem and J. P. Cunningham, *The continuous Bernoulli: fixing a pervasive error in
#   variational autoencoders*, 2019, [arXiv:1907.06845](https://arxiv.org/abs/1907.06845).
# - C. E. Shannon, *A Mathematical Theory of Communication*, 1948,
#   [doi:10.1002/j.1538-7305.1948.tb01338.x](https://doi.org/10.1002/j.1538-7305.1948.tb01338.x):
#   entropy.
# - S. Kullback and R. A. Leibler, *On Information and Sufficiency*, 1951,
#   [doi:10.1214/aoms/1177729694](https://doi.org/10.1214/aoms/1177729694).
# - J. Lin, *Divergence Measures Based on the Shannon Entropy*, 1991,
#   [doi:10.1109/18.61115](https://doi.org/10.1109/18.61115): JS.
# - Z. Wang and A. C. Bovik, *Mean Squared Error: Love It or Leave It?*, 2009,
#   [doi:10.1109/MSP.2008.930649](https://doi.org/10.1109/MSP.2008.930649): what the MSE does not see.
# - M. Sugiyama, T. Suzuki and T. Kanamori, *Density Ratio Estimation in Machine Learning*, 2012,
#   [doi:10.1017/CBO9781139035613](https://doi.org/10.1017/CBO9781139035613): ratios from classifiers.
# - W. H. Press et al., *Numerical Recipes*, 3rd edition 2007, section 5.7: the step of a difference.
