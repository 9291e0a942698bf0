# %% 15.1 right
def by_scipy_like_softmax(noisy, time, known_rows):
    exponents = -(np.linalg.norm(noisy - time * known_rows, axis=1) ** 2) / (2 * (1 - time) ** 2)
    return np.exp(exponents - np.logaddexp.reduce(exponents))


def by_tensorflow(noisy, time, known_rows):
    squares = tf.reduce_sum((noisy - time * known_rows) ** 2, axis=1)
    return tf.nn.softmax(-0.5 * squares / (1 - time) ** 2)


def by_products(noisy, time, known_rows):
    # The square of the noisy image is the same for all, and drops out.
    logits = (time * known_rows @ noisy - time**2 * (known_rows**2).sum(axis=1) / 2) / (
        1 - time
    ) ** 2
    shares = np.exp(logits - logits.max())
    return shares / shares.sum()


def row_by_row(noisy, time, known_rows):
    logits = np.array([-sum((noisy - time * row) ** 2) / 2 / (1 - time) ** 2 for row in known_rows])
    return list(np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum())


# %% 15.1 wrong
def _squares(noisy, time, known_rows):
    return ((noisy - time * known_rows) ** 2).sum(axis=1)


def _softmax(logits):
    shares = np.exp(logits - logits.max())
    return shares / shares.sum()


def two_forgotten(noisy, time, known_rows):  # no 2 below the line -> 2 below the line
    return _softmax(-_squares(noisy, time, known_rows) / (1 - time) ** 2)


def deviation_for_variance(noisy, time, known_rows):  # 1 - t not squared -> its square
    return _softmax(-_squares(noisy, time, known_rows) / (2 * (1 - time)))


def variance_forgotten(noisy, time, known_rows):  # no variance -> variance (1 - t)²
    return _softmax(-_squares(noisy, time, known_rows) / 2)


def not_shrunk(noisy, time, known_rows):  # around x, not t x -> not around x
    return _softmax(-_squares(noisy, 1, known_rows) / (2 * (1 - time) ** 2))


def wrong_sign(noisy, time, known_rows):  # far images win -> sign
    return _softmax(_squares(noisy, time, known_rows) / (2 * (1 - time) ** 2))


def distance_not_squared(noisy, time, known_rows):  # a root too much -> root
    return _softmax(-np.sqrt(_squares(noisy, time, known_rows)) / (2 * (1 - time) ** 2))


def averaged_pixels(noisy, time, known_rows):  # a mean over pixels -> summed over the pixels
    squares = ((noisy - time * known_rows) ** 2).mean(axis=1)
    return _softmax(-squares / (2 * (1 - time) ** 2))


def not_normalized(noisy, time, known_rows):  # sum forgotten -> sum to 1
    exponents = -_squares(noisy, time, known_rows) / (2 * (1 - time) ** 2)
    return np.exp(exponents - exponents.max())


def naive(noisy, time, known_rows):  # 0/0 for far images -> 0/0
    shares = np.exp(-_squares(noisy, time, known_rows) / (2 * (1 - time) ** 2))
    return shares / shares.sum()


def nearest_only(noisy, time, known_rows):  # all weight to one -> every image
    return np.eye(len(known_rows))[_squares(noisy, time, known_rows).argmin()]


def mean_image(noisy, time, known_rows):  # one step too far -> weights alone
    return mistakes_paths.weights_of(noisy, time, known_rows) @ known_rows


def turned_time(noisy, time, known_rows):  # t counted the other way -> changed places
    return _softmax(-_squares(noisy, 1 - time, known_rows) / (2 * max(time, 1e-150) ** 2))


def wrong_axis(noisy, time, known_rows):  # summed over the images
    return ((noisy - time * known_rows) ** 2).sum(axis=0)


# %% 15.2 right
"c"
"C"
" (c) "
["c"][0]
# %% 15.2 wrong
"a"  # sharp is near -> another one
"b"  # unbiased is enough -> its own spread
"d"  # variance not recognized -> draw's own variance


# %% 15.3 right
def with_apply_gradients(network, optimizer, points, noise, times):
    with tf.GradientTape() as tape:
        moved = noise + times * (points - noise)
        loss = tf.reduce_mean(tf.square(points - noise - network([moved, times])))
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply_gradients(zip(gradients, network.trainable_variables))
    return loss


def by_the_package(network, optimizer, points, noise, times):
    with tf.GradientTape() as tape:
        guess = network([flow_paths.between(points, noise, times), times], training=True)
        loss = keras.losses.MeanSquaredError()(points - noise, guess)
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss.numpy()


def by_a_divided_sum(network, optimizer, points, noise, times):
    weights = network.trainable_variables
    with tf.GradientTape() as tape:
        difference = network((times * points + (1.0 - times) * noise, times)) - points + noise
        loss = tf.reduce_sum(difference**2) / (2 * len(points))
    optimizer.apply(tape.gradient(loss, weights), weights)
    return float(loss)


# %% 15.3 wrong
designs_paths.make_step(target="reversed")  # from data to noise -> turned round
designs_paths.make_step(target="clean")  # guesses the clean point -> clean point
designs_paths.make_step(target="noise")  # guesses the noise -> target is the noise
designs_paths.make_step(place="swapped")  # times the other way -> belongs to the points
designs_paths.make_step(place="points")  # no noise mixed in -> clean points
designs_paths.make_step(told="nothing")  # times not told -> not told
designs_paths.make_step(reduce=tf.reduce_sum)  # a sum -> is a sum
designs_paths.make_step(is_updated=False)  # no update -> no weight moves


def summed_coordinates(
    network, optimizer, points, noise, times
):  # |v|², mean over points -> coordinates
    with tf.GradientTape() as tape:
        guess = network([times * points + (1 - times) * noise, times])
        loss = tf.reduce_mean(tf.reduce_sum((guess - (points - noise)) ** 2, axis=1))
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def own_times(network, optimizer, points, noise, times):  # draws times of its own -> another way
    return designs_paths.make_step()(
        network, optimizer, points, noise, tf.random.uniform(times.shape)
    )


def no_return(network, optimizer, points, noise, times):  # loss not returned -> return the loss
    designs_paths.make_step()(network, optimizer, points, noise, times)


def network_alone(network, optimizer, points, noise, times):  # the guess returned
    designs_paths.make_step()(network, optimizer, points, noise, times)
    return network([points, times])


# %% 15.4 right
def by_parts(points, time, center, deviation):
    data_part, noise_part = time**2 * deviation**2, (1 - time) ** 2
    rest = (points - time * center) / (data_part + noise_part)
    return center + time * deviation**2 * rest - (1 - time) * rest


def from_the_clean_guess(points, time, center, deviation):
    variance = (time * deviation) ** 2 + (1 - time) ** 2
    clean = center + time * deviation**2 / variance * (points - time * center)
    return (clean - points) / (1 - time)


def by_the_package(points, time, center, deviation):
    return exact.velocity(points, time, center[np.newaxis], deviation)


# %% 15.4 wrong
def _variance(time, deviation):
    return time**2 * deviation**2 + (1 - time) ** 2


def plus_for_minus(points, time, center, deviation):  # cov with a plus -> with a minus
    covariance = time * deviation**2 + (1 - time)
    return center + covariance / _variance(time, deviation) * (points - time * center)


def clean_guess(points, time, center, deviation):  # E[x | x_t] -> clean point
    slope = time * deviation**2 / _variance(time, deviation)
    return center + slope * (points - time * center)


def noise_guess(points, time, center, deviation):  # E[e | x_t] -> mean of the noise
    return (1 - time) / _variance(time, deviation) * (points - time * center)


def center_not_shrunk(points, time, center, deviation):  # t before the center forgotten -> t times
    covariance = time * deviation**2 - (1 - time)
    return center + covariance / _variance(time, deviation) * (points - center)


def center_not_added(points, time, center, deviation):  # E a forgotten -> has to be added
    covariance = time * deviation**2 - (1 - time)
    return covariance / _variance(time, deviation) * (points - time * center)


def deviation_not_squared(points, time, center, deviation):  # s for s² -> squared, as a variance
    covariance = time * deviation - (1 - time)
    return center + covariance / _variance(time, deviation) * (points - time * center)


def straight_to_the_center(points, time, center, deviation):  # s = 0 -> deviation of 0
    return (center - points) / (1 - time)


def variance_without_squares(points, time, center, deviation):  # t, not t² -> enters squared
    covariance = time * deviation**2 - (1 - time)
    return center + covariance / (time * deviation**2 + 1 - time) * (points - time * center)


def root_of_the_variance(
    points, time, center, deviation
):  # by the deviation -> not by its deviation
    covariance = time * deviation**2 - (1 - time)
    return center + covariance / _variance(time, deviation) ** 0.5 * (points - time * center)


def one_number(points, time, center, deviation):  # a mean over the coordinates
    return mistakes_paths.gaussian_velocity(points, time, center, deviation).mean(axis=1)


# %% 15.5 right
def by_the_library(guess, points, time):
    found = flow_paths.readings("noise", guess, points, time)
    return np.stack([found.velocity, found.clean, found.score])


def velocity_first(guess, points, time):
    velocity = (points - guess) / time
    return [velocity, points + (1 - time) * velocity, guess / (time - 1)]


def by_tensors(guess, points, time):
    guess, points = tf.constant(guess), tf.constant(points)
    clean = points / time - (1 - time) / time * guess
    return tf.stack([clean - guess, clean, -guess / (1 - time)])


def score_by_the_clean_image(guess, points, time):
    clean = (points - (1 - time) * guess) / time
    score = (time * clean - points) / (1 - time) ** 2
    return np.array([(clean - points) / (1 - time), clean, score])


# %% 15.5 wrong
def _rows(guess, points, time):
    clean = (points - (1 - time) * guess) / time
    return clean - guess, clean, -guess / (1 - time)


def towards_the_noise(guess, points, time):  # the velocity's sign -> from the noise to the data
    velocity, clean, score = _rows(guess, points, time)
    return np.stack([-velocity, clean, score])


def divided_by_the_rest(guess, points, time):  # the velocity over 1 - t -> not by 1 - t
    _, clean, score = _rows(guess, points, time)
    return np.stack([(points - guess) / (1 - time), clean, score])


def minus_the_point(guess, points, time):  # clean minus x_t -> not minus noisy point
    _, clean, score = _rows(guess, points, time)
    return np.stack([clean - points, clean, score])


def still_shrunk(guess, points, time):  # the clean image not divided by t -> still shrunk
    velocity, _, score = _rows(guess, points, time)
    return np.stack([velocity, points - (1 - time) * guess, score])


def other_clock(guess, points, time):  # t and 1 - t swapped -> t is the image's share
    velocity, _, score = _rows(guess, points, time)
    return np.stack([velocity, (points - time * guess) / (1 - time), score])


def of_ddpm(guess, points, time):  # roots of the shares -> DDPM's path
    velocity, _, score = _rows(guess, points, time)
    return np.stack([velocity, (points - np.sqrt(1 - time) * guess) / np.sqrt(time), score])


def score_upside(guess, points, time):  # the score's sign -> score's sign
    velocity, clean, score = _rows(guess, points, time)
    return np.stack([velocity, clean, -score])


def score_in_noise(guess, points, time):  # the score not divided -> not divided by 1 - t
    velocity, clean, _ = _rows(guess, points, time)
    return np.stack([velocity, clean, -guess])


def by_the_variance(guess, points, time):  # the score over the variance -> cancels one
    velocity, clean, _ = _rows(guess, points, time)
    return np.stack([velocity, clean, -guess / (1 - time) ** 2])


def other_order(guess, points, time):  # another order -> changed places
    velocity, clean, score = _rows(guess, points, time)
    return np.stack([clean, velocity, score])


def side_by_side(guess, points, time):  # (n, 6) -> expected an array of shape
    return np.concatenate(_rows(guess, points, time), axis=1)


def noise_for_the_score(guess, points, time):  # noise in the score's place
    velocity, clean, _ = _rows(guess, points, time)
    return np.stack([velocity, clean, guess])


# %% 15.6 right
def as_derived(times):
    noise = times / (1 - times)
    return np.stack([noise**2, (1 + noise) ** 2])


def as_a_list(times):
    return [times**2 / (1 - times) ** 2, (1 - times) ** -2.0]


def by_tensors(times):
    rest = 1 - tf.constant(times)
    return tf.stack([tf.square(times / rest), 1 / rest**2])


def by_trying(times):
    rows = []
    for kind in ("noise", "velocity"):
        one, two = (flow_paths.readings("clean", x, 0.3, times) for x in (0.0, 1.0))
        rows.append((getattr(two, kind) - getattr(one, kind)) ** 2)
    return np.array(rows)


# %% 15.6 wrong
def not_squared(times):  # the errors, not their squares -> the squares' are asked for
    return np.stack([times / (1 - times), 1 / (1 - times)])


def with_the_sign(times):  # errors with their sign -> sign and all
    return np.stack([-times / (1 - times), 1 / (1 - times)])


def swapped(times):  # the rows swapped -> the noise first
    return np.stack([1 / (1 - times) ** 2, (times / (1 - times)) ** 2])


def upside_down(times):  # both upside down -> upside down
    return np.stack([((1 - times) / times) ** 2, (1 - times) ** 2])


def of_the_velocity(times):  # the velocity's squared error as 1 -> the clean image's is asked for
    return np.stack([times**2, np.ones(len(times))])


def shares_squared(times):  # the squared shares -> squared shares
    return np.stack([times**2, (1 - times) ** 2])


def opposite_sign_forgotten(times):  # squares added -> errors add
    noise = times / (1 - times)
    return np.stack([noise**2, 1 + noise**2])


def columns(times):  # columns -> two rows
    return np.stack([(times / (1 - times)) ** 2, 1 / (1 - times) ** 2], axis=1)


def noise_alone(times):  # one row only -> expected an array of shape (2, 3)
    return (times / (1 - times)) ** 2


# %% 15.7 right
def as_in_the_lesson(velocity, points, now, then):
    step = then - now
    first = velocity(points, now)
    return points + step / 2 * (first + velocity(points + step * first, then))


def by_the_euler_step(velocity, points, now, then):
    there = euler_step(velocity, points, now, then)
    mean = (velocity(points, now) + velocity(there, then)) / 2
    return points + mean * (then - now)


def half_of_two_euler_steps(velocity, points, now, then):
    there = euler_step(velocity, points, now, then)
    return (points + there + (then - now) * velocity(there, then)) / 2


def by_tensors(velocity, points, now, then):
    points = tf.constant(points)
    first = velocity(points, now)
    second = velocity(points + (then - now) * first, then)
    return points + (then - now) * tf.reduce_mean(tf.stack([first, second]), axis=0)


# %% 15.7 wrong
def euler(velocity, points, now, then):  # Euler's step -> Euler's step
    return points + (then - now) * velocity(points, now)


def midpoint(velocity, points, now, then):  # the midpoint rule -> midpoint rule
    half = (then - now) / 2
    return points + 2 * half * velocity(points + half * velocity(points, now), now + half)


def at_the_old_points(velocity, points, now, then):  # asked at the old points -> old points
    return points + (then - now) / 2 * (velocity(points, now) + velocity(points, then))


def at_the_old_time(velocity, points, now, then):  # asked at the old time -> old time
    first = velocity(points, now)
    second = velocity(points + (then - now) * first, now)
    return points + (then - now) / 2 * (first + second)


def the_sum(velocity, points, now, then):  # the half forgotten -> not their sum
    first = velocity(points, now)
    return points + (then - now) * (first + velocity(points + (then - now) * first, then))


def from_the_trial(
    velocity, points, now, then
):  # goes on from the trial's end -> begins at the points
    first = velocity(points, now)
    there = points + (then - now) * first
    return there + (then - now) / 2 * (first + velocity(there, then))


def second_alone(velocity, points, now, then):  # the second velocity alone -> mean of both
    there = points + (then - now) * velocity(points, now)
    return points + (then - now) * velocity(there, then)


def without_length(velocity, points, now, then):  # the length forgotten -> length of the step
    first = velocity(points, now)
    return points + (first + velocity(points + (then - now) * first, then)) / 2


def increment(velocity, points, now, then):  # the points forgotten -> add the points
    first = velocity(points, now)
    return (then - now) / 2 * (first + velocity(points + (then - now) * first, then))


def length_then(velocity, points, now, then):  # then for the length -> not then
    first = velocity(points, now)
    return points + then / 2 * (first + velocity(points + then * first, then))


def in_place(velocity, points, now, then):  # changes what it gets -> changes its input
    first = velocity(points, now)
    points += (then - now) * first
    return points


# %% 15.8 right
def by_a_fit(steps, errors):
    return -np.polyfit(np.log(steps), np.log(errors), 1)[0]


def to_base_two(steps, errors):
    return (np.log2(errors[0]) - np.log2(errors[1])) / (np.log2(steps[1]) - np.log2(steps[0]))


def by_differences(steps, errors):
    return -np.diff(np.log10(errors)) / np.diff(np.log10(steps))


# %% 15.8 wrong
def the_slope(steps, errors):  # the slope itself -> minus that
    return np.log(errors[1] / errors[0]) / np.log(steps[1] / steps[0])


def as_if_doubled(steps, errors):  # doubling supposed -> number of steps doubles
    return np.log2(errors[0] / errors[1])


def ratio(steps, errors):  # the errors' ratio -> take logarithms
    return errors[0] / errors[1]


def ratio_of_ratios(steps, errors):  # ratios divided -> divide logarithms
    return (errors[0] / errors[1]) / (steps[1] / steps[0])


def steps_not_logged(steps, errors):  # no logarithm of the steps -> both axes have logarithms
    return np.log(errors[0] / errors[1]) / (steps[1] - steps[0])


def upside_down(steps, errors):  # upside down -> upside down
    return np.log(steps[1] / steps[0]) / np.log(errors[0] / errors[1])


def plain_slope(steps, errors):  # no logarithms -> without logarithms
    return (errors[1] - errors[0]) / (steps[1] - steps[0])


def whole(steps, errors):  # rounded -> leave it unrounded
    return round(np.log(errors[0] / errors[1]) / np.log(steps[1] / steps[0]))


def both_logged(steps, errors):  # one order a number of steps
    return -np.log(errors) / np.log(steps)


# %% 15.9 right
def by_new_axes(guess, images, times):
    return tf.reduce_mean(((guess - images) / (1 - times[:, None, None])) ** 2)


def by_numpy(guess, images, times):
    rest = 1 - np.asarray(times)[..., np.newaxis, np.newaxis]
    return np.square((np.asarray(guess) - np.asarray(images)) / rest).mean()


def by_the_velocities(guess, images, times):
    spread = tf.reshape(times, (-1, 1, 1, 1))
    noisy = spread * images  # whatever the noise, it drops out of the difference
    velocity, wanted = (
        flow_paths.readings("clean", one, noisy, spread).velocity for one in (guess, images)
    )
    return tf.reduce_mean(tf.square(velocity - wanted))


def by_a_weighted_mean(guess, images, times):
    each = tf.reduce_mean(tf.reshape((guess - images) ** 2, (len(guess), -1)), axis=1)
    return tf.reduce_mean(each / (1 - times[:, 0]) ** 2)


def by_a_divided_sum(guess, images, times):
    rest = tf.ones_like(images) - keras.ops.expand_dims(times, (2, 3))
    total = tf.reduce_sum(tf.math.squared_difference(guess, images) / rest**2)
    return float(total) / np.prod(guess.shape)


# %% 15.9 wrong
def _rest(times):
    return tf.reshape(1 - times, (-1, 1, 1, 1))


def of_the_clean_image(guess, images, times):  # no time in it -> times are not in it
    return tf.reduce_mean((guess - images) ** 2)


def not_squared_below(guess, images, times):  # 1 - t not squared -> once only
    return tf.reduce_mean((guess - images) ** 2 / _rest(times))


def multiplied(guess, images, times):  # times 1 - t -> do not multiply
    return tf.reduce_mean(((guess - images) * _rest(times)) ** 2)


def other_clock(guess, images, times):  # over t -> divides by t
    return tf.reduce_mean(((guess - images) / tf.reshape(times, (-1, 1, 1, 1))) ** 2)


def of_the_noise(guess, images, times):  # the noise's loss -> noise's loss
    spread = tf.reshape(times, (-1, 1, 1, 1))
    return tf.reduce_mean(((guess - images) * spread / (1 - spread)) ** 2)


def summed(guess, images, times):  # a sum over all -> sum over all numbers
    return tf.reduce_sum(((guess - images) / _rest(times)) ** 2)


def summed_pixels(guess, images, times):  # a sum over the pixels -> the pixels are summed
    squares = tf.reduce_sum((guess - images) ** 2, axis=(1, 2, 3))
    return tf.reduce_mean(squares / (1 - times[:, 0]) ** 2)


def absolute(guess, images, times):  # absolute values -> absolute error
    return tf.reduce_mean(tf.abs(guess - images) / _rest(times))


def with_a_root(guess, images, times):  # a root -> root is too much
    return tf.norm((guess - images) / _rest(times)) / np.sqrt(np.prod(images.shape))


def divided_after_the_mean(guess, images, times):  # two means -> divide before the mean
    return tf.reduce_mean((guess - images) ** 2) / tf.reduce_mean((1 - times) ** 2)


def times_as_they_are(guess, images, times):  # (n, 1) as it is -> run along the pixels
    return tf.reduce_mean(((guess - images) / (1 - times)) ** 2)


def one_axis_too_few(guess, images, times):  # (n, 1, 1) -> reshape 1 - times to (n, 1, 1, 1)
    return tf.reduce_mean(((guess - images) / (1 - times[:, None])) ** 2)


def not_averaged(guess, images, times):  # no mean -> now take the mean
    return ((guess - images) / _rest(times)) ** 2


def one_an_image(guess, images, times):  # a loss for each image -> expected a number
    return tf.reduce_mean(((guess - images) / _rest(times)) ** 2, axis=(1, 2, 3))


def halved(guess, images, times):  # one half in front -> half of what was asked for
    return 0.5 * tf.reduce_mean(((guess - images) / _rest(times)) ** 2)


def no_return(guess, images, times):  # nothing returned -> returns None
    tf.reduce_mean(((guess - images) / _rest(times)) ** 2)


# %% 15.10 right
"a, c, d"
"dca"
["a", "c", "d"]
# %% 15.10 wrong
"a, b, c, d"  # generalized -> no more is in the table
"a, c, d, e"  # below the floor -> nobody trained it further
"a, d"  # one call -> Heun's only step
"a, c"  # one call -> compare the GAN's row
"c, d"  # the VAE -> Adams at 16 calls
"b"  # generalized alone

# %% 15.11 right
"c"
"C"
"(c)"
# %% 15.11 wrong
"a"  # more steps -> begins anew
"b"  # other noise -> normal as before
"d"  # by heart -> fresh noise


# %% 15.12 right
def by_shares(velocity, points, time, labels, weight, guided):
    v = velocity(points, time, labels)
    if time < guided[0] or time >= guided[1]:
        return v
    return weight * v + (1 - weight) * velocity(points, time, None)


def beyond_v(velocity, points, time, labels, weight, guided):
    begin, end = guided
    found = velocity(points, time, labels)
    if begin <= time < end:
        found = found + (weight - 1) * (found - velocity(points, time, None))
    return found


def by_tensors(velocity, points, time, labels, weight, guided):
    v = tf.constant(velocity(points, time, labels))
    if guided[0] <= time < guided[1]:
        u = tf.constant(velocity(points, time, None))
        return tf.add(u, tf.multiply(weight, tf.subtract(v, u)))
    return v


def a_difference_or_none(velocity, points, time, labels, weight, guided):
    told = velocity(points, time, labels)
    is_on = guided[0] <= time < guided[1]
    untold = velocity(points, time, None) if is_on else told
    return untold + weight * (told - untold)


designs_guidance.make_guided()
# %% 15.12 wrong
designs_guidance.make_guided(outside="without")  # u outside -> class is forgotten
designs_guidance.make_guided(always_asks=True)  # u asked outside -> asked twice


def _both(velocity, points, time, labels):
    return velocity(points, time, labels), velocity(points, time, None)


def always(velocity, points, time, labels, weight, guided):  # always on -> on at all times
    v, u = _both(velocity, points, time, labels)
    return u + weight * (v - u)


def turned_round(
    velocity, points, time, labels, weight, guided
):  # v and u swapped -> changed places
    v, u = _both(velocity, points, time, labels)
    return v + weight * (u - v) if guided[0] <= time < guided[1] else v


def weight_plus_one(velocity, points, time, labels, weight, guided):  # w of the paper -> begin at u
    v, u = _both(velocity, points, time, labels)
    return v + weight * (v - u) if guided[0] <= time < guided[1] else v


def step_alone(velocity, points, time, labels, weight, guided):  # u not added -> add u
    v, u = _both(velocity, points, time, labels)
    return weight * (v - u) if guided[0] <= time < guided[1] else v


def times_v(velocity, points, time, labels, weight, guided):  # w v -> multiply the difference
    v = velocity(points, time, labels)
    return weight * v if guided[0] <= time < guided[1] else v


def shares_of_more_than_one(
    velocity, points, time, labels, weight, guided
):  # u + w v -> count 1 - weight times
    v, u = _both(velocity, points, time, labels)
    return u + weight * v if guided[0] <= time < guided[1] else v


def inside_out(velocity, points, time, labels, weight, guided):  # off inside -> turn it round
    v = velocity(points, time, labels)
    if guided[0] <= time < guided[1]:
        return v
    u = velocity(points, time, None)
    return u + weight * (v - u)


def no_end(
    velocity, points, time, labels, weight, guided
):  # the end forgotten -> after the interval
    v, u = _both(velocity, points, time, labels)
    return u + weight * (v - u) if time >= guided[0] else v


def begin_left_out(velocity, points, time, labels, weight, guided):  # < for <= -> first time
    v, u = _both(velocity, points, time, labels)
    return u + weight * (v - u) if guided[0] < time < guided[1] else v


def end_taken_in(velocity, points, time, labels, weight, guided):  # <= for < -> second time
    v, u = _both(velocity, points, time, labels)
    return u + weight * (v - u) if guided[0] <= time <= guided[1] else v


def class_zero(velocity, points, time, labels, weight, guided):  # class 0 for none -> with class 0
    v = velocity(points, time, labels)
    if not guided[0] <= time < guided[1]:
        return v
    u = velocity(points, time, np.zeros(len(labels), int))
    return u + weight * (v - u)


def asked_at_first(
    velocity, points, time, labels, weight, guided
):  # asked first -> ask for v alone
    v, u = _both(velocity, points, time, labels)
    if not guided[0] <= time < guided[1]:
        return v
    return u + weight * (v - u)


def no_return_outside(
    velocity, points, time, labels, weight, guided
):  # only inside -> returns None
    if guided[0] <= time < guided[1]:
        v, u = _both(velocity, points, time, labels)
        return u + weight * (v - u)


def square_of_the_weight(velocity, points, time, labels, weight, guided):  # w² -> other numbers
    v, u = _both(velocity, points, time, labels)
    return u + weight**2 * (v - u) if guided[0] <= time < guided[1] else v


def pair(velocity, points, time, labels, weight, guided):  # v and u returned -> points' shape
    return _both(velocity, points, time, labels)


# %% 15.13 right
"c"
"C"
" c "
# %% 15.13 wrong
"a"  # no guidance -> one garment in seven
"b"  # all the way -> look at the calls
"d"  # too much -> the white comes from the weight
