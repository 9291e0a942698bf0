# %% 17.5 right
def with_a_list_of_places(possible, right, below):
    kept, (height, width, _) = possible.copy(), possible.shape
    steps = [((0, 1), right), ((0, -1), right.T), ((1, 0), below), ((-1, 0), below.T)]
    waiting = [(row, column) for row in range(height) for column in range(width)]
    while waiting:
        row, column = waiting.pop()
        for (down, across), table in steps:
            there = row + down, column + across
            if not (0 <= there[0] < height and 0 <= there[1] < width):
                continue
            allowed = kept[there] & table[kept[row, column]].any(axis=0)
            if (allowed != kept[there]).any():
                kept[there] = allowed
                waiting.append(there)
    return kept


def in_loops(possible, right, below):
    kept = possible.tolist()
    height, width, count = possible.shape
    changed = True
    while changed:
        changed = False
        for r in range(height):
            for c in range(width):
                for t in range(count):
                    if not kept[r][c][t]:
                        continue
                    fits = True
                    if c > 0:
                        fits &= any(kept[r][c - 1][n] and right[n, t] for n in range(count))
                    if c < width - 1:
                        fits &= any(kept[r][c + 1][n] and right[t, n] for n in range(count))
                    if r > 0:
                        fits &= any(kept[r - 1][c][n] and below[n, t] for n in range(count))
                    if r < height - 1:
                        fits &= any(kept[r + 1][c][n] and below[t, n] for n in range(count))
                    if not fits:
                        kept[r][c][t] = False
                        changed = True
    return kept


def many_rounds(possible, right, below):
    kept = np.array(possible)
    for _ in range(kept.size):
        padded = np.pad(kept, ((1, 1), (1, 1), (0, 0)), constant_values=True).astype(int)
        inside = np.ones(kept.shape, bool)
        inside[:, 1:] &= (padded[1:-1, 1:-2] @ right.astype(int)) > 0
        inside[:, :-1] &= (padded[1:-1, 2:-1] @ right.T.astype(int)) > 0
        inside[1:] &= (padded[1:-2, 1:-1] @ below.astype(int)) > 0
        inside[:-1] &= (padded[2:-1, 1:-1] @ below.T.astype(int)) > 0
        kept = kept & inside
    return kept


def by_the_package(possible, right, below):
    return tiles.propagate(possible, right, below).astype(float)


# %% 17.5 wrong
def _round(possible, right, below):
    kept = possible.copy()
    kept[:, 1:] &= possible[:, :-1] @ right
    kept[:, :-1] &= possible[:, 1:] @ right.T
    kept[1:] &= possible[:-1] @ below
    kept[:-1] &= possible[1:] @ below.T
    return kept


def _until(step, possible, right, below):
    while True:
        after = step(possible, right, below)
        if (after == possible).all():
            return possible
        possible = after


def once(possible, right, below):  # a single round -> that is one round
    return _round(possible, right, below)


def once_in_place(
    possible, right, below
):  # one round, sides in turn -> one round through the four sides
    possible = possible.copy()
    possible[:, 1:] &= possible[:, :-1] @ right
    possible[:, :-1] &= possible[:, 1:] @ right.T
    possible[1:] &= possible[:-1] @ below
    possible[:-1] &= possible[1:] @ below.T
    return possible


def rows_alone(possible, right, below):  # no columns -> only neighbors in the row count
    possible = possible.copy()
    for _ in range(99):
        possible[:, 1:] &= possible[:, :-1] @ right
        possible[:, :-1] &= possible[:, 1:] @ right.T
    return possible


def forward_alone(possible, right, below):  # left and up -> looks only to its left and up
    possible = possible.copy()
    for _ in range(99):
        possible[:, 1:] &= possible[:, :-1] @ right
        possible[1:] &= possible[:-1] @ below
    return possible


def rolled(possible, right, below):  # np.roll -> wrapped around
    def step(kept, right, below):
        around = [
            np.roll(kept, 1, 1) @ right,
            np.roll(kept, -1, 1) @ right.T,
            np.roll(kept, 1, 0) @ below,
            np.roll(kept, -1, 0) @ below.T,
        ]
        return kept & np.all(around, axis=0)

    return _until(step, possible, right, below)


def not_transposed(possible, right, below):  # the table both ways
    possible = possible.copy()
    for _ in range(99):
        possible[:, 1:] &= possible[:, :-1] @ right
        possible[:, :-1] &= possible[:, 1:] @ right
        possible[1:] &= possible[:-1] @ below
        possible[:-1] &= possible[1:] @ below
    return possible


def turned_round(possible, right, below):  # right.T for right -> both tables are turned round
    return _until(_round, possible, right.T, below.T)


def exchanged(possible, right, below):  # axes exchanged -> the two tables are exchanged
    return _until(_round, possible, below, right)


def in_place(possible, right, below):  # no copy -> changes its input
    while True:
        before = possible.copy()
        possible &= _round(possible, right, below)
        if (possible == before).all():
            return possible


def counted(possible, right, below):  # counts -> number of tiles in each place
    return _until(_round, possible, right, below).sum(axis=-1)


def removed(possible, right, below):  # the complement -> tiles that are removed
    return ~_until(_round, possible, right, below)


def unchanged(possible, right, below):  # nothing done -> nothing is removed
    return possible


# %% 17.6 right
def by_the_sum(clicks, shown, rate):
    counts = np.arange(shown + 1)
    chances = scipy.stats.binom.pmf(counts, shown, rate)
    return [min(1, len(clicks) * chances[counts >= one].sum()) for one in clicks]


def by_cdf(clicks, shown, rate):
    return np.clip(len(clicks) * (1 - scipy.stats.binom.cdf(clicks - 1, shown, rate)), 0, 1)


def by_binomtest(clicks, shown, rate):
    tests = [scipy.stats.binomtest(int(k), shown, rate, alternative="greater") for k in clicks]
    return np.minimum(1, np.array([test.pvalue for test in tests]) * len(tests))


def by_beta(clicks, shown, rate):
    tail = scipy.special.betainc(clicks, shown - clicks + 1, rate)
    return np.where(len(clicks) * tail > 1, 1, len(clicks) * tail)


# %% 17.6 wrong
def uncorrected(clicks, shown, rate):  # single tests -> multiply each by the number of variants
    return scipy.stats.binom.sf(clicks - 1, shown, rate)


def above_one(clicks, shown, rate):  # not cut off -> cut the products off
    return len(clicks) * scipy.stats.binom.sf(clicks - 1, shown, rate)


def more_than(clicks, shown, rate):  # P(X > k) -> the observed count belongs to it
    return np.minimum(1, len(clicks) * scipy.stats.binom.sf(clicks, shown, rate))


def lower_tail(clicks, shown, rate):  # cdf -> small for bad variants
    return np.minimum(1, len(clicks) * scipy.stats.binom.cdf(clicks, shown, rate))


def two_sided(clicks, shown, rate):  # both sides -> two-sided
    found = [scipy.stats.binomtest(int(one), shown, rate).pvalue for one in clicks]
    return np.minimum(1, len(clicks) * np.array(found))


def by_showings(clicks, shown, rate):  # times shown -> number of showings
    return np.minimum(1, shown * scipy.stats.binom.sf(clicks - 1, shown, rate))


def sidak(clicks, shown, rate):  # another correction -> Šidák
    return 1 - (1 - scipy.stats.binom.sf(clicks - 1, shown, rate)) ** len(clicks)


def normal(clicks, shown, rate):  # z-test -> normal approximation
    z = (clicks - shown * rate) / np.sqrt(shown * rate * (1 - rate))
    return np.minimum(1, len(clicks) * scipy.stats.norm.sf(z))


def verdicts(clicks, shown, rate):  # truth values -> return the corrected p-values
    return len(clicks) * scipy.stats.binom.sf(clicks - 1, shown, rate) <= 0.05


def the_best_one(clicks, shown, rate):  # one value -> return one for each variant
    return min(1, len(clicks) * scipy.stats.binom.sf(max(clicks) - 1, shown, rate))


# %% 17.7 right
def with_meshgrid(first, second, flow, share):
    rows, columns = np.mgrid[: first.shape[0], : first.shape[1]].astype(float)
    here = [rows - share * flow[0], columns - share * flow[1]]
    there = [rows + (1 - share) * flow[0], columns + (1 - share) * flow[1]]
    options = {"order": 1, "mode": "nearest"}
    one = scipy.ndimage.map_coordinates(first, here, **options)
    other = scipy.ndimage.map_coordinates(second, there, **options)
    return one + share * (other - one)


def by_warp(first, second, flow, share):
    from skimage import transform

    places = np.indices(first.shape)
    pair = [
        transform.warp(image, places + amount * flow, order=1, mode="edge")
        for image, amount in ((first, -share), (second, 1 - share))
    ]
    return np.average(pair, axis=0, weights=[1 - share, share])


def place_by_place(first, second, flow, share):
    frame = np.zeros_like(first)
    for r in range(first.shape[0]):
        for c in range(first.shape[1]):
            p = np.array([[r], [c]], float)
            v = flow[:, r, c].reshape(2, 1)
            look = lambda image, at: scipy.ndimage.map_coordinates(
                image, at, order=1, mode="nearest"
            )[0]
            frame[r, c] = (1 - share) * look(first, p - share * v)
            frame[r, c] += share * look(second, p + (1 - share) * v)
    return frame


# %% 17.7 wrong
def _look(image, flow, amount, **options):
    options = {"order": 1, "mode": "nearest"} | options
    return scipy.ndimage.map_coordinates(image, np.indices(image.shape) + amount * flow, **options)


def cross_fade(first, second, flow, share):  # no flow -> that is the cross-fade
    return (1 - share) * first + share * second


def signs(first, second, flow, share):  # both signs -> both are moved the wrong way
    one, other = _look(first, flow, share), _look(second, flow, share - 1)
    return (1 - share) * one + share * other


def sign_of_first(first, second, flow, share):  # + t flow -> the first image is moved the wrong way
    one, other = _look(first, flow, share), _look(second, flow, 1 - share)
    return (1 - share) * one + share * other


def same_amount(first, second, flow, share):  # t for 1 - t -> the rest of the way
    one, other = _look(first, flow, -share), _look(second, flow, share)
    return (1 - share) * one + share * other


def first_alone(first, second, flow, share):  # no fade -> the first image alone
    return _look(first, flow, -share)


def halves(first, second, flow, share):  # always one half -> weights are halves
    return (_look(first, flow, -share) + _look(second, flow, 1 - share)) / 2


def weights_exchanged(first, second, flow, share):  # t and 1 - t -> the weights are exchanged
    return share * _look(first, flow, -share) + (1 - share) * _look(second, flow, 1 - share)


def axes_exchanged(first, second, flow, share):  # x and y -> rows and columns are exchanged
    turned = flow[::-1]
    return (1 - share) * _look(first, turned, -share) + share * _look(second, turned, 1 - share)


def black_outside(first, second, flow, share):  # default mode -> places outside are black
    one = _look(first, flow, -share, mode="constant")
    return (1 - share) * one + share * _look(second, flow, 1 - share, mode="constant")


def cubic(first, second, flow, share):  # default order -> cubic splines
    one = _look(first, flow, -share, order=3)
    return (1 - share) * one + share * _look(second, flow, 1 - share, order=3)


# %% 17.8 right
def by_least_squares(picture, first, second):
    way, from_first = second - first, picture - first
    (share,), *_ = np.linalg.lstsq(way[:, None], from_first)
    return [share, np.linalg.norm(from_first - share * way) / np.linalg.norm(way)]


def by_pythagoras(picture, first, second):
    length = np.linalg.norm(second - first)
    along = np.dot(picture - first, second - first) / length
    across = np.sqrt(max(0, np.sum((picture - first) ** 2) - along**2))
    return along / length, across / length


def by_three_sides(picture, first, second):
    a, b, c = (
        np.sum((one - other) ** 2)
        for one, other in ((picture, first), (picture, second), (first, second))
    )
    share = (a - b + c) / (2 * c)
    return np.array([share, np.sqrt(max(0, a / c - share**2))])


# %% 17.8 wrong
def _both(picture, first, second):
    way = second - first
    share = (picture - first) @ way / (way @ way)
    return share, np.linalg.norm(picture - first - share * way) / np.linalg.norm(way)


def of_distances(picture, first, second):  # distances compared -> compares two distances
    one, other = np.linalg.norm(picture - first), np.linalg.norm(picture - second)
    return one / (one + other), _both(picture, first, second)[1]


def not_squared(picture, first, second):  # by the length -> the length squared
    way = second - first
    along = (picture - first) @ way / np.linalg.norm(way)
    return along, _both(picture, first, second)[1]


def from_zero(picture, first, second):  # first forgotten -> first is not subtracted
    way = second - first
    return picture @ way / (way @ way), _both(picture, first, second)[1]


def backward(picture, first, second):  # from second -> the way from second to first
    return _both(picture, second, first)


def cut_off(picture, first, second):  # clipped -> leave what lies beyond
    share, off = _both(picture, first, second)
    return np.clip(share, 0, 1), off


def in_units(picture, first, second):  # off not divided -> divide by the way's length
    share, off = _both(picture, first, second)
    return share, off * np.linalg.norm(second - first)


def squared(picture, first, second):  # no root -> is squared
    share, off = _both(picture, first, second)
    return share, off**2


def off_first(picture, first, second):  # order -> exchanged
    return _both(picture, first, second)[::-1]


def share_alone(picture, first, second):  # one number -> return the distance off the line, too
    return _both(picture, first, second)[0]
