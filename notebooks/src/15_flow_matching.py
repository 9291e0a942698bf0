# %% [markdown]
# # 15 · From noise to pictures: flow matching and diffusion
#
# **After this lesson you can**
# - compute the best guess of a clean image under noise, and say why one step draws blurs and many steps do not;
# - derive the flow matching loss, and check a trained velocity against the exact one;
# - read one network as velocity, clean image, noise and score, and place DDPM and DDIM;
# - write Euler's, Heun's and a stochastic sampler, and measure their order;
# - train a flow on images, on pixels and on a VAE's codes, and read a table of distance against network calls;
# - guide a flow towards a class, and say what too much guidance costs.
#
# **You need** squared error and its mean (lesson 02), training loops (lesson 05), the Fréchet distance (lesson 06)
# and a VAE's codes (lesson 10). Lesson 16 tells this flow words in place of classes.
#
# **Time** 100 minutes: 89 for the core sections, 11 for the optional ones. All cells together run for about
# two minutes on two CPU cores.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import itertools

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, metrics, plots
from course_utils.base import numerics
from course_utils.lessons.flow_matching import (
    designs_guidance,
    designs_paths,
    exact,
    field_studio,
    mistakes_images,
    mistakes_paths,
    mistakes_readings,
    mistakes_samplers,
    walk,
)
from course_utils.models import flow_matching, flow_networks, flow_paths, flow_solvers, pretrained

# %% tags=["parameters"]
SEED = 0
BATCH_SIZE = 256
NUM_STEPS = 1000  # test: 20
IMAGE_STEPS = 500  # test: 4
NUM_SAMPLES = 1000  # test: 100

# %% [markdown]
# ## 1. One denoising step (core, 12 minutes)
#
# ### An image under noise
#
# Mix an image $x$ with *noise* $e$, whose pixels are independent and standard normal, in the shares $t$ and $1-t$:
#
# $$\boxed{x_t = t\,x + (1-t)\,e}$$
#
# At $t = 0$ this is noise, at $t = 1$ the image. (In this lesson $t$ grows from noise to data. Many texts on
# diffusion count the other way.) Pixels lie in $[-1, 1]$. To *denoise* is to guess $x$ from $x_t$ and $t$.
#
# Usually a network learns that. First do without one: let these 2,000 training images be all the clothes there
# are, each as probable as any other. Then the best guess can be *computed*.

# %% tags=["check-output"]
known = data.scale_pixels(data.as_floats(data.load_images()[0][:2000]))
flat_known = known.reshape(len(known), -1).astype(float)
TIMES = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8)
boot, boot_noise = known[0], np.random.default_rng(SEED).standard_normal(known[0].shape)
noisy_boots = np.stack([flow_paths.between(boot, boot_noise, time) for time in TIMES])
print(f"{len(flat_known):,} known images of {flat_known.shape[1]} pixels; {noisy_boots.shape}")


def to_show(images):
    """Images (n, 784) or (n, 28, 28, 1), in [-1, 1] or beyond, as the plots want them."""
    return np.clip(data.unscale_pixels(images.reshape(-1, 28, 28, 1)), 0, 1)


# %% [markdown]
# ### Which image is under the noise?
#
# Say it was $x_i$. Then $x_t$ is normal around $t\,x_i$ with the deviation $1-t$ in every pixel. All images are as
# probable at first, so by Bayes' rule the probability that it was $x_i$ is proportional to that density:
#
# $$w_i \propto \exp\Big(-\frac{\lvert x_t - t\,x_i\rvert^2}{2\,(1-t)^2}\Big), \qquad \sum_i w_i = 1 .$$
#
# $\lvert\cdot\rvert^2$ is the sum of squares over the pixels. (The density's constant factor is the same for all
# $i$, and drops out.)
#
# ### Exercise 15.1: the weights (3 minutes)
#
# Write the weights, shape (k,), for one noisy image `noisy` (d,) and known images `known_rows` (k, d). The
# exponent of the right image is about $-d/2$, so from some 1,500 pixels on `np.exp` gives 0 for all: take the
# largest exponent out first, which changes no weight.


# %% tags=["exercise"]
def weights_of(noisy, time, known_rows):
    # -- stub --
    return ...
    # -- solution --
    squares = ((noisy - time * known_rows) ** 2).sum(axis=1)
    exponents = -squares / (2 * (1 - time) ** 2)
    shares = np.exp(exponents - exponents.max())
    return shares / shares.sum()


# %% tags=["check"]
checks.check_function(
    "15.1",
    weights_of,
    expected=mistakes_paths.weights_of,
    cases=mistakes_paths.WEIGHT_CASES,
    hints=mistakes_paths.WEIGHTS,
    hint="A softmax over the images, of -|noisy - time · known|² / (2 (1 - time)²), without its largest.",
    why="At t = 0 all weights are equal: noise alone says nothing.",
)

# %% [markdown]
# ### The best guess
#
# The mean of the known images with these weights, $\bar x = \sum_i w_i x_i = \mathbb{E}[x \mid x_t]$, is the guess
# that squared error asks for (lesson 02 showed it for equal weights). For any guess $g$,
#
# $$\mathbb{E}\big[\lvert x - g\rvert^2 \mid x_t\big] = \mathbb{E}\big[\lvert x - \bar x\rvert^2 \mid x_t\big]
# + \lvert \bar x - g\rvert^2 ,$$
#
# since $x - \bar x$ is 0 on average, and the mixed term with it. The first part is there for every guess; the
# second is 0 only for the mean. The *effective number* of the weights, $e$ to the power of their entropy, says of
# how many images it is made: $k$ equal weights give $k$. The package computes weights for many noisy images at once:

# %%
for time, one in zip(TIMES, noisy_boots, strict=True):
    shares = exact.posterior_weights(one.reshape(1, -1), time, flat_known)[0]
    count = metrics.effective_number(shares)
    print(f"t = {time:4}: as if of {count:6.1f} images, largest weight {shares.max():.3f}")
guesses = [
    exact.posterior_mean(one.reshape(1, -1), time, flat_known)[0]
    for time, one in zip(TIMES, noisy_boots, strict=True)
]
plots.show_images(
    to_show(np.concatenate([noisy_boots.reshape(len(TIMES), -1), guesses])),
    "Above: a boot under less and less noise, t from 0.02 to 0.8. Below: the best guess of the clean image; at first "
    "a blur of all clothes, then of boots, then the boot itself.",
    columns=len(TIMES),
)

# %% [markdown]
# Expected: as if of 1,790 to 1,920 images at $t = 0.02$, of 240 to 520 at 0.1, of 2 to 23 at 0.2, and of a single
# one from 0.3 on. The eye hardly finds a boot in the noise there; 784 pixels together leave no doubt.
#
# ### Why one step cannot draw
#
# At $t$ near 0 the best guess is a blur: the mean of clothes is no garment. A denoiser that always answers with a
# *sharp* image would have to pick one.
#
# ### Exercise 15.2: a sharp guess (2 minutes)
#
# At $t = 0.1$ one denoiser answers with the mean $\bar x$. Another draws one of the known images, with the
# probabilities $w_i$: always sharp, and as varied as what can be under the noise. Its mean squared error is
# - **a** smaller, since a real image is nearer to a real image than a blur is;
# - **b** equal, since the draws are right on average;
# - **c** twice that of the mean;
# - **d** larger, but by how much depends on the images.
#
# (Given $x_t$, the truth and the draw are two independent draws from the *same* distribution.)

# %% tags=["exercise"]
# -- stub --
answer_2 = ...
# -- solution --
answer_2 = "c"

# %% tags=["check"]
checks.check_choice(
    "15.2",
    answer_2,
    expected="c",
    options="abcd",
    hints={
        "a": "nearer to the right one, yes; but it is mostly another one. Put the draw for g above.",
        "b": "a guess that is right on average still pays for its own spread: put the draw for g above.",
        "d": "put the draw for g above: the second part is the draw's own variance, and the first one the truth's.",
    },
    why="E|x - x'|² = E|x - mean|² + E|x' - mean|², and both are the same variance.",
)

# %% [markdown]
# Measured on 500 noisy images, besides the most probable image of each:

# %%
random = np.random.default_rng(SEED)
truth = flat_known[random.integers(len(flat_known), size=500)]
noisy_images = flow_paths.between(truth, random.standard_normal(truth.shape), 0.1)
posterior = exact.posterior_weights(noisy_images, 0.1, flat_known)
answers = {
    "mean": posterior @ flat_known,
    "drawn": flat_known[[random.choice(len(shares), p=shares) for shares in posterior]],
    "most probable": flat_known[posterior.argmax(axis=1)],
}
square_errors = {name: np.mean((answer - truth) ** 2) for name, answer in answers.items()}
for name, error in square_errors.items():
    print(f"{name:14} error {error:.3f}, {error / square_errors['mean']:.2f} times the mean's")

# %% [markdown]
# Expected: 0.23 to 0.26 for the mean, and 1.8 to 2.1 times that for the others. Sharp pictures and small errors
# are different aims, and whoever trains with squared error gets the mean.
#
# ### Many small steps
#
# So do not jump. From $x_t$ the straight way to the guess $\bar x$ would take the time $1-t$. Go along it for the
# time $h$ only, that is the share $h/(1-t)$ of it, then guess again: there is a little less noise now, so the next
# guess is a little less blurred. Eight times pure noise, in 20 steps:

# %%
moving = np.random.default_rng(SEED + 1).standard_normal((8, 784))
moved = [moving]
for step in range(20):
    guess = exact.posterior_mean(moving, step / 20, flat_known)
    moving = moving + (guess - moving) / (20 - step)  # h / (1 - t), for h = 1/20
    moved.append(moving)
nearest = np.array([np.mean((flat_known - one) ** 2, axis=1) for one in moving])
print("distance to the next known image:", nearest.min(axis=1).round(6).max())
print("different images among the eight:", len(set(nearest.argmin(axis=1))))
plots.show_images(
    to_show(np.concatenate(moved[::5])),
    "From noise (above) in 20 steps to eight sharp clothes (below); a row is five steps further than the one above.",
    columns=8,
)

# %% [markdown]
# Expected: a distance of 0, and eight different images (seldom seven). Every guess on the way was a mean, and the
# end is sharp: what one step cannot, many can. The noise that we began with decides which image it becomes.
#
# But look at the distance: **every result is one of the known images, pixel by pixel.** The best possible denoiser
# of a finite set copies. New images can only come from a network that does *not* reach this optimum.

# %% [markdown]
# ## 2. A path and its velocity (core, 18 minutes)
#
# ### Points on straight lines
#
# What was a step is now a motion. In the plane everything can be seen and computed, so the data are the ring of
# eight Gaussians of lesson 05. Each pair of a data point $x$ and a noise point $e$ moves along a straight line,
# from $e$ at $t = 0$ to $x$ at $t = 1$, with the constant **velocity** $\frac{d}{dt} x_t = x - e$:

# %%
modes, deviation = data.toy_modes("ring"), data.TOYS["ring"].noise
ring = data.toy("ring", 200_000, seed=SEED)
noise = np.random.default_rng(SEED + 1).standard_normal(ring.shape)
plots.scatter_panels(
    {
        f"t = {time}": {"points": flow_paths.between(ring[:150], noise[:150], time)}
        for time in (0.0, 0.4, 0.8, 1.0)
    },
    "150 pairs at four times: a cloud of noise, which shrinks and parts, until eight small spots are left on a circle.",
)

# %% [markdown]
# The densities $p_t$ of these clouds are the **probability path**. To generate, we would like to start at a noise
# point and *move*. But with which velocity? A new point has no partner $x$. And at one place many pairs pass, with
# different velocities:

# %%
place = np.array([[0.6, 0.2]])
passing = np.linalg.norm(flow_paths.between(ring, noise, 0.5) - place, axis=1) < 0.1
velocities = (ring - noise)[passing]
mean_velocity = velocities.mean(axis=0)
print(f"{len(velocities)} pairs pass, with the mean velocity {mean_velocity.round(2)}")
plots.scatter_points(
    {"velocities": velocities[:250], "their mean": mean_velocity[np.newaxis]},
    "Velocities of the pairs that are near the place (0.6, 0.2) at t = 0.5: eight clumps, one for each mode that a "
    "pair may be on its way to, the two nearest modes the fullest. Their mean lies where no pair is.",
    "velocity to the right",
    "velocity upwards",
)

# %% [markdown]
# Expected: about 1,600 pairs; to the right -0.26 to -0.14, upwards -0.13 to 0.
#
# ### The mean is enough
#
# Take the mean, the **marginal velocity** $u(x_t, t) = \mathbb{E}[x - e \mid x_t]$. Points that follow it do not
# move as the pairs do. Yet as a *cloud* they do. For any smooth function $f$ the chain rule gives
#
# $$\frac{d}{dt}\,\mathbb{E} f(x_t) = \mathbb{E}\big[\nabla f(x_t)\cdot(x - e)\big]
# = \mathbb{E}\big[\nabla f(x_t)\cdot u(x_t, t)\big],$$
#
# since for known $x_t$ the slope $\nabla f(x_t)$ is known too, so $x - e$ may be replaced by its mean there. Points
# $y_t$ that start as noise and follow $\frac{d}{dt} y_t = u(y_t, t)$ obey the same law:
# $\frac{d}{dt}\mathbb{E} f(y_t) = \mathbb{E}[\nabla f(y_t)\cdot u(y_t, t)]$. The same start and the same change,
# for every $f$: so both have the density $p_t$ at all times (for a smooth $u$, where this law has one solution;
# Lipman et al. 2023, theorem 1). At $t = 1$ it is that of the data.
#
# ### A loss without the mean
#
# A network $v(x_t, t)$ should be near $u$. For 2,000 images $u$ follows from section 1; for all clothes there could
# be, nobody knows it, so that loss cannot be computed. But
# pairs can be drawn. With $\mathbb{E}$ over pairs and times, split as in section 1:
#
# $$\underbrace{\mathbb{E}\,\lvert v(x_t, t) - (x - e)\rvert^2}_{\text{computable}}
# = \underbrace{\mathbb{E}\,\lvert v(x_t, t) - u(x_t, t)\rvert^2}_{\text{wanted}}
# + \underbrace{\mathbb{E}\,\lvert (x - e) - u(x_t, t)\rvert^2}_{\text{no network in it}}$$
#
# The mixed term is $2\,\mathbb{E}[(v - u)\cdot(u - (x-e))]$. For known $x_t$ and $t$ the first factor is known, and
# the second 0 on average. The two losses differ by a constant: they have the same gradient and the same minimizer,
# $u$ (their theorem 2). The left one is the **conditional flow matching loss**. It does not fall to 0, but to the
# constant.
#
# ### Exercise 15.3: a training step (4 minutes)
#
# Write one step: $x_t$ of the given points (n, 2), noise (n, 2) and times (n, 1); the loss, as a mean over all
# $2n$ numbers; one update. `network([points, times])` guesses velocities (n, 2), and
# `optimizer.apply(gradients, weights)` updates. Return the loss.


# %% tags=["exercise"]
def flow_step(network, optimizer, points, noise, times):
    # -- stub --
    return ...
    # -- solution --
    with tf.GradientTape() as tape:
        between = times * points + (1 - times) * noise
        loss = tf.reduce_mean((network([between, times]) - (points - noise)) ** 2)
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% tags=["check"]
checks.check_design(
    "15.3",
    flow_step,
    designs_paths.step_fault,
    why="A regression on random pairs: no second network, and no simulation of the path.",
)

# %% [markdown]
# ### The exact field
#
# For a mixture of Gaussians $u$ has a closed form. Begin with one: $x \sim \mathcal N(m, s^2)$ in each coordinate.
# Then $x - e$ and $x_t = t\,x + (1-t)\,e$ are normal together, and for two such numbers
#
# $$\mathbb{E}[a \mid b] = \mathbb{E}a + \frac{\operatorname{cov}(a, b)}{\operatorname{var} b}\,(b - \mathbb{E}b),$$
#
# the straight line of a regression.
#
# ### Exercise 15.4: the field of one Gaussian (3 minutes)
#
# Put $a = x - e$ and $b = x_t$; $x$ and $e$ are independent. Write the velocity for points (n, d), one number
# `time`, the center (d,) and the number `deviation`, which is $s$.


# %% tags=["exercise"]
def gaussian_velocity(points, time, center, deviation):
    # -- stub --
    return ...
    # -- solution --
    covariance = time * deviation**2 - (1 - time)
    variance = time**2 * deviation**2 + (1 - time) ** 2
    return center + covariance / variance * (points - time * center)


# %% tags=["check"]
checks.check_function(
    "15.4",
    gaussian_velocity,
    expected=mistakes_paths.gaussian_velocity,
    cases=mistakes_paths.GAUSSIAN_CASES,
    hints=mistakes_paths.GAUSSIAN,
    hint="cov(x - e, t x + (1 - t) e) = t var x - (1 - t) var e, and var x_t = t² var x + (1 - t)² var e.",
    why="At t = 0 it is m - x_t: straight towards the mean of the data.",
)

# %% [markdown]
# For eight Gaussians, weight the eight answers as in section 1, now with the variance $V = t^2 s^2 + (1-t)^2$ in
# place of $(1-t)^2$. That is `exact.velocity`. Check it in three ways that do without the formula:
# - against the mean over the pairs above;
# - against section 1's guess, with 20,000 points of the ring in place of the images: since
#   $x - e = (x - x_t)/(1-t)$, it gives the velocity $(\bar x - x_t)/(1-t)$;
# - against the clouds: points that follow the field from noise should spread as the pairs do.


# %%
def field(points, time):
    return exact.velocity(points, time, modes, deviation)


print("at the place above:", field(place, 0.5)[0].round(2), "pairs:", mean_velocity.round(2))
for time in (0.1, 0.5, 0.9):
    some = flow_paths.between(ring[-200:], noise[-200:], time)
    by_points = (exact.posterior_mean(some, time, ring[:20_000]) - some) / (1 - time)
    error = numerics.relative_error(by_points, field(some, time))
    print(f"t = {time}: relative difference to section 1's guess {error:.3f}")
start = np.random.default_rng(SEED + 2).standard_normal((2000, 2))
followed = flow_solvers.path(field, start, 64, "heun")
for index in (16, 32, 48, 64):
    pairs_now = flow_paths.between(ring, noise, index / 64)
    radius = [np.linalg.norm(cloud, axis=1).mean() for cloud in (followed[index], pairs_now)]
    print(f"t = {index / 64:4}: mean radius, followed {radius[0]:.3f}, pairs {radius[1]:.3f}")

# %% [markdown]
# Expected: -0.19 and -0.06, within 0.08 of the pairs; relative differences of 0.002 to 0.03, since 20,000 points
# are not all; mean radii of 0.97, 0.78, 0.80 and 1.00, followed and pairs within 0.01 of each other.
#
# And the constant between the two losses, for three very different fields:

# %%
pair_times = np.random.default_rng(SEED + 2).random((len(ring), 1))
pair_points = flow_paths.between(ring, noise, pair_times)
right = field(pair_points, pair_times)
for name, candidate in {"0": 0 * pair_points, "x_t": pair_points, "exact": right}.items():
    loss, wanted = np.mean((candidate - (ring - noise)) ** 2), np.mean((candidate - right) ** 2)
    print(f"{name:5} loss {loss:.3f} - wanted {wanted:.3f} = {loss - wanted:.3f}")

# %% [markdown]
# Expected: 0.88 to 0.91, in all three rows the same within 0.01. Even the exact field has this loss.
#
# ### Train
#
# The same step as in the exercise, compiled, with times drawn evenly from $[0, 1)$. The optimizer's rate falls to 0
# along a cosine. (Without `pair_starts`, each point gets new noise each time; section 5 gives pairs.)


# %%
def compiled_step(network, optimizer):
    @tf.function
    def step(points, noise, times):
        with tf.GradientTape() as tape:
            guess = network([flow_paths.between(points, noise, times), times])
            loss = tf.reduce_mean((guess - (points - noise)) ** 2)
        weights = network.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return step


# %%
def train_field(num_steps, ends, pair_starts=None):
    keras.utils.set_random_seed(SEED)
    network, losses = flow_networks.point_network(2), []
    rates = keras.optimizers.schedules.CosineDecay(0.01, num_steps)
    step = compiled_step(network, keras.optimizers.Adam(rates, beta_2=0.99))
    random = np.random.default_rng(SEED)
    for _ in range(num_steps):
        rows = random.integers(len(ends), size=BATCH_SIZE)
        fresh = random.standard_normal((BATCH_SIZE, 2))
        begin = fresh if pair_starts is None else pair_starts[rows]
        drawn = ends[rows], begin, random.random((BATCH_SIZE, 1))
        losses.append(step(*(tf.constant(one, tf.float32) for one in drawn)))

    def velocity(points, time):
        times = tf.fill((len(points), 1), float(time))
        return network([tf.constant(points, tf.float32), times]).numpy()

    return velocity, np.mean(losses[-100:])


trained_velocity, last_loss = train_field(NUM_STEPS, ring)
print(f"loss of the last 100 steps {last_loss:.3f}")


# %%
field_times = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
errors_by_time = []
for time in field_times:
    some = flow_paths.between(ring[-2000:], noise[-2000:], time)
    errors_by_time.append(numerics.relative_error(trained_velocity(some, time), field(some, time)))
print({time: round(error, 2) for time, error in zip(field_times, errors_by_time, strict=True)})
plots.curves(
    {"relative error": errors_by_time},
    "Relative error of the trained velocity against the exact one: below a tenth up to t = 0.4, then more, and largest "
    "at 0.9 and 0.95.",
    "time t",
    "relative error",
    x=field_times,
)

# %% [markdown]
# Expected: a loss of 0.90 to 0.94, little above the constant 0.89. Errors of 0.03 to 0.08 up to $t = 0.4$, of 0.1
# to 0.25 up to 0.8, and of 0.2 to 0.45 at 0.9 and 0.95.
#
# One reason: by exercise 15.4 the field's slope within one mode is $\frac{t s^2 - (1-t)}{V}$: -1 at $t = 0$, -2 at
# 0.5, but -8 at 0.9. Late, the field has to point to eight small spots, and to change from one to the next within
# a short way. Early, it is nearly $-x_t$. Yet early and late times had equally many examples. (Section 3 asks what
# a loss weighs, and when.) Now follow both fields from the same noise:

# %%
learned = flow_solvers.solve(trained_velocity, start, 64, "heun")
for name, cloud in {"exact": followed[-1], "trained": learned}.items():
    covered = metrics.modes_covered(cloud, modes, *metrics.coverage_rule("ring", len(cloud)))
    share = metrics.on_target_share(cloud, "ring", ring)
    print(f"{name:8} {covered} modes, {100 * share:.0f} % on target")
plots.scatter_panels(
    {
        "noise": {"points": start[:200]},
        "exact field": {"points": followed[-1][:200]},
        "trained field": {"points": learned[:200]},
    },
    "The same 200 noise points, and where the exact and the trained field carry them: eight spots; those of the "
    "trained field are wider, with some points between them.",
)

# %% [markdown]
# Expected: 8 modes each; 99 % on target, and 65 to 92 %. What the error costs can be
# seen, too: points between the spots.

# %% [markdown]
# ## 3. Four readings of one guess (core, 12 minutes)
#
# ### Know one, know all
#
# A network need not be asked for the velocity. For every noisy point
#
# $$x_t = t\,x + (1-t)\,e, \qquad v = x - e .$$
#
# At a known $x_t$ and $t$ these are two equations with three unknowns: who knows one knows all three. From the
# velocity, for instance,
#
# $$x = x_t + (1-t)\,v, \qquad e = x_t - t\,v .$$
#
# Both are linear. So they hold for means, too, and a best guess *is* a mean, given $x_t$.
#
# The fourth reading is the **score**, $\nabla \log p_t(x_t)$: the direction in which noisy points become likelier
# fastest. Given $x$, a noisy point is normal around $t x$ with the variance $(1-t)^2$, whose density has the
# gradient $\frac{t x - x_t}{(1-t)^2}$ times itself. Take the mean over $x$ and divide by $p_t$. By Bayes' rule that
# is a mean given $x_t$, and $t x - x_t$ is $-(1-t)\,e$:
#
# $$\nabla \log p_t(x_t) = \mathbb{E}\Big[\frac{t x - x_t}{(1-t)^2}\,\Big|\,x_t\Big]
# = -\frac{\mathbb{E}[e\,|\,x_t]}{1-t}.$$
#
# The score is the guess of the noise in another unit. Test it on the ring, where all is exact: the velocity, read
# as a score, against differences of the log-density; and each reading turned into the other three.


# %%
def slope_of_log_density(points, time, step=1e-5):
    def level(shift):
        return exact.log_density(points + shift, time, modes, deviation)

    shifts = step * np.eye(2)
    return np.stack([level(shift) - level(-shift) for shift in shifts], axis=1) / (2 * step)


places = np.random.default_rng(SEED).standard_normal((500, 2))
for time in (0.1, 0.5, 0.9):
    found = flow_paths.readings("velocity", field(places, time), places, time)
    slope_error = np.abs(found.score - slope_of_log_density(places, time)).max()
    error = max(
        np.abs(np.subtract(flow_paths.readings(kind, guess, places, time), found)).max()
        for kind, guess in zip(flow_paths.KINDS, found, strict=True)
    )
    print(f"t = {time}: score off by {slope_error:.0e}, there and back by {error:.0e}")

# %% [markdown]
# Expected: below $10^{-5}$ and $10^{-10}$.
#
# ### Exercise 15.5: from the noise (3 minutes)
#
# Diffusion models mostly guess the noise. Write velocity, clean image and score for a guess of the noise (n, 2) at
# points $x_t$ (n, 2) and one time $0 < t < 1$, stacked in this order to (3, n, 2).


# %% tags=["exercise"]
def read_noise(guess, points, time):
    # -- stub --
    return ...
    # -- solution --
    clean = (points - (1 - time) * guess) / time
    return np.stack([clean - guess, clean, -guess / (1 - time)])


# %% tags=["check"]
checks.check_function(
    "15.5",
    read_noise,
    expected=lambda guess, points, time: np.stack(
        flow_paths.readings("noise", guess, points, time)
    )[[0, 1, 3]],
    cases=mistakes_readings.NOISE_CASES,
    hints=mistakes_readings.READ_NOISE,
    hint="Solve x_t = t x + (1 - t) e for x first; the velocity is x - e.",
    why="Velocity and clean image divide by t: near noise a small error of the guess is large in them.",
)

# %% [markdown]
# ### Where diffusion models sit
#
# **DDPM** (Ho et al. 2020) mixes otherwise: $x' = \sqrt{\bar\alpha}\,x + \sqrt{1-\bar\alpha}\,e$, which keeps the
# variance of data whose variance is 1 (**variance preserving**). In 1,000 noising steps $\bar\alpha$ falls from
# nearly 1 to nearly 0; the network guesses $e$. Divide by the sum of both coefficients:
#
# $$s = \frac1{\sqrt{\bar\alpha} + \sqrt{1-\bar\alpha}}, \qquad t = s\sqrt{\bar\alpha}, \qquad
# \boxed{s\,x' = t\,x + (1-t)\,e},$$
#
# since $1 - t = s\sqrt{1-\bar\alpha}$. It is our path in another unit, by another clock; the best guess of $e$ is
# the same.
#
# **DDIM** (Song et al. 2021) goes from $\bar\alpha$ to a larger one with the guesses $\hat x$ and $\hat e$, which
# fit together as above. In our unit, from $t$ to $t'$:
#
# $$t'\hat x + (1-t')\,\hat e = \underbrace{t\hat x + (1-t)\,\hat e}_{x_t} + (t'-t)(\hat x - \hat e) .$$
#
# The last term is the velocity times the step: *DDIM is Euler's method* on our path. In numbers, with DDPM's table
# of $\bar\alpha$, DDIM in DDPM's units beside Euler in ours, 50 steps:


# %%
def to_ours(kept):
    """Scale s and time t of DDPM's ᾱ, the kept share of the data's variance."""
    scale = 1 / (np.sqrt(kept) + np.sqrt(1 - kept))
    return scale, np.sqrt(kept) * scale


kept_table = np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))  # ᾱ after 1, 2, ..., 1,000 noising steps
kept_stages = np.append(kept_table[::-20], 1.0)  # every 20th, from noise to data
theirs, ours = places, to_ours(kept_stages[0])[0] * places
gaps = []
for kept, kept_next in itertools.pairwise(kept_stages):
    (scale, time), (scale_next, time_next) = to_ours(kept), to_ours(kept_next)
    guess = flow_paths.readings("velocity", field(scale * theirs, time), scale * theirs, time).noise
    clean = (theirs - np.sqrt(1 - kept) * guess) / np.sqrt(kept)
    theirs = np.sqrt(kept_next) * clean + np.sqrt(1 - kept_next) * guess  # DDIM
    ours = ours + (time_next - time) * field(ours, time)  # Euler
    gaps.append(np.abs(scale_next * theirs - ours).max())
print(f"largest distance in {len(gaps)} steps: {max(gaps):.0e}")
print(f"on target: {metrics.on_target_share(ours, 'ring', ring):.2f}")

# %% [markdown]
# Expected: below $10^{-10}$, and 0.98 to 1.00. What differs is the clock:

# %% tags=["check-output"]
for step in (1000, 750, 500, 250, 1):
    print(
        f"DDPM's step {step:4}: ᾱ = {kept_table[step - 1]:.5f}, t = {to_ours(kept_table[step - 1])[1]:.3f}"
    )
times = to_ours(kept_table)[1]
print(f"{np.mean(times < 0.1):.0%} of its steps have t < 0.1, {np.mean(times > 0.9):.0%} t > 0.9")

# %% [markdown]
# Expected: $t$ = 0.006, 0.055, 0.226, 0.512 and 0.990; 34 % and 3 %. DDPM draws its steps evenly in training, so a
# third of its lessons are about almost pure noise.
#
# ### What a loss weighs
#
# Two guesses at one $x_t$: if the clean images differ by $\Delta x$ and the noises by $\Delta e$, then
# $t\,\Delta x + (1-t)\,\Delta e = 0$, since $x_t$ is the same.
#
# ### Exercise 15.6: three losses (3 minutes)
#
# Take the squared error of the clean image as 1. How large is that of the noise, and that of the velocity? Return
# both for an array of times (n,), as rows (2, n).


# %% tags=["exercise"]
def loss_weights(times):
    # -- stub --
    return ...
    # -- solution --
    return np.stack([(times / (1 - times)) ** 2, 1 / (1 - times) ** 2])


# %% tags=["check"]
checks.check_function(
    "15.6",
    loss_weights,
    expected=lambda times: np.stack([times**2, np.ones_like(times)]) / (1 - times) ** 2,
    cases=mistakes_readings.TIME_CASES,
    hints=mistakes_readings.WEIGHTS,
    hint="Δe = -t Δx / (1 - t), and Δv = Δx - Δe.",
    why="To one another, clean image, noise and velocity weigh as (1 - t)² : t² : 1.",
)

# %% [markdown]
# Measured, with errors added to the exact guess of the clean image:

# %% tags=["check-output"]
for time in (0.1, 0.5, 0.9, 0.95):
    best = flow_paths.readings("velocity", field(places, time), places, time)
    off = flow_paths.readings("clean", best.clean + 0.1 * places, places, time)
    unit = np.mean((off.clean - best.clean) ** 2)
    noise_error, velocity_error = (
        np.mean((getattr(off, kind) - getattr(best, kind)) ** 2) / unit
        for kind in ("noise", "velocity")
    )
    print(f"t = {time:4}: clean image 1, noise {noise_error:6.2f}, velocity {velocity_error:6.2f}")

# %% [markdown]
# Expected: noise 0.01, 1, 81 and 361; velocity 1.23, 4, 100 and 400. All three losses have the same minimizer: at
# each $x_t$ it is the mean. But no trained network reaches it everywhere, and the weights say where it had better
# be good. A loss on the noise hardly asks for the image while $t$ is small; the velocity's does. Its weight has no
# bound at $t = 1$, so training on images (section 5) draws no time beyond 0.95: at most 400.
#
# ## 4. Samplers by hand (core, 13 minutes)
#
# ### Euler and Heun
#
# A sampler follows $\frac{dx}{dt} = v(x, t)$ from noise to data. **Euler's** step of length $h$ takes the velocity
# where it stands. What it leaves out is in Taylor's series along the path, with $\dot v$ for the change of the
# velocity along it:
#
# $$x(t+h) = \underbrace{x + h\,v}_{\text{Euler}} + \tfrac{h^2}2\,\dot v + O(h^3).$$
#
# One step errs by about $h^2$, and $\frac1h$ steps by $h$: **order 1**. **Heun** tries the step and asks again at
# its end. The velocity there is $v + h \dot v + O(h^2)$, and the mean of both, $v + \frac h2 \dot v + O(h^2)$,
# times $h$, has the missing term: an error of $h^3$ a step, **order 2**, for two calls.


# %%
def euler_step(velocity, points, now, then):
    return points + (then - now) * velocity(points, now)


def follow(step, velocity, points, num_steps):
    times = np.linspace(0, 1, num_steps + 1)
    for now, then in itertools.pairwise(times):
        points = step(velocity, points, now, then)
    return points


starts = np.random.default_rng(SEED).standard_normal((300, 2))
for num_steps in (1, 4, 16, 64):
    ends = follow(euler_step, field, starts, num_steps)
    share = metrics.on_target_share(ends, "ring", ring)
    print(f"Euler, {num_steps:2} steps: {share:.2f} on target")

# %% [markdown]
# Expected: 0, 0.29 to 0.42, 0.97 to 1, 0.97 to 1. (One step gives the mean of all data: section 1.)
#
# ### Exercise 15.7: Heun's step (3 minutes)
#
# Write it, for any function `velocity(points, time)`; `then` may also lie before `now`.


# %% tags=["exercise"]
def heun_step(velocity, points, now, then):
    # -- stub --
    return ...
    # -- solution --
    first = velocity(points, now)
    second = velocity(points + (then - now) * first, then)
    return points + (then - now) * (first + second) / 2


# %% tags=["check"]
checks.check_function(
    "15.7",
    heun_step,
    expected=flow_solvers.heun_step,
    cases=mistakes_samplers.STEP_CASES,
    hints=mistakes_samplers.HEUN_STEP,
    hint="Go to the end of Euler's step, ask there at the time `then`, and step with the mean of both.",
    why="The error of one step falls with h³, of the whole way with h².",
)

# %% [markdown]
# **Adams'** method is thrifty: $\dot v$ is about $(v - v_\text{before})/h$, with the velocity of the step before.
# So it goes $h\,(v + \frac12(v - v_\text{before}))$: order 2, one call a step.
#
# ### Exercise 15.8: the order from two errors (2 minutes)
#
# With order $p$ the error is about $C n^{-p}$ after $n$ steps. Write $p$, from two numbers of steps (2,) and their
# errors (2,).


# %% tags=["exercise"]
def measured_order(steps, errors):
    # -- stub --
    return ...
    # -- solution --
    return np.log(errors[0] / errors[1]) / np.log(steps[1] / steps[0])


# %% tags=["check"]
checks.check_function(
    "15.8",
    measured_order,
    expected=lambda steps, errors: -np.diff(np.log(errors))[0] / np.diff(np.log(steps))[0],
    cases=mistakes_samplers.ERROR_CASES,
    hints=mistakes_samplers.ORDER,
    hint="Divide one error by the other: C is gone. Then take logarithms.",
    why="It is minus the slope of a line where both axes have logarithms.",
)

# %% [markdown]
# Now measure: mean distance of the ends from those of 2,048 steps of Heun, on the ring and on one with wider modes.
# `flow_solvers` has all three, and its Heun makes the *last* step by Euler (as Karras et al. 2022 do), since at
# $t = 1$ a clean image says nothing of the velocity. The exact field does, so here is also the full one of the
# exercise, which asks there.

# %%
steps = 2 ** np.arange(2, 8)  # 4, 8, ..., 128


def solver_errors(spread):
    def velocity(points, time):
        return exact.velocity(points, time, modes, spread)

    found, fine = {}, follow(flow_solvers.heun_step, velocity, starts, 2048)
    for solver in ("euler", "heun", "adams", "full heun"):
        if solver == "full heun":
            ends = [follow(flow_solvers.heun_step, velocity, starts, n) for n in steps]
        else:
            ends = [flow_solvers.solve(velocity, starts, n, solver) for n in steps]
        found[solver] = np.linalg.norm(np.array(ends) - fine, axis=2).mean(axis=1)
    return found


errors = solver_errors(deviation)
for spread, measured in ((deviation, errors), (0.3, solver_errors(0.3))):
    for solver, values in measured.items():
        orders = -np.diff(np.log2(values))  # each time twice as many steps
        print(f"width {spread:4}, {solver:9}: error with 16 steps {values[2]:.3f}, ", end="")
        print(f"128 {values[-1]:.5f}, orders {orders.round(1)}")

# %%
plots.curves(
    {solver: np.log2(values) for solver, values in errors.items()},
    "Error at the end on the ring, both axes in powers of two. On the right Euler falls by 1 where the others fall "
    "by 2. At 16 steps Heun is no better than Euler; the full Heun is below all others from 8 steps on.",
    "log2 of the number of steps",
    "log2 of the error",
    x=np.log2(steps),
)

# %% [markdown]
# Expected at the last doubling: Euler 0.9 to 1.0, all others 1.8 to 2.0. With wide modes the orders are near 1 and 2
# from 8 steps on. On the ring they are not, and with 16 steps Heun errs as much as Euler, 0.020 to 0.025, the full
# one by 0.009 or less. Only the last step differs. What gives a mode its width of 0.05 happens where $1-t$ is about
# 0.05, and $\frac1{16}$ swallows that in one go. An order is a promise for steps that are short against what happens.
#
# ### The paths

# %%
stages = np.array(flow_solvers.path(field, starts[:12], 64, "heun"))  # (65, 12, 2)
plots.scatter_points(
    {
        "noise": stages[0],
        "first half": stages[1:33].reshape(-1, 2),
        "second half": stages[33:64].reshape(-1, 2),
        "end": stages[-1],
    },
    "Twelve paths in 64 steps, a mark each. In the first half they run straight towards the center; then "
    "most of them turn back, outwards to the modes, which are the ends.",
)
on_the_way = np.array([field(stages[k], k / 64) for k in (0, 16, 24, 48)])
headings = on_the_way / np.linalg.norm(on_the_way, axis=2, keepdims=True)
cosines = (headings[1:] * headings[0]).sum(axis=2).clip(-1, 1)
print("median angle to the first heading at t = 1/4, 3/8, 3/4, in degrees:", end=" ")
print(np.degrees(np.median(np.arccos(cosines), axis=1)).round())

# %% [markdown]
# Expected: 0, 0 and more than 165. Each pair of section 2 keeps its heading; who follows the mean velocity does not.
# While nothing is known, it leads to the middle of all data, and only then back out, to one of the modes.
#
# ### New noise on the way (optional, 4 minutes)
#
# DDPM's sampler draws part of the noise anew at every step. How much may it? Take two stages of one image, $t < u$.
# The noisier is the other one shrunk, plus noise:
#
# $$x_t = \tfrac tu\,x_u + r z, \qquad r^2 = (1-t)^2 - \big(\tfrac tu\big)^2 (1-u)^2 .$$
#
# With $x$ and $x_t$ known, $x_u$ is normal, and inverse variances add:
#
# $$\frac1{k^2} = \frac1{(1-u)^2} + \Big(\frac tu\Big)^2\frac1{r^2}, \qquad k = \frac{(1-u)\,r}{1-t} .$$
#
# So much is open, and so much is renewed: $x_u = u\hat x + \sqrt{(1-u)^2 - k^2}\;\hat e + k z$.


# %%
def renewed(now, then):
    r = np.sqrt((1 - now) ** 2 - (now / then * (1 - then)) ** 2)
    return (1 - then) * r / (1 - now)


random = np.random.default_rng(SEED)  # of the noise that is drawn anew


def renewing_step(velocity, points, now, then):
    guess = flow_paths.readings("velocity", velocity(points, now), points, now)
    k = renewed(now, then)
    kept = np.sqrt((1 - then) ** 2 - k**2)
    return then * guess.clean + kept * guess.noise + k * random.standard_normal(points.shape)


later = 0.5 * 1.7 + 0.5 * random.standard_normal(10**6)  # an image of one pixel, 1.7, at t = 0.5
earlier = 0.6 * later + np.sqrt(0.7**2 - 0.3**2) * random.standard_normal(10**6)  # at t = 0.3
left = np.var(later) * (1 - np.corrcoef(later, earlier)[0, 1] ** 2)
print(f"k² formula {renewed(0.3, 0.5) ** 2:.4f}, a million draws {left:.4f}")
noisy, less = kept_table[600], kept_table[580]
theirs_squared = (1 - less) / (1 - noisy) * (1 - noisy / less) * to_ours(less)[0] ** 2
print(
    f"k² formula {renewed(to_ours(noisy)[1], to_ours(less)[1]) ** 2:.6f}, DDPM's {theirs_squared:.6f}"
)

# %% [markdown]
# Expected: 0.2041 and 0.203 to 0.205; 0.155656 twice (Ho et al. 2020, equation 7).
#
# ### Few steps, on 2,000 points
#
# Now all of them. For each: share on target; distance from the nearest mode (root mean square of each coordinate),
# which for real points is 0.050; modes covered.

# %%
many = np.random.default_rng(SEED).standard_normal((2000, 2))


def distances(points):
    return np.linalg.norm(points[:, None] - modes, axis=2)


for num_steps in (4, 8, 16, 64):
    ends_by_name = {
        solver: flow_solvers.solve(field, many, num_steps, solver)
        for solver in flow_solvers.SOLVERS
    }
    ends_by_name["full heun"] = follow(flow_solvers.heun_step, field, many, num_steps)
    ends_by_name["new noise"] = follow(renewing_step, field, many, num_steps)
    print(f"{num_steps:2} steps:", end="")
    for name, points in ends_by_name.items():
        share = metrics.on_target_share(points, "ring", ring)
        width = np.sqrt(np.mean(distances(points).min(axis=1) ** 2) / 2)
        covered = metrics.modes_covered(points, modes, *metrics.coverage_rule("ring", 2000))
        print(f"  {name} {share:.2f} {width:.3f} ({covered})", end="")
    print()
same = np.mean(
    distances(ends_by_name["new noise"]).argmin(1) == distances(ends_by_name["euler"]).argmin(1)
)
print(f"with new noise at the same mode as Euler: {same:.2f}")

# %% [markdown]
# Expected shares, within 0.03:
#
# | steps | Euler | Heun | Adams | full Heun | new noise |
# |---|---|---|---|---|---|
# | 4 | 0.36 | 0.57 | 0.44 | 0.32 | 0.31 |
# | 8 | 0.88 | 0.98 | 0.94 | 0.87 | 0.88 |
# | 16 | 0.99 | 1.00 | 1.00 | 0.97 | 0.99 |
# | 64 | 0.99 | 0.99 | 0.99 | 0.99 | 0.99 |
#
# Real points have 0.99. So is Heun perfect with 16 steps, and the full one, whose ends are three times nearer to the
# exact ones, worse? No. Heun's modes are 0.030 to 0.033 wide instead of 0.050, the full one's 0.055 to 0.059. Euler's
# last step leads to $x_t + (1-t)\,v$, the best guess: a mean, and means are narrow (Euler's own modes: about 0.04
# with 16 steps). The share on target sees no narrowness; look twice.
#
# With new noise the end is at the same mode as Euler's in 0.10 to 0.15 of cases, and luck alone has $\frac18$:
# nothing of the start is left. The first step, from $t = 0$, has $k = 1 - u$: it renews all of the noise.
#
# ### There and back again (optional, 2 minutes)
#
# Without new noise a path can be walked backwards: data become noise, and return.

# %%
real = ring[:500]
for solver in ("euler", "heun"):
    for num_steps in (16, 64, 128):
        hidden = flow_solvers.solve(field, real, num_steps, solver, backwards=True)
        again = flow_solvers.solve(field, hidden, num_steps, solver)
        error = np.linalg.norm(again - real, axis=1).mean()
        print(f"{solver:5} {num_steps:3} steps: noise of deviation {hidden.std():.2f},", end="")
        print(f" back with an error of {error:.4f}")

# %% [markdown]
# Expected: errors of 0.033 to 0.042, about 0.011 and 0.006 for Euler, of 0.030 to 0.036, about 0.003 and 0.0008 for
# Heun. With few steps the noise is too small as well, 0.73 to 0.79 for Euler with 16; a standard normal's deviation
# is 1.

# %% [markdown]
# ## 5. A flow on images (core, 15 minutes)
#
# ### What to ask the network for
#
# All so far holds for 784 pixels as for two coordinates; only the exact field is gone. By section 3 we may ask for
# whatever is easiest to say. We ask for the *clean image* $\hat x$: noise fills all 784 directions, while clothes
# keep close to far fewer, so a guess of them can pass through layers of 512 numbers (Li and He 2025 argue so, and
# measure it on large images). The loss of the final guess stays that of the velocity, by exercise 15.6:
#
# $$\mathbb{E}\,\lvert v - (x - e)\rvert^2 = \mathbb{E}\,\Big\lvert \frac{\hat x - x}{1 - t}\Big\rvert^2 .$$
#
# ### Exercise 15.9: the loss on images (3 minutes)
#
# Write it: `guess` and `images` are (n, height, width, 1), `times` (n, 1), all below 1. The mean goes over all
# numbers. (Mind the shapes: (n, 1) does not fit (n, height, width, 1) by itself.)


# %% tags=["exercise"]
def image_loss(guess, images, times):
    # -- stub --
    return ...
    # -- solution --
    rest = tf.reshape(1 - times, (-1, 1, 1, 1))
    return tf.reduce_mean(((guess - images) / rest) ** 2)


# %% tags=["check"]
checks.check_function(
    "15.9",
    image_loss,
    expected=mistakes_images.image_loss,
    cases=mistakes_images.LOSS_CASES,
    hints=mistakes_images.LOSS,
    hint="Reshape 1 - times to (n, 1, 1, 1), divide the difference by it, square, take the mean.",
    why="At t = 0.95 an error counts 400 times as much as at 0: there the flow has nearly arrived.",
)

# %% [markdown]
# ### Road one: pixels, on two cores
#
# The usual network is a U-Net: many layers of convolutions, at full size, then at half and a quarter, and back
# (`tests/benchmark.py --only flow` trains one beside ours, for the same time). Ours has two parts.
# A **rough guess** sees all pixels at once, in dense layers; it says what garment this is, and learns with a loss
# of its own. The **details** are convolutions over blocks of $2 \times 2$ pixels (*space to depth*: a quarter of
# the places, four times the channels), and are added to it. From time and class come numbers that multiply and
# shift the features. Times near to noise are drawn more often (after Esser et al. 2024), since the shape is decided
# there.

# %%
images, labels = data.load_images("fashion_mnist")
keras.utils.set_random_seed(SEED)
flow = flow_matching.FlowMatching(num_classes=10, seed=SEED)
rates = keras.optimizers.schedules.CosineDecay(2e-3, IMAGE_STEPS)
flow.compile(optimizer=keras.optimizers.Adam(rates, beta_2=0.99, global_clipnorm=1.0))
flow.fit(images, labels, steps_per_epoch=IMAGE_STEPS)
print(f"{flow.network.count_params():,} parameters")
own = flow.sample(NUM_SAMPLES, seed=1)
print("own flow:", metrics.frechet_distance(own))
plots.show_images(
    own[:20],
    "Twenty images of the flow just trained, two of each class in the order of the classes: shirts, trousers, dresses, "
    "shoes and bags that one can name, with soft or broken edges.",
    columns=10,
)
del flow  # four million weights, their average, and what Adam remembers of each
keras.utils.clear_session()

# %% [markdown]
# Expected: 4,176,940 parameters; a distance of 8 to 13, from 1,000 images (real ones have 0.3). `flow_fashion`
# ships with the course: the same network, trained for 10,000 steps (ten minutes); 10,000 of its images have 2.3,
# 1,000 have 2.3 to 2.5.
#
# ### Road two: a VAE's codes
#
# Lesson 10's VAE turns an image into 16 numbers and back. A flow over *them* is as cheap as one on points. Its
# pictures are the decoder's, so they can hardly be better than what the decoder makes of real images' codes: that
# distance is the **floor**. The VAE's own way to draw, codes from the prior, is the other end.

# %%
vae = pretrained.load("vae_fashion_gaussian")
codes = vae.encode(images[:20_000])[0]
code_mean, code_spread = codes.mean(axis=0), codes.std(axis=0)
keras.utils.set_random_seed(SEED)
code_flow = flow_matching.FlowMatching((16,), seed=SEED)
rates = keras.optimizers.schedules.CosineDecay(5e-3, NUM_STEPS)
code_flow.compile(optimizer=keras.optimizers.Adam(rates, beta_2=0.99))
code_flow.fit((codes - code_mean) / code_spread, batch_size=BATCH_SIZE, steps_per_epoch=NUM_STEPS)


# %%
def draw_by_codes(count, **settings):
    return vae.generate(code_mean + code_spread * code_flow.sample(count, seed=1, **settings))


held_out = data.load_images("fashion_mnist", "test")[0][:NUM_SAMPLES]
rows = {
    "floor": vae.reconstruct(held_out),
    "flow of codes": draw_by_codes(NUM_SAMPLES),
    "prior": vae.sample(NUM_SAMPLES, seed=1),
}
for name, row in rows.items():
    print(f"{name:13} {metrics.frechet_distance(row)}")
plots.show_images(
    np.concatenate([row[:10] for row in rows.values()]),
    "Above: ten real images through the VAE. Middle: codes drawn by the flow. Below: codes drawn from the prior; "
    "several of these are no garment.",
    columns=10,
)

# %% [markdown]
# Expected, from 1,000 images each: 3.8 to 4.6, 6.5 to 8.5, and 15 to 18. A few seconds of training (after the VAE's
# few minutes) take away most of what the prior loses. They cannot bring back what the decoder does not draw, such as
# fine edges. Many systems that draw large pictures take this road, with a far better decoder (Rombach et al. 2022).
#
# ### How many calls?
#
# A GAN and a VAE draw with *one* call of a network, a flow with one a step (Heun: two). Here is what more buys: five
# ways to draw clothes (GAN, VAE, a flow on pixels, one on codes, and the second pass below), each trained for one
# minute, without classes, with three seeds. (Half of the minute for codes is their VAE's. A step's cost was measured,
# and all trained for as many steps as fit. Distances of 2,500 images; recorded, in 40 minutes.)

# %%
record = data.load_measurements("flow_calls")
print("calls        ", "  ".join(f"{calls:5}" for calls in record["calls"]))
by_name = dict(zip(record["solvers"], record["pixels"].mean(axis=0), strict=True))
by_name["codes, adams"] = record["codes"].mean(axis=0)
for name, values in by_name.items():
    print(f"{name:13}", "  ".join(f"{value:5.1f}" for value in values))
for name in ("GAN", "VAE", "floor"):
    print(f"{name:13} {record[name].mean():5.1f}, seeds {record[name].round(1)}")
plots.curves(
    {name: np.log2(values) for name, values in by_name.items()},
    "Distance against calls, both axes in powers of two. All curves fall; on pixels Adams' is the lowest from 2 calls "
    "on. That of the codes falls steeply to 4 calls and is the lowest from 2 to 16; then it is flat.",
    "log2 of the number of network calls",
    "log2 of the Fréchet distance",
    x=np.log2(record["calls"]),
)

# %% [markdown]
# The first four rows are the flow on pixels. (Heun takes as many steps as the calls allow: one with 2 calls, two with
# 4.) With one call each flow is lost: the only step leads to the mean of all clothes. Adams' method, of order 2 with
# one call a step, gains most: at 8 calls it is where Euler is between 8 and 16. New noise needs more steps than the
# others. The flow of codes needs few calls, and stays near its floor. After one minute the GAN is the nearest,
# and draws in one call. After ten minutes it is close: `gan_fashion` has 1.2, `flow_fashion` 2.3 with 16 calls, and
# 1.2 with the guidance of section 6 (10,000 images each).
#
# ### Exercise 15.10: reading the table (3 minutes)
#
# Which of these does the table support? Answer with all their letters, such as `"a, b"`.
# - **a** With 16 calls and Adams' method the flow on pixels is nearer to real clothes than the VAE.
# - **b** Flows are better than GANs.
# - **c** With a single call, Euler's, Heun's and Adams' methods all score the same.
# - **d** Of GAN, VAE and all flows here, the GAN's images from one call are the nearest to real ones.
# - **e** With further training the flow of codes gets below its floor.

# %% tags=["exercise"]
# -- stub --
answer_10 = ...
# -- solution --
answer_10 = "a, c, d"

# %% tags=["check"]
checks.check_choice(
    "15.10",
    answer_10,
    expected={"a", "c", "d"},
    options="abcde",
    hints={
        "a, b, c, d": "one budget, one data set, these networks: no more is in the table.",
        "a, c, d, e": "nobody trained it further; and the floor is the decoder's, which would not change.",
        "a, d": "one more: which is Heun's only step, and Adams' first one?",
        "a, c": "one more: compare the GAN's row with the VAE's, and with the flows' at 1 call.",
        "c, d": "one more: read the row of Adams at 16 calls, and the VAE's.",
    },
    hint="Look at each number that the sentence speaks of, and whether it speaks of more than there is.",
    why="All begin with Euler's step; and a table speaks of what was trained for it.",
)

# %% [markdown]
# ### Few calls: a second pass (optional, 5 minutes)
#
# Why do few steps fail? Because the velocity changes on the way, and it does since many pairs pass at one place.
# **Reflow** (Liu et al. 2023) takes other pairs: each noise with the point that *the trained flow* made of it. Two
# paths of one flow never meet at the same time, and the straight lines between their ends seldom cross, much more
# seldom than those of random pairs. Train a new network of the same kind on such pairs, of points:

# %%
noise_points = np.random.default_rng(SEED + 3).standard_normal((20_000, 2))
parts = [
    flow_solvers.solve(trained_velocity, part, 16, "heun")
    for part in np.array_split(noise_points, 10)  # a tenth at a time takes a tenth of the memory
]
their_ends = np.concatenate(parts)
second_velocity, second_loss = train_field(NUM_STEPS, their_ends, noise_points)
print(f"loss of the second pass {second_loss:.4f}, of the first {last_loss:.3f}")
for name, one_velocity in {"first": trained_velocity, "second": second_velocity}.items():
    print(f"{name:6} pass, share on target:", end="")
    for num_steps in (1, 2, 4, 8, 16):
        ends = flow_solvers.solve(one_velocity, many, num_steps, "euler")
        print(f"  {num_steps} steps {metrics.on_target_share(ends, 'ring', ring):.2f}", end="")
    print()

# %% [markdown]
# Expected: a loss of 0.001 to 0.004. The first pass 0, 0, 0.3 to 0.4, 0.6 to 0.75, 0.7 to 0.85; the second 0.55 to
# 0.75 already in *one* step, and at most 0.15 more with 16. It can hardly pass its teacher, the first pass; but one
# call does nearly what 16 do.
#
# ### Exercise 15.11: a loss near 0 (2 minutes)
#
# The first pass's loss stays near 0.9, the second's falls to a few thousandths. Why?
# - **a** It starts from more steps of training.
# - **b** Its noise is not normal any more.
# - **c** At each place and time there is about one velocity, so the mean is right for each pair.
# - **d** The network has learned its 20,000 pairs by heart.

# %% tags=["exercise"]
# -- stub --
answer_11 = ...
# -- solution --
answer_11 = "c"

# %% tags=["check"]
checks.check_choice(
    "15.11",
    answer_11,
    expected="c",
    options="abcd",
    hints={
        "a": "the network begins anew; and the first pass's loss would not fall with more steps.",
        "b": "it is normal as before; what has changed is which point belongs to it.",
        "d": "fresh noise lands on the modes in one step, too, nearly as often as after 16: that was `many`.",
    },
    why="The constant of section 2 is the variance of the velocities at one place: it is nearly gone.",
)

# %% [markdown]
# On images, within the same minute (half of it for the first pass, a fifth for 8,192 pairs, the rest for the second):

# %% tags=["check-output"]
second_pass = record["second_pass"].mean(axis=0)
for calls, one, two in zip(record["calls"], by_name["adams"], second_pass, strict=True):
    print(f"{calls:2} calls: one pass {one:4.1f}, second pass {two:4.1f}")

# %% [markdown]
# One call of the second pass is worth two to three of the other flow. But it learned from another flow's pictures
# alone, and that one had half a minute: up to 8 calls it gains little, and from 4 on it stays behind.

# %% [markdown]
# ## 6. Guidance (core, 12 minutes)
#
# ### Beyond the class
#
# `flow_fashion` knows ten classes. In training one label in ten was left out, so it knows two velocities: $v$ for a
# class $c$, and $u$ for none. (In this section $u$ is that velocity, and $w$ one number, the *weight*.) By Bayes'
# rule $\log p_t(x_t \mid c) = \log p_t(x_t) + \log p_t(c \mid x_t) - \log p(c)$; so the *difference* of the two
# scores, and up to a factor that of $v$ and $u$, is the slope of $\log p_t(c \mid x_t)$: the direction in which the
# class becomes surer. **Guidance** (Ho and Salimans 2022) goes further that way:
#
# $$\boxed{u + w\,(v - u)}$$
#
# With $w = 1$ this is $v$. With more, its score at each time is that of a density multiplied by
# $p_t(c \mid x_t)^{w-1}$. But following it does not lead from one of these densities to the next: there is no
# path $p_t$ behind it, as there was in section 2. It costs a second call in each guided step, and it need not be
# on all the way (Kynkäänniemi et al. 2024): early it narrows what can be drawn, late it changes little one sees.
#
# ### Exercise 15.12: a guided velocity (4 minutes)
#
# `velocity(points, time, labels)` returns (n, d); with `None` for labels it is $u$. Return the guided velocity while
# `begin <= time < end`, for `begin, end = guided`; elsewhere $v$, and ask only once there.


# %% tags=["exercise"]
def guided_velocity(velocity, points, time, labels, weight, guided):
    # -- stub --
    return ...
    # -- solution --
    begin, end = guided
    with_class = velocity(points, time, labels)
    if not begin <= time < end:
        return with_class
    without = velocity(points, time, None)
    return without + weight * (with_class - without)


# %% tags=["check"]
checks.check_design(
    "15.12",
    guided_velocity,
    designs_guidance.guidance_fault,
    why="With weight 0 it forgets the class, with 1 it is v, with 4 it goes four times as far from u.",
)

# %% [markdown]
# ### What a weight buys, and costs
#
# For each weight: network calls for an image; how many of 1,000 images the classifier takes for the class asked for;
# the distance; the **diversity**, that is the mean squared distance of an image's features from the mean of its
# class, over that of real images; and the share of pixels that are white.

# %%
shipped = pretrained.load("flow_fashion")
asked = np.arange(NUM_SAMPLES) % 10
real_images, real_labels = data.load_images("fashion_mnist", "test")


def feature_spread(images, classes):
    features = metrics.image_features(images)
    groups = [features[classes == one] for one in range(10)]
    return np.mean([np.square(group - group.mean(axis=0)).sum(axis=1).mean() for group in groups])


real_spread = feature_spread(real_images[:NUM_SAMPLES], real_labels[:NUM_SAMPLES])
real_right = np.mean(
    metrics.predicted_labels(real_images[:NUM_SAMPLES]) == real_labels[:NUM_SAMPLES]
)
print(f"real images: right {real_right:.2f}, white {np.mean(real_images > 250):.3f}")

# %%
strips = {}
for guided, weights in {(0, 1): (1, 2, 4, 8), (0.15, 0.55): (2, 4, 8)}.items():
    for weight in weights:
        settings = {"num_steps": 12, "guidance": weight, "guided": guided}
        drawn = shipped.sample(NUM_SAMPLES, seed=1, labels=asked, **settings)
        strips[guided, weight] = drawn[:10]
        recognized = np.mean(metrics.predicted_labels(drawn) == asked)
        distance = float(metrics.frechet_distance(drawn))
        diversity = feature_spread(drawn, asked) / real_spread
        white = np.mean(drawn > 250 / 255)
        print(
            f"guided {guided}, weight {weight}: {shipped.num_calls(**settings):2} calls,", end=" "
        )
        print(
            f"right {recognized:.2f}, distance {distance:.1f}, diversity {diversity:.2f},", end=" "
        )
        print(f"white {white:.3f}")

# %%
plots.show_images(
    np.concatenate([strips[(0, 1), 1], strips[(0, 1), 8], strips[(0.15, 0.55), 4]]),
    "The same noise three times, one image a class. First row: weight 1. Second: weight 8 all the way, with white "
    "surfaces and hard edges. Third: weight 4 in the middle of the path only, in the grays of the first.",
    columns=10,
)

# %% [markdown]
# Expected, each within a tenth of its value:
#
# | guided | calls | weight | right | distance | diversity | white |
# |---|---|---|---|---|---|---|
# | nowhere | 12 | 1 | 0.85 | 2.6 | 0.80 | 0.015 |
# | all the way | 24 | 2, 4, 8 | 0.98, 1, 1 | 1.6, 3.4, 6.6 | 0.64, 0.57, 0.53 | 0.03, 0.07, 0.15 |
# | 0.15 to 0.55 | 16 | 2, 4, 8 | 0.94, 0.98, 0.99 | 1.6, 1.2, 1.7 | 0.73, 0.72, 0.75 | 0.02, 0.02, 0.04 |
#
# All the way, more images are taken for the class asked for than real ones are (0.94): they are *too* typical, and
# more alike. From 4 on the pictures *burn*: large surfaces turn white, with weight 8 more than ten times as many
# pixels as in real images (0.013). In the middle alone, the first steps are taken without guidance, and so are the
# last: diversity and grays stay nearer to those of weight 1.
#
# ### Exercise 15.13: which one would you ship? (2 minutes)
#
# A game needs clothes of which at least 95 in 100 are taken for the class asked for, with at most 16 calls an
# image; among such settings, the most varied. Which one?
# - **a** weight 1;
# - **b** weight 2 all the way;
# - **c** weight 4, guided from 0.15 to 0.55;
# - **d** weight 8 all the way, with more steps against the white.

# %% tags=["exercise"]
# -- stub --
answer_13 = ...
# -- solution --
answer_13 = "c"

# %% tags=["check"]
checks.check_choice(
    "15.13",
    answer_13,
    expected="c",
    options="abcd",
    hints={
        "a": "one garment in seven is then taken for another class.",
        "b": "look at the calls; and another row has as many right, and more diversity.",
        "d": "look at the calls; and the white comes from the weight, not from the length of the steps.",
    },
    why="It is the only one of the four with 95 in 100 right and no more than 16 calls.",
)

# %% [markdown]
# ## 7. Play (core, 3 minutes)
#
# One sample's path, from noise to a picture. Large: the stage at the time of the slider, and the clean
# image that the network guesses from it. Below: all of it at a glance. A move in time calls no network;
# any other control computes a new path.

# %%
walk.path_viewer(shipped, class_names=data.class_names(), label=9, guidance=2.0)

# %% [markdown]
# **Try it**, by mouse or keyboard:
#
# 1. Move the time from 0 to 1. The first guess is a blur, as in section 1. From which time on can you
#    name the garment?
# 2. Set *Steps* to 1: now the first guess is the picture. Then 4, 8 and 32, with one seed. When does the
#    picture at time 1 stop changing, with *euler* and with *adams*?
# 3. *Guidance* 1, 3 and 6, with one seed (it is on from time 0.15 to 0.55): from which stage on do the guesses
# differ?
#
# And points, on a target of your own. (On Colab the picture does not feel the mouse; the buttons work.)

# %%
field_studio.field_studio()

# %% [markdown]
# 1. *Train* takes some ten seconds. Then move the time from 0 to 1. At 0 all arrows point to about one
#    place, the mean of the target: nothing else is known of pure noise. Only later do they part.
# 2. *Clear*, draw two blobs far apart with the mouse (or choose *letters* and type *II*), and train. Which
#    noise becomes the left one? (The left half, nearly all of it: on the line in the middle both sides pull
#    alike, and no path crosses it.)
# 3. *letters* with your initials. The caption says how many points lie within 0.1 of the target: for *AI*
#    about 65 to 80 % after one training, 80 to 90 % after two. Where are the others?
# 4. Draw one more stroke and press *Train*, without *Clear*. It gets its share of the points within some
#    500 steps.

# %% [markdown]
# ## Recap
#
# - The best guess under noise is a mean, so it is a blur; small steps, each with a new guess, end in one sharp image.
# - A flow is a regression on random pairs: it learns the mean velocity, and the mean is enough.
# - Velocity, clean image, noise and score are one guess in four units. DDPM is the same path by another clock, DDIM
#   is Euler's method on it.
# - An order is a promise for short steps. With few calls, look at which error the last step makes.
# - Calls cost time at each image. Where they may be few, choose the solver with care, or train a second pass.
# - Guidance buys the right class and pays with diversity; in the middle of the path alone it costs less.
#
# **Try next** Load `pretrained.load("flow_animals")` into the path viewer with `data.class_names("animals")`. At
# which time can you tell a cat from a dog? Or give `shipped.generate` shares of classes, half a bag and half a
# boot: lesson 12 mixed cats that way.
#
# **Solutions** are in [the solved twin](solutions/15_flow_matching.ipynb).
#
# **Sources**
# - Y. Lipman et al., *Flow Matching for Generative Modeling*, 2023,
#   [arXiv:2210.02747](https://arxiv.org/abs/2210.02747): the conditional loss and its minimizer.
# - X. Liu, C. Gong and Q. Liu, *Flow Straight and Fast*, 2023,
#   [arXiv:2209.03003](https://arxiv.org/abs/2209.03003): straight paths, and the second pass.
# - M. Albergo, N. Boffi and E. Vanden-Eijnden, *Stochastic Interpolants*, 2023,
#   [arXiv:2303.08797](https://arxiv.org/abs/2303.08797): velocity and score.
# - J. Ho, A. Jain and P. Abbeel, *Denoising Diffusion Probabilistic Models*, 2020,
#   [arXiv:2006.11239](https://arxiv.org/abs/2006.11239).
# - J. Song, C. Meng and S. Ermon, *Denoising Diffusion Implicit Models*, 2021,
#   [arXiv:2010.02502](https://arxiv.org/abs/2010.02502).
# - T. Karras et al., *Elucidating the Design Space of Diffusion-Based Generative Models*, 2022,
#   [arXiv:2206.00364](https://arxiv.org/abs/2206.00364): Heun's method, and where to place its steps.
# - E. Hairer, S. Nørsett and G. Wanner, *Solving Ordinary Differential Equations I*, 1993: orders, and Adams'
#   methods.
# - T. Li and K. He, *Back to Basics: Let Denoising Generative Models Denoise*, 2025,
#   [arXiv:2511.13720](https://arxiv.org/abs/2511.13720): ask for the clean image.
# - P. Esser et al., *Scaling Rectified Flow Transformers*, 2024,
#   [arXiv:2403.03206](https://arxiv.org/abs/2403.03206): which times to draw in training.
# - R. Rombach et al., *High-Resolution Image Synthesis with Latent Diffusion Models*, 2022,
#   [arXiv:2112.10752](https://arxiv.org/abs/2112.10752).
# - J. Ho and T. Salimans, *Classifier-Free Diffusion Guidance*, 2022,
#   [arXiv:2207.12598](https://arxiv.org/abs/2207.12598).
# - T. Kynkäänniemi et al., *Applying Guidance in a Limited Interval Improves Sample and Distribution Quality*, 2024,
#   [arXiv:2404.07724](https://arxiv.org/abs/2404.07724).
# - H. Xiao et al., *Fashion-MNIST*, 2017, [arXiv:1708.07747](https://arxiv.org/abs/1708.07747).
