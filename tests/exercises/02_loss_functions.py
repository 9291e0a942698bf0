# %% 02.1 right
np.float32(0.6325)
0.632
0.63247
tf.constant(-0.7 * np.log(0.6) - 0.3 * np.log(0.4))
[-np.log(np.repeat([0.6, 0.4], [7, 3])).mean()]
-np.log(np.prod(np.repeat([0.6, 0.4], [7, 3]))) / 10
-np.log(0.6**7 * 0.4**3) / 10
# %% 02.1 wrong
-(np.log(120) + 7 * np.log(0.6) + 3 * np.log(0.4)) / 10  # with the coefficient -> 120 orders
0.154  # with the coefficient, rounded -> 120 orders
-np.log(120 * 0.6**7 * 0.4**3)  # with the coefficient, not per toss
-(7 * np.log(0.6) + 3 * np.log(0.4))  # the sum -> sum over ten
0.7 * np.log(0.6) + 0.3 * np.log(0.4)  # no minus -> minus
-(3 * np.log(0.6) + 7 * np.log(0.4)) / 10  # heads and tails exchanged -> seven times
-(7 * np.log2(0.6) + 3 * np.log2(0.4)) / 10  # bits -> bits
-(7 * np.log10(0.6) + 3 * np.log10(0.4)) / 10  # decimal logarithm -> natural
-(7 * np.log(0.7) + 3 * np.log(0.3)) / 10  # at the best theta -> 0.6
0.6**7 * 0.4**3  # the likelihood -> likelihood
-np.log(0.6)  # heads alone
-(np.log(0.6) + np.log(0.4)) / 2  # one head and one tail
0.63  # rounded to two digits
np.exp(0.6325)  # the perplexity

# %% 02.2 right
20.4
np.float32(20.4)
np.array([20.4])
(4 * 20 + 22) / 5
20 + 2 * (1 / 1.0**2) / (1 / 0.5**2 + 1 / 1.0**2)
np.average([20.0, 22.0], weights=[1 / 0.25, 1])
tf.constant(20.4)
# %% 02.2 wrong
21.0  # the mean -> trusts both
(20 / 0.5 + 22 / 1.0) / (1 / 0.5 + 1 / 1.0)  # weights 1/s -> 1/s²
(20 * 0.5**2 + 22 * 1.0**2) / (0.5**2 + 1.0**2)  # weights s² -> more exact
(20 * 0.5 + 22 * 1.0) / (0.5 + 1.0)  # weights s -> more exact
20 / 0.5**2 + 22 / 1.0**2  # not divided -> sum of the weights
20.0  # the better one alone -> it does count
(20 * 4 + 22) / 2  # divided by the number of thermometers
20.5  # a guess
20.41  # a little off
20  # rounded to a whole number

# %% 02.3 right
"b, d"
"bd"
"B and D"
{"b", "d"}
["d", "b"]
# %% 02.3 wrong
"b"  # d forgotten -> not complete
"d"  # b forgotten -> not complete
"a, b, d"  # a density above 1 -> largest density
"b, c, d"  # loss and metric -> models A and B
"b, d, e"  # the square forgotten -> squared
"a, c, e"  # the false ones
"a, b, c, d, e"  # all
"b, f"  # no option


# %% 02.4 right
def stable_by_logaddexp(logit, target):
    return np.logaddexp(0, logit) - target * logit


def stable_by_two_softplus(logit, target):
    return target * np.logaddexp(0, -logit) + (1 - target) * np.logaddexp(0, logit)


def stable_in_tensorflow(logit, target):
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=logit)


def stable_by_relu(x, t):
    return tf.nn.relu(x) - x * t + tf.math.log1p(tf.exp(-tf.abs(x)))


def stable_in_two_cases(logit, target):
    small = np.exp(-np.abs(logit))
    softplus = np.where(logit > 0, logit + np.log1p(small), np.log1p(small))
    return softplus - target * logit


def stable_with_plain_log(logit, target):
    return np.maximum(0, logit) + np.log(1 + np.exp(-abs(logit))) - target * logit


def stable_by_flipped_sign(logit, target):
    return np.maximum(-logit, 0) + np.log1p(np.exp(-np.abs(logit))) + (1 - target) * logit


# %% 02.4 wrong
def from_probabilities(logit, target):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-logit))
        return -target * np.log(p) - (1 - target) * np.log(1 - p)


def clipped_probabilities(logit, target):
    with np.errstate(all="ignore"):
        p = np.clip(1 / (1 + np.exp(-logit)), 1e-7, 1 - 1e-7)
    return -target * np.log(p) - (1 - target) * np.log(1 - p)


def epsilon_in_the_logarithm(logit, target):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-logit))
    return -target * np.log(p + 1e-12) - (1 - target) * np.log(1 - p + 1e-12)


def overflows(logit, target):
    with np.errstate(all="ignore"):
        return np.log1p(np.exp(logit)) - target * logit


def overflows_on_the_other_side(logit, target):
    with np.errstate(all="ignore"):
        return logit + np.log1p(np.exp(-logit)) - target * logit


def clipped_logits(logit, target):
    logit = np.clip(logit, -500, 500)
    return np.logaddexp(0, logit) - target * logit


def no_absolute_value(logit, target):
    with np.errstate(all="ignore"):
        return np.maximum(logit, 0) + np.log1p(np.exp(-logit)) - target * logit


def absolute_value_for_maximum(logit, target):
    return np.abs(logit) + np.log1p(np.exp(-np.abs(logit))) - target * logit


def absolute_value_with_target(logit, target):
    return np.logaddexp(0, logit) - target * np.abs(logit)


def no_target(logit, target):  # the target forgotten -> no influence
    return np.logaddexp(0, logit)


def signs_swapped(logit, target):  # labels exchanged -> swapped
    return np.logaddexp(0, -logit) + target * logit


def hard_labels_only(logit, target):
    return np.where(target == 1, np.logaddexp(0, -logit), np.logaddexp(0, logit))


def rounded_labels(logit, target):  # targets made 0 or 1
    return np.logaddexp(0, logit) - (target > 0.5) * logit


def mean_over_all(logit, target):  # the mean -> no mean
    return np.mean(np.logaddexp(0, logit) - target * logit)


def package_loss(logit, target):  # the package's mean -> no mean
    return losses.binary_cross_entropy_from_logits(target, logit)


def sum_over_all(logit, target):  # the sum -> no sum
    return np.sum(np.logaddexp(0, logit) - target * logit)


def mean_of_each_row(logit, target):
    return np.mean(np.logaddexp(0, logit) - target * logit, axis=-1)


def no_logarithm(logit, target):  # the linear part alone -> logarithm of the box
    return np.maximum(logit, 0) - target * logit


def log_likelihood(logit, target):  # the sign -> log-likelihood
    return target * logit - np.logaddexp(0, logit)


def in_bits(logit, target):
    return (np.logaddexp(0, logit) - target * logit) / np.log(2)


def gradient(logit, target):  # the derivative
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-logit)) - target


# %% 02.5 right
0.325
np.float32(0.3251)
divergences.entropy([0.1, 0.9])
tf.constant(0.32508)
-(0.1 * np.log(0.1) + 0.9 * np.log(0.9))
0.1 * np.log(10) - 0.9 * np.log1p(-0.1)
# %% 02.5 wrong
0.5  # a guess
0.3  # rounded to one digit
0.0  # as for black and white -> exactly 0 or 1
-0.1 * np.log(0.1)  # the first term alone -> 0.9, is missing
-0.9 * np.log(0.9)  # the second term alone -> 0.1, is missing
-np.log(0.1)  # as if the pixel were 1 -> pixel of 1
-np.log(0.9)  # as if the pixel were 0 -> pixel of 0
np.log(2)  # the floor of a middle gray -> 0.5
0.1 * np.log(0.1) + 0.9 * np.log(0.9)  # the sign -> sign
-0.1 * np.log2(0.1) - 0.9 * np.log2(0.9)  # bits -> bits
-0.9 * np.log(0.1) - 0.1 * np.log(0.9)  # shares exchanged
0.09  # the variance, p times 1 - p
0.33  # rounded to two digits


# %% 02.6 right
def kl_without_the_zeros(p, q):
    return np.sum(p[p > 0] * np.log(p[p > 0] / q[p > 0]))


def kl_by_nansum(p, q):
    with np.errstate(all="ignore"):
        return np.nansum(p * np.log(p / q))


def kl_by_where(p, q):
    return np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / q), 0).sum()


def kl_as_a_difference(p, q):
    met = p > 0
    return -np.sum(p * np.log(q)) + np.sum(p[met] * np.log(p[met]))


def kl_in_a_loop(p, q):
    return sum(a * np.log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


def kl_in_tensorflow(p, q):
    return tf.reduce_sum(tf.math.xlogy(p, p) - tf.math.xlogy(p, q))


# %% 02.6 wrong
def zeros_forgotten(p, q):
    with np.errstate(all="ignore"):
        return np.sum(p * np.log(p / q))


def other_direction(p, q):  # the other direction -> KL(q‖p)
    with np.errstate(all="ignore"):
        return np.sum(q * np.log(q / p))


def other_direction_without_zeros(p, q):  # the other direction -> KL(q‖p)
    met = p > 0
    return np.sum(q[met] * np.log(q[met] / p[met]))


def sign_turned(p, q):  # the sign -> sign
    met = p > 0
    return np.sum(p[met] * np.log(q[met] / p[met]))


def only_the_cross_entropy(p, q):  # the entropy not subtracted -> cross-entropy
    return -np.sum(p * np.log(q))


def only_the_entropy(p, q):
    return -np.sum(p[p > 0] * np.log(p[p > 0]))


def in_bits(p, q):  # bits -> bits
    return np.sum(p[p > 0] * np.log2(p[p > 0] / q[p > 0]))


def mean_of_the_terms(p, q):  # a mean -> no mean
    return np.mean(p[p > 0] * np.log(p[p > 0] / q[p > 0]))


def mean_of_all_terms(p, q):  # a mean -> no mean
    return np.sum(p[p > 0] * np.log(p[p > 0] / q[p > 0])) / p.size


def weights_forgotten(p, q):
    return np.sum(np.log(p[p > 0] / q[p > 0]))


def absolute_terms(p, q):
    return np.sum(p[p > 0] * np.abs(np.log(p[p > 0] / q[p > 0])))


def epsilon_added(p, q):
    return np.sum(p * np.log((p + 1e-7) / (q + 1e-7)))


def clipped_to_keras_epsilon(p, q):
    p, q = np.clip(p, 1e-7, 1), np.clip(q, 1e-7, 1)
    return np.sum(p * np.log(p / q))


def q_normalized_again(p, q):
    met = p > 0
    return np.sum(p[met] * np.log(p[met] / q[met] * q[met].sum()))


def terms_not_added(p, q):
    met = p > 0
    return p[met] * np.log(p[met] / q[met])


def symmetric(p, q):  # JS instead of KL
    return divergences.js_divergence(p, q)


# %% 02.7 right
"b"
"B"
" (b) "
"b."
# %% 02.7 wrong
"a"  # the forward direction -> sandals
"c"  # both -> surprised
"a, b"  # both, as two letters
"KL(model‖data)"  # no letter

# %% 02.8 right
1.10
1.0986
np.float32(1.0986123)
np.log(0.75) - np.log(0.25)
-np.log(1 / 3)
np.log(75_000 / 25_000)
tf.math.log(3.0)
# %% 02.8 wrong
0.0  # as for equal numbers -> equal numbers
3.0  # the odds -> odds
0.75  # the probability -> probability
-np.log(3)  # the sign -> more likely
np.log(0.75)  # the logarithm of the probability -> logarithm of a probability
np.log2(3)  # bits -> natural
np.log10(3)  # decimal logarithm -> natural
1 / 3  # the other ratio
np.log(4)  # the sum of the weights
1.0  # rounded to a whole number
1.2  # a guess

# %% 02.9 right
[10, 100]
(10.0, 100.0)
np.array([10, 100], "float32")
[1e-2 / 1e-3, 1e-4 / 1e-6]
tf.constant([10.0, 100.0])
[9.986, 99.999]
# %% 02.9 wrong
[100, 10]  # exchanged -> other way
[10, 10]  # the square forgotten -> h² in it
[100, 100]  # both squared -> h itself
[10, 1000]  # third power -> not h³
[0.1, 0.01]  # what is left -> inverse
[1, 2]  # the powers -> powers
[10, 20]  # twice instead of squared
10  # one number
[5, 50]  # half, for the factor ½ of the formula
