# %% 03.1 right
784 * 128 + 128
128 * (28 * 28 + 1)
np.int64(100480)
100480.0
tf.constant(100480)

# %% 03.1 wrong
784 * 128  # no biases -> biases
784 * 128 + 784  # a bias for each input -> each output
28 * 128 + 128  # one row of pixels only -> 28 x 28 inputs
784 * 128 + 1  # one bias in all -> of its own
784 + 128  # added instead of multiplied
100_000  # rounded


# %% 03.2 right
def with_integers(n, k, stride, padding):
    if padding == "valid":
        return (n - k + stride) // stride
    return (n + stride - 1) // stride


def with_ceil_and_floor(n, k, stride, padding):
    return np.ceil(n / stride) if padding == "same" else np.floor((n - k) / stride) + 1


def by_the_general_formula(n, k, stride, padding):
    p = max((-(-n // stride) - 1) * stride + k - n, 0) if padding == "same" else 0
    return int((n + p - k) / stride) + 1


def by_counting(n, k, stride, padding):
    return len(range(0, n if padding == "same" else n - k + 1, stride))


# %% 03.2 wrong
def without_rounding(n, k, stride, padding):  # no floor -> round (n - k) / stride down
    return -(-n // stride) if padding == "same" else (n - k) / stride + 1


def nothing_rounded(n, k, stride, padding):
    return n / stride if padding == "same" else (n - k) / stride + 1


def rounded_up(n, k, stride, padding):  # rounds up -> down, not up
    return -(-n // stride) if padding == "same" else -(-(n - k) // stride) + 1


def rounded_to_the_nearest(n, k, stride, padding):
    return round(n / stride) if padding == "same" else round((n - k) / stride) + 1


def one_place_less(n, k, stride, padding):  # the fence post -> add 1
    return -(-n // stride) if padding == "same" else (n - k) // stride


def valid_only(n, k, stride, padding):  # valid for both -> same is missing
    return (n - k) // stride + 1


def same_only(n, k, stride, padding):  # same for both -> valid is missing
    return -(-n // stride)


def same_size_always(n, k, stride, padding):  # same keeps the size -> think of stride 2
    return n if padding == "same" else (n - k) // stride + 1


def same_rounded_down(n, k, stride, padding):  # same rounds down -> same rounds up
    return n // stride if padding == "same" else (n - k) // stride + 1


def window_forgotten(n, k, stride, padding):
    return -(-n // stride) if padding == "same" else n // stride


def first_size_then_stride(n, k, stride, padding):
    return -(-n // stride) if padding == "same" else (n - k + 1) // stride


# %% 03.3 right
np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]], "float32")
tf.constant([[0.0, 0, 0], [1, 0, 0], [0, 0, 0]])
((0, 0, 0), (1, 0, 0), (0, 0, 0))
np.eye(9)[3].reshape(3, 3)

# %% 03.3 wrong
[[0, 0, 0], [0, 0, 1], [0, 0, 0]]  # to the left -> to the left
[[0, 1, 0], [0, 0, 0], [0, 0, 0]]  # down -> down
[[0, 0, 0], [0, 0, 0], [0, 1, 0]]  # up -> up
[[0, 0, 0], [0, 1, 0], [0, 0, 0]]  # a copy -> copies
[[1, 0, 0], [1, 0, 0], [1, 0, 0]]  # a whole column
[1, 0, 0]  # one row only
[[0, 0, 0], [1, 1, 0], [0, 0, 0]]  # added to the copy

# %% 03.4 right
np.array([1, 10, 102, 20, 200])
[1.0, 10.0, 102.0, 20.0, 200.0]
np.convolve([1, 0, 2], [1, 10, 100])
tf.constant([1.0, 10, 102, 20, 200])

# %% 03.4 wrong
[1, 12, 120, 200]  # stride 1 -> that is stride 1
[1, 10, 2, 20, 200]  # replaced -> add
[1, 10, 100, 20, 200]  # the second window cut -> add
[1, 10, 100, 2, 20, 200]  # stride 3 -> stride 3
[210]  # an ordinary convolution -> becomes longer
[100, 10, 201, 20, 2]  # the window turned round
[1, 10, 200, 20, 200]  # multiplied where they overlap

# %% 03.5 right
0.9 * 1 + 2
np.float32(2.9)
tf.constant([2.9])
0.09 * 10 + 0.1 * 20

# %% 03.5 wrong
18.9  # the shares swapped -> OLD
15  # the plain mean -> the mean of both
1  # the first batch only -> first batch
11  # started at the first mean -> starts at 0
3  # the second step forgets nothing -> multiplied by 0.9
2  # the second batch only
3.71  # starts from 1


# %% 03.6 right
def with_where(x, before, d_logits, w2):
    return x.T @ np.where(before > 0, d_logits @ w2.T, 0)


def with_einsum(x, before, d_logits, w2):
    return np.einsum("ni,nj->ij", x, d_logits * w2[:, 0] * (before > 0))


def in_float32(x, before, d_logits, w2):
    delta = (d_logits @ w2.T * np.heaviside(before, 0)).astype("float32")
    return tf.transpose(x.astype("float32")) @ delta


# %% 03.6 wrong
def without_the_slope(x, before, d_logits, w2):  # no slope -> slope of the ReLU is missing
    return x.T @ (d_logits @ w2.T)


def times_the_relu(x, before, d_logits, w2):  # the value for the slope -> its slope, 0 or 1
    return x.T @ ((d_logits @ w2.T) * np.maximum(before, 0))


def slope_of_tanh(x, before, d_logits, w2):  # tanh -> slope of tanh
    return x.T @ ((d_logits @ w2.T) * (1 - np.tanh(before) ** 2))


def slope_of_tanh_of_the_output(x, before, d_logits, w2):
    return x.T @ ((d_logits @ w2.T) * (1 - np.maximum(before, 0) ** 2))


def closed_where_open(x, before, d_logits, w2):  # the other half -> not below
    return x.T @ ((d_logits @ w2.T) * (before < 0))


def by_w2(x, before, d_logits, w2):  # the other layer -> gradient by w2
    return np.maximum(before, 0).T @ d_logits


def mean_twice(x, before, d_logits, w2):  # divides again -> holds the 1/n
    return x.T @ ((d_logits @ w2.T) * (before > 0)) / len(x)


def by_b1(x, before, d_logits, w2):  # the bias -> gradient by b1
    return ((d_logits @ w2.T) * (before > 0)).sum(axis=0)


def transposed(x, before, d_logits, w2):
    return (x.T @ ((d_logits @ w2.T) * (before > 0))).T


def leaky(x, before, d_logits, w2):
    return x.T @ ((d_logits @ w2.T) * np.where(before > 0, 1, 0.2))


# %% 03.7 right
1.34e-05
(1.5 / np.cosh(2) ** 2) ** 5
np.float32((1.5 * (1 - np.tanh(2) ** 2)) ** 5)
tf.constant((1.5 * (1 - np.tanh(2) ** 2)) ** 5)

# %% 03.7 wrong
1.5 * (1 - np.tanh(2) ** 2)  # one layer -> there are five
(1 - np.tanh(2) ** 2) ** 5  # without the weights -> weights multiply
(1.5 * np.tanh(2)) ** 5  # the value for the slope -> not its value
5 * 1.5 * (1 - np.tanh(2) ** 2)  # added -> not added
(1.5 * (1 - 2**2)) ** 5  # the input for the output -> what goes into the tanh
1.5 * (1 - np.tanh(2) ** 2) ** 5  # one weight only
(1.5 * 0.25) ** 5  # the sigmoid's best slope
1e-05  # rounded


# %% 03.8 right
def from_the_last_layer(layers):
    side = 1
    for window, stride in reversed(layers):
        side = (side - 1) * stride + window
    return side


def by_the_formula(layers):
    strides = [stride for _, stride in layers]
    return 1 + sum((k - 1) * np.prod(strides[:i], dtype=int) for i, (k, _) in enumerate(layers))


def as_a_float(layers):
    side, jump = 1.0, 1.0
    for window, stride in layers:
        side, jump = side + (window - 1) * jump, jump * stride
    return np.float32(side)


# %% 03.8 wrong
def without_strides(layers):  # strides ignored -> strides before
    return 1 + sum(window - 1 for window, _ in layers)


def own_stride_too(layers):  # the stride of its own -> own stride
    side, jump = 1, 1
    for window, stride in layers:
        jump *= stride
        side += (window - 1) * jump
    return side


def nothing_at_the_start(layers):  # starts at 0 -> add 1
    side, jump = 0, 1
    for window, stride in layers:
        side, jump = side + (window - 1) * jump, jump * stride
    return side


def windows_added(layers):  # adds the windows -> add k - 1
    return sum(window for window, _ in layers)


def strides_added(layers):
    side, jump = 1, 1
    for window, stride in layers:
        side, jump = side + (window - 1) * jump, jump + stride
    return side


def whole_windows(layers):
    side, jump = 1, 1
    for window, stride in layers:
        side, jump = side + window * jump, jump * stride
    return side


def last_stride_only(layers):
    side, jump = 1, 1
    for window, stride in layers:
        side, jump = side + (window - 1) * jump, stride
    return side


# %% 03.9 right
"bc"
{"b", "c"}
["C", "B"]
"c, b"

# %% 03.9 wrong
"b"  # only the gap -> the best of 50
"b, c, d"  # underfitting taken for overfitting -> none
"a, b, c"  # trusts the training accuracy -> 100 %
"c"  # only the test set
"a, d"  # the opposite

# %% 03.10 right
"ace"
{"a", "c", "e"}
("A", "C", "E")

# %% 03.10 wrong
"b, d, f"  # the architectures -> architectures
"a, c"  # forgets the autoregressive model -> one more
"a, c, d"  # recurrent for autoregressive -> recurrent says how
"a, c, d, e"  # recurrent too -> recurrent says how
"a, b, c"  # a convolutional network is no family
