# %% 17.9 right
import itertools


def on_the_path(noisy, deviation, velocity, num_steps):
    time = 1 / (1 + 2 * deviation)
    points = time * (2 * noisy - 1)
    for now, then in itertools.pairwise(np.linspace(time, 1, num_steps + 1)):
        points = points + (then - now) * velocity(points, now)
    return (points + 1) / 2


def by_the_ratio(noisy, deviation, velocity, num_steps):
    ratio = 2 * deviation
    points, time, step = (
        (2 * noisy - 1) / (1 + ratio),
        1 / (1 + ratio),
        ratio / (1 + ratio) / num_steps,
    )
    while num_steps:
        points, time, num_steps = points + step * velocity(points, time), time + step, num_steps - 1
    return points / 2 + 1 / 2


def by_the_solver(noisy, deviation, velocity, num_steps):
    from course_utils.models import flow_solvers

    start = 1 / (1 + 2 * deviation)
    left = 1 - start

    def later(points, time):
        return left * velocity(points, start + left * time)

    return (flow_solvers.solve(later, start * (2 * noisy - 1), num_steps) + 1) / 2


# %% 17.9 wrong
import itertools


def _follow(points, times, velocity):
    for now, then in itertools.pairwise(times):
        points = points + (then - now) * velocity(points, float(now))
    return points


def range_forgotten(noisy, deviation, velocity, num_steps):  # noise not doubled -> half as strong
    time = 1 / (1 + deviation)
    points = _follow(time * (2 * noisy - 1), np.linspace(time, 1, num_steps + 1), velocity)
    return (points + 1) / 2


def not_scaled(
    noisy, deviation, velocity, num_steps
):  # t left out of the point -> not yet on the path
    time = 1 / (1 + 2 * deviation)
    return (_follow(2 * noisy - 1, np.linspace(time, 1, num_steps + 1), velocity) + 1) / 2


def not_shifted(noisy, deviation, velocity, num_steps):  # start in [0, 1] -> start at t
    time = 1 / (1 + 2 * deviation)
    return (_follow(time * noisy, np.linspace(time, 1, num_steps + 1), velocity) + 1) / 2


def not_back(noisy, deviation, velocity, num_steps):  # the network's range -> still in [-1, 1]
    time = 1 / (1 + 2 * deviation)
    return _follow(time * (2 * noisy - 1), np.linspace(time, 1, num_steps + 1), velocity)


def from_zero(noisy, deviation, velocity, num_steps):  # time 0 -> pure noise
    time = 1 / (1 + 2 * deviation)
    return (_follow(time * (2 * noisy - 1), np.linspace(0, 1, num_steps + 1), velocity) + 1) / 2


def in_one_step(noisy, deviation, velocity, num_steps):  # the mean -> that is one step
    time = 1 / (1 + 2 * deviation)
    return (_follow(time * (2 * noisy - 1), [time, 1], velocity) + 1) / 2


def a_step_too_few(noisy, deviation, velocity, num_steps):  # num_steps times -> one step too few
    time = 1 / (1 + 2 * deviation)
    return (_follow(time * (2 * noisy - 1), np.linspace(time, 1, num_steps), velocity) + 1) / 2


def cut_off(noisy, deviation, velocity, num_steps):  # clipped -> the cut at 0 and 1
    return np.clip(mistakes_denoising.denoise(noisy, deviation, velocity, num_steps), 0, 1)


def the_clock_stands(noisy, deviation, velocity, num_steps):  # time not moved on -> stands still
    time = 1 / (1 + 2 * deviation)
    points = time * (2 * noisy - 1)
    for _ in range(num_steps):
        points = points + (1 - time) / num_steps * velocity(points, time)
    return (points + 1) / 2


def noise_share(noisy, deviation, velocity, num_steps):  # 1 - t for t -> share 1 - t
    time = 2 * deviation / (1 + 2 * deviation)
    points = _follow(time * (2 * noisy - 1), np.linspace(time, 1, num_steps + 1), velocity)
    return (points + 1) / 2


def nothing_done(noisy, deviation, velocity, num_steps):  # noisy as it is -> for the input
    return noisy


# %% 17.10 right
def by_trial(scores, rate):
    return min(score for score in scores if (scores > score).mean() <= rate)


def by_sorting(scores, rate):
    allowed = int(np.floor(rate * len(scores) + 1e-9))
    return np.sort(scores)[::-1][allowed]


def by_counts(scores, rate):
    ordered = sorted(scores)
    above = [sum(other > one for other in ordered) for one in ordered]
    return next(one for one, count in zip(ordered, above, strict=True) if count <= rate * len(scores) + 1e-9)


# %% 17.10 wrong
def lower_end(scores, rate):  # the other tail -> lower end
    return np.quantile(scores, rate)


def between(scores, rate):  # interpolated -> between two scores
    return np.quantile(scores, 1 - rate)


def rounded_up(scores, rate):  # one alarm too many -> rounded up
    return np.sort(scores)[::-1][int(np.ceil(rate * len(scores)))]


def never(scores, rate):  # no alarm -> never an alarm
    return scores.max()


def with_equal_ones(scores, rate):  # >= for > -> equals the threshold
    fitting = [one for one in scores if np.mean(scores >= one) <= rate + 1e-9]
    return min(fitting, default=scores.max())


def normal_scores(scores, rate):  # a rule of thumb -> takes the scores for normal
    return scores.mean() + 1.645 * scores.std()


def undecided(scores, rate):  # the logit 0 -> undecided
    return 0.0


def one_too_high(scores, rate):  # off by one -> one score too high
    return np.sort(scores)[::-1][max(int(rate * len(scores) + 1e-9) - 1, 0)]


# %% 17.11 right
"b"
"B"
"(b)"

# %% 17.11 wrong
"a"  # a rate turned round -> how often a silent picture is real
"c"  # the GAN excluded -> look at the table
"d"  # for nothing -> nothing is without cost


# %% 17.12 right
def with_numpy(weights, num_bits):
    step = np.abs(weights).max() / (2 ** (num_bits - 1) - 1)
    return np.round(weights / step) * step


def with_the_package(weights, num_bits):
    whole, step = export.rounded(weights, num_bits)
    return whole * step


def by_half_up(weights, num_bits):
    largest = 2 ** (num_bits - 1) - 1
    step = max(weights.max(), -weights.min()) / largest
    return np.floor(weights / step + 0.5) * step


# %% 17.12 wrong
def _step(weights, num_bits):
    return np.abs(weights).max() / (2 ** (num_bits - 1) - 1)


def without_a_sign(weights, num_bits):  # all bits -> the sign takes one bit
    step = np.abs(weights).max() / (2**num_bits - 1)
    return np.round(weights / step) * step


def one_too_many(weights, num_bits):  # 128 -> does not fit
    step = np.abs(weights).max() / 2 ** (num_bits - 1)
    return np.round(weights / step) * step


def cut_toward_zero(weights, num_bits):  # astype -> cut off toward 0
    step = _step(weights, num_bits)
    return (weights / step).astype(np.int32) * step


def whole_numbers(weights, num_bits):  # step forgotten -> multiply them by the step
    return np.round(weights / _step(weights, num_bits))


def signed_largest(weights, num_bits):  # max without abs -> negative one
    step = weights.max() / (2 ** (num_bits - 1) - 1)
    return np.round(weights / step) * step


def always_eight(weights, num_bits):  # num_bits unused -> use num_bits
    step = np.abs(weights).max() / 127
    return np.round(weights / step) * step


def from_low_to_high(weights, num_bits):  # zero moves -> starts at the smallest weight
    step = (weights.max() - weights.min()) / (2**num_bits - 1)
    return np.round((weights - weights.min()) / step) * step + weights.min()


def not_rounded(weights, num_bits):  # as they were -> weights as they were
    step = _step(weights, num_bits)
    return weights / step * step
