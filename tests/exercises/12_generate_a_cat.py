# %% 12.1 right
def one_line(f, one_hot, gamma, beta):
    return (one_hot @ gamma) * ((f - f.mean(0)) / f.std(0)) + one_hot @ beta


def with_keras_epsilon(f, one_hot, gamma, beta):
    return (one_hot @ gamma) * (f - f.mean(axis=0)) / np.sqrt(f.var(axis=0) + 1e-3) + one_hot @ beta


def with_small_epsilon(f, one_hot, gamma, beta):
    return (one_hot @ gamma) * (f - f.mean(axis=0)) / (f.std(axis=0) + 1e-5) + one_hot @ beta


def in_tensorflow(f, one_hot, gamma, beta):
    mean, variance = tf.nn.moments(tf.constant(f), axes=[0])
    return (one_hot @ tf.constant(gamma)) * (f - mean) / tf.sqrt(variance) + one_hot @ beta


def in_float32(f, one_hot, gamma, beta):
    f, one_hot, gamma, beta = (x.astype("float32") for x in (f, one_hot, gamma, beta))
    return np.matmul(one_hot, gamma) * (f - f.mean(0)) / f.std(0) + np.matmul(one_hot, beta)


def image_by_image(f, one_hot, gamma, beta):
    normalized = (f - f.mean(axis=0)) / f.std(axis=0)
    return [row @ gamma * one + row @ beta for one, row in zip(normalized, one_hot)]


# %% 12.1 wrong
def not_normalized(f, one_hot, gamma, beta):  # forgets to normalize -> normalize first
    return (one_hot @ gamma) * f + one_hot @ beta


def only_normalized(f, one_hot, gamma, beta):  # no scale or shift -> the scale and the shift
    return (f - f.mean(axis=0)) / f.std(axis=0)


def by_the_variance(f, one_hot, gamma, beta):  # variance -> not by the variance
    return (one_hot @ gamma) * (f - f.mean(axis=0)) / f.var(axis=0) + one_hot @ beta


def by_argmax(f, one_hot, gamma, beta):  # whole labels only -> shares of several
    labels = one_hot.argmax(axis=1)
    return gamma[labels] * (f - f.mean(axis=0)) / f.std(axis=0) + beta[labels]


def tables_swapped(f, one_hot, gamma, beta):  # gamma for beta -> the other way round
    return (one_hot @ beta) * (f - f.mean(axis=0)) / f.std(axis=0) + one_hot @ gamma


def over_the_channels(f, one_hot, gamma, beta):  # layer normalization -> over the batch
    mean, deviation = f.mean(axis=1, keepdims=True), f.std(axis=1, keepdims=True)
    return (one_hot @ gamma) * (f - mean) / deviation + one_hot @ beta


def over_everything(f, one_hot, gamma, beta):  # one mean for all channels
    return (one_hot @ gamma) * (f - f.mean()) / f.std() + one_hot @ beta


def shift_inside(f, one_hot, gamma, beta):  # the scale multiplies the shift, too
    return (one_hot @ gamma) * ((f - f.mean(axis=0)) / f.std(axis=0) + one_hot @ beta)


def no_mean(f, one_hot, gamma, beta):  # does not subtract the mean
    return (one_hot @ gamma) * f / f.std(axis=0) + one_hot @ beta


def unbiased(f, one_hot, gamma, beta):  # n - 1 under the root
    return (one_hot @ gamma) * (f - f.mean(axis=0)) / f.std(axis=0, ddof=1) + one_hot @ beta


def no_shift(f, one_hot, gamma, beta):  # scale only
    return (one_hot @ gamma) * (f - f.mean(axis=0)) / f.std(axis=0)


def each_class_alone(f, one_hot, gamma, beta):  # the mean of each class of its own
    counts = one_hot.sum(axis=0)[:, None] + 1e-6
    means = one_hot @ (one_hot.T @ f / counts)
    deviations = np.sqrt(one_hot @ (one_hot.T @ (f - means) ** 2 / counts) + 1e-6)
    return (one_hot @ gamma) * (f - means) / deviations + one_hot @ beta


# %% 12.2 right
def concatenated(images, one_hot):
    planes = np.ones((*images.shape[:3], 1)) * one_hot[:, None, None, :]
    return np.concatenate([images, planes], axis=-1)


def repeated(images, one_hot):
    _, height, width, _ = images.shape
    planes = np.repeat(np.repeat(one_hot[:, None, None], height, axis=1), width, axis=2)
    return np.concatenate((images, planes), axis=3)


def tiled(images, one_hot):
    n, height, width, _ = images.shape
    planes = np.tile(one_hot.reshape(n, 1, 1, -1), (1, height, width, 1))
    return np.dstack(
        [images.reshape(n, -1, images.shape[3]), planes.reshape(n, height * width, -1)]
    )[:, :, :].reshape(n, height, width, -1)


def filled(images, one_hot):
    result = np.zeros((*images.shape[:3], images.shape[3] + one_hot.shape[1]), np.float32)
    result[..., : images.shape[3]] = images
    result[..., images.shape[3] :] = one_hot[:, None, None]
    return result


def of_tensors(images, one_hot):
    shape = (*images.shape[:3], one_hot.shape[1])
    planes = tf.broadcast_to(tf.constant(one_hot)[:, None, None, :], shape)
    return tf.concat([images, planes], axis=-1)


def in_keras(images, one_hot):
    planes = keras.ops.broadcast_to(
        keras.ops.reshape(one_hot, (len(one_hot), 1, 1, -1)), (*images.shape[:3], one_hot.shape[1])
    )
    return keras.ops.concatenate([images, planes], axis=-1)


# %% 12.2 wrong
def planes_alone(images, one_hot):  # drops the image -> the image's own channels are missing
    return np.broadcast_to(one_hot[:, None, None], (*images.shape[:3], one_hot.shape[1]))


def planes_first(images, one_hot):  # the wrong order -> the image's channels come first
    planes = np.broadcast_to(one_hot[:, None, None], (*images.shape[:3], one_hot.shape[1]))
    return np.concatenate([planes, images], axis=3)


def label_as_gray(images, one_hot):  # one plane with the number -> give each class a plane
    number = one_hot.argmax(axis=1)[:, None, None, None]
    return np.concatenate([images, np.ones_like(images[..., :1]) * number], axis=3)


def stripe(images, one_hot):  # the label in the first row only
    planes = np.zeros((*images.shape[:3], one_hot.shape[1]))
    planes[:, 0] = one_hot[:, None]
    return np.concatenate([images, planes], axis=3)


def corner(images, one_hot):  # the label in one pixel only
    planes = np.zeros((*images.shape[:3], one_hot.shape[1]))
    planes[:, 0, 0] = one_hot
    return np.concatenate([images, planes], axis=3)


def reshaped_badly(images, one_hot):  # the right numbers in the wrong places
    shape = (*images.shape[:3], one_hot.shape[1])
    planes = np.tile(one_hot, (1, shape[1] * shape[2])).reshape(len(images), shape[3], -1)
    planes = planes.reshape(len(images), shape[3], shape[1], shape[2]).transpose(0, 2, 3, 1)
    return np.concatenate([images, planes], axis=3)


def one_label_for_all(images, one_hot):  # the first image's label
    planes = np.broadcast_to(one_hot[0], (*images.shape[:3], one_hot.shape[1]))
    return np.concatenate([images, planes], axis=3)


def mixed_up_batch(images, one_hot):  # broadcasts the batch over the columns
    return np.concatenate([images, images[..., :1] * 0 + one_hot[None, None]], axis=3)


def under_the_image(images, one_hot):  # joined along the height
    planes = np.ones((*images.shape[:3], 1)) * one_hot[:, None, None]
    return np.concatenate([images, planes[..., : images.shape[3]]], axis=1)


def added(images, one_hot):  # adds instead of appending
    return images + one_hot.argmax(axis=1)[:, None, None, None]


# %% 12.3 right
def looped(h, labels, w, b, a):
    return [one @ w + b + a[label] @ one for one, label in zip(h, labels)]


def with_einsum(h, labels, w, b, a):
    return np.einsum("nm,nm->n", h, a[labels] + w) + b


def with_one_hot(h, labels, w, b, a):
    return h @ w + b + ((np.eye(len(a))[labels] @ a) * h).sum(axis=-1)


def all_pairs(h, labels, w, b, a):
    return h @ w + b + (h @ a.T)[np.arange(len(h)), labels]


def as_tensors(h, labels, w, b, a):
    picked = tf.gather(tf.constant(a), labels)
    return tf.linalg.matvec(tf.constant(h), tf.constant(w)) + b + tf.reduce_sum(picked * h, axis=1)


def in_single(h, labels, w, b, a):
    h, w, a = np.float32(h), np.float32(w), np.float32(a)
    return h @ w + np.float32(b) + (a[labels] * h).sum(axis=1)


# %% 12.3 wrong
def no_label(h, labels, w, b, a):  # any image -> the label is missing
    return h @ w + b


def label_alone(h, labels, w, b, a):  # this label -> the part for any image
    return (a[labels] * h).sum(axis=1)


def no_number(h, labels, w, b, a):  # forgets b -> the number b
    return h @ w + (a[labels] * h).sum(axis=1)


def sum_of_all(h, labels, w, b, a):  # sums over images -> one number for all
    return h @ w + b + (a[labels] * h).sum()


def mean_of_products(h, labels, w, b, a):  # mean for sum -> not their mean
    return h @ w + b + (a[labels] * h).mean(axis=1)


def row_alone(h, labels, w, b, a):  # a bias for each class -> multiply before you sum
    return h @ w + b + a[labels].sum(axis=1)


def wrong_axis(h, labels, w, b, a):  # sums over the batch
    return np.resize(h @ w + b, h.shape[1]) + (a[labels] * h).sum(axis=0)


def first_rows(h, labels, w, b, a):  # ignores the labels
    return h @ w + b + (a[np.arange(len(h)) % len(a)] * h).sum(axis=1)


def best_label(h, labels, w, b, a):  # the label that fits best
    return h @ w + b + (h @ a.T).max(axis=1)


def every_label(h, labels, w, b, a):  # a logit for each class
    return (h @ w + b)[:, None] + h @ a.T


# %% 12.4 right
from course_utils.models import gan_losses as losses


def generated_inside(g, d, optimizer, real, z, labels):
    rows = tf.one_hot(labels, 10)
    with tf.GradientTape() as tape:
        fake = g([z, rows], training=True)
        loss = losses.hinge_discriminator_loss(
            d([real, rows], training=True), d([fake, rows], training=True)
        )
    gradients = tape.gradient(loss, d.trainable_variables)
    optimizer.apply_gradients(zip(gradients, d.trainable_variables))


@tf.function
def compiled(g, d, optimizer, real, z, labels):
    rows = keras.ops.one_hot(labels, 10)
    fake = g([z, rows], training=True)
    with tf.GradientTape() as tape:
        on_fake = d([fake, rows], training=True)
        on_real = d([real, rows], training=True)
        loss = tf.reduce_mean(tf.nn.relu(1 - on_real)) + tf.reduce_mean(tf.nn.relu(1 + on_fake))
    optimizer.apply(tape.gradient(loss, d.trainable_weights), d.trainable_weights)
    return loss


def two_tapes(g, d, optimizer, real, z, labels):
    rows = tf.constant(np.eye(10, dtype="float32")[np.asarray(labels)])
    variables = d.trainable_variables
    fake = tf.stop_gradient(g([z, rows], training=True))
    with tf.GradientTape() as first:
        of_real = tf.reduce_mean(tf.maximum(0.0, 1 - d([real, rows], training=True)))
    with tf.GradientTape() as second:
        of_fake = tf.reduce_mean(tf.maximum(0.0, 1 + d([fake, rows], training=True)))
    pairs = zip(first.gradient(of_real, variables), second.gradient(of_fake, variables))
    optimizer.apply([one + other for one, other in pairs], variables)
    return of_real + of_fake


# %% 12.4 wrong
from course_utils.models import gan_losses as losses


def _update(
    loss=losses.hinge_discriminator_loss,
    to_generator=lambda rows: rows,
    to_real=lambda rows: rows,
    to_fake=lambda rows: rows,
    latents=lambda z: z,
    **mode,
):
    mode = mode or {"training": True}

    def update(g, d, optimizer, real, z, labels):
        rows = tf.one_hot(labels, 10)
        fake = g([latents(z), to_generator(rows)], **mode)
        with tf.GradientTape() as tape:
            value = loss(d([real, to_real(rows)], **mode), d([fake, to_fake(rows)], **mode))
        optimizer.apply(tape.gradient(value, d.trainable_variables), d.trainable_variables)
        return value

    return update


def _hinge(real, fake):
    return losses.hinge_discriminator_loss(real, fake)


_update(to_generator=tf.zeros_like)  # G is not told -> generator was not told
_update(to_real=tf.zeros_like, to_fake=tf.zeros_like)  # D is not told -> discriminator was not told
_update(to_real=tf.zeros_like)  # real images without a label -> of real images
_update(to_fake=tf.zeros_like)  # generated images without a label -> of generated images
_update(to_fake=lambda rows: tf.roll(rows, 1, axis=0))  # judges as another -> one-hot rows
_update(
    lambda real, fake: losses.hinge_generator_loss(fake)
)  # the other's loss -> generator's loss
_update(lambda real, fake: _hinge(fake, real))  # real for generated -> changed places
_update(lambda real, fake: -_hinge(real, fake))  # climbs the loss -> the sign is wrong
_update(lambda real, fake: _hinge(real, [[-9.0]]))  # half of it -> generated ones make no
_update(lambda real, fake: _hinge(real, fake) / 2)  # mean of both -> is half of
_update(training=False)  # without training=True -> training=True
_update(latents=lambda z: tf.random.normal(tf.shape(z)))  # draws other latents -> use the latents
_update(losses.minimax_discriminator_loss)  # the loss of lesson 05 -> another loss


def all_move(g, d, optimizer, real, z, labels):  # updates both -> weights also moved
    rows = tf.one_hot(labels, 10)
    with tf.GradientTape() as tape:
        fake = g([z, rows], training=True)
        loss = _hinge(d([real, rows], training=True), d([fake, rows], training=True))
    variables = g.trainable_variables + d.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


def in_one_call(g, d, optimizer, real, z, labels):  # one batch of both kinds -> one call
    rows = tf.one_hot(labels, 10)
    fake = g([z, rows], training=True)
    with tf.GradientTape() as tape:
        pairs = [tf.concat([real, fake], axis=0), tf.concat([rows, rows], axis=0)]
        loss = _hinge(*tf.split(d(pairs, training=True), 2))
    optimizer.apply(tape.gradient(loss, d.trainable_variables), d.trainable_variables)


def labels_of_its_own(g, d, optimizer, real, z, labels):  # generated images of other classes
    others = tf.one_hot(tf.random.uniform(tf.shape(labels), 0, 10, tf.int32), 10)
    return _update(to_generator=lambda rows: others, to_fake=lambda rows: others)(
        g, d, optimizer, real, z, labels
    )


def labels_as_they_are(g, d, optimizer, real, z, labels):  # no one-hot rows
    fake = g([z, labels], training=True)
    with tf.GradientTape() as tape:
        loss = _hinge(d([real, labels], training=True), d([fake, labels], training=True))
    optimizer.apply(tape.gradient(loss, d.trainable_variables), d.trainable_variables)


# %% 12.5 right
horse, giraffe = names.index("horse"), names.index("giraffe")
[0, 0, 0, 0, 0, 0, 0.25, 0.75, 0, 0]
0.75 * np.eye(10)[horse] + 0.25 * np.eye(10)[giraffe]
np.float32([3 * (label == horse) / 4 + (label == giraffe) / 4 for label in range(10)])
tf.one_hot(horse, 10) * 0.75 + tf.one_hot(giraffe, 10) * 0.25
(0, 0, 0, 0, 0, 0, 1 / 4, 3 / 4, 0, 0)

# %% 12.5 wrong
[0, 0, 0, 0, 0, 0, 0.75, 0.25, 0, 0]  # swapped -> mostly giraffe
[0, 0, 0, 0, 0, 0, 25, 75, 0, 0]  # percentages -> not percentages
[0, 0, 0, 0, 0, 0, 1, 1, 0, 0]  # both in full -> must sum to 1
[0, 0, 0, 0, 0, 0, 1, 3, 0, 0]  # parts of four -> must sum to 1
[0, 0, 0, 0, 0, 0, 0, 0.75, 0, 0]  # forgets the giraffe -> must sum to 1
[0, 0, 0, 0, 0, 0, 0.5, 0.5, 0, 0]  # half and half
[0, 0, 0, 0, 0, 0, 0, 0.25, 0.75, 0]  # counts from 1
[0.75, 0.25]  # the two shares alone -> shape (10,)
np.tile([0, 0, 0, 0, 0, 0, 0.25, 0.75, 0, 0], (12, 1))  # a row for each latent -> shape (10,)
[7] * 3 + [6]  # labels instead of shares -> shape (10,)

# %% 12.6 right
"c"
" C "
"(c)"
"c)"

# %% 12.6 wrong
"a"  # turns all alike -> among real cats on their heads
"b"  # the strongest change -> hides much
"d"  # turns seldom -> can count
"abcd"  # all of them

# %% 12.7 right
"d"
" D "
"(d)"
"d)"

# %% 12.7 wrong
"a"  # the discriminator won -> held-out images
"b"  # the generator overfitted -> as sharp as
"c"  # GANs are unstable -> all three seeds
"e"  # mode collapse -> the two dogs
"abcde"  # all of them

# %% 12.8 right
"c"
" C "
"(c)"
"c)"

# %% 12.8 wrong
"a"  # what is shipped already, with other steps -> a fifth of the other's steps
"b"  # compares losses -> its own opponent
"d"  # compares gaps -> by heart
"e"  # tunes one side only -> four tries against one
"abcde"  # all of them

# %% 12.9 right
"c"
" C "
"(c)"
"c)"

# %% 12.9 wrong
"a"  # trusts the smallest distances -> the one below it
"b"  # takes similar for the same -> outline by outline
"d"  # takes repeats for memory -> is collapse
"abcd"  # all of them
