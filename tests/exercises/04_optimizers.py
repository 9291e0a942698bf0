# %% 04.1 right
np.array([-1.96, 0.5], "float32")
(-1.96, 0.5)
tf.constant([-1.96, 0.5])
np.array([-2, 1]) - 0.02 * ravine.gradient(np.array([-2.0, 1.0]))

# %% 04.1 wrong
[-2.04, 1.5]  # uphill -> uphill
[0.04, -0.5]  # the move, not the point
[-0.04, 0.5]  # rate times gradient -> subtract it from the point
[-2, 25]  # the gradient -> still to be made
[-1.96, 0.98]  # forgets the 25 -> 25 y
[-1.96, 0.75]  # keeps the 1/2 -> cancels
[-1.88, -0.5]  # the rate 0.06 of the text


# %% 04.2 right
def by_all_eigenvalues(hessian):
    return 2 / np.max(np.linalg.eigvals(hessian)).real


def by_the_norm(hessian):
    return 2 / np.linalg.norm(hessian, 2)


def in_tensorflow(hessian):
    return 2 / tf.linalg.eigvalsh(tf.constant(hessian, tf.float32))[-1]


# %% 04.2 wrong
def the_curvature(hessian):  # L itself -> that is L
    return np.linalg.eigvalsh(hessian)[-1]


def one_over_l(hessian):  # 1/L -> safe
    return 1 / np.linalg.eigvalsh(hessian)[-1]


def largest_on_the_diagonal(hessian):  # an entry -> no eigenvalue
    return 2 / np.diag(hessian).max()


def flattest_direction(hessian):  # the smallest eigenvalue -> steepest decides
    return 2 / np.linalg.eigvalsh(hessian)[0]


def sum_of_eigenvalues(hessian):  # the trace -> sum of the eigenvalues
    return 2 / np.trace(hessian)


def first_entry(hessian):
    return 2 / hessian[0, 0]


def best_rate(hessian):
    values = np.linalg.eigvalsh(hessian)
    return 2 / (values[0] + values[-1])


def determinant(hessian):
    return 2 / np.linalg.det(hessian)


# %% 04.3 right
def by_counting(smallest, largest, share):
    left, steps = 1.0, 0
    while not left < share:
        left *= (largest - smallest) / (largest + smallest)
        steps += 1
    return steps


def by_the_condition_number(smallest, largest, share):
    condition = largest / smallest
    return np.floor(np.log(share) / np.log((condition - 1) / (condition + 1))) + 1


def as_an_integer(smallest, largest, share):
    factor = 1 - 2 * smallest / (smallest + largest)
    return np.int64(np.log10(share) / np.log10(factor)) + 1


# %% 04.3 wrong
def not_rounded(smallest, largest, share):  # a fraction -> come whole
    return np.log(share) / np.log((largest - smallest) / (largest + smallest))


def rounded_down(smallest, largest, share):  # one too few -> one more
    return int(np.log(share) / np.log((largest - smallest) / (largest + smallest)))


def rounded_up(smallest, largest, share):  # equal is not less -> less than
    return int(np.ceil(np.log(share) / np.log((largest - smallest) / (largest + smallest))))


def at_one_over_l(smallest, largest, share):  # another rate -> not the best
    return int(np.floor(np.log(share) / np.log(1 - smallest / largest))) + 1


def height_of_the_loss(smallest, largest, share):  # the square -> the distance
    return (
        int(np.floor(np.log(share) / np.log(((largest - smallest) / (largest + smallest)) ** 2)))
        + 1
    )


def distances_added(smallest, largest, share):
    return int((1 - share) / (1 - (largest - smallest) / (largest + smallest))) + 1


# %% 04.4 right
def with_a_list(point, velocity, gradient, rate, m):
    new = m * velocity - rate * gradient
    return [point + new, new]


def stacked_in_float32(point, velocity, gradient, rate, m):
    new = velocity * m - gradient * rate
    return np.stack([point + new, new]).astype("float32")


def in_tensorflow(point, velocity, gradient, rate, m):
    new = tf.constant(velocity) * m - rate * gradient
    return tf.stack([point + new, new])


# %% 04.4 wrong
def by_the_old_velocity(point, velocity, gradient, rate, m):  # the old velocity -> new velocity
    return np.array([point + velocity, m * velocity - rate * gradient])


def uphill(point, velocity, gradient, rate, m):  # the sign -> downhill
    new = m * velocity + rate * gradient
    return np.array([point + new, new])


def in_the_other_order(point, velocity, gradient, rate, m):  # the order -> point first
    new = m * velocity - rate * gradient
    return np.array([new, point + new])


def running_mean(point, velocity, gradient, rate, m):  # Adam's mean -> not the share
    new = m * velocity - (1 - m) * rate * gradient
    return np.array([point + new, new])


def without_memory(point, velocity, gradient, rate, m):  # plain descent -> keep the share
    return np.array([point - rate * gradient, -rate * gradient])


def rate_on_both(point, velocity, gradient, rate, m):  # the rate on everything -> not the velocity
    new = m * velocity - gradient
    return np.array([point + rate * new, new])


def nesterov_s(point, velocity, gradient, rate, m):
    new = m * velocity - rate * gradient
    return np.array([point + m * new - rate * gradient, new])


def minus_the_velocity(point, velocity, gradient, rate, m):
    new = m * velocity - rate * gradient
    return np.array([point - new, new])


# %% 04.5 right
0.1 / np.sqrt(0.001)
3.16
np.float32(3.1622777)
tf.constant(10**0.5)

# %% 04.5 wrong
1  # with the corrections -> with the corrections
100  # no root -> under a root
0.316  # the inverse -> inverse
0.7 / np.sqrt(0.001 * 7)  # the gradient not squared -> squared
0.1  # not divided -> divide
0.7  # the mean alone -> root
3  # rounded

# %% 04.6 right
"1e 2b 3d 4a"
{"4a", "3d", "2b", "1e"}
["1E", "2B", "3D", "4A"]

# %% 04.6 wrong
"1e, 2c, 3d, 4a"  # blames the sign -> from the first step
"1b, 2c, 3d, 4a"  # a level taken for the limit -> run 1 stays
"1d, 2b, 3e, 4a"  # noise taken for momentum -> swapped
"1e, 2d, 3b, 4a"  # momentum taken for the limit -> run 3 comes down
"1a, 2b, 3d, 4e"  # a floor taken for a small rate
"1e, 2b, 3d"  # one run missing

# %% 04.7 right
np.int64(576)
64 * 9.0
tf.constant(576)

# %% 04.7 wrong
192  # three times the batch -> 1/√3
111  # the root on the wrong side -> grows with the square
21  # smaller instead of larger -> not more
7  # smaller by nine -> not more
9  # the factor, not the batch
4096  # rounded to a power of two, 64 squared


# %% 04.8 right
def with_cos_squared(step, first_rate, num_steps):
    return first_rate * np.cos(np.pi * step / (2 * num_steps)) ** 2


def in_float32(step, first_rate, num_steps):
    return np.float32(first_rate / 2 + first_rate / 2 * np.cos(np.pi * step / num_steps))


def by_keras(step, first_rate, num_steps):
    return keras.optimizers.schedules.CosineDecay(first_rate, num_steps)(step)


# %% 04.8 wrong
def down_to_minus(step, first_rate, num_steps):  # a whole swing down -> minus the rate
    return first_rate * np.cos(np.pi * step / num_steps)


def from_twice_the_rate(step, first_rate, num_steps):  # no half -> twice
    return first_rate * (1 + np.cos(np.pi * step / num_steps))


def whole_period(step, first_rate, num_steps):  # comes up again -> half a cosine
    return first_rate * 0.5 * (1 + np.cos(2 * np.pi * step / num_steps))


def quarter_of_a_cosine(step, first_rate, num_steps):
    return first_rate * np.cos(0.5 * np.pi * step / num_steps)


def straight(step, first_rate, num_steps):
    return first_rate * (1 - step / num_steps)


def one_step_off(step, first_rate, num_steps):
    return first_rate * 0.5 * (1 + np.cos(np.pi * (step + 1) / num_steps))


# %% 04.9 right
1.00125
np.float32(1.0012492)
abs(1 + 1j * np.sqrt(0.0025))
tf.constant(np.sqrt(1.0025))

# %% 04.9 wrong
1.0025  # the square -> take the root
np.sqrt(1 - 0.0025)  # the wrong sign -> the sign
1  # taken for bounded -> nearly
np.sqrt(1.5)  # one rate only -> product
1.001  # rounded
np.sqrt(1 + 0.505)  # the sum of the rates


# %% 04.10 right
def in_two_lines(x, y, rate_x, rate_y):
    x -= rate_x * y
    y += rate_y * x
    return np.array([x, y])


def by_the_matrix(x, y, rate_x, rate_y):
    M = np.array([[1, -rate_x], [rate_y, 1 - rate_x * rate_y]])
    return M @ [x, y]


def as_a_tuple_in_float32(x, y, rate_x, rate_y):
    new = np.float32(x - rate_x * y)
    return new, np.float32(y + rate_y * new)


# %% 04.10 wrong
def simultaneous(x, y, rate_x, rate_y):  # the old x -> simultaneous
    return np.array([x - rate_x * y, y + rate_y * x])


def y_first(x, y, rate_x, rate_y):  # y moves first -> x is to move first
    y = y + rate_y * x
    return np.array([x - rate_x * y, y])


def both_downhill(x, y, rate_x, rate_y):  # y goes down -> uphill
    x = x - rate_x * y
    return np.array([x, y - rate_y * x])


def own_slope(x, y, rate_x, rate_y):  # the slopes mixed up -> by x is y
    x_new = x - rate_x * x
    return np.array([x_new, y + rate_y * (y - rate_x * y)])


def one_rate(x, y, rate_x, rate_y):  # one rate -> of its own
    x = x - rate_x * y
    return np.array([x, y + rate_x * x])


def extragradient(x, y, rate_x, rate_y):
    trial_x, trial_y = x - rate_x * y, y + rate_y * x
    return np.array([x - rate_x * trial_y, y + rate_y * trial_x])


# %% 04.11 right
"cde"
{"c", "d", "e"}
("E", "D", "C")

# %% 04.11 wrong
"a, c, d, e"  # a ratio of rates -> only the product
"b, c, d, e"  # the average of a spiral -> which of the two wins
"a, b, c, d, e"  # everything -> two of them
"c, d"  # forgets the damped player
"c"  # only the average
