# %% 11.1 right
def by_where(image, white):
    return np.log(np.where(image == 1, white, 1 - white)).sum()


def by_masks(image, white):
    return np.log(white[image == 1]).sum() + np.log(1 - white[image == 0]).sum()


def pixel_by_pixel(image, white):
    total = 0.0
    for pixel, p in zip(image.ravel(), white.ravel()):
        total += math.log(p if pixel else 1 - p)
    return total


def by_arithmetic(image, white):
    return np.log(image * white + (1 - image) * (1 - white)).sum()


def by_the_error(image, white):
    return tf.reduce_sum(tf.math.log1p(-tf.abs(tf.cast(image, tf.float64) - white)))


# %% 11.1 wrong
def the_loss(image, white):  # minus the log-probability -> the sign
    return -np.log(np.where(image == 1, white, 1 - white)).sum()


def in_bits(image, white):  # base 2 -> bits
    return np.log2(np.where(image == 1, white, 1 - white)).sum()


def averaged(image, white):  # a mean over the pixels -> no mean
    return np.mean(np.log(np.where(image == 1, white, 1 - white)))


def white_pixels_only(image, white):  # the black ones forgotten -> black pixels
    return np.log(white[image == 1]).sum()


def formula_of_lesson_02(image, white):  # 0 times minus infinity -> NaN
    with np.errstate(all="ignore"):
        return np.sum(image * np.log(white) + (1 - image) * np.log(1 - white))


def not_the_logarithm(image, white):  # the product -> p(x) itself
    return np.prod(np.where(image == 1, white, 1 - white))


def not_summed(image, white):  # one number for each pixel -> sum over its pixels
    return np.log(np.where(image == 1, white, 1 - white))


def logarithm_of_the_sum(image, white):  # log and sum swapped -> sum of the logarithms
    return np.log(np.where(image == 1, white, 1 - white).sum())


def every_pixel_white(image, white):  # the image is not used
    return np.log(np.maximum(white, 1e-12)).sum()


def black_and_white_swapped(image, white):  # the wrong branch
    return np.log(np.maximum(np.where(image == 1, 1 - white, white), 1e-12)).sum()


# %% 11.2 right
"a, c, e"
"ace"
{"A", "C", "E"}
["e", "a", "c"]
# %% 11.2 wrong
"a, c"  # normalization overlooked -> two probabilities
"a, c, d"  # two networks must agree -> its own errors
"a, c, d, e"  # the same, with e -> its own errors
"a, b, e"  # raster order only -> two orders
"c, e"  # independence needed -> in any way
"a, e"  # orders differ -> two orders
"b, d"  # both of the false ones


# %% 11.3 right
def as_written(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)


def by_dot(x, h, W, U, b):
    return np.tanh(b + np.dot(h, U) + np.dot(x, W))


def one_matrix(x, h, W, U, b):
    return np.tanh(np.concatenate([x, h], axis=1) @ np.concatenate([W, U]) + b)


def by_tensorflow(x, h, W, U, b):
    return tf.tanh(tf.matmul(x, W) + tf.matmul(h, U) + b)


def by_sequence(x, h, W, U, b):
    return np.stack([np.tanh(W.T @ one + U.T @ state + b) for one, state in zip(x, h)])


# %% 11.3 wrong
def no_tanh(x, h, W, U, b):  # linear -> tanh around
    return x @ W + h @ U + b


def no_bias(x, h, W, U, b):  # b forgotten -> bias
    return np.tanh(x @ W + h @ U)


def no_state(x, h, W, U, b):  # h forgotten -> state is not used
    return np.tanh(x @ W + b)


def transposed(x, h, W, U, b):  # columns for rows -> transposed
    return np.tanh(x @ W + h @ U.T + b)


def a_sigmoid(x, h, W, U, b):  # a gate's function -> tanh
    return 1 / (1 + np.exp(-(x @ W + h @ U + b)))


def state_outside(x, h, W, U, b):  # the state added afterwards -> inside
    return np.tanh(x @ W + b) + h @ U


def no_recurrent_weights(x, h, W, U, b):  # h without U -> through its weights
    return np.tanh(x @ W + h + b)


def elementwise(x, h, W, U, b):  # * for @: the shapes do not fit
    return np.tanh(x * W + h * U + b)


def matrices_first(x, h, W, U, b):  # W x as in other books: the shapes do not fit
    return np.tanh(W @ x + U @ h + b)


# %% 11.4 right
def as_solved(mark):
    return sigmoid(10 - 20 * mark)


def by_numpy(mark):
    return 1 / (1 + np.exp(-(8.0 - 16.0 * mark)))


def by_keras(mark):
    return keras.ops.sigmoid(12.0 - 30.0 * keras.ops.convert_to_tensor(mark))


def as_a_list(mark):
    return [sigmoid(9 - 18 * one) for one in mark]


def without_a_sigmoid(mark):
    return 1 - mark


# %% 11.4 wrong
def swapped(mark):  # z and 1 - z -> wrong way round
    return sigmoid(20 * mark - 10)


def too_soft(mark):  # z = 0.98, as the biases of the lesson -> such factors leave
    return sigmoid(4 - 20 * mark)


def nearly(mark):  # within 0.05 only if the other candidates average out -> its opposite
    return sigmoid(7.2 - 14.4 * mark)


def never_writes(mark):  # the mark does not matter -> hardly written
    return sigmoid(10 + 0 * mark)


def bias_of_zero(mark):  # half is forgotten in each step -> such factors leave
    return sigmoid(-20 * mark)


def no_sigmoid(mark):  # the sigmoid forgotten -> forget the sigmoid
    return 10 - 20 * mark


def weight_as_large_as_bias(mark):  # z = 1/2 at the mark -> up to 0.50
    return sigmoid(10 - 10 * mark)


def weight_too_small(mark):  # z = 0.12 at the mark
    return sigmoid(10 - 12 * mark)


def one_gate(mark):  # a number for all steps -> as many gates
    return 0.999


# %% 11.5 right
"c"
"C"
" (c) "
# %% 11.5 wrong
"a"  # a large network -> 0.69 nats
"b"  # memorized -> never saw
"d"  # averaged -> same function
"e"  # the mark -> same in every sequence


# %% 11.6 right
def by_pad(images):
    flat = images.reshape(images.shape[0], -1)
    return np.pad(flat, ((0, 0), (1, 0)))[:, :-1].reshape(images.shape)


def by_a_new_array(images):
    flat = images.reshape(len(images), -1)
    moved = np.zeros_like(flat)
    moved[:, 1:] = flat[:, :-1]
    return moved.reshape(images.shape)


def by_roll(images):
    moved = np.roll(images.reshape(len(images), -1), 1, axis=1)
    moved[:, 0] = 0
    return moved.reshape(images.shape)


def without_flattening(images):
    moved = np.zeros_like(images)
    moved[:, :, 1:] = images[:, :, :-1]
    moved[:, 1:, 0] = images[:, :-1, -1]
    return moved


def by_tensorflow(images):
    flat = tf.reshape(images, (len(images), -1))
    return tf.reshape(tf.pad(flat, ((0, 0), (1, 0)))[:, :-1], images.shape)


# %% 11.6 wrong
def not_moved(images):  # the colleague's -> nothing is moved
    return images


def rolled(images):  # the last pixel comes first -> not drawn yet
    return np.roll(images.reshape(len(images), -1), 1, axis=1).reshape(images.shape)


def the_other_way(images):  # each pixel sees the next -> wrong way
    flat = images.reshape(len(images), -1)
    return np.pad(flat, ((0, 0), (0, 1)))[:, 1:].reshape(images.shape)


def each_row_alone(images):  # rows start anew -> row above
    return np.pad(images, ((0, 0), (0, 0), (1, 0)))[:, :, :-1]


def rows_moved(images):  # the pixel above -> rows are moved
    return np.pad(images, ((0, 0), (1, 0), (0, 0)))[:, :-1]


def batch_flattened(images):  # images run into each other -> another image
    return np.pad(images.reshape(-1), (1, 0))[:-1].reshape(images.shape)


def left_flat(images):  # the shape is not restored -> restore the shape
    return np.pad(images.reshape(len(images), -1), ((0, 0), (1, 0)))[:, :-1]


def one_too_many(images):  # a zero in front, nothing left out
    return np.pad(images.reshape(len(images), -1), ((0, 0), (1, 0)))


# %% 11.7 right
def by_jacobian(network, row):
    row = tf.constant(row)
    with tf.GradientTape() as tape:
        tape.watch(row)
        outputs = network(row)
    return tf.abs(tf.squeeze(tape.jacobian(outputs, row)))


def one_output_after_the_other(network, row):
    row, found = tf.Variable(row), []
    for i in range(row.shape[1]):
        with tf.GradientTape() as tape:
            output = network(row)[0, i, 0]
        found.append(np.abs(tape.gradient(output, row))[0, :, 0])
    return np.stack(found)


def in_a_list(network, row):
    row = tf.convert_to_tensor(row)
    with tf.GradientTape() as tape:
        tape.watch(row)
        outputs = network(row)[0, :, 0]
    return np.abs(tape.jacobian(outputs, row)[:, 0, :, 0]).tolist()


# %% 11.7 wrong
def _derivatives(network, row):
    row = tf.convert_to_tensor(row)
    with tf.GradientTape() as tape:
        tape.watch(row)
        outputs = network(row)
    return tape.jacobian(outputs, row)[0, :, 0, 0, :, 0].numpy()


def signed(network, row):  # no absolute value -> absolute
    return _derivatives(network, row)


def transposed(network, row):  # rows are inputs -> transposed
    return np.abs(_derivatives(network, row)).T


def by_gradient(network, row):  # tape.gradient instead of jacobian -> jacobian keeps them apart
    row = tf.convert_to_tensor(row)
    with tf.GradientTape() as tape:
        tape.watch(row)
        outputs = network(row)
    return np.abs(tape.gradient(outputs, row)[0, :, 0])


def all_axes(network, row):  # the jacobian as it is -> axes of size 1
    row = tf.convert_to_tensor(row)
    with tf.GradientTape() as tape:
        tape.watch(row)
        outputs = network(row)
    return np.abs(tape.jacobian(outputs, row))


# %% 11.8 right
def with_padding_and_slice():
    row = keras.Input((28, 1))
    moved = layers.ZeroPadding1D((1, 0))(row)[:, :-1]
    features = layers.Conv1D(8, 5, padding="causal", activation="relu")(moved)
    return keras.Model(row, layers.Conv1D(1, 5, padding="causal")(features))


def one_wide_window():
    parts = [layers.ZeroPadding1D((1, 0)), layers.Cropping1D((0, 1))]
    return keras.Sequential([keras.Input((28, 1)), *parts, layers.Conv1D(1, 8, padding="causal")])


def a_recurrent_cell():
    row = keras.Input((28, 1))
    states = layers.GRU(6, return_sequences=True)(layers.ZeroPadding1D((1, 0))(row)[:, :-1])
    return keras.Model(row, layers.Dense(1)(states))


def two_layers_of_tanh():
    moves = [layers.ZeroPadding1D((1, 0)), layers.Cropping1D((0, 1))]
    hidden = [layers.Conv1D(16, 5, padding="causal", activation="tanh") for _ in range(2)]
    last = layers.Conv1D(1, 3, padding="causal")
    return keras.Sequential([keras.Input((28, 1)), *moves, *hidden, last])


# %% 11.8 wrong
def causal_only():  # not moved -> own pixel
    windows = [layers.Conv1D(4, 5, padding="causal"), layers.Conv1D(1, 5, padding="causal")]
    return keras.Sequential([keras.Input((28, 1)), *windows])


def still_centered():  # padding "same" -> to its right
    windows = [layers.Conv1D(4, 5, padding="causal"), layers.Conv1D(1, 5, padding="same")]
    return keras.Sequential([keras.Input((28, 1)), *windows])


def moved_twice():  # two moves -> just left of it
    moves = [layers.ZeroPadding1D((2, 0)), layers.Cropping1D((0, 2))]
    windows = [layers.Conv1D(4, 5, padding="causal"), layers.Conv1D(1, 5, padding="causal")]
    return keras.Sequential([keras.Input((28, 1)), *moves, *windows])


def too_short():  # sees five -> does not see all of the 8
    moves = [layers.ZeroPadding1D((1, 0)), layers.Cropping1D((0, 1))]
    return keras.Sequential([keras.Input((28, 1)), *moves, layers.Conv1D(1, 5, padding="causal")])


def no_padding():  # the row gets shorter -> the shape has to stay
    return keras.Sequential([keras.Input((28, 1)), layers.Conv1D(1, 5)])


def the_other_way():  # moved to the left -> to its right
    moves = [layers.ZeroPadding1D((0, 1)), layers.Cropping1D((1, 0))]
    return keras.Sequential([keras.Input((28, 1)), *moves, layers.Conv1D(1, 9, padding="causal")])


# %% 11.9 right
def by_softplus(model, optimizer, images):
    with tf.GradientTape() as tape:
        logits = model(images)[..., 0]
        loss = tf.reduce_sum(tf.nn.softplus(logits) - images * logits) / len(images)
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def by_the_model(model, optimizer, images):
    with tf.GradientTape() as tape:
        log_p = model.pixel.log_prob(model(images), images)
        loss = -tf.reduce_mean(tf.reduce_sum(log_p, axis=[1, 2, 3]))
    gradients = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(gradients, model.trainable_weights))
    return float(loss)


def by_keras(model, optimizer, images):
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        loss = entropy(images, model(images)[..., 0]) * images[0].numpy().size
    weights = model.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss.numpy()


# %% 11.9 wrong
def _step(loss_of, sign=1.0, updated=None):
    def step(model, optimizer, images):
        with tf.GradientTape() as tape:
            loss = sign * loss_of(images, model(images)[..., 0])
        weights = model.trainable_variables[updated] if updated else model.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return step


def _per_pixel(images, logits):
    return tf.nn.sigmoid_cross_entropy_with_logits(images, logits)


def mean_over_pixels(model, optimizer, images):  # a mean of all -> mean over the pixels
    return _step(lambda x, y: tf.reduce_mean(_per_pixel(x, y)))(model, optimizer, images)


def sum_over_all(model, optimizer, images):  # a sum of all -> a sum over the batch
    return _step(lambda x, y: tf.reduce_sum(_per_pixel(x, y)))(model, optimizer, images)


def uphill(model, optimizer, images):  # the log-likelihood as the loss -> the sign is wrong
    def loss_of(x, y):
        return tf.reduce_mean(tf.reduce_sum(_per_pixel(x, y), axis=(1, 2, 3)))

    return _step(loss_of, sign=-1.0)(model, optimizer, images)


def loss_only(model, optimizer, images):  # nothing applied -> no weight moved
    costs = _per_pixel(images, model(images)[..., 0])
    return tf.reduce_mean(tf.reduce_sum(costs, axis=(1, 2, 3)))


def first_network_only(model, optimizer, images):  # some weights -> not all of them
    def loss_of(x, y):
        return tf.reduce_mean(tf.reduce_sum(_per_pixel(x, y), axis=(1, 2, 3)))

    return _step(loss_of, updated=slice(0, 3))(model, optimizer, images)


def loss_of_the_next_step(model, optimizer, images):  # computed after the step -> where the loss is
    def loss_of(x, y):
        return tf.reduce_mean(tf.reduce_sum(_per_pixel(x, y), axis=(1, 2, 3)))

    _step(loss_of)(model, optimizer, images)
    return loss_of(images, model(images)[..., 0])


def probabilities_for_logits(model, optimizer, images):  # a sigmoid too many -> are logits
    def loss_of(x, y):
        return tf.reduce_mean(tf.reduce_sum(_per_pixel(x, tf.sigmoid(y)), axis=(1, 2, 3)))

    return _step(loss_of)(model, optimizer, images)


# %% 11.10 right
def by_logits(p, T):
    if T == 0:
        return (np.sign(p - 0.5) + 1) / 2
    with np.errstate(divide="ignore"):
        return 1 / (1 + np.exp(-(np.log(p) - np.log1p(-p)) / T))


def by_powers_of_the_ratio(p, T):
    if T == 0:
        return np.where(p > 0.5, 1.0, np.where(p < 0.5, 0.0, 0.5))
    larger = np.maximum(p, 1 - p)
    white, black = (p / larger) ** (1 / T), ((1 - p) / larger) ** (1 / T)
    return white / (white + black)


def as_a_list(p, T):
    found = []
    for one in p:
        if T == 0:
            found.append(0.5 if one == 0.5 else float(one > 0.5))
        else:
            found.append(one ** (1 / T) / (one ** (1 / T) + (1 - one) ** (1 / T)))
    return found


# %% 11.10 wrong
def not_rescaled(p, T):  # the powers do not sum to 1 -> sum to 1
    return p ** (1 / T) if T else (p > 0.5) * 1.0


def power_of_T(p, T):  # T instead of 1 / T -> 1/T
    return p**T / (p**T + (1 - p) ** T)


def half_is_black(p, T):  # the tie at 0 -> one half
    if T == 0:
        return (p > 0.5).astype(float)
    return p ** (1 / T) / (p ** (1 / T) + (1 - p) ** (1 / T))


def no_limit(p, T):  # T = 0 left as it is -> certain
    if T == 0:
        return p
    return p ** (1 / T) / (p ** (1 / T) + (1 - p) ** (1 / T))


# %% 11.11 right
def by_bits(n, nats):
    return n * (nats * np.log2(np.e)) / 8 / 1000


def by_math(n, nats):
    return n * nats / (8e3 * math.log(2))


def as_float32(n, nats):
    return np.float32(n) * np.float32(nats) / np.float32(8000 * np.log(2))


# %% 11.11 wrong
def nats_as_bits(n, nats):  # no log 2 -> nats are no bits
    return n * nats / 8000


def times_log_2(n, nats):  # multiplied -> divide by log 2
    return n * nats * np.log(2) / 8000


def kilobits(n, nats):  # no 8 -> a byte has 8 bits
    return n * nats / np.log(2) / 1000


def with_1024(n, nats):  # 1,024 bytes -> 1,000 bytes
    return n * nats / np.log(2) / 8 / 1024


# %% 11.12 right
"a, c"
"ca"
["a", "c"]

# %% 11.12 wrong
"a"  # one of two -> one more
"c"  # one of two -> why does
"a, c, e"  # picture and probability mixed up -> e:
"b, c"  # seen in training
"a, c, d"  # exact only in training -> d:
