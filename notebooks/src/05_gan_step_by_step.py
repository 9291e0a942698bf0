# %% [markdown]
# # 05 · A GAN, step by step
#
# **After this lesson you can**
# - write down the game between a generator and a discriminator, with the right signs, and say what
#   "finished" means;
# - derive the best discriminator, find it numerically, and say what the generator minimizes then;
# - write one update of each player and the training loop by hand, and replace them by `GAN.fit`;
# - change a discriminator's architecture, and foresee what its generator will do;
# - read the pictures and curves of a training without falling for three usual misreadings.
#
# **You need** cross-entropy and divergences (lesson 02), gradients with `GradientTape` (lesson 03)
# and Adam (lesson 04). If you have not taken them: a *loss* is a number to make small, a *gradient*
# says in which direction it grows, an *optimizer* makes small steps against it; a *divergence* says
# how different two distributions are, and is 0 when they are equal.
#
# **Time** 119 minutes: 85 for the core sections, 34 for the optional parts. All cells together run
# for about a minute on two CPU cores.
#
# Everything happens with points in the plane instead of images. There you can see all that a GAN
# does at once: the data, the discriminator's opinion of every place, and where each generated point
# is being pulled. Lesson 06 changes the networks and keeps the game.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, metrics, plots
from course_utils.lessons.gan_step_by_step import designs, mistakes, stepper, unknown_game
from course_utils.models import gan, gan_losses, networks, trial

# %% tags=["parameters"]
SEED = 0
LATENT_SIZE = 2
BATCH_SIZE = 128
GENERATOR_RATE = 0.001
DISCRIMINATOR_RATE = 0.002
NUM_STEPS = 2000  # test: 40
NUM_SIDE_STEPS = 500  # test: 20

# %% [markdown]
# ## 1. The game (core, 11 minutes)
#
# ### Sampling what we cannot write down
#
# Nobody can write down a formula for the probability of a photograph. What we have is a set of
# examples: *samples* from an unknown density $p$. We want a machine that makes new samples.
#
# Our stand-in is a set of points from eight small clouds on a circle. We know its formula, but no
# network will be told. Each cloud is one **mode** of the data, as shoes and shirts are modes of
# clothing.
#
# The **generator** $G$ is a network that turns random numbers $z$, the *latents*, drawn from a
# standard normal distribution $\mathcal N(0, I)$, into points $G(z)$. Those points have some
# density $q$. We cannot write $q$ down either, but we can draw from it as often as we like. (In this
# lesson and in lesson 12 the letter $q$ means the *generator's* density; in lessons 09 and 10 it means the
# encoder's distribution of latents.)

# %%
points = data.toy("ring", 20_000, seed=SEED)
keras.utils.set_random_seed(SEED)
generator = networks.dense_generator(LATENT_SIZE)
latents = np.random.default_rng(SEED).standard_normal((500, LATENT_SIZE), dtype=np.float32)
plots.scatter_points(
    {"real": points[:500], "generated": generator(latents).numpy()},
    "Real points form eight clouds on a circle; those of the untrained generator lie elsewhere.",
)

# %% [markdown]
# The two sets differ, and you see it at once. How can a *network* be told, in a form that it can
# follow downhill? The idea of Goodfellow et al. (2014): let a second network learn to see the
# difference.
#
# The **discriminator** $D$ looks at a point and answers with the probability that it is real. Inside,
# the network computes a *logit* $\ell(x)$, any real number, and
# $D(x) = \sigma(\ell(x)) = 1 / (1 + e^{-\ell(x)})$.
#
# ### The value of the game
#
# $$V(D, G) \;=\; \mathbb{E}_{x \sim p}\big[\log D(x)\big] \;+\;
#   \mathbb{E}_{z \sim \mathcal N(0, I)}\big[\log\big(1 - D(G(z))\big)\big]$$
#
# The first mean runs over *real* points, the second over latents and thereby over *generated* points.
# The discriminator wants $V$ large: $D$ near 1 on real points, near 0 on generated ones. The
# generator wants $V$ small, and can change the second term only. A game in which one player's gain
# is the other's loss is a **minimax game**: $\min_G \max_D V(D, G)$.
#
# ### Exercise 05.1 (3 minutes)
#
# A discriminator answers 0.8 and 0.5 for two real points, 0.4 and 0.5 for two generated ones.
# What is $V$, with means over these samples? (Natural logarithms: `np.log`.)

# %% tags=["exercise"]
on_real = np.array([0.8, 0.5])
on_generated = np.array([0.4, 0.5])
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = np.log(on_real).mean() + np.log(1 - on_generated).mean()

# %% tags=["check"]
checks.check_number(
    "05.1",
    answer_1,
    expected=np.log([0.8, 0.5]).mean() + np.log([0.6, 0.5]).mean(),
    hints=[
        (np.log([0.8, 0.5, 0.6, 0.5]).sum(), "take the mean over each pair, not the sum."),
        (np.log([0.8, 0.5, 0.6, 0.5]).mean(), "that is half of V: a mean for each pair, then add."),
        (np.log(0.65) + np.log(0.55), "take the logarithms first, then the mean of each pair."),
        (np.log([0.8, 0.5]).mean(), "that is the term of the real points only."),
        (np.log([0.6, 0.5]).mean(), "that is the term of the generated points only."),
        (-np.log([0.8, 0.5]).mean() - np.log([0.6, 0.5]).mean(), "that is minus V, the loss of D."),
        (
            np.log([0.8, 0.5]).mean() + np.log([0.4, 0.5]).mean(),
            "the second term takes the logarithm of 1 - D.",
        ),
        (np.log([0.8, 0.5]).mean() - np.log([0.6, 0.5]).mean(), "both terms are added."),
    ],
    hint="Mean of log D over real points, plus mean of log(1 - D) over generated points.",
    why="This discriminator is better than a coin, whose value would be 2 log 0.5 = -1.386.",
)

# %% [markdown]
# ### The algorithm in words
#
# Repeat:
# 1. Draw a batch of **real** points from the data.
# 2. Draw as many latents, and let the generator turn them into **generated** points.
# 3. Show *both* batches to the discriminator, and compute its loss $L_D = -V$.
# 4. **Update the discriminator**: one step against the gradient of $L_D$ for *its* weights. The
#    generator stays as it is.
# 5. Draw fresh latents, generate points, ask the updated discriminator, and compute the generator's
#    loss $L_G$: the second term of $V$, or one of the stand-ins of sections 2 and 3.
# 6. **Update the generator**: one step against the gradient of its loss for *its* weights. The
#    gradient flows *through* the discriminator, which stays as it is.
#
# Both halves of steps 3 and 4 are needed. A discriminator that is shown generated samples only, or that is
# never updated, cannot tell the generator anything about the data.
#
# ### What "finished" means
#
# The game is at rest when neither player can gain by moving. That is the case when $q = p$ and
# $D(x) = \tfrac12$ for **every** $x$: no discriminator can tell the two apart, and one that answers the same
# everywhere gives the generator no direction. Then
# $V = \log\tfrac12 + \log\tfrac12 = -\log 4 \approx -1.386$. Section 2 proves it. "Finished" is
# therefore a statement about two distributions. It does *not* say that a loss is small: the
# discriminator's loss ends near $+1.386$, the loss of a coin.
#
# ### Exercise 05.2 (3 minutes)
#
# Which of these are true? Answer with all their letters, such as `"a, b"`.
# - **a** The discriminator is updated with real and with generated points.
# - **b** While the generator is updated, the discriminator's weights stay as they are.
# - **c** At the end the discriminator should be right all the time.
# - **d** At the end the value of the game is 0.
# - **e** The generator never sees a real point; it learns from the gradient of its loss, which comes to it
#   through the discriminator.

# %% tags=["exercise"]
# -- stub --
answer_2 = ...
# -- solution --
answer_2 = "a, b, e"

# %% tags=["check"]
checks.check_choice(
    "05.2",
    answer_2,
    expected={"a", "b", "e"},
    options="abcde",
    hints={
        "a, b, c, e": "if D is right all the time, the generated points are easy to tell apart.",
        "a, b, d, e": "compute V for D = 1/2 everywhere.",
        "a, b": "look for a real point in steps 5 and 6.",
    },
    hint="Go through the six steps of the algorithm, then through what finished means.",
    why="(c) describes a generator that failed, and at the end V is -log 4.",
)

# %% [markdown]
# ## 2. The best discriminator (core, 9 minutes)
#
# Hold the generator still, and with it $q$. Written with densities, the value is one integral over
# the plane:
#
# $$V = \int \underbrace{\Big[\, p(x) \log D(x) + q(x) \log(1 - D(x)) \,\Big]}_{f(D(x))}\, dx.$$
#
# If $D$ may be any function, each place $x$ can be treated by itself: choose the number $d = D(x)$
# that makes $f(d) = p \log d + q \log(1-d)$ largest. Set the derivative to zero,
#
# $$f'(d) = \frac{p}{d} - \frac{q}{1-d} = 0
#   \quad\Longleftrightarrow\quad p\,(1-d) = q\,d
#   \quad\Longleftrightarrow\quad
#   \boxed{D^*(x) = \frac{p(x)}{p(x) + q(x)}}$$
#
# and since $f''(d) = -p/d^2 - q/(1-d)^2 < 0$, this is the maximum. Where real points are three times
# as frequent as generated ones, the best discriminator says ¾. Its logit is
# $\log\frac{D^*}{1-D^*} = \log\frac{p}{q}$, the **log-odds**.
#
# ### Exercise 05.3 (3 minutes)
#
# Write $D^*$ as a function of the two densities.


# %% tags=["exercise"]
def best_discriminator(p, q):
    # -- stub --
    return ...
    # -- solution --
    return p / (p + q)


# %% tags=["check"]
checks.check_function(
    "05.3",
    best_discriminator,
    expected=lambda p, q: p / (p + q),
    cases=[(np.array([0.3, 0.1, 0.05]), np.array([0.1, 0.1, 0.2])), (0.5, 0.25)],
    hints=[
        (lambda p, q: q / (p + q), "that is 1 - D*: it is near 1 where generated points are."),
        (lambda p, q: p / q, "those are the odds, p against q; D* is a probability."),
        (lambda p, q: np.log(p / q), "that is the logit of D*, not D*."),
        (lambda p, q: 2 * p / (p + q), "that is p / m, with m the mean of both: twice D*."),
        (lambda p, q: (p > q) * 1.0, "D* is a probability, no decision between 0 and 1."),
    ],
    hint="Real points' share of all points that fall on x.",
    why="A classifier between two sets learns how much more frequent the one is at each place.",
)

# %% [markdown]
# A derivation deserves a test. **First way:** at one place with $p = 0.3$ and $q = 0.1$, try many
# values of $d$ and see which makes $f(d)$ largest.

# %% tags=["check-output"]
tried = np.linspace(0.001, 0.999, 999)
f = 0.3 * np.log(tried) + 0.1 * np.log(1 - tried)
print(f"largest f at d = {tried[f.argmax()]:.3f}   (formula: {0.3 / (0.3 + 0.1):.3f})")

# %% [markdown]
# **Second way:** let a network find it. Real numbers come from $\mathcal N(-1, 0.7^2)$, generated
# ones from $\mathcal N(1, 1)$, and a small dense discriminator trains on *samples* with the loss
# $L_D = -V$. It is never told a density.


# %%
def normal_density(x, mean, deviation):
    return np.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * np.sqrt(2 * np.pi))


keras.utils.set_random_seed(SEED)
classifier = networks.dense_discriminator(num_features=1, widths=(32, 32))
optimizer = keras.optimizers.Adam(0.003)


@tf.function
def improve_classifier():
    real = tf.random.normal((512, 1), mean=-1.0, stddev=0.7)
    fake = tf.random.normal((512, 1), mean=1.0, stddev=1.0)
    with tf.GradientTape() as tape:
        loss = gan_losses.minimax_discriminator_loss(classifier(real), classifier(fake))
    weights = classifier.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


for _ in range(NUM_SIDE_STEPS):
    improve_classifier()

# %%
x = np.linspace(-3, 3, 241)
p, q = normal_density(x, -1, 0.7), normal_density(x, 1, 1)
formula = p / (p + q)
found = tf.sigmoid(classifier(x[:, np.newaxis].astype("float32")))[:, 0].numpy()
error = np.average(np.abs(found - formula), weights=p + q)
print(f"mean difference between network and formula: {error:.3f}   (expected: below 0.02)")
plots.curves(
    {"p (real)": p, "q (generated)": q, "p / (p + q)": formula, "trained network": found},
    "The trained network's probability follows p / (p + q) closely where there are samples.",
    "x",
    "density, probability",
    x=x,
)

# %% [markdown]
# The last two curves coincide, though the network saw samples only. A classifier between
# two sets of samples is a way to *measure a ratio of densities* that nobody wrote down.
#
# ### What the generator minimizes, at the best discriminator
#
# Put $D^*$ back into the value. With $m = \tfrac12 (p + q)$ we have $D^* = p / (2m)$ and
# $1 - D^* = q / (2m)$, so
#
# $$V(D^*, G) = \int p \log\frac{p}{2m} + \int q \log\frac{q}{2m}
#   = -\log 4 + \mathrm{KL}(p\,\|\,m) + \mathrm{KL}(q\,\|\,m)
#   = -\log 4 + 2\,\mathrm{JS}(p\,\|\,q).$$
#
# Here $\mathrm{KL}(p\,\|\,m) = \int p \log\frac pm$, the Kullback-Leibler divergence, measures how far $p$
# is from $m$: it is never negative, and 0 only for $p = m$. The mean of the two,
# $\mathrm{JS}(p\,\|\,q) = \tfrac12\mathrm{KL}(p\,\|\,m) + \tfrac12\mathrm{KL}(q\,\|\,m)$, is the Jensen-Shannon
# divergence.
#
# $\mathrm{JS}$ is 0 if and only if $p = q$, and at most $\log 2$. That
# proves what "finished" claims: the smallest value that the generator can reach is $-\log 4$, and it
# does so at $q = p$, where $D^* = \tfrac12$ everywhere.

# %% tags=["check-output"]
x = np.linspace(-8, 8, 16_001)
dx = x[1] - x[0]
p, q = normal_density(x, -1, 0.7), normal_density(x, 1, 1)
best = p / (p + q)
value = np.sum(p * np.log(best) + q * np.log(1 - best)) * dx
m = (p + q) / 2
jensen_shannon = 0.5 * np.sum(p * np.log(p / m) + q * np.log(q / m)) * dx
rng = np.random.default_rng(SEED)
real, fake = rng.normal(-1, 0.7, 10**6), rng.normal(1, 1, 10**6)
log_odds = [np.log(normal_density(s, -1, 0.7) / normal_density(s, 1, 1)) for s in (real, fake)]
sampled = -np.logaddexp(0, -log_odds[0]).mean() - np.logaddexp(0, log_odds[1]).mean()
print(f"V at D*, integral:          {value:.3f}")
print(f"2 JS - log 4, integral:     {2 * jensen_shannon - np.log(4):.3f}")
print(f"V at D*, a million samples: {sampled:.2f}")

# %% [markdown]
# Expected: -0.559, from samples -0.56. Three ways, one number: the derivation holds.
# ($\log D = -\log(1 + e^{-\ell})$ and $\log(1-D) = -\log(1 + e^{\ell})$; `np.logaddexp(0, t)` is
# $\log(1 + e^t)$ without overflow.)
#
# **A claim that goes too far:** "GANs minimize the Jensen-Shannon divergence." That holds under two
# conditions only: for the **minimax** loss, and **at the best discriminator**. In a real training the
# discriminator is some steps behind; and the other losses of the generator, which section 3 needs, have
# other goals.
#
# ### Three losses, three goals (optional, 8 minutes)
#
# | loss of the generator | formula | its gradient for $G$'s weights, with $D$ held at the best answer to the present $q$, is that of |
# |---|---|---|
# | minimax | $\mathbb{E}_z \log(1 - D(G(z)))$ | $2\,\mathrm{JS}(p \,\Vert\, q)$ |
# | non-saturating | $-\mathbb{E}_z \log D(G(z))$ | $\mathrm{KL}(q \,\Vert\, p) - 2\,\mathrm{JS}(p \,\Vert\, q)$ |
# | hinge | $-\mathbb{E}_z\, \ell(G(z))$ | $\int \lvert p - q \rvert$, which is 0 for $p = q$ and 2 where nothing overlaps |
#
# The second is a curious mixture: it pulls $q$ into $p$ and pushes the two apart at once (Arjovsky
# and Bottou 2017). In the third, the discriminator minimizes
# $\mathbb{E}_x \max(0, 1 - \ell(x)) + \mathbb{E}_z \max(0, 1 + \ell(G(z)))$, whose best logit is only the
# sign of $p - q$ wherever both occur: a hinge logit is **no** probability.
#
# **Why may $D$ be held**, although the best $D$ changes with $q$? First, because the update does so: it
# takes the gradient for $G$'s weights alone. Second, because in the first row nothing is lost. When the
# generator's weights change, $V(D^*, G)$ changes in two ways: directly, and because $D^*$ follows. But $D^*$ is
# the *maximum* of $V$ over all $D$, and at a maximum the slope is 0: to first order, following
# adds nothing. What is left is the direct change, which comes from the second term of $V$ alone, the minimax
# loss. So its gradient is that of $V(D^*, G) = 2\,\mathrm{JS} - \log 4$ (an *envelope theorem*). For the
# other two losses the first reason has to do, and the third column was found by differentiating.
#
# **The check.** Let $p = \mathcal N(0, 1)$ and let the generator's only weight be the mean $\theta$ of
# $q_\theta = \mathcal N(\theta, 0.8^2)$. First way: the derivative of the generator's loss, with the
# best discriminator *held*. Second way: the derivative of the divergence in the table.

# %% tags=["check-output"]
x = np.linspace(-9, 11, 200_001)
dx = x[1] - x[0]
p = normal_density(x, 0, 1)


def moving_q(theta):
    return normal_density(x, theta, 0.8)


def js(q):
    m = (p + q) / 2
    return 0.5 * np.sum(p * np.log(p / m) + q * np.log(q / m)) * dx


def slope(function, theta=1.5, step=1e-3):
    return (function(theta + step) - function(theta - step)) / (2 * step)


# %% tags=["check-output"]
q_now = moving_q(1.5)
best, other = p / (p + q_now), q_now / (p + q_now)  # D* and 1 - D*, held fixed
generator_losses = {
    "minimax": lambda t: np.sum(moving_q(t) * np.log(other)) * dx,
    "non-saturating": lambda t: -np.sum(moving_q(t) * np.log(best)) * dx,
    "hinge": lambda t: -np.sum(moving_q(t) * np.sign(p - q_now)) * dx,
}
divergences = {
    "minimax": lambda t: 2 * js(moving_q(t)),
    "non-saturating": lambda t: (
        np.sum(moving_q(t) * np.log(moving_q(t) / p)) * dx - 2 * js(moving_q(t))
    ),
    "hinge": lambda t: np.sum(np.abs(p - moving_q(t))) * dx,
}
for name, loss in generator_losses.items():
    print(f"{name:15} loss {slope(loss):.3f}   divergence {slope(divergences[name]):.3f}")

# %% [markdown]
# Expected: 0.510, 0.990 and 0.617, each twice. The columns agree, row by row, and the rows differ: three
# losses, three different objectives.

# %% [markdown]
# ## 3. Losses, signs, and two different obstacles (core, 15 minutes)
#
# Both players *minimize*. The discriminator's loss is minus the value; the generator's is what it can change
# of the value, or a stand-in for it, the **non-saturating** loss:
#
# $$\begin{aligned}
# L_D &= -\,\mathbb{E}_{x\sim p}\big[\log D(x)\big] \;-\; \mathbb{E}_{z}\big[\log(1 - D(G(z)))\big], \\
# L_G^{\text{minimax}} &= +\,\mathbb{E}_{z}\big[\log(1 - D(G(z)))\big], \qquad
# L_G^{\text{non-saturating}} = -\,\mathbb{E}_{z}\big[\log D(G(z))\big].
# \end{aligned}$$
#
# $L_D$ has **two minus signs**. What would a plus before the second term do?
#
# ### The wrong sign
#
# Take a discriminator whose logit is the same number $\ell$ everywhere. Then
# $-\log D = \log(1 + e^{-\ell})$ and $\log(1 - D) = -\log(1 + e^{\ell})$, and the wrong loss is
#
# $$\log(1 + e^{-\ell}) - \log(1 + e^{\ell})
#   = \log\frac{1 + e^{-\ell}}{1 + e^{\ell}} = \log e^{-\ell} = -\ell .$$
#
# It falls without end as $\ell$ grows: the wrong loss is **unbounded below**, and its favorite is
# to call *everything* real. The right loss of the same discriminator is never below $\log 4$:

# %% tags=["check-output"]
for logit in (0.0, 5.0, 50.0):
    on_real, on_generated = np.logaddexp(0, -logit), np.logaddexp(0, logit)
    wrong_sign, right_signs = on_real - on_generated, on_real + on_generated
    print(f"logit {logit:4.0f}: wrong sign {wrong_sign:6.2f}, right signs {right_signs:5.2f}")

# %% [markdown]
# Expected: $-\ell$ in the first column of losses; $\log 4 = 1.39$ and more in the second.
#
# ### Exercise 05.4 (4 minutes)
#
# Write the right loss from logits, in NumPy, with a mean over each set. Use $-\log D = \log(1 + e^{-\ell})$
# and $-\log(1-D) = \log(1 + e^{\ell})$ with `np.logaddexp(0, t)`, so that a large logit does no harm.


# %% tags=["exercise"]
def discriminator_loss(real_logits, fake_logits):
    # -- stub --
    return ...
    # -- solution --
    on_real = np.logaddexp(0, -real_logits).mean()
    return on_real + np.logaddexp(0, fake_logits).mean()


# %% tags=["check"]
checks.check_function(
    "05.4",
    discriminator_loss,
    expected=lambda real, fake: gan_losses.minimax_discriminator_loss(real, fake),
    cases=[
        (np.array([2.0, 0.5, -1.0]), np.array([-2.0, 0.5])),
        (np.array([[3.0], [1.5]]), np.array([[0.5], [-4.0], [1.0]])),  # as networks give them
        (np.array([1000.0, -1000.0]), np.array([1000.0, -1000.0])),
    ],
    hints=mistakes.DISCRIMINATOR_LOSS,
    hint="The mean of logaddexp(0, -real_logits), plus the mean of logaddexp(0, fake_logits).",
    why="It is the binary cross-entropy of lesson 02 with the labels 1 (real) and 0 (generated).",
)

# %% [markdown]
# ### First obstacle: the minimax gradient saturates
#
# The generator learns from the derivative of its loss by the logit of each generated point. By the
# chain rule, with $\sigma' = \sigma(1-\sigma)$:
#
# $$\frac{d}{d\ell}\log(1 - \sigma(\ell)) = -\sigma(\ell) = -D,
#   \qquad
#   \frac{d}{d\ell}\big(-\log \sigma(\ell)\big) = -(1 - D).$$
#
# Descent goes against the derivative. We call its negative the **pull** on the logit: $D$ for the minimax
# loss, $1 - D$ for the non-saturating one, and 1, always, for a third, the *hinge* loss
# $-\mathbb{E}_z\,\ell(G(z))$, which asks for a higher logit without end.

# %%
logits = tf.linspace(-10.0, 10.0, 201)
gradients = {}
for name in ("minimax", "non_saturating", "hinge"):
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = gan_losses.gan_loss(name).generator(logits) * len(logits)  # a sum, not a mean
    gradients[name.replace("_", "-")] = -tape.gradient(loss, logits).numpy()
d = tf.sigmoid(logits).numpy()
print("minimax agrees with D:           ", np.allclose(gradients["minimax"], d, atol=1e-6))
print(
    "non-saturating agrees with 1 - D:", np.allclose(gradients["non-saturating"], 1 - d, atol=1e-6)
)
print(f"at logit -10: minimax {gradients['minimax'][0]:.6f}, ", end="")
print(f"non-saturating {gradients['non-saturating'][0]:.6f}")
plots.curves(
    gradients,
    "Pull on a generated point's logit: the minimax loss does not pull where D is sure that the "
    "point is generated, on the left; the non-saturating loss pulls most strongly there.",
    "logit of a generated point (left: D is sure that it is generated)",
    "pull upwards",
    x=logits.numpy(),
)

# %% [markdown]
# On the left, where the discriminator is sure that a point is generated, the minimax loss hardly
# pulls: 0.000045 at a logit of -10. Those are the *worst* points, which need the pull most.
#
# **A tempting error** says that this happens because "the generator is perfect". It is the other way
# round: the gradient vanishes where $D(G(z))$ is near **0**, so where the *discriminator* is far
# ahead. The remedy is to change the loss: the non-saturating one has the same goal for each point,
# a higher logit, but pulls with $1 - D$. At $D = 0.02$ that is 49 times the pull of the minimax loss.
#
# ### Second obstacle: JS is flat where nothing overlaps
#
# This one has nothing to do with the logit's curve. Let real numbers fill $[0, 1]$ evenly, and
# generated ones $[\theta, \theta + 1]$. Where only one of the two lives, $\log(p/m) = \log 2$; where
# they overlap, $p = q = m$ and the logarithm is 0. The overlap has the length $1 - |\theta|$, so
# $\mathrm{JS} = \min(|\theta|, 1)\,\log 2$.


# %%
def js_of_boxes(theta):
    x = np.linspace(-4, 5, 90_001) + 5e-5  # centers of small intervals
    p, q = ((x > 0) & (x < 1)) * 1.0, ((x > theta) & (x < theta + 1)) * 1.0
    ratios = [density / np.maximum((p + q) / 2, 1e-12) for density in (p, q)]
    logs = [np.log(np.where(ratio > 0, ratio, 1)) for ratio in ratios]
    return 0.5 * np.sum(p * logs[0] + q * logs[1]) * 1e-4


thetas = np.linspace(-3, 3, 121)
numeric = np.array([js_of_boxes(theta) for theta in thetas])
formula = np.minimum(np.abs(thetas), 1) * np.log(2)
print(f"largest difference from the formula: {np.abs(numeric - formula).max():.4f}   (below 0.001)")
plots.curves(
    {"JS, summed up": numeric, "min(|θ|, 1) log 2": formula},
    "Jensen-Shannon divergence of two boxes at distance θ: a valley around 0, flat at log 2 "
    "wherever they do not overlap.",
    "θ, the distance that the generator has to move its points",
    "JS",
    x=thetas,
)

# %% [markdown]
# At $\theta = 2$ and at $\theta = 3$ the divergence is $\log 2$: **the same**, though one generator is
# nearer. Its slope is 0, so a *perfect* discriminator would give the generator no direction. Arjovsky and
# Bottou (2017) expect this of images, which fill only a thin sheet in the space of all arrays of pixels. What
# helps the games below is that a network is *not* perfect but smooth: its logit slopes between the two sets,
# as the arrows of section 5 show. Other remedies (noise, penalties, other distances) belong to lesson 08.
#
# | | first obstacle | second obstacle |
# |---|---|---|
# | what is flat | the *loss*, as a function of the logit, near $D(G(z)) = 0$ | the *divergence*, as a function of the generator's weights |
# | needs a perfect discriminator? | no, one that is sure is enough | yes |
# | needs disjoint sets? | no | yes |
# | first remedy | the non-saturating loss | a smooth discriminator, overlap through noise |
#
# ### Exercise 05.5 (4 minutes)
#
# Which of the two obstacles is it? Answer with two letters, first for (i), then for (ii), with **a** for the
# first obstacle and **b** for the second; `"aa"` would be the first one twice.
#
# (i) After twenty updates of the discriminator alone, all generated points have logits near -9. With
# the minimax loss they hardly move; with the non-saturating loss they do.
#
# (ii) Real data fill a narrow strip evenly, generated points another, parallel strip; the two do not
# overlap. Somebody computes $2\,\mathrm{JS} - \log 4$ from the two densities, moves the generated strip a
# little closer, and gets the same number.

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = "ab"

# %% tags=["check"]
checks.check_choice(
    "05.5",
    answer_5,
    expected="ab",
    options=["aa", "ab", "ba", "bb"],
    hints={
        "ba": "swap them: in (i) another loss helps, in (ii) no network is involved at all.",
        "aa": "in (ii) nobody looks at a logit; the divergence itself does not change.",
        "bb": "in (i) a change of the loss helps, so the logit still has a slope.",
    },
    hint="Ask of each what is flat: the loss over the logit, or the divergence over the weights.",
    why="A change of the loss cures (i). In (ii) JS itself is flat; a training on such sets needs a smooth "
    "discriminator, or noise that makes them overlap.",
)

# %% [markdown]
# ## 4. By hand (core, 18 minutes)
#
# Two dense networks, each with two hidden layers of 64. The generator ends in two numbers, a point;
# the discriminator in one, the logit. No activation at the end of either: points may lie anywhere,
# and the loss wants the plain logit. $2\cdot64+64 + 64\cdot64+64 + 64\cdot2+2 = 4{,}482$ weights for the
# generator, 65 fewer for the discriminator, whose last layer has one output.

# %%
keras.utils.set_random_seed(SEED)
generator = networks.dense_generator(LATENT_SIZE, widths=(64, 64))
discriminator = networks.dense_discriminator(num_features=2, widths=(64, 64))
print(f"weights: {generator.count_params():,} and {discriminator.count_params():,}")

# %% [markdown]
# ### One update of the discriminator
#
# Steps 1 to 4 of the algorithm. Look at the line with `tape.gradient`: it asks for the
# gradient of the **discriminator's** weights only. That keeps the generator out of it.

# %% tags=["check-output"]
random = np.random.default_rng(SEED)
discriminator_optimizer = keras.optimizers.Adam(DISCRIMINATOR_RATE, beta_1=0.5, beta_2=0.99)
generator_before = [weight.numpy() for weight in generator.weights]

real = points[:BATCH_SIZE]
latents = random.standard_normal((BATCH_SIZE, LATENT_SIZE), dtype=np.float32)
fake = generator(latents)
with tf.GradientTape() as tape:
    loss = gan_losses.minimax_discriminator_loss(discriminator(real), discriminator(fake))
weights = discriminator.trainable_variables
discriminator_optimizer.apply(tape.gradient(loss, weights), weights)

after = gan_losses.minimax_discriminator_loss(discriminator(real), discriminator(fake))
print("real, generated, logits:", real.shape, fake.shape, discriminator(fake).shape)
print("its loss on these points fell:", bool(after < loss))
same = all(np.array_equal(a, b) for a, b in zip(generator_before, generator.weights, strict=True))
print("generator's weights are as before:", same)

# %% [markdown]
# `fake` was made *before* the tape began to record, so no gradient can reach the generator.
#
# ### One update of the generator
#
# Steps 5 and 6: fresh latents, and now the generator *is* under the tape, because its gradient flows
# from the logit through the discriminator into the points and from there into the weights. This one is
# yours.
#
# ### Exercise 05.6 (7 minutes)
#
# Write one update of the generator with the non-saturating loss, for any pair of networks: generate points
# from `latents`, ask the discriminator, and make one step with `optimizer`, for the generator's weights alone.
# Return the loss before the step. The update of the discriminator above is your pattern;
# `gan_losses.non_saturating_generator_loss` takes the logits of generated points.


# %% tags=["exercise"]
def generator_step(generator, discriminator, optimizer, latents):
    # -- stub --
    return ...
    # -- solution --
    with tf.GradientTape() as tape:
        fake_logits = discriminator(generator(latents))
        loss = gan_losses.non_saturating_generator_loss(fake_logits)
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% tags=["check"]
checks.check_update(
    "05.6",
    generator_step,
    trial.generator_update("non_saturating", image_shape=(2,), latent_size=2),
    hints={
        "minimax": "along the gradient of the minimax loss; the non-saturating one is asked for."
    },
    hint="Record generator, discriminator and loss on one tape; then the generator's weights.",
    why="The gradient went through the discriminator, whose weights stayed as they were.",
)

# %% [markdown]
# ### The arrows of the stepper (optional, 7 minutes)
#
# Section 5 draws an arrow at each generated point. This is what it is.
#
# ### Exercise 05.7 (6 minutes)
#
# Where does the generator's loss send a generated point $x$? Against its gradient. Take a
# discriminator with the straight logit $\ell(x) = a \cdot x + b$, where $a$ is an array of two
# numbers, and the non-saturating loss of this one point, $-\log \sigma(\ell(x))$. Write the arrow
# $-\nabla_x$ of that loss as a function of `x`, `a` and `b`. You have both factors of the chain rule:
# the pull on the logit from section 3, and the gradient of $\ell$ by $x$, the array of its two
# derivatives. ($a \cdot x$ is one number, `a @ x`.)


# %% tags=["exercise"]
def arrow(x, a, b):
    # -- stub --
    return ...
    # -- solution --
    d = 1 / (1 + np.exp(-(a @ x + b)))
    return (1 - d) * a


# %% tags=["check"]
checks.check_function(
    "05.7",
    arrow,
    expected=lambda x, a, b: a / (1 + np.exp(a @ x + b)),
    cases=[
        (np.array([0.0, 0.0]), np.array([1.0, -2.0]), 0.0),
        (np.array([1.0, 0.5]), np.array([2.0, 1.0]), -1.0),
    ],
    hints=mistakes.ARROW,
    hint="The pull, 1 - D, times the gradient of the logit by x, which is a.",
    why="Every arrow in the stepper below is made so: pull times the slope of the logit.",
)

# %% [markdown]
# ### The loop
#
# The two updates as functions, for any pair of networks. `tf.function` translates each into a fixed plan
# of computations, once, and then runs that plan.


# %%
def make_updates(generator, discriminator):
    """Two functions; each updates one player once and returns that player's loss."""
    adam = {"beta_1": 0.5, "beta_2": 0.99}
    discriminator_optimizer = keras.optimizers.Adam(DISCRIMINATOR_RATE, **adam)
    generator_optimizer = keras.optimizers.Adam(GENERATOR_RATE, **adam)

    @tf.function
    def update_discriminator(real):
        fake = generator(tf.random.normal((BATCH_SIZE, LATENT_SIZE)))
        with tf.GradientTape() as tape:
            loss = gan_losses.minimax_discriminator_loss(discriminator(real), discriminator(fake))
        weights = discriminator.trainable_variables
        discriminator_optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    @tf.function
    def update_generator():
        with tf.GradientTape() as tape:
            fake = generator(tf.random.normal((BATCH_SIZE, LATENT_SIZE)))
            loss = gan_losses.non_saturating_generator_loss(discriminator(fake))
        weights = generator.trainable_variables
        generator_optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return update_discriminator, update_generator


# %% [markdown]
# ### How good is a generator of points?
#
# Two numbers. A mode counts as *covered* when at least 16 of 512 generated points lie within 0.15 of its
# center: three standard deviations, and a quarter of an equal share. And a generated point is *on target*
# when it lies within 0.15 of any center; of the real points 99 % are.


# %%
def quality(generator):
    """Modes covered, and the share of generated points on target, of 512 points; and the points."""
    latents = np.random.default_rng(7).standard_normal((512, LATENT_SIZE), dtype=np.float32)
    generated = generator(latents).numpy()
    covered = metrics.modes_covered(generated, data.toy_modes("ring"), radius=0.15, at_least=16)
    return covered, metrics.on_target_share(generated, "ring", points), generated


# %% [markdown]
# **Always read both.** Points that lie evenly around the circle, as if it had no clouds, come near every
# center. How often do 512 of them "cover" all 8 modes?

# %% tags=["check-output"]
full, shares = [], []
for draw in range(500):
    random = np.random.default_rng(draw)
    angles = random.uniform(0, 2 * np.pi, 512)
    evenly = np.stack([np.cos(angles), np.sin(angles)], axis=1) + random.normal(0, 0.05, (512, 2))
    full.append(metrics.modes_covered(evenly, data.toy_modes("ring"), 0.15, 16) == 8)
    shares.append(metrics.on_target_share(evenly, "ring", points))
print(f"8 of 8 modes: in {100 * np.mean(full):.0f} % of 500 draws")
print(f"points on target: {100 * np.mean(shares):.0f} %")

# %% [markdown]
# Expected: 8 of 8 in about two thirds of the draws, with no more than 36 % on target. "8 of 8 modes" alone says
# little. Nor does the other number alone: a generator that draws one cloud only would be 99 % on target.
#
# ### Write the counter (optional, 9 minutes)
#
# ### Exercise 05.8 (8 minutes)
#
# How many of the `modes` (m, 2) have at least `at_least` of the `points` (n, 2) within `radius`? With
# `points[:, np.newaxis] - modes` you get all differences, shape (n, m, 2), and with
# `np.linalg.norm(…, axis=2)` all distances, shape (n, m).


# %% tags=["exercise"]
def count_covered(points, modes, radius, at_least):
    # -- stub --
    return ...
    # -- solution --
    distances = np.linalg.norm(points[:, np.newaxis] - modes, axis=2)
    return int(((distances <= radius).sum(axis=0) >= at_least).sum())


# %% tags=["check"]
checks.check_function(
    "05.8",
    count_covered,
    expected=metrics.modes_covered,
    cases=[
        (np.array([[0.0, 0], [0.1, 0], [1, 1], [3, 3]]), np.array([[0.0, 0], [1, 1]]), 0.2, 2),
        (data.toy("ring", 100, seed=1), data.toy_modes("ring"), 0.15, 13),
        (mistakes.NEAR_POINTS, mistakes.NEAR_MODES, 0.5, 2),
        (mistakes.NEAR_POINTS[:2], np.zeros((3, 2)), 0.5, 1),
    ],
    hints=mistakes.COUNT_COVERED,
    hint="Distances (n, m); how many are small for each mode, axis 0; how many modes have enough.",
    why="The lesson goes on with metrics.modes_covered, which does the same.",
)


# %% [markdown]
# ### The training
#
# The whole algorithm in four lines; the rest keeps records.


# %%
def real_batches(num_steps):
    """Random batches of the real points."""
    random = np.random.default_rng(SEED)
    for _ in range(num_steps):
        yield tf.constant(points[random.integers(len(points), size=BATCH_SIZE)])


# %%
keras.utils.set_random_seed(SEED)
generator = networks.dense_generator(LATENT_SIZE)
discriminator = networks.dense_discriminator()
update_discriminator, update_generator = make_updates(generator, discriminator)

good = {"generator's loss": [], "modes covered / 8": [], "on target": []}
recorded, stages = [], {"before": {"real": points[:500], "generated": quality(generator)[2]}}
for step, real in enumerate(real_batches(NUM_STEPS), start=1):
    update_discriminator(real)
    loss = update_generator()
    if step % (NUM_STEPS // 20) == 0:
        covered, on_target, generated = quality(generator)
        for name, value in zip(good, (loss, covered / 8, on_target), strict=True):
            good[name].append(float(value))
        recorded.append(step)
        if step in (NUM_STEPS // 10, NUM_STEPS // 4, NUM_STEPS):
            stages[f"step {step:,}: {covered} modes"] = {
                "real": points[:500],
                "generated": generated,
            }

# %%
covered, on_target, _ = quality(generator)
print(f"modes covered: {covered} of 8, on target: {100 * on_target:.0f} %")
plots.scatter_panels(
    stages,
    "Generated points before, during and after the training: a blob spreads, finds the circle, and "
    "breaks up into the eight clouds.",
)

# %% [markdown]
# Expected after 2,000 steps: all 8 modes, and more than 80 % on target (with the seeds 0 to 4: 86 to 93 %). The
# few points between the clouds are no accident: the generator is a continuous function, and where neighboring
# latents go to two different clouds, some have to land on the way.
#
# ### Why the updates alternate
#
# Each player's advice to the other is right only for a short while. What if the generator trained on against
# a discriminator that holds still? Its best answer is to send **every** latent to wherever this discriminator
# is most convinced, be there real points or not. Try it, from step 50 of a new game on:

# %%
keras.utils.set_random_seed(SEED)
lone_generator, frozen = networks.dense_generator(LATENT_SIZE), networks.dense_discriminator()
update_discriminator, update_generator = make_updates(lone_generator, frozen)
for real in real_batches(50):
    update_discriminator(real)
    update_generator()
lone = {"generator's loss": [], "modes covered / 8": [], "on target": []}
for _ in range(NUM_SIDE_STEPS):  # from here on the discriminator is frozen
    loss = update_generator()
    covered, on_target, generated = quality(lone_generator)
    for name, value in zip(lone, (loss, covered / 8, on_target), strict=True):
        lone[name].append(float(value))
first, last = np.mean(lone["generator's loss"][:10]), np.mean(lone["generator's loss"][-10:])
distance = np.linalg.norm(generated, axis=1).mean()
print(f"generator's loss: from {first:.2f} to {last:.4f}; modes covered: {covered} of 8")
print(f"mean distance from the center: {distance:.0f}   (of real points: 1)")
plots.scatter_points(
    {"real": points[:500], "generated": generated},
    "After 500 updates of the generator alone: its points are far from the data, which are the "
    "small ring near the center.",
)

# %% [markdown]
# Expected: the loss falls from between 0.6 and 1.2 to below 0.02, and the points fly to a mean distance of more
# than 3 (with the seeds 0 to 4: 5 to 78), into a region where no real point ever taught this discriminator to
# say no.
#
# The other extreme, a discriminator far ahead of the generator, leads with the minimax loss straight into the
# first obstacle: the fourth experiment of section 5 shows it. One update of each in turn keeps the
# discriminator's advice fresh.
#
# ### The same with `gan.GAN`
#
# Every model of the course has the same verbs. `GAN` takes our two networks and does our two updates,
# in the same order, with the same optimizers and as many steps. Three things differ. The generator learns from
# the very points that the discriminator has just judged, instead of fresh ones, which saves one call of it; `fit` goes
# through the shuffled points, where our loop draws at random; and by default `sample` and `generate` use a running
# *average* of the generator's weights. `average_decay=0` switches it off here.

# %%
keras.utils.set_random_seed(SEED)
model = gan.GAN(
    generator=networks.dense_generator(LATENT_SIZE),
    discriminator=networks.dense_discriminator(),
    seed=SEED,
)
model.compile(
    loss="non_saturating",
    optimizer=keras.optimizers.Adam(GENERATOR_RATE, beta_1=0.5, beta_2=0.99),
    discriminator_optimizer=keras.optimizers.Adam(DISCRIMINATOR_RATE, beta_1=0.5, beta_2=0.99),
    average_decay=0.0,
)
model.fit(points, batch_size=BATCH_SIZE, steps_per_epoch=NUM_STEPS, verbose=0)
covered, on_target, _ = quality(model.generator)
print("new points:", model.sample(16, seed=1).shape)
print(f"modes covered: {covered} of 8, on target: {100 * on_target:.0f} %")

# %% [markdown]
# Expected again: 8 modes and more than 80 % (with the seeds 0 to 4: 83 to 90 %). These ranges overlap with
# those of our own loop: five seeds show no difference.

# %% [markdown]
# ## 5. The stepper (core, 10 minutes)
#
# Now you are the training loop. Bands of color show the discriminator's opinion of every place;
# circles are real points, triangles generated ones. Each arrow shows where the generator's loss wants to move
# one point: the pull on its logit times the slope of the logit. The picture shortens the
# arrows; the *mean gradient* beside it is their mean length before. It may exceed 1, since a logit may be steep.
#
# One loss is new. *Least-squares* (Mao et al. 2017) asks for logits of 1 on real points and 0 on generated
# ones, and squares what is missing: $L_D = \tfrac12\mathbb{E}_x(\ell(x) - 1)^2 + \tfrac12\mathbb{E}_z\,\ell(G(z))^2$
# and $L_G = \tfrac12\mathbb{E}_z(\ell(G(z)) - 1)^2$.
#
# All controls work by keyboard: Tab goes from one to the next, Enter presses a button, and numbers
# are typed. *D's rate* and *G's rate* are the two learning rates.

# %%
stepper.gan_stepper()

# %% [markdown]
# **Four experiments.** Say what you expect before you press.
# 1. *One round.* Press **Update D** once, then **Update G** once. Which of the two moves the bands,
#    which the triangles? (Set *Per click* to 10 to see it better.)
# 2. *Let it run.* **Run** until all 8 modes are covered: expect 200 to 600 updates of each. The bands
#    fade while the clouds fill: D is on its way to ½. **Stop** ends the run; it ends by itself after
#    3,000 updates.
# 3. *The generator alone.* **Reset**, 50 updates of D, then four clicks of 50 updates of G. The
#    triangles rush past the data, most of them out of the picture; mean D on generated points is
#    nearly 1. The generator has won against this discriminator, and learned nothing.
# 4. *Saturation.* Loss minimax, D's rate 0.01, six clicks of 50 updates of D. Mean D on generated
#    points is below 0.01, and the mean gradient below 0.3: the arrows have all but gone. Choose the
#    loss non-saturating (a new game from the same seed), the same six clicks: the mean gradient is
#    above 3.

# %% [markdown]
# ## 6. Reading pictures and curves (core, 17 minutes)
#
# ### A falling generator's loss is not progress
#
# Below are the generator's loss, the share of modes covered and of points on target, for two trainings of
# section 4: first the good one, then the generator alone against a frozen discriminator.

# %%
plots.curves(
    good,
    "The good training: the generator's loss hardly changes, while modes covered and points on "
    "target rise from nothing to all or most.",
    "step",
    "loss, share",
    x=recorded,
)
plots.curves(
    lone,
    "The generator alone: its loss falls to almost 0, and in the end it covers no mode and no point "
    "is on target.",
    "update of the generator alone",
    "loss, share",
)

# %% [markdown]
# In the good training the generator's loss stays near $\log 2 \approx 0.69$ (expected: between 0.6
# and 1.1 all the way) while everything gets better. In the bad one it falls to almost 0, which looks
# like a triumph, while the points fly away. The loss measures the generator against *this*
# discriminator. It says little, and nothing at all once the discriminator has stopped learning.
#
# ### A discriminator at 50 % is not convergence
#
# At the end $D = \tfrac12$ everywhere. The converse fails: a discriminator may be at 50 % because it
# *cannot see* the difference. Build one and see.
#
# ### Exercise 05.9 (5 minutes)
#
# Change the architecture: build a discriminator that is told the **distance** of each point from the center,
# and nothing of its direction. Let `point` be the input, compute its length as an array of shape
# (n, 1), for example with `keras.ops.norm` and its arguments `axis=1, keepdims=True`, and give
# that to `networks.dense_discriminator(num_features=1)`. Return `keras.Model(point, …)`.
#
# Before you run the game below: where will the generator's points go, and what will the loss of this
# discriminator be?


# %% tags=["exercise"]
def distance_judge():
    point = keras.Input((2,))
    # -- stub --
    return ...
    # -- solution --
    distance = keras.ops.norm(point, axis=1, keepdims=True)
    return keras.Model(point, networks.dense_discriminator(num_features=1)(distance))


# %% tags=["check"]
checks.check_design(
    "05.9",
    distance_judge,
    designs.distance_judge_fault,
    why="No loss and no number of steps will show it what its input does not contain.",
)

# %%
keras.utils.set_random_seed(SEED)
point = keras.Input((2,))
distance = keras.ops.norm(point, axis=1, keepdims=True)
half_blind = keras.Model(point, networks.dense_discriminator(num_features=1)(distance))
blind_generator = networks.dense_generator(LATENT_SIZE)
update_discriminator, update_generator = make_updates(blind_generator, half_blind)
blind_losses = []
for real in real_batches(NUM_STEPS):
    blind_losses.append(float(update_discriminator(real)))
    update_generator()
covered, on_target, generated = quality(blind_generator)
print(f"discriminator's loss {np.mean(blind_losses[-100:]):.3f}   (a coin's: {np.log(4):.3f})")
print(f"mean distance: {np.linalg.norm(generated, axis=1).mean():.2f}   (of real points: 1.00)")
print(f"modes covered: {covered} of 8, on target: {100 * on_target:.0f} %")
plots.scatter_points(
    {"real": points[:500], "generated": generated},
    "A generator whose judge saw distances only, after as many steps as the good one: its points lie "
    "along the circle, but all on one arc; the rest of the circle is empty.",
)

# %% [markdown]
# Expected: the coin's loss to within 0.01, as if all were finished, and at most 2 modes (seeds 0 to 3: 1 or 2, with
# 15 to 76 % on target, all on an arc of 40 to 60 degrees). As far as this discriminator can see, little is left to do:
# the mean distance is right to within 0.15. Nothing asks the points to spread around the circle.
#
# **The test**: freeze the generator, and train a *fresh* discriminator that sees everything. If it
# learns to tell the sets apart, you are not done. Both generators below had the same number of steps, and both
# get a judge from the same seed:


# %%
def fresh_accuracy(generator, num_steps):
    """Share of right answers of a new discriminator against a generator that stands still."""
    keras.utils.set_random_seed(SEED + 1)
    judge = networks.dense_discriminator()
    update_discriminator, _ = make_updates(generator, judge)
    for real in real_batches(num_steps):
        update_discriminator(real)
    new_real = data.toy("ring", 2000, seed=SEED + 1)
    new_fake = generator(tf.random.normal((2000, LATENT_SIZE)))
    return (np.mean(judge(new_real) > 0) + np.mean(judge(new_fake) <= 0)) / 2


for name, network in {"the half-blind": blind_generator, "section 4": generator}.items():
    accuracy = fresh_accuracy(network, NUM_SIDE_STEPS)
    print(f"{name:14} game: a fresh discriminator is right in {100 * accuracy:.0f} % of new cases")

# %% [markdown]
# Expected: above 90 % for the first, which nobody should have called finished; below 75 % for the
# second, where 50 % would be perfect (seeds 0 to 4: 56 to 69 %). It is evidence, no proof: a yet stronger
# discriminator might see more. Lesson 14 goes on here.
#
# ### Exercise 05.10 (5 minutes)
#
# A game with a fault. Its networks, optimizers and non-saturating generator's loss are those of section 4. Look
# at the numbers, the curves and the picture.

# %%
unknown = unknown_game.play(NUM_SIDE_STEPS // 5, seed=SEED)
print(f"at the end: discriminator's loss {unknown.discriminator_loss:.0f}, ", end="")
print(f"generator's loss {unknown.generator_loss:.4f}")
plots.curves(
    unknown.curves,
    "The game with a fault: D on generated points rises to 1 and stays there, above D on real "
    "points, while the generator's loss falls to 0.",
    "update of each",
    "mean D, loss",
)
plots.scatter_panels(
    {
        "before": {"real": points[:500], "generated": unknown.before},
        "after 100 updates of each": {"real": points[:500], "generated": unknown.after},
    },
    "The game with a fault: the wedge of generated points has moved outwards, past the circle, and "
    "stopped; few of its points lie on real ones.",
    limit=2.5,
)

# %% [markdown]
# Expected at the end, whatever the seed: a loss of the discriminator far below 0 (seeds 0 to 3: -320 to -440),
# $D$ above 0.99 on generated points and below that on real ones. Which *one* diagnosis fits all that you see?
# - **a** Mode collapse: the generator found the one point that fools $D$. Larger batches would help.
# - **b** The discriminator is too strong, so the generator's gradient vanishes. Lower its learning rate.
# - **c** The discriminator is rewarded for calling generated points real. Look at the signs of its loss.
# - **d** No fault: both losses went down and $D$ is fooled every time, so the generator has won.

# %% tags=["exercise"]
# -- stub --
answer_10 = ...
# -- solution --
answer_10 = "c"

# %% tags=["check"]
checks.check_choice(
    "05.10",
    answer_10,
    expected="c",
    options="abcd",
    hints={
        "a": "then the points would lie on one place. They are spread out, even more than before.",
        "b": "a discriminator that is far ahead has D near 0 on generated points. Where is it here?",
        "d": "look at the picture. And can a sum of two cross-entropies be below 0?",
    },
    why="A sum of cross-entropies is never below 0; with the wrong sign it has no floor. D says 1, so "
    "the non-saturating pull 1 - D is 0, and the points stop wherever they are.",
)

# %% [markdown]
# ## 7. A loss, a seed, a doubt (optional, 10 minutes)
#
# One training is an anecdote. Before you believe that one loss is better than another, compare them
# over several seeds. In the stepper, fill in this table for the target *ring* with the default
# rates: press **Run**, and **Stop** when the status says about 500 updates. (Clicking 50 of D, then 50 of G,
# is another training: the players would not take turns.)
#
# | loss | seed 0 | seed 1 | seed 2 |
# |---|---|---|---|
# | non-saturating | | | |
# | hinge | | | |
# | least-squares | | | |
#
# Note both numbers, modes and points on target. What to expect: all three usually cover 8 modes by then, with 30 to
# 75 % on target. Least squares may lose some in one seed and keep them in another. If the differences *within* a
# row are as large as those between rows, you have not learned which loss is better, only that you need more seeds.
#
# *Harder data.* Target grid: 25 modes. How many are covered after a run of 3,000 updates? Is hinge
# better here than non-saturating, or worse? Try three seeds before you answer. (Expected, from
# two runs of the seeds 0, 1, 2: non-saturating 17 to 20, hinge anything from 1 to 16. Both had the default
# learning rates; what hinge does at rates of its own, this does not show.)

# %% [markdown]
# ## Recap
#
# - $V(D,G) = \mathbb{E}_{x\sim p}[\log D(x)] + \mathbb{E}_z[\log(1 - D(G(z)))]$; the discriminator's
#   loss is $-V$, with two minus signs, and it is shown real *and* generated points.
# - The best discriminator is $p/(p+q)$. There, and only for the minimax loss, the generator goes down
#   on the Jensen-Shannon divergence.
# - A saturating loss ($D(G(z))$ near 0) and a flat divergence (nothing overlaps) are two obstacles.
# - Finished means $p = q$. Neither a falling generator's loss nor a discriminator at 50 % nor "all modes
#   covered" shows it; a fresh discriminator that stays at 50 % is better evidence.
#
# **Try next** `data.toy("moons", …)` in section 4 (it has no modes to count: look at the picture).
# Then lesson 06: the same game with convolutional networks, on images.
#
# **Solutions** are in [the solved twin](solutions/05_gan_step_by_step.ipynb).
#
# **Sources**
# - I. Goodfellow et al., *Generative Adversarial Networks*, 2014,
#   [arXiv:1406.2661](https://arxiv.org/abs/1406.2661): the game, the best discriminator
#   (proposition 1), JS (theorem 1), the non-saturating loss (section 3).
# - M. Arjovsky and L. Bottou, *Towards Principled Methods for Training Generative Adversarial
#   Networks*, 2017, [arXiv:1701.04862](https://arxiv.org/abs/1701.04862): disjoint supports, and what
#   the non-saturating loss goes down on (theorem 2.5).
# - J. H. Lim and J. C. Ye, *Geometric GAN*, 2017, [arXiv:1705.02894](https://arxiv.org/abs/1705.02894):
#   the hinge loss.
# - X. Mao et al., *Least Squares Generative Adversarial Networks*, 2017,
#   [arXiv:1611.04076](https://arxiv.org/abs/1611.04076).
# - M. Kahng et al., *GAN Lab*, 2018, [arXiv:1809.01587](https://arxiv.org/abs/1809.01587): pausing
#   between the two updates, and arrows at the generated points.
# - D. P. Kingma and J. Ba, *Adam*, 2015, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980).
