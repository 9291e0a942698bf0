# Right and wrong answers to the exercises of lesson 05; tests/notebooks/register.py reads them.

# %% 05.1 right
np.log(on_real).mean() + np.log(1 - on_generated).mean()
np.float32(-1.06014)
tf.reduce_mean(tf.math.log(on_real)) + tf.reduce_mean(tf.math.log(1 - on_generated))
-1.06
0.5 * np.log(0.8 * 0.5 * 0.6 * 0.5)
# %% 05.1 wrong
np.log([0.8, 0.5, 0.6, 0.5]).mean()  # one mean over all four -> half of V
np.log([0.8, 0.5, 0.6, 0.5]).sum()  # sums -> not the sum
-np.log(on_real).mean() - np.log(1 - on_generated).mean()  # the loss of D -> minus V
np.log(on_real).mean() + np.log(on_generated).mean()  # D instead of 1 - D -> 1 - D
np.log(on_real).mean() - np.log(1 - on_generated).mean()  # the wrong second sign -> added
np.log(on_real).mean()  # only the first term -> real points only
np.log(1 - on_generated).mean()  # only the second term -> generated points only
np.log(on_real.mean()) + np.log(
    1 - on_generated.mean()
)  # the logarithm of means -> logarithms first
np.log10(on_real).mean() + np.log10(1 - on_generated).mean()  # logarithms to the base 10
np.log2(on_real).mean() + np.log2(1 - on_generated).mean()  # logarithms to the base 2
on_real.mean() - on_generated.mean()  # no logarithms
-1  # rounded to a whole number

# %% 05.2 right
"a, b, e"
"abe"
{"e", "a", "b"}
["A", "B", "E"]
"(a), (b) and (e)"
# %% 05.2 wrong
"a, b"  # the generator sees real points -> steps 5 and 6
"a, b, c, e"  # D right at the end -> easy to tell apart
"a, b, d, e"  # V is 0 at the end -> compute V
"a, b, c, d, e"  # all of them
"b, e"  # D is shown generated points only
"a, e"  # both are updated at once
"c, d"  # the two false ones

# %% 05.3 right
lambda p, q: p / (p + q)
lambda p, q: 1 / (1 + q / p)
lambda p, q: np.float32(1) - q / (p + q)
lambda p, q: 0.5 * p / ((p + q) / 2)
lambda p, q: tf.sigmoid(np.log(p / q))
# %% 05.3 wrong
lambda p, q: q / (p + q)  # the share of the generated points -> 1 - D*
lambda p, q: p / q  # the odds -> odds
lambda p, q: np.log(p / q)  # the log-odds -> logit
lambda p, q: 2 * p / (p + q)  # divided by the mean of both -> p / m
lambda p, q: p / (1 + q)  # a sigmoid of the densities
lambda p, q: 1 / (1 + np.exp(-(p - q)))  # a sigmoid of the difference
lambda p, q: p - q  # the difference
lambda p, q: p * (1 - q)  # real, and not generated
lambda p, q: p**2 / (p**2 + q**2)  # squares
lambda p, q: (p > q) * 1.0  # a decision -> no decision

# %% 05.4 right
lambda real, fake: np.logaddexp(0, -real).mean() + np.logaddexp(0, fake).mean()
lambda real, fake: tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))
lambda real, fake: float(np.mean(np.logaddexp(0, fake)) + np.mean(np.logaddexp(-real, 0)))


def in_float32(real, fake):
    real, fake = np.float32(real), np.float32(fake)
    return np.logaddexp(0, fake).mean() + (np.logaddexp(0, real) - real).mean()


# %% 05.4 wrong
log_of_sum = np.logaddexp
lambda real, fake: log_of_sum(0, -real).mean() - log_of_sum(0, fake).mean()  # a plus -> wrong sign
lambda real, fake: (
    log_of_sum(0, real).mean() + log_of_sum(0, -fake).mean()
)  # swapped -> swap the signs
lambda real, fake: log_of_sum(0, -real).mean()  # half of it -> generated points are missing
lambda real, fake: log_of_sum(0, fake).mean()  # the other half -> real points are missing
lambda real, fake: log_of_sum(0, -real).sum() + log_of_sum(0, fake).sum()  # sums -> not the sum
lambda real, fake: np.append(
    log_of_sum(0, -real), log_of_sum(0, fake)
).mean()  # one mean of all -> each set
lambda real, fake: (
    log_of_sum(0, -real.mean()) + log_of_sum(0, fake.mean())
)  # means inside -> each logit first
lambda real, fake: (
    -log_of_sum(0, -real).mean() - log_of_sum(0, fake).mean()
)  # the value -> that is V
lambda real, fake: (
    (log_of_sum(0, -real).mean() + log_of_sum(0, fake).mean()) / 2
)  # the mean of both terms
lambda real, fake: (
    log_of_sum(0, -real).mean() + log_of_sum(0, -fake).mean()
)  # the generated ones called real
lambda real, fake: np.logaddexp2(0, -real).mean() + np.logaddexp2(0, fake).mean()  # base 2
lambda real, fake: np.log(1 + np.exp(-real)).mean() + np.log(1 + np.exp(fake)).mean()  # overflow
lambda real, fake: fake.mean() - real.mean()  # the logits themselves
lambda real, fake: log_of_sum(1, -real).mean() + log_of_sum(1, fake).mean()  # 1 instead of exp(0)

# %% 05.5 right
"ab"
" AB "
"(ab)"
# %% 05.5 wrong
"ba"  # swapped -> swap them
"aa"  # both in the loss -> nobody looks at a logit
"bb"  # both in the divergence -> change of the loss


# %% 05.6 right
def taped(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        loss = gan_losses.non_saturating_generator_loss(discriminator(generator(latents)))
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def with_pairs_and_logarithms(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        fake = generator(latents, training=True)
        loss = -tf.reduce_mean(tf.math.log(tf.sigmoid(discriminator(fake, training=True))))
    gradients = tape.gradient(loss, generator.trainable_weights)
    optimizer.apply_gradients(zip(gradients, generator.trainable_weights, strict=True))


def with_cross_entropy(generator, discriminator, optimizer, latents):
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        logits = discriminator(generator(latents))
        loss = entropy(tf.ones_like(logits), logits)
    weights = generator.trainable_weights
    optimizer.apply(tape.gradient(loss, weights), weights)
    return float(loss)


@tf.function
def as_a_graph(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.softplus(-discriminator(generator(latents))))
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% 05.6 wrong
from course_utils.models import updates

non_saturating = gan_losses.non_saturating_generator_loss
lambda *given: updates.update_generator(
    *given, loss="minimax"
)  # minimax -> non-saturating one is asked for
lambda *given: updates.update_generator(*given, loss="hinge")  # hinge -> another loss, hinge
lambda *given: updates.update_generator(
    *given, loss="least_squares"
)  # least squares -> another loss


def ds_part(generator, discriminator, optimizer, latents):  # D's part -> found out
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.softplus(discriminator(generator(latents))))
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def a_sum(generator, discriminator, optimizer, latents):  # a sum -> sum over the batch
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.nn.softplus(-discriminator(generator(latents))))
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def upwards(generator, discriminator, optimizer, latents):  # upwards -> sign is wrong
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.math.log_sigmoid(discriminator(generator(latents))))
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def wrong_player(generator, discriminator, optimizer, latents):  # D learns -> discriminator's
    with tf.GradientTape() as tape:
        loss = non_saturating(discriminator(generator(latents)))
    weights = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def weights_of_both(generator, discriminator, optimizer, latents):  # weights of both -> also moved
    with tf.GradientTape() as tape:
        loss = non_saturating(discriminator(generator(latents)))
    weights = generator.trainable_variables + discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def one_layer(
    generator, discriminator, optimizer, latents
):  # the last layer only -> not all of them
    with tf.GradientTape() as tape:
        loss = non_saturating(discriminator(generator(latents)))
    weights = generator.trainable_variables[-2:]
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def no_step(generator, discriminator, optimizer, latents):  # no step -> no weight moved
    with tf.GradientTape() as tape:
        loss = non_saturating(discriminator(generator(latents)))
    tape.gradient(loss, generator.trainable_variables)
    return loss


def too_early(
    generator, discriminator, optimizer, latents
):  # made before the tape -> inside the tape
    fake = generator(latents)
    with tf.GradientTape() as tape:
        loss = non_saturating(discriminator(fake))
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def stopped_gradient(generator, discriminator, optimizer, latents):  # as in D's update
    with tf.GradientTape() as tape:
        loss = non_saturating(discriminator(tf.stop_gradient(generator(latents))))
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def own_latents(generator, discriminator, optimizer, latents):  # own latents -> latents that your
    latents = tf.random.normal(latents.shape)
    return updates.update_generator(
        generator, discriminator, optimizer, latents, loss="non_saturating"
    )


def own_optimizer(
    generator, discriminator, optimizer, latents
):  # another optimizer -> not by the optimizer
    optimizer = keras.optimizers.SGD(1.0)
    return updates.update_generator(
        generator, discriminator, optimizer, latents, loss="non_saturating"
    )


def two_steps(*given):  # two steps -> applied 2 times
    updates.update_generator(*given, loss="non_saturating")
    return updates.update_generator(*given, loss="non_saturating")


def loss_after(generator, discriminator, optimizer, latents):  # the loss afterwards -> returns
    updates.update_generator(generator, discriminator, optimizer, latents, loss="non_saturating")
    return non_saturating(discriminator(generator(latents)))


# %% 05.7 right
lambda x, a, b: a / (1 + np.exp(a @ x + b))
lambda x, a, b: [float(1 - tf.sigmoid(np.dot(a, x) + b)) * one for one in a]
lambda x, a, b: np.float32((1 - 1 / (1 + np.exp(-(x * a).sum() - b))) * a)


def by_differences(x, a, b):
    changes = [np.logaddexp(0, -(a @ (x + s * e) + b)) for e in np.eye(2) for s in (-1e-5, 1e-5)]
    return np.array([changes[0] - changes[1], changes[2] - changes[3]]) / 2e-5


# %% 05.7 wrong
from scipy.special import expit

lambda x, a, b: expit(a @ x + b) * a  # the minimax pull -> minimax arrow
lambda x, a, b: -(1 - expit(a @ x + b)) * a  # the gradient -> against it
lambda x, a, b: a  # no pull -> pull is missing
lambda x, a, b: 1 - expit(a @ x + b)  # the pull alone -> direction is missing
lambda x, a, b: (1 - expit(a * x + b)) * a  # a product by elements -> a @ x
lambda x, a, b: (1 - expit(a @ x)) * a  # without b -> a · x + b
lambda x, a, b: expit(a @ x + b) * (1 - expit(a @ x + b)) * a  # of D, not of log D -> gradient of D
lambda x, a, b: (1 - expit(a @ x + b)) * x  # along x
lambda x, a, b: a / np.linalg.norm(a)  # of length 1
lambda x, a, b: np.log(expit(a @ x + b))  # minus the loss itself

# %% 05.8 right
lambda p, m, r, k: int(((np.linalg.norm(p[:, None] - m, axis=2) <= r).sum(0) >= k).sum())
lambda p, m, r, k: (((p[None] - m[:, None]) ** 2).sum(2) <= r**2).sum(axis=1).__ge__(k).sum()
lambda p, m, r, k: tf.reduce_sum(
    tf.cast(np.sum(np.hypot(*(p[:, None] - m).transpose(2, 0, 1)) <= r, axis=0) >= k, tf.float32)
)


def in_loops(points, modes, radius, at_least):
    counts = [sum(np.linalg.norm(point - mode) <= radius for point in points) for mode in modes]
    return len([count for count in counts if count >= at_least])


# %% 05.8 wrong
lambda p, m, r, k: (
    (((p[:, None] - m) ** 2).sum(2) <= r).sum(0).__ge__(k).sum()
)  # no root -> squared
lambda p, m, r, k: (
    (np.linalg.norm(p[:, None] - m, axis=2) <= 2 * r).sum(0) >= k
).sum()  # twice the radius -> twice
lambda p, m, r, k: (
    (np.linalg.norm(p[:, None] - m, axis=2) <= r / 2).sum(0) >= k
).sum()  # a diameter
lambda p, m, r, k: ((np.abs(p[:, None] - m).sum(2) <= r).sum(0) >= k).sum()  # no squares -> adds
lambda p, m, r, k: (
    (np.abs(p[:, None] - m).max(2) <= r).sum(0) >= k
).sum()  # the largest difference -> a square around
lambda p, m, r, k: ((p[:, None] - m).max(2) <= r).sum(0).__ge__(k).sum()  # no absolute value
lambda p, m, r, k: ((np.linalg.norm(p[:, None] - m, axis=2) <= r).sum(1) >= k).sum()  # other axis
lambda p, m, r, k: (
    (np.linalg.norm(p[:, None] - m, axis=1) <= r).sum(0) >= k
).sum()  # norm over modes
lambda p, m, r, k: (np.linalg.norm(p[:, None] - m, axis=2) <= r).sum()  # points -> counts points
lambda p, m, r, k: (
    (np.linalg.norm(p[:, None] - m, axis=2) <= r).sum(0) > k
).sum()  # more than at_least -> use >=
lambda p, m, r, k: (
    (np.linalg.norm(p[:, None] - m, axis=2) <= r).any(0).sum()
)  # at_least is ignored -> a single point
lambda p, m, r, k: ((np.linalg.norm(p[:, None] - m, axis=2) <= r).sum(0) >= k).mean()  # a share
lambda p, m, r, k: (
    (np.linalg.norm(p[:, None] - m, axis=2) <= r).mean(0) >= k
).sum()  # shares counted


def nearest_only(points, modes, radius, at_least):  # a point counts for one mode alone
    distances = np.linalg.norm(points[:, None] - modes, axis=2)
    near = distances.min(axis=1) <= radius
    return (np.bincount(distances.argmin(axis=1)[near], minlength=len(modes)) >= at_least).sum()


# %% 05.9 right
def with_norm():
    point = keras.Input((2,))
    distance = keras.ops.norm(point, axis=1, keepdims=True)
    return keras.Model(point, networks.dense_discriminator(num_features=1)(distance))


def with_the_square():
    point = keras.Input(shape=(2,))
    squared = keras.ops.sum(point**2, axis=1, keepdims=True)
    return keras.Model(inputs=point, outputs=networks.dense_discriminator(1)(squared))


def with_layers_of_its_own():
    point = keras.Input((2,))
    x = keras.ops.sqrt(point[:, :1] ** 2 + point[:, 1:] ** 2)
    for _ in range(2):
        x = keras.layers.Dense(32, activation="gelu")(x)
    return keras.Model(point, keras.layers.Dense(1)(x))


def as_a_sequence():
    length = keras.layers.Lambda(lambda x: keras.ops.norm(x, axis=1, keepdims=True))
    judge = networks.dense_discriminator(num_features=1)
    return keras.Sequential([keras.Input((2,)), length, judge])


def without_keepdims():  # Keras adds the axis
    point = keras.Input((2,))
    distance = keras.ops.norm(point, axis=1)
    return keras.Model(point, networks.dense_discriminator(num_features=1)(distance))


# %% 05.9 wrong
networks.dense_discriminator  # sees all -> sees its direction


def first_coordinate():  # first coordinate -> sees its direction
    point = keras.Input((2,))
    return keras.Model(point, networks.dense_discriminator(num_features=1)(point[:, :1]))


def distance_as_a_third_number():  # besides the point -> sees its direction
    point = keras.Input((2,))
    distance = keras.ops.norm(point, axis=1, keepdims=True)
    seen = keras.ops.concatenate([point, distance], axis=1)
    return keras.Model(point, networks.dense_discriminator(num_features=3)(seen))


def sum_of_the_coordinates():  # sum of the coordinates -> sees its direction
    point = keras.Input((2,))
    total = keras.ops.sum(point, axis=1, keepdims=True)
    return keras.Model(point, networks.dense_discriminator(num_features=1)(total))


def direction_alone():  # the neighbor's exercise -> does not see the distance
    point = keras.Input((2,))
    direction = point / keras.ops.norm(point, axis=1, keepdims=True)
    return keras.Model(point, networks.dense_discriminator(num_features=2)(direction))


def norm_of_the_batch():  # no axis -> one logit for each point
    point = keras.Input((2,))
    distance = keras.ops.norm(point, keepdims=True)
    return keras.Model(point, networks.dense_discriminator(num_features=1)(distance))


def tensor_instead_of_a_model():  # tensor instead of a model -> return a keras.Model
    point = keras.Input((2,))
    distance = keras.ops.norm(point, axis=1, keepdims=True)
    return networks.dense_discriminator(num_features=1)(distance)


def sees_nothing():  # the distance times 0 -> sees nothing
    point = keras.Input((2,))
    distance = 0 * keras.ops.norm(point, axis=1, keepdims=True)
    return keras.Model(point, networks.dense_discriminator(num_features=1)(distance))


def two_logits():  # two logits -> one logit for each point
    point = keras.Input((2,))
    distance = keras.ops.norm(point, axis=1, keepdims=True)
    return keras.Model(point, keras.layers.Dense(2)(distance))


# %% 05.10 right
"c"
"C"
"(c)"
["c"]
# %% 05.10 wrong
"a"  # mode collapse -> spread out
"b"  # vanishing gradients -> near 0
"d"  # finished -> look at the picture
