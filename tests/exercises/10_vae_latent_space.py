# %% 10.1 right
1
1.0
np.float32(1)
tf.constant(1.0)
np.mean([1 + 0.25, 0 + 0.25, 1 + 0.5]) - 0
2 / 3 + (0.25 + 0.25 + 0.5) / 3

# %% 10.1 wrong
2 / 3  # the means alone -> variance of its own
0.667  # the means alone, rounded -> variance of its own
1 / 3  # the variances alone -> the means differ too
1 + 1 / 3  # divided by 2 -> divide by 3
5 / 3  # the sum of the variances -> mean of the three variances
2 / 3 + np.var([0.25, 0.25, 0.5])  # the variance of the variances
2 / 3 + np.mean(np.sqrt([0.25, 0.25, 0.5]))  # the standard deviations
2 / 3 - 1 / 3  # a difference


# %% 10.2 right
def one_by_one(start, end, shares):
    return np.array([(1 - share) * start + share * end for share in shares])


def with_outer(start, end, shares):
    return np.outer(1 - shares, start) + np.outer(shares, end)


def float32(start, end, shares):
    shares = shares.astype(np.float32)[:, None]
    return (1 - shares) * start + shares * end


def a_list(start, end, shares):
    return [list(start + share * (end - start)) for share in shares]


def tensor(start, end, shares):
    return start + tf.expand_dims(shares, 1) * (end - start)


# %% 10.2 wrong
def backwards(start, end, shares):  # from end to start -> from end to start
    return np.outer(shares, start) + np.outer(1 - shares, end)


def too_far(start, end, shares):  # start plus a share of end -> start + end
    return start + shares[:, None] * end


def the_way(start, end, shares):  # without start -> begin at start
    return shares[:, None] * (end - start)


def columns(start, end, shares):  # transposed -> one point a column
    return (start + shares[:, None] * (end - start)).T


def equal_steps(start, end, shares):  # other shares -> equal steps
    return np.linspace(start, end, len(shares))


def no_new_axis(start, end, shares):
    return start + shares * (end - start)


def only_the_last(start, end, shares):
    for share in shares:
        point = start + share * (end - start)
    return point


def with_the_length_kept(start, end, shares):
    points = start + shares[:, None] * (end - start)
    length = np.linalg.norm(start) * (1 - shares) + np.linalg.norm(end) * shares
    return points * (length / np.linalg.norm(points, axis=1))[:, None]


# %% 10.3 right
[2, 4]
(2.0, 4.0)
np.array([2, 4], np.float32)
tf.constant([2.0, 4.0])
code - codes_without.mean(axis=0) + codes_with.mean(axis=0)
code + (codes_with - codes_without).mean(axis=0)

# %% 10.3 wrong
[2.0, 3.0]  # the direction alone -> add it to the code
[-2.0, -2.0]  # the other way -> the direction points
code + codes_with.sum(axis=0) - codes_without.sum(axis=0)  # sums -> means
codes_with.mean(axis=0)  # the mean of those with it
code + codes_with.mean(axis=0)  # nothing subtracted -> subtract
code + codes_with.mean(axis=1) - codes_without.mean(axis=1)  # along the wrong axis -> axis=1 mixes
code + codes_with.mean() - codes_without.mean()  # one number for both latents -> axis=0
code + codes_with - codes_without  # no mean


# %% 10.4 right
def by_log2_of_e(elbo, image_shape):
    return -elbo * np.log2(np.e) / np.prod(image_shape)


def written_out(elbo, image_shape):
    height, width, channels = image_shape
    return -elbo / (height * width * channels * 0.693147)


def one_by_one(elbo, image_shape):
    return [-value / np.prod(image_shape) / np.log(2) for value in elbo]


def float32(elbo, image_shape):
    return (-elbo / np.prod(image_shape) / np.log(2)).astype("float32")


def size_of_an_image(elbo, image_shape):
    return (
        tf.constant(-elbo) / np.zeros(image_shape).size / tf.math.log(tf.constant(2.0, tf.double))
    )


# %% 10.4 wrong
def the_sign(elbo, image_shape):  # negative -> minus the logarithm
    return elbo / np.prod(image_shape) / np.log(2)


def absolute(elbo, image_shape):  # the sign dropped -> do not drop the sign
    return np.abs(elbo) / np.prod(image_shape) / np.log(2)


def nats(elbo, image_shape):  # nats -> ln 2 nats
    return -elbo / np.prod(image_shape)


def multiplied(elbo, image_shape):  # times ln 2 -> divide
    return -elbo * np.log(2) / np.prod(image_shape)


def whole_image(elbo, image_shape):  # per image -> for the whole image
    return -elbo / np.log(2)


def a_pixel(elbo, image_shape):  # without the channels -> each channel
    return -elbo / (image_shape[0] * image_shape[1] * np.log(2))


def always_784(elbo, image_shape):  # one shape -> another shape
    return -elbo / (784 * np.log(2))


def the_mean(elbo, image_shape):  # one number -> for each image
    return np.mean(-elbo / np.prod(image_shape) / np.log(2))


def decimal(elbo, image_shape):  # decimal digits -> decimal digits
    return -elbo / np.prod(image_shape) / np.log(10)


# %% 10.5 right
"c"
"C"
" (c) "

# %% 10.5 wrong
"a"  # the largest rate -> at beta 0.1 it is the best
"b"  # the smallest sum, so it is the best of all -> at beta 1
"d"  # in the middle -> at beta 5
"e"  # the largest sum -> at beta 20
"c, d"  # two


# %% 10.6 right
def one_by_one(variances, noise, beta):
    return sum(max(0.0, 0.5 * np.log(v / (beta * noise))) for v in variances)


def only_those_on(variances, noise, beta):
    on = variances[variances > beta * noise]
    return 0.5 * np.sum(np.log(on) - np.log(beta * noise))


def clipped(variances, noise, beta):
    return np.log(np.maximum(variances, beta * noise) / (beta * noise)).sum() / 2


def float32(variances, noise, beta):
    return tf.reduce_sum(
        tf.nn.relu(0.5 * tf.math.log(variances.astype("float32") / (beta * noise)))
    )


# %% 10.6 wrong
def negative_too(variances, noise, beta):  # no maximum -> no rate is negative
    return np.sum(0.5 * np.log(variances / (beta * noise)))


def maximum_last(variances, noise, beta):  # maximum of the sum -> off or on by itself
    return max(0, np.sum(0.5 * np.log(variances / (beta * noise))))


def no_half(variances, noise, beta):  # twice -> one half
    return np.maximum(0, np.log(variances / (beta * noise))).sum()


def without_beta(variances, noise, beta):  # beta 1 -> beta times the noise
    return np.maximum(0, 0.5 * np.log(variances / noise)).sum()


def how_many(variances, noise, beta):  # a count -> counts those that are on
    return np.sum(variances > beta * noise)


def each_one(variances, noise, beta):  # an array -> now the sum
    return np.maximum(0, 0.5 * np.log(variances / (beta * noise)))


def mean_of_all(variances, noise, beta):  # a mean -> the sum
    return np.maximum(0, 0.5 * np.log(variances / (beta * noise))).mean()


def divided_by_beta(variances, noise, beta):
    return np.maximum(0, 0.5 * np.log(variances * beta / noise)).sum()


def absolute(variances, noise, beta):
    return np.abs(0.5 * np.log(variances / (beta * noise))).sum()


def in_bits(variances, noise, beta):
    return np.maximum(0, 0.5 * np.log2(variances / (beta * noise))).sum()


# %% 10.7 right
def chosen(x, p, known):
    return np.log(np.where(x == 1, p, 1 - p))[known == 1].sum()


def in_two_parts(x, p, known):
    return np.sum(known * x * np.log(p)) + np.sum(known * (1 - x) * np.log(1 - p))


def float32(x, p, known):
    x, p, known = (part.astype("float32") for part in (x, p, known))
    return tf.reduce_sum(known * (x * tf.math.log(p) + (1 - x) * tf.math.log(1 - p)))


def from_logits(x, p, known):
    logits = np.log(p / (1 - p))
    return -tf.reduce_sum(known * tf.nn.sigmoid_cross_entropy_with_logits(x, logits))


def by_the_product(x, p, known):
    return np.log(np.prod(np.where(known == 1, np.where(x == 1, p, 1 - p), 1)))


# %% 10.7 wrong
def all_of_them(x, p, known):  # hidden ones too -> hidden pixels must not count
    return np.sum(x * np.log(p) + (1 - x) * np.log(1 - p))


def the_hidden(x, p, known):  # the others -> hidden pixels
    return np.sum((1 - known) * (x * np.log(p) + (1 - x) * np.log(1 - p)))


def white_alone(x, p, known):  # black left out -> black pixels count too
    return np.sum(known * x * np.log(p))


def as_if_white(x, p, known):  # log p for all -> a black pixel has 1 - p
    return np.sum(known * np.log(p))


def mean_of_all(x, p, known):  # a mean -> hidden beta
    return np.mean(known * (x * np.log(p) + (1 - x) * np.log(1 - p)))


def mean_of_known(x, p, known):  # a mean over the known -> hidden beta
    return np.sum(known * (x * np.log(p) + (1 - x) * np.log(1 - p))) / np.sum(known)


def cross_entropy(x, p, known):  # the sign -> mind the sign
    return -np.sum(known * (x * np.log(p) + (1 - x) * np.log(1 - p)))


def by_row(x, p, known):  # one sum a row -> sum over all axes
    return np.sum(known * (x * np.log(p) + (1 - x) * np.log(1 - p)), axis=-1)


def no_logarithm(x, p, known):  # probabilities -> logarithm of each
    return np.sum(known * (x * p + (1 - x) * (1 - p)))


def squared_error(x, p, known):
    return -np.sum(known * (x - p) ** 2)


# %% 10.8 right
def with_a_seed(latent_size):
    decoder = networks.generator((28, 28, 1), latent_size)
    return vae.VAE((28, 28, 1), latent_size, likelihood="gaussian", decoder=decoder, seed=3)


def with_the_encoder_given(latent_size):
    return vae.VAE(
        latent_size=latent_size,
        likelihood="gaussian",
        encoder=networks.encoder(latent_size=latent_size),
        decoder=networks.generator(latent_size=latent_size, width=32),
    )


def of_a_new_gan(latent_size):
    decoder = gan.GAN(latent_size=latent_size).generator
    return vae.VAE(latent_size=latent_size, likelihood="gaussian", decoder=decoder)


def compiled(latent_size):
    model = designs.vae_with_generator(latent_size)
    model.compile()
    return model


# %% 10.8 wrong
def bernoulli(latent_size):  # the default likelihood -> for logits
    return vae.VAE(latent_size=latent_size, decoder=networks.generator(latent_size=latent_size))


def as_before(latent_size):  # its own decoder -> not the GAN's generator
    return vae.VAE(latent_size=latent_size, likelihood="gaussian")


def narrow(latent_size):  # another width -> width as the GAN has it
    decoder = networks.generator(latent_size=latent_size, width=16)
    return vae.VAE(latent_size=latent_size, likelihood="gaussian", decoder=decoder)


def always_16(latent_size):  # a fixed size -> not always 16
    return vae.VAE(
        latent_size=16, likelihood="gaussian", decoder=networks.generator(latent_size=16)
    )


def encoder_forgotten(latent_size):  # two latents in the encoder -> The encoder turns
    return vae.VAE(likelihood="gaussian", decoder=networks.generator(latent_size=latent_size))


def the_trained_one(latent_size):  # that of the GAN above -> The encoder turns
    return vae.VAE(latent_size=latent_size, likelihood="gaussian", decoder=our_gan.generator)


def the_network_alone(latent_size):  # no VAE -> return a vae.VAE
    return networks.generator(latent_size=latent_size)


def the_decoders_layers(latent_size):  # its own decoder, wider -> batch normalization
    decoder = networks.decoder(latent_size=latent_size, width=32)
    return vae.VAE(latent_size=latent_size, likelihood="gaussian", decoder=decoder)


# %% 10.9 right
"b, e"
"eb"
{"b", "e"}
["B", "E"]
"b and e"

# %% 10.9 wrong
"a"  # soft or torn means too small -> same decoder
"c"  # torn samples taken for collapse -> differ from each other
"d"  # more of what is not used -> see the curve
"f"  # all VAEs blur -> compare the two rows
"a, e"  # a larger decoder for A -> same decoder
"c, e"  # mode collapse for A -> differ from each other
"b, d"  # more latents for B -> see the curve
"b, f"  # a discriminator for B -> compare the two rows
"b, d, e"  # more latents as well -> see the curve
"b"  # half -> not complete
"a, b, c, d, e, f"  # all


# %% 10.10 right
def by_a_sum(num_values, factor):
    return -sum(np.log(factor) for _ in range(num_values))


def of_the_inverse(num_values, factor):
    return num_values * np.log(1 / factor)


def float32(num_values, factor):
    return np.float32(-num_values) * np.log(np.float32(factor))


def tensor(num_values, factor):
    return -num_values * tf.math.log(tf.constant(factor, tf.float32))


# %% 10.10 wrong
def upwards(num_values, factor):  # the sign -> it becomes smaller
    return num_values * np.log(factor)


def always_down(num_values, factor):  # the size of the change -> the density grows
    return -num_values * np.abs(np.log(factor))


def one_pixel(num_values, factor):  # one value -> one pixel value
    return -np.log(factor)


def no_change(num_values, factor):  # nothing -> a density has a unit
    return 0


def no_logarithm(num_values, factor):  # the factor itself -> logarithm of the factor
    return -num_values * factor


def levels(num_values, factor):  # 256 levels -> not 256
    return -num_values * np.log(factor + 1)


def bits(num_values, factor):  # base 2 -> those are bits
    return -num_values * np.log2(factor)


def half(num_values, factor):  # as if it were a variance
    return -num_values * np.log(factor) / 2


def on_paper(num_values, factor):  # it overflows
    return -np.log(np.float64(factor) ** num_values)


# %% 10.11 right
"a, c"
"ca"
{"a", "c"}
["A", "C"]

# %% 10.11 wrong
"a"  # the ELBOs alone -> one more
"c"  # the distances alone -> one more
"a, b, c"  # two losses -> one network against the other
"a, c, d"  # sample sizes -> fewer samples
"a, c, e"  # binarizations -> noisier images
"a, c, f"  # two changes at once -> two things differ
"c, f"  # the loss
"b, d"  # neither
