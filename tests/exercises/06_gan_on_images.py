# Right and wrong answers to the exercises of lesson 06; tests/notebooks/register.py reads them.

# %% 06.1 right
"B"

" b "
"(b)"
["b"]
# %% 06.1 wrong
"a"  # ends in [0, 1] -> [0, 1]
"c"  # wraps around -> wraps around
"b, c"  # two of them
2  # its place in the list

# %% 06.2 right
8192
np.float32(8192)
32 * 16 * 4**2
np.prod((4, 4, 16, 32))
discriminator.layers[3].count_params()
tf.constant([8192])
# %% 06.2 wrong
8192 + 32  # with biases -> no biases
4 * 4 * 32  # one input channel -> each of the 16 inputs
4 * 4 * 16  # one output channel -> 32 output channels
7 * 7 * 16 * 32  # the side of the picture -> 4 x 4
4 * 16 * 32  # one side of the window
14 * 14 * 16 * 32  # the side of its input
4 * 4 * (16 + 32)  # channels added instead of multiplied
4 * 4 * 16 * 32 + 4 * 32  # the batch normalization's counted as well
5 * 5 * 16 * 32  # another window
3 * 3 * 16 * 32  # another window, 3 x 3

# %% 06.3 right
layers = keras.layers


def _network(
    side=7, filters=32, inner=(16, 8), window=4, last="tanh", channels=1, latents=16, norm=True
):
    network = keras.Sequential([keras.Input((latents,)), layers.Dense(side * side * filters)])
    network.add(layers.Reshape((side, side, filters)))
    for count in inner:
        if norm:
            network.add(layers.BatchNormalization())
        network.add(layers.ReLU())
        network.add(layers.Conv2DTranspose(count, window, strides=2, padding="same"))
    network.add(layers.ReLU())
    network.add(
        layers.Conv2DTranspose(channels, window, strides=2, padding="same", activation=last)
    )
    return network


def without_normalization():
    return _network(norm=False)


def windows_of_two():
    return _network(window=2)


def from_fourteen():
    return _network(14, 8, inner=(8,))


def as_a_functional_model():
    return networks.generator((56, 56, 1), latent_size=16, width=8)


def by_a_stride_of_four():
    return keras.Sequential(
        [
            keras.Input((16,)),
            layers.Dense(14 * 14 * 8),
            layers.Reshape((14, 14, 8)),
            layers.LeakyReLU(),
            layers.Conv2DTranspose(1, 8, strides=4, padding="same"),
            layers.Activation("tanh"),
        ]
    )


# %% 06.3 wrong
layers = keras.layers


def _network(
    side=7, filters=32, inner=(16, 8), window=4, last="tanh", channels=1, latents=16, norm=True
):
    network = keras.Sequential([keras.Input((latents,)), layers.Dense(side * side * filters)])
    network.add(layers.Reshape((side, side, filters)))
    for count in inner:
        network.add(layers.ReLU())
        network.add(layers.Conv2DTranspose(count, window, strides=2, padding="same"))
    network.add(layers.ReLU())
    network.add(
        layers.Conv2DTranspose(channels, window, strides=2, padding="same", activation=last)
    )
    return network


def one_doubling_missing():  # one doubling missing -> 28 x 28
    return _network(inner=(16,))


def one_doubling_too_many():  # one doubling too many -> 112 x 112
    return _network(inner=(16, 16, 8))


def from_eight():  # 64 x 64 -> instead of 56 x 56
    return _network(side=8)


def the_package_s_generator():  # as wide as for 28 x 28 -> too many parameters
    return networks.generator((56, 56, 1))


def from_fourteen_and_wide():  # from fourteen and wide -> too many parameters
    return _network(14, 32, inner=(16,))


def no_last_activation():  # no last activation -> the last activation is tanh
    return _network(last=None)


def sigmoid_at_the_end():  # sigmoid at the end -> no value is below 0
    return _network(last="sigmoid")


def relu_at_the_end():  # relu at the end -> no value is below 0
    return _network(last="relu")


def windows_of_five():  # windows of five -> multiple of the stride
    return _network(window=5)


def windows_of_three():  # windows of three -> multiple of the stride
    return _network(window=3)


def three_channels():  # three channels -> 1 channel
    return _network(channels=3)


def sixty_four_latents():  # sixty-four latents -> 64 latents
    return _network(latents=64, filters=8)


def without_padding():  # without padding -> instead of 56 x 56
    return keras.Sequential(
        [
            keras.Input((16,)),
            layers.Dense(7 * 7 * 16),
            layers.Reshape((7, 7, 16)),
            layers.Conv2DTranspose(8, 4, strides=2),
            layers.Conv2DTranspose(8, 4, strides=2),
            layers.Conv2DTranspose(1, 4, strides=2, activation="tanh"),
        ]
    )


def flat_images():
    return keras.Sequential([keras.Input((16,)), layers.Dense(56 * 56, activation="tanh")])


def returns_layers_only():  # returns layers only -> returns a list
    return [layers.Dense(7 * 7 * 32), layers.Reshape((7, 7, 32))]


# %% 06.4 right
gan_losses.hinge_discriminator_loss


def by_where(real_logits, fake_logits):
    on_real = np.where(real_logits < 1, 1 - real_logits, 0.0).mean()
    return on_real + np.where(fake_logits > -1, 1 + fake_logits, 0.0).mean()


def in_float32(real_logits, fake_logits):
    on_real = np.maximum(0, 1 - np.float32(real_logits))
    return np.mean(on_real) + np.mean(np.maximum(0, 1 + np.float32(fake_logits)))


def as_tensors(real_logits, fake_logits):
    on_real = tf.reduce_mean(tf.nn.relu(1 - real_logits))
    return on_real + tf.reduce_mean(tf.nn.relu(1 + fake_logits))


def by_the_smaller(real_logits, fake_logits):
    return -np.minimum(0, real_logits - 1).mean() - np.minimum(0, -fake_logits - 1).mean()


# %% 06.4 wrong
def no_margin(real_logits, fake_logits):  # no margin -> np.maximum(0.0, ...) is missing
    return (1 - real_logits).mean() + (1 + fake_logits).mean()


def swapped(real_logits, fake_logits):  # swapped -> changed places
    return np.maximum(0, 1 + real_logits).mean() + np.maximum(0, 1 - fake_logits).mean()


def only_real(real_logits, fake_logits):  # only real -> only the real images
    return np.maximum(0, 1 - real_logits).mean()


def only_generated(real_logits, fake_logits):  # only generated -> only the generated images
    return np.maximum(0, 1 + fake_logits).mean()


def sums(real_logits, fake_logits):
    return np.maximum(0, 1 - real_logits).sum() + np.maximum(0, 1 + fake_logits).sum()


def one_mean_over_all(real_logits, fake_logits):
    both = np.concatenate([1 - real_logits, 1 + fake_logits])
    return np.maximum(0, both).mean()


def half_of_it(real_logits, fake_logits):  # half of it -> half
    return 0.5 * (np.maximum(0, 1 - real_logits).mean() + np.maximum(0, 1 + fake_logits).mean())


def wrong_sign_of_the_second(real_logits, fake_logits):
    return np.maximum(0, 1 - real_logits).mean() - np.maximum(0, 1 + fake_logits).mean()


def same_margin_for_both(real_logits, fake_logits):
    return np.maximum(0, 1 - real_logits).mean() + np.maximum(0, 1 - fake_logits).mean()


def minus_the_loss(real_logits, fake_logits):  # minus the loss -> wrong sign
    return -np.maximum(0, 1 - real_logits).mean() - np.maximum(0, 1 + fake_logits).mean()


def margin_at_zero(real_logits, fake_logits):
    return np.maximum(0, -real_logits).mean() + np.maximum(0, fake_logits).mean()


def margin_of_the_mean(real_logits, fake_logits):
    return max(0, 1 - real_logits.mean()) + max(0, 1 + fake_logits.mean())


def not_averaged(real_logits, fake_logits):
    return np.maximum(0, 1 - real_logits)


def squared(real_logits, fake_logits):
    on_real = np.maximum(0, 1 - real_logits) ** 2
    return on_real.mean() + (np.maximum(0, 1 + fake_logits) ** 2).mean()


def cross_entropy(real_logits, fake_logits):
    return np.log1p(np.exp(-real_logits)).mean() + np.log1p(np.exp(fake_logits)).mean()


# %% 06.5 right
updates.update_discriminator


def images_inside_the_tape(generator, discriminator, optimizer, real, latents):
    with tf.GradientTape() as tape:
        fake = generator(latents, training=True)
        loss = gan_losses.hinge_discriminator_loss(
            discriminator(real, training=True), discriminator(fake, training=True)
        )
    variables = discriminator.trainable_weights
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss


@tf.function
def as_a_graph_by_hand(generator, discriminator, optimizer, real, latents):
    fake = generator(latents, training=True)
    with tf.GradientTape(persistent=True) as tape:
        on_real = tf.reduce_mean(tf.maximum(0.0, 1.0 - discriminator(real, training=True)))
        on_fake = tf.reduce_mean(tf.maximum(0.0, 1.0 + discriminator(fake, training=True)))
        loss = on_real + on_fake
    variables = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


def with_keras_s_hinge_and_nothing_returned(generator, discriminator, optimizer, real, latents):
    with tf.GradientTape() as tape:
        fake = tf.stop_gradient(generator(latents, training=True))
        on_real = keras.losses.Hinge()(tf.ones((len(real), 1)), discriminator(real, training=True))
        on_fake = keras.losses.Hinge()(-tf.ones((len(real), 1)), discriminator(fake, training=True))
        loss = on_real + on_fake
    variables = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)


# %% 06.5 wrong
def frozen_generator(  # frozen generator -> leave its `trainable` alone
    generator, discriminator, optimizer, real, latents
):
    generator.trainable = False
    return updates.update_discriminator(generator, discriminator, optimizer, real, latents)


def _step(optimizer, tape, loss, network):
    variables = network.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)


def _with_loss(loss, fake_training=True, training=True):
    def update(generator, discriminator, optimizer, real, latents):
        fake = generator(latents, training=fake_training)
        with tf.GradientTape() as tape:
            real_logits = discriminator(real, training=training)
            value = loss(real_logits, discriminator(fake, training=training))
        _step(optimizer, tape, value, discriminator)
        return value

    return update


hinge = gan_losses.hinge_discriminator_loss
_with_loss(lambda real, fake: tf.reduce_mean(tf.nn.relu(1 - real)))  # no fakes -> generated ones
_with_loss(lambda real, fake: tf.reduce_mean(tf.nn.relu(1 + fake)))  # no reals -> real ones
_with_loss(lambda real, fake: hinge(fake, real))  # swapped -> changed places
_with_loss(lambda real, fake: -hinge(real, fake))  # ascent -> sign
_with_loss(lambda real, fake: hinge(real, fake) / 2)  # the mean of both terms -> half
_with_loss(lambda real, fake: tf.reduce_mean(fake - real))  # no margin -> max(0
_with_loss(gan_losses.minimax_discriminator_loss)  # lesson 05's loss -> minimax
_with_loss(lambda real, fake: gan_losses.hinge_generator_loss(fake))  # the other's -> generator's
_with_loss(hinge, training=False)  # inference -> training=True
_with_loss(hinge, fake_training=False)  # images in inference -> training=True


def generator_moves(
    generator, discriminator, optimizer, real, latents
):  # generator moves -> generator's weights
    with tf.GradientTape() as tape:
        fake = generator(latents, training=True)
        loss = hinge(discriminator(real, training=True), discriminator(fake, training=True))
    _step(optimizer, tape, loss, generator)
    return loss


def both_move(generator, discriminator, optimizer, real, latents):  # both move -> also moved
    with tf.GradientTape() as tape:
        fake = generator(latents, training=True)
        loss = hinge(discriminator(real, training=True), discriminator(fake, training=True))
    variables = generator.trainable_variables + discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


def own_noise(generator, discriminator, optimizer, real, latents):  # own noise -> use the latents
    noise = tf.random.normal((len(real), 16))
    return updates.update_discriminator(generator, discriminator, optimizer, real, noise)


def real_and_generated_in_one_call(  # real and generated in one call -> in one call
    generator, discriminator, optimizer, real, latents
):
    images = tf.concat([real, generator(latents, training=True)], axis=0)
    with tf.GradientTape() as tape:
        real_logits, fake_logits = tf.split(discriminator(images, training=True), 2)
        loss = hinge(real_logits, fake_logits)
    _step(optimizer, tape, loss, discriminator)
    return loss


def loss_outside_the_tape(  # loss outside the tape -> inside the tape
    generator, discriminator, optimizer, real, latents
):
    fake = generator(latents, training=True)
    loss = hinge(discriminator(real, training=True), discriminator(fake, training=True))
    with tf.GradientTape() as tape:
        pass
    _step(optimizer, tape, loss, discriminator)
    return loss


def nothing_applied(
    generator, discriminator, optimizer, real, latents
):  # nothing applied -> no weight moved
    fake = generator(latents, training=True)
    return hinge(discriminator(real, training=True), discriminator(fake, training=True))


def twice(generator, discriminator, optimizer, real, latents):  # twice -> applied 2 times
    updates.update_discriminator(generator, discriminator, optimizer, real, latents)
    return updates.update_discriminator(generator, discriminator, optimizer, real, latents)


def latents_judged(generator, discriminator, optimizer, real, latents):  # latents judged -> raised
    with tf.GradientTape() as tape:
        loss = hinge(discriminator(real, training=True), discriminator(latents, training=True))
    _step(optimizer, tape, loss, discriminator)


def real_as_fake(
    generator, discriminator, optimizer, real, latents
):  # real as fake -> makes no difference
    with tf.GradientTape() as tape:
        logits = discriminator(real, training=True)
        loss = hinge(logits, logits)
    _step(optimizer, tape, loss, discriminator)
    return loss


# %% 06.6 right
"c"
"C"
" (c) "
["c"]
# %% 06.6 wrong
"a"  # sharper -> together
"b"  # level losses -> measure each network against the other
"d"  # the losses do not fall -> in a game
"B"  # the run instead of the answer -> losses
"c, d"  # two of them
