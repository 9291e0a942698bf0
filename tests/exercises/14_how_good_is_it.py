# %% 14.1 right
def in_one_formula(right, asked):
    z, share = 1.96, right / asked
    root = np.sqrt(share * (1 - share) / asked + z**2 / (4 * asked**2))
    center = share + z**2 / (2 * asked)
    return (center - z * root) / (1 + z**2 / asked), (center + z * root) / (1 + z**2 / asked)


def with_counts(right, asked):
    z, wrong = 1.96, asked - right
    half = z * (right * wrong / asked + z**2 / 4) ** 0.5
    return np.array([right + z**2 / 2 - half, right + z**2 / 2 + half]) / (asked + z**2)


def as_roots(right, asked):
    more, share = 1.96**2 / asked, right / asked
    return sorted(np.roots([1 + more, -(2 * share + more), share**2]).real)


def by_scipy(right, asked):
    from scipy import stats

    found = stats.binomtest(right, asked).proportion_ci(0.95, method="wilson")
    return found.low, found.high


# %% 14.1 wrong
def _wilson(right, asked, z=1.96):
    share, more = right / asked, z**2 / asked
    center = (share + more / 2) / (1 + more)
    half = z * np.sqrt(share * (1 - share) / asked + z**2 / (4 * asked**2)) / (1 + more)
    return center, half


def normal(right, asked):  # Wald -> that is the normal interval
    share = right / asked
    half = 1.96 * np.sqrt(share * (1 - share) / asked)
    return share - half, share + half


def normal_cut_off(right, asked):  # Wald, cut off -> cut off at 0 and 1
    share = right / asked
    half = 1.96 * np.sqrt(share * (1 - share) / asked)
    return max(0, share - half), min(1, share + half)


def around_the_share(right, asked):  # center not moved -> the center is still the share
    half = _wilson(right, asked)[1]
    return right / asked - half, right / asked + half


def z_not_squared(right, asked):  # z for z² -> z is squared
    z, share = 1.96, right / asked
    half = z * np.sqrt(share * (1 - share) / asked + z / (4 * asked**2))
    center = share + z / (2 * asked)
    return (center - half) / (1 + z / asked), (center + half) / (1 + z / asked)


def no_second_term(right, asked):  # z²/(4n²) left out -> missing under the root
    share, (center, _) = right / asked, _wilson(right, asked)
    half = 1.96 * np.sqrt(share * (1 - share) / asked) / (1 + 1.96**2 / asked)
    return center - half, center + half


def not_divided(right, asked):  # 1 + z²/n left out -> divide by 1 + z²/n
    z, share = 1.96, right / asked
    half = z * np.sqrt(share * (1 - share) / asked + z**2 / (4 * asked**2))
    return share + z**2 / (2 * asked) - half, share + z**2 / (2 * asked) + half


def half_not_divided(right, asked):  # center divided alone -> half width, too
    center, half = _wilson(right, asked)
    half *= 1 + 1.96**2 / asked
    return center - half, center + half


def ninety(right, asked):  # z of 90 % -> 90 % within
    center, half = _wilson(right, asked, 1.645)
    return center - half, center + half


def one_sided(right, asked):  # up to 1 -> open on one side
    center, half = _wilson(right, asked, 1.645)
    return center - half, 1.0


def no_root(right, asked):  # sqrt forgotten -> root is missing
    z, share = 1.96, right / asked
    half = z * (share * (1 - share) / asked + z**2 / (4 * asked**2)) / (1 + z**2 / asked)
    center = _wilson(right, asked)[0]
    return center - half, center + half


def exact(right, asked):  # Clopper-Pearson -> Clopper and Pearson
    from scipy import stats

    return tuple(stats.binomtest(right, asked).proportion_ci())


def percent(right, asked):  # times 100 -> those are percent
    center, half = _wilson(right, asked)
    return 100 * (center - half), 100 * (center + half)


def half_alone(right, asked):  # half width -> half the width
    return _wilson(right, asked)[1]


def center_and_half(right, asked):  # not added up -> center and half width
    return _wilson(right, asked)


def high_first(right, asked):  # other order -> lower end comes first
    center, half = _wilson(right, asked)
    return center + half, center - half


def plus_minus(right, asked):  # low twice -> is wrong in 1 of 2 elements
    center, half = _wilson(right, asked)
    return center - half, center - half


# %% 14.2 right
def _kernel(x, y):
    return (x @ y.T / x.shape[1] + 1) ** 3


def with_masks(generated, real):
    def within(rows):
        return _kernel(rows, rows)[~np.eye(len(rows), dtype=bool)].mean()

    return within(generated) + within(real) - 2 * np.mean(_kernel(generated, real))


def in_loops(generated, real):
    d = len(real[0])
    k = lambda x, y: (np.dot(x, y) / d + 1) ** 3
    total = -2 * np.mean([[k(x, y) for y in real] for x in generated])
    for rows in (generated, real):
        n = len(rows)
        pairs = [k(rows[i], rows[j]) for i in range(n) for j in range(n) if i != j]
        total += sum(pairs) / (n * (n - 1))
    return total


def each_pair_once(generated, real):
    first, second = _kernel(generated, generated), _kernel(real, real)
    means = [k[np.triu_indices(len(k), 1)].mean() for k in (first, second)]
    return sum(means) - 2 * _kernel(generated, real).sum() / (len(generated) * len(real))


# %% 14.2 wrong
def _kernel(x, y):
    return (x @ y.T / x.shape[1] + 1) ** 3


def _mmd(x, y, k=_kernel):
    n, m = len(x), len(y)
    xx, yy = k(x, x), k(y, y)
    inner = (xx.sum() - np.trace(xx)) / n / (n - 1) + (yy.sum() - np.trace(yy)) / m / (m - 1)
    return inner - 2 * k(x, y).mean()


def biased(generated, real):  # the diagonals count -> leave out the diagonal
    inner = _kernel(generated, generated).mean() + _kernel(real, real).mean()
    return inner - 2 * _kernel(generated, real).mean()


def over_the_square(generated, real):  # over n² -> not by n²
    total = -2 * _kernel(generated, real).mean()
    for rows in (generated, real):
        k = _kernel(rows, rows)
        np.fill_diagonal(k, 0)
        total += k.mean()
    return total


def diagonal_kept(generated, real):  # n(n - 1) with the diagonal -> still in the sum
    total = -2 * _kernel(generated, real).mean()
    for rows in (generated, real):
        total += _kernel(rows, rows).sum() / (len(rows) * (len(rows) - 1))
    return total


def mixed_once(generated, real):  # no 2 -> twice, not once
    return _mmd(generated, real) + _kernel(generated, real).mean()


def mixed_without_diagonal(generated, real):  # pairs (i, i) left out -> none is left out
    k = _kernel(generated, real)
    return _mmd(generated, real) + 2 * k.mean() - 2 * (k.sum() - np.trace(k)) / k.size


def added(generated, real):  # plus -> is subtracted
    return _mmd(generated, real) + 4 * _kernel(generated, real).mean()


def no_one(generated, real):  # no + 1 -> the 1 in the kernel is missing
    return _mmd(generated, real, lambda x, y: (x @ y.T / x.shape[1]) ** 3)


def no_d(generated, real):  # no / d -> divide the product by d
    return _mmd(generated, real, lambda x, y: (x @ y.T + 1) ** 3)


def by_the_rows(generated, real):  # len(x) -> not how many rows
    return _mmd(generated, real, lambda x, y: (x @ y.T / len(x) + 1) ** 3)


def squared(generated, real):  # degree 2 -> not a square
    return _mmd(generated, real, lambda x, y: (x @ y.T / x.shape[1] + 1) ** 2)


def linear(generated, real):  # no power -> the power is missing
    return _mmd(generated, real, lambda x, y: x @ y.T / x.shape[1] + 1)


def elementwise(generated, real):  # the cube before the sum -> add up first
    return _mmd(
        generated, real, lambda x, y: ((x[:, None] * y[None] / x.shape[1] + 1) ** 3).sum(-1)
    )


def root(generated, real):  # a distance -> that is the root
    return max(_mmd(generated, real), 0.0) ** 0.5


def bare_root(generated, real):  # NaN where the square is below 0 -> is not right
    with np.errstate(invalid="ignore"):
        return np.sqrt(_mmd(generated, real))


def cut_off(generated, real):  # never below 0 -> has a bias again
    return max(_mmd(generated, real), 0.0)


def negative(generated, real):  # all turned -> the sign
    return -_mmd(generated, real)


def only_equal_sizes(generated, real):  # a product without .T -> raised ValueError
    return np.mean((generated * real).sum(axis=1))


# %% 14.3 right
def by_cdist(generated, real, num_neighbors):
    from scipy.spatial import distance

    own = distance.cdist(generated, generated)
    np.fill_diagonal(own, np.inf)
    radii = np.sort(own)[:, num_neighbors - 1]
    return np.mean(np.any(distance.cdist(real, generated) <= radii, axis=1))


def in_loops(generated, real, num_neighbors):
    radii = [sorted(np.linalg.norm(generated - one, axis=1))[num_neighbors] for one in generated]
    found = 0
    for row in real:
        found += any(np.linalg.norm(row - one) <= radius for one, radius in zip(generated, radii))
    return found / len(real)


def with_squares(generated, real, num_neighbors):
    own = ((generated[:, None] - generated[None]) ** 2).sum(-1)
    radii = np.partition(own, num_neighbors, axis=1)[:, num_neighbors]
    other = ((generated[:, None] - real[None]) ** 2).sum(-1)
    return float((other < radii[:, None]).max(axis=0).mean())


# %% 14.3 wrong
def _distances(x, y):
    return np.linalg.norm(x[:, None] - y[None], axis=-1)


def _radii(rows, place):
    return np.sort(_distances(rows, rows), axis=1)[:, place]


def precision(generated, real, num_neighbors):  # places changed -> that is precision
    return (_distances(generated, real) <= _radii(real, num_neighbors)).any(axis=1).mean()


def coverage(generated, real, num_neighbors):  # balls of real rows -> that is coverage
    return (_distances(generated, real) <= _radii(real, num_neighbors)).any(axis=0).mean()


def density(generated, real, num_neighbors):  # Naeem's -> that is density
    is_in = _distances(generated, real) <= _radii(real, num_neighbors)
    return is_in.sum() / num_neighbors / len(generated)


def itself_counted(generated, real, num_neighbors):  # own distance 0 -> its own nearest
    radii = _radii(generated, num_neighbors - 1)
    return (_distances(real, generated) <= radii).any(axis=1).mean()


def one_too_far(generated, real, num_neighbors):  # k + 1 -> one neighbor too far
    radii = _radii(generated, num_neighbors + 1)
    return (_distances(real, generated) <= radii).any(axis=1).mean()


def of_generated(generated, real, num_neighbors):  # any over the other axis -> share of generated
    radii = _radii(generated, num_neighbors)
    return (_distances(real, generated) <= radii).any(axis=0).mean()


def how_many_balls(generated, real, num_neighbors):  # counted -> mean number of balls
    radii = _radii(generated, num_neighbors)
    return (_distances(real, generated) <= radii).sum(axis=1).mean()


def like_density(generated, real, num_neighbors):  # counted, over k -> as density does
    radii = _radii(generated, num_neighbors)
    return (_distances(real, generated) <= radii).sum(axis=1).mean() / num_neighbors


def in_all(generated, real, num_neighbors):  # all for any -> one ball is enough: any
    radii = _radii(generated, num_neighbors)
    return (_distances(real, generated) <= radii).all(axis=1).mean()


def enough_balls(generated, real, num_neighbors):  # k balls -> for the radii alone
    radii = _radii(generated, num_neighbors)
    return ((_distances(real, generated) <= radii).sum(axis=1) >= num_neighbors).mean()


def nearest_only(generated, real, num_neighbors):  # one ball looked at -> not its nearest
    distances = _distances(real, generated)
    return (distances.min(axis=1) <= _radii(generated, num_neighbors)[distances.argmin(1)]).mean()


def up_to_real(generated, real, num_neighbors):  # radius to real rows -> not the real
    distances = _distances(generated, real)
    radii = np.sort(distances, axis=1)[:, num_neighbors - 1]
    return (distances <= radii[:, None]).any(axis=0).mean()


def squares(generated, real, num_neighbors):  # squares and radii -> radii that are none
    radii = _radii(generated, num_neighbors)
    return (_distances(real, generated) ** 2 <= radii).any(axis=1).mean()


def copies_dropped(generated, real, num_neighbors):  # d > 0 -> a copy is another row
    own = _distances(generated, generated)
    radii = np.sort(np.where(own == 0, np.inf, own), axis=1)[:, num_neighbors - 1]
    return (_distances(real, generated) <= radii).any(axis=1).mean()


def count(generated, real, num_neighbors):  # no mean -> that is a count
    return (_distances(real, generated) <= _radii(generated, num_neighbors)).any(axis=1).sum()


def missed(generated, real, num_neighbors):  # the others -> share missed
    return 1 - (_distances(real, generated) <= _radii(generated, num_neighbors)).any(axis=1).mean()


def axes_mixed(generated, real, num_neighbors):  # radii along the real rows -> raised ValueError
    return (_distances(generated, real) <= _radii(generated, num_neighbors)).any(axis=0).mean()


# %% 14.4 right
([0, 0, 0, 0, 1], [1, 1, 0, 1, 0], [1, 0, 0, 1, 0], [1, 0, 0, 1, 0])
[(0, 0, 0, 0, 1), (1, 1, 0, 1, 0), (1, 0, 0, 1, 0), (1, 0, 0, 1, 0)]
np.array(([0, 0, 0, 0, 1], [1, 1, 0, 1, 0], [1, 0, 0, 1, 0], [1, 0, 0, 1, 0]))

# %% 14.4 wrong
(
    [0, 0, 0, 0, 0],
    [1, 1, 0, 1, 0],
    [1, 0, 0, 1, 0],
    [1, 0, 0, 1, 0],
)  # nothing notices copies -> a copy is as near
(
    [1, 0, 0, 0, 1],
    [1, 1, 0, 1, 0],
    [1, 0, 0, 1, 0],
    [1, 0, 0, 1, 0],
)  # the distance notices copies -> training images are real
(
    [0, 0, 0, 0, 1],
    [1, 1, 0, 1, 1],
    [1, 0, 0, 1, 0],
    [1, 0, 0, 1, 0],
)  # a missing kind is memory -> only copies are made
(
    [0, 0, 0, 0, 1],
    [1, 1, 1, 1, 0],
    [1, 0, 0, 1, 0],
    [1, 0, 0, 1, 0],
)  # precision notices a missing kind -> precision asks
(
    [0, 0, 0, 0, 1],
    [1, 1, 0, 1, 0],
    [1, 0, 0, 1, 0],
    [1, 0, 1, 1, 0],
)  # precision notices a little blur -> precision asks
(
    [0, 0, 0, 0, 1],
    [0, 1, 0, 1, 0],
    [1, 0, 0, 1, 0],
    [1, 0, 0, 1, 0],
)  # the distance is blind to a missing kind -> means or covariances
(
    [0, 0, 0, 0, 1],
    [1, 1, 0, 0, 0],
    [1, 0, 0, 1, 0],
    [1, 0, 0, 1, 0],
)  # recall is blind to a missing kind -> recall asks
(
    [0, 0, 0, 0, 1],
    [1, 1, 0, 1, 0],
    [1, 1, 0, 1, 0],
    [1, 0, 0, 1, 0],
)  # the inception score notices fifty pictures -> surely something
(
    [0, 0, 0, 0, 1],
    [1, 0, 0, 1, 0],
    [1, 0, 0, 1, 0],
    [1, 0, 0, 1, 0],
)  # the inception score is blind to a missing kind -> narrower
(
    [0, 0, 0, 0, 1],
    [1, 1, 0, 1, 0],
    [1, 0, 0, 1, 0],
    [1, 1, 0, 1, 0],
)  # the inception score notices a little blur -> still surely a boot
([0, 1, 1, 1], [0, 1, 0, 0], [0, 0, 0, 0], [0, 1, 1, 1])  # four numbers each -> five numbers

# %% 14.5 right
"c"
"C"
"(c)"

# %% 14.5 wrong
"a"  # collapse -> weights do not change
"b"  # memory -> copies would look perfect
"d"  # noise -> plainly visible
"e"  # another sample -> another sample of 2,000


# %% 14.6 right
def by_polyfit(sizes, distances):
    slope, intercept = np.polyfit(1 / sizes, distances, deg=1)
    return intercept


def by_hand(sizes, distances):
    x = 1 / sizes
    slope = ((x - x.mean()) * (distances - distances.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return distances.mean() - slope * x.mean()


def by_lstsq(sizes, distances):
    matrix = np.column_stack([np.ones_like(distances), 1 / sizes])
    return np.linalg.lstsq(matrix, distances, rcond=None)[0][0]


def by_a_polynomial(sizes, distances):
    return np.polynomial.Polynomial.fit(1 / sizes, distances, 1)(0.0)


# %% 14.6 wrong
def in_n(sizes, distances):  # line in n -> the line is over n
    return np.polyfit(sizes, distances, 1)[1]


def in_the_root(sizes, distances):  # 1/sqrt(n) -> how noise shrinks
    return np.polyfit(1 / np.sqrt(sizes), distances, 1)[1]


def in_the_logarithm(sizes, distances):  # log n -> over the logarithm
    return np.polyfit(np.log(sizes), distances, 1)[1]


def slope(sizes, distances):  # b for a -> that is b
    return np.polyfit(1 / sizes, distances, 1)[0]


def both(sizes, distances):  # a and b -> return the intercept alone
    return np.polyfit(1 / sizes, distances, 1)


def mean(sizes, distances):  # mean -> that is the mean
    return distances.mean()


def last(sizes, distances):  # last one -> that is the last distance
    return distances[-1]


def of_most(sizes, distances):  # of the largest size -> at the largest size
    return distances[np.argmax(sizes)]


def smallest(sizes, distances):  # min -> lucky one
    return distances.min()


def last_two(sizes, distances):  # two points -> through the last two
    (n, m), (first, second) = sizes[-2:], distances[-2:]
    return (m * second - n * first) / (m - n)


def multiplied(sizes, distances):  # a line through n times d -> gives large sizes more weight
    return np.polyfit(sizes, sizes * distances, 1)[0]


def at_the_largest(sizes, distances):  # not at 0 -> line at the largest size
    return np.polyval(np.polyfit(1 / sizes, distances, 1), 1 / max(sizes))


# %% 14.7 right
def with_combinations(first, second):
    from itertools import combinations

    pooled = np.concatenate([first, second])
    observed, count, ways = abs(np.mean(first) - np.mean(second)), 0, 0
    for chosen in combinations(range(len(pooled)), len(first)):
        rest = [i for i in range(len(pooled)) if i not in chosen]
        difference = abs(pooled[list(chosen)].mean() - pooled[rest].mean())
        count += difference >= observed - 1e-12
        ways += 1
    return count / ways


def with_sums(first, second):
    from itertools import combinations

    n, m, total = len(first), len(second), first.sum() + second.sum()
    sums = np.array([sum(way) for way in combinations([*first, *second], n)])
    found = abs(sums / n - (total - sums) / m)
    return (found >= found[0] - 1e-9).mean()


def by_scipy(first, second):
    from scipy import stats

    return stats.permutation_test(
        (first, second),
        lambda a, b: abs(a.mean() - b.mean()),
        n_resamples=np.inf,
        vectorized=False,
        alternative="greater",
    ).pvalue


# %% 14.7 wrong
from itertools import combinations, product
from math import factorial


def _differences(first, second, mean=np.mean):
    pooled = np.concatenate([first, second])
    return np.array(
        [
            mean(pooled[list(way)]) - mean(np.delete(pooled, way))
            for way in combinations(range(len(pooled)), len(first))
        ]
    )


def one_sided(first, second):  # no abs -> one-sided
    found = _differences(first, second)
    return (found >= found[0] - 1e-9).mean()


def other_side(first, second):  # no abs -> smaller first mean counts
    found = _differences(first, second)
    return (found <= found[0] + 1e-9).mean()


def strictly(first, second):  # > -> strictly more leaves out
    found = abs(_differences(first, second))
    return (found > found[0]).mean()


def strictly_with_tolerance(first, second):  # > with tolerance -> strictly more leaves out
    found = abs(_differences(first, second))
    return (found > found[0] + 1e-9).mean()


def no_tolerance(first, second):  # bare >= -> differ by rounding
    found = abs(_differences(first, second))
    return (found >= found[0]).mean()


def t_test(first, second):  # ttest_ind -> that is the t-test
    from scipy import stats

    return stats.ttest_ind(first, second).pvalue


def welch(first, second):  # unequal variances -> Welch's
    from scipy import stats

    return stats.ttest_ind(first, second, equal_var=False).pvalue


def ranks(first, second):  # Mann-Whitney -> test of ranks
    from scipy import stats

    return stats.mannwhitneyu(first, second, method="exact").pvalue


def over_orders(first, second):  # n! -> make no new way
    found = abs(_differences(first, second))
    return (found >= found[0] - 1e-9).sum() / factorial(len(first) + len(second))


def coins(first, second):  # any sizes -> keeps the sizes
    pooled, observed, found = np.concatenate([first, second]), abs(first.mean() - second.mean()), []
    found.append(observed)
    for row in product([0, 1], repeat=len(pooled)):
        row = np.array(row, bool)
        if row.any() and not row.all():
            found.append(abs(pooled[row].mean() - pooled[~row].mean()))
    return np.mean(np.array(found) >= observed - 1e-9)


def signs_of_pairs(first, second):  # random signs -> raised ValueError
    difference = first - second
    flips = np.array(list(product([-1, 1], repeat=len(difference))))
    return (abs((flips * difference).mean(axis=1)) >= abs(difference.mean()) - 1e-9).mean()


def without_the_observed(first, second):  # observed left out -> count it above the line and below
    found = abs(_differences(first, second))
    return (found[1:] >= found[0] - 1e-9).mean()


def one_less(first, second):  # observed left out above -> count it above, too
    found = abs(_differences(first, second))
    return (found[1:] >= found[0] - 1e-9).sum() / len(found)


def one_more(first, second):  # + 1 as for a random draw -> already there
    found = abs(_differences(first, second))
    return ((found >= found[0] - 1e-9).sum() + 1) / (len(found) + 1)


def turned_round(first, second):  # 1 - p -> that is 1 - p
    found = abs(_differences(first, second))
    return (found < found[0] - 1e-9).mean()


def medians(first, second):  # medians -> those are medians
    found = abs(_differences(first, second, np.median))
    return (found >= found[0] - 1e-9).mean()


def how_many(first, second):  # not divided -> divide by how many there are
    found = abs(_differences(first, second))
    return (found >= found[0] - 1e-9).sum()


# %% 14.8 right
def all_pairs(members, others):
    above = members[:, None] > others[None, :]
    equal = members[:, None] == others[None, :]
    return np.mean(above + 0.5 * equal)


def in_loops(members, others):
    points = 0
    for member in members:
        for other in others:
            points += 1 if member > other else 0.5 if member == other else 0
    return points / (len(members) * len(others))


def by_signs(members, others):
    return (1 + np.sign(np.subtract.outer(members, others)).mean()) / 2


def by_ranks(members, others):
    from scipy import stats

    n, m = len(members), len(others)
    ranks = stats.rankdata([*members, *others])[:n]
    return (ranks.sum() - n * (n + 1) / 2) / (n * m)


# %% 14.8 wrong
def _share(members, others, ties=0.5):
    return (members[:, None] > others).mean() + ties * (members[:, None] == others).mean()


def ties_whole(members, others):  # >= -> as a whole
    return (members[:, None] >= others).mean()


def ties_nothing(members, others):  # > -> as nothing
    return (members[:, None] > others).mean()


def ties_dropped(members, others):  # ties out of both -> left out above the line and below
    wins = (members[:, None] > others).sum()
    return wins / (wins + (members[:, None] < others).sum())


def places(members, others):  # argsort twice -> as nothing
    order = np.concatenate([members, others]).argsort(kind="stable").argsort() + 1
    n = len(members)
    return (order[:n].sum() - n * (n + 1) / 2) / (n * len(others))


def turned_round(members, others):  # others above -> turned round
    return _share(others, members)


def folded(members, others):  # never below 1/2 -> below one half is a finding
    return max(_share(members, others), _share(others, members))


def in_order(members, others):  # zip -> those are pairs in order
    pairs = list(zip(members, others))
    return np.mean([1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs])


def row_by_row(members, others):  # arrays of two lengths -> raised ValueError
    return np.mean(members > others)


def at_the_median(members, others):  # accuracy -> accuracy at the median
    threshold = np.median([*members, *others])
    return np.mean([*(members > threshold), *(others <= threshold)])


def means(members, others):  # means -> difference of the means
    return members.mean() - others.mean()


def above_the_mean(members, others):  # one number for all others -> mean alone
    return np.mean(members > others.mean())


def gap(members, others):  # Kolmogorov-Smirnov -> largest gap
    return max((members >= t).mean() - (others >= t).mean() for t in [*members, *others])


def from_minus_one(members, others):  # Gini -> runs from -1 to 1
    return 2 * _share(members, others) - 1


def how_many(members, others):  # U -> that is how many pairs
    return _share(members, others) * len(members) * len(others)


def p_value(members, others):  # of the test of ranks -> that is a p-value
    from scipy import stats

    return stats.mannwhitneyu(members, others).pvalue


# %% 14.9 right
np.log(100)
4.605
-np.log(0.01)

# %% 14.9 wrong
-4.605  # the sign turned -> turn the sign
np.log(100 / 99)  # the noise's share -> a mixture with 1 % noise
np.log2(100)  # bits -> those are bits
np.log10(100)  # the decimal logarithm -> natural logarithm
99  # a share instead of a logarithm -> a term in log p(x)
100  # a factor instead of a term -> how many nats

# %% 14.10 right
"d"
"D"
" d "

# %% 14.10 wrong
"a"  # the distance -> a distance compares
"b"  # recall -> recall compares
"c"  # the inception score -> surely something


# %% 14.11 right
def by_polyfit(sizes, errors):
    slope, intercept = np.polyfit(np.log(sizes), np.log(errors), 1)
    return np.array([np.exp(intercept), -slope])


def in_decades(sizes, errors):
    slope, intercept = np.polyfit(np.log10(sizes), np.log10(errors), 1)
    return 10**intercept, -slope


def by_lstsq(sizes, errors):
    matrix = np.stack([np.ones(len(sizes)), -np.log(sizes)], axis=1)
    log_c, b = np.linalg.lstsq(matrix, np.log(errors), rcond=None)[0]
    return [np.exp(log_c), b]


def by_hand(sizes, errors):
    x, y = np.log2(sizes), np.log2(errors)
    b = -np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2)
    return np.array([2 ** (y.mean() + b * x.mean()), b])


# %% 14.11 wrong
def _line(x, y):
    slope, intercept = np.polyfit(x, y, 1)
    return intercept, slope


def sign_of_b(sizes, errors):  # the slope itself -> its sign turned
    intercept, slope = _line(np.log(sizes), np.log(errors))
    return np.array([np.exp(intercept), slope])


def swapped(sizes, errors):  # b first -> in the other order
    intercept, slope = _line(np.log(sizes), np.log(errors))
    return np.array([-slope, np.exp(intercept)])


def as_fitted(sizes, errors):  # polyfit alone -> those are slope and intercept
    return np.polyfit(np.log(sizes), np.log(errors), 1)


def log_of_c(sizes, errors):  # no exp -> logarithm of c; take np.exp
    intercept, slope = _line(np.log(sizes), np.log(errors))
    return np.array([intercept, -slope])


def log10_of_c(sizes, errors):  # not raised -> to base 10
    intercept, slope = _line(np.log10(sizes), np.log10(errors))
    return np.array([intercept, -slope])


def exp_of_log10(sizes, errors):  # bases mixed -> does not undo np.log10
    intercept, slope = _line(np.log10(sizes), np.log10(errors))
    return np.array([np.exp(intercept), -slope])


def ten_of_log(sizes, errors):  # bases mixed -> does not undo np.log;
    intercept, slope = _line(np.log(sizes), np.log(errors))
    return np.array([10**intercept, -slope])


def two_logarithms(sizes, errors):  # a base for each axis -> one base and the errors another
    intercept, slope = _line(np.log10(sizes), np.log(errors))
    return np.array([np.exp(intercept), -slope])


def exponential(sizes, errors):  # sizes as they are -> that is an exponential
    intercept, slope = _line(sizes, np.log(errors))
    return np.array([np.exp(intercept), -slope])


def errors_plain(sizes, errors):  # errors as they are -> errors have no logarithm
    intercept, slope = _line(np.log(sizes), errors)
    return np.array([intercept, -slope])


def straight(sizes, errors):  # no logarithm at all -> straight line through the plain numbers
    intercept, slope = _line(sizes, errors)
    return np.array([intercept, -slope])


def fitted_on_errors(sizes, errors):  # curve_fit -> fits the errors themselves
    from scipy import optimize

    start = 10.0, 0.5
    return optimize.curve_fit(lambda n, c, b: c * n**-b, 1.0 * sizes, errors, p0=start)[0]


def ends(sizes, errors):  # two points -> first and the last point
    b = -np.log(errors[-1] / errors[0]) / np.log(sizes[-1] / sizes[0])
    return np.array([errors[0] * sizes[0] ** b, b])


def sizes_over_errors(sizes, errors):  # axes changed -> sizes over errors
    intercept, slope = _line(np.log(errors), np.log(sizes))
    return np.array([np.exp(-intercept / slope), -1 / slope])


def b_alone(sizes, errors):  # c forgotten -> that is b alone
    return -_line(np.log(sizes), np.log(errors))[1]


# %% 14.12 right
60_000 / record["ms_image"][names.index("flow")]
float(record["seconds"]) / (float(record["ms_image"][4]) / 1000)
round(60_000 / float(record["ms_image"][names.index("flow")]), -2)

# %% 14.12 wrong
60 / record["ms_image"][names.index("flow")]  # seconds over milliseconds -> one unit
60_000 / record["ms_image"][names.index("GAN")]  # another model -> that is the GAN
60_000 / record["ms_image"][
    names.index("flow of codes")
]  # the other flow -> that is the flow of codes
60_000 * record["ms_image"][names.index("flow")]  # multiplied -> divide the time
