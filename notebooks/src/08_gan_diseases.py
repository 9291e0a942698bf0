# %% [markdown]
# # 08 · GAN diseases
#
# **After this lesson you can**
# - name eight ways in which correct GAN code fails, and measure each by a test with a limit;
# - say what a discriminator that is too good, a circling game and a slope without a bound do to the generator, and
#   derive it;
# - write R1, the gradient penalty, spectral normalization by power iteration and the minibatch standard deviation;
# - design the measurement that tells two diseases apart which look alike;
# - read a table of remedies, and say what it shows, what it does not, and what was luck.
#
# **You need** the game of the two networks (lesson 05), convolutional networks (lesson 06) and the players of
# lesson 04, section 7. Lesson 07 repairs faults of the *code*; here the code is right.
#
# **Time** 93 minutes: 90 for the core sections, 3 for the optional one. All cells together run for about one
# minute on two CPU cores.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, metrics, plots
from course_utils.lessons.gan_diseases import (
    designs,
    designs_measures,
    gentle,
    linearized,
    measures,
    mistakes,
    mistakes_measures,
    quiz,
    ring_game,
    spectral,
)
from course_utils.models import critic_layers, gan_losses, latent_space, networks, penalties

# %% tags=["parameters"]
SEED = 0
BATCH_SIZE = 128
NUM_STEPS = 1000  # test: 20

# %%
# Eight diseases and fourteen remedies, three seeds each:
runs = data.load_measurements("gan_diseases")
ring = data.toy("ring", 20_000, seed=SEED)
print(f"{len(runs)} recorded arrays; ring of points {ring.shape}")


# %% [markdown]
# ## 1. What a disease is (core, 4 minutes)
#
# In lesson 07 the script was wrong. From here on every line is right, and the training goes wrong all the same. "It
# looks odd" is no diagnosis. We speak of a *disease* where three things are on paper:
# - a **test**: one number, from the same function for a sick and for a cured training;
# - a **limit**: on one side of it lie the sick ones. (We drew ours after first runs. Only further seeds test such a
#   limit.)
# - **three seeds** for each: a single training may be good or bad by luck.
#
# | disease | provoked by | test | cured by |
# |---|---|---|---|
# | collapse | images sorted by kind | effective number of kinds | the same images, shuffled |
# | D too good | D has a head start, then a new optimizer; minimax loss | share of points on target | non-saturating loss |
# | oscillation | Adam's $\beta_1 = 0.9$ | how far a point moves in 20 steps | 0.5 |
# | overfitting | 300 images | how much of D's lead is memory (exercise 08.10) | augmentation |
# | dead units | rates of 0.05 (G) and 0.1 (D) | share of G's units that are always 0 | 0.001 and 0.002 |
# | batch leak | batch normalization in D | share of images judged by their neighbors | none in D |
# | checkerboard | D begins with windows of 1 x 1 at stride 2 | power of checkered patterns, over that of real images | 4 x 4 |
# | memorization | 8 images | distance to these 8, over that to 8 held-out ones | 10,000 images, these 8 among them |
#
# All were trained once, and recorded:

# %% tags=["check-output"]
diseases = ["collapse", "too_good", "oscillation", "overfitting"]
diseases += ["dead_units", "batch_leak", "checkerboard", "memorization"]
for name in diseases:
    sick, cured = (runs[f"{name}_{state}"].round(2) for state in ("sick", "cured"))
    side = "above" if runs[f"{name}_sick_is_above"] else "below"
    print(f"{name:12} sick {side} {runs[f'{name}_limit']:<4.3g}  sick {sick}  cured {cured}")

# %% [markdown]
# Expected: in every row the three sick numbers lie on the sick side of the limit, the three cured ones on the
# other.
#
# **Why three?** If a cure did nothing, sick and cured numbers would be six draws from one distribution (strictly: if
# the cured ones had seeds of their own). That all cured ones lie on the good side of all sick ones then happens this
# often:

# %%
for count in (1, 2, 3):
    draws = np.random.default_rng(SEED).random((100_000, 2 * count))
    by_luck = np.mean(draws[:, :count].max(axis=1) < draws[:, count:].min(axis=1))
    print(f"{count} seeds each: by luck in {by_luck:.3f} of cases")

# %% [markdown]
# Expected: $1/2$, $1/6$ and $1/20$, since 6 numbers can be split in $\binom63 = 20$ ways. With three seeds, luck
# alone does it in one case of twenty.
#
# ## 2. A discriminator that is too good (core, 12 minutes)
#
# ### How hard one point pulls
#
# The generator learns through the logit $\ell_i$ of each generated point. For a loss $\frac1n\sum_i f(\ell_i)$ and
# its weights $\theta$ (as in lesson 05), the chain rule gives
#
# $$\nabla_\theta L_G = \frac1n \sum_i f'(\ell_i)\, \nabla_\theta \ell_i .$$
#
# So the gradient is a *weighted* sum over the points, and $f'(\ell_i)$ is the weight: lesson 05's *pull* is $-f'$.
# With $D = \sigma(\ell)$ both weights, for $f = \log(1-D)$ and $f = -\log D$, come out without a fraction.
#
# ### Exercise 08.1: two slopes (2 minutes)
#
# Lesson 05 derived both. From memory: write $f'$ for an array of logits (n,): row 0 for the minimax, row 1 for the
# non-saturating loss, shape (2, n).


# %% tags=["exercise"]
def slopes(logits):
    # -- stub --
    return ...
    # -- solution --
    d = 1 / (1 + np.exp(-logits))
    return np.stack([-d, d - 1])


# %% tags=["check"]
checks.check_function(
    "08.1",
    slopes,
    expected=lambda logits: np.stack([-1 / (1 + np.exp(-logits)), -1 / (1 + np.exp(logits))]),
    cases=mistakes.LOGIT_CASES,
    hints=mistakes.SLOPES,
    why="Their ratio is D / (1 - D) = exp(logit): at a logit of -7 the minimax loss pulls 1,097 times less.",
)

# %% [markdown]
# Now measure it. A discriminator trains alone, while the generator stands still. Twice we stop, and take the
# generator's gradient for both losses: its length, and from how many of 512 points it comes. For weights $w_i$
# that is $(\sum w_i)^2 / \sum w_i^2$, which is 512 if all are equal, and 1 if one outweighs the rest.


# %%
def show_gradients(model):
    latents = latent_space.draw_latents(512, model.latent_size, seed=1)
    for name in ("minimax", "non_saturating"):
        with tf.GradientTape() as tape:
            fake_logits = model.discriminator(model.generator(latents))
            loss = gan_losses.gan_loss(name).generator(fake_logits)
        gradient = tape.gradient(loss, model.generator.trainable_variables)
        d = tf.sigmoid(fake_logits)
        pull = d if name == "minimax" else 1 - d
        points = tf.reduce_sum(pull) ** 2 / tf.reduce_sum(pull**2)
        print(
            f"   {name:14} length {tf.linalg.global_norm(gradient):6.3f}, from {points:3.0f} points"
        )
    print(f"   mean logit {tf.reduce_mean(fake_logits):.1f}")


model = ring_game.make(SEED, loss="minimax")
print("at the start")
show_gradients(model)
ring_game.train_discriminator(model, NUM_STEPS, seed=SEED)
print(f"after {NUM_STEPS:,} updates of D alone")
show_gradients(model)

# %% [markdown]
# Expected at the start: nearly equal lengths, 500 points or more. Afterwards a mean logit of -9 to -12;
# non-saturating a length of 5 to 15, from all 512 points; minimax 0.002 to 0.6, from 1 to **30 points** (seeds 0
# to 3). Not everything has vanished: the few points that D doubts most pull for all.
#
# **Is that the disease?** Adam divides by the size of the gradient, so a small one alone stops nothing. In the
# record the discriminator got a *new* optimizer after its head start. Let this one keep its own, with what it
# remembers:

# %%
ring_game.train(model, NUM_STEPS, seed=SEED)
covered, on_target = ring_game.quality(model.generator)
print(f"minimax, D keeps its optimizer: {covered} modes, {100 * on_target:.0f} % on target")

# %% [markdown]
# Expected: 8 modes, 65 to 85 % on target. The same loss, the same head start, and it recovers! Both causes beside
# each other, share on target after 1,000 steps, lowest and highest of seeds 0 to 2:
#
# | | D keeps its optimizer | D gets a new one |
# |---|---|---|
# | minimax | 0.70 to 0.81 | 0.09 to 0.20 |
# | non-saturating | 0.71 to 0.78 | 0.60 to 0.62 |
#
# A new Adam makes full steps of any gradient, however tiny, and may throw a sure discriminator about. The record
# fits: within 120 steps D's loss (means over 20 steps) leaps to 9.6, 26 and 19, and with the non-saturating loss,
# after the same new Adam, to 4 or 5. ($G$'s optimizer is new in all four.) Later it is near a coin's $\log 4$, so D
# is no longer sure, yet after 1,000 steps the points are still off target: the test sees what a bad start left, not
# a gradient that is gone today. It took *two* things, the new optimizer and the minimax loss. Had we looked at the
# loss alone, we would have blamed saturation.
#
# ### Noise that makes the two overlap
#
# Why is $D$ so sure? The best logit is $\log p/q$. Let real numbers be normal around 0, generated ones around
# $\delta$, both with variance $\tau^2$. Then
#
# $$\log\frac{p(x)}{q(x)} = \frac{(x-\delta)^2 - x^2}{2 \tau^2} = \frac{\delta^2 - 2\delta x}{2 \tau^2}, \qquad
# \text{at } x = \delta:\; -\frac{\delta^2}{2 \tau^2}.$$
#
# *Instance noise* of deviation $\varepsilon$, added to real and generated points before $D$ sees them, makes the
# variance $\tau^2 + \varepsilon^2$. Take the ring's noise $\tau = 0.05$, and $\delta = 1$:


# %% tags=["check-output"]
def log_density(x, center, deviation):
    return -((x - center) ** 2) / (2 * deviation**2) - np.log(deviation * np.sqrt(2 * np.pi))


for noise in (0.0, 0.1, 0.5, 1.0):
    deviation = np.hypot(0.05, noise)
    best_logit = log_density(1.0, 0.0, deviation) - log_density(1.0, 1.0, deviation)
    formula = -1 / (2 * deviation**2)
    print(f"noise {noise}: logit {best_logit:8.2f}, formula {formula:8.2f}, ", end="")
    print(f"D {1 / (1 + np.exp(-best_logit)):.3f}")

# %% [markdown]
# Expected: -200, -40, -1.98 and -0.50. With noise of 0.5 the best $D$ says 0.12 instead of 0. Along the line:

# %%
line = np.linspace(-0.5, 1.5, 201)
best_d = {}
for noise in (0.0, 0.2, 0.5, 1.0):
    best_logits = (1 - 2 * line) / (2 * np.hypot(0.05, noise) ** 2)  # the formula, with δ = 1
    best_d[f"noise {noise}"] = 1 / (1 + np.exp(-np.clip(best_logits, -50, 50)))
plots.curves(
    best_d,
    "The best D between real points at 0 and generated ones at 1: without noise a cliff in the middle, flat at "
    "both ends; the more noise, the gentler the cliff, and the less flat the ends.",
    "place (0: real, 1: generated)",
    "best D",
    x=line,
)

# %% [markdown]
# The minimax loss pulls with $D$ times the slope of the logit, so for it the flat ends matter. The non-saturating
# loss has the logit's slope there, $-1/\tau^2 = -400$ without noise: for it noise tames. And where the two sets do
# not overlap at all (lesson 05), noise makes them overlap. The price: what is finer than the noise becomes hard to
# see. So one begins with much, and lets it shrink.
#
# ### One-sided label smoothing
#
# Give real points the target $1 - s$ instead of 1. At a place with the densities $p$ and $q$ the discriminator
# then minimizes
#
# $$-p\,\big[(1-s)\log D + s\log(1-D)\big] - q\log(1-D) .$$
#
# ### Exercise 08.2: the best discriminator (3 minutes)
#
# Set the derivative by $D$ to 0, and write the best $D$ for arrays `p` and `q` (not both 0 at any place).


# %% tags=["exercise"]
def best_discriminator(p, q, smoothing):
    # -- stub --
    return ...
    # -- solution --
    return (1 - smoothing) * p / (p + q)


# %% tags=["check"]
checks.check_function(
    "08.2",
    best_discriminator,
    expected=lambda p, q, s: (1 - s) * p / (p + q),
    cases=mistakes.DENSITY_CASES,
    hints=mistakes.BEST_DISCRIMINATOR,
    hint="-(1 - s) p / D + (s p + q) / (1 - D) = 0; multiply by D (1 - D).",
    why="Never above 1 - s: D cannot become sure that a point is real.",
)

# %% [markdown]
# ### Why only the real side? (optional, 3 minutes)
#
# With a target $t$ for generated points, too, $D = \frac{(1-s)\,p + t\,q}{p + q}$. Far
# from the data, where $p \ll q$, that is $t$, the same everywhere: the logit is flat, and points that lie there
# have no reason to leave. One-sided, $\ell \approx \log(1-s) + \log p/q$ keeps the whole slope. Two ways to see
# it, at $\delta = 2$ with $\tau = 0.5$: the slope of the formulas, and of the logit that minimizes
# the loss on a fine grid.

# %% tags=["check-output"]
grid = np.linspace(-12, 4, 160_001)  # logits to choose from
cost_of_real, cost_of_fake = np.logaddexp(0, -grid), np.logaddexp(0, grid)
places = np.array([1.9, 2.1])
p, q = (np.exp(log_density(places, center, 0.5)) for center in (0.0, 2.0))
for real_side, fake_side in ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1)):
    d = ((1 - real_side) * p + fake_side * q) / (p + q)
    by_formula = np.diff(np.log(d / (1 - d)))[0] / 0.2
    costs = [
        a * ((1 - real_side) * cost_of_real + real_side * cost_of_fake)
        + b * (fake_side * cost_of_real + (1 - fake_side) * cost_of_fake)
        for a, b in zip(p, q, strict=True)
    ]
    by_search = np.diff([grid[np.argmin(cost)] for cost in costs])[0] / 0.2
    print(
        f"real {real_side}, generated {fake_side}: slope {by_formula:6.2f}, found {by_search:6.2f}"
    )

# %% [markdown]
# Expected: -8, -8, and -0.03. One-sided smoothing does not unsaturate the minimax loss: on generated points it
# shifts the logit by $\log(1-s)$, no more. What it does is keep $D$ from being sure of *real* points.
#
# ## 3. Oscillation (core, 16 minutes)
#
# ### The circle of lesson 04, in a real game
#
# The sick settings of the record: rates of 0.005 and 0.01 and Adam's default $\beta_1 = 0.9$. Every second step we
# note the center of the points of 512 latents, and the mean slope of $D$'s logit there. (The generator's running
# average is kept besides, for later.)

# %%
RATES = (0.005, 0.01)  # of the generator and of the discriminator
sick_game = ring_game.make(SEED, rates=RATES, betas=(0.9, 0.999))
seen = ring_game.train(sick_game, NUM_STEPS, seed=SEED, look=ring_game.watch(sick_game), every=2)
tracks = np.array([points for points, _ in seen])  # (looks, points, 2)
centers, tilts = tracks.mean(axis=1), np.array([tilt for _, tilt in seen])
begin, end = len(seen) // 5, len(seen) // 2
plots.curves(
    {
        "center of the points": centers[begin:end, 0],
        "slope of D, scaled": tilts[begin:end, 0] / np.abs(tilts[begin:end, 0]).max(),
    },
    "The sick game, along the first axis: the center of the generated points swings and does not "
    "settle; the slope of the discriminator's logit swings, too, and is above 0 mostly where the center rises.",
    "step",
    "place, slope",
    x=2 * np.arange(begin, end),
)

# %% [markdown]
# In lesson 04 two players of $V = xy$ circled: each one's *move* followed the other's *place*. Test the same here,
# with moves over eight steps:


# %%
def alike(first, second):
    return np.corrcoef(first.ravel(), second.ravel())[0, 1]


moves, turns = centers[4:] - centers[:-4], tilts[4:] - tilts[:-4]
print(f"the center's moves and D's slope:      {alike(moves, tilts[2:-2]):+.2f}")
print(f"the changes of D's slope and the center: {alike(turns, centers[2:-2]):+.2f}")

# %% [markdown]
# Expected: +0.5 to +0.8, and -0.4 to -0.7. The points run up the slope; the slope turns against where they are.
# That is how a circle looks.
#
# ### The smallest game, linearized
#
# Lesson 07's **Dirac GAN** again (Mescheder et al. 2018): real data are the number 0, the generator draws the number
# $\theta$, and the logit of $x$ is $\psi x$. The $0.05\,\psi^2$ there was the penalty **R1**,
# $\frac\gamma2\,\mathbb{E}\,\lvert\nabla D(x)\rvert^2$ at real $x$, with $\gamma = 0.1$: the slope is $\psi$. (In
# penalties, and in the Wasserstein loss below, $D$ stands for the *logit*, as in the papers.) With the
# non-saturating losses both move as
#
# $$\dot\theta = \sigma(-\psi\theta)\,\psi, \qquad \dot\psi = -\sigma(\psi\theta)\,\theta - \gamma\psi .$$
#
# Near rest, $(0,0)$, both sigmoids are $\frac12$, and
#
# $$J = \begin{pmatrix} 0 & \tfrac12 \\ -\tfrac12 & -\gamma \end{pmatrix}, \qquad
# \lambda^2 + \gamma\lambda + \tfrac14 = 0, \qquad \boxed{\lambda = \frac{-\gamma \pm \sqrt{\gamma^2 - 1}}{2}}$$
#
# This is lesson 04's damped game. Without R1, $\lambda = \pm\frac i2$: the linear motion is a circle. (The game
# itself creeps inwards, $\frac{d}{dt}(\theta^2+\psi^2) = -2\psi\theta\tanh\frac{\psi\theta}2$, but only as
# $\sqrt{8/t}$: a hundred times nearer takes ten thousand times as long.) With it the real part is $-\frac\gamma2$:
# inwards. But from $\gamma = 1$ on the slower eigenvalue comes back towards 0, as $-\frac1{4\gamma}$: a
# discriminator that may not slope leads nowhere. **More is not better.**

# %% tags=["check-output"]
for gamma in (0.0, 0.2, 1.0, 10.0):
    found = np.linalg.eigvals(linearized.jacobian(gamma))
    root = np.sqrt(complex(gamma**2 - 1))
    agree = np.allclose(
        np.sort_complex(found), np.sort_complex([-gamma - root, -gamma + root]) / 2, atol=1e-4
    )
    print(f"γ = {gamma:4}: slowest real part {abs(found.real).min():.3f}, formula agrees: {agree}")

# %% [markdown]
# Expected: 0, 0.1, 0.5 and 0.025.
#
# ### Exercise 08.3: write R1 (3 minutes)
#
# Return $\frac{\text{weight}}2\,\mathbb{E}\,\lvert\nabla D(x)\rvert^2$: `discriminate` takes a tensor of real
# images or points `real` (n, ...) to logits (n, 1); the mean is over the n. The sum of the logits has all n
# gradients at once, since each image has a part in its own logit only.


# %% tags=["exercise"]
def r1_penalty(discriminate, real, weight):
    # -- stub --
    return ...
    # -- solution --
    with tf.GradientTape() as tape:
        tape.watch(real)
        total = tf.reduce_sum(discriminate(real))
    gradient = tape.gradient(total, real)
    squares = tf.reduce_sum(tf.reshape(gradient**2, (len(real), -1)), axis=1)
    return weight / 2 * tf.reduce_mean(squares)


# %% tags=["check"]
checks.check_design(
    "08.3",
    r1_penalty,
    designs.r1_fault,
    why="Tried on functions with a known slope; its own gradient arrives at the discriminator's weights.",
)

# %% [markdown]
# ### A memory pushes outwards
#
# Real optimizers make steps, and have a memory: the mean
# $m \leftarrow \beta_1 m + (1-\beta_1)\cdot\text{gradient}$ lags by about $\frac{\beta_1}{1-\beta_1}$ steps, nine
# for 0.9. In a circle, late means outwards (lesson 07). Near rest one step is again a matrix, now of $\theta$,
# $\psi$ and both means, and each step multiplies a direction by its eigenvalue.
#
# ### Exercise 08.4: when does it come to rest? (3 minutes)
#
# Write after how many steps the distance from rest has fallen to a hundredth in the long run, from the eigenvalues
# of a step's matrix: an unrounded number, `np.inf` if never. (The slowest direction decides.)


# %% tags=["exercise"]
def steps_to_rest(matrix):
    # -- stub --
    return ...
    # -- solution --
    slowest = np.abs(np.linalg.eigvals(matrix)).max()
    return np.log(100) / -np.log(slowest) if slowest < 1 else np.inf


# %% tags=["check"]
checks.check_function(
    "08.4",
    steps_to_rest,
    expected=linearized.steps_to_rest,
    cases=mistakes.MATRIX_CASES,
    hints=mistakes.STEPS_TO_REST,
    hint="|λ| to the power n is 1/100, for the largest |λ|.",
    why="A step multiplies by λ, so |λ| < 1 is the test; for a motion in time it was the real part.",
)

# %% tags=["check-output"]
print("steps to rest    β1 = 0   β1 = 0.5   β1 = 0.9   (rates 0.1, alternating)")
for gamma in (0.0, 0.2, 0.5, 1.0, 4.0):
    numbers = [
        linearized.steps_to_rest(linearized.step_matrix(gamma, (0.1, 0.1), beta_1))
        for beta_1 in (0.0, 0.5, 0.9)
    ]
    print(f"γ = {gamma}       ", "".join(f"{number:11.0f}" for number in numbers))
played = linearized.play(0.5, (0.1, 0.1), 0.9, num_steps=1200)  # the game itself, no matrix
tops = [played[:200].max(), played[-200:].max()]
factor = (tops[1] / tops[0]) ** (1 / 1000)
formula = np.abs(np.linalg.eigvals(linearized.step_matrix(0.5, (0.1, 0.1), 0.9))).max()
print(f"γ = 0.5, β1 = 0.9: |λ| {formula:.3f}, seen in the game {factor:.3f}")

# %% [markdown]
# Expected: without R1 never (in the linear game); with $\beta_1 = 0.9$ not even at $\gamma = 0.2$; the fastest row
# is $\gamma = 1$, and 4 is several times slower. The game itself agrees with its matrix: 0.995. From $\gamma = 1$
# on the game of the formula no longer circles by itself. There a memory does what it did in lesson 04's ravine, and
# helps a little. It pushes outwards where the game circles by itself.
#
# **Two time scales.** Lesson 04 again: with simultaneous steps
# $\lvert\lambda\rvert^2 = 1 - \gamma\eta_\psi + \frac14\eta_\theta\eta_\psi$ for a complex pair. Without $\gamma$
# it is above 1 at any ratio of the rates. With it, the game comes in if $\eta_\theta < 4\gamma$: a slow generator
# helps in a **damped** game.

# %% tags=["check-output"]
for gamma, rates in ((0.0, (0.1, 0.1)), (0.0, (0.01, 1.0)), (0.1, (0.5, 0.5)), (0.1, (0.05, 0.5))):
    matrix = linearized.step_matrix(gamma, rates, alternating=False)
    found = np.abs(np.linalg.eigvals(matrix)).max()
    formula = np.sqrt(1 - gamma * rates[1] + rates[0] * rates[1] / 4)
    print(f"γ = {gamma}, rates {rates}: |λ| {found:.4f}, formula {formula:.4f}")

# %% [markdown]
# Expected: 1.0012 twice, 1.0062, then 0.9779.
#
# ### Five changes to the sick game
#
# **Averaging** the generator's weights over steps is the fifth: on lesson 04's ellipse the average sat in the
# middle. So the other four change one thing each, and every row shows both the last weights and the average over
# about 500 steps. `movement` is the test of section 1; a generator with a fifth of the rate moves less by that
# alone, so of the slow ones look at the modes. (The two slow games have no penalty, and all steps alternate: the
# matrices above are only a guide.)


# %%
def row(name, game, tracks):
    last, mean = ring_game.quality(game.generator), ring_game.quality(game.average)
    print(f"{name:15} movement {ring_game.movement(tracks):.2f}, ", end="")
    print(f"last: {last[0]} modes, {last[1]:.2f} on target; average: {mean[0]}, {mean[1]:.2f}")


row("sick", sick_game, tracks[9::10])
panels = {"sick": {"real": ring[:300], "generated": tracks[-1]}}
changes = {
    "both slow": {"rates": (0.001, 0.002), "betas": (0.9, 0.999)},
    "slow generator": {"rates": (0.001, 0.01), "betas": (0.9, 0.999)},
    "R1, γ = 1": {"rates": RATES, "betas": (0.9, 0.999), "penalty": penalties.r1(1.0)},
    "β1 = 0.5": {"rates": RATES, "betas": (0.5, 0.999)},
}
for name, settings in changes.items():
    game = ring_game.make(SEED, **settings)
    looks = ring_game.train(game, NUM_STEPS, seed=SEED, look=ring_game.watch(game))
    row(name, game, np.array([points for points, _ in looks]))
    panels[name] = {"real": ring[:300], "generated": looks[-1][0]}
plots.scatter_panels(
    panels,
    "Generated points of the last weights. Sick: far from most of the ring. Both slow: along a narrow "
    "oval, few on a mode. Slow generator: along the ring, between the modes, too. R1: a cloud "
    "inside the ring. A shorter memory: on all eight modes.",
)

# %% [markdown]
# Expected movements, for 1,000 steps and seeds 0 to 3: 0.7 to 1.5; 0.3 to 0.6 for the next three; 0.10 to 0.13.
# Modes of the last weights, and of the average: 0 to 2 and 0 to 1; 1 to 3 and 0 to 3; 1 to 8 and 4 to 8; 0 to 1
# twice; 8 and 8, with more than 80 % on target.
#
# - A **shorter memory** alone cures, at the same rates: in the record, too, the movement falls to a quarter or less.
# - **Smaller rates** alone do not: the game goes round more slowly, and covers 3 modes at most.
# - A **slow generator** covers more, but does not always cure. **Averaging** then adds modes with three seeds of
#   four (not with seed 0, which has all 8). For the sick game it does nothing: the middle of such wide swings is no
#   good generator.
# - **R1** calms as much as the slow ones, and yet covers at most one mode, probably because at $\gamma = 1$ the
#   discriminator may not slope as much as modes of width 0.05 need. A $\gamma$ has the unit of one over a slope
#   squared, so the toy's best one does not carry over. (With $\beta_1 = 0.5$, $\gamma = 0.01$ leaves 85 % on
#   target, and 0.1 only 45 %; seeds 0 and 1.) The eigenvalues promise rest near an equilibrium. They do not promise
#   that the way there is short, or that it starts in reach.
#
# ## 4. A slope that is bounded (core, 19 minutes)
#
# ### The Wasserstein loss, and why it needs a bound
#
# Lesson 05 had two boxes, $[0,1]$ and $[\theta,\theta+1]$ with a shift $\theta$, whose JS divergence stays at
# $\log 2$ once they are apart. The **Wasserstein distance** asks how far mass has to be carried, on average, by the
# best plan: here $\lvert\theta\rvert$, which has a slope everywhere but at 0. Take any plan that carries $x$ to
# $y$, and any $D$ with $\lvert D(x) - D(y)\rvert \le \lvert x - y\rvert$ (it is **1-Lipschitz**, its slope is at
# most 1). Then
#
# $$\mathbb{E}_{p}\, D(x) - \mathbb{E}_{q}\, D(y) = \mathbb{E}\,[D(x) - D(y)] \;\le\; \mathbb{E}\,\lvert x - y\rvert .$$
#
# So the *lead* of such a $D$ never exceeds the distance; the best one reaches it (Kantorovich and Rubinstein). The
# losses are $L_D = \mathbb{E}\,D(G(z)) - \mathbb{E}\,D(x)$ and $L_G = -\mathbb{E}\,D(G(z))$ (Arjovsky et al.
# 2017). Without the bound, $c\,D$ has $c$ times the lead of $D$, and $L_D$ no minimum. Below, three discriminators
# learn alone, against a generator that stands still. The distance itself comes from the best plan for 512 points
# of each kind.

# %%
distance = ring_game.transport_distance(*ring_game.still_points(SEED))
print(f"the distance itself     {distance:5.2f}")
bounds = {
    "no bound": {},
    "gradient penalty": {"penalty": penalties.gradient_penalty(10.0)},
    "spectral norm": {"spectral_norm": True},
}
for name, bound in bounds.items():
    leads = ring_game.leads(NUM_STEPS // 4, seed=SEED, **bound)
    print(f"lead, {name:17} {leads[len(leads) // 2]:5.2f}, later {leads[-1]:5.2f}")

# %% [markdown]
# Expected: a distance of 0.84 to 0.91. Without a bound 7 to 14, later 30 to 60, and so on for ever. With the
# gradient penalty 0.7 to 1.0: a penalty is no wall, so a little more than the distance is possible. With spectral
# norm 0.35 to 0.55: a wall, but three layers that each stretch by 1 *at most* had reached half of the distance by
# then.
#
# ### The gradient penalty
#
# The best $D$ has slope 1 along the lines on which the plan carries mass (Gulrajani et al. 2017, proposition 1).
# Hence the penalty, at points between a real and a generated one:
#
# $$10\;\mathbb{E}\,\big(\lvert\nabla D(\hat x)\rvert - 1\big)^2, \qquad
# \hat x = \varepsilon\, x + (1-\varepsilon)\, G(z), \qquad \varepsilon \text{ uniform in } [0,1], \text{ one an image.}$$
#
# (Nobody knows the plan, so the pairs are random ones.) In some scripts on the web $\varepsilon$ is *normal*. How
# often does that miss the line from 0 to 1?

# %%
rng = np.random.default_rng(SEED)
normal_shares = rng.standard_normal((100_000, 1))
outside = np.mean((normal_shares < 0) | (normal_shares > 1))
print(f"outside [0, 1]: {outside:.3f}   (formula 1 - Φ(1) + Φ(0) = 0.659)")
real_points, fake_points = rng.normal((1.2, 0), 0.1, (400, 2)), rng.normal((-0.4, 0), 0.1, (400, 2))
mixed_panels = {}
for name, mixing in {"uniform": rng.random((400, 1)), "normal": normal_shares[:400]}.items():
    mixed = mixing * real_points + (1 - mixing) * fake_points
    mixed_panels[name] = {"real": real_points, "generated": fake_points, "mixtures": mixed}
plots.scatter_panels(
    mixed_panels,
    "Mixtures of real and generated points. Left, uniform shares: between the two. Right, normal shares: "
    "most lie beyond one of them, up to the edge of the picture.",
    limit=3,
)

# %% [markdown]
# With normal shares, two of three penalties lie outside their pair altogether, where no plan has a say. A second trap
# is the root in $\lvert v\rvert = \sqrt{\sum v_k^2}$. Its derivative is $v/\lvert v\rvert$: at 0 that is $0/0$.

# %% tags=["check-output"]
for tiny in (0.0, 1e-12):
    v = tf.Variable([0.0, 0.0])  # the slope of a discriminator that is still flat
    with tf.GradientTape() as tape:
        penalty = (tf.sqrt(tf.reduce_sum(v**2) + tiny) - 1) ** 2
    print(f"{tiny:g} below the root: gradient", tape.gradient(penalty, v).numpy())

# %% [markdown]
# Expected: NaN twice, then 0 twice: a flat $D$ is not pushed by the penalty, but not broken either.
#
# ### Exercise 08.5: the gradient penalty (4 minutes)
#
# Return $\mathbb{E}\,(\lvert\nabla D(\hat x)\rvert - 1)^2$ for given `shares`, of shape (n, 1) for points and (n,
# 1, 1, 1) for images, which belong to the *real* ones. All are tensors; the rest is as in 08.3, but at the
# mixtures, and with a stable root.


# %% tags=["exercise"]
def slope_penalty(discriminate, real, fake, shares):
    # -- stub --
    return ...
    # -- solution --
    mixtures = shares * real + (1 - shares) * fake
    with tf.GradientTape() as tape:
        tape.watch(mixtures)
        total = tf.reduce_sum(discriminate(mixtures))
    gradient = tf.reshape(tape.gradient(total, mixtures), (len(real), -1))
    lengths = tf.sqrt(tf.reduce_sum(gradient**2, axis=1) + 1e-12)
    return tf.reduce_mean((lengths - 1) ** 2)


# %% tags=["check"]
checks.check_design(
    "08.5",
    slope_penalty,
    designs.gradient_penalty_fault,
    why="It needs images that are judged one by one: `GAN.compile` refuses it beside batch normalization in D.",
)

# %% [markdown]
# ### Spectral normalization
#
# A layer $x \mapsto Wx + b$ stretches distances by $\sigma(W)$ at most, the largest singular value of $W$.
# Activations such as ReLU do not stretch, and one layer after the other multiplies. So if every $W$ is divided by
# its $\sigma(W)$, the slope of $D$ is at most 1, whatever the weights (Miyato et al. 2018). (For a convolution the
# package divides by the $\sigma$ of its kernel written as a matrix, as they do; a layer of 4 x 4 at stride 2 may then
# still stretch by 2.)
#
# A singular value decomposition in each step would be slow. **Power iteration** multiplies some $u$ by $W^\top W$,
# over and over. Write $u = \sum_i c_i e_i$ with $W^\top W e_i = \sigma_i^2 e_i$ and $c_1 \ne 0$ (a random $u$ has
# such a part); after $k$ rounds the parts are $c_i\,\sigma_i^{2k}$, and the largest $\sigma$ has outgrown the
# others, by at least $(\sigma_1/\sigma_2)^{2k}$. Then $\lvert Wu\rvert \approx \sigma_1$ for a $u$ of length 1; the
# squares of the parts are in it, so its error shrinks by $(\sigma_2/\sigma_1)^4$ a round.
#
# ### Exercise 08.6: a round of power iteration (3 minutes)
#
# For a NumPy `matrix` $W$ (m, k) and `u` (k,), compute $v = Wu$, divided by its length; then the new
# $u = W^\top v$, divided by its length. Return the new $u$ and $\lvert Wu\rvert$ for it.


# %% tags=["exercise"]
def power_round(matrix, u):
    # -- stub --
    return ...
    # -- solution --
    v = matrix @ u / np.linalg.norm(matrix @ u)
    u = matrix.T @ v / np.linalg.norm(matrix.T @ v)
    return u, np.linalg.norm(matrix @ u)


# %% tags=["check"]
checks.check_design(
    "08.6",
    power_round,
    designs.power_round_fault,
    why="Each round costs two products with the matrix, far less than a decomposition.",
)

# %% tags=["check-output"]
matrix = np.linalg.qr(np.random.default_rng(0).normal(size=(5, 3)))[0] @ np.diag([3.0, 2.0, 1.0])
u, errors = np.ones(3), []
for _ in range(8):
    u, stretch = spectral.power_round(matrix, u)
    errors.append(np.linalg.svd(matrix, compute_uv=False)[0] - stretch)
print(f"errors after rounds 1, 2, 8: {errors[0]:.4f}, {errors[1]:.4f}, {errors[7]:.7f}")
print(f"the last by the one before: {errors[7] / errors[6]:.3f}; formula {(2 / 3) ** 4:.3f}")

keras.utils.set_random_seed(SEED)
judge = networks.dense_discriminator(spectral_norm=True)
for _ in range(100):  # each call in training mode makes one round
    judge(ring[:8], training=True)
kernels = [
    layer.normalized_kernel() for layer in judge.layers if hasattr(layer, "normalized_kernel")
]
largest = [np.linalg.svd(kernel, compute_uv=False)[0] for kernel in kernels]
print("largest singular values of the package's layers:", np.round(largest, 2))

# %% [markdown]
# Expected: 0.198 twice, and three times 1. (While the weights move, power iteration lags, and the true number is a
# little above 1.) In a training the weights hardly move in a step, so **one** round a
# step is enough: the next one goes on from the $u$ of the last.
#
# ### Exercise 08.7: a gentle discriminator (3 minutes)
#
# Change the network's layers so that the logits of any two points differ by no more than their distance, whatever its
# weights become. The check trains it to be as steep as it can, and then compares thousands of pairs.


# %% tags=["exercise"]
def gentle_discriminator():
    dense, leaky = keras.layers.Dense, keras.layers.LeakyReLU
    # -- stub --
    layers = [dense(64), leaky(0.2), dense(64), leaky(0.2), dense(1)]  # change these
    return ...  # keras.Sequential([keras.Input((2,)), *layers])
    # -- solution --
    normed = critic_layers.SpectralNorm
    layers = [normed(dense(64)), leaky(0.2), normed(dense(64)), leaky(0.2), normed(dense(1))]
    return keras.Sequential([keras.Input((2,)), *layers])


# %% tags=["check"]
checks.check_design(
    "08.7",
    gentle_discriminator,
    gentle.slope_fault,
    why="The bound is in the architecture, so no training can undo it.",
)

# %% [markdown]
# ### On the ring
#
# The same losses, the same gradient penalty. One discriminator makes one step for each step of the generator, the
# other five:

# %%
for count in (1, 5):
    game = ring_game.make(
        SEED,
        loss="wasserstein",
        rates=(0.001, 0.001),
        betas=(0.0, 0.9),
        penalty=penalties.gradient_penalty(1.0),
        discriminator_steps=count,
    )
    ring_game.train(game, NUM_STEPS // 2, seed=SEED)
    covered, on_target = ring_game.quality(game.generator)
    print(f"{count} of D: {covered} modes, {100 * on_target:2.0f} % on target")

# %% [markdown]
# Expected: 0 to 2 modes and less than 15 % for one step, 8 modes and 50 to 65 % for five (seeds 0 to 2). It fits
# the theory, which speaks of the *best* $D$. But the second run had five times as many updates of $D$, and about
# three times the time. Whether the first would get there with as much, we did not try. (The weight is 1 here, and
# 10 there, as in the paper.) A bound on the slope is no cure by itself, as R1 was none in section 3.

# %% [markdown]
# ## 5. Collapse, and what a batch can tell (core, 12 minutes)
#
# **Collapse** is a generator that draws few things, perhaps each of them well. No single image shows it, and no loss
# (exercise 06.6). So count. A classifier sorts samples into the ten kinds of clothing, with shares $p_k$. But how
# many kinds are 94 % shirts, 5 % trousers and 1 % bags? From their entropy $H = -\sum_k p_k\log p_k$ follows the
# *effective number* of kinds, $e^H$ (section 2's number of points was a cousin, $1/\sum_k p_k^2$). With $n$ equal
# shares $H = \log n$, so it is $n$; rare kinds count a little.
#
# ### Exercise 08.8: how many kinds? (2 minutes)
#
# Write $e^H$ for `shares`, an array (n,) whose sum is 1. Some may be 0; such kinds count nothing, as $p\log p \to
# 0$ for $p \to 0$.


# %% tags=["exercise"]
def effective_number(shares):
    # -- stub --
    return ...
    # -- solution --
    drawn = shares[shares > 0]
    return np.exp(-np.sum(drawn * np.log(drawn)))


# %% tags=["check"]
checks.check_function(
    "08.8",
    effective_number,
    expected=metrics.effective_number,
    cases=mistakes_measures.EFFECTIVE_NUMBER_CASES,
    hints=mistakes_measures.EFFECTIVE_NUMBER,
    hint="NumPy takes 0 · log 0 for NaN: leave out the kinds whose share is 0.",
    why="Two equal kinds give 2, whether or not a third might have been drawn.",
)

# %% [markdown]
# The same in a second way, without a logarithm: $e^H = \prod_k p_k^{-p_k}$, the geometric mean of $1/p_k$, in
# which each kind has its share as weight. ($0^0 = 1$ needs no exception.)

# %% tags=["check-output"]
for kinds in ([0.94, 0.05, 0.01], [0.5, 0.5, 0.0]):
    product = np.prod(np.power(kinds, -np.array(kinds)))
    print(f"{kinds}: {metrics.effective_number(kinds):.2f}, as a product {product:.2f}")

# %% [markdown]
# Expected: 1.29 and 2.00. And a collapse from the record. Sick and cured were shown the same 19,200 images once, as
# many of each kind: the sick one sorted by kind, the cured one shuffled. (Bags and boots come last: $D$ forgets
# what it has not seen for a while, and $G$ follows, as in exercise 06.6. Collapse also happens with shuffled
# images; the test is the same.)

# %%
plots.show_images(
    np.concatenate([runs["collapse_sick_samples"][:12], runs["collapse_cured_samples"][:12]]),
    "Top: twelve samples of the collapsed generator, almost only boots, many of them "
    "blurred. Bottom: of the cured one, whose "
    "images came in random order, many kinds.",
    columns=12,
)
for state in ("sick", "cured"):
    kinds = metrics.predicted_labels(runs[f"collapse_{state}_samples"] / np.float32(255))
    few = metrics.effective_number(np.bincount(kinds, minlength=10) / len(kinds))
    print(
        f"{state:5}: {few:.1f} kinds in 24 samples; in 2,000:", runs[f"collapse_{state}"].round(1)
    )
evenly = np.random.default_rng(SEED).multinomial(24, np.full(10, 0.1), size=1000) / 24
print(
    f"24 images, ten even kinds: {np.mean([metrics.effective_number(one) for one in evenly]):.1f}"
)

# %% [markdown]
# Expected: in 2,000 samples 3.8 to 4.2 kinds, and 8.3 to 9.4; 8.0 to 8.2 in the last line. Of few images the number
# is too small, even where all ten kinds are equally frequent. As with the Fréchet distance, name the sample size.
#
# ### What single images cannot show
#
# Imagine a generator whose points are perfect, one by one, but each batch lies on a single mode of the ring,
# another one at each call. Single points give it away to nobody: seen by itself, each one is real, so the best $D$
# is ½ everywhere. (No network does exactly this with independent latents. But one that hops from mode to mode
# between updates, as the sick one of section 3, is near it.) A *batch* would. The **minibatch standard deviation**
# (Karras et al. 2018) tells the last layer of $D$ one number more: the deviation of each feature over the batch,
# averaged over all features.


# %%
def loss_against_one_mode(judge, num_steps=400):
    """Train a discriminator on batches that are real or of one mode; its loss in the end."""
    random, adam = np.random.default_rng(SEED), keras.optimizers.Adam(0.01, beta_1=0.5)
    loss_of = gan_losses.gan_loss("non_saturating").discriminator

    @tf.function
    def step(real, fake):
        with tf.GradientTape() as tape:
            loss = loss_of(judge(real), judge(fake))
        weights = judge.trainable_variables
        adam.apply(tape.gradient(loss, weights), weights)
        return loss

    losses = []
    for _ in range(num_steps):
        real = ring[random.integers(len(ring), size=BATCH_SIZE)]
        mode = data.toy_modes("ring")[random.integers(8)]
        fake = random.normal(mode, data.TOYS["ring"].noise, size=(BATCH_SIZE, 2))
        losses.append(float(step(real, tf.constant(fake, tf.float32))))
    return np.mean(losses[-100:])


# %%
for has_std in (False, True):
    keras.utils.set_random_seed(SEED)
    batch_judge = networks.dense_discriminator(minibatch_std=has_std)
    print(f"minibatch std {has_std!s:5}: loss {loss_against_one_mode(batch_judge):.3f}")

# %% [markdown]
# Expected: 1.38 to 1.41 without, $\log 4 = 1.386$ up to the noise of batches; below 0.05 with it.
#
# ### Exercise 08.9: the number of a batch (3 minutes)
#
# Turn `features` (n, h, w, c) into (n, h, w, c + 1). The new last channel holds one number everywhere: the
# standard deviation over the images of each feature at each place, averaged over features and places. Use
# TensorFlow or `keras.ops`: gradients have to flow, also for a batch of equal images, where a root has none. (Put
# 1e-8 below it.)


# %% tags=["exercise"]
def append_deviation(features):
    # -- stub --
    return ...
    # -- solution --
    variance = tf.math.reduce_variance(features, axis=0)
    deviation = tf.reduce_mean(tf.sqrt(variance + 1e-8))
    return tf.concat([features, tf.fill([*features.shape[:-1], 1], deviation)], axis=-1)


# %% tags=["check"]
checks.check_design(
    "08.9",
    append_deviation,
    designs_measures.deviation_fault,
    why="The generator is told to vary, by the gradient that flows through this channel.",
)

# %% [markdown]
# ### The price: a batch leak
#
# With it, what $D$ says of an image depends on those beside it. Here that is the purpose. Batch normalization does
# it unasked (patient 17 in lesson 07). **Test**: judge the same images in two companies.

# %%
clothes, _ = data.load_images("fashion_mnist", split="test")
some = data.scale_pixels(data.as_floats(clothes[:64]))
for options in (
    {"batch_norm": True},
    {"batch_norm": False, "minibatch_std": True},
    {"batch_norm": False},
):
    keras.utils.set_random_seed(SEED)
    judge = networks.discriminator(**options)
    alone = judge(some, training=True)
    among = judge(np.concatenate([some, 0 * some]), training=True)[:64]
    moved = np.abs(alone - among).mean() / np.std(alone)
    print(f"{options}: moved by {moved:.4f} deviations")
for state in ("sick", "cured"):
    print(f"{state:5}: share of verdicts that flip", runs[f"batch_leak_{state}"].round(3))

# %% [markdown]
# Expected: 0.3 to 1; below 0.01, since before training the new channel counts little; and 0.0000. In the record,
# after 300 steps: the share of images that change sides when real and generated ones share a call, 0.06 to 0.07 with
# batch normalization, and 0 without. That is a risk, not yet a damage: lesson 06's GAN has such a $D$, and gives each
# kind a call of its own. Where single images count, as for R1 and gradient penalties, leave batch normalization out;
# the row "no batch norm" of section 7 says how such a GAN fares.

# %% [markdown]
# ## 6. Little data, dead units, checkerboards, copies (core, 10 minutes)
#
# ### Little data
#
# Of 300 images $D$ can learn each by heart. Its *lead* (as in section 4), the mean logit of training images minus
# that of generated ones, then says nothing about what looks real.
#
# ### Exercise 08.10: design the experiment (4 minutes)
#
# Two discriminators, each right about every training image and every generated one. One is too good for its
# generator (section 2): another loss would help, or noise. The other has learned its images by heart: more images
# would help, or augmentation. The losses look alike. What do you measure?
#
# Return one number: above ½ if more than half of the lead is owed to having seen the training images, below ½
# otherwise. `discriminate(images)` returns logits (n, 1); `training`, `held_out` (real, never trained on) and
# `generated` are images. Logits have no unit: ten times as large, or all shifted by 5, they must give the same
# number.


# %% tags=["exercise"]
def lead_that_is_memory(discriminate, training, held_out, generated):
    # -- stub --
    return ...
    # -- solution --
    known, new, fake = (np.mean(discriminate(one)) for one in (training, held_out, generated))
    return (known - new) / (known - fake)


# %% tags=["check"]
checks.check_design(
    "08.10",
    lead_that_is_memory,
    designs_measures.lead_fault,
    hint="How much of the lead is left on images that it has not seen?",
    why="0: new images are judged like training images. 1: like generated ones.",
)

# %%
for state in ("sick", "cured"):
    print(f"{state:5}: share of the lead that is memory", runs[f"overfitting_{state}"].round(2))

# %% [markdown]
# Expected: 1.02 to 1.09 with 300 images as they are: $D$ takes new real images for *less* real than generated ones.
# 0.34 to 0.50 if each is shifted and partly covered. Better, not well: augmentation makes few images more, it does
# not make them many. And the number speaks of $D$; whether the images gain is another question (lesson 12).
#
# ### Dead units
#
# A ReLU that gets no positive input from any of 1,000 latents passes no gradient to its own weights. Only a change in
# the layers before it can bring it back; before the first layer there are none:

# %% tags=["check-output"]
keras.utils.set_random_seed(SEED)
half_dead = networks.dense_generator()
layer = half_dead.layers[1]
layer.bias.assign(np.where(np.arange(64) < 60, -100.0, 0.0))  # 60 of 64 get no positive input
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(half_dead(tf.random.normal((1000, 2))) ** 2)
bias_gradients = np.abs(tape.gradient(loss, layer.bias))
print("largest gradient of dead units:", bias_gradients[:60].max())
print("has a living unit one?", bias_gradients[60:].max() > 0)

# %%
shown_ring = ring[:300]
plots.scatter_panels(
    {
        f"{state}: {100 * runs[f'dead_units_{state}'][0]:.0f} % dead": {
            "real": shown_ring,
            "generated": runs[f"dead_units_{state}_samples"],
        }
        for state in ("sick", "cured")
    },
    "Left, after 500 steps at a rate of 0.05: most units are dead, and the generated points lie "
    "along a line. Right, at 0.001: they lie along the ring, on the modes and between them.",
)

# %% [markdown]
# Expected: 0.0 and True; 88 to 95 % of the units always 0, and 4 to 8 % in the cured runs. Few units left can bend
# the plane of latents in few places only. The cure was a smaller rate. (A LeakyReLU, which always has a slope,
# should do as well; we did not try it here.)
#
# ### Checkerboards
#
# Often blamed: windows that the stride does not divide, which cover some pixels more often than others (Odena et
# al. 2016). We tried 3 x 3 at stride 2 and 5 x 5 at stride 4, and training unlearned the pattern. What did provoke
# it is on the other side, which they name, too: gradients of strided windows. This $D$ skips three pixels of four:
# its first layer has windows of 1 x 1 at stride 2.

# %% tags=["check-output"]
layers = keras.layers
start = [keras.Input((28, 28, 1)), layers.Conv2D(16, 1, strides=2), layers.LeakyReLU(0.2)]
short_sighted = keras.Sequential([*start, layers.Flatten(), layers.Dense(1)])
noise_images = tf.random.normal((16, 28, 28, 1))
with tf.GradientTape() as tape:
    tape.watch(noise_images)
    logits = short_sighted(noise_images)
unseen = np.mean(tape.gradient(logits, noise_images) == 0)
print(f"pixels without a gradient: {100 * unseen:.0f} %")

# %%
plots.show_images(
    np.concatenate(
        [runs["checkerboard_sick_samples"][:12], runs["checkerboard_cured_samples"][:12]]
    ),
    "Top: samples of a generator whose discriminator begins with windows of 1 x 1 at stride 2, "
    "dotted all over. Bottom: with windows of 4 x 4, smooth.",
    columns=12,
)
for state in ("sick", "cured"):
    print(f"{state:5}: checkered power, real images 1:", runs[f"checkerboard_{state}"].round(1))

# %% [markdown]
# Expected: 75 % without a gradient, where the generator may draw anything; a power of 61 to 78, against 0.8 to 1.3.
# (The mean square of the part of an image that changes its sign from each row, or column, to the next, over the same
# for real images.)
#
# ### Copies
#
# A generator that was shown eight images draws these eight. **Test**: its samples' distance to the nearest
# training image, over that to the nearest of as many held-out ones.

# %%
originals = data.load_images("fashion_mnist", split="train")[0][:8]
drawn = runs["memorization_sick_samples"][:12]
nearest = metrics.nearest_neighbors(drawn, originals).indices
plots.show_images(
    np.concatenate([drawn, originals[nearest]]),
    "Top: twelve samples of a generator that was trained on eight images. Bottom: for each the "
    "nearest of the eight, of which it is a noisy copy, or nearly.",
    columns=12,
)
for state in ("sick", "cured"):
    print(f"{state:5}: distance to training over held-out", runs[f"memorization_{state}"].round(2))

# %% [markdown]
# Expected: 0.54 to 0.55; about 1 where 10,000 images were shown, these eight among them. (That 1 says that *they* are
# not copied; copies of the others it would not show. Lesson 06 searches among all.)

# %% [markdown]
# ## 7. All remedies in one table (core, 9 minutes)
#
# Each remedy in one strength, not tuned, against the same untreated GAN, three seeds each, and the *same time*: 30
# seconds on images, 6 on points, so that a dear step gets fewer of them. (The cost of a step is known to about a
# tenth: on points $\beta_1 = 0$, which costs nothing, got 5,296 steps, and the untreated GAN 4,872.) On points the
# untreated GAN swings: both rates are 0.005, $\beta_1$ is 0.9. On images it does not fail, but is at its beginning:
# about 900 steps, one look at each image. What a remedy does for a long training this table cannot say.
#
# Most rows change one thing. Not so on images "spectral norm" and "R1", which leave batch normalization out as well:
# compare them with "no batch norm". And "Wasserstein, GP" changes five: loss, penalty, no batch norm, $\beta_1 = 0$,
# three steps of $D$ (on points four; compare it there with "beta_1 = 0").

# %% tags=["check-output"]
for which in ("images", "points"):
    print(measures.table(runs, which), end="\n\n")

# %%
dots = [
    plots.dots_figure(dict(zip(runs[f"remedies_{which}"], values, strict=True)), alt, label)
    for which, values, label, alt in (
        (
            "images",
            runs["images_distance"],
            "Fréchet distance (less is better)",
            "Images, as in the table.",
        ),
        (
            "points",
            runs["points_on_target"],
            "on target (more is better)",
            "Points, as in the table.",
        ),
    )
]
plots.beside_figure(
    dots, "Every training is a dot, three to a remedy; the gray band is the untreated GAN."
)

# %% [markdown]
# The gray band reaches from the untreated GAN's best seed to its worst. On images most dots lie in it or near it;
# four rows lie wholly to its right, which is worse. On points the untreated GAN itself covers 0, 1 and 5 modes: its
# seeds differ more than most remedies do.
#
# **When is a remedy better?** Not when its mean is: three other seeds have another mean. A strict rule: *the worst
# of ours is better than the best of theirs*. If the remedy did nothing, and had seeds of its own (here it shares
# them, as in section 1), all orders of the six numbers would be equally likely, and ours would be the best three in
# one of $\binom{6}{3} = 20$.
#
# ### Exercise 08.11: better, or luckier? (3 minutes)
#
# Write this rule for distances, `ours` and `theirs` (n,), where *smaller* is better. Return True or False; a tie
# is not better. NaN stands for a training that went to infinity, and counts as infinitely bad.


# %% tags=["exercise"]
def is_better(ours, theirs):
    # -- stub --
    return ...
    # -- solution --
    ours, theirs = (np.where(np.isnan(one), np.inf, one) for one in (ours, theirs))
    return ours.max() < theirs.min()


# %% tags=["check"]
checks.check_function(
    "08.11",
    is_better,
    expected=measures.is_better,
    cases=mistakes_measures.IS_BETTER_CASES,
    hints=mistakes_measures.IS_BETTER,
    hint="Make NaN infinite first; then compare the largest of ours with the smallest of theirs.",
    why="It may still be luck: once in 20 times, if the remedy does nothing.",
)

# %%
for which, costs in (("images", runs["images_distance"]), ("points", -runs["points_on_target"])):
    rows = dict(zip(runs[f"remedies_{which}"].tolist(), costs, strict=True))
    better = [name for name, cost in rows.items() if measures.is_better(cost, costs[0])]
    worse = [name for name, cost in rows.items() if measures.is_better(costs[0], cost)]
    print(f"{which}: better {better}\n        worse {worse}")
    if which == "images":
        for name in ("spectral norm", "R1"):
            loses = measures.is_better(rows["no batch norm"], rows[name])
            print(f"        {name} worse than no batch norm: {loses}")
pairs = np.random.default_rng(SEED).normal(size=(10_000, 2, 3))
luck = np.mean([measures.is_better(*pair) for pair in pairs])
print(
    f"better by luck alone: {luck:.3f}, so {14 * luck:.1f} of 14 on images, {12 * luck:.1f} of 12 on points"
)

# %% [markdown]
# Expected: by luck 0.050 to within 0.005. And what do the lists say?
#
# - **Images**: only averaging the weights passes, 6.6 to 7.8 against 8.4 to 10.9; it costs next to nothing. But of
#   fourteen remedies that do nothing 0.7 would pass, so one is no surprise. $\beta_1 = 0$ misses by 0.3. Four are
#   *worse* with every seed, more than luck gives. For "Wasserstein, GP" part of it may be time: its step, with
#   three updates of $D$, costs three times as much, so $G$ got a third of the steps. Spectral norm is worse than
#   "no batch norm", too.
# - **Points**: $\beta_1 = 0$ leaves no doubt, 0.90 and more on target against 0.69 at most. "Two time scales"
#   passes by 0.006. Of twelve remedies that do nothing 0.6 would pass on average, and all twelve are compared with
#   the same three untreated runs; if those were unlucky, several pass at once. Of what section 3 and lesson 04
#   derive for games that circle, the shorter memory and the slower generator pass; R1 and averaging do not. R1 and
#   spectral norm, which keep $D$ flat, cover 2 modes at most. "Wasserstein, GP" has $\beta_1 = 0$ as well, and yet
#   0.53 at most: what else it changes cost more here than $\beta_1 = 0$ gained. Nothing can be *worse* here, since
#   one untreated run is at 0.
#
# Each of the fourteen was proposed because it helped someone, somewhere. So a theory says what to try first, and
# your own seeds say whether it worked. This table does not speak of other strengths, of several remedies at once,
# or of a long training.

# %% [markdown]
# ## 8. Reading the curves: a quiz (core, 4 minutes)
#
# ### Exercise 08.12: what do curves alone say? (2 minutes)

# %%
quiz.training_figure(runs, "overfitting_sick", "A training")

# %% [markdown]
# After the first 100 steps the discriminator's loss falls, by and large, and the generator's rises. Which statement
# follows from the two curves *alone*?
#
# - a: D has learned its training images by heart.
# - b: G has been getting worse since its loss began to rise.
# - c: D tells training images from generated ones more and more surely; why, the curves do not say.
# - d: The generator has collapsed: it fools D with fewer and fewer images.

# %% tags=["exercise"]
# -- stub --
answer_12 = ...
# -- solution --
answer_12 = "c"

# %% tags=["check"]
checks.check_choice(
    "08.12",
    answer_12,
    "c",
    options="abcd",
    hints={
        "a": "so it is, as it happens, but from what in the curves? A D that found a true rule, and is "
        "too good for G, has such losses, too.",
        "b": "its loss is measured against this D, which improves. The same images cost G more now.",
        "d": "collapse leaves no mark on the losses; and does a falling loss of D look like being fooled?",
    },
    why="Held-out images decide (08.10): it was the training with 300 images.",
)

# %% [markdown]
# ### The quiz
#
# Nine trainings from the record, without their names: seven sick ones, each with a disease of its own, two
# healthy. (Training 9 you know already.) Look at curves and samples, then press an answer; what speaks against a
# wrong one is said below. The batch leak is not among them: nothing in such charts shows it. Three will do for today.

# %%
quiz.quiz(runs)

# %% [markdown]
# Curves and samples raise a suspicion; which of two diseases it is, a test decides.
#
# ## Recap
#
# - A disease has a test with a limit; what lies beyond it with every seed is sick, what looks odd once is an
#   anecdote.
# - Where $D$ is sure, few points carry the minimax gradient. That alone was no disease: a new optimizer had to come
#   in.
# - A game that circles calmed with a shorter memory. R1 damps near rest, and at $\gamma = 1$ made $D$ too flat here.
# - The Wasserstein loss needs a $D$ of bounded slope, and one near its best.
# - Collapse is counted in kinds. A batch's deviation shows $D$ that images are alike; what shares a batch can leak.
# - Held-out images tell a $D$ that is too good from one that has learned by heart.
# - A remedy is better if its worst seed beats the others' best; one that does nothing passes once in 20 times.
#
# **Try next** Give the untreated GAN on points $\beta_1 = 0$ *and* R1 with a $\gamma$ of 0.01, with three seeds. Or
# take your own GAN, and measure how much of the lead is memory.
#
# **Solutions** are in [the solved twin](solutions/08_gan_diseases.ipynb).
#
# **Sources**
# - I. Goodfellow et al., *Generative Adversarial Networks*, 2014,
#   [arXiv:1406.2661](https://arxiv.org/abs/1406.2661).
# - M. Arjovsky and L. Bottou, *Towards Principled Methods for Training Generative Adversarial Networks*, 2017,
#   [arXiv:1701.04862](https://arxiv.org/abs/1701.04862).
# - T. Salimans et al., *Improved Techniques for Training GANs*, 2016 (one-sided label smoothing, minibatch
#   features), [arXiv:1606.03498](https://arxiv.org/abs/1606.03498).
# - C. K. Sønderby et al., *Amortised MAP Inference for Image Super-resolution*, 2017 (instance noise),
#   [arXiv:1610.04490](https://arxiv.org/abs/1610.04490).
# - L. Mescheder, A. Geiger and S. Nowozin, *Which Training Methods for GANs do actually Converge?*, 2018,
#   [arXiv:1801.04406](https://arxiv.org/abs/1801.04406).
# - M. Heusel et al., *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium*, 2017,
#   [arXiv:1706.08500](https://arxiv.org/abs/1706.08500).
# - Y. Yazıcı et al., *The Unusual Effectiveness of Averaging in GAN Training*, 2019,
#   [arXiv:1806.04498](https://arxiv.org/abs/1806.04498).
# - M. Arjovsky, S. Chintala and L. Bottou, *Wasserstein GAN*, 2017,
#   [arXiv:1701.07875](https://arxiv.org/abs/1701.07875).
# - I. Gulrajani et al., *Improved Training of Wasserstein GANs*, 2017,
#   [arXiv:1704.00028](https://arxiv.org/abs/1704.00028).
# - T. Miyato et al., *Spectral Normalization for Generative Adversarial Networks*, 2018,
#   [arXiv:1802.05957](https://arxiv.org/abs/1802.05957).
# - T. Karras et al., *Progressive Growing of GANs*, 2018 (minibatch standard deviation),
#   [arXiv:1710.10196](https://arxiv.org/abs/1710.10196).
# - S. Zhao et al., *Differentiable Augmentation for Data-Efficient GAN Training*, 2020,
#   [arXiv:2006.10738](https://arxiv.org/abs/2006.10738).
# - A. Odena, V. Dumoulin and C. Olah, *Deconvolution and Checkerboard Artifacts*, Distill 2016,
#   [doi:10.23915/distill.00003](https://doi.org/10.23915/distill.00003).
# - M. O. Hill, *Diversity and Evenness: A Unifying Notation and Its Consequences*, Ecology 54 (1973), 427-432
#   (effective numbers), [doi:10.2307/1934352](https://doi.org/10.2307/1934352).
