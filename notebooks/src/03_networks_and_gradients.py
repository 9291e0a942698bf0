# %% [markdown]
# # 03 · Networks and gradients
#
# **After this lesson you can**
# - compute a dense layer, a convolution, a transposed convolution and batch normalization by hand,
#   and predict the shape of what comes out;
# - derive the gradient of a small network, and check it in two other ways;
# - say where gradients die, what one output of a network can see, and when a network has learned
#   its examples by heart;
# - use a classifier's features as coordinates in which near means similar, and tell a family of
#   models from an architecture.
#
# **You need** arrays of pixels (lesson 01) and cross-entropy (lesson 02). In one sentence each: a
# picture is an array (height, width, channels); a *loss* is a number to make small; the
# *cross-entropy* is minus the logarithm of the probability that was given to the right answer; a *logit*
# $\ell$ is any number, which $\sigma(\ell) = 1/(1 + e^{-\ell})$ turns into a probability.
#
# **Time** 102 minutes: 88 for the core sections, 14 for the optional parts. All cells together run for
# less than a minute on two CPU cores.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, metrics, plots, widgets
from course_utils.base import numerics
from course_utils.lessons.networks_and_gradients import layers_by_hand, mistakes, pictures
from course_utils.models import networks, receptive_field

# %% tags=["parameters"]
SEED = 0
BATCH_SIZE = 128
NUM_STEPS = 600  # test: 12
NUM_SMALL = 200  # test: 40
SMALL_EPOCHS = 40  # test: 2
NUM_HELD_OUT = 2000  # test: 60
NUM_COLLECTION = 10_000  # test: 300

# %% [markdown]
# Two helpers serve the whole lesson. The first gives a Keras layer the weights that we choose and
# asks it for its output. The second says whether two arrays agree. Keras computes in `float32`, with
# about seven digits, and NumPy in `float64`, with about sixteen: so they may differ by a millionth.


# %%
def keras_output(layer, inputs, *weights):
    """What a Keras layer with these weights answers, as a NumPy array."""
    inputs = np.asarray(inputs, "float32")
    layer.build(inputs.shape)
    layer.set_weights(weights)
    return layer(inputs).numpy()


def agree(what, found, expected, tolerance=1e-6):
    """Print whether |found - expected| / |expected| is below the tolerance."""
    error = numerics.relative_error(found, expected)
    print(f"{what}: agree to within {tolerance:g}: {error < tolerance}")


# %% [markdown]
# ## 1. Dense layers and activations (core, 8 minutes)
#
# A **network** is a chain of functions called **layers**. Each turns an array into an array, by a
# rule with numbers in it, its **weights** (also: parameters). Training changes the weights, never
# the rule. The first number of every shape counts the examples of a **batch**, which all go through
# the network at once and do not influence each other. (Batch normalization, in section 4, is the
# one exception.)
#
# In a **dense** layer each output is a weighted sum of *all* inputs, plus a number of its own, the
# **bias**:
#
# $$y_j = \sum_i x_i\, W_{ij} + b_j, \qquad\text{for a whole batch:}\quad Y = X W + b.$$
#
# Keras calls the matrix $W$ the **kernel**. Here it has three inputs and two outputs.

# %% tags=["check-output"]
x = np.array([[1.0, -2.0, 0.5]])
kernel = np.array([[2.0, 0.0], [1.0, -1.0], [4.0, 2.0]])
bias = np.array([0.5, 0.0])

by_sums = np.zeros((1, 2))
for j in range(2):
    by_sums[0, j] = sum(x[0, i] * kernel[i, j] for i in range(3)) + bias[j]
print("by sums:", by_sums)
agree("matrix product", x @ kernel + bias, by_sums)
agree("Keras         ", keras_output(keras.layers.Dense(2), x, kernel, bias), by_sums)
agree("course_utils  ", layers_by_hand.dense(x, kernel, bias), by_sums)

# %% [markdown]
# The first output is $1\cdot2 - 2\cdot1 + 0.5\cdot4 + 0.5 = 2.5$. Four ways, one result.
#
# ### Why a network needs more than sums
#
# Put two dense layers one after the other, and multiply out:
#
# $$(X W_1 + b_1)\, W_2 + b_2 = X\,(W_1 W_2) + (b_1 W_2 + b_2).$$
#
# That is a *single* dense layer. A hundred of them would still be one. **Depth is worth nothing
# without something bent in between** (the term is *nonlinear*).

# %% tags=["check-output"]
random = np.random.default_rng(SEED)
first, second = random.normal(size=(3, 5)), random.normal(size=(5, 2))
first_bias, second_bias = random.normal(size=5), random.normal(size=2)
batch = random.normal(size=(4, 3))
two_layers = (batch @ first + first_bias) @ second + second_bias
one_layer = batch @ (first @ second) + (first_bias @ second + second_bias)
agree("two dense layers, and the one that replaces them", two_layers, one_layer, 1e-12)

# %% [markdown]
# What bends is the **activation**, a function that is applied to each number by itself. The course
# uses four of them. (*ReLU* means rectified linear unit.) The code below has each formula, and compares
# it with Keras.


# %% tags=["check-output"]
def sigmoid(t):
    return 1 / (1 + np.exp(-t))


formulas = {
    "sigmoid": sigmoid,
    "tanh": lambda t: (np.exp(t) - np.exp(-t)) / (np.exp(t) + np.exp(-t)),
    "relu": lambda t: np.maximum(t, 0),
    "leaky_relu": lambda t: np.where(t > 0, t, 0.2 * t),
}
t = np.linspace(-5, 5, 201)
for name, formula in formulas.items():
    agree(f"{name:10}", keras.activations.get(name)(t), formula(t))

# %% [markdown]
# For training, a second thing counts as much as the value: the **slope** of the activation, its
# derivative. It decides how much of a gradient comes through (section 6).

# %%
values = {name.replace("_", " "): formula(t) for name, formula in formulas.items()}
slopes = {name.replace("_", " "): layers_by_hand.activation_slope(name, t) for name in formulas}
options = {"x": t, "size": (4.6, 3.2)}
plots.beside_figure(
    [
        plots.curves_figure(values, "Activations.", "input of the activation", "value", **options),
        plots.curves_figure(slopes, "Slopes.", "input of the activation", "slope", **options),
    ],
    "Left, the activations: sigmoid and tanh flatten on both sides, ReLU is 0 on the left. Right, "
    "their slopes: at most 0.25 for the sigmoid, near 0 for both far from the middle, exactly 0 for "
    "ReLU on the left, 0.2 for the leaky ReLU.",
)

# %% [markdown]
# ### Exercise 03.1: count the weights (2 minutes)
#
# A picture of 28 x 28 gray pixels, laid out as one long row, goes into a dense layer with 128
# outputs. How many weights does the layer have, biases included?

# %% tags=["exercise"]
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = 28 * 28 * 128 + 128

# %% tags=["check"]
checks.check_number(
    "03.1",
    answer_1,
    expected=lambda: keras.Sequential(
        [keras.Input((784,)), keras.layers.Dense(128)]
    ).count_params(),
    hints={
        28 * 28 * 128: "the biases are missing: one for each output.",
        28 * 28 * 128 + 28 * 28: "there is one bias for each output, not for each input.",
        28 * 128 + 128: "one row of 28 pixels is not the picture: it has 28 x 28 inputs.",
        28 * 28 * 128 + 1: "every output has a bias of its own.",
    },
    hint="Inputs x outputs, plus one for each output.",
    why="784 x 128 + 128. The check builds the layer and asks Keras.",
)

# %% [markdown]
# ## 2. Convolution (core, 17 minutes)
#
# A dense layer does not know that two pixels are neighbors. It learns each place by itself: a shoe
# that moves by one pixel is a new thing to it. A **convolution** looks at one small window at a
# time, with the *same* few weights everywhere. What it learns at one place it knows at all places.
#
# The weights of the window are again called the kernel, $k$. Put the kernel on the picture $x$,
# multiply what lies on top of each other, and add up:
#
# $$y_{r,c} = \sum_{i}\sum_{j} x_{r+i,\;c+j}\; k_{i,j} + b.$$
#
# Then slide the window one pixel further. ($b$ is a bias as before; our function leaves it out. The
# indices $i$ and $j$ start at 0.) Our tiny picture is dark on the left and bright on the right.


# %%
def convolve(image, kernel):
    """Each window of a gray image (height, width), times the kernel, added up."""
    rows, columns = kernel.shape
    height, width = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    output = np.zeros((height, width))
    for r in range(height):
        for c in range(width):
            output[r, c] = np.sum(image[r : r + rows, c : c + columns] * kernel)
    return output


image = np.array([[0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 0, 1, 1]], float)
kernel = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], float)
print(convolve(image, kernel))

# %% [markdown]
# This kernel subtracts the left column of the window from the right one. It answers 3 at a full edge
# from dark to bright, 2 or 1 where only so many rows of the window have one, and 0 where all is even.
#
# Keras wants four axes: a batch of images (n, height, width, channels), and a kernel
# (rows, columns, input channels, output channels).


# %% tags=["check-output"]
def keras_convolution(image, kernel, stride=1, padding="valid"):
    layer = keras.layers.Conv2D(1, kernel.shape, stride, padding, use_bias=False)
    inputs, weights = image[np.newaxis, :, :, np.newaxis], kernel[:, :, np.newaxis, np.newaxis]
    return keras_output(layer, inputs, weights)[0, :, :, 0]


agree("by hand and Keras", keras_convolution(image, kernel), convolve(image, kernel))
turned = convolve(image, kernel[::-1, ::-1])
print("with the kernel turned round:", turned[0], "instead of", convolve(image, kernel)[0])

# %% [markdown]
# **A word that misleads.** In mathematics a convolution turns the kernel round by half before it
# slides. Deep-learning libraries do not: what they call convolution is a *cross-correlation*. For
# learned weights it makes no difference, since the network learns the turned kernel. For a kernel
# that *you* write down it does, as the last line shows.
#
# ### Stride, padding, and the size of the output
#
# With **stride** $s$ the window moves $s$ pixels at a time. **Padding** surrounds the picture with
# zeros. Let the side have $n$ pixels, the window $k$, and let $p$ zeros be added in all. The first
# window starts at 0, the last possible start is $n + p - k$, and the starts are $0, s, 2s, \dots$
# Counting them gives
#
# $$\boxed{\text{output side} = \Big\lfloor \frac{n + p - k}{s} \Big\rfloor + 1}$$
#
# where $\lfloor\cdot\rfloor$ rounds down. Keras knows two kinds of padding:
# - `"valid"`: none, $p = 0$.
# - `"same"`: as many zeros as make the output side $\lceil n / s \rceil$, rounded up. With $s = 1$
#   the size stays the *same*, hence the name. Solved for the smallest $p$: with $m = \lceil n/s \rceil$,
#   $p = \max\big((m - 1)\,s + k - n,\; 0\big)$. Half of them go before. If $p$ is odd, the extra
#   zero goes *after*, so to the right and to the bottom.
#
# By hand, a stride is only the choice of every $s$-th result.

# %% tags=["check-output"]
picture = np.random.default_rng(SEED).normal(size=(6, 6))
cases = {  # stride and padding: zeros before and after
    (1, "valid"): (0, 0),
    (2, "valid"): (0, 0),
    (1, "same"): (1, 1),  # p = 5 + 3 - 6 = 2
    (2, "same"): (0, 1),  # p = 2 * 2 + 3 - 6 = 1
}
for (stride, padding), zeros in cases.items():
    found = convolve(np.pad(picture, zeros), kernel)[::stride, ::stride]
    agree(
        f"stride {stride}, {padding:5} {found.shape}",
        keras_convolution(picture, kernel, stride, padding),
        found,
    )

# %% [markdown]
# ### Exercise 03.2: the size of the output (4 minutes)
#
# Write the formula for the output side. `padding` is `"same"` or `"valid"`. In Python `a // b`
# divides and rounds down, and `-(-a // b)` divides and rounds up.


# %% tags=["exercise"]
def output_size(n, k, stride, padding):
    # -- stub --
    return ...
    # -- solution --
    if padding == "same":
        return -(-n // stride)
    return (n - k) // stride + 1


# %% tags=["check"]
checks.check_function(
    "03.2",
    output_size,
    expected=layers_by_hand.output_size,
    cases=[
        *[(28, 3, 1, "valid"), (28, 4, 2, "valid"), (28, 3, 2, "same"), (7, 4, 2, "same")],
        *[(28, 5, 2, "valid"), (11, 3, 3, "valid"), (5, 5, 4, "valid"), (10, 3, 4, "same")],
    ],
    hints=mistakes.OUTPUT_SIZE,
    hint="valid: the formula with p = 0. same: n / stride, rounded up.",
    why="The lesson goes on with layers_by_hand.output_size, which does the same.",
)

# %% [markdown]
# A formula for shapes is easily wrong by one, so we try it on every combination of small numbers,
# against what TensorFlow really returns.

# %% tags=["check-output"]
tried = wrong = 0
for n in range(4, 12):
    for k in range(1, 5):
        for stride in range(1, 5):
            for padding in ("same", "valid"):
                zeros = tf.zeros((1, n, n, 1)), tf.zeros((k, k, 1, 1))
                found = tf.nn.conv2d(*zeros, strides=stride, padding=padding.upper()).shape[1]
                wrong += found != layers_by_hand.output_size(n, k, stride, padding)
                tried += 1
print(f"{tried} combinations tried, formula wrong in {wrong}")

# %% [markdown]
# ### Channels
#
# A color picture has three channels, and a layer inside a network may have 64. Each output channel
# has its own window on *every* input channel, adds up all of them, and adds one bias. The kernel
# therefore has the shape (rows, columns, input channels, output channels), and the weights do not
# depend on the size of the picture.

# %% tags=["check-output"]
random = np.random.default_rng(SEED)
color = random.normal(size=(1, 6, 6, 3))
kernels, biases = random.normal(size=(3, 3, 3, 2)), random.normal(size=2)
found = np.zeros((1, 4, 4, 2))
for o in range(2):
    for i in range(3):
        found[0, :, :, o] += convolve(color[0, :, :, i], kernels[:, :, i, o])
    found[0, :, :, o] += biases[o]
agree("Keras       ", keras_output(keras.layers.Conv2D(2, 3), color, kernels, biases), found)
agree("course_utils", layers_by_hand.convolution(color, kernels, biases), found)
print("weights of this layer:", 3 * 3 * 3 * 2 + 2)
print("of a dense layer between the same shapes:", (6 * 6 * 3) * (4 * 4 * 2) + 4 * 4 * 2)

# %% [markdown]
# 56 against 3,488, and for larger pictures the gap grows.
#
# ### Play: a kernel on a picture
#
# *Kernel* chooses a preset. *Row*, *Column* and *Add* change one of its nine entries. Tab goes from
# control to control; the numbers can be typed.

# %%
images, labels = data.load_images("fashion_mnist", split="train")
shoe = images[0, :, :, 0] / 255.0


def draw_convolution(**controls):
    return pictures.convolution_figure(shoe, **controls)


widgets.live_figure(
    draw_convolution,
    {
        "kernel": widgets.Choice("Kernel", tuple(pictures.KERNELS), "edges"),
        "row": widgets.Whole("Row", 1, 3, 2),
        "column": widgets.Whole("Column", 1, 3, 2),
        "add": widgets.Slider("Add", -2, 2, 0.1, 0),
        "stride": widgets.Whole("Stride", 1, 4, 1),
        "padding": widgets.Choice("Padding", ("same", "valid"), "same"),
    },
    name="convolution",
    width=440,
)

# %% [markdown]
# **Four experiments.** Say what you expect before you move anything.
# 1. *Edges*: where is the output bright, where dark? It is 0, middle gray, in the even background.
# 2. *Blur*, then *sharpen*. The entries of both add up to 1: an even area keeps its brightness.
# 3. Stride 1, 2, 4: the output side is 28, 14, 7. With *valid* it is 26, 13, 7.
# 4. *Copy*, row 2, column 3, add -1: each pixel minus its right neighbor. Which edges do you see? (The
#    upright ones. In the level ones both pixels are equal.)
#
# ### Exercise 03.3: move the picture (3 minutes)
#
# Write a 3 x 3 kernel that moves the picture one pixel to the **right**, with padding `"same"`.
# (Try it above: start from *zero* and add 1 to one entry.)

# %% tags=["exercise"]
# -- stub --
answer_3 = ...
# -- solution --
answer_3 = [[0, 0, 0], [1, 0, 0], [0, 0, 0]]

# %% tags=["check"]
checks.check_array(
    "03.3",
    answer_3,
    expected=[[0, 0, 0], [1, 0, 0], [0, 0, 0]],
    hints=[
        ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "that moves it to the left: the output looks right."),
        ([[0, 1, 0], [0, 0, 0], [0, 0, 0]], "that moves it down."),
        ([[0, 0, 0], [0, 0, 0], [0, 1, 0]], "that moves it up."),
        ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "that copies the picture to where it was."),
    ],
    hint="Each output pixel should be what stood one place to its left.",
    why="The output at column c reads column c - 1, which is the left entry of the middle row.",
)

# %% [markdown]
# ## 3. Transposed convolution (core, 8 minutes)
#
# A generator has to go from few pixels to many. The layer that does it comes from a simple thought:
# a convolution is *linear*, each output pixel a weighted sum of input pixels. So there is a matrix
# $M$ with $\text{output} = M \cdot \text{input}$, if we lay both pictures out as columns of
# numbers. To find $M$, feed in one picture after the other in which a single pixel is 1: each gives
# one column of $M$.

# %% tags=["check-output"]
kernel = np.arange(1.0, 10.0).reshape(3, 3)
single_pixels = np.eye(16).reshape(16, 4, 4)
M = np.stack([convolve(pixel, kernel).ravel() for pixel in single_pixels], axis=1)
picture = np.random.default_rng(SEED).normal(size=(4, 4))
print("from 4 x 4 to 2 x 2 pixels, so M has the shape", M.shape)
agree(
    "M times the picture, and the convolution",
    M @ picture.ravel(),
    convolve(picture, kernel).ravel(),
    1e-12,
)

# %%
shade = np.where(M == 0, 0, 0.3 + 0.7 * M / 9)  # so that the smallest weight is no black
plots.show_images(
    shade[np.newaxis],
    "The matrix of a convolution: one row for each of the 4 output pixels, one column for each of the 16 "
    "input pixels. Each row holds the same nine weights, 1 (dark gray) to 9 (white), in three groups, moved "
    "along; only black is 0.",
    scale=24,
)

# %% [markdown]
# The matrix shows what a convolution *is*: a dense layer in which most weights are fixed to 0 and
# the others are shared.
#
# The **transposed** matrix $M^\top$ has the shape 16 x 4. It goes the other way, from 2 x 2 pixels
# to 4 x 4. That is the transposed convolution. Read column by column, $M^\top$ says how to compute
# it without a matrix: *each input pixel lays the window, multiplied by its value, onto the output,
# and what overlaps is added.*


# %% tags=["check-output"]
def lay_down(small, kernel, stride=1):
    """Each pixel of a small image lays its value times the kernel onto a larger one."""
    rows, columns = kernel.shape
    height, width = small.shape
    output = np.zeros(((height - 1) * stride + rows, (width - 1) * stride + columns))
    for r in range(height):
        for c in range(width):
            output[r * stride : r * stride + rows, c * stride : c * stride + columns] += (
                small[r, c] * kernel
            )
    return output


small = np.array([[1.0, 2.0], [0.0, -1.0]])
by_matrix = (M.T @ small.ravel()).reshape(4, 4)
four_axes = small[None, :, :, None], kernel[:, :, None, None]
layer = keras.layers.Conv2DTranspose(1, 3, use_bias=False)
agree("laid down   ", lay_down(small, kernel), by_matrix)
agree("Keras       ", keras_output(layer, *four_axes)[0, :, :, 0], by_matrix)
agree("course_utils", layers_by_hand.transposed_convolution(*four_axes)[0, :, :, 0], by_matrix)

# %% [markdown]
# With stride $s$ the windows lie $s$ pixels apart, so $n$ input pixels need $(n-1)\,s + k$ output
# pixels (`"valid"`, and $k \ge s$). With `"same"` the borders are cut down to exactly $n\,s$, where
# the convolution would have padded: stride 2 doubles the side. This is how the generators of lesson
# 06 go from 7 to 14 to 28.

# %% tags=["check-output"]
laid = lay_down(small, kernel, stride=2)
for padding, expected in {"valid": laid, "same": laid[:4, :4]}.items():  # p = 1, after: cut there
    layer = keras.layers.Conv2DTranspose(1, 3, strides=2, padding=padding, use_bias=False)
    found = keras_output(layer, *four_axes)[0, :, :, 0]
    agree(f"stride 2, {padding:5} {found.shape}", found, expected)

# %% [markdown]
# **"Deconvolution" is a wrong name.** A transposed convolution restores the *shape*, not the
# values. It does not undo the convolution, since $M^\top M$ is not the identity (the matrix that changes
# nothing):

# %% tags=["check-output"]
back = lay_down(convolve(picture, kernel), kernel)
print("the shape is back:", back.shape == picture.shape)
print("the values are back:", bool(np.allclose(back, picture)))

# %% [markdown]
# ### Exercise 03.4: lay windows down (3 minutes)
#
# One row only, so that it can be done on paper. The input is $[1, 2]$, the window $[1, 10, 100]$,
# the stride 2, the padding `"valid"`. Write down the output of the transposed convolution.

# %% tags=["exercise"]
# -- stub --
answer_4 = ...
# -- solution --
answer_4 = [1, 10, 102, 20, 200]

# %% tags=["check"]
checks.check_array(
    "03.4",
    answer_4,
    expected=lambda: lay_down(np.array([[1.0, 2.0]]), np.array([[1.0, 10.0, 100.0]]), 2)[0],
    hints=[
        ([1, 12, 120, 200], "that is stride 1; with stride 2 the second window starts at place 2."),
        ([1, 10, 2, 20, 200], "where two windows overlap, add; you have replaced."),
        ([1, 10, 100, 20, 200], "where two windows overlap, add; the second window is cut there."),
        ([1, 10, 100, 2, 20, 200], "that is stride 3; with stride 2 windows overlap in one place."),
        ([210], "that is an ordinary convolution's way of thinking; the output becomes longer."),
    ],
    hint="Write 1 x the window from place 0 on, 2 x the window from place 2 on, and add.",
    why="(2 - 1) x 2 + 3 = 5 places, and in the middle one the windows overlap: 100 + 2.",
)

# %% [markdown]
# ## 4. Batch normalization, and its two modes (core, 9 minutes)
#
# As weights change, the numbers inside a network drift: one channel grows, another shrinks. **Batch
# normalization** (Ioffe and Szegedy 2015) brings each channel back to mean 0 and variance 1, *over
# the batch at hand*, and then lets the network choose a scale $\gamma$ and a shift $\beta$ itself:
#
# $$\mu = \tfrac1m \sum_{i} x_i, \qquad v = \tfrac1m \sum_i (x_i - \mu)^2, \qquad
#   y_i = \gamma\,\frac{x_i - \mu}{\sqrt{v + \epsilon}} + \beta.$$
#
# Each channel has its own $\mu$, $v$, $\gamma$ and $\beta$. The sum runs over the $m$ values that
# the channel has in this batch: over the examples and, for pictures, over all pixels too. The small
# $\epsilon$, 0.001 in Keras, avoids a division by 0.


# %% tags=["check-output"]
def normalize(x, mean, variance, gamma, beta):
    return gamma * (x - mean) / np.sqrt(variance + 0.001) + beta


batch = np.array([[1.0, 10.0], [3.0, 30.0], [5.0, 20.0], [7.0, 0.0]])
gamma, beta = np.array([1.0, 2.0]), np.array([0.0, 5.0])
by_hand = normalize(batch, batch.mean(axis=0), batch.var(axis=0), gamma, beta)
layer = keras.layers.BatchNormalization(momentum=0.9)
layer.build(batch.shape)
layer.set_weights([gamma, beta, np.zeros(2), np.ones(2)])  # the last two: see below
agree("Keras, training", layer(batch, training=True), by_hand)
agree("course_utils   ", layers_by_hand.batch_norm_training(batch, gamma, beta).outputs, by_hand)
print("mean of each channel:", by_hand.mean(axis=0).round(3) + 0.0)

# %% [markdown]
# ### One layer, two functions
#
# In training, the answer for one example depends on the *others* in its batch. For a finished network
# that is unwanted: a picture's class should not depend on its company. So the layer keeps **moving
# averages** of mean and variance while it trains, with a *momentum*, here 0.9:
#
# $$\mu_{\text{stored}} \leftarrow 0.9\,\mu_{\text{stored}} + 0.1\,\mu, \qquad
#   v_{\text{stored}} \leftarrow 0.9\,v_{\text{stored}} + 0.1\,v,$$
#
# from the start values 0 and 1. In **inference**, which is the use of a trained network, these take the
# places of $\mu$ and $v$. Same layer, another function: `layer(x, training=True)` or
# `layer(x, training=False)`.

# %% tags=["check-output"]
stored_mean, stored_variance = np.zeros(2), np.ones(2)
layer.set_weights([gamma, beta, stored_mean, stored_variance])
for step in range(3):
    batch = np.random.default_rng(step).normal(5.0, 2.0, size=(64, 2))
    layer(batch, training=True)
    stored_mean = 0.9 * stored_mean + 0.1 * batch.mean(axis=0)
    stored_variance = 0.9 * stored_variance + 0.1 * batch.var(axis=0)
agree("stored mean after 3 steps    ", layer.moving_mean, stored_mean)
agree("stored variance after 3 steps", layer.moving_variance, stored_variance)
by_hand = normalize(batch, stored_mean, stored_variance, gamma, beta)
agree("Keras, inference             ", layer(batch, training=False), by_hand)

# %% [markdown]
# ### When the mode is mixed up
#
# Three accidents, each common. The layers have $\gamma = 1$ and $\beta = 0$, and see data with mean
# 5 and standard deviation 2, which it should bring to mean 0 and standard deviation 1.

# %%
draw = np.random.default_rng(SEED)


def trained_layer(num_steps):
    layer = keras.layers.BatchNormalization(momentum=0.9)
    for _ in range(num_steps):
        layer(draw.normal(5.0, 2.0, (64, 1)).astype("float32"), training=True)
    return layer


fresh, trained = trained_layer(2), trained_layer(200)
new = draw.normal(5.0, 2.0, (1000, 1)).astype("float32")
for name, layer in {"after 2 steps": fresh, "after 200 steps": trained}.items():
    outputs = layer(new, training=False).numpy()
    print(f"inference {name:15}: mean {outputs.mean():5.2f}, deviation {outputs.std():.2f}")
seven = np.array([[7.0]], "float32")
print(f"7 in inference mode, alone:          {trained(seven, training=False).numpy().item():5.2f}")
print(f"7 in training mode, alone:           {trained(seven, training=True).numpy().item():5.2f}")
company = np.array([[7.0], [9.0], [11.0]], "float32")
print(f"7 in training mode, with 9 and 11:   {trained(company, training=True).numpy()[0, 0]:5.2f}")

# %% [markdown]
# Expected: mean between 2.9 and 3.6 after 2 steps; mean 0.0 and deviation 1.0, each to within 0.2,
# after 200. The number 7 lies one deviation above the mean, so the right answer is 1.0 to within
# 0.15.
# 1. *Inference too early.* After 2 steps 81 % of the start values is still stored: $0.9^2$. With
#    Keras's default momentum of 0.99 it takes some 500 steps. A network that "trains well but
#    evaluates badly" at the beginning often has nothing else.
# 2. *Training mode for one example.* Its batch is itself, so it *is* the mean, and the answer is
#    exactly 0, whatever the number.
# 3. *Training mode in company.* Beside 9 and 11 the same 7 becomes -1.22: below the mean, not above. And
#    each such call moves the stored averages, too.
#
# ### Exercise 03.5: the stored mean (3 minutes)
#
# A fresh layer with momentum 0.9 sees two batches, the first with mean 10, the second with mean 20.
# Which mean has it stored then?

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = 0.9 * (0.9 * 0 + 0.1 * 10) + 0.1 * 20

# %% tags=["check"]
checks.check_number(
    "03.5",
    answer_5,
    expected=2.9,
    hints={
        18.9: "the momentum is the share of the OLD value that is kept.",
        15.0: "that is the mean of both; the layer forgets slowly and starts at 0.",
        1.0: "that is after the first batch.",
        11.0: "the stored mean starts at 0, not at the first batch's mean.",
        3.0: "the first batch's contribution is multiplied by 0.9 in the second step.",
    },
    hint="Apply the rule twice, starting from 0.",
    why="0 → 1 → 0.9 + 2 = 2.9, still far from 15: in inference this layer would be badly wrong.",
)

# %% [markdown]
# ## 5. Back-propagation (core, 12 minutes)
#
# Training needs the **gradient**: the derivative of the loss by every single weight. It says how
# the loss changes if this weight grows a little. **Back-propagation** computes all of them in one
# sweep from the end to the beginning. It is the chain rule, with intermediate results kept. (It
# does *not* change any weight. That is the optimizer's work, lesson 04.)
#
# ### By hand
#
# Our network has two layers, with tanh in between and one logit $\ell$ at the end. The loss is the
# binary cross-entropy of lesson 02 with targets $t$ of 0 or 1, as a mean over $n$ examples:
#
# $$A = X W_1 + b_1, \qquad H = \tanh A, \qquad \ell = H W_2 + b_2, \qquad
#   L = \tfrac1n \sum \big[\log(1 + e^{\ell}) - t\,\ell\big].$$
#
# Now backwards. Write $\delta_Z$ for the derivative of $L$ by an intermediate array $Z$; it has
# the shape of $Z$.
#
# 1. **The loss.** The derivative of $\log(1 + e^\ell)$ is $\sigma(\ell)$, the sigmoid, so
#    $\delta_\ell = \tfrac1n(\sigma(\ell) - t)$.
# 2. **The second layer.** $W_2$ enters through $\ell_{i} = \sum_j H_{ij} W_{2,j} + b_2$ alone,
#    where $i$ counts examples. Hence
#    $\partial L/\partial W_{2,j} = \sum_i H_{ij}\,\delta_{\ell,i}$, as a matrix product
#    $H^\top \delta_\ell$. The bias is added to each example: its derivative is
#    $\sum_i \delta_{\ell,i}$. And $H_{ij}$ enters with the factor $W_{2,j}$:
#    $\delta_H = \delta_\ell W_2^\top$.
# 3. **The activation** works entry by entry, and $\tanh' = 1 - \tanh^2$:
#    $\delta_A = \delta_H \odot (1 - H^2)$, where $\odot$ multiplies entry by entry.
# 4. **The first layer** is a dense layer again: $X^\top \delta_A$ and $\sum_i \delta_{A,i}$.
#
# The pattern of a dense layer, worth remembering: *its weights get inputs transposed times delta,
# its inputs get delta times weights transposed.*


# %%
def forward(x, targets, weights):
    """The loss, and the intermediate results that the way back needs."""
    w1, b1, w2, b2 = weights
    hidden = np.tanh(x @ w1 + b1)
    logits = hidden @ w2 + b2
    loss = np.mean(np.logaddexp(0, logits) - targets * logits)  # log(1 + e^logit), safely
    return loss, hidden, logits


def backward(x, targets, weights):
    """The gradients of the loss by w1, b1, w2 and b2, by back-propagation."""
    _, _, w2, _ = weights
    _, hidden, logits = forward(x, targets, weights)
    d_logits = (sigmoid(logits) - targets) / len(x)
    d_hidden = d_logits @ w2.T
    d_before = d_hidden * (1 - hidden**2)
    return [x.T @ d_before, d_before.sum(axis=0), hidden.T @ d_logits, d_logits.sum(axis=0)]


# %% [markdown]
# ### Two other ways
#
# **Finite differences** know nothing of the chain rule: move one weight up and down by a small step
# $h$ and divide, $\frac{L(w + h) - L(w - h)}{2h}$. That is `numerics.numerical_gradient`.
#
# **`tf.GradientTape`** records every operation on a *variable* (an array that may change, such as
# weights) while the loss is computed, and then does what we did, in reverse order, for any network.

# %%
random = np.random.default_rng(SEED)
x, targets = random.normal(size=(8, 3)), random.integers(0, 2, size=(8, 1)).astype(float)
weights = [random.normal(size=shape) for shape in ((3, 4), (4,), (4, 1), (1,))]
by_hand = backward(x, targets, weights)

variables = [tf.Variable(weight) for weight in weights]
with tf.GradientTape() as tape:
    w1, b1, w2, b2 = variables
    logits = tf.tanh(x @ w1 + b1) @ w2 + b2
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=logits))
by_tape = tape.gradient(loss, variables)


# %% tags=["check-output"]
def loss_with(index, value):
    """The loss if one of the four weight arrays were another one."""
    return forward(x, targets, [*weights[:index], value, *weights[index + 1 :]])[0]


for index, name in enumerate(("w1", "b1", "w2", "b2")):
    by_steps = numerics.numerical_gradient(
        lambda value, i=index: loss_with(i, value), weights[index]
    )
    agree(f"{name}, by hand and tape              ", by_tape[index], by_hand[index], 1e-12)
    agree(f"{name}, by hand and finite differences", by_steps, by_hand[index], 1e-8)

# %% [markdown]
# All three agree: hand and tape to 12 digits, finite differences to 8, and they have hardly more
# (lesson 02 shows why).
#
# Why then not always finite differences? **Cost.** This network has 21 weights, so they need 42 forward
# passes. The frozen classifier of this course (a trained network that no longer changes, section 9) has
# more than 250,000 weights and would need half a million passes for *one* gradient. Back-propagation
# needs about as much as two more forward passes, for any number of weights.
#
# ### The way back through a convolution (optional, 2 minutes)
#
# A convolution is $y = M x$, so by the same pattern its input gets $\delta_x = M^\top \delta_y$.
# That is the **transposed convolution** of section 3, with the same kernel. Every network with
# convolutions runs it, in each step of its training. (In the check the loss is the sum of $\delta_y$
# times $y$, so that its derivative by $y$ is the $\delta_y$ that we chose.)

# %% tags=["check-output"]
picture = tf.constant(random.normal(size=(1, 6, 6, 1)))
kernel = random.normal(size=(3, 3, 1, 1))
delta = random.normal(size=(1, 4, 4, 1))
with tf.GradientTape() as tape:
    tape.watch(picture)  # a constant is recorded only if we ask for it
    value = tf.reduce_sum(delta * tf.nn.conv2d(picture, kernel, strides=1, padding="VALID"))
by_transpose = layers_by_hand.transposed_convolution(delta, kernel)
agree("tape and transposed convolution", tape.gradient(value, picture), by_transpose, 1e-12)

# %% [markdown]
# ### Now you
#
# ### Exercise 03.6: another activation (5 minutes)
#
# Replace tanh by ReLU, $H = \max(A, 0)$. Write the gradient of the loss by $W_1$. You get the
# inputs `x` (n, inputs), `before` $= A$ (n, hidden), `d_logits` $= \delta_\ell$ (n, 1) and `w2`
# (hidden, 1).


# %% tags=["exercise"]
def gradient_of_w1(x, before, d_logits, w2):
    # -- stub --
    return ...
    # -- solution --
    d_hidden = d_logits @ w2.T
    return x.T @ (d_hidden * (before > 0))


# %% tags=["check"]
case = np.random.default_rng(7)
checks.check_function(
    "03.6",
    gradient_of_w1,
    expected=lambda x, a, d, w2: x.T @ ((d @ w2.T) * (a > 0)),
    cases=[tuple(case.normal(size=shape) for shape in ((5, 3), (5, 4), (5, 1), (4, 1)))],
    hints=mistakes.GRADIENT_OF_W1,
    hint="Steps 2, 3 and 4: d_logits @ w2.T, times the slope, then x.T @ that.",
    why="Where a ReLU is closed it passes no gradient on: the subject of the next section.",
)

# %% [markdown]
# ## 6. Where gradients die (core, 7 minutes)
#
# On its way to the first layer, a gradient is multiplied by a slope in every layer, and by weights.
# Twenty factors of ½ leave a millionth.
#
# **The sigmoid saturates.** Its slope is $\sigma(1 - \sigma)$, a product of two numbers that add up
# to 1, so at most $\tfrac12 \cdot \tfrac12 = \tfrac14$, in the middle. Far from there, it is
# *saturated*: almost flat.

# %% tags=["check-output"]
for value in (0.0, 2.0, 5.0, 10.0):
    formula = sigmoid(value) * (1 - sigmoid(value))
    steps = float(numerics.numerical_gradient(sigmoid, value))
    print(f"at {value:4}: slope {formula:.6f}, by finite differences {steps:.6f}")
print(f"through ten sigmoids, at best: {0.25**10:.1e}")

# %% [markdown]
# A *unit* is one output of a layer with its activation. So at an input of 10 a unit passes on 0.000045 of
# what it gets, and ten layers of sigmoids at their *best* point pass on a millionth (weights of size 1
# assumed).
#
# **A common conclusion goes too far:** "never use a sigmoid". As the *last* step, inside the
# cross-entropy, it does no harm: the derivative by the logit is $\sigma(\ell) - t$, which is near 1
# in size exactly where the network is sure and wrong. Inside the network it does harm.
#
# **A ReLU can die.** Its slope is 1 for positive inputs, so it does not shrink gradients; for
# negative ones it is 0. If a unit's input is negative for *every* example, all its gradients are
# exactly 0, and no step on its own weights will ever change it. We put one unit there by a bias of
# -10, and ask it to answer 1.


# %%
def train_unit(name, num_steps=300, rate=0.1):
    """Loss and size of the gradient at each step of one unit that should learn to answer 1."""
    x = np.random.default_rng(SEED).normal(size=200)
    weight, bias, course = 1.0, -10.0, []
    for _ in range(num_steps):
        before = weight * x + bias
        error = layers_by_hand.activation(name, before) - 1.0
        delta = 2 * error * layers_by_hand.activation_slope(name, before) / len(x)
        gradient = np.array([np.sum(delta * x), np.sum(delta)])
        course.append((np.mean(error**2), np.linalg.norm(gradient)))
        weight, bias = np.array([weight, bias]) - rate * gradient
    return np.array(course)


for name in ("relu", "leaky_relu", "sigmoid"):
    course = train_unit(name)
    (loss, gradient), (last_loss, last_gradient) = course[0], course[-1]
    print(f"{name:10} loss {loss:.3f} → {last_loss:.3f}, ", end="")
    print(f"gradient {gradient:.2g} → {last_gradient:.2g}")

# %% [markdown]
# Expected, the same on every machine: the ReLU's loss stays at 1.000 with a gradient of exactly 0.
# The leaky ReLU, whose slope on the left is 0.2, finds its way out, to a loss below 0.01. The
# sigmoid is not dead but saturated: its gradient is below 0.0002, and 300 steps change next to
# nothing.
#
# Units die when a step is too large and throws the bias far to the negative side (learning rates:
# lesson 04). Remedies: a leaky ReLU, as here; batch normalization before the activation, which moves
# the inputs back to both sides of 0; smaller steps.

# %% [markdown]
# ### Play: how much gradient survives (optional, 5 minutes)
#
# Dense layers of 64 units, random weights, 64 random inputs. The gradient has size 1 at the output,
# on the right. How much arrives at the input, on the left? Sizes below 1e-12, and 0 itself, are
# drawn at the lower edge.

# %%
widgets.live_figure(
    pictures.gradient_figure,
    {
        "activation": widgets.Choice("Function", layers_by_hand.ACTIVATIONS, "sigmoid"),
        "layers": widgets.Whole("Layers", 1, pictures.MOST_LAYERS, 10),
        "inputs": widgets.Slider("Inputs", 0.1, 10, 0.1, 1),
        "weights": widgets.Slider("Weights", 0.2, 4, 0.1, 1),
        "bias": widgets.Slider("Bias", -3, 3, 0.1, 0),
        "seed": widgets.Whole("Seed", 0, 999, 0),
    },
    name="gradient",
    width=440,
)

# %% [markdown]
# *Inputs* scales the inputs, *Weights* the random weights, where 1 keeps the size of the signal in
# a linear network (Glorot and Bengio 2010).
# 1. Sigmoid, 10 layers: about half a millionth arrives. Can larger weights make up for it? With 4,
#    a hundredth arrives, but now some units saturate. Larger inputs on top of that (*Inputs* 10)
#    saturate more of them.
# 2. *Linear*, weights 1, then 2, then 0.5: the gradient is about constant, explodes, vanishes. No
#    activation is needed for that.
# 3. Tanh, 3 layers, inputs from 1 to 10: only the first layer saturates. Why? (What is the largest
#    output of a tanh?)
# 4. ReLU, 10 layers: which weight scale keeps the gradient near 1? About 1.4, the root of 2, since
#    half of the units are closed (He et al. 2015). Then bias -3: what does the picture say, what
#    the caption? (All slopes are 0, and nothing at all arrives.)
#
# ### What five layers leave
#
# Back to paper: the same thing, worked out for one chain.
#
# ### Exercise 03.7: a chain of tanh (2 minutes)
#
# Five layers with one unit each. In each the weight is 1.5 and the input of the tanh happens to
# be 2. By which factor is the gradient multiplied on its way through all five?

# %% tags=["exercise"]
# -- stub --
answer_7 = ...
# -- solution --
answer_7 = (1.5 * (1 - np.tanh(2) ** 2)) ** 5

# %% tags=["check"]
checks.check_number(
    "03.7",
    answer_7,
    expected=(1.5 * (1 - np.tanh(2) ** 2)) ** 5,
    hints={
        1.5 * (1 - np.tanh(2) ** 2): "that is one layer; there are five.",
        (1 - np.tanh(2) ** 2) ** 5: "the weights multiply the gradient as well.",
        (1.5 * np.tanh(2)) ** 5: "take the slope of tanh, 1 - tanh², not its value.",
        5 * 1.5 * (1 - np.tanh(2) ** 2): "the factors of the layers are multiplied, not added.",
        (1.5 * (1 - 2**2)) ** 5: "the slope is 1 - tanh(2)²; 2 is what goes into the tanh.",
    },
    hint="In each layer the factor is the weight times the slope, 1.5 x (1 - tanh(2)²).",
    why="Each layer lets a tenth through: five layers leave about a hundred-thousandth.",
)

# %% [markdown]
# ## 7. What one output can see (optional, 7 minutes)
#
# An output of a convolution sees one window of its input. Behind a second convolution it sees a
# window of windows. Its **receptive field** is the set of all input pixels that can change it.
#
# **By formula.** Each layer with window $k$ adds $k - 1$ pixels *of its own input*. One of those is
# worth as many pixels of the picture as all strides before it multiplied, since each stride moves
# that much further. So for layers $1 \dots d$
#
# $$\text{side} = 1 + \sum_{l=1}^{d} (k_l - 1) \prod_{i < l} s_i ,$$
#
# where $\prod$ is a product, and 1 for the first layer, which has none before it.
#
# **By back-propagation.** An output depends *at least* on those pixels by which its derivative is
# not 0. So take one output, ask for its gradient by the input, and look where it is not 0. For one input
# a closed ReLU may hide a pixel that counts for another, so we try several random inputs.

# %%
keras.utils.set_random_seed(SEED)
classifier = networks.feature_classifier()
convolutions = [layer for layer in classifier.layers if isinstance(layer, keras.layers.ReLU)][:3]
deepest = keras.Model(classifier.input, convolutions[-1].output)
inputs = tf.random.stateless_normal((8, 28, 28, 1), seed=(SEED, 1))
with tf.GradientTape() as tape:
    tape.watch(inputs)
    one_output = tf.reduce_sum(deepest(inputs, training=False)[:, 3, 3, :])
seen = (tape.gradient(one_output, inputs).numpy() != 0).any(axis=(0, 3))
print("rows seen:", seen.any(axis=1).sum(), " columns seen:", seen.any(axis=0).sum())
print("formula:  ", 1 + 2 * 1 + 2 * 2 + 2 * 4)

# %% [markdown]
# Three convolutions with 3 x 3 windows and strides 2, 2, 1 see 15 x 15 pixels, counted in two ways.
# `receptive_field.receptive_field` does the same for any network. Here are the fields after one, two
# and three of the layers:

# %%
fields = []
for layer, place in zip(convolutions, (7, 3, 3), strict=True):
    network = keras.Model(classifier.input, layer.output)
    fields.append(receptive_field.receptive_field(network, (place, place)))
print("sides:", [int(field.any(axis=0).sum()) for field in fields], "  (formula: 3, 7, 15)")
print("the last one is what we measured ourselves:", np.array_equal(fields[-1], seen))
plots.show_images(
    np.array(fields, "float32"),
    "In white, what one output sees after one, two and three convolutions: squares of 3, 7 and 15 pixels.",
    columns=3,
    scale=5,
)

# %% [markdown]
# The same test answers a harder question in lesson 11. A model that draws a picture pixel by pixel
# must not peek at pixels that it has not drawn yet. Is its receptive field free of them?
#
# ### Exercise 03.8: the formula as a function (4 minutes)
#
# `layers` is a list of pairs (window, stride), the first layer first. Return the side of the
# receptive field.


# %% tags=["exercise"]
def receptive_side(layers):
    # -- stub --
    return ...
    # -- solution --
    side, jump = 1, 1
    for window, stride in layers:
        side += (window - 1) * jump
        jump *= stride
    return side


# %% tags=["check"]
def wrong_side(layers, start=1, own_stride=0):
    """The sum of the formula with another start, or with each layer's own stride counted too."""
    strides = [stride for _, stride in layers]
    terms = [(k - 1) * np.prod(strides[: i + own_stride]) for i, (k, _) in enumerate(layers)]
    return start + sum(terms)


checks.check_function(
    "03.8",
    receptive_side,
    expected=layers_by_hand.receptive_field_size,
    cases=[
        *[([(3, 1), (3, 1)],), ([(3, 2), (3, 2), (3, 1)],), ([(4, 2)] * 3,)],
        *[([(1, 1)],), ([(5, 3), (2, 1), (4, 2), (3, 1)],)],
    ],
    hints=[
        (lambda layers: 1 + sum(k - 1 for k, _ in layers), "multiply by the strides before."),
        (lambda layers: wrong_side(layers, own_stride=1), "a layer's own stride does not count."),
        (lambda layers: wrong_side(layers, start=0), "one pixel is there from the start: add 1."),
        (lambda layers: sum(k for k, _ in layers), "neighboring windows overlap: add k - 1."),
    ],
    hint="Keep two numbers: the side, and the product of the strides so far.",
    why="The third case is the plan of lesson 06's discriminator: it sees 22 x 22 pixels by then.",
)

# %% [markdown]
# ## 8. A classifier, and what it learns by heart (core, 13 minutes)
#
# Now the layers together: a network that tells the ten kinds of clothing in Fashion-MNIST apart.
# Three sets of images play three parts, and must not be mixed:
# - **training images**: the gradient sees them;
# - **held-out images**: the gradient never sees them, but *we* do, for example to choose the number
#   of steps. We cut them off the training set;
# - **test images**: looked at once, at the very end. Whoever chooses by them reports too good a
#   number.

# %%
names = data.class_names("fashion_mnist")
train_images, train_labels = images[:55_000], labels[:55_000]
held_images, held_labels = images[55_000:][:NUM_HELD_OUT], labels[55_000:][:NUM_HELD_OUT]


def scaled(images):
    """uint8 pixels to floats in [-1, 1], the range in which the course's networks work."""
    return data.scale_pixels(images / np.float32(255))


def in_batches(images, labels):
    """The same batch by batch, with the labels, so that many images need little memory."""
    dataset = data.make_dataset(images, labels, batch_size=500, shuffle=False)
    return dataset.map(lambda images, labels: (data.scale_pixels(images), labels))


print("training:", train_images.shape, " held-out:", held_images.shape)
plots.show_images(
    np.stack([images[labels == kind][0] for kind in range(10)]),
    "One training image of each of the ten classes.",
    columns=5,
    titles=names,
    scale=3,
)

# %% [markdown]
# The network: two convolutions with stride 2, each followed by batch normalization and ReLU, then a
# dense layer with 64 outputs, the **features**, and one with 10 **logits**. *Flatten* lays the 7 x
# 7 places with 32 channels out as one row. `networks.feature_classifier`, the frozen classifier of
# this course, follows the same plan with more channels and one more convolution.


# %%
def small_classifier():
    """Images (n, 28, 28, 1) in [-1, 1] to logits (n, 10), by way of 64 features."""
    layers = keras.layers
    x = inputs = keras.Input((28, 28, 1))
    for channels in (16, 32):
        x = layers.Conv2D(channels, 3, strides=2, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Dense(64, use_bias=False)(layers.Flatten()(x))
    features = layers.ReLU(name="features")(layers.BatchNormalization(momentum=0.9)(x))
    model = keras.Model(inputs, layers.Dense(10, name="logits")(features))
    model.compile(
        optimizer=keras.optimizers.Adam(0.002),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


keras.utils.set_random_seed(SEED)
model = small_classifier()
for layer in model.layers:
    print(f"{layer.__class__.__name__:20} {layer.output.shape!s:20} {layer.count_params():>8,}")

# %% [markdown]
# (`None` is the size of the batch, which is left open. The last column counts weights. Batch
# normalization has four numbers a channel: $\gamma$, $\beta$ and the two stored averages. The
# convolutions and the first dense layer have no bias, because the shift $\beta$ of the batch
# normalization that follows does the same.)
#
# The loss is the categorical cross-entropy. The **softmax** turns ten logits into ten
# probabilities, $p_k = e^{\ell_k} / \sum_j e^{\ell_j}$, and the loss is
# $-\log p_{\text{right class}}$. `from_logits=True` lets Keras do both in one safe formula. *Adam*
# is the optimizer (lesson 04); a **step** is one change of the weights, by the gradient of one batch.
# *Accuracy*, the share of right answers, is what we care about; it
# has no useful gradient, so we descend the loss.

# %% tags=["check-output"]
logits, right = np.array([[2.0, -1.0, 0.5]]), np.array([2])
probabilities = np.exp(logits) / np.exp(logits).sum()
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
print("probabilities:", probabilities.round(3), " sum:", probabilities.sum().round(6))
agree("-log p of the right class, and Keras", loss(right, logits), -np.log(probabilities[0, 2]))

# %%
dataset = data.make_dataset(
    train_images, train_labels, batch_size=BATCH_SIZE, repeat=True, seed=SEED
).map(lambda images, labels: (data.scale_pixels(images), labels))
history = model.fit(
    dataset,
    steps_per_epoch=NUM_STEPS // 6,
    epochs=6,
    validation_data=(scaled(held_images), held_labels),
    shuffle=False,  # the dataset shuffles by itself
    verbose=0,
).history
for part in range(6):
    seen, unseen = history["accuracy"][part], history["val_accuracy"][part]
    print(f"step {(part + 1) * (NUM_STEPS // 6):3}: training {seen:.3f}, held-out {unseen:.3f}")

# %% [markdown]
# Expected after 600 steps: held-out accuracy between 0.86 and 0.91, and training accuracy within
# 0.04 of it. (Keras's training accuracy is a mean over the steps *while* the network changes, so
# early on it can lie below the held-out one.) 600 steps of 128 images are 1.4 **epochs**: one epoch
# is one pass over all training images. (The six `epochs` in the code are only parts of 100 steps, to
# look in between.) Each image was seen once or twice, too rarely to be learned by heart.
#
# ### Overfitting
#
# The same network again, but with only 200 images to learn from, each shown 40 times: 400 steps with
# batches of 20. (The training above took more steps and larger batches; what is compared here is not
# the two trainings but, within each, training images against held-out ones.)

# %%
keras.utils.set_random_seed(SEED)
overfitted = small_classifier()
history = overfitted.fit(
    scaled(train_images[:NUM_SMALL]),
    train_labels[:NUM_SMALL],
    batch_size=20,
    epochs=SMALL_EPOCHS,
    validation_data=(scaled(held_images[:1000]), held_labels[:1000]),
    verbose=0,
).history
lowest = int(np.argmin(history["val_loss"]))
seen, unseen = history["accuracy"][-1], history["val_accuracy"][-1]
print(f"accuracy at the end: training {seen:.3f}, held-out {unseen:.3f}")
print(f"held-out loss: lowest {history['val_loss'][lowest]:.2f} after epoch {lowest + 1}, ", end="")
print(f"at the end {history['val_loss'][-1]:.2f}")
plots.curves(
    {"training": history["loss"], "held-out": history["val_loss"]},
    "Loss with 200 training images: on these it falls to almost 0, on held-out images it reaches a lowest "
    "value early and then rises again.",
    "epoch (10 steps each)",
    "cross-entropy",
)

# %% [markdown]
# Expected: training accuracy 1.00, held-out accuracy between 0.70 and 0.80. The held-out loss is
# lowest, below 0.85, before epoch 20, and rises by 0.03 to 0.12 afterwards. The network
# **overfits**: it goes on improving on what it has seen, and gets worse on everything else, because
# it becomes ever more sure of its mistakes. (The held-out *accuracy* hardly falls. Loss and
# accuracy are two different things.)
#
# A training accuracy of 1.00 is thus no success. It says that the network can remember 200
# pictures. What helps: more images, as above; stopping where the held-out loss is lowest; changing
# the images a little each time they are shown (augmentation, lesson 12). For generators the
# question returns in another form: do they *copy*?
#
# Only now, once, the test images:

# %%
test_images, test_labels = data.load_images("fashion_mnist", split="test")
test_images, test_labels = test_images[: 5 * NUM_HELD_OUT], test_labels[: 5 * NUM_HELD_OUT]
for name, network in {"55,000 training images": model, "200 training images": overfitted}.items():
    _, accuracy = network.evaluate(in_batches(test_images, test_labels), verbose=0)
    print(f"{name:22}: test accuracy {accuracy:.3f}")

# %% [markdown]
# Expected: between 0.86 and 0.90 for the first, between 0.70 and 0.80 for the second. The frozen
# classifier, trained for 20 epochs on images that were moved and flipped at random, reaches 0.932.
#
# ### Exercise 03.9: read a report (3 minutes)
#
# Which of these statements are true? Answer with all their letters, such as `"a, d"`.
# - **a** A training accuracy of 100 % shows that the network is good.
# - **b** If the training loss falls while the held-out loss rises, further steps on the same images
#   do harm.
# - **c** Whoever tries 50 settings and reports the best test accuracy reports too good a number.
# - **d** Training accuracy 62 % and held-out accuracy 61 %: this network overfits.

# %% tags=["exercise"]
# -- stub --
answer_9 = ...
# -- solution --
answer_9 = "b, c"

# %% tags=["check"]
checks.check_choice(
    "03.9",
    answer_9,
    expected={"b", "c"},
    options="abcd",
    hints={
        "b": "right so far; the best of 50 is partly luck with these test images.",
        "b, c, d": "overfitting is a gap between the two, and (d) has none: it learned too little.",
        "a, b, c": "our network with 200 images had 100 % as well.",
    },
    hint="Compare with the two trainings above, and with the parts that the three sets play.",
    why="(a) was the overfitted network; (d) is underfitting, too little learned of anything.",
)

# %% [markdown]
# ## 9. Features as coordinates (core, 4 minutes)
#
# When are two pictures similar? By pixels, two coats are far apart if one is a little longer or
# brighter. A classifier needs something better. Its last layer is dense, so the 64 numbers before
# it, the features, must already lie such that planes separate the classes. The network
# had to find coordinates in which **near means similar**. The layer before the last is called
# *penultimate*.

# %%
to_features = keras.Model(model.input, model.get_layer("features").output)


def features_of(images, labels):
    return to_features.predict(in_batches(images, labels), verbose=0)  # predict ignores labels


queries, truth = test_images[:1000], test_labels[:1000]
collection, kinds = train_images[:NUM_COLLECTION], train_labels[:NUM_COLLECTION]
ours = features_of(queries, truth), features_of(collection, kinds)
frozen = metrics.image_features(queries), metrics.image_features(collection)
by_pixels = metrics.nearest_neighbors(queries, collection).indices
by_features = metrics.nearest_neighbors(*ours).indices
by_frozen = metrics.nearest_neighbors(*frozen).indices
neighbors = {"pixels": by_pixels, "our features": by_features, "frozen features": by_frozen}
for name, found in neighbors.items():
    same = np.mean(kinds[found] == truth)
    print(f"nearest neighbor by {name:15}: {100 * same:.1f} % are of the same class")

# %% [markdown]
# Expected: pixels 81 %, our features between 86 and 91 %, the frozen classifier's 92 %. The queries
# are test images, on which neither network was trained. *Nearest* means the smallest root of the sum of
# squared differences. (Nothing is chosen by them, so they are not
# used up.)
#
# Here are test images for which pixels and features disagree about the class:

# %%
disagree = (kinds[by_pixels] != truth) & (kinds[by_features] == truth)
shown = np.flatnonzero(disagree)[:8]
shown = shown if len(shown) else np.arange(8)  # with very short trainings there may be none
rows = [queries[shown], collection[by_pixels[shown]], collection[by_features[shown]]]
plots.show_images(
    np.concatenate(rows),
    "Top: test images, chosen because pixels get their class wrong and features right. Middle: nearest "
    "training image by pixels. Bottom: nearest by features.",
    columns=len(shown),
    scale=3,
)
print("row 1:", ", ".join(names[kind] for kind in truth[shown]))
print("row 2:", ", ".join(names[kind] for kind in kinds[by_pixels[shown]]))

# %% [markdown]
# These eight were *chosen* to show the difference; the percentages above are the fair comparison.
#
# **What the features do not know.** They were learned from ten labels. What does not help to tell
# ten kinds of clothing apart, such as a print on a shirt, they may ignore. "Similar" means: similar
# to *this* network.
#
# From lesson 06 on, the course measures generated images with the features of the frozen classifier
# `fashion_features_v1`: two sets of images are close if their features are distributed alike (the
# Fréchet distance). It is frozen under that name, because with another network every distance would
# be another number.

# %% [markdown]
# ## 10. A family of models is not an architecture (core, 4 minutes)
#
# Two kinds of words are often mixed up. An **architecture** says *which layers* there are and how
# they are connected: dense, convolutional, recurrent (a network that reads a sequence step by step,
# lesson 11). A **family of generative models** says *what is learned, and by which loss*:
#
# | family | what it learns | lesson |
# |---|---|---|
# | GAN | a generator, judged by a second network that learns to tell real from generated | 05 |
# | VAE | an encoder and a decoder, by a lower bound on the likelihood of the data | 09 |
# | autoregressive model | the probability of each pixel, given those before it; the exact likelihood | 11 |
#
# The two choices are independent. Almost any family can be built with almost any architecture: "a
# GAN or a convolutional network?" is like "by train or in a blue coat?". Here are two architectures
# that make an image from the same latents, random numbers to start from. Either could be a GAN's
# generator or a VAE's decoder:

# %% tags=["check-output"]
latents = np.random.default_rng(SEED).standard_normal((4, 64), dtype=np.float32)
dense = networks.dense_generator(latent_size=64, num_features=784)
convolutional = networks.generator((28, 28, 1), latent_size=64)
print("dense:        ", keras.ops.reshape(dense(latents), (-1, 28, 28, 1)).shape)
print("convolutional:", convolutional(latents).shape)

# %% [markdown]
# ### Exercise 03.10: sort them (2 minutes)
#
# Which of these words name a family of models? **a** GAN, **b** convolutional network, **c** VAE,
# **d** recurrent network, **e** autoregressive model, **f** dense network. Answer with all their
# letters.

# %% tags=["exercise"]
# -- stub --
answer_10 = ...
# -- solution --
answer_10 = "a, c, e"

# %% tags=["check"]
checks.check_choice(
    "03.10",
    answer_10,
    expected={"a", "c", "e"},
    options="abcdef",
    hints={
        "b, d, f": "those are the architectures.",
        "a, c": "right so far; one more says what is learned rather than by which layers.",
        "a, c, d": "recurrent says how layers are connected; an autoregressive model may use them.",
        "a, c, d, e": "recurrent says how layers are connected, so it is an architecture.",
    },
    hint="Families say what is learned and by which loss; architectures say which layers.",
    why="An autoregressive model can be recurrent (lesson 11) or convolutional; a GAN can be dense (05).",
)

# %% [markdown]
# ## Recap
#
# - Dense: $Y = XW + b$. A convolution is a dense layer with most weights 0 and the others shared;
#   its output side is $\lfloor (n + p - k)/s \rfloor + 1$. A transposed convolution is the
#   transposed matrix: it enlarges, and does not undo.
# - Batch normalization is two functions: by the batch in training, by stored averages in inference.
# - Back-propagation is the chain rule from the end to the beginning. By hand, by `GradientTape` and
#   by finite differences one gets the same gradient. It dies in saturated sigmoids and closed
#   ReLUs.
# - Judge on held-out images. Features of a classifier are coordinates in which near means similar,
#   to that classifier.
# - A family says what is learned; an architecture says with which layers.
#
# **Try next** In `small_classifier`, leave out both batch normalizations of the loop (give the
# convolutions their biases back), and compare the accuracy after 100 steps. Or train with
# `NUM_SMALL = 2000`: how far does the gap close?
#
# **Solutions** are in [the solved twin](solutions/03_networks_and_gradients.ipynb).
#
# **Sources**
# - V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*, 2016,
#   [arXiv:1603.07285](https://arxiv.org/abs/1603.07285): sizes, and the transposed convolution as a
#   transposed matrix.
# - S. Ioffe and C. Szegedy, *Batch Normalization*, 2015,
#   [arXiv:1502.03167](https://arxiv.org/abs/1502.03167): algorithms 1 and 2, training and inference.
# - D. Rumelhart, G. Hinton and R. Williams, *Learning representations by back-propagating errors*,
#   Nature 323 (1986), 533-536, [doi:10.1038/323533a0](https://doi.org/10.1038/323533a0).
# - X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward neural
#   networks*, 2010,
#   [proceedings.mlr.press/v9/glorot10a](https://proceedings.mlr.press/v9/glorot10a.html):
#   saturation, and the size of random weights.
# - K. He et al., *Delving Deep into Rectifiers*, 2015,
#   [arXiv:1502.01852](https://arxiv.org/abs/1502.01852): weights for ReLUs.
# - A. Araujo, W. Norris and J. Sim, *Computing Receptive Fields of Convolutional Neural Networks*,
#   Distill 2019, [doi:10.23915/distill.00021](https://doi.org/10.23915/distill.00021): equation 2.
# - H. Xiao, K. Rasul and R. Vollgraf, *Fashion-MNIST*, 2017,
#   [arXiv:1708.07747](https://arxiv.org/abs/1708.07747).
