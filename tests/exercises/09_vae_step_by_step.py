# %% 09.1 right
"b"

"B"
" (b) "
["b"][0]
# %% 09.1 wrong
"a"  # a larger decoder -> where codes lie
"c"  # a discriminator -> GAN
"d"  # more training -> no term of the loss
"e"  # more numbers -> how to draw


# %% 09.2 right
def with_the_largest_taken_out(a):
    largest = np.max(a)
    return np.log(np.sum(np.exp(a - largest)) / len(a)) + largest


def by_logaddexp(a):
    return np.logaddexp.reduce(a) - np.log(len(a))


def by_tensorflow(a):
    return tf.reduce_logsumexp(a) - np.log(len(a))


def in_float32(a):
    a = np.asarray(a, np.float32)
    return float(a.max() + np.log(np.exp(a - a.max()).mean()))


# %% 09.2 wrong
def sum_instead_of_mean(a):  # the sum, not divided by K -> divides by K
    return np.logaddexp.reduce(a)


def mean_of_the_logarithms(a):  # log and mean swapped -> logarithm of the mean
    return a.mean()


def naive(a):  # no largest entry taken out -> take the largest entry out
    return np.log(np.exp(a).mean())


def largest_not_added_again(a):  # half of the trick -> add it again
    return np.log(np.exp(a - a.max()).mean())


def largest_only(a):  # the others forgotten -> largest entry only
    return a.max() - np.log(len(a))


def mean_taken_out(a):  # the mean instead of the largest -> overflow
    return a.mean() + np.log(np.exp(a - a.mean()).mean())


def smallest_taken_out(a):  # the smallest instead of the largest
    return a.min() + np.log(np.exp(a - a.min()).mean())


def divided_by_k_minus_one(a):  # a sample variance's divisor
    return np.logaddexp.reduce(a) - np.log(max(len(a) - 1, 1))


def first_taken_out(a):  # the first entry, not the largest
    return a[0] + np.log(np.exp(a - a[0]).mean())


# %% 09.3 right
-176.2 - (-171.5 - 7.5)
np.float32(2.8)
2.80
tf.constant(2.8)
log_evidence - reconstruction + kl
# %% 09.3 wrong
-2.8  # ELBO minus evidence -> sign
7.5  # the KL term -> prior
-12.2  # KL added to the reconstruction -> subtracted
12.2  # the same, other sign -> subtracted
-179.0  # the ELBO -> that is the ELBO
-4.7  # evidence minus reconstruction, KL forgotten -> KL term
4.7  # the same, other sign -> KL term
3  # rounded too far

# %% 09.4 right
"a, b, d, e"
"abde"
{"A", "B", "D", "E"}
["a", "b", "d", "e"]
"(a, b, d and e)"
# %% 09.4 wrong
"a, b, c, d, e"  # all -> network to fool
"a, b, d"  # the gap overlooked -> gap
"a, b, e"  # new images need the encoder -> without an image
"b, d, e"  # alternating updates -> one loss
"a, d, e"  # mean and variance from the decoder -> the encoder
"c, d"  # a GAN
"c"  # a GAN

# %% 09.5 right
5.25
np.float32(5.25)
2 * (1 + 0.5 * 1.5) * 1.5
2 * 1.75 * 1.5
tf.constant(5.25)
# %% 09.5 wrong
3.5  # by the mean -> by the mean
7.65625  # the score function's -> score function
7.66  # the score function's, three digits -> score function
4.59375  # f(z) ε -> slope
3.0  # the slope at the mean -> at z
4.125  # variance for deviation -> deviation
1.75  # z itself -> mean plus scale
2.625  # σε in place of ε -> not σε
1.0  # the exact derivative -> exact derivative
-5.25  # the sign


# %% 09.6 right
def other_order(values, z, mean, scale):
    return (z - mean) * values / (scale * scale)


def by_the_noise(values, z, mean, scale):
    noise = (z - mean) / scale
    return values * noise / scale


def as_a_list(values, z, mean, scale):
    return [f * (one - mean) / scale**2 for f, one in zip(values, z)]


def by_tensors(values, z, mean, scale):
    return tf.constant(values) * (tf.constant(z) - mean) / scale**2


# %% 09.6 wrong
def scale_not_squared(values, z, mean, scale):  # one scale only -> squared
    return values * (z - mean) / scale


def wrong_sign(values, z, mean, scale):  # mean minus z -> sign
    return values * (mean - z) / scale**2


def averaged(values, z, mean, scale):  # one number for all -> no mean
    return (values * (z - mean) / scale**2).mean()


def score_alone(values, z, mean, scale):  # values forgotten -> multiply it
    return (z - mean) / scale**2


def by_the_scale(values, z, mean, scale):  # the other derivative -> by the scale
    return values * (((z - mean) / scale) ** 2 - 1) / scale


def mean_not_subtracted(values, z, mean, scale):  # z itself
    return values * z / scale**2


def halved(values, z, mean, scale):  # the exponent's half kept
    return 0.5 * values * (z - mean) / scale**2


def log_density(values, z, mean, scale):  # log q in place of its derivative -> derivative of log q
    return values * (-0.5 * ((z - mean) / scale) ** 2)


# %% 09.7 right
def by_the_deviation(mean, log_variance):
    deviation = np.exp(log_variance / 2)
    return np.sum(mean**2 + deviation**2 - 2 * np.log(deviation) - 1, axis=1) / 2


def by_tensorflow(mean, log_variance):
    return -0.5 * tf.reduce_sum(1 + log_variance - tf.square(mean) - tf.exp(log_variance), axis=-1)


def in_float32(mean, log_variance):
    mean, log_variance = np.float32(mean), np.float32(log_variance)
    return 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1).sum(axis=1)


def row_by_row(mean, log_variance):
    return [0.5 * sum(m * m + np.exp(v) - v - 1) for m, v in zip(mean, log_variance)]


# %% 09.7 wrong
def no_half(mean, log_variance):  # one half forgotten -> one half
    return (mean**2 + np.exp(log_variance) - log_variance - 1).sum(axis=1)


def negative(mean, log_variance):  # the ELBO's sign -> never negative
    return 0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)).sum(axis=1)


def averaged_latents(mean, log_variance):  # a mean over the latents -> no mean
    return 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1).mean(axis=1)


def one_number(mean, log_variance):  # summed over the batch too -> axis 1 only
    return 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1).sum()


def wrong_axis(mean, log_variance):  # summed over the images -> axis 1
    return 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1).sum(axis=0)


def log_deviation(mean, log_variance):  # taken for log σ -> not log σ
    return 0.5 * (mean**2 + np.exp(2 * log_variance) - 2 * log_variance - 1).sum(axis=1)


def deviation_for_variance(mean, log_variance):  # σ in place of σ² -> is σ²
    return 0.5 * (mean**2 + np.exp(log_variance / 2) - log_variance - 1).sum(axis=1)


def mean_not_squared(mean, log_variance):  # mean to the first power -> squared
    return 0.5 * (mean + np.exp(log_variance) - log_variance - 1).sum(axis=1)


def one_forgotten(mean, log_variance):  # without the -1 -> -1
    return 0.5 * (mean**2 + np.exp(log_variance) - log_variance).sum(axis=1)


def no_mean(mean, log_variance):  # the mean's part forgotten -> mean
    return 0.5 * (np.exp(log_variance) - log_variance - 1).sum(axis=1)


# %% 09.8 right
dense, flat, shaped = keras.layers.Dense, keras.layers.Flatten, keras.layers.Reshape


def by_add(image_shape, latent_size):
    encoder = keras.Sequential([keras.Input(image_shape), flat()])
    encoder.add(dense(256, activation="relu"))
    encoder.add(dense(latent_size * 2))
    size = image_shape[0] * image_shape[1] * image_shape[2]
    decoder = keras.Sequential([keras.Input((latent_size,)), dense(256, "relu"), dense(size)])
    decoder.add(shaped(image_shape))
    return encoder, decoder


def functional_with_two_heads(image_shape, latent_size):
    images = keras.Input(image_shape)
    hidden = dense(256, activation="relu")(flat()(images))
    heads = [dense(latent_size)(hidden), dense(latent_size)(hidden)]
    encoder = keras.Model(images, keras.layers.Concatenate()(heads))
    latents = keras.Input((latent_size,))
    pixels = dense(int(np.prod(image_shape)))(dense(256, activation="tanh")(latents))
    return [encoder, keras.Model(latents, shaped(image_shape)(pixels))]


def convolutional(image_shape, latent_size):
    conv = keras.layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")
    head = [conv, flat(), dense(256, "relu"), dense(2 * latent_size)]
    tail = [dense(256, "relu"), dense(int(np.prod(image_shape))), shaped(image_shape)]
    return (
        keras.Sequential([keras.Input(image_shape), *head]),
        keras.Sequential([keras.Input((latent_size,)), *tail]),
    )


# %% 09.8 wrong
dense, flat, shaped = keras.layers.Dense, keras.layers.Flatten, keras.layers.Reshape


make = lambda shape, inputs, outputs, hidden="relu", last=None, pixels=None, below="relu": (  # noqa: E731
    keras.Sequential([keras.Input(shape), flat(), dense(256, hidden), dense(outputs, last)]),
    keras.Sequential(
        [
            keras.Input((inputs,)),
            dense(256, below),
            dense(int(np.prod(shape)), pixels),
            shaped(shape),
        ]
    ),
)


def one_number_a_latent(image_shape, latent_size):  # section 1's encoder -> two numbers
    return make(image_shape, latent_size, latent_size)


def decoder_takes_both(image_shape, latent_size):  # 2k inputs -> one number each
    return make(image_shape, 2 * latent_size, 2 * latent_size)


def positive_codes(image_shape, latent_size):  # relu at the encoder's end -> last activation
    return make(image_shape, latent_size, 2 * latent_size, last="relu")


def bounded_codes(image_shape, latent_size):  # tanh at the encoder's end -> last activation
    return make(image_shape, latent_size, 2 * latent_size, last="tanh")


def probabilities(image_shape, latent_size):  # sigmoid at the decoder's end -> logits
    return make(image_shape, latent_size, 2 * latent_size, pixels="sigmoid")


def not_flattened(image_shape, latent_size):  # Flatten forgotten -> flatten
    _, decoder = make(image_shape, latent_size, 2 * latent_size)
    encoder = [keras.Input(image_shape), dense(256, "relu"), dense(2 * latent_size)]
    return keras.Sequential(encoder), decoder


def linear_encoder(image_shape, latent_size):  # no activation in the encoder -> encoder is linear
    return make(image_shape, latent_size, 2 * latent_size, hidden=None)


def linear_decoder(image_shape, latent_size):  # no activation in the decoder -> decoder is linear
    return make(image_shape, latent_size, 2 * latent_size, below=None)


def section_1_unchanged(image_shape, latent_size):  # shape ignored
    return make_encoder(2 * latent_size), make_decoder(latent_size)


def channels_forgotten(image_shape, latent_size):  # height times width only
    encoder, _ = make(image_shape, latent_size, 2 * latent_size)
    pixels = image_shape[0] * image_shape[1]
    decoder = [keras.Input((latent_size,)), dense(256, "relu"), dense(pixels), shaped(image_shape)]
    return encoder, keras.Sequential(decoder)


def positive_variances(image_shape, latent_size):  # softplus on the log-variance -> last activation
    images = keras.Input(image_shape)
    hidden = dense(256, activation="relu")(flat()(images))
    heads = [dense(latent_size)(hidden), dense(latent_size, "softplus")(hidden)]
    _, decoder = make(image_shape, latent_size, 2 * latent_size)
    return keras.Model(images, keras.layers.Concatenate()(heads)), decoder


def encoder_alone(image_shape, latent_size):  # one network for two
    return make(image_shape, latent_size, 2 * latent_size)[0]


# %% 09.9 right
def by_two_gradients(encoder, decoder, optimizer, images, noise):
    with tf.GradientTape(persistent=True) as tape:
        mean, log_variance = tf.split(encoder(2 * images - 1), 2, axis=1)
        logits = decoder(mean + tf.sqrt(tf.exp(log_variance)) * noise)
        kl = 0.5 * tf.reduce_sum(mean**2 + tf.exp(log_variance) - log_variance - 1, axis=1)
        loss = tf.reduce_mean(image_cross_entropy(images, logits)) + tf.reduce_mean(kl)
    both = (encoder, decoder)
    found = [tape.gradient(loss, network.trainable_variables) for network in both]
    weights = encoder.trainable_variables + decoder.trainable_variables
    optimizer.apply_gradients(zip(found[0] + found[1], weights))
    return loss


def decoder_first(encoder, decoder, optimizer, images, noise):
    weights = decoder.trainable_variables + encoder.trainable_variables
    with tf.GradientTape() as tape:
        output = encoder(images * 2.0 - 1.0)
        size = output.shape[1] // 2
        mean, log_variance = output[:, :size], output[:, size:]
        logits = decoder(mean + tf.exp(log_variance / 2) * noise)
        log_p = images * tf.math.log_sigmoid(logits) + (1 - images) * tf.math.log_sigmoid(-logits)
        elbo = tf.reduce_sum(log_p, axis=[1, 2, 3]) - vae.kl_from_prior(mean, log_variance)
        loss = -tf.reduce_mean(elbo)
    optimizer.apply(tape.gradient(loss, weights), weights)
    return float(loss)


def by_divided_sums(encoder, decoder, optimizer, images, noise):
    with tf.GradientTape() as tape:
        mean, log_variance = tf.split(encoder(2 * images - 1), 2, axis=1)
        logits = decoder(mean + tf.exp(0.5 * log_variance) * noise)
        cost = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(images, logits))
        kl = tf.reduce_sum(vae.kl_from_prior(mean, log_variance))
        loss = (cost + kl) / len(images)
    weights = encoder.trainable_variables + decoder.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss.numpy()


# %% 09.9 wrong
faults.make_step(updated="decoder")  # the encoder forgotten -> encoder does not move
faults.make_step(updated="encoder")  # the decoder forgotten -> decoder does not move
faults.make_step(pixels=tf.reduce_mean)  # pixels averaged -> pixels are averaged
faults.make_step(batch=tf.reduce_sum)  # the batch summed -> mean over its images
faults.make_step(kl_weight=0.0)  # the KL forgotten -> KL term is missing
faults.make_step(kl_weight=-1.0)  # the KL subtracted from the loss -> wrong sign
faults.make_step(sign=-1.0)  # the ELBO itself lowered -> a step lowers the loss
faults.make_step(exponent=1.0)  # variance for deviation -> needs the deviation
faults.make_step(noise_weight=0.0)  # an autoencoder with a KL term -> does not use the noise
faults.make_step(latents=tf.reduce_mean)  # the KL averaged -> averaged over the latents


def unscaled(encoder, decoder, optimizer, images, noise):  # [0, 1] into the encoder -> [-1, 1]
    with tf.GradientTape() as tape:
        mean, log_variance = tf.split(encoder(images), 2, axis=1)
        logits = decoder(mean + tf.exp(0.5 * log_variance) * noise)
        kl = vae.kl_from_prior(mean, log_variance)
        loss = tf.reduce_mean(image_cross_entropy(images, logits) + kl)
    weights = encoder.trainable_variables + decoder.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def no_update(
    encoder, decoder, optimizer, images, noise
):  # the optimizer forgotten -> no weight moves
    mean, log_variance = tf.split(encoder(2 * images - 1), 2, axis=1)
    logits = decoder(mean + tf.exp(0.5 * log_variance) * noise)
    return tf.reduce_mean(
        image_cross_entropy(images, logits) + vae.kl_from_prior(mean, log_variance)
    )


def own_noise(encoder, decoder, optimizer, images, noise):  # draws noise of its own
    fresh = tf.random.stateless_normal(noise.shape, seed=(1, 2))
    return faults.make_step()(encoder, decoder, optimizer, images, fresh)


def no_return(encoder, decoder, optimizer, images, noise):  # loss not returned -> returns None
    faults.make_step()(encoder, decoder, optimizer, images, noise)


def updated_in_turn(encoder, decoder, optimizer, images, noise):  # as a GAN: one, then the other
    loss = faults.make_step(updated="encoder")(encoder, decoder, optimizer, images, noise)
    other = keras.optimizers.SGD(1.0)
    faults.make_step(updated="decoder")(encoder, decoder, other, images, noise)
    return loss


# %% 09.10 right
"c"
"C"
"(c)"
# %% 09.10 wrong
"a"  # VAEs blur -> flat from the first
"b"  # mode collapse -> no discriminator
"d"  # the KL forgotten -> its value
"e"  # memorized -> training images
"f"  # too few latents -> section 5 has two

# %% 09.11 right
"d"
" D "
"(d)"
# %% 09.11 wrong
"a"  # VAEs blur -> no worse
"b"  # mode collapse -> no discriminator
"c"  # collapse -> value
"e"  # memorized -> test images
"f"  # too few latents -> section 5 has two

# %% 09.12 right
768
768.0
np.float32(768)
(64 * 64 * 3) // 16
tf.constant(768.0)
# %% 09.12 wrong
12288  # the latents' mean forgotten -> divided by 16
12288 * 16  # multiplied instead of divided -> lowers beta
256  # channels forgotten -> three channels
1 / 16  # the pixels' mean forgotten -> divided too
1 / 768  # the inverse -> inverse
1  # both are means -> different numbers
3072  # one channel of one row, 64 · 3 · 16

# %% 09.13 right
"a, c, d"
"acd"
{"a", "c", "d"}
["D", "C", "A"]
# %% 09.13 wrong
"a"  # the same sampling alone -> not complete
"a, d"  # one seed -> luck
"a, c"  # two things differ -> noise
"c, d"  # a box against a normal distribution -> no match
"a, b, c, d"  # one model trained longer -> less fair
"a, c, d, e"  # another latent size -> latent size
"a, c, d, f"  # another question -> another question
"b, e, f"  # each wish of its own
