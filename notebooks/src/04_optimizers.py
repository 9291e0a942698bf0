# %% [markdown]
# # 04 · Optimizers
#
# **After this lesson you can**
# - write gradient descent, momentum, RMSProp and Adam in a few lines each, equal to Keras's step by step
#   (optional: Nesterov's momentum too);
# - predict from a matrix of second derivatives at which learning rate a training breaks, and see it
#   break there;
# - tell from a curve whether a rate is too large, too small, or the gradient noisy;
# - explain why two players who both do gradient descent need not come to rest;
# - (optional) say how noisy the gradient of a mini-batch is, how a schedule removes the floor that it
#   leaves, and compare optimizers fairly.
#
# **You need** a loss (lesson 02) and its gradient (lesson 03). From school: derivatives, 2 x 2 matrices
# and their eigenvalues (the numbers $\lambda$ with $Mv = \lambda v$ for some vector $v \ne 0$); for sections 3
# and 7 complex numbers and their absolute value, too.
#
# **Time** 118 minutes: 75 for the core sections, 43 for the optional parts. All cells together run for
# less than a minute on two CPU cores.
#
# To *train* is to make a number small by turning many knobs. This lesson has mostly two knobs, $x$ and
# $y$, so that you can see the whole landscape. What goes wrong in two dimensions goes wrong in two
# million, only out of sight.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

from functools import partial

import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from course_utils import checks, data, plots, widgets
from course_utils.base import numerics
from course_utils.lessons.optimizers import games, mistakes, rules, surfaces
from course_utils.lessons.optimizers.pictures import descent_figure, game_figure, many_curves_figure

# %% tags=["parameters"]
SEED = 0
NUM_IMAGES = 4096  # test: 512
NUM_DRAWS = 400  # test: 40
NUM_COPIES = 4000  # test: 200
NUM_EPOCHS = 4  # test: 1
BATCH_SIZE = 64
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  # test: (0.01, 0.1)
TUNING_SEEDS = (100, 101)  # test: (100,)
REPORT_SEEDS = (0, 1, 2, 3, 4)  # test: (0, 1)

# %% [markdown]
# ## 1. Downhill (core, 7 minutes)
#
# Let $f(p)$ be the number to make small, and $p$ the list of all knobs: the weights of a network, or
# here a point $(x, y)$. The **gradient** $\nabla f(p)$ is the list of the derivatives of $f$ by each
# knob. A small move $d$ changes $f$ by about $\nabla f \cdot d$. Among all moves of the same length,
# the one straight *against* the gradient makes that most negative. So take a step
#
# $$p \;\leftarrow\; p - \eta\, \nabla f(p),$$
#
# and repeat. The number $\eta > 0$ is the **learning rate**. That is all of **gradient descent**.
#
# Four landscapes will do for the whole lesson:
#
# | surface | $f(x, y)$ | what it stands for |
# |---|---|---|
# | bowl | $\frac12 (x^2 + y^2)$ | the easy case |
# | ravine | $\frac12 (x^2 + 25 y^2)$ | some directions are much steeper than others |
# | saddle | $\frac12 x^2 - \frac12 y^2 + \frac14 y^4$ | level at $(0,0)$, which is no minimum; the minima are at $(0, \pm 1)$ |
# | Rosenbrock | $(1-x)^2 + 100 (y - x^2)^2$ | a curved valley, named after its inventor; minimum at $(1, 1)$ |
#
# The **Hessian** is the table of all second derivatives, here 2 x 2. It says how the gradient
# changes as you move, so how *curved* the surface is. Before we trust derivatives that someone
# worked out on paper, we compare them with finite differences.

# %% tags=["check-output"]
random = np.random.default_rng(SEED)
for name, surface in surfaces.SURFACES.items():
    gradient_error, hessian_error = [], []
    for point in random.uniform(-1.5, 1.5, (20, 2)):
        by_differences = numerics.numerical_gradient(surface.value, point)
        gradient_error.append(numerics.relative_error(surface.gradient(point), by_differences))
        rows = [
            numerics.numerical_gradient(lambda p, i=i, s=surface: s.gradient(p)[i], point)
            for i in (0, 1)
        ]
        hessian_error.append(numerics.relative_error(surface.hessian(point), np.array(rows)))
    worst = max(*gradient_error, *hessian_error)
    print(f"{name:10}: formulas and finite differences agree to 1e-6: {worst < 1e-6}")

# %% [markdown]
# Now the descent, written out, in the ravine:

# %% tags=["check-output"]
ravine = surfaces.surface("ravine")
point = np.array([-2.0, 1.0])
for step in range(5):
    print(f"step {step}: ({point[0]:6.3f}, {point[1]:6.3f})   f = {ravine.value(point):7.4f}")
    point = point - 0.06 * ravine.gradient(point)

# %% [markdown]
# The steep coordinate $y$ jumps from one side to the other and shrinks by half each time. The flat
# coordinate $x$ creeps. One learning rate has to serve both: that is the problem of this lesson.
#
# ### Exercise 04.1 (3 minutes)
#
# From $(-2, 1)$ again, make **one** step of gradient descent in the ravine, with the learning rate 0.02.
# Give the new point as a list of two numbers. Work out the gradient from the formula in the table.

# %% tags=["exercise"]
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = [-2 - 0.02 * (-2), 1 - 0.02 * 25 * 1]

# %% tags=["check"]
checks.check_array(
    "04.1",
    answer_1,
    expected=[-1.96, 0.5],
    hints=[
        ([-2.04, 1.5], "that is a step uphill: subtract the gradient."),
        ([-0.04, 0.5], "that is the learning rate times the gradient; subtract it from the point."),
        ([-2, 25], "that is the gradient; the step is still to be made."),
        ([-1.96, 0.98], "the derivative by y is 25 y."),
        ([-1.96, 0.75], "the derivative of ½ · 25 y² is 25 y: the ½ cancels the 2."),
        ([0.0, -24.0], "that is a step with the learning rate 1."),
    ],
    hint="The gradient is (x, 25 y) = (-2, 25); the new point is the old one minus 0.02 times it.",
    why="The same rate takes half of the way in y, and a fiftieth of the way in x.",
)

# %% [markdown]
# ## 2. How large may a step be? (core, 13 minutes)
#
# ### The limit, derived
#
# Take a bowl along one axis, $f = \frac12 h x^2$, where $h > 0$ is its curvature. The gradient is $hx$,
# and a step gives
#
# $$x \;\leftarrow\; x - \eta h x = (1 - \eta h)\, x .$$
#
# Each step multiplies $x$ by the same factor. The steps come to rest at 0 if and only if
# $|1 - \eta h| < 1$, that is $0 < \eta < 2/h$. Between $1/h$ and $2/h$ they jump from side to side and
# still shrink; above $2/h$ they grow.
#
# In several dimensions a quadratic is $f = \frac12 p^\top H p$ with the Hessian $H$, and
# $p \leftarrow (I - \eta H)\,p$, since its gradient is $Hp$. $H$ is symmetric, so every $p$ is a sum of
# eigenvectors of $H$. Along each of them the motion is as above, with the eigenvalue as $h$ (at a minimum
# none is negative). All of them must shrink, and the steepest decides:
#
# $$\boxed{\;\eta < \frac{2}{L}, \qquad L = \text{largest eigenvalue of the Hessian}\;}$$
#
# Near a minimum every smooth function looks like a quadratic, so the limit holds there with the
# Hessian at the minimum.
#
# ### The limit, seen
#
# In the ravine $L = 25$, so the limit is 0.08. We try 1 % below and 1 % above, and compare with
# the factor that the formula predicts, $|1 - \eta L|$ for each step. (`rules.descend(gradient, start,
# rule, num_steps)` repeats the step, and returns all points on the way.)

# %% tags=["check-output"]
L = surfaces.largest_curvature(ravine.hessian([0.0, 0.0]))
print(f"L = {L:g}, limit 2/L = {2 / L:g}")
for share in (0.6, 0.99, 1.01):
    rate = share * 2 / L
    path = rules.descend(ravine.gradient, [-2, 1], rules.gradient_descent(rate), 200)
    seen = abs(path[-1, 1] / path[-2, 1])
    print(
        f"{share:4.2f} of the limit: |1 - ηL| = {abs(1 - rate * L):.3f}, seen {seen:.3f};", end=" "
    )
    print(f"|y| after 200 steps: {abs(path[-1, 1]):.3f}")

# %% [markdown]
# One percent decides between rest and ruin. (At half the limit, $\eta = 1/L$, the factor is 0: a
# single step ends at the bottom of the steep direction.)
#
# Does it hold where the surface is no quadratic? At Rosenbrock's minimum we compute the largest
# eigenvalue in two ways, start close by, and look.

# %% tags=["check-output"]
rosenbrock = surfaces.surface("Rosenbrock")
L = surfaces.largest_curvature(rosenbrock.hessian([1.0, 1.0]))
rows = [
    numerics.numerical_gradient(lambda p, i=i: rosenbrock.gradient(p)[i], [1, 1]) for i in (0, 1)
]
print(f"L from the formulas {L:.1f}, from finite differences {np.linalg.eigvalsh(rows)[-1]:.1f}")
print(f"limit 2/L = {2 / L:.6f}")
for share in (0.99, 1.01):
    rule = rules.gradient_descent(share * 2 / L)
    path = rules.descend(rosenbrock.gradient, [1.0, 1.0001], rule, 100)
    distances = np.linalg.norm(path - [1, 1], axis=1)
    side = "further away" if distances[-1] > distances[0] else "nearer"
    print(f"{share} of the limit: after 100 steps the path is {side} than at the start")

# %% [markdown]
# **"The loss exploded, so the gradient must be wrong."** It may be right: everything above was computed with a
# right gradient. First divide the learning rate by ten. And the other way round: a rate above the
# limit need not explode. It only means that the path cannot come to rest *at this minimum*.
# On the saddle, whose walls get steeper outwards, it bounces for ever:

# %% tags=["check-output"]
saddle = surfaces.surface("saddle")
L = surfaces.largest_curvature(saddle.hessian([0.0, 1.0]))
path = rules.descend(saddle.gradient, [-2, 0.01], rules.gradient_descent(2.2 / L), 500)
print(f"limit {2 / L:g}, rate {2.2 / L:g}; the last four y:", path[-4:, 1].round(4))

# %% [markdown]
# ### Exercise 04.2: the limit (3 minutes)
#
# `hessian` is the Hessian of a loss at its minimum, a symmetric array of any size. Return the largest
# learning rate (the limit itself) for gradient descent. `np.linalg.eigvalsh(hessian)` gives the
# eigenvalues of a symmetric matrix, smallest first.


# %% tags=["exercise"]
def rate_limit(hessian):
    # -- stub --
    return ...
    # -- solution --
    return 2 / np.linalg.eigvalsh(hessian)[-1]


# %% tags=["check"]
checks.check_function(
    "04.2",
    rate_limit,
    expected=lambda hessian: 2 / np.linalg.eigvalsh(hessian)[-1],
    cases=[
        np.array([[6.0, 2.0], [2.0, 3.0]]),
        np.diag([4.0, 1.0, 0.5]),
        np.array([[2.0, 0.0], [0.0, 10.0]]),
        np.array([[3.0, -1.0, 0.0], [-1.0, 3.0, -1.0], [0.0, -1.0, 3.0]]),
    ],
    hints=mistakes.RATE_LIMIT,
    hint="2 over the largest eigenvalue.",
    why="For a network nobody writes the Hessian down, but its largest eigenvalue still sets the limit.",
)

# %% [markdown]
# ### How fast, at best?
#
# Let $\mu$ be the smallest eigenvalue and $L$ the largest. The slower of the two factors
# $|1 - \eta\mu|$ and $|1 - \eta L|$ sets the pace. Raising $\eta$ helps the first until the second takes
# over: the best $\eta$ makes them equal, $1 - \eta\mu = \eta L - 1$, so
#
# $$\eta_{\text{best}} = \frac{2}{\mu + L}, \qquad
#   \text{factor} = \frac{L - \mu}{L + \mu} = \frac{\kappa - 1}{\kappa + 1}, \qquad \kappa = \frac{L}{\mu}.$$
#
# $\kappa$ is the **condition number**: how much steeper the steepest direction is than the flattest.

# %% tags=["check-output"]
tried = np.linspace(0.001, 0.08, 7901)
slowest = np.maximum(np.abs(1 - tried * 1), np.abs(1 - tried * 25))
print(f"tried: best rate {tried[slowest.argmin()]:.4f}, factor {slowest.min():.4f}")
print(f"formula: best rate {2 / 26:.4f}, factor {24 / 26:.4f}")

# %% [markdown]
# ### Exercise 04.3: how many steps? (4 minutes)
#
# The curvatures of a quadratic lie between `smallest` and `largest`. At the best rate, how many steps
# does gradient descent need until **less than** the share `share` of the distance is left, in the
# slowest direction? Return a whole number. (In the ravine, for a thousandth: 87.)


# %% tags=["exercise"]
def steps_needed(smallest, largest, share):
    # -- stub --
    return ...
    # -- solution --
    factor = (largest - smallest) / (largest + smallest)
    return int(np.floor(np.log(share) / np.log(factor))) + 1


# %% tags=["check"]
checks.check_function(
    "04.3",
    steps_needed,
    expected=lambda smallest, largest, share: rules.steps_until(
        share, (largest - smallest) / (largest + smallest)
    ),
    cases=[(1.0, 25.0, 1e-3), (1.0, 3.0, 0.25), (0.1, 10.0, 0.5), (2.0, 7.0, 1e-6)],
    hints=mistakes.STEPS_NEEDED,
    hint="Each step leaves (κ - 1)/(κ + 1) of the distance; solve for the number with logarithms.",
    why="The number of steps grows in proportion to κ.",
)

# %% [markdown]
# ## 3. Momentum, RMSProp, Adam (core, 14 minutes)
#
# ### Momentum: a heavy ball
#
# Keep a **velocity** $v$. Each step slows it down to the share $m$ (the *momentum*, such as 0.9) and
# adds the pull of the slope:
#
# $$v \leftarrow m\, v - \eta\, \nabla f(p), \qquad p \leftarrow p + v .$$
#
# Where the gradient $g$ stays the same, the velocity tends to the $v$ with $v = mv - \eta g$, so to
# $-\eta g/(1-m)$: with $m = 0.9$ ten times the plain step. Where the gradient changes sign at each step,
# as across a ravine, the pulls mostly cancel.
#
# ### Exercise 04.4: a step of momentum (4 minutes)
#
# Write one step of momentum. Return `np.array([…, …])` of the new point and the new velocity.


# %% tags=["exercise"]
def momentum_step(point, velocity, gradient, rate, m):
    # -- stub --
    return ...
    # -- solution --
    velocity = m * velocity - rate * gradient
    return np.array([point + velocity, velocity])


# %% tags=["check"]
checks.check_function(
    "04.4",
    momentum_step,
    expected=lambda p, v, g, rate, m: np.array([p + m * v - rate * g, m * v - rate * g]),
    cases=[
        (np.array([1.0, 2.0]), np.array([0.5, -0.5]), np.array([1.0, 4.0]), 0.1, 0.9),
        (np.array([3.0]), np.array([-1.0]), np.array([2.0]), 0.5, 0.0),
        (np.array([0.0, 1.0]), np.array([0.0, 0.0]), np.array([-2.0, 3.0]), 0.2, 0.5),
    ],
    hints=mistakes.MOMENTUM_STEP,
    hint="First the new velocity, m v - rate g; then the point plus it.",
    why="Two lines, one more array than gradient descent: the velocity.",
)

# %% [markdown]
# ### The rules as functions
#
# All rules of this lesson have the same form. They get the point, its gradient, a **memory** of two arrays that start as zeros,
# and the number of the step, counted from 0; they return the new point and the new memory.


# %%
def gradient_descent(point, gradient, memory, step, rate):
    return point - rate * gradient, memory


def momentum(point, gradient, memory, step, rate, m=0.9):
    velocity = m * memory[0] - rate * gradient
    return point + velocity, (velocity, memory[1])


# %% [markdown]
# ### RMSProp and Adam: a rate for each coordinate
#
# If steep coordinates need small rates and flat ones large rates, measure the steepness. **RMSProp**
# keeps a running mean of the *squared* gradient, coordinate by coordinate,
# $s \leftarrow \rho s + (1-\rho) g^2$, and divides by its root: $p \leftarrow p - \eta\, g/\sqrt{s + \epsilon}$.
# Each coordinate then moves by about $\eta$ a step, however large or small its gradient is. ($\epsilon$
# is tiny, and keeps the division from 0/0.)
#
# **Adam** puts a momentum on top, a running mean of the gradient itself. Both means start at 0, so at
# first both are too small: after $t$ steps with a constant gradient they hold only the share
# $1 - \beta^t$ of it. Adam divides that out:
#
# $$a \leftarrow \beta_1 a + (1-\beta_1) g, \quad
#   s \leftarrow \beta_2 s + (1-\beta_2) g^2, \quad
#   p \leftarrow p - \eta\, \frac{a/(1-\beta_1^t)}{\sqrt{s/(1-\beta_2^t)} + \epsilon}.$$


# %%
def rmsprop(point, gradient, memory, step, rate, rho=0.9, epsilon=1e-7):
    mean_square = rho * memory[1] + (1 - rho) * gradient**2
    return point - rate * gradient / np.sqrt(mean_square + epsilon), (memory[0], mean_square)


def adam(point, gradient, memory, step, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    mean = beta_1 * memory[0] + (1 - beta_1) * gradient
    mean_square = beta_2 * memory[1] + (1 - beta_2) * gradient**2
    correction = np.sqrt(1 - beta_2 ** (step + 1)) / (1 - beta_1 ** (step + 1))
    move = rate * correction * mean / (np.sqrt(mean_square) + epsilon)
    return point - move, (mean, mean_square)


# %% [markdown]
# One detail: like Keras, this Adam adds $\epsilon$ before the correction of the root and not after it.
# That is a variant which the paper itself proposes; with tiny $\epsilon$ nobody sees a difference.
#
# **"The correction is there because the first steps would be too small."** Both means are too small,
# but the step is their ratio. Find out which way it errs:
#
# ### Exercise 04.5: the first step of Adam (4 minutes)
#
# First step ($t = 1$), $\beta_1 = 0.9$, $\beta_2 = 0.999$, the gradient is 7, and $\epsilon$ is negligible. How
# many times as long as $\eta$ would the step be **without** the two corrections?

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = (0.1 * 7) / np.sqrt(0.001 * 7**2)

# %% tags=["check"]
checks.check_number(
    "04.5",
    answer_5,
    expected=0.1 / np.sqrt(0.001),
    hints=[
        (1.0, "that is the step with the corrections."),
        (100.0, "the mean square stands under a root: 0.1 / √0.001."),
        (np.sqrt(0.001) / 0.1, "that is the inverse: the mean goes above, the root below."),
        (0.7 / np.sqrt(0.001 * 7), "the gradient is squared before its mean is taken."),
        (0.1, "divide by the root of the mean square, too."),
        (0.7, "that is the mean; divide it by the root of the mean square."),
    ],
    hint="The mean is 0.1 · 7, the mean square 0.001 · 49.",
    why="Without them the first steps would be too long, about three times; with them exactly η.",
)

# %% [markdown]
# ### Side by side
#
# The rules from the same start in the ravine, with a fifth, Nesterov's momentum, which the optional part
# below explains. Gradient descent has its best rate, by the formula; the others have rates chosen by eye,
# so the order among them says little.

# %%
chosen = {
    "gradient descent": rules.gradient_descent(2 / 26),
    "momentum": rules.momentum(0.03, 0.8),
    "Nesterov": rules.nesterov(0.03, 0.8),
    "RMSProp": rules.rmsprop(0.05),
    "Adam": rules.adam(0.1, beta_1=0.8),
}
heights = {
    name: np.log10(ravine.value(rules.descend(ravine.gradient, [-2, 1], rule, 60)))
    for name, rule in chosen.items()
}
shown = {name: np.maximum(values, -8) for name, values in heights.items()}
many_curves_figure(
    shown,
    "Height above the ravine's minimum, as a power of ten (cut off at -8). Gradient descent falls along a "
    "straight line; momentum and Adam swing, and fall about one and a half times as fast, Nesterov twice; "
    "RMSProp is slow at first and quick at the end.",
    "step",
    "log10 f",
    x=np.arange(61),
)

# %% [markdown]
# ### Limits, Nesterov, and Keras (optional, 14 minutes)
#
# **The limit of momentum.** Along one axis with curvature $h$, let $x_k$ be the place after $k$ steps, and put
# $v = x_k - x_{k-1}$ into the rule: $x_{k+1} = (1 + m - \eta h)\,x_k - m\,x_{k-1}$. Every motion is a mix of
# solutions of the form $x_k = z^k$, and such a one needs (after division by $z^{k-1}$)
#
# $$z^2 - (1 + m - \eta h)\, z + m = 0 .$$
#
# It shrinks if both roots, which may be complex, lie inside the unit circle, $|z| < 1$. They do if and
# only if $m < 1$ and $|1 + m - \eta h| < 1 + m$ (a known test for quadratics $z^2 + bz + c$: $c < 1$ and
# $|b| < 1 + c$). The second says $0 < \eta h < 2(1+m)$. So the limit is $\boxed{2(1+m)/L}$, almost twice
# as much at $m = 0.9$.
#
# **Nesterov's momentum** takes the gradient not where the ball is but where its velocity is about to
# carry it, at $\hat p = p + m v$: $v \leftarrow m v - \eta \nabla f(\hat p)$, $p \leftarrow p + v$.
# Like Keras, the function below keeps only $\hat p$ as its point. Put $p = \hat p - m v$ into the
# rule: with $v'$ the new velocity, the new $\hat p' = (\hat p - m v) + v' + m v'$, and since
# $v' = m v - \eta g$ this is $\hat p' = \hat p - \eta g + m v'$, the line in the code. The next cell
# confirms that both forms make the same path.
#
# Looking ahead brakes earlier: Nesterov's path usually swings less. It is no free gift: its limit is
# **lower**, $\frac{2(1+m)}{(1+2m)L}$, below plain gradient descent's. (The same derivation: its quadratic
# is $z^2 - (1+m)q\,z + mq = 0$ with $q = 1 - \eta h$. The test fails first where
# $-(1+m)q = 1 + mq$, at $q = -1/(1+2m)$.)


# %%
def nesterov(point, gradient, memory, step, rate, m=0.9):
    velocity = m * memory[0] - rate * gradient
    return point + m * velocity - rate * gradient, (velocity, memory[1])


# %% tags=["check-output"]
rule = partial(nesterov, rate=0.03, m=0.9)
path = rules.descend(ravine.gradient, [-2, 1], rule, 50)  # points: the places ahead
ball, velocity, ahead = np.array([-2.0, 1.0]), np.zeros(2), []
for _ in range(51):
    ahead.append(ball + 0.9 * velocity)
    velocity = 0.9 * velocity - 0.03 * ravine.gradient(ahead[-1])
    ball = ball + velocity
print("both forms of Nesterov agree:", np.allclose(path, ahead, rtol=1e-9, atol=1e-12))


# %% [markdown]
# Formula against experiment for all three limits. The experiment knows no formula: it halves an
# interval of learning rates thirty times, each time asking whether 600 steps made $x$ smaller on
# $f = \frac12 \cdot 25\,x^2$.


# %% tags=["check-output"]
def measured_limit(rule, curvature, num_steps=600):
    low, high = 0.0, 8 / curvature
    for _ in range(30):
        rate = (low + high) / 2
        path = rules.descend(lambda x: curvature * x, [1.0], partial(rule, rate=rate), num_steps)
        stable = len(path) > num_steps and abs(path[-1, 0]) < 1
        low, high = (rate, high) if stable else (low, rate)
    return low


for name, rule, m in (
    ("gradient descent", gradient_descent, 0.0),
    ("momentum", partial(momentum, m=0.5), 0.5),
    ("momentum", partial(momentum, m=0.9), 0.9),
    ("Nesterov", partial(nesterov, m=0.9), 0.9),
):
    formula = rules.stability_limit(25.0, name, m)
    print(f"{name:16} m = {m}: formula {formula:.3f}, measured {measured_limit(rule, 25.0):.3f}")

# %% [markdown]
# #### Step by step against Keras
#
# For each rule and several settings: 50 steps in the Rosenbrock valley, with our functions, with
# the package's (which the rest of the course imports), and with Keras. Same start, same gradients. Keras
# keeps its settings with seven digits (float32), so we round ours likewise.


# %%
def keras_path(optimizer, num_steps=50):
    point = keras.Variable([-1.2, 1.0], dtype="float64")
    path = [point.numpy().copy()]
    for _ in range(num_steps):
        optimizer.apply([tf.constant(rosenbrock.gradient(path[-1]))], [point])
        path.append(point.numpy().copy())
    return np.array(path)


k, o = keras.optimizers, rules
low, high, half, most, nearly_all = (np.float32(x).item() for x in (1e-4, 7e-4, 0.5, 0.9, 0.99))
pairs = []  # ours, the package's, Keras's
for rate in (low, high):
    pairs.append((partial(gradient_descent, rate=rate), o.gradient_descent(rate), k.SGD(rate)))
    for m in (half, most):
        for rule, package, ahead in ((momentum, o.momentum, False), (nesterov, o.nesterov, True)):
            keras_rule = k.SGD(rate, momentum=m, nesterov=ahead)
            pairs.append((partial(rule, rate=rate, m=m), package(rate, m), keras_rule))
        ours = partial(rmsprop, rate=rate, rho=m)
        pairs.append((ours, o.rmsprop(rate, m), k.RMSprop(rate, rho=m)))
        ours = partial(adam, rate=rate, beta_1=m, beta_2=nearly_all)
        by_keras = k.Adam(rate, beta_1=m, beta_2=nearly_all)
        pairs.append((ours, o.adam(rate, m, nearly_all), by_keras))

# %% tags=["check-output"]
errors = []
for ours, package, keras_rule in pairs:
    path = rules.descend(rosenbrock.gradient, [-1.2, 1.0], ours, 50)
    by_package = rules.descend(rosenbrock.gradient, [-1.2, 1.0], package, 50)
    by_keras = keras_path(keras_rule)
    errors.append([np.abs(path - by_package).max(), np.abs(path - by_keras).max()])
errors = np.max(errors, axis=0)
print(f"{len(pairs)} settings, 50 steps each")
print("ours and the package agree to 1e-12:", errors[0] < 1e-12)
print("ours and Keras agree to 1e-9:       ", errors[1] < 1e-9)

# %% [markdown]
# No magic in the library: a training in Keras makes exactly the moves of these few lines.

# %% [markdown]
# ## 4. Play, and read curves (core, 13 minutes)
#
# The sliders work by keyboard, too: Tab moves on, arrow keys change a value. The learning rate is
# given by its logarithm to base 10: -1 is 0.1, -2 is 0.01. *Momentum* is $\beta_1$ in Adam, and
# does nothing in gradient descent and RMSProp. *Noise* is the standard deviation of a random number
# added to each derivative; the *seed* chooses the random numbers. The surface is darker where it is lower.

# %%
widgets.live_figure(
    descent_figure,
    {
        "surface": widgets.Choice("Surface", tuple(surfaces.SURFACES), "ravine"),
        "rule": widgets.Choice("Optimizer", rules.RULES, "momentum"),
        "log_rate": widgets.Slider("log10 rate", -4, 0.5, 0.05, -1.5),
        "momentum": widgets.Slider("Momentum", 0, 0.99, 0.01, 0.8),
        "noise": widgets.Slider("Noise", 0, 5, 0.1, 0),
        "steps": widgets.Slider("Steps", 0, 300, 1, 60),
        "seed": widgets.Whole("Seed", 0, 999, 0),
    },
    name="descent",
    width=420,
)

# %% [markdown]
# **Five experiments.** Say what you expect before you move a slider.
# 1. *The limit.* Bowl, gradient descent: 0.25 (that is 1.78) zigzags into the minimum, 0.35 (2.24)
#    leaves. Now the ravine: -1.1 stays, -1.05 leaves. Then choose *momentum* at -1.05: it stays.
# 2. *Too much momentum.* Ravine, momentum, -1.5: move the momentum from 0 to 0.99. Near 0.7 it is
#    best; at 0.99 the ball orbits the minimum like a planet.
# 3. *Escape.* Saddle, gradient descent, -1: after 20 steps the path has only just begun to leave the
#    level place at $(0, 0)$, after 60 it is at a minimum. Add noise 0.1 and count up the seed: which of the two minima it
#    finds is chance.
# 4. *The valley.* Rosenbrock, momentum 0.9, 300 steps: which optimizer comes furthest? Each needs a rate
#    of its own: gradient descent -2.4, momentum -2.5, Nesterov -2.8, RMSProp -1.75, Adam 0. (Momentum
#    does, at these rates; RMSProp stays furthest behind. At -2.4 gradient descent is above its limit at
#    the minimum. It has not arrived there yet, and where it is the valley is less steep.)
# 5. *The floor.* Bowl, gradient descent, noise 1, 300 steps: at -0.25, -1 and -2, how large is the
#    cloud in which the path ends up? Section 5 computes it.
#
# ### Exercise 04.6: four sick trainings (4 minutes)
#
# In practice one sees curves, not paths. Four trainings in the ravine, all from the same start:

# %%
sick = {
    "run 1": (rules.gradient_descent(0.07), 1.0),
    "run 2": (rules.gradient_descent(1.02 * 2 / 25), 0.0),
    "run 3": (rules.momentum(0.03, 0.99), 0.0),
    "run 4": (rules.gradient_descent(0.002), 0.0),
}
curves = {
    name: np.log10(ravine.value(rules.descend(ravine.gradient, [-2, 0.01], rule, 200, noise, SEED)))
    for name, (rule, noise) in sick.items()
}
many_curves_figure(
    curves,
    "Four trainings, height above the minimum as a power of ten. Run 1 falls within 50 steps, then "
    "jumps about a level. Run 2 falls at first and then climbs, ever higher. Run 3 swings widely and comes "
    "down slowly. Run 4 falls in a smooth line, very slowly.",
    "step",
    "log10 f",
    x=np.arange(201),
)

# %% [markdown]
# Which cause belongs to which run? **a** The rate is far too small. **b** The rate is above the
# limit. **c** The gradient has the wrong sign. **d** The momentum is too close to 1. **e** The gradient is
# noisy, and the rate does not fall. Answer with four pairs of run and cause, such as `"1a, 2c, 3d, 4b"`.

# %% tags=["exercise"]
# -- stub --
answer_6 = ...
# -- solution --
answer_6 = "1e, 2b, 3d, 4a"

# %% tags=["check"]
checks.check_choice(
    "04.6",
    answer_6,
    expected={"1e", "2b", "3d", "4a"},
    options=[run + cause for run in "1234" for cause in "abcde"],
    hints={
        "1e, 2c, 3d, 4a": "with the wrong sign run 2 would climb from the first step on.",
        "1b, 2c, 3d, 4a": "run 1 stays at a level: above the limit it would leave.",
        "1d, 2b, 3e, 4a": "noise has no rhythm, a heavy ball has: runs 1 and 3 are swapped.",
        "1e, 2d, 3b, 4a": "above the limit a run leaves for good; run 3 comes down in the end.",
    },
    hint="Ask of each run: does it leave, does it swing with a rhythm, does it stop falling, or only crawl?",
    why="Run 2 falls while the flat direction shrinks; the steep one, tiny at first, grows all the time.",
)

# %% [markdown]
# ## 5. Noise and schedules (optional, 13 minutes)
#
# ### A mini-batch is a noisy look at the gradient
#
# The loss of a training set is a mean over $N$ examples, and so is its gradient. **Stochastic gradient
# descent** (SGD) takes the mean over a random **mini-batch** of $B$ examples instead. Let $g_i$ be the
# gradient of example $i$ and $\sigma^2 = \frac1N\sum_i \|g_i - \bar g\|^2$, how far they are
# from their mean $\bar g$. The $B$ draws are independent, the mean of each is $\bar g$, so their
# mean has the *right direction on average*, and variances of independent draws add. The **noise** is the
# root of the mean squared error:
#
# $$\mathbb{E}\,\Big\|\frac1B\sum_{b} g_b - \bar g\Big\|^2 = \frac{1}{B^2}\cdot B\,\sigma^2
#   \quad\Longrightarrow\quad \boxed{\text{noise} = \frac{\sigma}{\sqrt B}}$$
#
# (Drawn without replacement, as in an epoch, the noise is smaller by $\sqrt{(N-B)/(N-1)}$, which hardly
# matters until $B$ comes near $N$.)
#
# We measure it on a real gradient: Fashion-MNIST images, a network of a single dense layer (softmax
# regression), cross-entropy. Its gradient by the weights is $X^\top(P - Y)/B$, with the pixels $X$, the
# predicted probabilities $P$ and the one-hot labels $Y$ (lesson 03).

# %%
images, labels = data.load_images()
pixels = images[:NUM_IMAGES].reshape(NUM_IMAGES, -1) / np.float32(255)
labels = labels[:NUM_IMAGES]
one_hot = np.eye(10, dtype=np.float32)[labels]


def residuals(weights):
    """P - Y: predicted probabilities minus one-hot labels, one row for each image."""
    logits = pixels @ weights
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True) - one_hot


weights = np.zeros((784, 10), np.float32)
for _ in range(50):  # a little training first: the noise of a network in use
    weights -= 0.05 * pixels.T @ residuals(weights) / NUM_IMAGES
errors = residuals(weights)
full_gradient = pixels.T @ errors / NUM_IMAGES

# %% [markdown]
# **First way:** the formula, with $\sigma$ from all examples. The gradient of one example is the outer
# product of its pixels and its row of $P - Y$, so $\|g_i\|^2$ is a product of two squared lengths,
# and $\sigma^2 = \frac1N\sum\|g_i\|^2 - \|\bar g\|^2$. **Second way:** draw batches, and measure.

# %%
lengths = (pixels**2).sum(axis=1) * (errors**2).sum(axis=1)  # squared, of each example's gradient
sigma = np.sqrt(lengths.mean() - (full_gradient**2).sum())
random = np.random.default_rng(SEED)
batch_sizes = [1, 4, 16, 64, 256, 1024]
measured = []
for size in batch_sizes:
    squares = []
    for _ in range(NUM_DRAWS):
        batch = random.integers(NUM_IMAGES, size=size)
        noisy = pixels[batch].T @ errors[batch] / size
        squares.append(((noisy - full_gradient) ** 2).sum())
    measured.append(np.sqrt(np.mean(squares)))
predicted = sigma / np.sqrt(batch_sizes)
for size, a, b in zip(batch_sizes, predicted, measured, strict=True):
    print(f"B = {size:4}: predicted {a:.3f}, measured {b:.3f}, ratio {b / a:.3f}")
slope = np.polyfit(np.log2(batch_sizes), np.log2(measured), 1)[0]
print(f"length of the full gradient: {np.linalg.norm(full_gradient):.3f}")
print(f"slope of log noise over log B: {slope:.3f}   (expected: -0.50 ± 0.02)")

# %%
plots.curves(
    {"σ / √B": np.log2(predicted), "measured": np.log2(measured)},
    "Noise of the gradient against the batch size, both as powers of two: the measured points lie on "
    "the straight line with slope -1/2.",
    "log2 B",
    "log2 noise",
    x=np.log2(batch_sizes),
)

# %% [markdown]
# Expected: all ratios between 0.9 and 1.1 (for $B = 1$ the spread is largest). At $B = 1$ the
# noise is many times as long as the gradient itself, and yet such steps train networks, since the
# errors of many steps cancel. **"Twice the batch, twice as good a gradient"**: no. Four times
# the work halves the noise.
#
# ### Exercise 04.7 (2 minutes)
#
# Batches of 64 leave a certain noise. How large must a batch be for a third of that noise?

# %% tags=["exercise"]
# -- stub --
answer_7 = ...
# -- solution --
answer_7 = 64 * 3**2

# %% tags=["check"]
checks.check_number(
    "04.7",
    answer_7,
    expected=576,
    hints={
        192: "three times the batch leaves 1/√3 of the noise, not a third.",
        111: "the root is on the side of the noise: B grows with the square.",
        21: "a larger batch has less noise, not more.",
        7: "a larger batch has less noise, not more.",
    },
    hint="noise = σ/√B, so a third of it needs √B three times as large.",
    why="Nine times the work for a third of the noise.",
)

# %% [markdown]
# ### The noise floor
#
# What does noise do to a descent at a constant rate? Along one axis with curvature $h$ and noise $\xi$ of
# standard deviation $s$, a step is $x \leftarrow (1-\eta h)x - \eta\xi$. The noise is independent of $x$,
# so with $V = \mathbb{E}[x^2]$: $V \leftarrow (1-\eta h)^2 V + \eta^2 s^2$. That comes to rest at
#
# $$V = \frac{\eta^2 s^2}{1 - (1-\eta h)^2} = \frac{\eta\, s^2}{h\,(2 - \eta h)} .$$
#
# The loss cannot fall below $\frac12 h V \approx \frac14 \eta s^2$: a **floor**, in proportion to the
# rate. More steps do not help. The check runs many copies at once and takes their mean.

# %%
for rate in (0.5, 0.1, 0.02):
    rule = rules.gradient_descent(rate)
    start = np.zeros(NUM_COPIES)
    path = rules.descend(lambda x: x, start, rule, 500, noise=1.0, seed=SEED)
    formula = rate / (2 - rate)
    seen = (path[-200:] ** 2).mean()
    print(f"rate {rate:4}: V by the formula {formula:.4f}, seen {seen:.4f}, ", end="")
    print(f"ratio {seen / formula:.3f}   (expected: 0.97 to 1.03)")

# %% [markdown]
# ### Schedules
#
# A large rate goes far quickly and leaves a high floor; a small one the reverse. So begin large and end
# small. A **schedule** is the learning rate as a function of the step $k$. Two usual ones, besides the constant:
#
# - **step decay:** divide by ten at fixed steps;
# - **cosine decay** over $n$ steps: $\eta_k = \eta_0 \cdot \frac12\big(1 + \cos(\pi k/n)\big)$, from
#   $\eta_0$ to 0 without a jump.
#
# ### Exercise 04.8: cosine decay (3 minutes)
#
# Write the cosine decay. (`np.pi`, `np.cos`)


# %% tags=["exercise"]
def cosine_rate(step, first_rate, num_steps):
    # -- stub --
    return ...
    # -- solution --
    return first_rate * 0.5 * (1 + np.cos(np.pi * step / num_steps))


# %% tags=["check"]
checks.check_function(
    "04.8",
    cosine_rate,
    expected=lambda k, rate, n: rules.cosine_decay(rate, n)(k),
    cases=[(0, 0.1, 100), (25, 0.1, 100), (50, 0.4, 100), (300, 0.2, 300)],
    hints=[
        (
            lambda k, rate, n: rate * np.cos(np.pi * k / n),
            "that runs down to minus the rate; add 1 and halve.",
        ),
        (
            lambda k, rate, n: rate * (1 + np.cos(np.pi * k / n)),
            "that starts at twice the rate: the ½ is missing.",
        ),
        (
            lambda k, rate, n: rate * 0.5 * (1 + np.cos(2 * np.pi * k / n)),
            "half a cosine, from 0 to π: yours comes up again.",
        ),
    ],
    hint="first_rate · ½ · (1 + cos(π · step / num_steps))",
    why="Slow at both ends: it keeps the large rate for a while and lands softly.",
)

# %% [markdown]
# Ours against Keras, then the three schedules on the same noisy bowl, 400 steps:

# %%
num_steps, first_rate = 400, 0.5
schedules = {
    "constant": lambda step: first_rate,
    "step decay": rules.step_decay(first_rate, every=150, factor=0.1),
    "cosine": rules.cosine_decay(first_rate, num_steps),
}
k = keras.optimizers.schedules
by_keras = {
    "step decay": k.ExponentialDecay(first_rate, 150, 0.1, staircase=True),
    "cosine": k.CosineDecay(first_rate, num_steps),
}
for name, schedule in by_keras.items():
    errors = [abs(float(schedule(i)) - schedules[name](i)) for i in range(0, num_steps, 7)]
    print(f"{name}: same as Keras to 1e-6:", max(errors) < 1e-6)
floors = {}
for name, schedule in schedules.items():
    rule = rules.gradient_descent(schedule)
    path = rules.descend(lambda x: x, np.full(NUM_COPIES, 10.0), rule, num_steps, 1.0, SEED)
    floors[name] = (0.5 * path**2).mean(axis=1)
    print(f"{name:10}: mean loss after {num_steps} steps {floors[name][-1]:.5f}")

# %%
plots.curves(
    {name: np.log10(values) for name, values in floors.items()},
    "Mean loss on a noisy bowl, as a power of ten: at a constant rate it stays on its floor; step decay "
    "goes down a stair after each change; cosine glides down. Both end near a thirtieth of the floor.",
    "step",
    "log10 loss",
    x=np.arange(num_steps + 1),
)

# %% [markdown]
# Expected after 400 steps: constant 0.15 to 0.18 (the formula: $\frac12 \cdot 0.5/1.5 = 0.167$), step
# decay 0.005 to 0.006, cosine 0.0055 to 0.0062. The floor is in proportion to the rate, so a rate that
# falls takes the floor down with it. But it must not fall too fast: the lower floor is reached only
# after about $1/(\eta h)$ more steps, as the bend of the step decay after step 150 shows, and a rate that
# is small too early arrives nowhere.

# %% [markdown]
# ## 6. A real fit, compared fairly (optional, 10 minutes)
#
# Which optimizer is best? A fair answer needs three things that many comparisons lack:
# - **each at its own learning rate.** At a common rate you compare rates, not optimizers;
# - **several seeds**, so that you see how much of a difference is chance;
# - the seeds that chose the rate are **not** those that are reported.
#
# The task: 4,096 images of Fashion-MNIST, a network of 32 hidden ReLU units, batches of 64, four
# passes (*epochs*): 256 steps. Making TensorFlow's plan of a training takes longer than the training, so it is
# made once for each optimizer; each training then starts from fresh weights and an empty memory.

# %%
test_images, test_labels = (part[:2000] for part in data.load_images(split="test"))
inputs = tf.constant(pixels)
targets = tf.constant(labels)
test_inputs = tf.constant(test_images.reshape(2000, -1) / 255.0, tf.float32)
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
num_batches = NUM_IMAGES // BATCH_SIZE


def make_network():
    hidden = keras.layers.Dense(32, activation="relu")
    return keras.Sequential([keras.Input((784,)), hidden, keras.layers.Dense(10)])


def shuffled_batches(seed):
    """Which images are in each batch: (number of steps, batch size), a new order for each epoch."""
    random = np.random.default_rng(seed)
    epochs = [random.permutation(num_batches * BATCH_SIZE) for _ in range(NUM_EPOCHS)]
    return np.reshape(epochs, (-1, BATCH_SIZE))


def quality(network):
    """Loss on all training images, share of right answers on new ones."""
    right = network(test_inputs).numpy().argmax(axis=1) == test_labels
    return float(cross_entropy(targets, network(inputs))), right.mean()


# %%
def make_trainer(optimizer):
    """A function (rates of all steps, seed) -> training loss and held-out accuracy at the end."""
    network = make_network()
    weights = network.trainable_variables
    optimizer.build(weights)

    @tf.function
    def run(orders, rates):
        for step in tf.range(len(rates)):
            with tf.GradientTape() as tape:
                logits = network(tf.gather(inputs, orders[step]))
                loss = cross_entropy(tf.gather(targets, orders[step]), logits)
            optimizer.learning_rate.assign(rates[step])
            optimizer.apply(tape.gradient(loss, weights), weights)

    def train(rates, seed):
        keras.utils.set_random_seed(seed)
        network.set_weights(make_network().get_weights())
        for variable in optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        run(tf.constant(shuffled_batches(seed)), tf.constant(rates, tf.float32))
        return quality(network)

    return train


# %% [markdown]
# First the tuning: every candidate at every rate, with the two tuning seeds. The sixth candidate is
# momentum with a cosine schedule, which starts at the given rate.

# %%
num_steps = NUM_EPOCHS * num_batches
k = keras.optimizers
trainers = {
    "SGD": make_trainer(k.SGD(0.1)),
    "momentum": make_trainer(k.SGD(0.1, momentum=0.9)),
    "Nesterov": make_trainer(k.SGD(0.1, momentum=0.9, nesterov=True)),
    "RMSProp": make_trainer(k.RMSprop(0.1)),
    "Adam": make_trainer(k.Adam(0.1)),
}
trainers["momentum, cosine"] = trainers["momentum"]


def rates_of(name, first_rate):
    """The learning rates of all steps."""
    if name != "momentum, cosine":
        return np.full(num_steps, first_rate)
    return [rules.cosine_decay(first_rate, num_steps)(step) for step in range(num_steps)]


# %%
tuning, best_rates = {}, {}
for name, train in trainers.items():
    losses = []
    for rate in RATES:
        ends = [train(rates_of(name, rate), seed)[0] for seed in TUNING_SEEDS]
        losses.append(np.nan_to_num(np.mean(ends), nan=2.5, posinf=2.5))
    tuning[name] = np.minimum(losses, 2.5)
    best_rates[name] = RATES[int(np.argmin(losses))]
    print(f"{name:16}: best rate {best_rates[name]:5}, training loss there {min(losses):.3f}")

# %%
many_curves_figure(
    tuning,
    "Training loss after 256 steps against the learning rate, cut off at 2.5: each optimizer has a "
    "valley of its own; those of RMSProp and Adam lie at smaller rates than SGD's.",
    "log10 learning rate",
    "training loss",
    x=np.log10(RATES),
)

# %% [markdown]
# Expected: the best rate of SGD is 0.1 or 0.3, of momentum 0.03, of Nesterov and of momentum with
# cosine 0.1, of RMSProp and Adam 0.003 or 0.01. A loss of 2.3, the natural logarithm of 10, is guessing
# among ten classes. Nesterov
# stands a larger rate than momentum here, though its limit on a quadratic is lower: no network
# is a quadratic, and mini-batches add noise.
#
# Now choose a single rate on this chart, say 0.01 ($-2$), and read off the losses: Adam seems to beat
# SGD by far. At 0.3 ($-0.5$) it is the other way round. **Either "result" is an artifact of the common
# rate.**
#
# Now the report: each at its own best rate, with seeds that the tuning has not seen.

# %%
final = {}
print(f"{len(REPORT_SEEDS)} seeds           training loss               accuracy on new images")
for name, train in trainers.items():
    rates = rates_of(name, best_rates[name])
    final[name] = np.array([train(rates, seed) for seed in REPORT_SEEDS])
    (loss, accuracy), spread = final[name].mean(axis=0), final[name].std(axis=0, ddof=1)
    print(f"{name:17} mean {loss:.3f}, spread {spread[0]:.3f}   ", end="")
    print(f"mean {100 * accuracy:.1f} %, spread {100 * spread[1]:.1f}")

# %%
fig = Figure(figsize=(7, 3.4), layout="constrained")
axes = fig.subplots()
for row, values in enumerate(final.values()):
    axes.plot(values[:, 0], [row] * len(values), plots.MARKERS[row], color=plots.COLORS[row], ms=8)
    axes.plot(values[:, 0].mean(), row, "|", color="black", ms=24, mew=2)
axes.set_yticks(range(len(final)), final, fontsize=11)
axes.invert_yaxis()
axes.set_xlabel("training loss after 256 steps", fontsize=12)
axes.grid(color="#dddddd")
plots.show_figure(
    fig,
    "Training loss of each optimizer at its own best rate: a mark for each seed, a bar at the mean. "
    "SGD has the largest mean; the marks of the others overlap.",
)

# %% [markdown]
# The bar is the mean; *spread* above is the standard deviation over the five seeds. Expected, with room for
# other tuning and report seeds:
#
# | | mean training loss | mean accuracy on new images |
# |---|---|---|
# | SGD | 0.55 to 0.68 | 75 to 80 % |
# | momentum | 0.44 to 0.50 | 80 to 82 % |
# | Nesterov | 0.40 to 0.45 | 80 to 82 % |
# | RMSProp | 0.48 to 0.52 | 79 to 81 % |
# | Adam | 0.41 to 0.47 | 80 to 82 % |
# | momentum, cosine | 0.42 to 0.45 | 81 to 83 % |
#
# By the mean training loss SGD is last, but RMSProp's spread reaches it, and among the others the means
# differ by about as much as the seeds do. On *new* images less is left: the means lie within three
# percentage points or so, each with a spread of one or two, so five seeds do not tell them apart. RMSProp,
# ahead of SGD by its training loss, has the same accuracy. A lower training loss is not yet a better
# classifier (lesson 03).
#
# What this does **not** show: that one optimizer is best. Another network, another number of steps,
# a finer grid may change the order. One merit of Adam shows in the first chart: here any rate from its
# default, 0.001, to 0.01 works tolerably, so it needs less tuning.

# %% [markdown]
# ## 7. Two players (core, 22 minutes)
#
# ### Why a game is not a minimization
#
# In lesson 05 two networks play against each other: one wants a number $V$ small, the other
# wants the same number large. The smallest such game has one knob each:
#
# $$V(x, y) = x\,y, \qquad x \text{ wants } V \text{ small}, \quad y \text{ wants } V \text{ large}.$$
#
# At $(0, 0)$ neither gains by moving: a point of rest, called an **equilibrium**. If both follow their own slope, $x$ goes
# along $-\partial V/\partial x = -y$ and $y$ along $+\partial V/\partial y = x$. Is that motion
# $(-y, x)$ the descent on *some* function $F$? Then $\partial F/\partial x = y$ and
# $\partial F/\partial y = -x$. But second derivatives do not depend on the order, and here
# $\frac{\partial}{\partial y}(y) = 1$ while $\frac{\partial}{\partial x}(-x) = -1$. So **there is no such $F$**: nothing
# goes down when both players improve. Indeed with infinitely small steps
# $\frac{d}{dt}(x^2 + y^2) = 2x\cdot(-y) + 2y\cdot x = 0$: they circle the equilibrium for ever.
#
# All that follows is about steps of finite size, $\eta_x$ and $\eta_y$. A step is linear,
# $(x, y) \leftarrow M\,(x, y)$, so the eigenvalues of the 2 x 2 matrix $M$ decide: if $|\lambda| < 1$ for both,
# the path comes to rest at $(0, 0)$; if $|\lambda| > 1$ for one, it leaves.
#
# ### Simultaneous steps spiral out, at any ratio
#
# Both answer the same old point (*descent-ascent*): $x \leftarrow x - \eta_x y$, $y \leftarrow y + \eta_y x$, so
#
# $$M = \begin{pmatrix} 1 & -\eta_x \\ \eta_y & 1 \end{pmatrix}, \qquad
#   (1 - \lambda)^2 + \eta_x\eta_y = 0 \;\Longrightarrow\; \lambda = 1 \pm i\sqrt{\eta_x\eta_y}, \qquad
#   \boxed{|\lambda| = \sqrt{1 + \eta_x\eta_y} > 1}$$
#
# However small the rates, and **whatever their ratio**: only the product counts.

# %% tags=["check-output"]
game = games.Game()  # V = x y
for rates in ((0.1, 0.1), (0.01, 1.0), (1.0, 0.01), (0.001, 0.1)):
    formula = np.sqrt(1 + rates[0] * rates[1])
    eigenvalue = games.growth(game, "simultaneous", rates)
    path = games.play(game, "simultaneous", rates, 2000)
    # Measured in lengths x²/η_x + y²/η_y, which take the ratio of the rates into account.
    lengths = np.sqrt((path**2 / rates).sum(axis=1))
    seen = (lengths[-1] / lengths[0]) ** (1 / (len(path) - 1))
    print(f"rates {rates}: √(1 + ηη) {formula:.6f}, eigenvalue {eigenvalue:.6f}, seen {seen:.6f}")

# %% [markdown]
# ### Exercise 04.9 (2 minutes)
#
# Someone slows one player down a hundredfold, $\eta_x = 0.005$ against $\eta_y = 0.5$, to tame the
# simultaneous game on $xy$. By which factor does the distance grow in each step, in the long run? (Six
# digits: it is near 1.)

# %% tags=["exercise"]
# -- stub --
answer_9 = ...
# -- solution --
answer_9 = np.sqrt(1 + 0.005 * 0.5)

# %% tags=["check"]
checks.check_number(
    "04.9",
    answer_9,
    expected=np.sqrt(1.0025),
    rtol=1e-5,
    hints=[
        (1.0025, "that is |λ|², its square; take the root."),
        (np.sqrt(1 - 0.0025), "the sign: (1 - λ)² = -η_x η_y, so |λ|² = 1 + η_x η_y."),
        (1.0, "nearly, but not quite: compute it to six digits."),
        (np.sqrt(1.5), "the product of the rates, not one of them."),
    ],
    hint="|λ| = √(1 + η_x η_y).",
    why="Slower, but still outwards: at 0.05 and 0.05 it is exactly the same.",
)

# %% [markdown]
# ### "Then take the average of the path"
#
# It sounds good: the path circles the equilibrium, so its mean should be near it. With $z_k = M^k z_0$,
# the sum of powers is a geometric series:
#
# $$\bar z_n = \frac1n\sum_{k=0}^{n-1} M^k z_0 = \frac1n\,(M^n - I)(M - I)^{-1} z_0 .$$
#
# $M - I$ can be inverted (its determinant is $\eta_x\eta_y$), and $M^n$ grows like $|\lambda|^n$. An exponential wins
# against $1/n$: **the average diverges, too**. (With rates that *shrink* over time, like $1/\sqrt k$, the average does
# converge. It is the constant rate that spoils it.)
#
# ### Alternating steps stay bounded, and their average converges
#
# Let $y$ answer the *new* $x$: $x \leftarrow x - \eta_x y$, then $y \leftarrow y + \eta_y x_{\text{new}}$. Then
#
# $$M = \begin{pmatrix} 1 & -\eta_x \\ \eta_y & 1 - \eta_x\eta_y \end{pmatrix}, \qquad
#   \det M = 1 - \eta_x\eta_y + \eta_x\eta_y = 1, \qquad \operatorname{tr} M = 2 - \eta_x\eta_y .$$
#
# The determinant is the product of the eigenvalues, so $\lambda_1\lambda_2 = 1$. They solve
# $\lambda^2 - (2 - \eta_x\eta_y)\lambda + 1 = 0$, which has no real root if and only if $|2 - \eta_x\eta_y| < 2$. So for
#
# $$\boxed{\;0 < \eta_x\eta_y < 4\;}$$
#
# they are a conjugate pair with $|\lambda|^2 = \lambda\bar\lambda = 1$: the path neither grows nor
# shrinks in the long run. It stays on an ellipse, since each step leaves
# $\eta_y x^2 + \eta_x y^2 - \eta_x\eta_y\, x y$ unchanged. In the formula for the average, $M^n$
# now stays bounded, so $\|\bar z_n\| \le C/n$: **the average converges** to the equilibrium.

# %% tags=["check-output"]
for scheme in ("simultaneous", "alternating"):
    path = games.play(game, scheme, (0.1, 0.1), 1600)
    averages = games.running_average(path)
    for n in (100, 400, 1600):
        M = games.step_matrix(game, scheme, (0.1, 0.1))
        power = np.linalg.matrix_power(M, n)
        series = (power - np.eye(2)) @ np.linalg.inv(M - np.eye(2)) @ [1, 0] / n
        agree = np.allclose(series, averages[n - 1], rtol=1e-6, atol=1e-9)
        print(f"{scheme:12} {n:4} steps: distance {np.linalg.norm(path[n]):8.3f}, ", end="")
        print(f"of the average {np.linalg.norm(averages[n - 1]):6.4f}; formula agrees: {agree}")
ellipse = 0.1 * path[:, 0] ** 2 + 0.1 * path[:, 1] ** 2 - 0.01 * path[:, 0] * path[:, 1]
print("alternating: the ellipse is kept to 1e-12:", np.ptp(ellipse) < 1e-12)
for product in (3.99, 4.01):
    rates = (1.0, product)
    print(f"η_x η_y = {product}: largest |λ| {games.growth(game, 'alternating', rates):.4f}")

# %% [markdown]
# After 1,600 steps the simultaneous average is eighteen times as far away as the start was, and
# growing. The alternating one has come down to 0.013. (Do not stop at 400 steps: the simultaneous
# average looked harmless there.)
#
# ### Exercise 04.10: take turns (4 minutes)
#
# Write one alternating step of the game $xy$, the $x$ player first. Return `np.array([…, …])` of the
# new $x$ and the new $y$.


# %% tags=["exercise"]
def alternating_step(x, y, rate_x, rate_y):
    # -- stub --
    return ...
    # -- solution --
    x = x - rate_x * y
    return np.array([x, y + rate_y * x])


# %% tags=["check"]
checks.check_function(
    "04.10",
    alternating_step,
    expected=lambda x, y, a, b: np.array([x - a * y, y + b * (x - a * y)]),
    cases=[(1.0, 0.0, 0.1, 0.1), (0.5, -2.0, 0.25, 1.0), (-3.0, 1.0, 2.0, 0.5)],
    hints=mistakes.ALTERNATING_STEP,
    hint="The slope by x is y: x - rate_x · y. Then y + rate_y times the new x.",
    why="One changed name in one line decides between a spiral and an ellipse. A GAN's loop has this form.",
)

# %% [markdown]
# ### Extragradient converges
#
# Make a trial step, look at the slopes *there*, and apply them at the old point (Korpelevich 1976). If
# $J$ is the matrix of the trial step's move, $\begin{pmatrix} 0 & -\eta_x \\ \eta_y & 0 \end{pmatrix}$, then
# $M = I + J(I + J) = I + J + J^2$, and $J^2 = -\eta_x\eta_y I$. With $q = \eta_x\eta_y$: $\lambda = 1 - q \pm i\sqrt q$ and
#
# $$|\lambda|^2 = (1-q)^2 + q = 1 - q + q^2 < 1 \quad\text{for } 0 < q < 1 .$$
#
# It looks ahead, as Nesterov's momentum does, and it costs two gradients a step.

# %% tags=["check-output"]
for q in (0.01, 0.5, 0.99, 1.01):
    rates = (np.sqrt(q), np.sqrt(q))
    formula, found = np.sqrt(1 - q + q**2), games.growth(game, "extragradient", rates)
    path = games.play(game, "extragradient", rates, 200)
    seen = (np.linalg.norm(path[-1]) / np.linalg.norm(path[0])) ** (1 / 200)
    print(f"q = {q:4}: formula {formula:.4f}, eigenvalue {found:.4f}, seen {seen:.4f}")

# %%
paths = {name: games.play(game, name, (0.2, 0.2), 80) for name in games.SCHEMES}
plots.curves(
    {
        **{name: np.linalg.norm(path, axis=1) for name, path in paths.items()},
        "average of alternating": np.linalg.norm(
            games.running_average(paths["alternating"]), axis=1
        ),
    },
    "Distance from the equilibrium of V = x y, both rates 0.2: simultaneous steps move away, alternating "
    "ones keep about their distance while their average comes in, and so does extragradient.",
    "step",
    "distance",
    x=np.arange(81),
)

# %% [markdown]
# ### Damping, and where two time scales help
#
# On $xy$ different rates help nothing. Give the second player a friction, though,
#
# $$V = x y - \tfrac{a}{2}\, y^2, \qquad a > 0,$$
#
# (like a penalty that keeps a discriminator from becoming too steep). With simultaneous steps $y \leftarrow y + \eta_y (x - a y)$, so
#
# $$M = \begin{pmatrix} 1 & -\eta_x \\ \eta_y & 1 - a\eta_y \end{pmatrix}, \qquad
#   \det M = 1 - \eta_y\,(a - \eta_x).$$
#
# As long as the eigenvalues are a conjugate pair, $|\lambda|^2 = \det M$. Then simultaneous
# steps converge if $\eta_x < a$: slow the *undamped* player enough, and it works. Is a ratio other than 1 really better,
# or is it enough to choose the common rate well? Ask for the best of each kind:
# - *One rate* $\eta$ for both: $|\lambda|^2 = 1 - a\eta + \eta^2$ is smallest at $\eta = a/2$, where it is $1 - a^2/4$
#   (for $a < 2$).
# - *Two rates:* $\eta_y = 2/a$ and $\eta_x = a/2$ make the trace $2 - a\eta_y$ and the determinant $1 - \eta_y(a - \eta_x)$
#   both 0. Then both eigenvalues are 0, and $M^2 = (\operatorname{tr} M)\,M - (\det M)\,I$, which holds for
#   every 2 x 2 matrix, is 0: at rest after **two** steps. The ratio is $\eta_y/\eta_x = 4/a^2$, so for
#   $a < 2$ the damped player is the faster one.

# %% tags=["check-output"]
a = 0.5
damped = games.Game(damping_y=a)
common = np.arange(0.005, 1.0, 0.005)
factors = [games.growth(damped, "simultaneous", (rate, rate)) for rate in common]
print(f"one rate:  tried, best {common[np.argmin(factors)]:.3f}, factor {min(factors):.4f}")
print(f"           formula     {a / 2:.3f}, factor {np.sqrt(1 - a**2 / 4):.4f}")
for rates in ((0.6, 0.6), (0.25, 0.25), (0.25, 1.0), (0.25, 4.0)):
    path = games.play(damped, "simultaneous", rates, 60)
    undamped = games.growth(game, "simultaneous", rates)
    print(f"rates {rates}: factor {games.growth(damped, 'simultaneous', rates):.4f}, ", end="")
    print(f"distance after 60 steps {np.linalg.norm(path[-1]):8.5f}; undamped {undamped:.4f}")

# %% [markdown]
# With a common rate of 0.6 the damped game diverges. The best common rate still leaves a factor of 0.968,
# different rates do far better, and without damping (last column) every one of these pairs diverges. So "two time scales
# stabilize a game" is a statement about **damped** games.
#
# ### Play
#
# $V = xy - \frac a2 y^2$ with the damping $a$ on a slider.

# %%
widgets.live_figure(
    game_figure,
    {
        "scheme": widgets.Choice("Steps are", tuple(games.SCHEMES), "alternating"),
        "log_rate_x": widgets.Slider("log10 rate x", -2, 0.6, 0.05, -0.7),
        "log_rate_y": widgets.Slider("log10 rate y", -2, 0.6, 0.05, -0.7),
        "damping": widgets.Slider("Damping", 0, 2, 0.05, 0),
        "steps": widgets.Slider("How many", 0, 300, 1, 60),
    },
    name="game",
    width=420,
)

# %% [markdown]
# **Three experiments.** First say what you expect.
# 1. Damping 0, rates -0.7 (0.2): go through the three schemes. Which path leaves, which circles, which arrives? Where does
#    the dashed average go? Count the steps up to 300.
# 2. Simultaneous, damping 0: can you find *any* pair of rates at which it comes in?
# 3. Simultaneous, damping 0.5, rate of x -0.6 (0.25): raise the rate of y from -0.6 to 0.6 (4).
#
# ### Exercise 04.11 (3 minutes)
#
# Which are true? Answer with all their letters, such as `"a, b"`.
# - **a** Simultaneous steps on $xy$ converge if one rate is a hundred times the other.
# - **b** With constant rates the average of simultaneous steps on $xy$ converges.
# - **c** With $\eta_x\eta_y < 4$ the average of alternating steps on $xy$ converges.
# - **d** With $\eta_x\eta_y < 1$ extragradient converges on $xy$.
# - **e** Two time scales can help when a player is damped.

# %% tags=["exercise"]
# -- stub --
answer_11 = ...
# -- solution --
answer_11 = "c, d, e"

# %% tags=["check"]
checks.check_choice(
    "04.11",
    answer_11,
    expected={"c", "d", "e"},
    options="abcde",
    hints={
        "a, c, d, e": "only the product of the rates is in |λ|; exercise 04.9.",
        "b, c, d, e": "M to the power n over n: which of the two wins?",
        "a, b, c, d, e": "two of them are popular errors; find the sections that refute them.",
    },
    hint="Find the boxed formula or the table for each of them.",
    why="Both (a) and (b) are widespread; the eigenvalues settle them.",
)

# %% [markdown]
# ### The bridge to lesson 05
#
# A GAN's training **alternates**: one step of the discriminator, then one of the generator, which answers the
# *new* discriminator. You know now why that matters. Three cautions: real losses are no $xy$,
# so this is at best the picture near an equilibrium; both players use Adam on mini-batches, not plain steps; and bounded is
# not convergent. That is also why trained generators are often *averaged* over the last steps: lesson 05 does without, lesson
# 06 does it.

# %% [markdown]
# ## 8. Adam sees the axes (optional, 6 minutes)
#
# The ravine's steep direction *is* an axis, which suits Adam. Turn the ravine by 45 degrees: the surface
# has the same shape, $L$ and $\kappa$. Gradient descent and momentum do not notice: if
# $f_R(p) = f(R^\top p)$ with a rotation $R$, then $\nabla f_R(p) = R\,\nabla f(R^\top p)$, so the whole path
# turns with it. Adam divides *coordinate by coordinate*, which does not turn with it.

# %% tags=["check-output"]
turn = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
H = np.diag([1.0, 25.0])
ravines = {"along the axes": (H, [-2, 1]), "turned": (turn @ H @ turn.T, turn @ [-2, 1])}
for name in ("gradient descent", "momentum", "Adam"):
    rate = {"gradient descent": 2 / 26, "momentum": 0.03, "Adam": 0.1}[name]
    counts = []
    for hessian, start in ravines.values():
        surface = surfaces.quadratic(hessian)
        rule = rules.named_rule(name, rate, 0.8)
        heights = surface.value(rules.descend(surface.gradient, start, rule, 400))
        counts.append(int(np.flatnonzero(heights > 1e-4)[-1]) + 1)
    print(f"{name:16}: {counts[0]} steps to 0.0001 along the axes, {counts[1]} when turned")

# %% [markdown]
# Adam needs three times as many steps in the turned ravine, the other two the same number. In networks
# the coordinates are not arbitrary (one weight, one feature), and much of Adam's success is put down to steepness that differs there
# from weight to weight.
#
# Now try `"Adam"` with a rate of 0.3 in the cell above. How many steps does it need then, and what does
# that say about comparisons at a single rate? (Expected: 49 and 51. Most of the gap belonged to the rate.)

# %% [markdown]
# ## Recap
#
# - A step is $p \leftarrow p - \eta\nabla f$. It is stable below $2/L$, and the condition number sets the pace.
# - Momentum, RMSProp and Adam are a few lines each. A rate above the limit, a rate too small, too much momentum and noise
#   each leave a curve of their own.
# - Two players do not minimize anything together. On $xy$, simultaneous steps and their average diverge;
#   alternating steps circle, and their average converges; extragradient converges; two time scales help a
#   damped game.
#
# From the optional parts: momentum raises the limit to $2(1+m)/L$, Nesterov's form lowers it to $2(1+m)/((1+2m)L)$, and Keras
# makes exactly our moves; a batch of $B$ leaves the noise $\sigma/\sqrt B$, and a constant rate a floor in proportion to it,
# which a schedule takes away; optimizers are compared each at its own rate, over several seeds, apart from the tuning.
#
# **Try next** In section 6, `NUM_EPOCHS = 12`: does the order change? In section 7, damp the other player as well
# (`games.Game(damping_x=0.5, damping_y=0.5)`). Then lesson 05: two networks.
#
# **Solutions** are in [the solved twin](solutions/04_optimizers.ipynb).
#
# **Sources**
# - B. T. Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964,
#   [doi:10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553(64)90137-5): momentum.
# - Y. Nesterov, *A method for solving the convex programming problem with convergence rate O(1/k²)*, 1983; in the form used
#   here: I. Sutskever et al., *On the importance of initialization and momentum in deep learning*, 2013,
#   [proceedings.mlr.press/v28/sutskever13](https://proceedings.mlr.press/v28/sutskever13.html).
# - T. Tieleman and G. Hinton, *Lecture 6.5: RMSProp*, Coursera, 2012,
#   [slides](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf).
# - D. P. Kingma and J. Ba, *Adam*, 2015, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980).
# - L. Bottou, F. E. Curtis and J. Nocedal, *Optimization Methods for Large-Scale Machine Learning*, 2018,
#   [arXiv:1606.04838](https://arxiv.org/abs/1606.04838): the noise of mini-batches, the floor, schedules.
# - I. Loshchilov and F. Hutter, *SGDR*, 2017, [arXiv:1608.03983](https://arxiv.org/abs/1608.03983): cosine decay.
# - H. H. Rosenbrock, *An automatic method for finding the greatest or least value of a function*, 1960,
#   [doi:10.1093/comjnl/3.3.175](https://doi.org/10.1093/comjnl/3.3.175).
# - G. M. Korpelevich, *The extragradient method for finding saddle points and other problems*, 1976; G. Gidel et al.,
#   *A Variational Inequality Perspective on GANs*, 2019, [arXiv:1802.10551](https://arxiv.org/abs/1802.10551).
# - G. Gidel et al., *Negative Momentum for Improved Game Dynamics*, 2019,
#   [arXiv:1807.04740](https://arxiv.org/abs/1807.04740): alternating against simultaneous steps.
# - M. Heusel et al., *GANs Trained by a Two Time-Scale Update Rule*, 2017,
#   [arXiv:1706.08500](https://arxiv.org/abs/1706.08500).
