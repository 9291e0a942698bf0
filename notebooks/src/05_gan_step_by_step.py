# %% [markdown]
# # 05 · A GAN, step by step
#
# **After this lesson you can**
# - write down the game between a generator and a discriminator, with the right signs, and say what
#   "finished" means;
# - derive the best discriminator, find it numerically, and say what the generator minimizes then;
# - make one update of each player by hand, write the training loop, and replace it by `GAN.fit`;
# - read the curves of a training without falling for the two usual misreadings.
#
# **You need** cross-entropy and divergences (lesson 02), gradients with `GradientTape` (lesson 03)
# and Adam (lesson 04). If you have not taken them: a *loss* is a number to make small, a *gradient*
# says in which direction it grows, an *optimizer* makes small steps against it; a *divergence* says
# how different two distributions are, and is 0 when they are equal.
#
# **Time** 90 minutes: 80 for the core sections, 10 for the optional parts. All cells together run
# for less than a minute on two CPU cores.
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
from course_utils.lessons.gan_step_by_step import stepper
from course_utils.models import gan, gan_losses, networks

# %% tags=["parameters"]
SEED = 0
LATENT_SIZE = 2
BATCH_SIZE = 128
GENERATOR_RATE = 0.001
DISCRIMINATOR_RATE = 0.002
NUM_STEPS = 2000  # test: 40
NUM_SIDE_STEPS = 500  # test: 20

# %% [markdown]
# ## 1. The game (core, 12 minutes)
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
# density $q$. We cannot write $q$ down either, but we can draw from it as often as we like.

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
# Descriptions on the web sometimes leave out half of steps 3 and 4: they show the discriminator only
# generated samples, or never update it. Such a discriminator could not tell the generator anything about
# the data.
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
# ## 2. The best discriminator (core, 12 minutes)
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
# ### Exercise 05.3 (4 minutes)
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
# Expected: -0.559, from samples -0.56. Three ways, one number: the derivation holds. ($\log D = -\log(1 + e^{-\ell})$ and
# $\log(1-D) = -\log(1 + e^{\ell})$; `np.logaddexp(0, t)` is $\log(1 + e^t)$ without overflow.)
#
# **A claim that goes too far:** "GANs minimize the Jensen-Shannon divergence." That holds under two
# conditions only: for the **minimax** loss, and **at the best discriminator**. In a real training
# the discriminator is some steps behind, and most GANs give the generator another loss:
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
# sign of $p - q$ wherever both occur: a hinge logit is **no** probability. Section 3 explains what the first
# two are for; skip the table's formulas if you are short of time.
#
# ### Check the table (optional, 5 minutes)
#
# Let $p = \mathcal N(0, 1)$ and let the generator's only weight be the mean $\theta$ of
# $q_\theta = \mathcal N(\theta, 0.8^2)$. First way: the derivative of the generator's loss, with the
# best discriminator *held fixed*, as in an update. Second way: the derivative of the divergence in
# the table.

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
# ## 3. Losses, signs, and two different obstacles (core, 16 minutes)
#
# Both players *minimize*. The discriminator's loss is minus the value; the generator's is what it can change
# of the value, or the stand-in that is used more often, which is **non-saturating**:
#
# $$\begin{aligned}
# L_D &= -\,\mathbb{E}_{x\sim p}\big[\log D(x)\big] \;-\; \mathbb{E}_{z}\big[\log(1 - D(G(z)))\big], \\
# L_G^{\text{minimax}} &= +\,\mathbb{E}_{z}\big[\log(1 - D(G(z)))\big], \qquad
# L_G^{\text{non-saturating}} = -\,\mathbb{E}_{z}\big[\log D(G(z))\big].
# \end{aligned}$$
#
# $L_D$ has **two minus signs**. Several articles write a plus before its second term. What would happen?
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
# to call *everything* real. The right loss of the same discriminator,
# $\log(1+e^{-\ell}) + \log(1+e^{\ell})$, is never below $\log 4$. Try it:


# %%
def wrong_loss(real_logits, fake_logits):
    softplus = tf.math.softplus
    return tf.reduce_mean(softplus(-real_logits)) - tf.reduce_mean(softplus(fake_logits))


def train_discriminator(loss_function, num_steps):
    """Loss, mean D on real and mean D on generated points, for every step of a fresh network."""
    keras.utils.set_random_seed(SEED)
    network = networks.dense_discriminator()
    optimizer = keras.optimizers.Adam(0.002)
    weights = network.trainable_variables
    fake = generator(latents[:BATCH_SIZE])
    course = []
    for _ in range(num_steps):
        with tf.GradientTape() as tape:
            real_logits, fake_logits = network(points[:BATCH_SIZE]), network(fake)
            loss = loss_function(real_logits, fake_logits)
        optimizer.apply(tape.gradient(loss, weights), weights)
        answers = [tf.reduce_mean(tf.sigmoid(logits)) for logits in (real_logits, fake_logits)]
        course.append([float(value) for value in (loss, *answers)])
    return np.array(course)


# %%
num_steps = NUM_SIDE_STEPS // 5
wrong = train_discriminator(wrong_loss, num_steps)
right = train_discriminator(gan_losses.minimax_discriminator_loss, num_steps)
for name, course in {"wrong sign": wrong, "right signs": right}.items():
    loss, on_real, on_generated = course[-1]
    print(f"{name:11}: loss {loss:9.2f}, D on real {on_real:.3f}, on generated {on_generated:.3f}")
plots.curves(
    {
        "wrong sign, real": wrong[:, 1],
        "wrong sign, generated": wrong[:, 2],
        "right signs, real": right[:, 1],
        "right signs, generated": right[:, 2],
    },
    "With the wrong sign D tends to 1 on real and generated points alike; with the right signs "
    "it tells them apart.",
    "step",
    "mean D",
)

# %% [markdown]
# Expected after 100 steps: with the wrong sign D above 0.98 on **both** sets and a loss below
# -30 that goes on falling; with the right signs D above 0.9 on real and below 0.1 on generated
# points.
#
# ### Exercise 05.4 (5 minutes)
#
# Write the right loss from logits, in NumPy. Use $-\log D = \log(1 + e^{-\ell})$ and
# $-\log(1-D) = \log(1 + e^{\ell})$ with `np.logaddexp(0, t)`, so that a large logit does no harm.


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
        (np.array([100.0, -100.0]), np.array([100.0, -100.0])),
    ],
    hints=[
        (wrong_loss, "that is the wrong sign from above: -log(1 - D) is added."),
        (
            lambda r, f: np.logaddexp(0, r).mean() + np.logaddexp(0, -f).mean(),
            "this one calls real points generated; swap the signs inside.",
        ),
        (lambda r, f: np.logaddexp(0, -r).mean(), "the generated points are missing."),
        (
            lambda r, f: np.logaddexp(0, -r).sum() + np.logaddexp(0, f).sum(),
            "take the mean of each set, not the sum.",
        ),
    ],
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
# loss, $1 - D$ for the non-saturating one, and 1, always, for the hinge loss.

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
# **A common error** says that this happens because "the generator is perfect". It is the other way
# round: the gradient vanishes where $D(G(z))$ is near **0**, so where the *discriminator* is far
# ahead. The remedy is to change the loss: the non-saturating one has the same goal for each point,
# a higher logit, but pulls with $1 - D$.
#
# ### Exercise 05.5 (4 minutes)
#
# A generated point gets $D(G(z)) = 0.02$. How many times as strong is the pull of the non-saturating
# loss on its logit as that of the minimax loss?

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = (1 - 0.02) / 0.02

# %% tags=["check"]
checks.check_number(
    "05.5",
    answer_5,
    expected=49.0,
    hints=[
        (0.02 / 0.98, "that is the inverse: the non-saturating pull is the stronger one."),
        (50.0, "close: the non-saturating pull is 1 - D, not 1."),
        (0.98, "that is the non-saturating pull itself; divide it by the minimax pull."),
        (-49.0, "both pull upwards, so their ratio is positive."),
    ],
    hint="The pulls are D for minimax and 1 - D for non-saturating.",
    why="At D = 1/2 both are equal; the further ahead D is, the more the choice matters.",
)

# %% [markdown]
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
# nearer. Its slope is 0, so a *perfect* discriminator would give the generator no direction. Real
# images, too, fill only a thin sheet in the space of all arrays of pixels, and sheets rarely overlap. What helps in
# practice is that our discriminators are *not* perfect but smooth: a network's logit usually
# slopes between the two sets. Other remedies (noise, penalties, other distances) belong to lesson 08.
#
# | | first obstacle | second obstacle |
# |---|---|---|
# | what is flat | the *loss*, as a function of the logit, near $D(G(z)) = 0$ | the *divergence*, as a function of the generator's weights |
# | needs a perfect discriminator? | no, one that is sure is enough | yes |
# | needs disjoint sets? | no | yes |
# | first remedy | the non-saturating loss | a smooth discriminator, overlap through noise |
#
# ### Exercise 05.6 (4 minutes)
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
answer_6 = ...
# -- solution --
answer_6 = "ab"

# %% tags=["check"]
checks.check_choice(
    "05.6",
    answer_6,
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
# ## 4. By hand (core, 20 minutes)
#
# Two dense networks, each with two hidden layers of 64. The generator ends in two numbers, a point;
# the discriminator in one, the logit. No activation at the end of either: points may lie anywhere,
# and the loss wants the plain logit.

# %%
keras.utils.set_random_seed(SEED)
generator = networks.dense_generator(LATENT_SIZE, widths=(64, 64))
discriminator = networks.dense_discriminator(num_features=2, widths=(64, 64))
for network in (generator, discriminator):
    widths = [layer.units for layer in network.layers if layer.weights]
    print(f"{network.name:14} {[2, *widths]}   {network.count_params():,} weights")

# %% [markdown]
# $2\cdot64+64 + 64\cdot64+64 + 64\cdot2+2 = 4{,}482$ for the generator, 65 fewer for the
# discriminator, whose last layer has one output.
#
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
# `fake` was made *before* the tape began to record, so no gradient could reach the generator even if
# someone asked for it. Where generated points are made under the tape, `tf.stop_gradient(fake)`
# does the same.
#
# ### One update of the generator
#
# Steps 5 and 6: fresh latents, and now the generator *is* under the tape, because its gradient flows
# from the logit through the discriminator into the points and from there into the weights. We use
# the non-saturating loss.

# %% tags=["check-output"]
generator_optimizer = keras.optimizers.Adam(GENERATOR_RATE, beta_1=0.5, beta_2=0.99)
discriminator_before = [weight.numpy() for weight in discriminator.weights]

latents = random.standard_normal((BATCH_SIZE, LATENT_SIZE), dtype=np.float32)
with tf.GradientTape() as tape:
    loss = gan_losses.non_saturating_generator_loss(discriminator(generator(latents)))
weights = generator.trainable_variables
generator_optimizer.apply(tape.gradient(loss, weights), weights)

after = gan_losses.non_saturating_generator_loss(discriminator(generator(latents)))
print("its loss on these latents fell:", bool(after < loss))
same = all(
    np.array_equal(a, b) for a, b in zip(discriminator_before, discriminator.weights, strict=True)
)
print("discriminator's weights are as before:", same)

# %% [markdown]
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
    hints=[
        (lambda x, a, b: a / (1 + np.exp(-(a @ x + b))), "that is D · a, the minimax arrow."),
        (
            lambda x, a, b: -a / (1 + np.exp(a @ x + b)),
            "that is the gradient; the arrow points against it.",
        ),
        (lambda x, a, b: a * 1.0, "that is the gradient of the logit; the pull is missing."),
        (lambda x, a, b: a / (1 + np.exp(a * x + b)), "a · x is one number: a @ x, not a * x."),
    ],
    hint="The pull, 1 - D, times the gradient of the logit by x, which is a.",
    why="Every arrow in the stepper below is made so: pull times the slope of the logit.",
)

# %% [markdown]
# ### The loop
#
# The two updates as functions, for any pair of networks. `tf.function` translates each into a fixed plan
# of computations, once, and then runs that plan, which is many times as fast.


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
# **How good is a generator of points?** Two numbers. A mode counts as *covered* when at least 16 of
# 512 generated points lie within 0.15 of its center: three standard deviations, and a quarter of an
# equal share. And a generated point is *on target* when it lies within 0.15 of any center; of the
# real points 99 % are.
#
# ### Exercise 05.8 (8 minutes)
#
# Write the counter: how many of the `modes` (m, 2) have at least `at_least` of the `points` (n, 2)
# within `radius`? With `points[:, np.newaxis] - modes` you get all differences, shape (n, m, 2), and with
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
    ],
    hints=[
        (
            lambda p, m, r, k: metrics.modes_covered(p, m, r, 1),
            "a single point is not enough: compare the counts with at_least.",
        ),
        (
            lambda p, m, r, k: (np.linalg.norm(p[:, None] - m, axis=2) <= r).sum(),
            "that counts points; count the modes that have enough of them.",
        ),
        (
            lambda p, m, r, k: metrics.modes_covered(p, m, r, k + 1),
            "exactly at_least points are enough: use >=.",
        ),
    ],
    hint="Distances (n, m); how many are small for each mode, axis 0; how many modes have enough.",
    why="The lesson goes on with metrics.modes_covered, which does the same.",
)


# %%
def quality(generator):
    """Modes covered, and the share of generated points on target, of 512 points."""
    latents = np.random.default_rng(7).standard_normal((512, LATENT_SIZE), dtype=np.float32)
    generated, modes = generator(latents).numpy(), data.toy_modes("ring")
    nearest = np.linalg.norm(generated[:, np.newaxis] - modes, axis=2).min(axis=1)
    return metrics.modes_covered(generated, modes, 0.15, 16), (nearest <= 0.15).mean(), generated


def real_batches(num_steps):
    """Random batches of the real points."""
    random = np.random.default_rng(SEED)
    for _ in range(num_steps):
        yield tf.constant(points[random.integers(len(points), size=BATCH_SIZE)])


# %% [markdown]
# Now the loop itself: the whole algorithm in four lines, the rest keeps records.

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
# Expected after 2,000 steps: all 8 modes, and more than 80 % on target. The few points between the
# clouds are no accident: the generator is a continuous function, and where neighboring latents go to
# two different clouds, some have to land on the way.
#
# ### Why the updates alternate
#
# Because each player's advice to the other is right only for a short while. What if the generator
# trained to the end against a discriminator that holds still? Its best answer is to send **every**
# latent to wherever this discriminator is most convinced, be there real points or not. Try it, from
# step 50 of a new game on:

# %%
keras.utils.set_random_seed(SEED)
lone_generator, frozen = networks.dense_generator(LATENT_SIZE), networks.dense_discriminator()
update_discriminator, update_generator = make_updates(lone_generator, frozen)
for real in real_batches(50):
    update_discriminator(real)
    update_generator()
lone = {"generator's loss": [], "modes covered / 8": []}
for _ in range(NUM_SIDE_STEPS):  # from here on the discriminator is frozen
    lone["generator's loss"].append(float(update_generator()))
    covered, on_target, generated = quality(lone_generator)
    lone["modes covered / 8"].append(covered / 8)
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
# Expected: the loss falls from between 0.6 and 0.9 to below 0.02, and the points fly to a mean distance of more
# than 3, into a region where no real point ever taught this discriminator to say no.
#
# The other extreme, a discriminator trained to the end before each update of the generator, is slow,
# and with the minimax loss it leads straight into the first obstacle. One update of each in
# turn keeps the discriminator's advice fresh. (Some losses want a few updates of the discriminator
# for one of the generator; that is `discriminator_steps` in `GAN.compile`.)
#
# ### The same with `gan.GAN`
#
# Every model of the course has the same verbs. `GAN` takes our two networks and does our two updates,
# in the same order. Two things are new. The generator learns from the very points that the discriminator
# has just judged, instead of fresh ones: that saves time, and on images the result was no worse. And by default
# `sample` and `generate` use a running *average* of the generator's weights over the last steps, which suits
# images. `average_decay=0` switches it off, so that `sample`, too, draws from the generator itself.

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
# Expected again: 8 modes and more than 80 %. Not the same digits, since the latents are others; the same
# quality.

# %% [markdown]
# ## 5. The stepper (core, 12 minutes)
#
# Now you are the training loop. Bands of color show the discriminator's opinion of every place;
# circles are real points, triangles generated ones. Each arrow shows where the generator's loss wants to move
# one point: the pull on its logit times the slope of the logit, as in exercise 05.7. The picture shortens the
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
# **Five experiments.** Say what you expect before you press.
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
# 5. *Harder data.* Target grid: 25 modes. How many are covered after a run of 3,000 updates? Is
#    hinge better here than non-saturating, or worse? Try three seeds before you answer. (Expected for
#    seeds 0, 1, 2: non-saturating covers about 20, 17, 18, hinge about 15, 3, 1.)

# %% [markdown]
# ## 6. Reading curves (core, 8 minutes)
#
# ### A falling generator's loss is not progress
#
# Below are the generator's loss and the share of modes covered, for two trainings of section 4: first
# the good one, then the generator alone against a frozen discriminator.

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
    "The generator alone: its loss falls to almost 0, and in the end it covers no mode.",
    "update of the generator alone",
    "loss, share",
)

# %% [markdown]
# In the good training the generator's loss stays near $\log 2 \approx 0.69$ (expected: between 0.6
# and 0.9 all the way) while everything gets better. In the bad one it falls to almost 0, which looks
# like a triumph, while the points fly away. The loss measures the generator against *this*
# discriminator. It says little, and nothing at all once the discriminator has stopped learning.
#
# ### A discriminator at 50 % is not convergence
#
# At the end $D = \tfrac12$ everywhere. The converse fails: a discriminator may be at 50 % because it
# *cannot see* the difference. Take one that gets the first coordinate only, as a color-blind judge
# of paintings:


# %%
def share_right(discriminator, generator):
    """Share of right answers on new points, half of them real, half generated."""
    new_real = data.toy("ring", 2000, seed=SEED + 1)
    new_fake = generator(tf.random.normal((2000, LATENT_SIZE)))
    return np.mean(discriminator(new_real) > 0) / 2 + np.mean(discriminator(new_fake) <= 0) / 2


# %%
keras.utils.set_random_seed(SEED)
blind_generator = networks.dense_generator(LATENT_SIZE)
both_coordinates = keras.Input((2,))
logit = networks.dense_discriminator(num_features=1)(both_coordinates[:, :1])
half_blind = keras.Model(both_coordinates, logit)
update_discriminator, update_generator = make_updates(blind_generator, half_blind)
blind_losses = []
for real in real_batches(2 * NUM_SIDE_STEPS):
    blind_losses.append(float(update_discriminator(real)))
    update_generator()
covered, on_target, generated = quality(blind_generator)
print(f"discriminator's loss {np.mean(blind_losses[-100:]):.3f}   (a coin's: {np.log(4):.3f})")
print(f"it is right in {100 * share_right(half_blind, blind_generator):.0f} %   (a coin: 50 %)")
print(f"modes covered: {covered} of 8, on target: {100 * on_target:.0f} %")
plots.scatter_points(
    {"real": points[:500], "generated": generated},
    "A generator whose judge saw the first coordinate only: from left to right its points are spread "
    "like the real ones, but their heights are wrong.",
)

# %% [markdown]
# Expected: the coin's loss to within 0.05, and right in 45 to 60 %, as if all were finished. In a way it is:
# along the first axis the two sets agree. Yet most points are not where they should be. **The test**: freeze the
# generator, and train a *fresh* discriminator that sees all coordinates. If it learns to tell the sets
# apart, you are not done.


# %%
def fresh_accuracy(generator, num_steps):
    """Share of right answers of a new discriminator, trained against a generator that stands still."""
    keras.utils.set_random_seed(SEED + 1)
    judge = networks.dense_discriminator()
    update_discriminator, _ = make_updates(generator, judge)
    for real in real_batches(num_steps):
        update_discriminator(real)
    return share_right(judge, generator)


for name, network in {"the half-blind": blind_generator, "section 4": generator}.items():
    accuracy = fresh_accuracy(network, NUM_SIDE_STEPS)
    print(f"{name:14} game: a fresh discriminator is right in {100 * accuracy:.0f} %")

# %% [markdown]
# Expected: above 90 % for the first, which nobody should have called finished; below 75 % for the
# second, where 50 % would be perfect. One discriminator sat at a coin's loss, and yet a fresh one saw
# through its generator at once.
#
# ### Exercise 05.9 (5 minutes)
#
# Three trainings are reported. Which *one* report is evidence that the generator became good?
# - **a** The generator's loss fell from 3 to 0.1.
# - **b** The discriminator is right in 50 % of the cases and has been for an hour.
# - **c** A fresh discriminator, trained for long against the frozen generator, is right in 52 % of
#   new cases.

# %% tags=["exercise"]
# -- stub --
answer_9 = ...
# -- solution --
answer_9 = "c"

# %% tags=["check"]
checks.check_choice(
    "05.9",
    answer_9,
    expected="c",
    options="abc",
    hints={
        "a": "so it did in the training of the generator alone, which flew away from the data.",
        "b": "so it was with the half-blind discriminator, which could not see the difference.",
    },
    why="It is still no proof: a yet stronger discriminator might see more. Lesson 14 goes on here.",
)

# %% [markdown]
# ## 7. A loss, a seed, a doubt (optional, 5 minutes)
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
# What to expect: all three usually cover 8 modes by then. Least squares may lose some in one seed
# and keep them in another. If the differences *within* a row are as large as those between rows,
# you have not learned which loss is better, only that you need more seeds.

# %% [markdown]
# ## Recap
#
# - $V(D,G) = \mathbb{E}_{x\sim p}[\log D(x)] + \mathbb{E}_z[\log(1 - D(G(z)))]$; the discriminator's
#   loss is $-V$, with two minus signs, and it is shown real *and* generated points.
# - The best discriminator is $p/(p+q)$. There, and only for the minimax loss, the generator goes down
#   on the Jensen-Shannon divergence. Other losses have other goals.
# - A saturating loss ($D(G(z))$ near 0) and a flat divergence (nothing overlaps) are two obstacles.
# - Finished means $p = q$. Neither a falling generator's loss nor a discriminator at 50 % shows it.
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
