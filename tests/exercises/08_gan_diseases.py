# %% 08.1 right
def by_the_sigmoid(logits):
    d = tf.sigmoid(logits)
    return tf.stack([-d, -(1 - d)])


def as_two_rows_of_a_list(logits):
    return [-1 / (1 + np.exp(-logits)), -1 / (1 + np.exp(logits))]


def by_a_tape(logits):
    rows = []
    for name in ("minimax", "non_saturating"):
        each = tf.constant(logits)
        with tf.GradientTape() as tape:
            tape.watch(each)
            loss = gan_losses.gan_loss(name).generator(each) * len(logits)
        rows.append(tape.gradient(loss, each))
    return np.array(rows)


def by_differences(logits):
    def first(ell):
        return -np.logaddexp(0, ell)

    def second(ell):
        return np.logaddexp(0, -ell)

    h = 1e-4
    return np.stack([(f(logits + h) - f(logits - h)) / (2 * h) for f in (first, second)])


# %% 08.1 wrong
def _d(logits):
    return 1 / (1 + np.exp(-logits))


def pulls(logits):  # the pulls -> those are the pulls
    return np.stack([_d(logits), 1 - _d(logits)])


def rows_swapped(logits):  # rows swapped -> rows have changed places
    return np.stack([_d(logits) - 1, -_d(logits)])


def one_sign(logits):  # one sign wrong -> both slopes are negative
    return np.stack([-_d(logits), 1 - _d(logits)])


def outer_derivative(logits):  # by D instead of the logit -> one more factor
    return np.stack([-1 / (1 - _d(logits)), -1 / _d(logits)])


def inner_derivative(logits):  # the inner derivative only -> that of the logarithm is missing
    return np.stack([-_d(logits) * (1 - _d(logits))] * 2)


def the_losses(logits):  # the losses themselves -> derivatives by the logit
    return np.stack([np.log(1 - _d(logits)), -np.log(_d(logits))])


def of_the_mean(logits):  # the slope of a mean -> no division
    return np.stack([-_d(logits), _d(logits) - 1]) / len(logits)


def columns(logits):  # columns -> two rows
    return np.stack([-_d(logits), _d(logits) - 1], axis=1)


def minimax_alone(logits):  # one loss only -> expected an array of shape (2, 3)
    return -_d(logits)


# %% 08.2 right
def as_derived(p, q, smoothing):
    return (1 - smoothing) * p / (p + q)


def over_a_sum(p, q, smoothing):
    return (p - smoothing * p) / np.add(p, q)


def as_a_sigmoid(p, q, smoothing):
    odds = (1 - smoothing) * p / (q + smoothing * p)
    return np.where(np.isinf(odds), 1.0, odds / (1 + odds))


def both_costs(p, q, smoothing):
    for_real = p - smoothing * p
    for_fake = smoothing * p + q
    return tf.constant(for_real) / (for_real + for_fake)


# %% 08.2 wrong
def without_s(p, q, smoothing):  # not smoothed -> s is missing
    return p / (p + q)


def both_sides(p, q, smoothing):  # both sides smoothed -> generated points keep the target 0
    return ((1 - smoothing) * p + smoothing * q) / (p + q)


def below_too(p, q, smoothing):  # p smoothed below the line, too -> below the line stands p + q
    real = (1 - smoothing) * p
    return real / (real + q)


def other_side(p, q, smoothing):  # the other density smoothed -> 1 - s belongs to p
    return p / (p + (1 - smoothing) * q)


def s_for_the_target(p, q, smoothing):  # s for the target -> not s
    return smoothing * p / (p + q)


def for_generated(p, q, smoothing):  # q above the line -> p belongs above
    return (1 - smoothing) * q / (p + q)


def generated_side(p, q, smoothing):  # the generated side smoothed -> the real one
    return (p + smoothing * q) / (p + q)


def capped(p, q, smoothing):  # a cap -> the whole curve shrinks
    return np.minimum(p / (p + q), 1 - smoothing)


def subtracted(p, q, smoothing):  # subtracted -> smoothing multiplies
    return p / (p + q) - smoothing


def the_logit(p, q, smoothing):  # its logit -> multiply by D (1 - D)
    return np.log(1e-9 + (1 - smoothing) * p) - np.log(q + smoothing * p + 1e-9)


# %% 08.3 right
def as_the_package(discriminate, real, weight):
    return penalties.r1(weight)(discriminate, real, real, (0, 0))


def without_a_sum(discriminate, real, weight):
    with tf.GradientTape() as tape:
        tape.watch(real)
        logits = discriminate(real)
    gradient = tape.gradient(logits, real)
    return weight / 2 * tf.reduce_sum(gradient**2) / len(real)


def by_the_norm(discriminate, real, weight):
    with tf.GradientTape() as tape:
        tape.watch(real)
        total = tf.math.reduce_sum(discriminate(real))
    gradient = keras.ops.reshape(tape.gradient(total, real), (real.shape[0], -1))
    return 0.5 * weight * keras.ops.mean(keras.ops.norm(gradient, axis=1) ** 2)


def by_a_mean_and_n(discriminate, real, weight):
    copy = tf.identity(real)
    with tf.GradientTape() as tape:
        tape.watch(copy)
        mean = tf.reduce_mean(discriminate(copy))
    gradient = len(real) * tape.gradient(mean, copy)
    axes = list(range(1, len(real.shape)))
    return tf.reduce_mean(tf.reduce_sum(tf.square(gradient), axis=axes)) * weight / 2


def by_squared_slopes(discriminate, real, weight):
    return weight / 2 * tf.reduce_mean(penalties.squared_slopes(discriminate, real))


# %% 08.3 wrong
def _gradient(discriminate, real):
    with tf.GradientTape() as tape:
        tape.watch(real)
        total = tf.reduce_sum(discriminate(real))
    return tf.reshape(tape.gradient(total, real), (len(real), -1))


def no_half(discriminate, real, weight):  # no half -> the half is missing
    return weight * tf.reduce_mean(tf.reduce_sum(_gradient(discriminate, real) ** 2, axis=1))


def no_weight(discriminate, real, weight):  # no weight -> the weight is missing
    return tf.reduce_mean(tf.reduce_sum(_gradient(discriminate, real) ** 2, axis=1)) / 2


def with_a_root(discriminate, real, weight):  # the length, not its square -> the root is too much
    return weight / 2 * tf.reduce_mean(tf.norm(_gradient(discriminate, real), axis=1))


def summed(discriminate, real, weight):  # a sum over the batch -> take the mean
    return weight / 2 * tf.reduce_sum(_gradient(discriminate, real) ** 2)


def mean_of_all(discriminate, real, weight):  # a mean over the pixels, too -> mean over images only
    return weight / 2 * tf.reduce_mean(_gradient(discriminate, real) ** 2)


def towards_one(discriminate, real, weight):  # the other penalty -> R1 draws it to 0
    lengths = tf.norm(_gradient(discriminate, real), axis=1)
    return weight / 2 * tf.reduce_mean((lengths - 1) ** 2)


def slope_of_the_mean(discriminate, real, weight):  # the slope of a mean -> take their sum
    with tf.GradientTape() as tape:
        tape.watch(real)
        mean = tf.reduce_mean(discriminate(real))
    squares = tf.reshape(tape.gradient(mean, real) ** 2, (len(real), -1))
    return weight / 2 * tf.reduce_mean(tf.reduce_sum(squares, axis=1))


def negative(discriminate, real, weight):  # subtracted -> never negative
    return -weight / 2 * tf.reduce_mean(tf.reduce_sum(_gradient(discriminate, real) ** 2, axis=1))


def to_numpy(discriminate, real, weight):  # a number of NumPy's -> no gradient arrives
    squares = (_gradient(discriminate, real).numpy() ** 2).sum(axis=1)
    return weight / 2 * squares.mean()


def axis_one_alone(
    discriminate, real, weight
):  # axis 1 alone, wrong for images -> axes but the first
    with tf.GradientTape() as tape:
        tape.watch(real)
        total = tf.reduce_sum(discriminate(real))
    gradient = tape.gradient(total, real)
    return weight / 2 * tf.reduce_mean(tf.reduce_sum(gradient**2, axis=1))


def not_watched(discriminate, real, weight):  # not watched -> your answer raised
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(discriminate(real))
    return weight / 2 * tf.reduce_mean(tape.gradient(total, real) ** 2)


def one_for_each(discriminate, real, weight):  # no mean -> a penalty is one number
    return weight / 2 * tf.reduce_sum(_gradient(discriminate, real) ** 2, axis=1)


# %% 08.4 right
def with_the_maximum(matrix):
    largest = max(abs(np.linalg.eigvals(matrix)))
    if largest >= 1:
        return np.inf
    return np.log(0.01) / np.log(largest)


def with_python_s_numbers(matrix):
    import math

    values, _ = np.linalg.eig(matrix)
    size = max(math.hypot(one.real, one.imag) for one in values)
    return math.inf if size >= 1 else 2 / -math.log10(size)


def with_a_sort(matrix):
    size = np.sort(np.abs(np.linalg.eigvals(matrix)))[-1]
    return float(4.605170185988092 / -np.log(size)) if size < 1 else float("inf")


# %% 08.4 wrong
def _sizes(matrix):
    return np.abs(np.linalg.eigvals(matrix))


def real_parts(matrix):  # the largest real part -> so the size |λ| counts
    largest = abs(np.linalg.eigvals(matrix).real.max())
    return np.log(100) / -np.log(largest) if largest < 1 else np.inf


def fastest(matrix):  # the fastest direction -> the slowest, the largest
    size = _sizes(matrix).min()
    return np.log(100) / -np.log(size) if size < 1 else np.inf


def singular_value(matrix):  # a singular value -> largest singular value
    size = np.linalg.norm(matrix, 2)
    return np.log(100) / -np.log(size) if size < 1 else np.inf


def determinant(matrix):  # the determinant -> the determinant
    size = abs(np.linalg.det(matrix))
    return np.log(100) / -np.log(size) if size < 1 else np.inf


def to_one_over_e(matrix):  # to 1/e -> the time to fall to 1/e
    size = _sizes(matrix).max()
    return -1 / np.log(size) if size < 1 else np.inf


def rounded_up(matrix):  # rounded up -> leave it unrounded
    size = _sizes(matrix).max()
    return np.ceil(np.log(100) / -np.log(size)) if size < 1 else np.inf


def negative_if_it_leaves(matrix):  # negative if it leaves -> gets a negative number
    return np.log(100) / -np.log(_sizes(matrix).max())


def two_bases(matrix):  # two bases of the logarithm -> base e
    size = _sizes(matrix).max()
    return 2 / -np.log(size) if size < 1 else np.inf


def never(matrix):  # never -> which is not right
    return np.inf


# %% 08.5 right
def by_squared_slopes(discriminate, real, fake, shares):
    mixed = shares * real + (1 - shares) * fake
    return tf.reduce_mean((tf.sqrt(penalties.squared_slopes(discriminate, mixed) + 1e-8) - 1) ** 2)


def from_fake_on(discriminate, real, fake, shares):
    mixed = fake + shares * (real - fake)
    with tf.GradientTape() as tape:
        tape.watch(mixed)
        logits = discriminate(mixed)
    gradient = tape.gradient(logits, mixed)
    axes = list(range(1, len(mixed.shape)))
    lengths = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=axes) + 1e-12)
    return tf.reduce_mean(tf.square(lengths - 1))


def the_root_by_a_maximum_inside(discriminate, real, fake, shares):
    mixed = shares * real + (1 - shares) * fake
    with tf.GradientTape() as tape:
        tape.watch(mixed)
        total = keras.ops.sum(discriminate(mixed))
    gradient = keras.ops.reshape(tape.gradient(total, mixed), (len(real), -1))
    squares = keras.ops.sum(gradient * gradient, axis=1)
    return keras.ops.mean((keras.ops.sqrt(tf.maximum(squares, 1e-12)) - 1) ** 2)


# %% 08.5 wrong
def _lengths(discriminate, places):
    return tf.sqrt(penalties.squared_slopes(discriminate, places) + 1e-12)


def _mixed(real, fake, shares):
    return shares * real + (1 - shares) * fake


def at_real(discriminate, real, fake, shares):  # at real images -> take it at the mixtures
    return tf.reduce_mean((_lengths(discriminate, real) - 1) ** 2)


def at_fake(discriminate, real, fake, shares):  # at generated images -> at generated images
    return tf.reduce_mean((_lengths(discriminate, fake) - 1) ** 2)


def shares_swapped(discriminate, real, fake, shares):  # shares swapped -> belong to the real images
    return tf.reduce_mean((_lengths(discriminate, _mixed(fake, real, shares)) - 1) ** 2)


def normal_shares(discriminate, real, fake, shares):  # draws its own normal shares -> instead of 16
    shares = tf.random.normal(tf.shape(shares))
    return tf.reduce_mean(penalties.squared_slopes(discriminate, _mixed(real, fake, shares)) - 1)


def no_root(discriminate, real, fake, shares):  # the square of the length -> the root is missing
    return tf.reduce_mean((_lengths(discriminate, _mixed(real, fake, shares)) ** 2 - 1) ** 2)


def no_square(discriminate, real, fake, shares):  # no square -> the square is missing
    return tf.reduce_mean(_lengths(discriminate, _mixed(real, fake, shares)) - 1)


def towards_zero(discriminate, real, fake, shares):  # R1 at mixtures -> draws the slope to 0
    return tf.reduce_mean(penalties.squared_slopes(discriminate, _mixed(real, fake, shares)))


def from_above_only(discriminate, real, fake, shares):  # from above only -> below 1 pass
    lengths = _lengths(discriminate, _mixed(real, fake, shares))
    return tf.reduce_mean(tf.nn.relu(lengths - 1) ** 2)


def one_length(discriminate, real, fake, shares):  # one length of the batch -> all images together
    squares = penalties.squared_slopes(discriminate, _mixed(real, fake, shares))
    return (tf.sqrt(tf.reduce_sum(squares) + 1e-12) - 1) ** 2


def weight_included(discriminate, real, fake, shares):  # with the weight -> comes later
    return 10 * tf.reduce_mean((_lengths(discriminate, _mixed(real, fake, shares)) - 1) ** 2)


def bare_root(discriminate, real, fake, shares):  # a bare root -> add 1e-12 below the root
    mixed = _mixed(real, fake, shares)
    with tf.GradientTape() as tape:
        tape.watch(mixed)
        total = tf.reduce_sum(discriminate(mixed))
    gradient = tf.reshape(tape.gradient(total, mixed), (len(real), -1))
    return tf.reduce_mean((tf.norm(gradient, axis=1) - 1) ** 2)


def tiny_outside_the_root(discriminate, real, fake, shares):  # outside the root -> below the root
    mixed = _mixed(real, fake, shares)
    squares = penalties.squared_slopes(discriminate, mixed)
    return tf.reduce_mean((tf.sqrt(squares) + 1e-12 - 1) ** 2)


def to_numpy(discriminate, real, fake, shares):  # a number of NumPy's -> no gradient arrives
    return float(tf.reduce_mean((_lengths(discriminate, _mixed(real, fake, shares)) - 1) ** 2))


# %% 08.6 right
def as_said(matrix, u):
    v = matrix @ u
    v = v / np.linalg.norm(v)
    u = matrix.T @ v
    u = u / np.linalg.norm(u)
    return u, np.linalg.norm(matrix @ u)


def as_miyato_has_it(matrix, u):
    v = tf.math.l2_normalize(tf.linalg.matvec(matrix, u))
    u = tf.math.l2_normalize(tf.linalg.matvec(matrix, v, transpose_a=True))
    return u, tf.tensordot(v, tf.linalg.matvec(matrix, u), 1)


def with_the_square_matrix(matrix, u):
    u = np.dot(matrix.T @ matrix, u)
    u /= np.sqrt(np.sum(u**2))
    return [u, np.sqrt(u @ matrix.T @ matrix @ u)]


# %% 08.6 wrong
def _unit(vector):
    return vector / np.linalg.norm(vector)


def no_way_back(matrix, u):  # no way back -> go back with the transposed matrix
    v = _unit(matrix @ u)
    return v, np.linalg.norm(matrix @ u)


def not_divided(matrix, u):  # not divided -> divide the new u by its length
    u = matrix.T @ _unit(matrix @ u)
    return u, np.linalg.norm(matrix @ u)


def swapped(matrix, u):  # swapped -> the new u comes first
    u = _unit(matrix.T @ _unit(matrix @ u))
    return np.linalg.norm(matrix @ u), u


def stretch_of_the_old(matrix, u):  # the old u's stretch -> the old u
    return _unit(matrix.T @ _unit(matrix @ u)), np.linalg.norm(matrix @ u)


def squared(matrix, u):  # σ² -> the square
    u = _unit(matrix.T @ _unit(matrix @ u))
    return u, np.sum((matrix @ u) ** 2)


def both_stretches(matrix, u):  # WᵀW -> σ squared
    return _unit(matrix.T @ matrix @ u), np.linalg.norm(matrix.T @ matrix @ u)


def frobenius(matrix, u):  # the Frobenius norm -> Frobenius
    return _unit(matrix.T @ _unit(matrix @ u)), np.linalg.norm(matrix)


def decomposed(matrix, u):  # a decomposition -> many rounds
    _, values, rows = np.linalg.svd(matrix)
    return rows[0], values[0]


def ten_rounds(matrix, u):  # ten rounds -> many rounds end with
    for _ in range(10):
        u = _unit(matrix.T @ _unit(matrix @ u))
    return u, np.linalg.norm(matrix @ u)


def sigma_alone(matrix, u):  # σ alone -> return two things
    return np.linalg.norm(matrix @ _unit(matrix.T @ _unit(matrix @ u)))


def unchanged(matrix, u):  # u as it was -> u has not changed
    return u, np.linalg.norm(matrix @ u)


# %% 08.7 right
def the_package_s():
    return networks.dense_discriminator(spectral_norm=True)


def keras_s_layer():
    normed = keras.layers.SpectralNormalization
    layers = [normed(keras.layers.Dense(64)), keras.layers.ReLU()]
    layers += [normed(keras.layers.Dense(32)), keras.layers.ReLU()]
    return keras.Sequential([keras.Input((2,)), *layers, normed(keras.layers.Dense(1))])


def weights_divided():
    class Divided(keras.layers.Dense):
        def call(self, inputs):
            return inputs @ (self.kernel / tf.maximum(1.0, tf.norm(self.kernel))) + self.bias

    layers = [Divided(64), keras.layers.LeakyReLU(0.2), Divided(64), keras.layers.LeakyReLU(0.2)]
    return keras.Sequential([keras.Input((2,)), *layers, Divided(1)])


def a_constraint():
    class AtMostOne(keras.constraints.Constraint):
        def __call__(self, w):
            return w / tf.maximum(1.0, tf.linalg.svd(w, compute_uv=False)[0])

    def dense(units):
        return keras.layers.Dense(units, kernel_constraint=AtMostOne())

    layers = [dense(32), keras.layers.LeakyReLU(0.2), dense(32), keras.layers.LeakyReLU(0.2)]
    return keras.Sequential([keras.Input((2,)), *layers, dense(1)])


def with_a_functional_model_and_tanh():
    points = keras.Input((2,))
    x = critic_layers.SpectralNorm(keras.layers.Dense(128))(points)
    x = keras.layers.Activation("tanh")(x)
    x = critic_layers.SpectralNorm(keras.layers.Dense(128))(x)
    x = keras.layers.LeakyReLU(0.2)(x)
    return keras.Model(points, critic_layers.SpectralNorm(keras.layers.Dense(1))(x))


# %% 08.7 wrong
def _network(wrap, last, activation=lambda: keras.layers.LeakyReLU(0.2), end=()):
    layers = [
        wrap(keras.layers.Dense(64)),
        activation(),
        wrap(keras.layers.Dense(64)),
        activation(),
    ]
    return keras.Sequential([keras.Input((2,)), *layers, last(keras.layers.Dense(1)), *end])


_normed = critic_layers.SpectralNorm


def _same(layer):
    return layer


def nothing_bounded():  # as it was, with a last layer -> became steeper when we trained it
    return _network(_same, _same)


def last_forgotten():  # the last layer forgotten -> became steeper when we trained it
    return _network(_normed, _same)


def only_the_last():  # only the last layer -> became steeper when we trained it
    return _network(_same, _normed)


def divided_at_the_end():  # scaled by a fixed number -> became steeper when we trained it
    return _network(_same, _same, end=[keras.layers.Rescaling(0.01)])


def batch_norm():  # batch normalization -> batch normalization divides
    return _network(_same, _normed, keras.layers.BatchNormalization)


def sigmoid_at_the_end():  # a sigmoid at the end -> flat far out
    return _network(_normed, _normed, end=[keras.layers.Activation("sigmoid")])


def no_activation():  # no activations -> it is a plane
    return _network(_normed, _normed, lambda: keras.layers.Activation("linear"))


def clipped():  # weights clipped to 0.01 -> below 0.05 everywhere
    class Clipped(keras.constraints.Constraint):
        def __call__(self, w):
            return keras.ops.clip(w, -0.01, 0.01)

    layers = []
    for _ in range(2):
        layers += [keras.layers.Dense(64, kernel_constraint=Clipped()), keras.layers.ReLU()]
    last = keras.layers.Dense(1, kernel_constraint=Clipped())
    return keras.Sequential([keras.Input((2,)), *layers, last])


def rows_bounded():  # each unit's weights bounded, not the matrix -> became steeper
    def bounded(layer):
        layer.kernel_constraint = keras.constraints.UnitNorm()
        return layer

    return _network(bounded, bounded)


def weight_decay():  # a wish, not a bound -> became steeper when we trained it
    def decayed(layer):
        layer.kernel_regularizer = keras.regularizers.L2(0.01)
        return layer

    return _network(decayed, decayed)


def steep_activation():  # an activation that stretches -> became steeper when we trained it
    return _network(_normed, _normed, lambda: keras.layers.LeakyReLU(3.0))


def two_logits():  # two logits -> one logit for each
    return keras.Sequential([keras.Input((2,)), _normed(keras.layers.Dense(2))])


def layers_alone():  # a list of layers -> let it return a keras.Model
    return [_normed(keras.layers.Dense(64)), _normed(keras.layers.Dense(1))]


# %% 08.8 right
lambda shares: np.exp(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())
lambda shares: np.prod(shares**-shares)
lambda shares: 2 ** -sum(p * np.log2(p) for p in shares if p > 0)
lambda shares: np.exp(-np.sum(shares * np.log(shares + 1e-12)))
lambda shares: tf.exp(-tf.reduce_sum(tf.math.xlogy(shares, shares)))


def with_scipy(shares):
    from scipy import stats

    return np.exp(stats.entropy(shares))


# %% 08.8 wrong
lambda shares: np.exp(-(shares * np.log(shares)).sum())  # 0 log 0 -> leave out the kinds
lambda shares: -np.nansum(shares * np.log(shares))  # the entropy -> its exponential
lambda shares: 1 / np.sum(shares**2)  # the other effective number -> small kinds count less
lambda shares: (shares > 0).sum()  # kinds that occur -> however rare
lambda shares: np.exp(np.nansum(shares * np.log(shares)))  # the sign -> have to give 2
lambda shares: np.exp(-np.nanmean(shares * np.log(shares)))  # a mean -> take the sum
lambda shares: 2 ** -np.nansum(shares * np.log(shares))  # two bases -> belongs to the logarithm
lambda shares: 1 / max(shares)  # the largest only -> largest kind only
lambda shares: np.exp(-np.log(shares[shares > 0]).mean())  # unweighted -> with its share
lambda shares: len(shares)  # all that might be -> there might be


# %% 08.9 right
def as_the_layer(features):
    return critic_layers.MinibatchStd()(features)


def with_keras(features):
    ops = keras.ops
    variance = ops.var(features, axis=0)
    channel = ops.mean(ops.sqrt(variance + 1e-8)) * ops.ones_like(features[..., :1])
    return ops.concatenate([features, channel], axis=-1)


def by_hand(features):
    differences = features - tf.reduce_mean(features, axis=0)
    variance = tf.reduce_mean(differences**2, axis=0)
    number = tf.reduce_mean(tf.sqrt(tf.maximum(variance, 1e-8)))
    count, height, width, _ = features.shape
    return tf.concat([features, tf.ones((count, height, width, 1)) * number], 3)


def with_padding(features):
    number = tf.reduce_mean((tf.math.reduce_variance(features, 0) + 1e-6) ** 0.5)
    return tf.pad(features, [[0, 0], [0, 0], [0, 0], [0, 1]]) + number * tf.one_hot(
        features.shape[-1], features.shape[-1] + 1
    )


# %% 08.9 wrong
def _with(features, number):
    return tf.concat([features, 0 * features[..., :1] + number], -1)


def without_epsilon(features):  # the slope of a root at 0 -> not finite
    return _with(features, tf.reduce_mean(tf.math.reduce_std(features, axis=0)))


def with_numpy(features):  # no gradient -> no gradient flows back
    array = np.asarray(features)
    last = np.full((*array.shape[:-1], 1), array.std(axis=0).mean(), np.float32)
    return np.concatenate([array, last], axis=-1)


def stopped(features):  # the number is a constant -> no gradient flows back
    number = float(tf.reduce_mean(tf.math.reduce_std(features, axis=0)))
    return tf.concat([tf.stop_gradient(features), tf.fill([*features.shape[:3], 1], number)], -1)


def over_everything(features):  # one deviation of all numbers -> count as variety
    return _with(features, tf.math.reduce_std(features))


def within_images(features):  # over each image -> within itself
    number = tf.math.reduce_std(features, axis=(1, 2, 3), keepdims=True)
    return _with(features, number)


def over_channels(features):  # over the channels -> over the channels
    return _with(features, tf.reduce_mean(tf.math.reduce_std(features, axis=-1)))


def a_map(features):  # a number a place -> for each place
    number = tf.reduce_mean(tf.math.reduce_std(features, axis=0), axis=-1, keepdims=True)
    return _with(features, number)


def variances(features):  # the root is missing -> take its root
    return _with(features, tf.reduce_mean(tf.math.reduce_variance(features, axis=0)))


def root_of_mean(features):  # the root last -> root of the mean
    return _with(features, tf.sqrt(tf.reduce_mean(tf.math.reduce_variance(features, axis=0))))


def one_less(features):  # n - 1 -> not by one less
    factor = (features.shape[0] / (features.shape[0] - 1)) ** 0.5
    return _with(features, factor * tf.reduce_mean(tf.math.reduce_std(features, axis=0)))


def in_front(features):  # first channel -> behind the others
    number = tf.reduce_mean(tf.math.reduce_std(features, axis=0))
    return tf.concat([0 * features[..., :1] + number, features], -1)


def only_the_number(features):  # the number alone -> it returns
    return tf.reduce_mean(tf.math.reduce_std(features, axis=0))


def added(features):  # added to the features -> it returns
    return features + tf.reduce_mean(tf.math.reduce_std(features, axis=0))


# %% 08.10 right
def as_defined(discriminate, training, held_out, generated):
    known, new, fake = (tf.reduce_mean(discriminate(x)) for x in (training, held_out, generated))
    return (known - new) / (known - fake)


def with_medians(discriminate, training, held_out, generated):
    known, new, fake = (
        np.median(discriminate(images)) for images in (training, held_out, generated)
    )
    return 1 - (new - fake) / (known - fake)


def in_one_call(discriminate, training, held_out, generated):
    logits = np.asarray(discriminate(np.concatenate([training, held_out, generated])))[:, 0]
    ends = np.cumsum([len(training), len(held_out)])
    known, new, fake = (one.mean() for one in np.split(logits, ends))
    return float((known - new) / (known - fake))


def whichever_is_nearer(discriminate, training, held_out, generated):
    known, new, fake = (float(np.mean(discriminate(x))) for x in (training, held_out, generated))
    return 1.0 if abs(new - fake) < abs(new - known) else 0.0


# %% 08.10 wrong
def gap(discriminate, training, held_out, generated):  # the gap in logits -> it should be
    return np.mean(discriminate(training)) - np.mean(discriminate(held_out))


def lead(discriminate, training, held_out, generated):  # the lead alone -> it should be
    return np.mean(discriminate(training)) - np.mean(discriminate(generated))


def what_is_left(discriminate, training, held_out, generated):  # what is no memory -> below 1/2
    known, new, fake = (np.mean(discriminate(x)) for x in (training, held_out, generated))
    return (new - fake) / (known - fake)


def accuracies(discriminate, training, held_out, generated):  # the threshold 0 -> it should be
    return np.mean(discriminate(training) > 0) - np.mean(discriminate(held_out) > 0)


def probabilities(discriminate, training, held_out, generated):  # of sigmoids -> it should be
    known, new = (np.mean(tf.sigmoid(discriminate(x))) for x in (training, held_out))
    return known - new


def ratio(discriminate, training, held_out, generated):  # a ratio of logits -> it should be
    return 1 - np.mean(discriminate(held_out)) / np.mean(discriminate(training))


def held_out_for_generated(discriminate, training, held_out, generated):  # forgot one -> should be
    known, new = (np.mean(discriminate(x)) for x in (training, held_out))
    return (known - new) / (known + abs(new))


def each_image(discriminate, training, held_out, generated):  # no mean -> one number
    return discriminate(training) - np.mean(discriminate(held_out))


def always_one(discriminate, training, held_out, generated):  # always memory -> below 1/2
    return 1.0


# %% 08.11 right
lambda ours, theirs: not max(np.nan_to_num(ours, nan=1e9)) >= min(np.nan_to_num(theirs, nan=1e9))
lambda ours, theirs: (
    all(a < b or np.isnan(b) for a in ours for b in theirs) and not np.isnan(ours).any()
)


def step_by_step(ours, theirs):
    if np.isnan(ours).any():
        return False
    if np.isnan(theirs).all():
        return True
    return np.max(ours) < np.nanmin(theirs)


def by_sorting(ours, theirs):
    ours = np.sort(np.nan_to_num(ours, nan=np.inf))
    return int(ours[-1] < np.sort(np.nan_to_num(theirs, nan=np.inf))[0])


# %% 08.11 wrong
lambda ours, theirs: np.mean(ours) < np.mean(theirs)  # means -> compares the means
lambda ours, theirs: np.nanmean(ours) < np.nanmean(theirs)  # means without NaN
lambda ours, theirs: np.nanmin(ours) < np.nanmin(theirs)  # the best seeds
lambda ours, theirs: np.max(ours) < np.min(theirs)  # NaN among theirs -> infinitely bad
lambda ours, theirs: np.nanmax(ours) < np.nanmin(theirs)  # NaN left out -> left out
lambda ours, theirs: ours.max() <= np.nan_to_num(theirs, nan=np.inf).min()  # a tie -> a tie
lambda ours, theirs: bool(ours[0] < theirs[0])  # one seed -> anecdote
lambda ours, theirs: np.nan_to_num(ours, nan=-np.inf).min() > np.nan_to_num(theirs).max()  # larger
lambda ours, theirs: True  # always
lambda ours, theirs: False  # never


def more_than_the_spread(ours, theirs):  # means against deviations, another rule
    ours, theirs = (np.nan_to_num(one, nan=1e3) for one in (ours, theirs))
    return theirs.mean() - ours.mean() > ours.std() + theirs.std()


# %% 08.12 right
"c"
" C "
"(c)"
# %% 08.12 wrong
"a"  # the true reason, which the curves do not show -> from what in the curves
"b"  # a rising loss is a worse generator -> measured against this D
"d"  # collapse -> no mark on the losses
"e"  # no option -> one of
"a, c"  # two
