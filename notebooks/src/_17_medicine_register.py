# %% 17.1 right
np.array([[0, 0], [1, 0], [1, 0], [1, 1], [1, 0]])

[[0, 0], [1, 0], [1, 0], [1, 1], [1, 0]]

np.array([[0, 0], [1, 0], [1, 0], [1, 1], [1, 0]], dtype=float)
# %% 17.1 wrong
[[1, 0], [1, 0], [1, 0], [1, 1], [1, 0]]  # the GAN knows more -> row 1: all that the GAN knows
[[0, 1], [1, 0], [1, 0], [1, 1], [1, 0]]  # the GAN invents rings -> row 1: all that the GAN knows
[[0, 0], [1, 0], [1, 0], [1, 1], [1, 1]]  # many have all kinds -> more scans of one kind
[[0, 0], [1, 1], [1, 0], [1, 1], [1, 0]]  # moved into rings -> a moved bright lesion is bright
[[0, 0], [0, 0], [1, 0], [1, 1], [1, 0]]  # moving adds nothing -> the person who mirrors it does
[[0, 0], [1, 0], [0, 0], [1, 1], [1, 0]]  # the rule adds nothing -> column 1: the rule knows
[[0, 0], [1, 0], [1, 0], [1, 0], [1, 0]]  # no rings by the rule -> row 4: rings are drawn there


# %% 17.2 right
def with_a_loop(patients, generated, tested, share):
    tested = set(np.asarray(tested).tolist())
    usable = [row for row in range(len(patients)) if patients[row] not in tested]
    real = [row for row in usable if not generated[row]]
    made = [row for row in usable if generated[row]]
    kept = []
    for row in made:
        if (len(kept) + 1) <= share * (len(real) + len(kept) + 1) + 1e-9:
            kept.append(row)
    return sorted(real + kept)


def by_counting(patients, generated, tested, share):
    usable = ~np.isin(patients, tested)
    num_real = (usable & ~generated).sum()
    most = np.floor(num_real * share / (1 - share) + 1e-9)
    is_made = usable & generated
    return np.flatnonzero(usable & (~generated | (np.cumsum(is_made) <= most)))


def shortened(patients, generated, tested, share):
    real = np.array([r for r in np.where(generated == False)[0] if patients[r] not in tested])
    made = np.array([r for r in np.where(generated)[0] if patients[r] not in tested], int)
    while len(made) and len(made) / (len(real) + len(made)) > share + 1e-9:
        made = made[:-1]
    rows = np.append(real, made)
    rows.sort()
    return rows


# %% 17.2 wrong
def _kept(patients, generated, usable, count, last=False):
    real, made = np.flatnonzero(usable & ~generated), np.flatnonzero(usable & generated)
    made = made[max(0, len(made) - count) :] if last else made[:count]
    return np.sort(np.concatenate([real, made]))


def _most(num_real, share):
    return int(num_real * share / (1 - share) + 1e-9)


def leaks(patients, generated, tested, share):  # nobody left out -> still among
    usable = np.ones(len(patients), bool)
    return _kept(patients, generated, usable, _most((~generated).sum(), share))


def leaks_generated(patients, generated, tested, share):  # -> gives that scan away
    usable = ~np.isin(patients, tested) | generated
    count = _most((usable & ~generated).sum(), share)
    return _kept(patients, generated, usable, count)


def no_limit(patients, generated, tested, share):  # all -> outweigh
    return np.flatnonzero(~np.isin(patients, tested))


def share_of_real(patients, generated, tested, share):  # -> share of the real
    usable = ~np.isin(patients, tested)
    count = int(share * (usable & ~generated).sum())
    return _kept(patients, generated, usable, count)


def counted_before(patients, generated, tested, share):  # -> after the test patients
    usable = ~np.isin(patients, tested)
    return _kept(patients, generated, usable, _most((~generated).sum(), share))


def the_last(patients, generated, tested, share):  # from the end -> first ones
    usable = ~np.isin(patients, tested)
    count = _most((usable & ~generated).sum(), share)
    return _kept(patients, generated, usable, count, last=True)


def not_sorted(patients, generated, tested, share):  # -> ascending order
    usable = ~np.isin(patients, tested)
    real, made = np.flatnonzero(usable & ~generated), np.flatnonzero(usable & generated)
    return np.concatenate([real, made[: _most(len(real), share)]])


# %% 17.3 right
def by_sorting(scores, labels, specificity):
    healthy = sorted(scores[labels == 0])
    threshold = healthy[max(0, int(np.ceil(specificity * len(healthy) - 1e-9)) - 1)]
    return (scores[labels == 1] > threshold).sum() / (labels == 1).sum()


def by_trying(scores, labels, specificity):
    healthy, ill = scores[labels == 0], scores[labels == 1]
    enough = [one for one in healthy if np.mean(healthy <= one) >= specificity - 1e-9]
    return np.mean(ill > min(enough))


def by_a_quantile(scores, labels, specificity):
    threshold = np.quantile(scores[labels < 1], specificity, method="inverted_cdf")
    found = [score > threshold for score, label in zip(scores, labels) if label == 1]
    return sum(found) / len(found)


# %% 17.3 wrong
def of_all_scores(scores, labels, specificity):  # threshold of all -> from all scores
    threshold = np.quantile(scores, specificity, method="inverted_cdf")
    return np.mean(scores[labels == 1] > threshold)


def of_the_ill(scores, labels, specificity):  # threshold of the ill -> comes from the ill
    threshold = np.quantile(scores[labels == 1], specificity, method="inverted_cdf")
    return np.mean(scores[labels == 1] > threshold)


def interpolated(scores, labels, specificity):  # the default -> between two scores
    return np.mean(scores[labels == 1] > np.quantile(scores[labels == 0], specificity))


def other_end(scores, labels, specificity):  # 1 - specificity -> not 1 minus it
    healthy = scores[labels == 0]
    threshold = np.quantile(healthy, 1 - specificity, method="inverted_cdf")
    return np.mean(scores[labels == 1] > threshold)


def or_equal(scores, labels, specificity):  # >= -> raises no alarm
    threshold = np.quantile(scores[labels == 0], specificity, method="inverted_cdf")
    return np.mean(scores[labels == 1] >= threshold)


def missed(scores, labels, specificity):  # the others -> who are missed
    threshold = np.quantile(scores[labels == 0], specificity, method="inverted_cdf")
    return np.mean(scores[labels == 1] <= threshold)


def precision(scores, labels, specificity):  # ill among alarms -> that is the precision
    threshold = np.quantile(scores[labels == 0], specificity, method="inverted_cdf")
    alarms = scores > threshold
    return labels[alarms].mean() if alarms.any() else 0.0


def fixed(scores, labels, specificity):  # logit 0 -> fixed at 0
    return np.mean(scores[labels == 1] > 0)


# %% 17.4 right
"d"

"D"

"(d)"
# %% 17.4 wrong
"a"  # more of the same -> never saw a ring
"b"  # a lower threshold -> more false alarms
"c"  # held out is enough -> rings were not asked
"e"  # tested by its own rule -> learned the rule
