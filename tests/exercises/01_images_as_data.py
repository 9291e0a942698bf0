# %% 01.1 right
def one_by_one(shape):
    total = 4
    for length in shape:
        total *= length
    return total


def as_a_float(shape):
    return np.prod(shape) * 32 / 8


def asked_of_numpy(shape):
    return np.zeros(shape, "float32").nbytes


# %% 01.1 wrong
def as_uint8(shape):  # one byte each -> as uint8
    return np.prod(shape)


def in_bits(shape):  # bits -> those are bits
    return 32 * np.prod(shape)


def as_float64(shape):  # eight bytes -> float64
    return 8 * np.prod(shape)


def added(shape):  # a sum -> multiplied, not added
    return 4 * sum(shape)


def without_channels(shape):  # two axes -> the channels too
    return 4 * np.prod(shape[:2])


def one_picture(shape):  # three axes -> number of pictures
    return 4 * np.prod(shape[-3:])


def three_axes_only(shape):
    return 4 * shape[0] * shape[1] * shape[2]


# %% 01.2 right
def in_floats(image, amount):
    return np.clip(image.astype(float) + amount, 0, 255).astype(np.uint8)


def with_minimum_and_maximum(image, amount):
    return np.uint8(np.maximum(0, np.minimum(255, image.astype(np.int64) + amount)))


def in_tensorflow(image, amount):
    wide = tf.cast(image, tf.int32) + amount
    return tf.cast(tf.clip_by_value(wide, 0, 255), tf.uint8)


# %% 01.2 wrong
def wraps_around(image, amount):  # nothing widened -> wraps around
    return ((image.astype(np.int16) + amount) % 256).astype(np.uint8)


def cast_before_the_clip(image, amount):  # the clip too late -> wraps around
    return np.clip((image.astype(np.int16) + amount).astype(np.uint8), 0, 255)


def not_clipped(image, amount):  # no clip -> now clip
    return image.astype(np.int16) + amount


def upper_end_only(image, amount):  # no lower end -> upper end only
    return np.minimum(image.astype(np.int16) + amount, 255)


def not_cast_back(image, amount):  # still int16 -> their dtype is int16
    return np.clip(image.astype(np.int16) + amount, 0, 255)


def in_int8(image, amount):
    return np.clip(image.astype(np.int8) + np.int16(amount), 0, 255).astype(np.uint8)


def changes_its_input(image, amount):
    image[:] = np.clip(image.astype(np.int16) + amount, 0, 255)
    return image


# %% 01.3 right
def by_halves(scaled):
    return np.clip(np.round(127.5 * scaled + 127.5), 0, 255).astype(np.uint8)


def clipped_first(scaled):
    return np.uint8(np.rint((np.clip(scaled, -1, 1) + 1) * 255 / 2))


def with_the_package(scaled):
    return (np.clip(data.unscale_pixels(scaled), 0, 1) * 255).round().astype(np.uint8)


def in_float32(scaled):
    scaled = np.asarray(scaled, np.float32)
    return np.clip((scaled + 1) / 2 * 255, 0, 255).round().astype(np.uint8)


# %% 01.3 wrong
def cut_off(scaled):  # not rounded -> round first
    return np.clip((scaled + 1) / 2 * 255, 0, 255).astype(np.uint8)


def not_clipped(scaled):  # no clip -> clip before the cast
    return ((scaled + 1) / 2 * 255).round().astype(np.int64).astype(np.uint8)


def from_0_to_1(scaled):  # the other range -> way back from [0, 1]
    return np.clip(scaled * 255, 0, 255).round().astype(np.uint8)


def to_256(scaled):  # 256 -> not at 256
    return np.clip((scaled + 1) / 2 * 256, 0, 255).round().astype(np.uint8)


def not_halved(scaled):  # doubled -> halve first
    return np.clip((scaled + 1) * 255, 0, 255).round().astype(np.uint8)


def not_cast(scaled):  # floats -> their dtype is float64
    return np.clip((scaled + 1) / 2 * 255, 0, 255).round()


def to_0_1(scaled):
    return np.clip((scaled + 1) / 2, 0, 1)


# %% 01.4 right
def by_diff(video):
    return np.abs(np.diff(video.astype(int), axis=0)).mean(axis=(1, 2, 3))


def frame_by_frame(video):
    wide = video.astype(np.float32)
    return [np.abs(now - before).mean() for before, now in zip(wide[:-1], wide[1:])]


def flattened(video):
    rows = video.reshape(len(video), -1).astype(np.int16)
    return np.mean(np.abs(rows[:-1] - rows[1:]), axis=1)


def in_tensorflow(video):
    wide = tf.cast(video, tf.float32)
    return tf.reduce_mean(tf.abs(wide[1:] - wide[:-1]), axis=(1, 2, 3))


# %% 01.4 wrong
def in_uint8(video):  # wraps around -> wider type
    return np.abs(video[1:] - video[:-1]).mean(axis=(1, 2, 3))


def signed(video):  # no absolute value -> cancel
    return np.diff(video.astype(float), axis=0).mean(axis=(1, 2, 3))


def absolute_too_late(video):  # the order -> not after it
    return np.abs(np.diff(video.astype(float), axis=0).mean(axis=(1, 2, 3)))


def one_number(video):  # the mean over all -> for each pair
    return np.abs(np.diff(video.astype(float), axis=0)).mean()


def squared(video):  # squares -> squared
    return (np.diff(video.astype(float), axis=0) ** 2).mean(axis=(1, 2, 3))


def summed(video):  # the sum -> the mean is asked for
    return np.abs(np.diff(video.astype(float), axis=0)).sum(axis=(1, 2, 3))


def around_the_end(video):
    wide = video.astype(float)
    return np.abs(wide - np.roll(wide, 1, axis=0)).mean(axis=(1, 2, 3))


def to_the_first_frame(video):
    wide = video.astype(float)
    return np.abs(wide[1:] - wide[0]).mean(axis=(1, 2, 3))


def along_the_height(video):
    return np.abs(np.diff(video.astype(float), axis=1)).mean(axis=(1, 2, 3))


# %% 01.5 right
"bd"
{"d", "b"}
["B", "D"]
"b and d"

# %% 01.5 wrong
"b, c, d"  # whatever has learned -> no chance is left
"b"  # a condition taken for an input image -> need chance
"d"  # no wish, no sample -> nothing but chance
"a, e"  # the opposite
"c"  # learning taken for generating

# %% 01.6 right
"B"
" (b) "
["b"]

# %% 01.6 wrong
"a"  # training data -> training data
"c"  # noise -> noise
"a, b"  # both images


# %% 01.7 right
def by_a_sum(x, mean, axes, k):
    return mean + sum(np.dot(axes[:, i], x - mean) * axes[:, i] for i in range(k))


def by_the_projector(x, mean, axes, k):
    projector = axes[:, :k] @ axes[:, :k].T
    return (x - mean) @ projector + mean


def by_leaving_out(x, mean, axes, k):
    rest = axes[:, k:]
    return x - rest @ (rest.T @ (x - mean))


# %% 01.7 wrong
def without_the_mean(x, mean, axes, k):  # the mean not added -> added again
    return axes[:, :k] @ (axes[:, :k].T @ (x - mean))


def mean_not_taken_off(x, mean, axes, k):  # not centered -> take the mean off
    return mean + axes[:, :k] @ (axes[:, :k].T @ x)


def rows_for_columns(x, mean, axes, k):  # rows -> are rows
    return mean + axes[:k].T @ (axes[:k] @ (x - mean))


def last_axes(x, mean, axes, k):  # the last axes -> last k axes
    return mean + axes[:, -k:] @ (axes[:, -k:].T @ (x - mean))


def one_axis(x, mean, axes, k):
    axis = axes[:, k - 1]
    return mean + axis * (axis @ (x - mean))


def coordinates_only(x, mean, axes, k):
    return axes[:, :k].T @ (x - mean)


# %% 01.8 right
"b"
"B."
("b",)

# %% 01.8 wrong
"a"  # more samples -> any number of samples
"c"  # sharpness -> as sharp as
"d"  # no option
