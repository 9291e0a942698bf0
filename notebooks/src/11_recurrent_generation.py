# %% [markdown]
# # 11 · A recurrent network that draws
#
# **After this lesson you can**
# - write the probability of an image as a product over its pixels, exactly, and train a network to say
#   each factor;
# - write a recurrent cell and a gated one by hand, and say what the gates are for;
# - test by back-propagation what a network can see, and mend one that sees too much;
# - draw images row by row, complete half an image in a dozen ways, and turn a temperature up and down;
# - compare models by likelihood and by looks, and say why the two orders differ.
#
# **You need** maximum likelihood, cross-entropy and nats (lesson 02), convolutions and `GradientTape`
# (lesson 03); for the comparison in section 7 also what a VAE's bound is (lesson 09) and the Fréchet distance
# (lesson 06).
#
# **Time** 102 minutes: 89 for the core sections, 13 for the optional ones. All cells together run for
# about two minutes on two CPU cores; half of that is the training in section 4.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import math
import time

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, metrics, plots
from course_utils.lessons.recurrent_generation import designs, mistakes, row_painter
from course_utils.models import pretrained, row_networks, row_rnn, training

layers = keras.layers

# %% tags=["parameters"]
SEED = 0
TOY_LENGTH = 30
TOY_STEPS = 250  # test: 20
TOY_RATE = 0.01
BATCH_SIZE = 64
LEARNING_RATE = 0.01
NUM_STEPS = 800  # test: 10
SECONDS_AT_MOST = 240  # a cap for busy machines only
NUM_JUDGED = 2000  # test: 60
NUM_DRAWN = 2000  # test: 60
NUM_BOUND = 500  # test: 20
NUM_READ = 300  # test: 20

# %% [markdown]
# ## 1. One probability out of many (core, 10 minutes)
#
# ### The chain rule
#
# A GAN draws images and cannot say how probable one is. The VAE of lesson 09 bounds the probability
# from below, since its latents are never seen. This lesson's model has no latents and needs no bound.
# It uses the **chain rule** of probability, for an image $x$ of the pixels $x_1, \dots, x_n$:
#
# $$p(x) = p(x_1)\; p(x_2|x_1)\; p(x_3|x_1, x_2) \cdots p(x_n|x_1, \dots, x_{n-1}),
#   \qquad \log p(x) = \sum_{i=1}^n \log p(x_i|x_1, \dots, x_{i-1}).$$
#
# Each factor is a **conditional**, a distribution of one pixel. No approximation is involved:
# $p(x_2|x_1)$ is *defined* as $p(x_1, x_2)/p(x_1)$, so each denominator cancels the numerator before
# it. A model made in this way is called **autoregressive**.
#
# The names 1 to $n$ may be given in any order. **Raster order** is usual: row by row, each from
# left to right. Another order has other factors, and their product is the same.
#
# ### Sixteen images, checked
#
# There are 16 black-and-white images of 2 x 2 pixels. Give each a random probability, in one table.
# Then compute the conditionals in two orders, and multiply them back.


# %%
def conditionals(table, order):
    """p(pixel | pixels before it in this order) for all images: four arrays that broadcast."""
    found = []
    for i in range(4):
        before = table.sum(axis=tuple(order[i:]), keepdims=True)  # p(the pixels before)
        with_it = table.sum(axis=tuple(order[i + 1 :]), keepdims=True)  # p(those and this one)
        found.append(with_it / before)
    return found


# %% tags=["check-output"]
table = np.random.default_rng(SEED).random((2, 2, 2, 2))  # four axes: four pixels
table /= table.sum()
print(f"p of the image with the pixels 0, 1, 1, 0: {table[0, 1, 1, 0]:.4f}")
for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
    factors = conditionals(table, order)
    of_image = [np.broadcast_to(factor, table.shape)[0, 1, 1, 0] for factor in factors]
    error = np.abs(math.prod(factors) - table).max()
    shown = " x ".join(f"{one:.4f}" for one in of_image)
    print(f"{order}: {shown} = {math.prod(of_image):.4f};", end=" ")
    print("all 16 agree to 1e-12:", error < 1e-12)

# %% [markdown]
# Expected: 0.0747 three times. No factor of one order is a factor of the other, and yet both products
# give every image its own probability.
#
# ### From a table to a network
#
# The table has $2^4 - 1$ free numbers (the last follows, since all sum to 1). For 28 x 28 pixels it
# would have $2^{784} - 1$. So a *network* has to say the conditionals: it gets the pixels
# before, and answers with one logit. Whatever it answers, *some* distribution results,
# whose probabilities sum to 1, as long as it sees the pixels before alone.
#
# For a black or white pixel, lesson 02's binary cross-entropy is minus its log-probability. *Summed
# over the pixels* it is therefore $-\log p(x)$, exactly, and training by maximum likelihood means making it small.
# The figure to beat: a network that knows nothing says ½ for every pixel.

# %% tags=["check-output"]
print(f"numbers in a table for 28 x 28 pixels: one with {len(str(2**784 - 1))} digits")
print(f"one half for each pixel: -log p = 784 log 2 = {784 * np.log(2):.1f} nats an image")

# %% [markdown]
# Expected: 237 digits, and 543.4 nats.
#
# ### Exercise 11.1 (3 minutes)
#
# Write $\log p(x)$ in nats of an `image` (h, w) of zeros and ones. `white` (h, w) is what the model
# said: each pixel's probability of being 1, given the pixels before it. Where the model is certain
# and right (`white` 1 and pixel 1, or 0 and 0), the pixel contributes 0, and the result must be no
# `nan`.


# %% tags=["exercise"]
def log_probability(image, white):
    # -- stub --
    return ...
    # -- solution --
    return np.sum(np.log(np.where(image == 1, white, 1 - white)))


# %% tags=["check"]
checks.check_function(
    "11.1",
    log_probability,
    expected=lambda image, white: np.log(np.where(image == 1, white, 1 - white)).sum(),
    cases=[
        (np.array([[1, 0], [1, 1]]), np.array([[0.9, 0.2], [0.5, 0.7]])),
        (np.array([[0, 0, 1]]), np.array([[0.3, 0.6, 0.05]])),
        (np.ones((2, 2)), np.array([[0.25, 0.5], [0.75, 0.9]])),
        (np.array([[1, 0], [1, 0]]), np.array([[1.0, 0.0], [0.8, 0.1]])),
    ],
    hints=mistakes.LOG_PROBABILITY,
    hint="First each pixel's probability, with np.where; then the logarithms; then their sum.",
    why="A sum of logarithms, one for each pixel; minus this is the loss of this lesson.",
)

# %% [markdown]
# ### Exercise 11.2 (2 minutes)
#
# Which are true? Answer with all their letters.
# - **a** The factorization is exact even if all pixels depend on each other.
# - **b** It is exact in raster order only.
# - **c** For one distribution, every order gives the same $p(x)$.
# - **d** Two networks, trained on the same images in two orders, must give an image the same
#   probability.
# - **e** What a network says of all $2^{784}$ images sums to 1, even before training, if each answer
#   depends on the pixels before alone.

# %% tags=["exercise"]
# -- stub --
answer_2 = ...
# -- solution --
answer_2 = "a, c, e"

# %% tags=["check"]
checks.check_choice(
    "11.2",
    answer_2,
    expected={"a", "c", "e"},
    options="abcde",
    hints={
        "a, c": "right so far; what do a pixel's two probabilities, for 0 and for 1, sum to?",
        "a, c, d": "d: each network has its own errors; only exact conditionals must agree.",
        "a, c, d, e": "d: each network has its own errors; only exact conditionals must agree.",
        "a, b, e": "b: look at the two orders of the 16 images once more.",
        "a, b": "b: look at the two orders of the 16 images once more.",
        "c, e": "a: a conditional may depend on all pixels before it in any way.",
        "a, e": "c: look at the two orders of the 16 images once more.",
    },
    hint="The rule holds for the true distribution in any order; a network only approximates it.",
    why="A network's conditionals in one order belong to one distribution; in another, to another.",
)

# %% [markdown]
# ## 2. A cell that remembers (core, 18 minutes)
#
# ### A task for a memory
#
# How can a network look at *all* the pixels before, if their number grows? By carrying along a
# summary. Try it on a sequence of 30 bits: the last equals the first, the other 29 are fair coins.
# Whoever remembers the first bit pays $29 \log 2 = 20.10$ nats; whoever does not,
# $30 \log 2 = 20.79$. So that nobody has to count, a *mark* comes with the bits: 1 when the
# first bit has just been read, -1 when the last is to be said next, otherwise 0.
#
# ### The plain cell
#
# A **recurrent** network reads one input after the other and keeps a **state** $h$. The plain cell
# (Elman 1990) is one dense layer that sees its own last output:
#
# $$h_t = \tanh(x_t W + h_{t-1} U + b), \qquad h_0 = 0.$$
#
# $W$, $U$ and $b$ are the same at every step, so the number of weights does not grow with the
# length. As in Keras, each row of $x_t$ and of $h_t$ is one sequence of the batch, so the matrices
# stand on the right.
#
# ### Exercise 11.3 (2 minutes)
#
# Write one step: `x` (n, inputs), `h` (n, units), `W` (inputs, units), `U` (units, units), `b`
# (units,). The result is the next state.


# %% tags=["exercise"]
def plain_step(x, h, W, U, b):
    # -- stub --
    return ...
    # -- solution --
    return np.tanh(x @ W + h @ U + b)


# %% tags=["check"]
checks.check_function(
    "11.3",
    plain_step,
    expected=lambda x, h, W, U, b: np.tanh(x @ W + h @ U + b),
    cases=mistakes.STEP_CASES,
    hints=mistakes.PLAIN_STEP,
    hint="Three terms inside one tanh; @ multiplies matrices, * does not.",
    why="Next the lesson runs its own, np.tanh(x @ W + h @ U + b), over whole sequences.",
)

# %% [markdown]
# The loop, and Keras with the same weights:

# %%
random = np.random.default_rng(SEED)
sequences = random.normal(size=(4, 12, 2)).astype("float32")  # four of length 12, two inputs


def run(step, sequences, units):
    """Every state of a cell, (n, length, units), as it reads sequences (n, length, inputs)."""
    states = [np.zeros((len(sequences), units), "float32")]
    for x in np.swapaxes(sequences, 0, 1):
        states.append(step(x, states[-1]))
    return np.stack(states[1:], axis=1)


plain = layers.SimpleRNN(8, return_sequences=True)
by_keras = plain(sequences).numpy()
W, U, b = plain.get_weights()
by_hand = run(lambda x, h: np.tanh(x @ W + h @ U + b), sequences, units=8)
print("states:", by_hand.shape, " equal to 1e-6:", np.abs(by_hand - by_keras).max() < 1e-6)

# %% [markdown]
# ### Gradients over time
#
# To learn that the first bit matters, the loss at step 30 has to reach back through every state.
# Each step multiplies the gradient by the derivative of $h_t$ by $h_{t-1}$: $U$ times the slopes of
# tanh, at most 1. It is lesson 03's dying gradient, one layer for each step. Below, a random
# direction of length 1 is sent back from the last of 50 steps. $U$ is *orthogonal* (it keeps
# lengths), as Keras begins, times a gain of 0.5, 1 or 2.


# %%
def send_back(cell, num_steps=50):
    """The states h_0 ... h_T of 16 sequences, and the gradients of direction · h_T by each."""
    random = np.random.default_rng(SEED)
    inputs = random.choice([-1.0, 1.0], (num_steps, 16, 1)).astype("float32")
    direction = random.normal(size=(16, cell.units)).astype("float32")
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    states = [tf.zeros((16, cell.units))]
    with tf.GradientTape() as tape:
        tape.watch(states[0])
        for x in inputs:
            states.append(cell(x, [states[-1]])[0])
        target = tf.reduce_sum(direction * states[-1])
    return np.array(states), np.array(tape.gradient(target, states))


def make_plain_cell(gain):
    start = keras.initializers.Orthogonal(gain, seed=SEED)
    return layers.SimpleRNNCell(64, recurrent_initializer=start)


# %%
keras.utils.set_random_seed(SEED)
cell = make_plain_cell(gain=1)
states, gradients = send_back(cell)
by_hand = gradients[-1]  # the direction itself
for state in states[:0:-1]:  # h_T ... h_1
    by_hand = (by_hand * (1 - state**2)) @ cell.get_weights()[1].T
error = np.abs(by_hand - gradients[0]).max() / np.abs(by_hand).max()
print("product of 50 derivatives = GradientTape:", error < 1e-4)

# %% [markdown]
# ### Gates
#
# The **gated recurrent unit**, GRU (Cho et al. 2014), does not compute a new state; it *mixes* the
# old one with a candidate $c_t$, unit by unit ($\odot$ multiplies unit by unit, $W$, $U$, $b$ and
# $b'$ are each gate's own):
#
# $$\begin{aligned}
# z_t &= \sigma(x_t W_z + b_z + h_{t-1} U_z + b'_z) && \text{update gate}\\
# r_t &= \sigma(x_t W_r + b_r + h_{t-1} U_r + b'_r) && \text{reset gate}\\
# c_t &= \tanh\big(x_t W_c + b_c + r_t \odot (h_{t-1} U_c + b'_c)\big) && \text{candidate}\\
# h_t &= z_t \odot h_{t-1} + (1 - z_t) \odot c_t &&
# \end{aligned}$$
#
# This is Keras's form: $z = 1$ *keeps* (many texts swap $z$ and $1 - z$), and $r$ comes after the
# matrix product (`reset_after=True`).


# %%
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gru_step(x, h, W, U, b):
    """One step of Keras's GRU. The three parts of W, U and b (2, 3 units) are z, r, candidate."""
    x_z, x_r, x_c = np.split(x @ W + b[0], 3, axis=1)
    h_z, h_r, h_c = np.split(h @ U + b[1], 3, axis=1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    candidate = np.tanh(x_c + r * h_c)
    return z * h + (1 - z) * candidate


gated = layers.GRU(8, return_sequences=True, bias_initializer="random_normal")
by_keras = gated(sequences).numpy()
W, U, b = gated.get_weights()
by_hand = run(lambda x, h: gru_step(x, h, W, U, b), sequences, units=8)
print("GRU by hand = Keras's to 1e-6:", np.abs(by_hand - by_keras).max() < 1e-6)

# %% [markdown]
# Why does mixing help? Where $z$ is near 1, $h_t$ is $h_{t-1}$ plus little, so its derivative is near
# the identity, and gradients pass whole. But a new GRU has biases of 0 and $z$ near ½: it forgets
# about half at each step. A bias of 4 in the update gate makes $z$ begin near $\sigma(4) = 0.98$.
# (Jozefowicz et al. 2015 advise the like for the LSTM, another cell with gates.)


# %%
def keeping(shape, dtype=None):
    """The first biases of a GRU that keeps, (2, 3 units): 4 for z, 0 for all others."""
    values = np.zeros(shape)
    values[0, : shape[1] // 3] = 4
    return tf.constant(values, dtype)


# %%
keras.utils.set_random_seed(SEED)
cells = {f"plain, gain {gain}": make_plain_cell(gain) for gain in (0.5, 1, 2)}
cells["GRU"] = layers.GRUCell(64)
cells["GRU, bias 4"] = layers.GRUCell(64, bias_initializer=keeping)
sizes = {}
for name, cell in cells.items():
    gradients = send_back(cell)[1][::-1]  # first the last state's
    sizes[name] = np.linalg.norm(gradients, axis=2).mean(axis=1)
    print(f"{name:15} 25 steps back: {sizes[name][25]:.0e},  50: {sizes[name][50]:.0e}")
plots.curves(
    {name: np.log10(size) for name, size in sizes.items()},
    "The gradient on its way back. At 50 steps, from the top: plain cell with gain 2, which "
    "explodes; GRU with bias 4, which stays; plain with gain 1, GRU and plain with gain 0.5, which "
    "vanish.",
    "steps back",
    "size, as a power of ten",
    x=range(51),
)

# %% [markdown]
# Expected, 50 steps back: $10^{-16}$, 0.006 to 0.008, and 4,000 to 7,000 for the plain cells;
# $10^{-10}$ for the GRU, 0.4 with the bias. A vanished gradient (Bengio et al. 1994) teaches nothing
# about the far past. One that explodes throws the weights away; the usual remedy is to cut it to a
# largest length (Pascanu et al. 2013). Cutting brings nothing back that has vanished. A gate does,
# if it begins near keeping.
#
# ### Exercise 11.4 (4 minutes)
#
# *When* to keep is learned; here, design it by hand. One unit gets a `mark` at each of 50 steps: 1 at
# the first, 0 at all others. Its candidates are arbitrary numbers from -1 to 1. It shall write the
# first one and hold it: after 50 steps its state has to be within 0.05 of it. Write the update gate
# $z$ for an array of marks: a sigmoid of the mark, with a weight and a bias of your choice.


# %% tags=["exercise"]
def update_gate(mark):
    # -- stub --
    return ...
    # -- solution --
    return sigmoid(10 - 20 * mark)


# %% tags=["check"]
checks.check_design(
    "11.4",
    update_gate,
    designs.gate_fault,
    hint="z = sigmoid(bias + weight * mark): which sign needs the bias, and which the weight?",
    why="Write once, then keep: 1 - z has to be far below one over the number of steps.",
)

# %% [markdown]
# ### Teacher forcing
#
# Back to the bits. At position $t$ the network has to say bit $t$, so it reads the bits before. In
# training these are the *true* ones, whatever the network would have said: **teacher forcing**
# (Williams and Zipser 1989). No position has to wait for a drawing, and one call trains all 30. The
# inputs are the bits moved by one place; the loss is the sum over the sequence, $-\log p$ in nats.


# %%
def draw_bits(count, random):
    """Sequences (count, 30) of fair coins, float32; the last bit equals the first."""
    bits = random.integers(0, 2, (count, TOY_LENGTH))
    bits[:, -1] = bits[:, 0]
    return bits.astype("float32")


MARK = np.zeros(TOY_LENGTH, "float32")
MARK[1], MARK[-1] = 1, -1


def teacher_inputs(bits):
    """At each position the bit before, as -1 or 1 (0 at the first), and the mark: (n, 30, 2)."""
    before = np.pad(2 * bits - 1, ((0, 0), (1, 0)))[:, :-1]
    return np.stack([before, np.broadcast_to(MARK, bits.shape)], axis=-1)


def sequence_nats(bits, logits):
    costs = tf.nn.sigmoid_cross_entropy_with_logits(bits, logits)
    return tf.reduce_sum(costs, axis=1)


# %%
def train(make_layer, inputs_of=teacher_inputs):
    """A network trained for TOY_STEPS batches of 64 new sequences, and its loss every 10 steps."""
    keras.utils.set_random_seed(SEED)
    ends = [layers.Dense(1), layers.Reshape((TOY_LENGTH,))]
    network = keras.Sequential([keras.Input((TOY_LENGTH, 2)), make_layer(), *ends])
    optimizer = keras.optimizers.Adam(TOY_RATE)
    network.compile(optimizer=optimizer, loss=sequence_nats, jit_compile=False)
    bits = draw_bits(64 * TOY_STEPS, np.random.default_rng(SEED))
    batches = tf.data.Dataset.from_tensor_slices((inputs_of(bits), bits)).batch(64).repeat()
    epochs = {"epochs": TOY_STEPS // 10, "steps_per_epoch": 10}
    history = network.fit(batches, **epochs, verbose=0, shuffle=False)
    return network, history.history["loss"]


MAKERS = {
    "no memory": lambda: layers.Dense(240, activation="relu"),  # sees the bit before and the mark
    "plain": lambda: layers.SimpleRNN(29, return_sequences=True),
    "GRU": lambda: layers.GRU(16, return_sequences=True),
    "GRU, bias 4": lambda: layers.GRU(16, return_sequences=True, bias_initializer=keeping),
}

# %%
losses = {}
for name, make_layer in MAKERS.items():
    network, losses[name] = train(make_layer)
    print(f"{name:12} {network.count_params()} weights, at the end {losses[name][-1]:.2f} nats")
ideal = (TOY_LENGTH - 1) * np.log(2)
steps = np.arange(10, TOY_STEPS + 1, 10)
plots.curves(
    {**losses, "ideal": np.full(len(steps), ideal)},
    "Nats a sequence while four networks train. Three stay at the upper edge, 20.8; the GRU with "
    "bias 4 falls from step 80 on, nearly to the ideal, the straight line below.",
    "step",
    "nats a sequence",
    x=steps,
)

# %% [markdown]
# Expected at the end: 20.79 to 20.81 for the first three, 20.15 to 20.16 for the last. Here gates alone
# do not help; gates that begin near keeping do. (Learning rates of 0.003 and 0.001 do not rescue the
# plain cell: 20.73 to 20.81. It is the distance: with 12 bits it ends within 0.05 nats of its ideal.)
#
# When it *draws*, a network reads its own bits: draw one, put it in, draw the next. Bits that are not
# drawn yet are 0 in the array; no position reads them before they are drawn.

# %%
answer = tf.function(network)
random = np.random.default_rng(SEED)
drawn = np.zeros((200, TOY_LENGTH), "float32")
for i in range(TOY_LENGTH):
    white = tf.sigmoid(answer(teacher_inputs(drawn)))[:, i].numpy()
    drawn[:, i] = random.random(200) < white
print(f"last bit = first bit: {100 * np.mean(drawn[:, -1] == drawn[:, 0]):.0f} % of 200 drawings")

# %% [markdown]
# Expected: 94 to 97 %. It drew the first bit itself, and kept to it.
#
# ### Too good (optional, 7 minutes)
#
# (Exercises 11.5 and 11.6 belong to this part. Whoever skips it takes along: inputs are moved by one place.)
# A colleague trains the network without memory with inputs of their own:


# %%
def colleague_inputs(bits):
    return np.stack([2 * bits - 1, np.broadcast_to(MARK, bits.shape)], axis=-1)


_, suspicious = train(MAKERS["no memory"], colleague_inputs)
print(f"at the end {suspicious[-1]:.2f} nats; the ideal is {ideal:.2f}")
plots.curves(
    {"colleague": suspicious, "ideal": np.full(len(steps), ideal)},
    "The colleague's network falls below the ideal, to nearly 0 nats a sequence.",
    "step",
    "nats a sequence",
    x=steps,
)

# %% [markdown]
# Expected: below 0.01 nats.
#
# ### Exercise 11.5 (2 minutes)
#
# No model can stay below 20.10 nats: 29 fair coins cannot be guessed. What has happened?
# - **a** The network is large enough to remember the first bit.
# - **b** It has learned the training sequences by heart.
# - **c** Each position reads the very bit that it is asked for.
# - **d** The loss is averaged over the positions.
# - **e** It reads the last bit through the mark.

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = "c"

# %% tags=["check"]
checks.check_choice(
    "11.5",
    answer_5,
    expected="c",
    options="abcde",
    hints={
        "a": "remembering it saves log 2 = 0.69 nats, at one position; here 20 are gone.",
        "b": "each step has 64 sequences that it never saw; there is nothing to know by heart.",
        "d": "the loss is the same function as before; an average would have begun at 0.69 nats.",
        "e": "the mark is the same in every sequence, so it says nothing about a bit.",
    },
    why="Its inputs are not moved by one place. To draw a bit it would need that bit.",
)

# %% [markdown]
# ### Exercise 11.6 (3 minutes)
#
# Mend it, for images right away. `images` is (n, h, w), to be read in raster order: write `shifted`,
# which holds at each pixel the value of the pixel *before* it. The first pixel of the image gets 0;
# the first of any other row gets the last of the row above.


# %% tags=["exercise"]
def shifted(images):
    # -- stub --
    return ...
    # -- solution --
    flat = images.reshape(len(images), -1)
    return np.pad(flat, ((0, 0), (1, 0)))[:, :-1].reshape(images.shape)


# %% tags=["check"]
checks.check_function(
    "11.6",
    shifted,
    expected=lambda images: np.pad(images.reshape(len(images), -1), ((0, 0), (1, 0)))[
        :, :-1
    ].reshape(images.shape),
    cases=[
        np.arange(1.0, 13).reshape(1, 3, 4),
        np.random.default_rng(1).integers(1, 9, (2, 2, 3)),
    ],
    hints=mistakes.SHIFTED,
    hint="Flatten each image, put a 0 in front, leave out the last pixel, restore the shape.",
    why="In every autoregressive model no output may depend on its own pixel or later ones.",
)

# %% [markdown]
# ## 3. What may be seen (core, 15 minutes)
#
# A picture has no first and last time step, so we choose an order: row by row from the top, each row
# from left to right, as this text is written. A pixel may then depend on all rows above and on the
# pixels left of it in its own row. Whatever network says its probability, that is all it may see:
# if a pixel's probability depended on the pixel itself, or on later ones, the product of section 1
# would be no probability of the image any more.

# %%
place = np.arange(784).reshape(28, 28)
here = place[14, 11]
known = np.where(place < here, 200, 60).astype(np.uint8)
known[14, 11] = 255
plots.show_images(
    known[None, ..., None],
    "What the white pixel in row 14 and column 11 may depend on, in light gray: the rows above, "
    "and in its own row the pixels to the left. Dark gray is not drawn yet.",
    scale=6,
)

# %% [markdown]
# ### A network of a row
#
# Take one row first. A network gets all 28 pixels and returns 28 numbers, the logits of the same 28
# pixels. Logit $i$ may depend on the inputs $0, …, i-1$. Back-propagation can test that: the
# derivative of an output for an input it cannot see is **exactly 0**, whatever the weights are; not
# small, but 0. And the other way round: if a derivative is not 0, the input is seen.
#
# ### Exercise 11.7: the test (5 minutes)
#
# Write it. `network` turns rows, (1, size, 1), into outputs of the same shape. Return the matrix
# $|\partial\,\text{output}_i / \partial\,\text{input}_j|$, (size, size), for one `row`. A
# `tf.GradientTape` has, beside `gradient`, the method `jacobian(outputs, inputs)`: the derivative of
# *each* output, with the shape of the outputs, then that of the inputs, here (1, size, 1, 1, size, 1).


# %% tags=["exercise"]
def influence(network, row):
    row = tf.convert_to_tensor(row)
    with tf.GradientTape() as tape:
        tape.watch(row)  # no variable, so the tape has to be told
        outputs = network(row)
    # -- stub --
    return ...
    # -- solution --
    derivatives = tape.jacobian(outputs, row)  # (1, size, 1, 1, size, 1)
    return np.abs(derivatives[0, :, 0, 0, :, 0])


# %% tags=["check"]
random = np.random.default_rng(5)
row = random.standard_normal((1, 6, 1)).astype("float32")
shift, triangle = tf.eye(6)[::-1] * 2.0, tf.linalg.band_part(tf.ones((6, 6)), -1, 0) - 3.0
checks.check_function(
    "11.7",
    influence,
    expected=designs.influence,
    cases=[
        (lambda x: x**2 - 2 * x, row),
        (lambda x: (triangle @ x) * x, row),
        (lambda x: tf.tanh(shift @ x) - x, row),
    ],
    hints=mistakes.INFLUENCE,
    hint="Row i of the matrix belongs to output i.",
    why="One call tests all pairs of an output and an input.",
)

# %% [markdown]
# The lesson goes on with `designs.influence`. Here are three networks of a row, each one
# convolution along the row (`Conv1D`) with a window of five pixels. In the first the window's middle is on the pixel. In the
# second the window *ends* at the pixel: that is a **causal** convolution (Keras: `padding="causal"`,
# van den Oord et al. 2016, WaveNet), which still sees the pixel itself. The third moves the row by one place
# to the right first.


# %%
def row_network(padding, shift):
    layers = keras.layers
    # A zero in front, and the last pixel cut off.
    parts = [layers.ZeroPadding1D((1, 0)), layers.Cropping1D((0, 1))] if shift else []
    convolution = layers.Conv1D(1, 5, padding=padding, kernel_initializer="random_normal")
    return keras.Sequential([keras.Input((28, 1)), *parts, convolution])


row = tf.random.stateless_normal((1, 28, 1), (SEED, 1))
tried = {"centered": ("same", False), "causal": ("causal", False), "moved": ("causal", True)}
pictures = []
for name, settings in tried.items():
    seen = designs.influence(row_network(*settings), row) > 0
    pictures.append(seen[..., None])
    right, own = np.triu(seen, 1).sum(), np.trace(seen)
    print(f"{name:9} sees {right:2} pixels to the right and {own:2} times the pixel itself")
plots.show_images(
    np.stack(pictures).astype(np.float32),
    "Which output (from top to bottom) sees which input (from left to right), in white. Left: "
    "windows around the pixel, a band on both sides of the diagonal. Middle: causal windows, a "
    "band from the diagonal to the left. Right: the same moved by one place, so that the diagonal"
    " is black.",
    columns=3,
    scale=5,
)

# %% [markdown]
# Expected: 53 and 28 for the first, 0 and 28 for the second, twice 0 for the third.
#
# ### Exercise 11.8: too good to be true (6 minutes)
#
# Somebody's network of a row reached almost 0 nats a row after a minute, where ours will need more than 3.
# Change its architecture so that it is honest: each output may see only pixels to its left, and
# should see all of the nearest eight. Shapes stay (n, 28, 1). Any layers are allowed.


# %% tags=["exercise"]
def make_row_network():
    layers = keras.layers
    # -- stub --
    network = keras.Sequential(
        [
            keras.Input((28, 1)),
            layers.Conv1D(16, 5, padding="same", activation="relu"),
            layers.Conv1D(1, 5, padding="same"),
        ]
    )
    network = ...  # delete this line, and change the layers above
    return network
    # -- solution --
    return keras.Sequential(
        [
            keras.Input((28, 1)),
            layers.ZeroPadding1D((1, 0)),
            layers.Cropping1D((0, 1)),
            layers.Conv1D(16, 5, padding="causal", activation="relu"),
            layers.Conv1D(1, 5, padding="causal"),
        ]
    )


# %% tags=["check"]
checks.check_design(
    "11.8",
    make_row_network,
    lambda build: designs.row_network_fault(build, reach=8),
    hint="Look at designs.influence(make_row_network(), row) > 0: what is on its diagonal, and right of it?",
    why="Two causal windows of five see nine pixels, and the move by one place makes them the nine to the left.",
)

# %% [markdown]
# ## 4. The whole network, by hand, then `fit` (core, 15 minutes)
#
# ### Reading rows
#
# What is above a row is a sequence of rows, and its length grows: work for a recurrent cell. A GRU
# reads one row a step, 28 numbers at once. Its state after row $r-1$ is what it remembers for row
# $r$. Before the first row there is nothing to remember, so the memory is 0.

# %%
train_images = data.binarize(data.load_images()[0])
mean_image = train_images.mean(axis=0) / 255  # for section 7
batches = data.make_dataset(train_images, batch_size=BATCH_SIZE, repeat=True, seed=SEED)
images = tf.constant(train_images[:8] / 255, tf.float32)
del train_images  # the batches hold a copy
test_images, test_labels = data.load_images(split="test")
test_images = data.binarize(test_images)

UNITS, WIDTH, ROWS_SEEN = 128, 16, row_networks.ROWS_SEEN
keras.utils.set_random_seed(SEED)
reader = keras.layers.GRU(UNITS, return_sequences=True)
rows = 2 * images[..., 0] - 1  # networks like inputs in [-1, 1]
memory = tf.pad(reader(rows[:, :-1]), [[0, 0], [1, 0], [0, 0]])
print("rows:", rows.shape, " memory for each row:", memory.shape)

# %% [markdown]
# The state has to carry everything from the first row to the last. To spare it the details of what
# is right above, the network also gets the last three rows as they are:

# %%
# Where there is no row stands 0, neither black nor white.
padded = tf.pad(rows, [[0, 0], [ROWS_SEEN, 0], [0, 0]])
above = tf.stack([padded[:, i : i + 28] for i in range(ROWS_SEEN)], axis=-1)
print("the three rows above each row:", above.shape)

# %% [markdown]
# For each place of the next row, 16 numbers sum up what is above: a dense layer turns the memory into
# 28 x 16 numbers, and a convolution adds what it finds in the three rows. It may look to both sides,
# since all that is known.


# %%
def make_context():
    memory, above = keras.Input((UNITS,)), keras.Input((28, ROWS_SEEN))
    remembered = layers.Reshape((28, WIDTH))(layers.Dense(28 * WIDTH)(memory))
    near = layers.Conv1D(WIDTH, 7, padding="same", use_bias=False)(above)
    return keras.Model([memory, above], remembered + near)


# %% [markdown]
# ### Writing a row
#
# The context is joined by the pixels to the left: moved by one place, then causal convolutions. Three
# layers see 7, then 2, then 2 pixels more, 11 in all; whatever lies further left has to be guessed from
# the rows above. The last layer begins with zeros, so that an untrained network says ½.


# %%
def make_writer():
    context, row = keras.Input((28, WIDTH)), keras.Input((28,))
    left = layers.ZeroPadding1D((1, 0))(layers.Reshape((28, 1))(row))[:, :-1]
    features = context + layers.Conv1D(WIDTH, 7, padding="causal", use_bias=False)(left)
    features = layers.LeakyReLU(0.1)(features)
    for _ in range(2):
        more = layers.Conv1D(WIDTH, 3, padding="causal")(features) + layers.Dense(WIDTH)(context)
        features = features + layers.LeakyReLU(0.1)(more)
    logits = layers.Dense(1, kernel_initializer="zeros")(features)
    return keras.Model([context, row], logits)


# %% [markdown]
# All rows of all images can go through both at once, because in training every row is known: teacher
# forcing, for rows as well as for pixels.


# %%
context, writer = make_context(), make_writer()


def logits_by_hand(images):
    rows = 2 * images[..., 0] - 1
    memory = tf.pad(reader(rows[:, :-1]), [[0, 0], [1, 0], [0, 0]])
    padded = tf.pad(rows, [[0, 0], [ROWS_SEEN, 0], [0, 0]])
    above = tf.stack([padded[:, i : i + 28] for i in range(ROWS_SEEN)], axis=-1)
    parts = [memory, above, rows]
    memory, above, rows = (tf.reshape(part, (-1, *part.shape[2:])) for part in parts)
    return tf.reshape(writer([context([memory, above]), rows]), images.shape)


crosses = tf.nn.sigmoid_cross_entropy_with_logits(images, logits_by_hand(images))
nats = tf.reduce_sum(crosses, axis=(1, 2, 3))  # -log p of each image
print("-log p of eight images, untrained:", np.round(nats, 1))
print(f"784 log 2 = {784 * np.log(2):.1f}")

# %% [markdown]
# Expected: 543.4 eight times.
#
# ### Causal?
#
# The same test as for a row, for the logit of one pixel and all 784 inputs. Its derivative for the
# pixel itself and for all after it has to be exactly 0.

# %%
writer.layers[-1].kernel.assign(tf.random.stateless_normal((WIDTH, 1), (SEED, 2)))  # no zeros
with tf.GradientTape() as tape:
    tape.watch(images)
    logit = tf.reduce_sum(logits_by_hand(images)[:, 14, 20])
derivative = np.abs(tape.gradient(logit, images)).sum(axis=(0, 3))  # over the eight images
before, after = np.split(derivative.ravel(), [place[14, 20]])
print(f"pixels before it: {len(before)}, derivative not 0 for {np.count_nonzero(before)}")
print(f"itself and after: {len(after)}, derivative not 0 for {np.count_nonzero(after)}")
shade = np.log10(derivative + 1e-12)
plots.show_images(
    ((shade - shade.min()) / np.ptp(shade)).astype(np.float32)[None, ..., None],
    "How much the logit in row 14, column 20 depends on each input, on a logarithmic scale: all "
    "rows above matter, the less the higher they are, and most the columns around it in the last "
    "three rows; in its own row the eleven pixels to its left, and none further left; nothing "
    "from the pixel itself on.",
    scale=6,
)

# %% [markdown]
# Expected: 403 of 412, and 0 of 372. The nine pixels at the left end of its own row are out of its reach.
#
# ### Exercise 11.9: the training step (6 minutes)
#
# `images` (n, h, w, 1) holds zeros and ones; `model(images)` gives the logits of its pixels, (n, h, w, 1, 1).
# Write one step that raises the log-likelihood: the loss is $-\log p$ of an image, summed over its
# pixels, and its mean over the batch. Move all weights, `model.trainable_variables`, with
# `optimizer.apply(gradients, weights)`. Return the loss.


# %% tags=["exercise"]
def train_step(model, optimizer, images):
    # -- stub --
    return ...
    # -- solution --
    with tf.GradientTape() as tape:
        logits = model(images)[..., 0]
        crosses = tf.nn.sigmoid_cross_entropy_with_logits(images, logits)
        loss = tf.reduce_mean(tf.reduce_sum(crosses, axis=(1, 2, 3)))
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% tags=["check"]
checks.check_update(
    "11.9",
    train_step,
    designs.try_update,
    hints=mistakes.UPDATE,
    why="There is no bound, no second network and no draw in it: the exact log-likelihood is the loss.",
)

# %% [markdown]
# ### With `fit`
#
# `row_rnn.RowRNN` is this model on the course's interface: `compile`, `fit`, `sample`. It has no
# latents, so no `generate`; instead it has `log_likelihood(images)`. With our networks' weights it
# says the same as we do:

# %%
keras.utils.set_random_seed(SEED)
model = row_rnn.RowRNN(seed=SEED)
model.reader.set_weights(reader.get_weights())
model.context.set_weights(context.get_weights())
model.writer.set_weights(writer.get_weights())
difference = np.abs(model(images)[..., 0] - logits_by_hand(images)).max()
print(f"parameters: {model.count_params():,}; largest difference to ours: {difference:.1e}")

# %%
keras.utils.set_random_seed(SEED)
model = row_rnn.RowRNN(seed=SEED)  # a new one
rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, NUM_STEPS)
model.compile(optimizer=keras.optimizers.Adam(rate, global_clipnorm=30.0))
history = model.fit(
    batches,
    steps_per_epoch=NUM_STEPS // 10,
    epochs=10,
    callbacks=[training.TimeLimit(SECONDS_AT_MOST), training.StopOnNonFinite()],
)

# %%
plots.curves(
    {"-log p of the training images": history.history["loss"]},
    "Nats per image over the ten tenths of the training: a steep fall at first, then ever slower.",
    "tenth of the training",
    "nats per image",
)
few = test_images[:NUM_JUDGED]
trained_nats = -model.log_likelihood(few).mean()
print(f"2,000 test images: {trained_nats:.1f} nats per image")

# %% [markdown]
# Expected: 94.4 to 94.9 nats (three seeds), about a sixth of the 543 at the start. Sample it:

# %%
plots.show_images(
    model.sample(24, seed=1),
    "Twenty-four images that the model wrote after this minute of training: boots, trousers and "
    "pullovers that can be named at once; about a third are torn or in fragments.",
    columns=12,
)

# %% [markdown]
# The course ships the same model, trained for longer. From here on we use that one:

# %%
batches = None  # gives back the memory of 60,000 images; nothing below is trained
model = pretrained.load("rnn_fashion")
shipped_nats = -model.log_likelihood(few).mean()
print(f"2,000 test images: {shipped_nats:.1f} nats per image")
plots.show_images(
    model.sample(24, seed=1),
    "Twenty-four images of the shipped model, with the same random numbers: several are the same "
    "shoes and trousers as above, others have become something else; a few are full of holes, two"
    " nearly empty.",
    columns=12,
)

# %% [markdown]
# Expected: 90.5 nats. Seven and a half times the steps have gained four nats.

# %% [markdown]
# ## 5. Is it exact? (core, 2 minutes)
#
# *Exact* is a strong word. For images of 3 x 3 pixels it can be checked outright: there are
# $2^9 = 512$ of them, and their probabilities must sum to 1. Take an untrained model with large random
# weights, so that the probabilities differ wildly:

# %%
small = row_rnn.RowRNN((3, 3, 1), units=8, seed=SEED)
for i, weights in enumerate(small.trainable_variables):
    weights.assign(0.3 * tf.random.stateless_normal(weights.shape, (SEED, i)))
every_image = (np.arange(512)[:, None] >> np.arange(9)) % 2
every_image = every_image.reshape(-1, 3, 3, 1).astype(np.float32)
probabilities = np.exp(small.log_likelihood(every_image))
print(f"smallest {probabilities.min():.1e}, largest {probabilities.max():.2f}")
print(f"sum of all 512: {probabilities.sum():.7f}")

# %% [markdown]
# Expected: a sum of 1 to six decimals, from numbers that differ widely.
#
# The second check: `log_likelihood` computes all pixels in one call. Compute one image's naively,
# pixel by pixel, *with the pixel itself and everything after it replaced by noise*. If anything leaked, the noise
# would show.

# %%
call, noise_random = tf.function(model), np.random.default_rng(SEED)
image = few[:1] / np.float32(255)
total = 0.0
for i in range(28):
    for j in range(0, 28, 4):  # four pixels at a time: each needs its own noise
        later = place >= np.arange(place[i, j], place[i, j] + 4)[:, None, None]  # (4, 28, 28)
        noise = noise_random.integers(0, 2, (4, 28, 28))
        mixed = np.where(later, noise, image[0, ..., 0])[..., None].astype(np.float32)
        logits = np.asarray(call(mixed))[range(4), i, range(j, j + 4), 0, 0]
        white = image[0, i, j : j + 4, 0] == 1
        total += -np.logaddexp(0, np.where(white, -logits, logits)).sum()
print(f"naive: {total:.4f}   log_likelihood: {model.log_likelihood(image)[0]:.4f}")

# %% [markdown]
# Expected: the same number twice. (A VAE cannot be checked like that: its ELBO only says that $\log
# p(x)$ is at least so large.)
#
# ## 6. Drawing costs (core, 12 minutes)
#
# Training sees all pixels at once, since they are known. Drawing cannot: the second pixel needs the first
# one, already drawn. The naive way calls the network on the whole image once for each pixel and uses one
# logit of it:


# %%
def draw_naively(model, uniforms):
    """Binary images, (n, 28, 28, 1): one call of the whole network for each pixel."""
    images = np.zeros((len(uniforms), 28, 28, 1), np.float32)
    for i in range(28):
        for j in range(28):
            white = tf.sigmoid(call(tf.constant(images))[:, i, j, 0, 0])
            images[:, i, j, 0] = uniforms[:, i, j] >= 1 - white
    return images


# %% [markdown]
# Most of that is done again and again: the rows above have not changed since the last pixel. A
# *stateful* sampler keeps the memory and reads each row once, when it is finished; for a pixel it
# calls the writer alone, on one row. `RowRNN` has the parts: `start(n)` gives drawings without rows,
# `write_row(drawing, uniforms)` draws the next row, and `read_row(drawing, row)` puts it into the
# memory. With the same random numbers the pictures must be the same:


# %%
def draw_row_by_row(model, uniforms):
    drawing, rows = model.start(len(uniforms)), []
    for i in range(28):
        rows.append(model.write_row(drawing, uniforms[:, i]))
        drawing = model.read_row(drawing, rows[-1])
    return np.stack(rows, axis=1)[..., None]


call(tf.zeros((16, 28, 28, 1)))  # section 5 made it of this model
uniforms = model.uniforms(16, SEED)
seconds, drawn = {}, {}
for draw in (draw_naively, draw_row_by_row):
    draw(model, uniforms[:1])  # traces
    begin = time.perf_counter()
    drawn[draw.__name__] = draw(model, uniforms)
    seconds[draw.__name__] = time.perf_counter() - begin
gan = pretrained.load("gan_fashion")
gan.sample(16, seed=0)
begin = time.perf_counter()
gan.sample(16, seed=0)
seconds["the GAN of lesson 06"] = time.perf_counter() - begin
for name, value in seconds.items():
    print(f"{name:20} {value:8.3f} s")
naive, stateful = drawn.values()
print(f"pixels that differ: {np.count_nonzero(naive != stateful)} of {naive.size:,}")

# %% [markdown]
# Expected, for 16 images on two cores: about 6 s against 0.3 to 0.5 s, a fourteenth to a twentieth, and 3
# thousandths of a second for the GAN's one call. No pixel differs, or a single one, where a random number
# lies within rounding of the probability. Slow drawing is the price of exact likelihood in this family: the GAN
# computes an image in one go.
#
# ### Temperature
#
# A model may be asked to be bolder or more careful than it is. With a **temperature** $T$ each
# pixel's probabilities are raised to the power $1/T$ and rescaled to sum to 1. For a binary pixel:
#
# $$p_T = \frac{p^{1/T}}{p^{1/T} + (1-p)^{1/T}} = \sigma\!\left(\frac{\text{logit}}{T}\right).$$
#
# ### Exercise 11.10 (4 minutes)
#
# Write $p_T$ as a function of the probabilities `p`, an array, and the temperature `T`, which is 0 or
# more. At $T = 0$ take the limit: the more probable value for certain, and ½ stays ½. (Powers
# of small numbers may be rounded to 0; that does no harm here.)


# %% tags=["exercise"]
def at_temperature(p, T):
    # -- stub --
    return ...
    # -- solution --
    if T == 0:
        return np.where(p == 0.5, 0.5, (p > 0.5).astype(float))
    white, black = p ** (1 / T), (1 - p) ** (1 / T)
    return white / (white + black)


# %% tags=["check"]
some = np.array([0.0, 1e-4, 0.2, 0.5, 0.8, 0.999, 1.0])
checks.check_function(
    "11.10",
    at_temperature,
    expected=designs.at_temperature,
    cases=[(some, 1.0), (some, 0.5), (some, 2.0), (some, 0.0), (some, 0.01)],
    hints=mistakes.AT_TEMPERATURE,
    why="At 1 the model speaks for itself, below 1 the probable gains, above 1 everything moves towards ½.",
)

# %%
temperatures = (0.0, 0.5, 0.8, 1.0, 1.5)
plots.show_images(
    np.concatenate([model.sample(12, 3, temperature) for temperature in temperatures]),
    "The same random numbers at the temperatures 0, 0.5, 0.8, 1 and 1.5, one row each: twelve "
    "black images; black but for a boot and a few specks; mostly plain clothes and shoes, some "
    "only fragments; clothes with more variety; torn shapes and noise.",
    columns=12,
)

# %% [markdown]
# At $T = 0$ every pixel takes its most probable value, so all pictures are one, and here it is black: as
# long as all before it is black, black is likelier at every pixel than that something begins. At 0.5 hardly anything begins
# either. A little below 1 the shapes lose their specks, and some of their variety.
#
# ### The widget
#
# Six canvases that the model writes side by side. *Next row* draws one row on each, *Run* all that
# are missing, *Undo* takes one back, *Reset* erases what was drawn; *Image* and *Seed* choose another picture and
# other random numbers. *Keep rows* keeps the first rows of a test image: what follows are six
# endings. The bars are the **surprise** of each row of the first canvas, $-\log p$ of the row given all
# above it, in nats.

# %%
shown = [np.flatnonzero(test_labels == kind)[0] for kind in (9, 7, 0, 1, 8)]  # boot, sneaker, …
row_painter.row_painter(model, test_images[shown], keep=14)

# %% [markdown]
# **Try it**, by mouse or keyboard:
#
# 1. *Run*: six endings of a boot whose first 14 rows are kept. Do all have a heel? *Reset*, set the
#    temperature to 0.5 and run again.
# 2. *Run* with *Keep rows* at 0. Where are the longest bars? Often at the first row that is not black, and
#    where a shape changes its width: there something is decided.
# 3. *Undo* some rows, turn the temperature to 2, draw two rows, turn it back to 1 and run. The model
#    has to go on from what it has written: it never saw such rows in training. (Teacher forcing has
#    this price: errors of its own are new to it.)
#
# Without the widget, `complete` does the same, for several images at once:

# %%
kept = 14
endings = model.complete(test_images[shown[:3]], kept, 10, seed=SEED)
originals = test_images[shown[:3]][:, None] / np.float32(255)
plots.show_images(
    np.concatenate([originals, endings], axis=1).reshape(-1, 28, 28, 1),
    "Three test images, and to the right of each ten endings of its upper half: boots and "
    "sneakers with other soles and laces, and T-shirts that hardly differ.",
    columns=11,
)

# %% [markdown]
# ## 7. What likelihood says, and what it does not (core, 13 minutes)
#
# Several models of the same black-and-white images, one of them so simple that its likelihood needs no
# network: the **mean** of the training images, each pixel white with the share of
# training images in which it is, all pixels independent. For the VAE with 16 latents of lesson 09 there are two
# *lower bounds* of $\log p$: the ELBO, and the tighter importance-weighted bound of 100 draws. Its
# true $\log p$ is at least as large as both.
#
# The last row of the table below is a trick (Theis et al. 2016): a model that tosses a coin and lets the RowRNN draw in 1 of
# 100 cases, the mean image in all others. Then $p(x) = 0.01\,p_\text{RNN}(x) + 0.99\,p_\text{mean}(x)$.

# %%
vae = pretrained.load("vae_fashion_16")
white = few > 0
# 1e-9: five pixels are white in no training image, and in none of these test images.
log_mean = np.where(white, np.log(mean_image + 1e-9), np.log1p(-mean_image)).sum(axis=(1, 2, 3))
log_p = model.log_likelihood(few)
judged = {
    "mean image, exact": log_mean,
    "VAE, ELBO": vae.elbo(few, seed=SEED).elbo,
    "VAE, 100 draws": vae.importance_bound(few[:NUM_BOUND], seed=SEED),
    "RowRNN, exact": log_p,
    "1 % RowRNN, exact": np.logaddexp(np.log(0.01) + log_p, np.log(0.99) + log_mean),
}
print("                     nats per image   bits per pixel")
for name, found in judged.items():
    print(f"{name:18} {-found.mean():14.1f} {-found.mean() / 784 / np.log(2):15.3f}")

# %% [markdown]
# Expected: 382.2, 120.3, about 112.8, 90.5 and 95.1 nats. (The 100 draws are for
# the first 500 images.) The RowRNN is 22 nats above the tighter bound. A bound proves nothing about what lies
# above it, but 1,000 draws raise it by 0.8 nats only (100 images).
#
# **Bits per pixel** are nats per image, divided by the number of pixels and by $\log 2$. They are what
# an ideal compressor needs that knows the model: a model with a higher likelihood *is* a better
# compressor (Shannon 1948), and a file of raw black-and-white pixels has 1 bit a pixel.
#
# ### Exercise 11.11 (3 minutes)
#
# How many kilobytes (1 kB = 1,000 bytes, a byte has 8 bits) would an ideal compressor need for `n` images at `nats` a
# image? Write the function.


# %% tags=["exercise"]
def kilobytes(n, nats):
    # -- stub --
    return ...
    # -- solution --
    return n * nats / np.log(2) / 8 / 1000


# %% tags=["check"]
checks.check_function(
    "11.11",
    kilobytes,
    expected=lambda n, nats: n * nats / (8000 * np.log(2)),
    cases=[(10_000, 543.43), (60_000, 90.0), (1, 5545.18)],
    hints=mistakes.KILOBYTES,
    why="10,000 images take an untrained model 980 kB, a bit a pixel; a trained one saves what it knows.",
)

# %% [markdown]
# ### The order by looks
#
# Now draw from all of them, and measure how near the samples are to test images: the Fréchet distance of lesson
# 06, here from *binary* images to *binary* test images, with as many of each (the classifier has learned gray ones). From the VAE the pixels
# are drawn too, since that is the distribution whose likelihood we measured.

# %%
draws = np.random.default_rng(SEED)
clouds = (draws.random((NUM_DRAWN, 28, 28, 1)) < mean_image).astype(np.float32)
rows = model.sample(NUM_DRAWN, SEED)
is_row = draws.random(NUM_DRAWN)[:, None, None, None] < 0.01
sets = {
    "other test images": test_images[NUM_DRAWN : 2 * NUM_DRAWN] / np.float32(255),
    "mean image": clouds,
    "VAE": vae.sample(NUM_DRAWN, SEED, draw_pixels=True),
    "VAE, pixels above one half": (vae.sample(NUM_DRAWN, SEED) > 0.5).astype(np.float32),
    "RowRNN": rows,
    "1 % RowRNN": np.where(is_row, rows, clouds),
}
reference = metrics.feature_statistics(metrics.image_features(test_images[:NUM_DRAWN]))
for name, pictures in sets.items():
    found = metrics.feature_statistics(metrics.image_features(pictures))
    print(f"{name:27} {metrics.gaussian_frechet_distance(*reference, *found):7.2f}")
plots.show_images(
    np.concatenate([pictures[:12] for pictures in sets.values()]),
    "Twelve of each, one row each: test images; the mean image with pixels drawn, a cloud; the "
    "VAE with pixels drawn, with ragged borders and specks; its pixels above one half, smooth, "
    "some only fragments; the RowRNN, sharp, several torn; and the model with 1 % of it, twelve "
    "clouds.",
    columns=12,
)

# %% [markdown]
# Expected, with the likelihoods from above:
#
# | | nats per image | Fréchet distance |
# |---|---|---|
# | RowRNN | 90.5 | 0.8 |
# | 1 % RowRNN, 99 % mean image | 95.1 | 45.0 |
# | VAE, pixels drawn | 112.8 or less | 8.1 |
# | mean image | 382.2 | 47.5 |
# | VAE, pixels above one half | infinite | 3.3 |
#
# The first column sorts the rows; the second does not follow. A model of which 99 samples of 100 are clouds
# has a better likelihood than the VAE: since $p \ge 0.01\,p_\text{RNN}$, it loses at most $\log 100 = 4.6$
# nats to the RowRNN, little beside 90. The last row is the reverse: the VAE's samples look better without the noise
# of the pixels, but a test image that differs from all of them in one pixel has probability 0. The mean image
# wins by neither.
#
# ### A black image
#
# Which picture does the model hold for more probable than all clothes?

# %%
black = np.zeros((1, 28, 28, 1), np.uint8)
print(f"black: {model.log_likelihood(black)[0]:.1f} nats")
print(f"test images: {log_p.min():.0f} to {log_p.max():.1f}, mean {log_p.mean():.1f}")
count = (rows.max(axis=(1, 2, 3)) == 0).sum()
print(f"black ones among {len(rows):,} samples: {count}")

# %% [markdown]
# Expected: -9.2 nats, above the most probable of the 2,000 test images (-12.9), which is nearly black itself, and 81
# nats above their mean. And none among the samples: of 10,000 one would expect one, as $e^{-9.2} = 0.0001$.
#
# ### Exercise 11.12: why? (3 minutes)
#
# Which explanations hold? Give the letters of all that do.
#
# - a: $\log p$ of an image is a sum over pixels, and an image in which each pixel is easy to foresee has a high
#   one, whether it looks like clothes or not.
# - b: The model was trained on black images, and learned them.
# - c: There are very many images of clothes, each with a small probability; together they have
#   nearly all of it. A single image may have more than each of them and still hardly ever be drawn.
# - d: The likelihood of the model is not exact for images outside the training set.
# - e: A higher likelihood means a better picture, so black is the best picture.

# %% tags=["exercise"]
# -- stub --
answer_12 = ...  # for example "a, b"
# -- solution --
answer_12 = "a, c"

# %% tags=["check"]
checks.check_choice(
    "11.12",
    answer_12,
    expected={"a", "c"},
    options="abcde",
    hints=mistakes.BLACK,
    hint="Two of them hold.",
    why="Probable and typical are two things: with a coin of 60 % heads, ten heads in a row are the most probable "
    "sequence, and yet no typical one.",
)

# %% [markdown]
# ## 8. Ask for a cat, row by row (optional, 4 minutes)
#
# A class is one more thing that is known from the start. `RowRNN(num_classes=10)` puts its one-hot row
# (lesson 12) beside each row that the GRU reads and beside the memory that the writer gets. Nothing else
# changes, and the likelihood is that of an image *given* its class, $\log p(x \mid y)$. The
# shipped model `rnn_animals` has learned the ten animals.

# %%
animals = pretrained.load("rnn_animals")
names = data.class_names("animals")
asked_for = [names.index(name) for name in ("cat", "giraffe", "zebra")]
plots.show_images(
    np.concatenate([animals.sample(12, seed=1, labels=label) for label in asked_for]),
    "Twelve cats, twelve giraffes and twelve zebras from the model, one row each: most can be "
    "named, a few are torn, one is nearly empty.",
    columns=12,
)
asked = np.arange(1000) % 10
found = metrics.predicted_labels(animals.sample(1000, seed=2, labels=asked), "animals_features_v1")
print(f"recognized as what was asked for: {(found == asked).mean():.0%}")

# %% [markdown]
# Expected: 74 %. Of the held-out animals, made black and white in the same way, the classifier recognizes 82 %,
# of the gray ones that it was trained for 99 %.
#
# A model of $p(x \mid y)$ can also *read*: by Bayes' rule the class of an image is that whose model
# gives it the highest likelihood, if all classes are equally frequent. No classifier was trained.

# %%
held_out, held_out_labels = data.load_images("animals", split="test")
held_out = data.binarize(held_out)
chosen = np.random.default_rng(SEED).permutation(len(held_out))[:NUM_READ]
scores = np.stack(
    [animals.log_likelihood(held_out[chosen], np.full(NUM_READ, y)) for y in range(10)], axis=1
)
right = (scores.argmax(axis=1) == held_out_labels[chosen]).mean()
print(f"animals read correctly: {right:.0%}")

# %% [markdown]
# Expected: about 95 % of 300 held-out animals, where guessing would give 10 %.
#
# **Try it**: keep the upper half of the cat, and ask for a cat. Then ask for a dog or a bear, with the
# same rows kept: what do the legs become?

# %%
kinds = [names.index(name) for name in ("cat", "dog", "bear")]
a_few = [np.flatnonzero(held_out_labels == kind)[0] for kind in kinds]
row_painter.row_painter(
    animals,
    held_out[a_few],
    labels=held_out_labels[a_few],
    class_names=names,
    keep=14,
    name="animal-painter",
)

# %% [markdown]
# ## 9. Gray pixels (optional, 2 minutes)
#
# A gray pixel has 256 values, so it needs 256 probabilities. To learn them all apart would waste that
# 100 and 101 are neighbors. `likelihood="logistic"` takes a mixture of five bells (logistic densities)
# and gives each value what the bells have between its two borders, the darkest and the
# brightest value also all that lies beyond (Salimans et al. 2017). So the 256 numbers sum to 1,
# and the likelihood is exact again:

# %%
gray_model = row_rnn.RowRNN((1, 1, 1), units=8, likelihood="logistic", seed=SEED)
all_values = np.arange(256, dtype=np.uint8).reshape(-1, 1, 1, 1)
print(f"sum over all 256 values: {np.exp(gray_model.log_likelihood(all_values)).sum():.6f}")

# %% [markdown]
# Expected: 1, untrained or not. Never compare nats of gray images with nats of binary ones: other data, other
# probabilities. To train a gray model, give it `RowRNN(likelihood="logistic")` and gray images; a step takes about
# 1.4 times as long.
#
# ## Recap
#
# - $p(x) = \prod_i p(x_i \mid x_{<i})$ holds for every distribution and every order; a network that says each
#   factor has an exact likelihood.
# - A recurrent cell carries what was, in a state of fixed size; gates let it keep something for many
#   steps.
# - Causal means that a derivative is exactly 0. Test it; a leak looks like success.
# - Training sees all pixels at once, drawing one after another. A state that is kept saves most of the
#   work.
# - A better likelihood is better compression. It is not better looks, and the most probable image is
#   not a typical one.
#
# **Next**: lesson 12 asks a GAN for a cat. **To try**: train `RowRNN` on images turned by 90 degrees
# (`np.rot90(images, axes=(1, 2))`): is the likelihood the same? It is another order of the same
# pixels.
#
# **Sources**: Elman, *Finding structure in time* (1990). Bengio, Simard, Frasconi, *Learning long-term
# dependencies with gradient descent is difficult* (1994). Cho et al., *Learning phrase representations
# using RNN encoder-decoder* (2014). van den Oord, Kalchbrenner, Kavukcuoglu, *Pixel recurrent neural
# networks* (2016). van den Oord et al., *WaveNet* (2016). Williams, Zipser, *A learning algorithm for
# continually running fully recurrent neural networks* (1989). Pascanu, Mikolov, Bengio, *On the difficulty of
# training recurrent neural networks* (2013). Jozefowicz, Zaremba, Sutskever, *An empirical exploration of
# recurrent network architectures* (2015). Salimans et al., *PixelCNN++* (2017). Theis,
# van den Oord, Bethge, *A note on the evaluation of generative models* (2016). Shannon, *A mathematical
# theory of communication* (1948).
