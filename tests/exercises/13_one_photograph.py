# %% 13.1 right
5220
np.int64(58 * 90)
5220.0
tf.constant(5220)
len(texture.patches(np.zeros((64, 96, 3)), 7))
sum(1 for row in range(64 - 6) for column in range(96 - 6))

# %% 13.1 wrong
64 * 96  # every pixel -> stick out
57 * 89  # one too few -> one more
9 * 13  # without overlap -> do not overlap
58 * 90 * 49  # the pixels of all patches -> count the patches
58 * 90 * 3  # once for each color -> three colors
58 + 90  # added -> multiply
59 * 91  # one too many
58 * 89  # one more in one direction only


# %% 13.2 right
def by_loops(patch, known):
    best = np.inf
    for one in known:
        best = min(best, np.sqrt(np.mean((one - patch) ** 2)))
    return best


def root_last(patch, known):
    return np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3)).min())


def by_the_norm(patch, known):
    flat = np.reshape(known, (len(known), -1)) - np.reshape(patch, -1)
    return np.linalg.norm(flat, axis=1).min() / np.sqrt(flat.shape[1])


def in_tensorflow(patch, known):
    return tf.reduce_min(
        tf.sqrt(tf.reduce_mean((known - tf.cast(patch, known.dtype)) ** 2, (1, 2, 3)))
    )


def in_float32(patch, known):
    return np.sqrt(((known - patch).astype(np.float32) ** 2).mean((1, 2, 3))).min()


# %% 13.2 wrong
def mean_over_all(patch, known):  # one mean over all patches -> over all known patches at once
    return np.sqrt(((known - patch) ** 2).mean())


def no_root(patch, known):  # no square root -> square root is missing
    return ((known - patch) ** 2).mean(axis=(1, 2, 3)).min()


def sum_for_mean(patch, known):  # a sum -> divides by
    return np.sqrt(((known - patch) ** 2).sum(axis=(1, 2, 3))).min()


def mean_distance(patch, known):  # the mean distance -> the nearest one counts
    return np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3))).mean()


def farthest(patch, known):  # the maximum -> farthest
    return np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3))).max()


def absolute(patch, known):  # absolute differences -> squares them
    return np.abs(known - patch).mean(axis=(1, 2, 3)).min()


def index(patch, known):  # argmin -> its distance is asked for
    return np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3))).argmin()


def smallest_value(patch, known):  # the least of all values -> single value
    return np.sqrt(((known - patch) ** 2).min())


def of_each(patch, known):  # all distances, no minimum
    return np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3)))


def colors_not_counted(patch, known):  # divides by s^2, not by 3 s^2
    return np.sqrt(((known - patch) ** 2).sum(axis=(1, 2, 3)) / patch.shape[0] ** 2).min()


def only_the_first(patch, known):  # compares with the first patch
    return np.sqrt(((known[0] - patch) ** 2).mean())


# %% 13.3 right
9
9.0
np.float32(9)
tf.constant(9.0)
seam_cost(np.array([[2.0, 3, 4], [7, 8, 1], [2, 6, 5]]))

# %% 13.3 wrong
5  # the least of each row -> at most one column
11  # greedy -> Another path is cheaper
10  # straight down the right column -> may begin elsewhere
17  # straight down the middle column
8  # the cost of the second row and its start, then the least
4  # stops after two rows


# %% 13.4 right
def solved_with_dilation():
    layers = [keras.Input((None, None, 3))]
    for _ in range(4):
        layers += [keras.layers.Conv2D(16, 3, dilation_rate=2), keras.layers.LeakyReLU(0.2)]
    return keras.Sequential([*layers, keras.layers.Conv2D(1, 3, dilation_rate=2)])


def one_large_convolution():
    return keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(1, 21)])


def mixed_sides():
    layers = [keras.Input((None, None, 3))]
    for side in (3, 3, 9, 7):
        layers.append(keras.layers.Conv2D(8, side, activation="leaky_relu"))
    return keras.Sequential([*layers, keras.layers.Conv2D(1, 3)])


def functional():
    inputs = x = keras.Input((None, None, 3))
    for _ in range(4):
        x = keras.layers.LeakyReLU(negative_slope=0.2)(keras.layers.Conv2D(4, 5)(x))
    return keras.Model(inputs, keras.layers.Conv2D(1, 5)(x))


# %% 13.4 wrong
def as_before():  # the same network -> sees 11 x 11
    return patch_network(1, normalize=False)


def ten_convolutions():  # ten of 3 x 3 -> more than 5
    layers = [keras.Input((None, None, 3))]
    layers += [keras.layers.Conv2D(8, 3, activation="leaky_relu") for _ in range(9)]
    return keras.Sequential([*layers, keras.layers.Conv2D(1, 3)])


def padded():  # padding="same" -> pads with zeros
    layers = [keras.Input((None, None, 3))]
    for _ in range(4):
        layers.append(keras.layers.Conv2D(8, 5, padding="same", activation="leaky_relu"))
    return keras.Sequential([*layers, keras.layers.Conv2D(1, 5, padding="same")])


def three_outputs():  # a color picture -> one logit
    layers = [keras.Input((None, None, 3))]
    layers += [keras.layers.Conv2D(8, 5, activation="leaky_relu") for _ in range(4)]
    return keras.Sequential([*layers, keras.layers.Conv2D(3, 5)])


def side_seven():  # kernels of 7 -> sees 31 x 31
    layers = [keras.Input((None, None, 3))]
    layers += [keras.layers.Conv2D(8, 7, activation="leaky_relu") for _ in range(4)]
    return keras.Sequential([*layers, keras.layers.Conv2D(1, 7)])


def strides():  # stride 2
    layers = [keras.Input((None, None, 3))]
    layers += [keras.layers.Conv2D(8, 3, strides=2, activation="leaky_relu") for _ in range(2)]
    return keras.Sequential([*layers, keras.layers.Conv2D(1, 5)])


def four_of_five():  # one convolution too few
    layers = [keras.Input((None, None, 3))]
    layers += [keras.layers.Conv2D(8, 5, activation="leaky_relu") for _ in range(3)]
    return keras.Sequential([*layers, keras.layers.Conv2D(1, 5)])


def wide_only():  # 21 columns, but 11 rows
    layers = [keras.Input((None, None, 3))]
    layers += [keras.layers.Conv2D(8, (3, 5), activation="leaky_relu") for _ in range(4)]
    return keras.Sequential([*layers, keras.layers.Conv2D(1, (3, 5))])


def no_network():  # the side instead of a network
    return 21


# %% 13.5 right
def in_another_order(fake_logits, reconstruction, real, alpha):
    return alpha * np.mean(np.square(real - reconstruction)) - np.mean(fake_logits)


def with_tensorflow(fake_logits, reconstruction, real, alpha):
    squared = tf.reduce_mean((tf.constant(reconstruction) - real) ** 2)
    return -tf.reduce_mean(fake_logits) + alpha * squared


def in_float32(fake_logits, reconstruction, real, alpha):
    parts = [np.asarray(part, np.float32) for part in (fake_logits, reconstruction, real)]
    return -parts[0].mean() + np.float32(alpha) * ((parts[1] - parts[2]) ** 2).mean()


def with_the_course(fake_logits, reconstruction, real, alpha):
    error = np.mean((reconstruction - real) ** 2)
    return float(gan_losses.hinge_generator_loss(tf.constant(fake_logits))) + alpha * error


# %% 13.5 wrong
def wrong_sign(fake_logits, reconstruction, real, alpha):  # plus the logits -> mind the sign
    return fake_logits.mean() + alpha * ((reconstruction - real) ** 2).mean()


def sum_of_squares(fake_logits, reconstruction, real, alpha):  # a sum -> mean of the squares
    return -fake_logits.mean() + alpha * ((reconstruction - real) ** 2).sum()


def sum_of_logits(fake_logits, reconstruction, real, alpha):  # a sum -> mean of the logits
    return -fake_logits.sum() + alpha * ((reconstruction - real) ** 2).mean()


def no_alpha(fake_logits, reconstruction, real, alpha):  # no weight -> alpha is missing
    return -fake_logits.mean() + ((reconstruction - real) ** 2).mean()


def fixed_alpha(fake_logits, reconstruction, real, alpha):  # 10 in the place of alpha
    return -fake_logits.mean() + 10 * ((reconstruction - real) ** 2).mean()


def absolute(fake_logits, reconstruction, real, alpha):  # no square -> square the differences
    return -fake_logits.mean() + alpha * np.abs(reconstruction - real).mean()


def with_margin(fake_logits, reconstruction, real, alpha):  # D's hinge -> no max and no margin
    hinge = np.maximum(0, 1 - fake_logits).mean()
    return hinge + alpha * ((reconstruction - real) ** 2).mean()


def with_root(fake_logits, reconstruction, real, alpha):  # the error of the text -> no square root
    return -fake_logits.mean() + alpha * np.sqrt(((reconstruction - real) ** 2).mean())


def only_the_game(fake_logits, reconstruction, real, alpha):  # forgets the reconstruction
    return -fake_logits.mean()


# %% 13.6 right
"d"
"D"
" (d) "
"d."

# %% 13.6 wrong
"a"  # mode collapse -> look at the six
"b"  # more steps -> needs no training
"c"  # no gradient -> no fur either
"e"  # memorized -> eyes in place
"f"  # no option

# %% 13.7 right
"d"
"D"
"(d)"

# %% 13.7 wrong
"a"  # another budget -> number of steps
"b"  # only the seed -> what the seed does
"c"  # another photo -> fur has no arrangement
"e"  # another pyramid -> another pyramid


# %% 13.8 right
def with_one_opacity(pixels):
    color, a = pixels[:, :, :3], pixels[:, :, 3]
    return color * a[..., None] + (1 - a)[..., None]


def from_white_down(pixels):
    return 1 - pixels[..., 3:] * (1 - pixels[..., :3])


def by_channel(pixels):
    return np.stack([pixels[..., k] * pixels[..., 3] + 1 - pixels[..., 3] for k in range(3)], -1)


def in_tensorflow(pixels):
    return tf.constant(pixels[..., :3]) * pixels[..., 3:] + (1.0 - pixels[..., 3:])


def in_float32(pixels):
    pixels = pixels.astype(np.float32)
    return pixels[..., 3:] * pixels[..., :3] + (1 - pixels[..., 3:])


# %% 13.8 wrong
def dropped(pixels):  # drops the channel -> throws the opacity away
    return pixels[..., :3]


def on_black(pixels):  # no white -> black paper
    return pixels[..., 3:] * pixels[..., :3]


def the_other_way(pixels):  # a and 1 - a changed places -> the other way round
    return (1 - pixels[..., 3:]) * pixels[..., :3] + pixels[..., 3:]


def not_multiplied(pixels):  # adds white only -> multiplied by a
    return pixels[..., :3] + 1 - pixels[..., 3:]


def white_255(pixels):  # white as 255 -> white is 1
    return pixels[..., 3:] * pixels[..., :3] + 255 * (1 - pixels[..., 3:])


def all_four(pixels):  # keeps the fourth channel
    return pixels[..., 3:] * pixels + (1 - pixels[..., 3:])
