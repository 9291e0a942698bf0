# %% [markdown]
# # 14 · How good is it?
#
# **After this lesson you can**
# - judge pictures yourself, and say how sure your verdict is;
# - write the metrics that papers report, from the Fréchet distance to recall, and say what each of them cannot see;
# - find copies, and test whether a picture was in the training set;
# - tell a better model from a luckier one, with seeds, sample sizes and a test;
# - say what more images, a larger network and more time bring, and where such a law breaks.
#
# **You need** lessons 06 and 09: a GAN and a VAE, and the first Fréchet distances. Lesson 11's row model and lesson
# 15's flow are used here, not explained.
#
# **Time** 97 minutes: 87 for the core sections, 10 for the optional one. All cells together run for about
# one minute on two CPU cores.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import itertools

import keras
import numpy as np
import scipy
from matplotlib.figure import Figure

from course_utils import checks, data, metrics, plots
from course_utils.lessons.how_good_is_it import (
    mistakes_curves,
    mistakes_distances,
    mistakes_judging,
    mistakes_memory,
    mistakes_table,
    perturbations,
    quiz,
)
from course_utils.models import pretrained

# %% tags=["parameters"]
SEED = 0
NUM_IMAGES = 2000  # test: 200
NUM_PARTS = 5  # test: 2
JUDGE_STEPS = 200  # test: 3

# %% [markdown]
# ## 1. You are the metric (core, 9 minutes)
#
# The quality of generated images is a challenge, many articles say. How large is it, and how would one know? The
# oldest way is to ask people. So before any formula: here are 24 pictures, 12 real ones and 4 each of three models
# that ship with the course. Which are real?

# %%
training_images, training_labels = data.load_images("fashion_mnist", split="train")
test_images, test_labels = data.load_images("fashion_mnist", split="test")
shipped = {"GAN": "gan_fashion", "VAE": "vae_fashion_gaussian", "flow": "flow_fashion"}
drawn = {
    name: pretrained.load(weights).sample(NUM_IMAGES, seed=SEED)
    for name, weights in shipped.items()
}
real = test_images[:NUM_IMAGES]
distances = {name: float(metrics.frechet_distance(images)) for name, images in drawn.items()}

# %%
asked = quiz.real_or_fake(real, drawn, seed=SEED, distances=distances)
asked

# %% [markdown]
# Click *Real* or *Generated* 24 times (or stay on a button and press Space), and read the table at the end. One round
# is enough.
#
# Can a few lines of code do what you just did? A generated picture of a VAE is smooth, so the rule below calls a
# picture real if its neighboring pixels differ a lot. It plays the same round:


# %%
def roughness(image):
    return np.abs(np.diff(image[..., 0], axis=1)).mean()


another = quiz.real_or_fake(real, drawn, seed=SEED, distances=distances, name="judge")
typical = np.median([roughness(image) for image in real / np.float32(255)])
print(another.play(lambda image: roughness(image) > 0.8 * typical))

# %% [markdown]
# No, it cannot: it finds most of the VAE's pictures and takes the other models' for real.
#
# ### How sure are you?
#
# Suppose you were right 16 times of 24, a share of 0.67. Chance alone would give 0.5. Would another 24 pictures give
# 0.67 again? The share has a **confidence interval**: of the intervals so computed, about 95 % contain the true share,
# since a normal variable lies within 1.96 deviations of its mean in 95 of 100 cases. The usual $\hat p \pm
# 1.96\sqrt{\hat p(1-\hat p)/n}$ has the width 0 after 24 of 24. Wilson (1927) asked instead which true shares $p$
# would find $\hat p$ no surprise, $|\hat p - p| \le z\sqrt{p(1-p)/n}$, and solved the quadratic equation for $p$:
#
# $$\frac{\hat p + \frac{z^2}{2n} \pm z\sqrt{\frac{\hat p(1-\hat p)}{n} + \frac{z^2}{4n^2}}}{1 + \frac{z^2}{n}},
# \qquad z = 1.96$$
#
# ### Exercise 14.1: the interval (4 minutes)
#
# Write `interval(right, asked)`: the lower and the upper end, as a pair.


# %% tags=["exercise"]
def interval(right, asked):
    # -- stub --
    return ...
    # -- solution --
    z, share = 1.96, right / asked
    center = share + z**2 / (2 * asked)
    half = z * np.sqrt(share * (1 - share) / asked + z**2 / (4 * asked**2))
    return (center - half) / (1 + z**2 / asked), (center + half) / (1 + z**2 / asked)


# %% tags=["check"]
checks.check_function(
    "14.1",
    interval,
    expected=mistakes_judging.interval,
    cases=mistakes_judging.INTERVAL_CASES,
    hints=mistakes_judging.INTERVALS,
    hint="Compute the center and the half width of the formula above, and divide both by 1 + z²/n.",
    why="16 of 24 gives 0.47 to 0.82: chance, 0.5, is inside. To tell 0.67 from 0.5 takes 36 pictures.",
)

# %% [markdown]
# People are the yardstick, but a slow one: they tire, learn (your second round may be better than your first), and see
# *single* pictures. A model that draws one perfect boot 10,000 times fools everyone who sees one at a time. That is
# why papers use metrics, and what a metric must do: see bad pictures, see *missing* ones, see copies, and say how sure
# it is. No metric does all four, as you are about to see.
#
# ## 2. Two sets, one distance (core, 12 minutes)
#
# All metrics below compare *sets*, and not in pixels, where a boot moved by one pixel is far from itself (lesson 06),
# but in **features**: a classifier, trained beforehand and frozen, turns each image into 64 numbers.

# %%
features = {name: metrics.image_features(images) for name, images in drawn.items()}
real_features = metrics.image_features(real)
other_features = metrics.image_features(training_images[-NUM_IMAGES:])
print("features of the GAN's images:", features["GAN"].shape)

# %% [markdown]
# ### The Fréchet distance, by hand
#
# Describe each set by a normal distribution. How far is one from the other? Think of heaps of sand: the cheapest way
# to carry one heap into the shape of the other costs, as a mean square (Dowson and Landau 1982),
#
# $$d^2 = |m_1 - m_2|^2 + \mathrm{tr}\left(C_1 + C_2 - 2\,(C_1 C_2)^{1/2}\right)$$
#
# with the means $m$ and covariances $C$. In one dimension this is $(m_1-m_2)^2 + (\sigma_1-\sigma_2)^2$: move the
# heap, then stretch it. There, the cheapest way is known without any formula: sort both, and carry the smallest grain
# to the smallest place.

# %% tags=["check-output"]
random = np.random.default_rng(SEED)
first, second = random.normal(0, 1, 100_000), random.normal(3, 2, 100_000)
carried = np.mean((np.sort(first) - np.sort(second)) ** 2)
print(f"sorted grains {carried:.2f}, formula {3**2 + (2 - 1) ** 2}")


# %%
def frechet(generated, real):
    m_1, m_2 = generated.mean(axis=0), real.mean(axis=0)
    c_1, c_2 = (np.cov(rows, rowvar=False) for rows in (generated, real))
    root = scipy.linalg.sqrtm(c_1 @ c_2).real
    return np.sum((m_1 - m_2) ** 2) + np.trace(c_1 + c_2 - 2 * root)


for name, rows in features.items():
    statistics = (*metrics.feature_statistics(rows), *metrics.feature_statistics(real_features))
    ours = metrics.gaussian_frechet_distance(*statistics)
    print(f"{name:5} by hand {frechet(rows, real_features):.4f}, the package's {ours:.4f}")

# %% [markdown]
# With 2,000 images each, expect about 1.4, 15 and 2.3. (The quiz compared with all 10,000 test images, hence the small
# differences.) Though it is called a distance, it is a square, and papers report it as it is. This is FID's formula
# (Heusel et al. 2017). A paper's FID has other features, those of Inception-v3, so its numbers and ours live in
# different units.
#
# ### The kernel distance
#
# Are features normal? Hardly: ten kinds make ten clouds. The **kernel distance** (KID, Bińkowski et al. 2018) assumes
# nothing of the kind. Let $k(x, y)$ say how alike two rows are, here $\left(\frac{x\cdot y}{d}+1\right)^3$ with $d =
# 64$ numbers a row. If generated $x$ and real $y$ come from the same distribution, then pairs within a set are as
# alike as pairs across:
#
# $$\mathrm{MMD}^2 = \mathbb E\,k(x, x') + \mathbb E\,k(y, y') - 2\,\mathbb E\,k(x, y)$$
#
# Multiply the third power out, and it is a weighted squared distance between the means of all products of up to three
# features (Gretton et al. 2012): it sees means, covariances and skewness, and nothing beyond. In the first two terms,
# the two rows are *different* ones. A row paired with itself is always alike, which would make every distance too
# large.
#
# ### Exercise 14.2: without bias (7 minutes)
#
# Write `squared_discrepancy(generated, real)` for arrays $(n, d)$ and $(m, d)$, each expectation a mean over pairs. It
# is an estimate of a square, without bias, so it may come out below 0: do not cut it off, and take no root.


# %% tags=["exercise"]
def squared_discrepancy(generated, real):
    # -- stub --
    return ...

    # -- solution --
    def kernel(first, second):
        return (first @ second.T / first.shape[1] + 1) ** 3

    def within(rows):
        alike, n = kernel(rows, rows), len(rows)
        return (alike.sum() - np.trace(alike)) / (n * (n - 1))

    return within(generated) + within(real) - 2 * kernel(generated, real).mean()


# %% tags=["check"]
checks.check_function(
    "14.2",
    squared_discrepancy,
    expected=mistakes_distances.squared_discrepancy,
    cases=mistakes_distances.DISCREPANCY_CASES,
    hints=mistakes_distances.DISCREPANCIES,
    hint="The means over different rows of each set, minus twice the mean over all pairs across; no root.",
    why="The estimate has no bias: for two sets of one distribution it is 0 on average, with 20 images as with 20,000.",
)

# %% [markdown]
# The package takes random parts of 500 rows, which gives a spread as well:

# %%
for name, rows in {**features, "real": other_features}.items():
    print(f"{name:5} {metrics.kernel_distance(rows, real_features)}")

# %% [markdown]
# Expected: about 0.025, 0.53, 0.07, and for real images 0 within chance. The deviation is that of single parts. These
# twenty share images, so it is no standard error of their mean; section 5 has one.
#
# ## 3. One number hides two (core, 10 minutes)
#
# A model may draw bad pictures, or it may leave pictures out. Both make a distance grow, and the distance does not say
# which.
#
# ### The inception score
#
# The first metric that became common asks a classifier. A good picture is surely *something*, so its $p(y\mid x)$ is
# narrow; good sets have all kinds, so the mean $p(y)$ is wide. The inception score (Salimans et al. 2016) is $\exp
# \mathbb E_x\, \mathrm{KL}(p(y\mid x)\,\|\,p(y))$, from 1 to the number of classes.


# %%
def inception_score(probabilities):
    mean = probabilities.mean(axis=0)
    return np.exp(np.mean(np.sum(probabilities * np.log(probabilities / mean), axis=1)))


for name, images in {**drawn, "real": real}.items():
    seen = metrics.predicted_probabilities(images)
    ours = metrics.inception_score(seen, num_parts=1)
    print(f"{name:5} by hand {inception_score(seen):.3f}, the package's {float(ours):.3f}")

# %% [markdown]
# It never looks at a real image. One boot, one bag, ... one of each kind, again and again, would score nearly 10, more
# than real images do (8.5; the VAE has about 4.2). Barratt and Sharma (2018) list more of its faults.
#
# ### Precision and recall
#
# **Precision**: how many generated pictures could be real? **Recall**: how much of what is real could the model have
# drawn? "Could be" needs a neighborhood: around each row of a set lies a ball that reaches to its $k$-th nearest other
# row of the same set; together the balls are where the set is (Kynkäänniemi et al. 2019, with $k = 3$; we take 5
# throughout, as the shares depend on $k$ and on the number of images).


# %%
def radii(rows, num_neighbors):
    distances = scipy.spatial.distance.cdist(rows, rows)
    return np.sort(distances, axis=1)[:, num_neighbors]  # column 0 is the row itself, at 0


def precision(generated, real, num_neighbors):
    to_real = scipy.spatial.distance.cdist(generated, real)
    return np.mean((to_real < radii(real, num_neighbors)).any(axis=1))


# %% [markdown]
# ### Exercise 14.3: recall (5 minutes)
#
# Write `recall(generated, real, num_neighbors)`. You may use `radii`. (Two equal rows are two rows: each is the
# other's neighbor, at distance 0.)


# %% tags=["exercise"]
def recall(generated, real, num_neighbors):
    # -- stub --
    return ...
    # -- solution --
    to_generated = scipy.spatial.distance.cdist(real, generated)
    return np.mean((to_generated < radii(generated, num_neighbors)).any(axis=1))


# %% tags=["check"]
checks.check_function(
    "14.3",
    recall,
    expected=mistakes_distances.recall,
    cases=mistakes_distances.RECALL_CASES,
    hints=mistakes_distances.RECALLS,
    hint="The balls lie around the generated rows now, and the share is one of real rows.",
    why="Precision and recall are the same function with the two sets exchanged.",
)

# %% [markdown]
# One outlier among the real images has a huge ball, which lets much in. **Density** (Naeem et al. 2020) counts *how
# many* real balls a generated picture lies in, divided by $k$; **coverage** is the share of real balls in which there
# is a generated picture. Both keep to balls around real rows, which do not change from model to model.


# %%
def density(generated, real, num_neighbors):
    to_real = scipy.spatial.distance.cdist(generated, real)
    return np.mean((to_real < radii(real, num_neighbors)).sum(axis=1)) / num_neighbors


def coverage(generated, real, num_neighbors):
    to_generated = scipy.spatial.distance.cdist(real, generated)
    return np.mean((to_generated < radii(real, num_neighbors)[:, np.newaxis]).any(axis=1))


for name, rows in {**features, "real": other_features}.items():
    print(f"{name:5} {metrics.precision_recall(rows, real_features, num_neighbors=5)}")
by_hand = [of(features["VAE"], real_features, 5) for of in (precision, density, coverage)]
print("the VAE by hand: precision {:.3f}, density {:.3f}, coverage {:.3f}".format(*by_hand))

# %% [markdown]
# Expected, for precision and recall: the GAN about 0.85 and 0.87, the VAE 0.6 and 0.7, the flow 0.94 and 0.7, real
# images 0.92 and 0.93. Now the distances have a possible explanation. Two in five of the VAE's pictures lie outside
# the balls, and its coverage is 0.23. Each of the flow's pictures is more typical than a real one (density 1.1), but
# its recall says that a part of what is real is missing; coverage sees no such difference to the GAN (0.85 for both).
# So the measures disagree, and which of the two is *better* depends on what you want.
#
# ## 4. What each one misses (core, 15 minutes)
#
# A metric is a measuring instrument, and instruments get tested: take *real* images, do one thing to them, and see
# what moves. Each fault below is done to the same 2,000 real images, which are others than those we compare with.

# %%
others = test_images[NUM_IMAGES : 2 * NUM_IMAGES]
trained_on, held_out = training_images[:NUM_IMAGES], test_images[-NUM_IMAGES:]
faults = perturbations.PERTURBATIONS
plots.show_images(
    np.concatenate([fault(others, seed=SEED)[:6] for fault in faults.values()]),
    "Two faults in a row, six pictures each: " + "; ".join(faults) + ".",
    columns=12,
)

# %% [markdown]
# ### Exercise 14.4: predict (5 minutes)
#
# Before you see the table: which metric notices what? Four of the faults:
#
# - `copies`: training images, handed in as if they were generated;
# - `one_kind`: no sandals any more, other pictures in their place;
# - `few`: 50 different pictures, of all kinds, again and again;
# - `blurred`: a little blur on every picture.
#
# For each, five numbers: 1 if the metric clearly gets worse, 0 if it (nearly) stays. The metrics, in this order:
# Fréchet distance, inception score, precision, recall, and lesson 06's question as a number, whether pictures are
# nearer to training images than to held-out ones. "Clearly" is by more than 0.5 for the first two, by more than 0.07
# for the others. You may come back after the table.

# %% tags=["exercise"]
# -- stub --
copies = ...  # five numbers, such as [0, 1, 0, 1, 0]
one_kind = ...
few = ...
blurred = ...
# -- solution --
copies = [0, 0, 0, 0, 1]
one_kind = [1, 1, 0, 1, 0]
few = [1, 0, 0, 1, 0]
blurred = [1, 0, 0, 1, 0]

# %% tags=["check"]
checks.check_array(
    "14.4",
    [copies, one_kind, few, blurred],
    expected=[[0, 0, 0, 0, 1], [1, 1, 0, 1, 0], [1, 0, 0, 1, 0], [1, 0, 0, 1, 0]],
    hints=mistakes_table.PREDICTIONS,
    hint="Ask of each metric what it looks at, and whether the fault changes that; or run on, and look at the table.",
    why="No metric has a 1 for every fault: none is enough alone.",
)

# %% [markdown]
# ### The table
#
# Every fault by every metric. *Other* is the same Fréchet distance in the features of a classifier of animals. The
# *kernel* distance is shown times 1,000. *Nearer* is the ratio of the median distances to the nearest of 2,000
# training and of 2,000 held-out images.


# %%
statistics = metrics.feature_statistics(real_features)
animal = "animals_features_v1"
animal_statistics = metrics.feature_statistics(metrics.image_features(real, animal))


def measured(images):
    rows, elsewhere = metrics.image_features(images), metrics.image_features(images, animal)
    own = (metrics.feature_statistics(one) for one in (rows, elsewhere))
    seen = metrics.predicted_probabilities(images)
    kernel = metrics.kernel_distance(rows, real_features, num_parts=NUM_PARTS)
    near = metrics.precision_recall(rows, real_features)
    return {
        "Fréchet": metrics.gaussian_frechet_distance(*next(own), *statistics),
        "other": metrics.gaussian_frechet_distance(*next(own), *animal_statistics),
        "kernel": 1000 * float(kernel),
        "incept.": float(metrics.inception_score(seen, num_parts=1)),
        "precis.": near.precision,
        "recall": near.recall,
        "density": near.density,
        "cover.": near.coverage,
        "nearer": metrics.copying(images, trained_on, held_out).ratio,
    }


# %%
table = {name: measured(fault(others, seed=SEED)) for name, fault in faults.items()}
table["training images"] = measured(perturbations.copies(trained_on, NUM_IMAGES))
table["... of all 60,000"] = measured(perturbations.copies(training_images, NUM_IMAGES))

print(" " * 21, *(f"{name:>7}" for name in table["noisy"]))
for name, row in table.items():
    print(f"{name:21}", *(f"{value:7.2f}" for value in row.values()))

# %% [markdown]
# Read it by columns. The first row, other real images, is the floor. With other random numbers it moves: by 0.08 in
# the distance, 0.04 in the inception score, 0.003 in precision and recall (three draws).
#
# - **Copies** are perfect for everything but the last column. Many papers compare with the *training* images, which
#   even rewards copies. And the last column has to search where they come from: the last row's pictures were taken
#   from all 60,000 training images, of which 2,000 were searched.
# - **Precision** does not see the missing kind. Noise takes 0.02 of it, a small blur nothing. Of the fifty, each
#   counts a fiftieth, so that chance alone moves it by 0.04.
# - **Recall and coverage** see all of these. (Recall is exactly 0 for the fifty: equal rows have balls of radius 0.)
# - **The inception score** finds fifty pictures almost as good as real ones.
# - **Noise** that you hardly see costs more distance than a blur that you do see; in the *other features* it is the
#   other way round, by far. A distance sees what its network learned to see. (Papers of today add features of larger
#   networks, since people's judgment disagrees with FID: Stein et al. 2023.)
# - **Resizing** softly, with all pixels averaged, costs five times as much as dropping every second one: this
#   classifier forgives stairs, not lost detail.
# - **Code** is a suspect, too: a cast that wraps, a range that is taken for another, a resize cost more than the GAN's
#   whole distance, 1.4. (Resizing and compression in FID: Parmar et al. 2022.)
#
# ### Exercise 14.5: what happened here? (3 minutes)
#
# Yesterday a GAN had the distance 1.2, precision 0.86, recall 0.86. Today the same weights, drawn by a colleague's new
# script: distance 10.6, precision 0.65, recall 0.38, inception score 5.7, distance in other features 96. What is the
# likely cause?
# - **a** The generator has collapsed to few pictures.
# - **b** The weights were trained too long and learned the training set by heart.
# - **c** Bytes from 0 to 255 were handed on as if they went from 0 to 1.
# - **d** The pictures were stored with some noise.
# - **e** Another random sample of the same GAN.

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = "c"

# %% tags=["check"]
checks.check_choice(
    "14.5",
    answer_5,
    expected="c",
    options="abcde",
    hints={
        "a": "weights do not change by being drawn from; and few pictures leave precision as it is.",
        "b": "the weights are the same; and copies would look perfect.",
        "d": "noise that costs so much would be plainly visible, and precision hardly notices weak noise; compare the rows.",
        "e": "another sample of 2,000 moves the distance by 0.1 or so.",
    },
    hint="Find the row of the table with such numbers.",
    why="Look at the pictures before you look at the numbers: every gray is white.",
)

# %% [markdown]
# ## 5. Better, or luckier? (core, 16 minutes)
#
# ### A small sample looks bad
#
# The same GAN, measured with fewer of its images:

# %%
all_real = metrics.image_features(test_images)
sizes = np.array([size for size in (200, 250, 333, 500, 1000, 2000) if size <= NUM_IMAGES])
sizes = sizes if len(sizes) > 2 else np.array([100, 125, NUM_IMAGES])
by_size = {
    name: metrics.extrapolated_distance(rows, all_real, sizes, num_parts=NUM_PARTS, seed=SEED)
    for name, rows in {"GAN": features["GAN"], "real images": other_features}.items()
}
plots.curves(
    {name: found.distances for name, found in by_size.items()},
    "Fréchet distance to all test images against one over the number of images: two lines, which rise to the right.",
    "1 / number of images",
    "Fréchet distance",
    x=1 / sizes,
)

# %% [markdown]
# Even *real* images have a distance, and the fewer there are, the larger it is: a covariance of few rows is too wide
# in some directions and too narrow in others. The **bias** of the distance falls as $1/n$, nearly along a line. So
# "FID 12 with 5,000 images" and "FID 11 with 50,000" say nothing about which is better. The same $n$ for all helps,
# though the slope differs from model to model; or take the line's end at $1/n = 0$, which stands for infinitely many
# images (Chong and Forsyth 2020).
#
# ### Exercise 14.6: infinitely many (4 minutes)
#
# Write `limit(sizes, distances)`: fit $d \approx a + b/n$ by least squares, and return $a$. `np.polyfit` may help.


# %% tags=["exercise"]
def limit(sizes, distances):
    # -- stub --
    return ...
    # -- solution --
    line = np.polyfit(1 / np.asarray(sizes), distances, 1)
    return line[1]


# %% tags=["check"]
checks.check_function(
    "14.6",
    limit,
    expected=mistakes_curves.limit,
    cases=mistakes_curves.LIMIT_CASES,
    hints=mistakes_curves.LIMITS,
    hint="Fit a straight line in x = 1 / n; its value at x = 0 is the limit.",
    why="Where the line meets 1/n = 0, the bias is gone. The noise is not.",
)

# %%
for name, found in by_size.items():
    print(f"{name:11} {found}")
painter = pretrained.load("gan_fashion")
print("GAN        ", metrics.frechet_distance(painter.sample(5 * NUM_IMAGES, seed=SEED + 1)))

# %% [markdown]
# For real images the limit is about 0, as it should be. The GAN's is 1.2, and should lie below what was measured with
# 10,000 images, 1.12. It does not: from 2,000 images the limit itself is uncertain by 0.1 or so (of five other samples
# of 2,000 we got 0.98 to 1.14).
#
# ### An interval for the kernel distance
#
# The kernel distance has no bias, so parts of the samples may be measured one by one. Four parts that share no image
# give four independent numbers, and Student's $t$ for three degrees of freedom, 3.18, an interval:

# %%
for name, rows in {**features, "real": other_features}.items():
    parts = zip(np.array_split(rows, 4), np.array_split(real_features, 4), strict=True)
    four = [1000 * float(metrics.kernel_distance(*part, num_parts=1)) for part in parts]
    half = 3.18 * np.std(four, ddof=1) / np.sqrt(4)
    print(f"{name:5} kernel distance x 1000: {np.mean(four):6.1f} ± {half:.1f}")

# %% [markdown]
# For real images 0 has to be inside (in 95 of 100 such intervals), and for the GAN it should not be; it is not: expect
# about 26 ± 10.
#
# ### Another seed, another model
#
# Bias is one half; the other is **spread**. Train the same model twice with different seeds, and you get two models.
# In the record that ships with the course, each model of the course was trained for one minute, three times. The *row
# RNN* writes an image row by row (lesson 11), the *flow of codes* draws the latents of a VAE. The last two rows are no
# models and were measured once, the floor and the ceiling:

# %% tags=["check-output"]
record = data.load_measurements("quality")
names = record["models"].tolist()
for name, three in zip(names, record["distance"].T, strict=True):
    print(f"{name:16}", *(f"{one:7.2f}" for one in three))

# %% [markdown]
# ### Exercise 14.7: a test (6 minutes)
#
# Three distances of one model, three of another: is one better, or was it luckier? Suppose that they do *not* differ.
# Then the six numbers could have been dealt to the two models in any way, each as likely as the others. How many of
# all ways to deal them have a difference of means, in either direction, at least as large as the one that happened?
# That share is the **p-value** of a permutation test (Pitman 1937; Fisher 1935 for pairs). Write `p_value(first,
# second)` for lists of any, also different, lengths, with all ways of dealing, the real one included; return the
# share. Two sums of the same numbers may differ by rounding, so let 1e-9 count as equal. `itertools.combinations` may
# help.


# %% tags=["exercise"]
def p_value(first, second):
    # -- stub --
    return ...
    # -- solution --
    pooled = np.concatenate([first, second])
    observed, found = abs(np.mean(first) - np.mean(second)), []
    for chosen in itertools.combinations(range(len(pooled)), len(first)):
        rest = np.delete(pooled, chosen)
        found.append(abs(pooled[list(chosen)].mean() - rest.mean()))
    return np.mean(np.array(found) >= observed - 1e-9)


# %% tags=["check"]
checks.check_function(
    "14.7",
    p_value,
    expected=mistakes_judging.p_value,
    cases=mistakes_judging.P_VALUE_CASES,
    hints=mistakes_judging.P_VALUES,
    hint="For every choice of len(first) of the pooled numbers: the absolute difference of the two means.",
    why="With three against three there are 20 ways, and the best that can happen is 2 of 20: 0.1.",
)

# %% tags=["check-output"]
by_name = dict(zip(names, record["distance"].T, strict=True))
for pair in (("GAN", "VAE"), ("GAN", "row RNN"), ("flow", "flow of codes")):
    print(*pair, "p =", round(mistakes_judging.p_value(*(by_name[name] for name in pair)), 3))

# %% [markdown]
# The first two pairs get 0.1, the best they can. The two flows, 6.2 and 6.3 on average, get 0.7. Three seeds against
# three can never reach the usual 0.05, however far apart they lie. Many papers report *one* seed. And whoever compares
# twenty variants of which none is better must expect one with $p \le 0.05$. The same luck sits in every choice. Who
# keeps the best of ten checkpoints by their distance to the test images has chosen the luckiest, too: choose with one
# half of the images, and report the distance to the other.
#
# ## 6. Does it remember? (core, 8 minutes)
#
# In section 4 copies passed as well as real images. Lesson 06 looked at nearest neighbors; now make a number of it.
# Search the nearest training image of each generated one, and the nearest of *as many* held-out ones. A model that has
# learned what clothes look like is as far from both. The ratio of the medians, from the record, of models trained for
# 20 seconds on few or many images:

# %%
for name, curve in zip(record["curves"], record["images_copying"].mean(axis=0), strict=True):
    shares = [
        f"{count:,}: {ratio:.2f}" for count, ratio in zip(record["images"], curve, strict=True)
    ]
    print(f"{name:8}", ";  ".join(shares))

# %% [markdown]
# The ratio is 1.00 from 1,000 images on. With 100 the flow is at 0.82, the GAN at 0.91, the VAE at 0.95: they begin to
# copy. The row RNN does not.
#
# Being a ratio of medians, it would not notice a few copies: if one picture of ten is a copy, it is still 0.97. So
# look at the smallest distances, too. And the columns of 10,000 and more were searched among 10,000 training images
# only.

#
# ### A membership test
#
# Turn the question around. Somebody has a picture and the model's samples, nothing else: *was this picture in the
# training set?* For a medical image, a yes gives away a patient. The attack (Chen et al. 2020): the nearer a picture
# lies to a generated one, the more likely it was. To see one succeed we need a model that remembers; this one "draws"
# its 200 training images, blurred:

# %%
members, strangers = training_images[:200], test_images[:200]
remembering = perturbations.blurred(members, seed=SEED, radius=0.8)
scores = {
    name: [metrics.membership_scores(images, generated) for images in (members, strangers)]
    for name, generated in {"remembering": remembering, "GAN": drawn["GAN"]}.items()
}

# %% [markdown]
# ### Exercise 14.8: how good is the attack? (4 minutes)
#
# Take one member and one other picture at random: how often has the member the higher score? Write `auc(members,
# others)` for two arrays of scores, of any lengths; a tie counts half. (0.5 is guessing, 1 is certainty. It is the
# area under the ROC curve.)


# %% tags=["exercise"]
def auc(members, others):
    # -- stub --
    return ...
    # -- solution --
    differences = np.asarray(members)[:, np.newaxis] - np.asarray(others)
    return np.mean(differences > 0) + np.mean(differences == 0) / 2


# %% tags=["check"]
checks.check_function(
    "14.8",
    auc,
    expected=mistakes_memory.auc,
    cases=mistakes_memory.AUC_CASES,
    hints=mistakes_memory.AUCS,
    hint="Compare every member with every other picture: a win is 1, a tie a half.",
    why="It asks for the order only, so any rescaling of the scores gives the same.",
)

# %%
for name, (of_members, of_others) in scores.items():
    print(f"{name:12} {metrics.membership_auc(of_members, of_others):.3f}")

# %% [markdown]
# Expected: about 0.98 and 0.48. The model that remembers gives nearly every member away (it is the best case for an
# attacker). The GAN, which saw 60,000 images, tells this attacker nothing: with 200 of each, chance is 0.5 ± 0.06.
# That is no proof that it keeps its secrets: the attack is a weak one, and an average says nothing of the one picture
# that was learned by heart (Carlini et al. 2022).
#
# ## 7. Likelihood, and a pupil of the model (optional, 10 minutes)
#
# ### Likelihood
#
# Lesson 11's model says the exact probability of an image. Is a model with more likelihood a better painter? Mix: with
# probability 1 % the model draws, else black-and-white noise. The mixture's likelihood of an image is $0.01\,p(x) +
# 0.99 \cdot 2^{-784}$:

# %%
writer = pretrained.load("rnn_fashion")
sharp = data.binarize(test_images[:100])
alone = writer.log_likelihood(sharp)
mixture = np.logaddexp(np.log(0.01) + alone, np.log(0.99) - 784 * np.log(2))
for name, nats in {"the model": alone, "99 % noise": mixture}.items():
    bits = -nats.mean() / (784 * np.log(2))
    print(f"{name:10} {nats.mean():8.2f} nats, {bits:.4f} bits a pixel")

# %% [markdown]
# ### Exercise 14.9: what noise costs (2 minutes)
#
# How many nats can a mixture with 99 % noise lose at most, compared with the model alone? A number, or an expression
# such as `np.log(...)`.

# %% tags=["exercise"]
# -- stub --
answer_9 = ...
# -- solution --
answer_9 = np.log(100)

# %% tags=["check"]
checks.check_number(
    "14.9",
    answer_9,
    expected=np.log(100),
    hints={
        -np.log(100): "a loss is asked for: turn the sign.",
        np.log(100 / 99): "that is what a mixture with 1 % noise loses.",
        np.log2(100): "those are bits; nats need np.log.",
        np.log10(100): "nats need the natural logarithm, np.log.",
        99: "a factor before p(x) becomes a term in log p(x): which?",
        100: "a factor of 100 in p(x) is how many nats?",
    },
    hint="The mixture is at least 0.01 p(x). Take the logarithm.",
    why="4.6 of some 79 nats: 0.0085 bits a pixel, and 99 pictures of 100 are noise (Theis et al. 2016). With more "
    "pixels the share gets smaller still. And the other way round, copies of the training images look perfect, and "
    "held-out images get no probability.",
)

# %% [markdown]
# ### A pupil
#
# One more way: what are the pictures *good for*? Train a classifier on generated pictures with their labels alone, as
# lesson 03 does with real ones, and test it on real ones: the **classification accuracy score** (Ravuri and Vinyals
# 2019).


# %%
def taught_by(images, labels):
    keras.utils.set_random_seed(SEED)
    layers = keras.layers
    pupil = keras.Sequential(
        [
            layers.Conv2D(16, 3, strides=2, activation="relu"),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    )
    losses = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    pupil.compile(optimizer=keras.optimizers.Adam(3e-3), loss=losses, jit_compile=False)
    batches = data.make_dataset(images, labels, batch_size=64, repeat=True, seed=SEED)
    scaled = batches.map(lambda x, y: (data.scale_pixels(x), y))
    pupil.fit(scaled, steps_per_epoch=JUDGE_STEPS, shuffle=False, verbose=0)
    seen = pupil(data.scale_pixels(data.as_floats(real)), training=False)
    return np.mean(seen.numpy().argmax(axis=1) == test_labels[:NUM_IMAGES])


# %%
some, fifty = np.arange(NUM_IMAGES), np.arange(NUM_IMAGES) % 50
pupils = {
    "real": (training_images[some], training_labels[some]),
    "the flow": (drawn["flow"], some % 10),
    "fifty, repeated": (training_images[fifty], training_labels[fifty]),
}
for name, (images, labels) in pupils.items():
    print(f"taught by {name:15} {taught_by(images, labels):.3f}")
ours = metrics.classifier_accuracy(
    *pupils["the flow"], real, test_labels[:NUM_IMAGES], steps=JUDGE_STEPS, seed=SEED
)
print(f"the package's, of the flow {ours:.3f}")

# %% [markdown]
# Expected: 0.82, 0.81, 0.64, and 0.83 by the package, whose network is another. The flow's classes take turns, so
# `some % 10` is what was asked for. Its pictures teach almost as well as real ones; fifty pictures, repeated, do not,
# and neither precision nor the inception score would say so. (One seed each; a gap of 0.03 would need more.)
#
# ### Exercise 14.10: who would notice? (2 minutes)
#
# Another flow draws exactly the same 2,000 pictures; but asked for a coat it draws a shirt, and asked for a shirt a
# coat. Which metric notices?
# - **a** the Fréchet distance
# - **b** recall
# - **c** the inception score
# - **d** the classification accuracy score

# %% tags=["exercise"]
# -- stub --
answer_10 = ...
# -- solution --
answer_10 = "d"

# %% tags=["check"]
checks.check_choice(
    "14.10",
    answer_10,
    expected="d",
    options="abcd",
    hints={
        "a": "a distance compares the two sets of pictures, and these are the same as before.",
        "b": "recall compares the two sets of pictures, and these are the same as before.",
        "c": "the inception score asks whether a picture is surely something, not whether it is what was asked for.",
    },
    why="Only this one looks at the labels. A conditional model needs a metric that knows the condition, as lesson 16's ranks do.",
)

# %% [markdown]
# ## 8. Data, complexity, quality: the challenges, measured (core, 14 minutes)
#
# Generative models need large amounts of data and much computing power, and their quality varies, many articles say.
# Four models of the course were trained again and again, three seeds each, while one setting at a time was changed.
# (Recorded on two cores, each for as many steps as fit into the time, so that more images are seen less often each,
# and a wider network takes fewer steps; 2,000 samples; `python -m course_utils.recipes quality` makes it again, in
# about an hour.)

# %%
curves = record["curves"].tolist()
settings = {
    "images": ("training images", "20 s of training each"),
    "widths": ("width, 1 is the course's", "20 s of training each"),
    "times": ("seconds of training", "all 60,000 images"),
}

# %%
figure = Figure(figsize=(12, 3.6))
panels = figure.subplots(1, 3, sharey=True)
for axes, (key, (label, title)) in zip(panels, settings.items(), strict=True):
    for row, name in enumerate(curves):
        three = record[f"{key}_distance"][:, row]
        middle, marker = three.mean(axis=0), plots.MARKERS[row]
        spread = [middle - three.min(axis=0), three.max(axis=0) - middle]
        axes.errorbar(
            record[key], middle, spread, marker=marker, color=plots.COLORS[row], label=name
        )
    axes.set(xscale="log", yscale="log", xlabel=label, title=title)
    axes.set_xticks(record[key], [f"{value:,g}" for value in record[key]], minor=False)
    axes.set_xticks([], minor=True)
panels[0].set_ylabel("Fréchet distance")
panels[1].legend(loc="lower left")
panels[0].set_yticks([5, 10, 20, 40], ["5", "10", "20", "40"])
plots.show_figure(
    figure,
    "Fréchet distance of four models against the number of training images, the width, and the time of "
    "training: markers are means of three seeds, bars reach from the best to the worst. Both axes are logarithmic.",
)

# %% [markdown]
# Read the panels one by one:
#
# - **Data.** In 20 seconds the GAN draws as well from 1,000 images as from 60,000, and the flow loses hardly anything
#   even with 100, by its distance. (Its recall says otherwise, 0.17 against 0.38, and section 6 saw why.) The VAE
#   gains up to 10,000. In 20 seconds the GAN sees 38,000 images in all, and can use no more. So a lack of data is not
#   what holds these models back; with more time it might be.
# - **Complexity.** At equal time twice the width is worse for all four: a wider network takes fewer steps. Half the
#   width is worse for the GAN and the row RNN, and a little better for the VAE and the flow.
# - **Time** helps all four, and most of all.
#
# ### Exercise 14.11: a power law (5 minutes)
#
# Such curves are often summed up as a **power law**, $d \approx c \cdot n^{-b}$ (Hestness et al. 2017; Kaplan et al.
# 2020): a straight line where both axes are logarithmic. (They fitted losses. A Fréchet distance has a floor, so that
# its line has to bend in the end.) Write `power_law(sizes, errors)`: fit the line to the logarithms by least squares,
# and return the array $(c, b)$.


# %% tags=["exercise"]
def power_law(sizes, errors):
    # -- stub --
    return ...
    # -- solution --
    slope, start = np.polyfit(np.log(sizes), np.log(errors), 1)
    return np.array([np.exp(start), -slope])


# %% tags=["check"]
checks.check_function(
    "14.11",
    power_law,
    expected=mistakes_curves.power_law,
    cases=mistakes_curves.POWER_LAW_CASES,
    hints=mistakes_curves.POWER_LAWS,
    hint="log d = log c - b log n: a line in log n. Its slope is -b, and its start the logarithm of c.",
    why="An exponent of 0.5 means: to halve the error, take four times as much.",
)

# %% [markdown]
# Fit it to all points but the last, for each seed, and see what it promises for the last:

# %%
for key in ("images", "times"):
    print(f"\nexponent b in the {settings[key][0]}, and the last point:")
    for row, name in enumerate(curves):
        sizes, found = record[key].astype(float), record[f"{key}_distance"][:, row]
        laws = [mistakes_curves.power_law(sizes[:-1], one[:-1]) for one in found]
        promised = np.mean([factor * sizes[-1] ** -exponent for factor, exponent in laws])
        exponents = [exponent for _, exponent in laws]
        print(
            f"  {name:8} b = {np.mean(exponents):5.2f} (spread {np.ptp(exponents):.2f})", end="; "
        )
        print(f"promised {promised:5.1f}, measured {found[:, -1].mean():5.1f}")

# %% [markdown]
# Over images the exponents are 0.01 to 0.11, next to nothing, and the row RNN's may be of either sign (its spread is
# 0.13). Over time the GAN keeps its promise: 4.6 were promised, 4.8 measured. The row RNN stays behind, and the VAE
# and the flow do better: their learning rates fall to 0 at the end of each training, which pays off in longer ones.
# Two or three points within one decade draw a line, not a law; the published laws span many decades, and end
# somewhere, too.
#
# ### All models in one table
#
# One minute of training on all 60,000 images, the same 2,000 samples for all metrics; three seeds, means. The last
# column is the energy of a thousand images in joules, if two cores at work draw 30 watts; your machine's figure may be
# another.

# %%
print(" " * 16, "dist.  kernel  prec. recall  cover.  parameters  ms/image   J/1000")
for column, name in enumerate(names):
    keys = ("distance", "kernel_distance", "precision", "recall", "coverage")
    values = [record[key][:, column].mean() for key in keys]
    line = f"{name:16}" + "".join(f"{value:7.2f}" for value in values)
    if column < len(record["ms_image"]):
        milliseconds = record["ms_image"][column]
        line += f"{record['parameters'][column]:13,}{milliseconds:10.2f}{30 * milliseconds:9.1f}"
    print(line)
print(f"Training: {record['seconds']:.0f} s, {30 * record['seconds'] / 1000:.1f} kJ each.")

# %% [markdown]
# The conditional GAN, which is told the class, leads in almost every column. The VAE's recall is as good as the GANs',
# its pictures are not. Drawing with the flow costs 33 times as much as with the GAN, with the row RNN 98 times; a flow
# of codes saves most of it. All of this holds for one minute of training: `flow_fashion` had ten, and section 3 shows
# its distance, 2.3.
#
# ### Exercise 14.12: when does drawing cost more than training? (2 minutes)
#
# Training the flow took 60 seconds. After how many images has drawing them taken as long? A number; the table has what
# you need, and so has `record["ms_image"]`, in the order of `names`.

# %% tags=["exercise"]
# -- stub --
answer_12 = ...
# -- solution --
answer_12 = 60_000 / record["ms_image"][names.index("flow")]

# %% tags=["check"]
checks.check_number(
    "14.12",
    answer_12,
    expected=60_000 / float(record["ms_image"][names.index("flow")]),
    rtol=0.02,
    hints=mistakes_table.balances(record),
    hint="The time of training over the time of one image.",
    why="A model that is used by many can cost more in use than in training; for the GAN the balance is far later.",
)

# %% [markdown]
# ## Recap
#
# - A metric compares sets, in features; another network, another number.
# - Distances sum up bad and missing pictures; precision and recall keep them apart; none of them sees copies.
# - Fewer images, larger distance: compare at the same number, or at the line's end.
# - Three seeds cannot prove much; one seed proves nothing.
# - Likelihood and looks are two things.
# - At a fixed time of training, more images and more width helped less than the articles say; more time helped all.
#
# **Try next** Judge your own model of lesson 06, 09 or 15: `measured(model.sample(2000, seed=0))`, and find its row in
# the table.
#
# **Solutions** are in [the solved twin](solutions/14_how_good_is_it.ipynb).
#
# **Sources**
# - M. Heusel et al., *GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium*, 2017,
#   [arXiv:1706.08500](https://arxiv.org/abs/1706.08500): FID.
# - M. Bińkowski et al., *Demystifying MMD GANs*, 2018, [arXiv:1801.01401](https://arxiv.org/abs/1801.01401): KID; A.
#   Gretton et al., *A Kernel Two-Sample Test*, 2012.
# - T. Salimans et al., *Improved Techniques for Training GANs*, 2016,
#   [arXiv:1606.03498](https://arxiv.org/abs/1606.03498); S. Barratt and R. Sharma, *A Note on the Inception Score*,
#   2018, [arXiv:1801.01973](https://arxiv.org/abs/1801.01973).
# - T. Kynkäänniemi et al., *Improved Precision and Recall Metric for Assessing Generative Models*, 2019,
#   [arXiv:1904.06991](https://arxiv.org/abs/1904.06991).
# - M. F. Naeem et al., *Reliable Fidelity and Diversity Metrics for Generative Models*, 2020,
#   [arXiv:2002.09797](https://arxiv.org/abs/2002.09797): density and coverage.
# - M. J. Chong and D. Forsyth, *Effectively Unbiased FID and Inception Score and Where to Find Them*, 2020,
#   [arXiv:1911.07023](https://arxiv.org/abs/1911.07023).
# - G. Parmar, R. Zhang and J.-Y. Zhu, *On Aliased Resizing and Surprising Subtleties in GAN Evaluation*, 2022,
#   [arXiv:2104.11222](https://arxiv.org/abs/2104.11222).
# - L. Theis, A. van den Oord and M. Bethge, *A Note on the Evaluation of Generative Models*, 2016,
#   [arXiv:1511.01844](https://arxiv.org/abs/1511.01844).
# - S. Ravuri and O. Vinyals, *Classification Accuracy Score for Conditional Generative Models*, 2019,
#   [arXiv:1905.10887](https://arxiv.org/abs/1905.10887).
# - D. Chen et al., *GAN-Leaks*, 2020, [arXiv:1909.03935](https://arxiv.org/abs/1909.03935); C. Meehan et al., *A
#   Non-Parametric Test to Detect Data-Copying in Generative Models*, 2020,
#   [arXiv:2004.05675](https://arxiv.org/abs/2004.05675); N. Carlini et al., *Membership Inference Attacks From First
#   Principles*, 2022, [arXiv:2112.03570](https://arxiv.org/abs/2112.03570).
# - G. Stein et al., *Exposing Flaws of Generative Model Evaluation Metrics*, 2023,
#   [arXiv:2306.04675](https://arxiv.org/abs/2306.04675).
# - J. Hestness et al., *Deep Learning Scaling is Predictable, Empirically*, 2017,
#   [arXiv:1712.00409](https://arxiv.org/abs/1712.00409); J. Kaplan et al., *Scaling Laws for Neural Language Models*,
#   2020, [arXiv:2001.08361](https://arxiv.org/abs/2001.08361).
# - E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, 1927; E. J. G. Pitman,
#   *Significance Tests Which May Be Applied to Samples from Any Populations*, 1937; R. A. Fisher, *The Design of
#   Experiments*, 1935; D. C. Dowson and B. V. Landau, *The Fréchet Distance between Multivariate Normal
#   Distributions*, 1982.
