# %% 07.1 right
def with_the_lesson_s_settings():
    sizes = dict(height=28, width=28, channels=1, num_images=60_000, num_epochs=3)
    return dict(np=np, batch_size=BATCH_SIZE, latent_size=LATENT_SIZE, **sizes)


def from_the_images_themselves():
    num_images, height, width, channels = images.shape
    batch_size, latent_size, num_epochs = 32, 2, 1
    names = {"num_images": num_images, "height": height, "width": width, "channels": channels}
    return names | {
        "np": np,
        "batch_size": batch_size,
        "latent_size": latent_size,
        "num_epochs": num_epochs,
    }


def with_its_own_import():
    import numpy

    values = [128, 1, 28, 100, numpy, 50, 1000, 28]
    return dict(zip(script.undefined_names(script.SCRIPT), values))


def as_numpy_s_whole_numbers():
    sizes = np.array([64, 1, 28, 16, 10, 1000, 28])
    names = ["batch_size", "channels", "height", "latent_size", "num_epochs", "num_images", "width"]
    return {"np": np, **dict(zip(names, sizes))}


# %% 07.1 wrong
_all = {"np": np, "num_images": 1000, "height": 28, "width": 28, "channels": 1}
_all |= {"batch_size": 64, "latent_size": 16, "num_epochs": 10}


def np_forgotten():  # np forgotten -> `np` is still undefined
    return {name: value for name, value in _all.items() if name != "np"}


def only_the_first():  # only the name of the error -> 7 of 8
    return {"num_epochs": 10}


def np_as_text():  # np as text -> the module NumPy itself
    return _all | {"np": "numpy"}


def three_channels():  # three channels -> (28, 28, 1)
    return _all | {"channels": 3}


def other_side():  # the side of other images -> Fashion-MNIST's are
    return _all | {"height": 32, "width": 32}


def names_only():  # names only -> let it return a dict
    return list(_all)


def sizes_as_text():  # sizes as text -> has to be a whole number
    return {name: value if name == "np" else str(value) for name, value in _all.items()}


def batch_of_more_than_all():  # a batch of more than all -> batch_size is larger
    return _all | {"batch_size": 2000}


def all_images_there_are():  # training and test images -> 60,000
    return _all | {"num_images": 70_000}


def one_too_many():  # a name that is defined -> `bce` is not missing
    return _all | {"bce": keras.losses.BinaryCrossentropy()}


def share_of_an_epoch():  # half an epoch -> whole number
    return _all | {"num_epochs": 0.5}


# %% 07.2 right
layers = keras.layers


def _generator(last="tanh"):
    network = [keras.Input((16,)), layers.Dense(7 * 7 * 8), layers.Reshape((7, 7, 8))]
    network += [layers.Conv2DTranspose(4, 4, strides=2, padding="same", activation="relu")]
    return [*network, layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation=last)]


def the_course_s():
    return networks.generator(), networks.discriminator()


def a_dense_generator_and_pooling():
    generator = keras.Sequential()
    generator.add(keras.Input((16,)))
    generator.add(layers.Dense(784, activation="tanh"))
    generator.add(layers.Reshape((28, 28, 1)))
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(8, 5, activation="relu")(image)
    return generator, keras.Model(image, layers.Dense(1)(layers.GlobalAveragePooling2D()(x)))


def without_inputs_and_with_dropout():
    judge = [layers.Conv2D(4, 3, strides=2), layers.LeakyReLU(0.2), layers.Dropout(0.3)]
    judge += [layers.Flatten(), layers.Dense(1)]
    return [keras.Sequential(_generator()[1:]), keras.Sequential(judge)]


def tanh_as_a_layer_and_normalized():
    judge = [keras.Input((28, 28, 1)), layers.Conv2D(4, 4, strides=4), layers.BatchNormalization()]
    judge += [layers.ReLU(), layers.Conv2D(1, 7), layers.Flatten()]
    return keras.Sequential([*_generator(None), layers.Activation("tanh")]), keras.Sequential(judge)


# %% 07.2 wrong
layers = keras.layers


def _generator(last="tanh", latents=16, side=7):
    network = [
        keras.Input((latents,)),
        layers.Dense(side * side * 8),
        layers.Reshape((side, side, 8)),
    ]
    network += [layers.Conv2DTranspose(4, 4, strides=2, padding="same", activation="relu")]
    network += [layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation=last)]
    return keras.Sequential(network)


def _discriminator(last=None, outputs=1, flat=True):
    network = [keras.Input((28, 28, 1)), layers.Conv2D(4, 4, strides=2), layers.LeakyReLU(0.2)]
    network += [layers.Flatten()] if flat else []
    return keras.Sequential([*network, layers.Dense(outputs, activation=last)])


def still_empty():  # still empty -> the generator still has no layers
    return keras.Sequential(), keras.Sequential()


def swapped():  # swapped -> in the wrong order
    return _discriminator(), _generator()


def sigmoid_at_the_generator_s_end():  # sigmoid at the generator's end -> no value below 0
    return _generator("sigmoid"), _discriminator()


def no_end_at_all():  # no activation at the end -> leave [-1, 1]
    return _generator(None), _discriminator()


def sigmoid_at_the_discriminator_s_end():  # sigmoid at the end -> bends its logits
    return _generator(), _discriminator("sigmoid")


def tanh_at_the_discriminator_s_end():  # tanh at the discriminator's end -> bends its logits
    return _generator(), _discriminator("tanh")


def relu_at_the_discriminator_s_end():  # relu at the discriminator's end -> bends its logits
    return _generator(), _discriminator("relu")


def two_logits():  # two logits -> one logit for each image
    return _generator(), _discriminator(outputs=2)


def not_flattened():  # not flattened -> one logit for each image
    return _generator(), _discriminator(flat=False)


def hundred_latents():  # a hundred latents -> does not take latents
    return _generator(latents=100), _discriminator()


def larger_images():  # larger images -> (32, 32, 1)
    return _generator(side=8), _discriminator()


def no_convolution():  # no convolution -> no convolution
    network = [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(9, "relu")]
    return _generator(), keras.Sequential([*network, layers.Dense(1)])


def the_generator_alone():  # the generator alone -> return two networks
    return _generator()


def lists_of_layers():  # lists of layers -> is a list
    return [layers.Dense(784)], [layers.Conv2D(4, 4), layers.Flatten(), layers.Dense(1)]


def channels_first():  # channels first -> does not take images
    network = [keras.Input((1, 28, 28)), layers.Conv2D(4, 1), layers.Flatten()]
    return _generator(), keras.Sequential([*network, layers.Dense(1)])


# %% 07.3 right
def those_of_the_setup():
    return images


def for_tanh():
    return images[:1000] / np.float32(127.5) - 1


def one_batch_of_a_dataset():
    return next(iter(data.make_dataset(images, batch_size=64, seed=1)))


def a_whole_dataset():
    return data.make_dataset(images, batch_size=64, seed=1)


def a_random_choice_channels_first():
    chosen = np.random.default_rng().choice(len(images), 200, replace=False)
    return np.moveaxis(images[chosen], -1, 1) / 255


def as_a_tensor():
    return tf.cast(images[:256], tf.float16)


# %% 07.3 wrong
def noise():  # noise -> that is still noise
    return np.random.normal(size=(100, 28, 28, 1))


def uniform_noise_as_pixels():  # noise as pixels -> that is still noise
    return np.random.default_rng(0).integers(0, 256, (100, 28, 28, 1), dtype=np.uint8)


def with_labels():  # with labels -> return the images alone
    return data.load_images("fashion_mnist", split="train")


def labels_alone():  # labels alone -> the labels
    return labels


def the_test_images():  # the test images -> test images
    return data.load_images("fashion_mnist", split="test")[0]


def a_few():  # a few -> less than a batch
    return images[:12]


def flat():  # flat rows -> (n, 28, 28, 1)
    return images.reshape(len(images), 784)


def the_same_again_and_again():  # the same again and again -> are the same
    return np.repeat(images[:1], 100, axis=0)


def mean_images():  # blurred -> no training images
    return (images[:100] / 2 + images[100:200] / 2).astype(np.float32)


def upside_down():  # turned around -> no training images
    return images[:100, ::-1]


def by_its_name():  # a name -> not (n, 28, 28, 1)
    return np.zeros((100, 3))


# %% 07.4 right
def by_numpy(count):
    return np.random.normal(size=(count, 16))


def by_a_new_generator_without_a_seed(count):
    return np.random.default_rng().standard_normal((count, 16), dtype=np.float32)


_random = np.random.default_rng(0)


def by_a_generator_from_outside(count):
    return _random.standard_normal((count, LATENT_SIZE))


def by_keras(count):
    return keras.random.normal((count, 16))


def row_by_row(count):
    return np.array([np.random.randn(16) for _ in range(count)])


# %% 07.4 wrong
def seeded_inside(count):  # a seed inside -> same latents at each call
    return np.random.default_rng(0).standard_normal((count, 16))


def seeded_by_tensorflow(count):  # a stateless draw -> same latents at each call
    return tf.random.stateless_normal((count, 16), seed=(0, 0))


def zeros(count):  # zeros -> same latents at each call
    return np.zeros((count, 16))


def uniform(count):  # uniform -> that of a standard normal is 0
    return np.random.uniform(size=(count, 16))


def uniform_around_zero(count):  # uniform around 0 -> instead of 1
    return np.random.uniform(-1, 1, size=(count, 16))


def uniform_of_the_right_spread(count):  # uniform with spread 1 -> not normal
    return np.random.uniform(-(3**0.5), 3**0.5, size=(count, 16))


def truncated(count):  # truncated at 2 -> instead of 1
    return tf.random.truncated_normal((count, 16))


def one_row_for_all(count):  # one latent for all -> repeats it
    return np.tile(np.random.normal(size=(1, 16)), (count, 1))


def one_number_a_row(count):  # one number for all 16 -> repeats it
    return np.tile(np.random.normal(size=(count, 1)), (1, 16))


def four_axes(count):  # an image of noise -> has the shape
    return np.random.normal(size=(count, 16, 1, 1))


def transposed(count):  # transposed -> has the shape
    return np.random.normal(size=(16, count))


def one_latent(count):  # a single latent -> has the shape
    return np.random.normal(size=16)


def of_spread_two(count):  # variance and deviation confused -> instead of 1
    return np.random.normal(0, 2, size=(count, 16))


def running_sums(count):  # neighbors depend -> depend on each other
    steps = np.random.normal(size=(count, 17))
    return (steps[:, 1:] + steps[:, :-1]) / 2**0.5


# %% 07.5 right
def by_transpose(images):
    return np.transpose(images, (0, 2, 3, 1))


def by_einsum(images):
    return np.einsum("nchw->nhwc", images)


def by_stacking_channels(images):
    return np.stack([images[:, c] for c in range(images.shape[1])], axis=-1)


def by_two_swaps(images):
    return np.swapaxes(np.swapaxes(images, 1, 2), 2, 3)


def by_tensorflow(images):
    return tf.transpose(images, [0, 2, 3, 1])


def by_rollaxis(images):
    return np.rollaxis(images, 1, 4)


# %% 07.5 wrong
def reshaped(images):  # reshaped -> scrambled
    n, c, h, w = images.shape
    return images.reshape(n, h, w, c)


def swapped_axes(images):  # swapped -> height and width have changed places
    return images.swapaxes(1, 3)


def the_other_way(images):  # the other way -> the way back
    return np.moveaxis(images, 3, 1)


def all_axes_turned(images):  # all axes turned -> images have to stay first
    return images.T


def by_tensorflow_s_default(images):  # no permutation -> images have to stay first
    return tf.transpose(images)


def images_moved(images):  # axis 0 moved -> axis 0 counts the images
    return np.moveaxis(images, 0, 3)


def first_channel(images):  # one channel only -> first channel only
    return images[:, 0][..., np.newaxis]


def mean_of_channels(images):  # mean of the channels -> into one
    return images.mean(1, keepdims=True).transpose(0, 2, 3, 1)


def unchanged(images):  # unchanged -> nothing has moved
    return images


def squeezed(images):
    return images.squeeze()


def fixed_sides(images):  # sides of 28 -> raised
    return images.reshape(-1, 28, 28, 1)


def axes_two_and_three(images):
    return images.transpose(0, 3, 2, 1)[..., ::-1]


# %% 07.6 right
def with_apply_gradients(network, loss_function, optimizer):
    with tf.GradientTape() as tape:
        loss = loss_function()
    gradients = tape.gradient(loss, network.trainable_weights)
    optimizer.apply_gradients(zip(gradients, network.trainable_weights))
    return loss


def with_the_tape_s_own_choice(network, loss_function, optimizer):
    weights = network.trainable_variables
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for weight in weights:
            tape.watch(weight.value)
        value = loss_function()
    optimizer.apply(tape.gradient(value, [weight.value for weight in weights]), weights)
    return float(value)


@tf.function
def as_a_graph(network, loss_function, optimizer):
    with tf.GradientTape() as tape:
        loss = loss_function()
    optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
    return loss


def returning_nothing(network, loss_function, optimizer):
    with tf.GradientTape(persistent=True) as tape:
        loss = 1.0 * loss_function()
    weights = network.trainable_variables
    optimizer.apply([tape.gradient(loss, weight) for weight in weights], weights)


# %% 07.6 wrong
def outside_the_tape(network, loss_function, optimizer):  # outside the tape -> inside the tape
    loss = loss_function()
    with tf.GradientTape() as tape:
        pass
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def as_the_script(network, loss_function, optimizer):  # minimize -> minimize
    loss = loss_function()
    optimizer.minimize(loss, var_list=network.trainable_variables)
    return loss


def all_that_the_tape_saw(network, loss_function, optimizer):  # all weights -> other network
    with tf.GradientTape() as tape:
        loss = loss_function()
    weights = tape.watched_variables()
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


def upwards(network, loss_function, optimizer):  # upwards -> sign
    with tf.GradientTape() as tape:
        loss = -loss_function()
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return -loss


def by_hand(network, loss_function, optimizer):  # without the optimizer -> not by the optimizer
    with tf.GradientTape() as tape:
        loss = loss_function()
    weights = network.trainable_variables
    for weight, gradient in zip(weights, tape.gradient(loss, weights)):
        weight.assign_sub(0.01 * gradient)
    return loss


def never_applied(network, loss_function, optimizer):  # never applied -> no weight moved
    with tf.GradientTape() as tape:
        loss = loss_function()
    tape.gradient(loss, network.trainable_variables)
    return loss


def two_steps(network, loss_function, optimizer):  # two steps -> applied 2 times
    for _ in range(2):
        with tf.GradientTape() as tape:
            loss = loss_function()
        weights = network.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def loss_after_the_step(network, loss_function, optimizer):  # loss after it -> the loss is
    with tf.GradientTape() as tape:
        loss = loss_function()
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss_function()


def its_own_optimizer(network, loss_function, optimizer):  # another optimizer -> not by the optim
    with tf.GradientTape() as tape:
        loss = loss_function()
    weights = network.trainable_variables
    keras.optimizers.Adam().apply(tape.gradient(loss, weights), weights)
    return loss


def last_layer_s_bias_only(network, loss_function, optimizer):  # one weight only -> not all
    with tf.GradientTape() as tape:
        loss = loss_function()
    weights = network.trainable_variables[-1:]
    optimizer.apply(tape.gradient(loss, network.trainable_variables[-1:]), weights)
    return loss


def not_called(network, loss_function, optimizer):  # not called -> raised
    with tf.GradientTape() as tape:
        loss = loss_function
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


# %% 07.7 right
def two_rates():
    return keras.optimizers.Adam(1e-4, beta_1=0.5), keras.optimizers.Adam(4e-4, beta_1=0.5)


def of_two_kinds():
    return [keras.optimizers.SGD(0.1), keras.optimizers.RMSprop(1e-3)]


def in_a_loop():
    return [tf.keras.optimizers.Adam() for _ in range(2)]


def a_copy():
    first = keras.optimizers.Adam(0.002)
    return first, keras.optimizers.Adam.from_config(first.get_config())


# %% 07.7 wrong
def one_for_both():  # one for both -> one and the same
    adam = keras.optimizers.Adam()
    return adam, adam


def times_two():  # a list times two -> one and the same
    return [keras.optimizers.Adam()] * 2


def one_only():  # one only -> that is one optimizer
    return keras.optimizers.Adam()


def names():  # names -> a str
    return "adam", "adam"


def classes():  # classes -> call it
    return keras.optimizers.Adam, keras.optimizers.Adam


def three():  # three -> return two optimizers
    return [keras.optimizers.Adam() for _ in range(3)]


def rate_of_zero():  # a rate of 0 -> moves nothing
    return keras.optimizers.Adam(1e-3), keras.optimizers.SGD(0.0)


def rates():  # rates only -> a float
    return 1e-3, 1e-3


def by_the_old_name():  # lr -> raised
    return keras.optimizers.Adam(lr=1e-3), keras.optimizers.Adam(lr=1e-3)


# %% 07.8 right
def two_calls(discriminator, real, fake):
    return discriminator(real), discriminator(fake)


def one_call(discriminator, real, fake):
    both = discriminator(tf.concat([real, fake], axis=0))
    return both[: len(real)], both[len(real) :]


def flat_and_as_arrays(discriminator, real, fake):
    return [np.asarray(discriminator(some, training=False))[:, 0] for some in (real, fake)]


def by_predict(discriminator, real, fake):
    real_logits = discriminator.predict(real, verbose=0)
    fake_logits = discriminator.predict(fake, verbose=0)
    return real_logits, fake_logits


# %% 07.8 wrong
_bce = keras.losses.BinaryCrossentropy(from_logits=True)


def losses(discriminator, real, fake):  # losses -> is a loss
    real_loss, fake_loss = discriminator(real), discriminator(fake)
    real_loss = _bce(tf.ones_like(real_loss), real_loss)
    fake_loss = _bce(tf.zeros_like(fake_loss), fake_loss)
    return real_loss, fake_loss


def half_overwritten(discriminator, real, fake):  # one overwritten -> is a loss
    real_logits, fake_logits = discriminator(real), discriminator(fake)
    real_logits = _bce(tf.ones_like(real_logits), real_logits)
    return real_logits, fake_logits


def probabilities(discriminator, real, fake):  # probabilities -> leave the sigmoid
    return tf.sigmoid(discriminator(real)), tf.sigmoid(discriminator(fake))


def swapped(discriminator, real, fake):  # swapped -> changed places
    return discriminator(fake), discriminator(real)


def cut_in_halves(discriminator, real, fake):  # cut in halves -> shape (4,)
    both = discriminator(tf.concat([real, fake], axis=0))
    return both[:4], both[4:]


def all_in_one(discriminator, real, fake):  # one array -> return two things
    return discriminator(tf.concat([real, fake], axis=0))


def real_twice(discriminator, real, fake):  # real twice -> for 3 generated images
    return discriminator(real), discriminator(real)


def means(discriminator, real, fake):  # means -> is a loss or a mean
    return tf.reduce_mean(discriminator(real)), tf.reduce_mean(discriminator(fake))


def a_loss_and_logits(discriminator, real, fake):  # a third thing -> return two things
    real_logits, fake_logits = discriminator(real), discriminator(fake)
    return gan_losses.minimax_discriminator_loss(real_logits, fake_logits), real_logits, fake_logits


def decisions(discriminator, real, fake):  # decisions -> other numbers
    return tf.cast(discriminator(real) > 0, tf.float32), tf.cast(
        discriminator(fake) > 0, tf.float32
    )


def minus_for_generated(discriminator, real, fake):  # the sign changed -> other numbers
    return discriminator(real), -discriminator(fake)


# %% 07.9 right
def by_softplus(real_logits):
    return tf.reduce_mean(tf.math.softplus(-real_logits))


def by_logaddexp(real_logits):
    return np.logaddexp(0, -real_logits).mean()


def by_tensorflow(real_logits):
    ones = tf.ones_like(real_logits)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(ones, real_logits))


def by_the_function_of_keras(real_logits):
    losses = keras.losses.binary_crossentropy(
        np.ones_like(real_logits), real_logits, from_logits=True
    )
    return np.mean(losses)


def by_the_generator_s(real_logits):
    return gan_losses.non_saturating_generator_loss(real_logits)


# %% 07.9 wrong
_bce = keras.losses.BinaryCrossentropy(from_logits=True)


def loss_of_the_loss(real_logits):  # a loss of a loss -> loss of a loss
    real_loss = _bce(tf.ones_like(real_logits), real_logits)
    return _bce([1.0], [real_loss])


def loss_of_each_loss(real_logits):  # a loss of each loss -> loss of a loss
    return tf.reduce_mean(tf.math.softplus(-tf.math.softplus(-real_logits)))


def sigmoid_before(real_logits):  # sigmoid before -> applied twice
    return _bce(tf.ones_like(real_logits), tf.sigmoid(real_logits))


def target_zero(real_logits):  # target 0 -> target 0
    return _bce(tf.zeros_like(real_logits), real_logits)


def not_from_logits(real_logits):  # logits as probabilities -> from_logits=True
    return keras.losses.BinaryCrossentropy()(tf.ones_like(real_logits), real_logits)


def swapped_arguments(real_logits):  # swapped arguments -> target comes first
    return _bce(real_logits, tf.ones_like(real_logits))


def sum_of_all(real_logits):  # a sum -> not the sum
    return np.logaddexp(0, -real_logits).sum()


def not_averaged(real_logits):  # not averaged -> take the mean
    return tf.nn.sigmoid_cross_entropy_with_logits(tf.ones_like(real_logits), real_logits)


def reduction_none(real_logits):  # one for each image -> take the mean
    bce = keras.losses.BinaryCrossentropy(from_logits=True, reduction="none")
    return bce(tf.ones_like(real_logits), real_logits)


def wrong_sign(real_logits):  # the sign -> sign
    return np.mean(-np.logaddexp(0, -real_logits))


def mean_logit_first(real_logits):  # mean first -> cross-entropy first
    return np.logaddexp(0, -real_logits.mean())


def by_log_of_sigmoid(real_logits):  # log 0 -> log 0 is infinite
    return -tf.reduce_mean(tf.math.log(tf.sigmoid(tf.cast(real_logits, tf.float32))))


def probability(real_logits):  # the mean probability -> -log is missing
    return tf.reduce_mean(tf.sigmoid(real_logits))


def mean_logit(real_logits):  # the logit -> cross-entropy is missing
    return -real_logits.mean()


# %% 07.10 right
updates_of = updates.update_discriminator


def of_the_package(generator, discriminator, optimizer, real, latents):
    return updates_of(generator, discriminator, optimizer, real, latents, loss="non_saturating")


def images_inside_the_tape(generator, discriminator, optimizer, real, latents):
    bce = keras.losses.BinaryCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        real_logits = discriminator(real, training=True)
        loss = bce(tf.ones_like(real_logits), real_logits)
        loss += bce(tf.zeros_like(fake_logits), fake_logits)
    weights = discriminator.trainable_weights
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


@tf.function
def by_softplus_in_a_graph(generator, discriminator, optimizer, real, latents):
    fake = tf.stop_gradient(generator(latents, training=True))
    with tf.GradientTape() as tape:
        on_real = tf.reduce_mean(tf.math.softplus(-discriminator(real, training=True)))
        on_fake = tf.reduce_mean(tf.math.softplus(discriminator(fake, training=True)))
        loss = on_real + on_fake
    weights = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def two_gradients_added(generator, discriminator, optimizer, real, latents):
    fake, weights = generator(latents, training=True), discriminator.trainable_variables
    with tf.GradientTape(persistent=True) as tape:
        on_real = tf.reduce_mean(tf.math.softplus(-discriminator(real, training=True)))
        on_fake = tf.reduce_mean(tf.math.softplus(discriminator(fake, training=True)))
    both = [tape.gradient(one, weights) for one in (on_real, on_fake)]
    optimizer.apply([a + b for a, b in zip(*both)], weights)
    return on_real + on_fake


# %% 07.10 wrong
def _with_loss(loss, network=1, fake_training=True, training=True):
    def update(generator, discriminator, optimizer, real, latents):
        with tf.GradientTape() as tape:
            fake = generator(latents, training=fake_training)
            real_logits = discriminator(real, training=training)
            value = loss(real_logits, discriminator(fake, training=training))
        weights = (generator, discriminator)[network].trainable_variables
        optimizer.apply(tape.gradient(value, weights), weights)
        return value

    return update


_minimax, _plus = gan_losses.minimax_discriminator_loss, tf.math.softplus
_with_loss(lambda real, fake: tf.reduce_mean(_plus(-real)))  # real only -> generated ones
_with_loss(lambda real, fake: tf.reduce_mean(_plus(fake)))  # generated only -> real ones
_with_loss(lambda real, fake: _minimax(fake, real))  # swapped -> changed places
_with_loss(lambda real, fake: -_minimax(real, fake))  # upwards -> sign
_with_loss(lambda real, fake: _minimax(real, fake) / 2)  # mean of both -> half
_with_loss(gan_losses.hinge_discriminator_loss)  # lesson 06's loss -> hinge
_with_loss(_minimax, network=0)  # the generator moves -> only the discriminator's
_with_loss(_minimax, training=False)  # in inference -> training=True
_with_loss(_minimax, fake_training=False)  # generator in inference -> training=True


def real_judged_twice(  # real judged twice -> `latents` holds makes no difference
    generator, discriminator, optimizer, real, latents
):
    with tf.GradientTape() as tape:
        logits = discriminator(real, training=True)
        loss = _minimax(logits, logits)
    weights = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def in_one_call(generator, discriminator, optimizer, real, latents):  # one call -> in one call
    both = tf.concat([real, generator(latents, training=True)], axis=0)
    with tf.GradientTape() as tape:
        loss = _minimax(*tf.split(discriminator(both, training=True), 2))
    weights = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def judged_outside(  # judged outside the tape -> inside the tape
    generator, discriminator, optimizer, real, latents
):
    fake = generator(latents, training=True)
    real_logits = discriminator(real, training=True)
    fake_logits = discriminator(fake, training=True)
    with tf.GradientTape() as tape:
        loss = _minimax(real_logits, fake_logits)
    weights = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def latents_judged(generator, discriminator, optimizer, real, latents):  # latents judged -> raised
    with tf.GradientTape() as tape:
        loss = _minimax(discriminator(real, training=True), discriminator(latents, training=True))
    weights = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


# %% 07.11 right
def by_softplus(fake_logits):
    return tf.reduce_mean(tf.math.softplus(fake_logits))


def by_numpy(fake_logits):
    return np.logaddexp(0, fake_logits).mean()


def by_tensorflow_s_cross_entropy(fake_logits):
    targets = tf.zeros_like(fake_logits)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(targets, fake_logits))


def by_log_sigmoid(fake_logits):
    return -tf.reduce_mean(tf.math.log_sigmoid(-fake_logits))


def with_keras_s_function(fake_logits):
    costs = keras.losses.binary_crossentropy(
        np.zeros_like(fake_logits), fake_logits, from_logits=True
    )
    return np.mean(costs)


# %% 07.11 wrong
def as_in_the_script(fake_logits):  # as in the script -> double negation is still there
    return bce(tf.zeros_like(fake_logits), 1 - fake_logits)


def target_one(fake_logits):  # target 1 -> calls generated images real
    return bce(tf.ones_like(fake_logits), fake_logits)


def minus_the_logits(fake_logits):  # target 0 for minus the logits -> calls generated images real
    return bce(tf.zeros_like(fake_logits), -fake_logits)


def negated_probability(fake_logits):  # target 0 for 1 - D -> the target 1
    probabilities = tf.cast(tf.sigmoid(fake_logits), tf.float64)
    return -tf.reduce_mean(tf.math.log(1 - (1 - probabilities)))


def naive(fake_logits):  # the formula as it stands -> infinite at logit 100
    return -np.log(1 - 1 / (1 + np.exp(-fake_logits))).mean()


def clipped(fake_logits):  # from_logits=False -> Keras clips
    fake = tf.sigmoid(fake_logits)
    return keras.losses.BinaryCrossentropy()(tf.zeros_like(fake), fake)


def two_times_sigmoid(fake_logits):  # sigmoid and from_logits -> through a sigmoid first
    return bce(tf.zeros_like(fake_logits), tf.sigmoid(fake_logits))


def value(fake_logits):  # log(1 - D) -> a loss has a minus
    return -tf.reduce_mean(tf.math.softplus(fake_logits))


def total(fake_logits):  # a sum -> not the sum
    return np.logaddexp(0, fake_logits).sum()


def each(fake_logits):  # no mean -> one number
    return np.logaddexp(0, fake_logits)


def of_the_mean(fake_logits):  # the mean first -> first, then the mean
    return np.logaddexp(0, fake_logits.mean())


# %% 07.12 right
def linear():
    return "linear", True


def a_list():
    return [None, True]


def a_function():
    return keras.activations.linear, 1


# %% 07.12 wrong
def one_sigmoid():  # one sigmoid, from_logits=False -> rounded to 1
    return "sigmoid", False


def both():  # sigmoid twice -> a second time
    return "sigmoid", True


def none_at_all():  # no sigmoid at all -> for a probability
    return None, False


def swapped():  # swapped -> activation comes first
    return True, None


def tanh():  # tanh and from_logits -> a second time
    return "tanh", True


def the_activation_only():  # the activation only -> expected a pair
    return "linear"


# %% 07.13 right
updates_generator = updates.update_generator


def by_apply_gradients(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        fake = generator(latents, training=True)
        loss = gan_losses.non_saturating_generator_loss(discriminator(fake, training=True))
    weights = generator.trainable_weights
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return loss


@tf.function
def as_a_graph_by_cross_entropy(generator, discriminator, optimizer, latents):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([one.value for one in generator.trainable_variables])
        logits = discriminator(generator(latents, training=True), training=True)
        loss = bce(tf.ones_like(logits), logits)
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, [one.value for one in weights]), weights)
    return loss


def by_hand_and_nothing_returned(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        logits = discriminator(generator(latents, training=True), training=True)
        loss = tf.reduce_mean(tf.math.softplus(-logits))
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def takes_both_and_applies_one(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        logits = discriminator(generator(latents, training=True), training=True)
        loss = gan_losses.non_saturating_generator_loss(logits)
    mine = generator.trainable_variables
    gradients = tape.gradient(loss, mine + discriminator.trainable_variables)
    optimizer.apply(gradients[: len(mine)], mine)
    return loss


# %% 07.13 wrong
def _update(network, loss, generator_training=True, discriminator_training=True):
    def update(generator, discriminator, optimizer, latents):
        with tf.GradientTape() as tape:
            fake = generator(latents, training=generator_training)
            value = loss(discriminator(fake, training=discriminator_training))
        weights = network(generator, discriminator)
        optimizer.apply(tape.gradient(value, weights), weights)
        return value

    return update


_loss = gan_losses.non_saturating_generator_loss
_mine = lambda generator, discriminator: generator.trainable_variables
_update(lambda g, d: g.trainable_variables + d.trainable_variables, _loss)  # both -> also moved
_update(lambda g, d: d.trainable_variables, _loss)  # the other network -> discriminator's weights
_update(_mine, gan_losses.minimax_generator_loss)  # lesson 05's first loss -> minimax
_update(_mine, lambda fake: -_loss(fake))  # ascent -> sign
_update(_mine, lambda fake: tf.reduce_mean(tf.math.softplus(fake)))  # target 0 -> found out
_update(_mine, _loss, generator_training=False)  # G in inference -> training=True
_update(_mine, _loss, discriminator_training=False)  # D in inference -> training=True
_update(_mine, _loss, False, False)  # both in inference -> call both with training=True


def frozen_around(generator, discriminator, optimizer, latents):  # freezes D -> trainable
    discriminator.trainable = False
    loss = updates.update_generator(
        generator, discriminator, optimizer, latents, loss="non_saturating"
    )
    discriminator.trainable = True
    return loss


def stop_gradient(generator, discriminator, optimizer, latents):  # cut images -> no gradient
    with tf.GradientTape() as tape:
        fake = tf.stop_gradient(generator(latents, training=True))
        loss = gan_losses.non_saturating_generator_loss(discriminator(fake, training=True))
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def outside(generator, discriminator, optimizer, latents):  # images outside -> inside the tape
    fake = generator(latents, training=True)
    with tf.GradientTape() as tape:
        loss = gan_losses.non_saturating_generator_loss(discriminator(fake, training=True))
    weights = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


# %% 07.14 right
def by_a_list(dataset, step):
    batches = list(dataset)
    for batch in batches:
        step(batch)
    return sum(len(batch) for batch in batches)


def by_enumerate_and_shape(dataset, step):
    count = tf.constant(0)
    for index, batch in enumerate(dataset):
        step(batch)
        count += tf.shape(batch)[0]
    return count


def as_numpy(dataset, step):
    return sum(step(batch) * 0 + len(batch) for batch in dataset.as_numpy_iterator())


def by_map(dataset, step):
    sizes = [(step(batch), len(batch))[1] for batch in iter(dataset)]
    return float(np.sum(sizes))


# %% 07.14 wrong
def first_batch(dataset, step):  # the first batch only -> no epoch
    batch = next(iter(dataset))
    step(batch)
    return len(batch)


def returns_in_the_loop(dataset, step):  # return inside the loop -> no epoch
    count = 0
    for batch in dataset:
        step(batch)
        count += len(batch)
        return count


def counts_batches(dataset, step):  # counts batches -> number of batches
    count = 0
    for batch in dataset:
        step(batch)
        count += 1
    return count


def assumes_full_batches(dataset, step):  # as if all were full -> it returns 12 for 10
    for batch in dataset:
        step(batch)
    return len(dataset) * len(next(iter(dataset)))


def drops_the_last(dataset, step):  # the last, smaller batch is left out -> never came
    count = 0
    for batch in dataset:
        if len(batch) == 4:
            step(batch)
            count += 4
    return count


def images_one_by_one(dataset, step):  # images one by one -> whole batches
    count = 0
    for batch in dataset:
        for image in batch:
            step(image)
            count += 1
    return count


def twice(dataset, step):  # two passes -> more than once
    for batch in dataset.repeat(2):
        step(batch)
    return 10


def first_again_and_again(dataset, step):  # the same batch -> never came
    for _ in range(len(dataset)):
        step(next(iter(dataset)))
    return 10


def never_steps(dataset, step):  # step is not called -> no batch came
    return sum(len(batch) for batch in dataset)


def returns_nothing(dataset, step):  # no return -> return the number of images
    for batch in dataset:
        step(batch)


def sixty_thousand(dataset, step):  # a constant -> it returns 60000
    for batch in dataset:
        step(batch)
    return 60_000


# %% 07.15 right
def as_a_tensor(history, step, generator, latents):
    history.append((step, generator(latents, training=False)))


def by_predict(history, step, generator, latents):
    history += [[step, generator.predict(latents, verbose=0)]]


def by_default_mode(history, step, generator, latents):
    history.append((int(step), np.array(generator(latents))))
    return history


# %% 07.15 wrong
def training_mode(history, step, generator, latents):  # training mode -> generator has changed
    history.append((step, generator(latents, training=True).numpy()))


def training_mode_restored(history, step, generator, latents):  # restored -> on their batch
    weights = generator.get_weights()
    images = generator(latents, training=True).numpy()
    generator.set_weights(weights)
    history.append((step, images))


def new_latents(history, step, generator, latents):  # new latents -> not the images of the given
    fresh = np.random.normal(size=latents.shape).astype("float32")
    history.append((step, generator(fresh, training=False).numpy()))


def images_only(history, step, generator, latents):  # images only -> the pair
    history.append(generator(latents, training=False).numpy())


def swapped(history, step, generator, latents):  # swapped -> begin with the step
    history.append((generator(latents, training=False).numpy(), step))


def latents_kept(history, step, generator, latents):  # keeps latents -> keep the images
    history.append((step, latents))


def two_entries(history, step, generator, latents):  # two entries a call -> append one
    history.append(step)
    history.append(generator(latents, training=False).numpy())


def new_list(history, step, generator, latents):  # a new list -> still empty
    return [*history, (step, generator(latents, training=False).numpy())]


def last_one_only(history, step, generator, latents):  # overwrites -> has 1 entries
    history[:] = [(step, generator(latents, training=False).numpy())]


def to_pixels_of_another_range(history, step, generator, latents):  # in [0, 1] -> in [-1, 1]
    history.append((step, (generator(latents, training=False).numpy() + 1) / 2))


def one_image(history, step, generator, latents):  # the first image -> of all 6
    history.append((step, generator(latents, training=False).numpy()[0]))


def one_buffer(history, step, generator, latents):  # one array -> images of step 10 changed
    images = generator(latents, training=False).numpy()
    if history:
        history[0][1][...] = images
        images = history[0][1]
    history.append((step, images))


# %% 07.16 right
def a_tuple():
    return (
        keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99),
        keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99),
    )


def two_rates():
    settings = {"beta_1": 0.0, "beta_2": 0.9}
    return keras.optimizers.Adam(4e-3, **settings), keras.optimizers.Adam(1e-3, **settings)


def without_momentum():
    return [keras.optimizers.RMSprop(2e-3), keras.optimizers.RMSprop(2e-3)]


def plain_descent():
    return keras.optimizers.SGD(0.05), keras.optimizers.SGD(0.05)


# %% 07.16 wrong
def defaults():  # Keras's defaults -> shorter memory
    return keras.optimizers.Adam(), keras.optimizers.Adam()


def only_beta_2():  # beta_1 as it was -> shorter memory
    return [keras.optimizers.Adam(2e-3, beta_1=0.9, beta_2=0.99) for _ in range(2)]


def only_beta_1():  # beta_2 as it was -> shorter memory
    return [keras.optimizers.Adam(1e-3, beta_1=0.5) for _ in range(2)]


def ten_times_faster():  # a large rate -> shorter memory
    return [keras.optimizers.Adam(2e-2, beta_1=0.5, beta_2=0.99) for _ in range(2)]


def much_slower():  # a small rate -> too small to arrive
    return [keras.optimizers.Adam(1e-4, beta_1=0.5, beta_2=0.99) for _ in range(2)]


def one_for_both():  # one for both -> one for each
    one = keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99)
    return one, one


def a_single_one():  # only one -> expected two
    return keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99)


def names():  # names -> no Keras optimizer
    return "adam", "adam"


def momentum():  # descent with momentum -> grow beyond
    return [keras.optimizers.SGD(0.05, momentum=0.9) for _ in range(2)]


# %% 07.17 right
def with_lambdas():
    return (
        lambda judge, real, fake: [judge(real, training=True), judge(fake, training=True)],
        lambda generator, latents: generator(latents).numpy(),
    )


def with_predict():
    def judge_both(discriminator, real, fake):
        real_logits, fake_logits = (discriminator(one, training=True) for one in (real, fake))
        return real_logits, fake_logits

    return [judge_both, lambda generator, latents: generator.predict(latents, verbose=0)]


def as_graphs():
    judge_both = tf.function(lambda d, r, f: (d(r, training=True), d(f, training=True)))
    return judge_both, tf.function(lambda generator, latents: generator(latents, training=False))


# %% 07.17 wrong
def _both(judge, sample=lambda generator, latents: generator(latents, training=False)):
    def both_modes():
        return judge, sample

    return both_modes


def _right(d, real, fake):
    return d(real, training=True), d(fake, training=True)


def _one_call(d, real, fake):
    return tf.split(d(tf.concat([real, fake], 0), training=True), 2)


_both(_one_call)  # both kinds in one call -> a call of its own
_both(lambda d, r, f: (d(r, training=False), d(f, training=False)))  # inference -> is for training
_both(lambda d, r, f: (d(r), d(f)))  # the mode left out -> is for training
_both(lambda d, r, f: (d(r, training=True), d(f)))  # one of two -> not generated images
_both(lambda d, r, f: (d(f, training=True), d(r, training=True)))  # swapped -> swap them
_both(lambda d, r, f: [tf.sigmoid(one) for one in _right(d, r, f)])  # sigmoid -> probabilities
_both(lambda d, r, f: tf.concat(_right(d, r, f), 0))  # one array -> return two arrays
_both(
    lambda d, r, f: (d(r, training=True), d(r, training=True))
)  # real twice -> not generated images
_both(_right, lambda g, z: g(z, training=True))  # draws in training -> running averages
_both(_right, lambda g, z: g(tf.random.normal(z.shape)))  # other latents -> training=False
_both(_right, lambda g, z: g(z[:1]))  # one image -> of all latents
_both(_right, lambda g, z: (g(z) + 1) / 2)  # another range -> what the generator makes


def one_function():  # one function -> expected two functions
    return _right


def called():  # results instead of functions -> expected two functions
    return 1.0, 2.0


# %% 07.18 right
def by_tensorflow():
    def to_network(images):
        return tf.cast(images, tf.float32) / 127.5 - 1

    def to_pixels(outputs):
        return tf.cast(tf.round((outputs + 1) * 127.5), tf.uint8)

    return to_network, to_pixels


def by_the_course_s_functions():
    return (
        lambda images: data.scale_pixels(images.astype("float32") / 255),
        lambda outputs: np.rint(255 * np.asarray(data.unscale_pixels(outputs))).astype(np.uint8),
    )


def by_adding_a_half():
    return [
        lambda images: (images / 127.5 - 1).astype(np.float32),
        lambda outputs: (np.asarray(outputs) * 127.5 + 128).astype(np.uint8),
    ]


def with_clipping():
    def to_pixels(outputs):
        return np.clip(np.rint(255 * (np.asarray(outputs) + 1) / 2), 0, 255).astype("uint8")

    return lambda images: 2 * np.float32(images) / 255 - 1, to_pixels


# %% 07.18 wrong
def _scales(there, back=lambda x: np.round((np.asarray(x) + 1) * 127.5).astype(np.uint8)):
    def both_scales():
        return there, back

    return both_scales


def _there(images):
    return images.astype(np.float32) / 127.5 - 1


_scales(lambda images: images.astype(np.float32) / 255)  # in [0, 1] -> wanted is -1 to 1
_scales(lambda images: np.float32(images))  # as the script does -> wanted is -1 to 1
_scales(lambda images: (images - np.uint8(127)) / np.float32(128))  # in uint8 -> wraps around
_scales(lambda images: np.float32(images) / 255 - 0.5)  # half the range -> wanted is -1 to 1
_scales(lambda images: np.float32(images) / 127.5)  # not moved -> wanted is -1 to 1
_scales(lambda images: images / 127.5 - 1)  # in 64 bits -> float32
_scales(lambda images: _there(images)[0])  # one image -> for images of shape
_scales(
    _there, lambda x: np.round(np.asarray(x) * 255).astype(np.uint8)
)  # not moved -> -1 becomes 0
_scales(_there, lambda x: ((np.asarray(x) + 1) * 127.5).astype(np.uint8))  # cut off -> round
_scales(_there, lambda x: np.round((np.asarray(x) + 1) * 127.5))  # floats -> pixels are uint8
_scales(_there, lambda x: (np.asarray(x) + 1) / 2)  # in [0, 1] -> pixels are uint8


def one_way():  # one function only -> expected two functions
    return _there


# %% 07.19 right
gan_losses.minimax_discriminator_loss


def by_numpy(real_logits, fake_logits):
    return np.logaddexp(0, -real_logits).mean() + np.logaddexp(0, fake_logits).mean()


def by_log_sigmoid(real_logits, fake_logits):
    on_real = tf.reduce_mean(tf.math.log_sigmoid(real_logits))
    return -on_real - tf.reduce_mean(tf.math.log_sigmoid(-fake_logits))


def by_patient_11(real_logits, fake_logits):
    return bce(np.ones_like(real_logits), real_logits) + tf.cast(
        tf.reduce_mean(tf.math.softplus(fake_logits)), tf.float32
    )


# %% 07.19 wrong
def as_in_the_script(real_logits, fake_logits):  # the script's sign -> script's sign
    return np.logaddexp(0, -real_logits).mean() - np.logaddexp(0, fake_logits).mean()


def other_term_negated(real_logits, fake_logits):
    return np.logaddexp(0, fake_logits).mean() - np.logaddexp(0, -real_logits).mean()


def value_of_the_game(real_logits, fake_logits):  # both signs -> maximizes
    return -np.logaddexp(0, -real_logits).mean() - np.logaddexp(0, fake_logits).mean()


def swapped(real_logits, fake_logits):  # swapped -> changed places
    return bce(tf.ones_like(fake_logits), fake_logits) + bce(
        tf.zeros_like(real_logits), real_logits
    )


def both_real(real_logits, fake_logits):  # both targets 1 -> target 1
    return bce(tf.ones_like(real_logits), real_logits) + bce(tf.ones_like(fake_logits), fake_logits)


def double_negation_again(real_logits, fake_logits):  # 1 - logit -> patient 11
    on_real = bce(tf.ones_like(real_logits), real_logits)
    return on_real + bce(tf.zeros_like(fake_logits), 1 - fake_logits)


def only_real(real_logits, fake_logits):  # one term -> generated images are missing
    return bce(tf.ones_like(real_logits), real_logits)


def only_generated(real_logits, fake_logits):  # the other term -> real images are missing
    return bce(tf.zeros_like(fake_logits), fake_logits)


def naive(real_logits, fake_logits):  # by probabilities -> infinite
    real, fake = (tf.sigmoid(one) for one in (real_logits, fake_logits))
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


def sums(real_logits, fake_logits):  # sums -> not the sum
    return np.logaddexp(0, -real_logits).sum() + np.logaddexp(0, fake_logits).sum()


def one_mean(real_logits, fake_logits):  # one mean over both -> a mean for each kind
    costs = [np.logaddexp(0, -real_logits), np.logaddexp(0, fake_logits)]
    return np.concatenate(costs).mean()


# %% 07.20 right
def by_tensorflow_s_keras(seed):
    tf.keras.utils.set_random_seed(seed)


def each_by_itself(seed):
    import random

    random.seed(seed)
    np.random.seed(seed)
    tf.random.set_seed(seed)
    keras.backend.clear_session()


def and_deterministic(seed):
    keras.utils.set_random_seed(int(seed))
    return seed


# %% 07.20 wrong
def numpy_only(seed):  # NumPy only -> Keras's initial weights differ
    np.random.seed(seed)


def tensorflow_only(seed):  # TensorFlow only -> NumPy's random numbers differ
    tf.random.set_seed(seed)


def a_generator(seed):  # a generator that nobody uses -> NumPy's random numbers differ
    return np.random.default_rng(seed)


def without_tensorflow(seed):  # TensorFlow forgotten -> TensorFlow's random numbers differ
    import random

    random.seed(seed)
    np.random.seed(seed)


def without_python(seed):  # Python forgotten -> Keras's initial weights differ
    np.random.seed(seed)
    tf.random.set_seed(seed)


def always_zero(seed):  # another seed than given -> use the seed
    keras.utils.set_random_seed(0)


def not_called(seed):  # named, not called -> differ
    keras.utils.set_random_seed


# %% 07.21 right
"b"
"B"
"(b)"
["b"]
# %% 07.21 wrong
"a"  # log 2 read as balance -> in a balance D would say the same
"c"  # a flat loss read as a small rate -> nothing that has reached its bound
"d"  # a constant loss read as mode collapse -> D says 0 of generated images
"e"  # no such option -> one of a, b, c, d
2  # the second, as a number -> one of a, b, c, d
