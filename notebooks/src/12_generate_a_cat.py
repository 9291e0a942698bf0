# %% [markdown]
# # 12 · Generate a cat
#
# **After this lesson you can**
# - tell both networks of a GAN which class to draw, and say where the label enters and why;
# - ask for a cat and get one, mix two animals, and test how often the answer is right;
# - recognize a discriminator that learned its few images by heart, and cure it with augmentation;
# - tell memorization from collapse, with a number for each.
#
# **You need** the GAN on images (lesson 06): generator, discriminator, hinge loss, Fréchet distance.
#
# **Time** 80 minutes: 70 for the core sections, 10 for the optional one. All cells together run for about
# two minutes on two CPU cores; most of that is the training in sections 3 and 5.

# %% [markdown]
# ## Setup

# %%
import numpy as np

from course_utils import (
    augmentation,
    checks,
    data,
    gan,
    metrics,
    networks,
    plots,
    pretrained,
    training,
    widgets,
)
from course_utils._tensorflow import keras, tf

# %% tags=["parameters"]
SEED = 0
BATCH_SIZE = 64
NUM_STEPS = 1200  # test: 10
SECONDS_AT_MOST = 240  # a cap for busy machines only
FEW_STEPS = 500  # test: 10
NUM_FEW = 410

# %% [markdown]
# ## 1. Ten animals (core, 5 minutes)
#
# Photographs of cats need a larger network than two CPU cores can train in minutes. Silhouettes keep what
# makes a cat a cat, ears, back and tail, in 28 x 28 pixels. There are 8,216 training images of ten animals,
# a seventh of Fashion-MNIST, and 150 held-out images of each.

# %%
images, labels = data.load_images("animals", split="train")
held_out, held_out_labels = data.load_images("animals", split="test")
names = data.class_names("animals")
CAT = names.index("cat")
for label, name in enumerate(names):
    print(f"{label} {name:9}{np.sum(labels == label):4} training images")
plots.show_images(
    np.concatenate([images[labels == label][:12] for label in range(10)]),
    f"Twelve training images of each animal, one row each: {', '.join(names)}.",
    columns=12,
)

# %% [markdown]
# A GAN as in lesson 06, trained on all of these, draws *an* animal. Which one depends on the latent, and
# nobody can say in advance on which numbers of it. Drawing until a cat turns up wastes nine images of ten.
# We want to choose.
#
# ## 2. Tell both networks (core, 25 minutes)
#
# A **conditional** GAN models one distribution for each class $y$: $q(x \mid y)$ should become
# $p(x \mid y)$. The game is that of lesson 06, with the label handed to both players (Mirza and Osindero
# 2014); labels come from the data in both terms:
#
# $$L_D = \mathbb{E}_{(x,y)\sim p}\,\max(0,\,1 - D(x,y)) + \mathbb{E}_{y\sim p,\,z\sim N}\,\max(0,\,1 +
# D(G(z,y),y)), \qquad L_G = -\,\mathbb{E}_{y\sim p,\,z\sim N}\,D(G(z,y),y).$$
#
# Why must the *discriminator* know the label? Without it a perfect dog would pass for every wish, so the
# generator would have no reason to listen. With it, "a good dog, but a cat was asked for" counts as fake.
#
# ### A label as numbers
#
# A label such as 2 becomes a row of ten numbers, 1 at the class and 0 elsewhere. Multiplied by a learned
# table of ten rows, it picks one row:

# %% tags=["check-output"]
one_hot = tf.one_hot([CAT, 0], 10)
table = tf.reshape(tf.range(20.0), (10, 2))
print("rows of classes:", one_hot.shape)
print("picked rows of the table:", (one_hot @ table).numpy().tolist())

# %% [markdown]
# This is worth the detour, because shares work too: half a cat and half a dog picks the mean of both rows.
# We will draw with that.
#
# ### In the generator: a vector, and conditional normalization
#
# The label enters twice. A learned vector of 32 numbers for each class stands beside the latent, at the
# entrance. And each batch normalization gets a scale and a shift *for each class* (de Vries et al. 2017).
# With $\hat x$ the normalized channel,
#
# $$y_{\text{out}} = \gamma_{\text{class}}\,\hat x + \beta_{\text{class}}.$$
#
# So a channel that draws stripes can be loud for zebras and silent for bears.
#
# ### Exercise 12.1: write it (6 minutes)
#
# Write the formula for a batch of features `x` (n, c), classes `rows` (n, k) of ones and zeros, and tables
# `gamma` and `beta` (k, c). Normalize each channel over the batch: subtract the mean, divide by the standard
# deviation, `x.std(axis=0)`. Then scale and shift each row as its class says.


# %% tags=["exercise"]
def conditional_norm(x, rows, gamma, beta):
    # -- stub --
    return ...
    # -- solution --
    normalized = (x - x.mean(axis=0)) / x.std(axis=0)
    return (rows @ gamma) * normalized + rows @ beta


# %% tags=["check"]
random = np.random.default_rng(3)
tables = random.normal(size=(2, 3, 4))  # a gamma and a beta of three classes
checks.check_function(
    "12.1",
    conditional_norm,
    expected=lambda x, rows, gamma, beta: (
        (rows @ gamma) * (x - x.mean(axis=0)) / x.std(axis=0) + rows @ beta
    ),
    cases=[(random.normal(5, 2, (6, 4)), np.eye(3)[[0, 1, 2, 0, 1, 2]], *tables)],
    hints=[
        (
            lambda x, rows, gamma, beta: (rows @ gamma) * x + rows @ beta,
            "normalize first: subtract the batch's mean and divide by its standard deviation.",
        ),
        (
            lambda x, rows, gamma, beta: (x - x.mean(axis=0)) / x.std(axis=0),
            "that normalizes; the scale and the shift of each class are missing.",
        ),
    ],
    hint="`rows @ gamma` picks the scale of each image's class, `rows @ beta` the shift.",
    why="It is ordinary batch normalization, except that the class picks the scale and the shift.",
)

# %% [markdown]
# The package builds the same in Keras, in ten lines (`networks.conditional_batch_norm`). Here is the whole
# generator: the layers of lesson 06, with labels.

# %%
keras.utils.set_random_seed(SEED)
generator = networks.conditional_generator(num_classes=10)
for layer in generator.layers:
    if layer.count_params():
        print(f"{layer.name:28} {layer.output.shape!s:20} {layer.count_params():>8,}")

# %% [markdown]
# The label must reach every one of these tables. We test it as one tests wiring: the derivative of the
# images by each table is 0 in all rows except the cat's, if we ask for cats.

# %% tags=["check-output"]
latents = tf.random.stateless_normal((8, 64), seed=(SEED, 0))
with tf.GradientTape() as tape:
    drawn = generator([latents, tf.one_hot([CAT] * 8, 10)])
    total = tf.reduce_sum(drawn**2)
tables = [weight for weight in generator.trainable_weights if weight.shape[0] == 10]
for weight, gradient in zip(tables, tape.gradient(total, tables), strict=True):
    reached = np.flatnonzero(np.abs(gradient.numpy()).max(axis=1))
    print(f"{weight.path:24} {tuple(weight.shape)!s:9} rows with a gradient: {reached}")

# %% [markdown]
# ### Exercise 12.2: what does a class cost? (4 minutes)
#
# Suppose we add an eleventh animal. How many parameters does the *generator* gain? Each class has one row in
# each of the tables above; their second numbers are in the list.

# %% tags=["exercise"]
# -- stub --
answer_2 = ...
# -- solution --
answer_2 = 32 + 2 * 96 + 2 * 48

# %% tags=["check"]
checks.check_number(
    "12.2",
    answer_2,
    expected=lambda: (
        networks.conditional_generator(num_classes=11).count_params()
        - networks.conditional_generator(num_classes=10).count_params()
    ),
    hints={
        2 * 96 + 2 * 48: "the vector beside the latent has a row of 32 for each class, too.",
        32 + 96 + 48: "each normalization has two tables, a scale and a shift.",
    },
    hint="Add up one row of each table.",
    why="The convolutions, which hold nearly all the weights, are shared by all animals.",
)

# %% [markdown]
# ### In the discriminator: projection
#
# Could one simply append the label to the image? Yes, but there is a better way, which follows from what
# the best discriminator is (Miyato and Koyama 2018). In lesson 05 it was, as a logit, the log-ratio of the
# densities. With labels, and the rule $p(x,y) = p(y \mid x)\,p(x)$,
#
# $$\log\frac{p(x,y)}{q(x,y)} = \underbrace{\log\frac{p(y\mid x)}{q(y\mid x)}}_{\text{does the label fit?}}
# + \underbrace{\log\frac{p(x)}{q(x)}}_{\text{is the image good?}}$$
#
# We check the split on two classes on a line, where all densities are known. Real class means are at -1
# and 2, the generator's at 0 and 1, all with standard deviation 1 and both classes equally frequent.


# %% tags=["check-output"]
def normal(x, mean):
    return np.exp(-((x - mean) ** 2) / 2) / np.sqrt(2 * np.pi)


x = np.linspace(-3, 4, 8)[:, np.newaxis]
p_joint = 0.5 * normal(x, np.array([-1.0, 2.0]))  # columns: the two classes
q_joint = 0.5 * normal(x, np.array([0.0, 1.0]))
direct = np.log(p_joint / q_joint)
p_x, q_x = p_joint.sum(axis=1, keepdims=True), q_joint.sum(axis=1, keepdims=True)
label_fits = np.log((p_joint / p_x) / (q_joint / q_x))
image_good = np.log(p_x / q_x)
print("largest difference below 1e-12:", np.abs(direct - label_fits - image_good).max() < 1e-12)

# %% [markdown]
# Now suppose that a classifier is a softmax of features $h(x)$, as in lesson 03: $\log p(y \mid x) =
# v_y\cdot h(x) - \log\sum_k e^{v_k\cdot h(x)}$, and the same for $q$ with other $v$. The sums depend on $x$ alone,
# so they join the second term, and what depends on the label is a *dot product* with a row of a table:
#
# $$D(x, y) = \underbrace{w\cdot h(x) + b}_{\text{any image}} + \underbrace{e_y\cdot h(x)}_{\text{this label}}.$$
#
# ### Exercise 12.3: the projection (5 minutes)
#
# Write the logits (n,) for features `h` (n, f), labels (n,), the vector `w` (f,), the number `b` and the table
# `e` (k, f). `e[labels]` picks a row for each image; the dot product of rows is a product and a sum over
# `axis=1`.


# %% tags=["exercise"]
def projection_logits(h, labels, w, b, e):
    # -- stub --
    return ...
    # -- solution --
    return h @ w + b + (e[labels] * h).sum(axis=1)


# %% tags=["check"]
checks.check_function(
    "12.3",
    projection_logits,
    expected=lambda h, labels, w, b, e: h @ w + b + (e[labels] * h).sum(axis=1),
    cases=[
        (
            random.normal(size=(5, 4)),
            np.array([0, 2, 1, 1, 0]),
            random.normal(size=4),
            0.5,
            random.normal(size=(3, 4)),
        )
    ],
    hints=[
        (lambda h, labels, w, b, e: h @ w + b, "that is the first part; the label is missing."),
        (
            lambda h, labels, w, b, e: (e[labels] * h).sum(axis=1),
            "that is the label's part; the part for any image, h @ w + b, is missing.",
        ),
    ],
    hint="Three terms: h @ w, b, and the dot product of each row of e[labels] with the row of h.",
    why="One table with a row for each class is all that the discriminator needs to know of labels.",
)

# %% [markdown]
# ## 3. Train (core, 15 minutes)
#
# `gan.ConditionalGAN` uses the very `train_step` of lesson 06. Only two calls differ: the generator gets
# `[latents, classes]`, the discriminator `[images, classes]`. New is `augment=`, which section 5 explains.
# The live picture shows sixteen latents, the animals in turns.

# %%
keras.utils.set_random_seed(SEED)
model = gan.ConditionalGAN(num_classes=10, seed=SEED)
model.compile(loss="hinge", augment=augmentation.flip_shift_cutout)
live = training.LiveSamples(every=max(1, NUM_STEPS // 8))
history = model.fit(
    images,
    labels,
    batch_size=BATCH_SIZE,
    steps_per_epoch=NUM_STEPS,
    callbacks=[live, training.StopOnNonFinite(), training.TimeLimit(SECONDS_AT_MOST)],
)

# %% [markdown]
# And now what was promised. We ask for cats:

# %%
plots.show_images(
    model.sample(48, seed=1, labels=CAT), "Forty-eight times the answer to: a cat.", columns=12
)

# %% [markdown]
# Is it a cat? A frozen classifier, which is right for 99.2 % of the held-out images, looks at each generated
# image. We count how often it sees what was asked for.


# %%
def recognized(a_model, label=None, n=1000):
    """Share of n images that the classifier takes for the class asked for; by default all classes."""
    wanted = np.arange(n) % 10 if label is None else np.full(n, label)
    drawn = a_model.sample(n, seed=2, labels=wanted)
    return np.mean(metrics.predicted_labels(drawn, "animals_features_v1") == wanted)


print(f"all animals: {recognized(model):.3f}   (expected: 0.87 to 0.96)")
print(f"cats alone:  {recognized(model, CAT):.3f}   (expected: 0.86 to 0.98)")
print(f"chance:      {1 / 10:.3f}")

# %% [markdown]
# A warning: this share can be fooled. A model that draws the same good cat a thousand times scores 1.0. So
# read it together with the Fréchet distance, which compares the whole *set* with the held-out images.

# %%
distance = float(metrics.frechet_distance(model.sample(1500, seed=3), "animals"))
print(f"Fréchet distance: {distance:.2f}   (expected: 3.4 to 4.6; real images: 0.4)")

# %% [markdown]
# Does the discriminator read the label? We show it held-out images with their own labels, then with those of
# another image.


# %%
def mean_logit(a_model, pixels, classes):
    """Mean logit of images (n, 28, 28, 1), as loaded, shown with these classes (n,)."""
    pixels = tf.constant(data.scale_pixels(pixels.astype("float32") / 255))
    logits = a_model.discriminator([pixels, tf.one_hot(classes, 10)], training=False)
    return float(tf.reduce_mean(logits))


print(f"own label:     {mean_logit(model, held_out, held_out_labels):+.2f}")
print(f"another label: {mean_logit(model, held_out, (held_out_labels + 3) % 10):+.2f}")

# %% [markdown]
# Expected: the second is lower by 0.4 to 0.8. The label matters to this discriminator.
#
# ## 4. Ask for more (core, 15 minutes)
#
# The course ships `cat_gan`, the same network after 6,000 steps, about five minutes.

# %%
cat_gan = pretrained.load("cat_gan")
print(f"all animals: {recognized(cat_gan):.3f}   (expected: 0.96 to 0.97)")
print(f"cats alone:  {recognized(cat_gan, CAT):.3f}   (expected: 0.97 to 0.98)")

# %% [markdown]
# **The same latent, every animal.** In each column below the latent is the same, and only the label changes.
# What do the animals of a column share?

# %%
few_latents = np.random.default_rng(8).standard_normal((12, 64), dtype=np.float32)
grid = [cat_gan.generate(few_latents, label) for label in range(10)]
plots.show_images(
    np.concatenate(grid),
    f"Twelve latents, one a column; rows: {', '.join(names)}.",
    columns=12,
)

# %% [markdown]
# Often they share the direction they face, how much of the picture they fill, or their posture: the networks
# are free to use the latent for whatever the label leaves open.
#
# **Between two animals.** A row of classes may hold shares. From cat to elephant in eleven steps:

# %%
shares = np.zeros((11, 10), np.float32)
shares[:, names.index("elephant")] = np.linspace(0, 1, 11)
shares[:, CAT] = 1 - shares[:, names.index("elephant")]
steps_between = [cat_gan.generate(np.repeat(one[None], 11, axis=0), shares) for one in few_latents]
plots.show_images(
    np.concatenate(steps_between[:4]),
    "Four latents, one a row, from all cat on the left to all elephant on the right.",
    columns=11,
)

# %% [markdown]
# No training image was half a cat. The networks never saw shares either: they interpolate, since the tables
# enter linearly. Halfway the animals are often neither.
#
# ### Exercise 12.4: a mixture (4 minutes)
#
# Make the row of shares, an array of ten floats, for an animal that is three quarters horse and one quarter
# giraffe. `names.index("horse")` gives a label. Then draw it, if you like:
# `plots.show_images(cat_gan.generate(few_latents, answer_4), "My animal.")`

# %% tags=["exercise"]
# -- stub --
answer_4 = ...
# -- solution --
answer_4 = np.zeros(10)
answer_4[names.index("horse")] = 0.75
answer_4[names.index("giraffe")] = 0.25

# %% tags=["check"]
checks.check_array(
    "12.4",
    answer_4,
    expected=[0, 0, 0, 0, 0, 0, 0.25, 0.75, 0, 0],
    hints=[
        (np.array([0, 0, 0, 0, 0, 0, 0.75, 0.25, 0, 0]), "that is mostly giraffe."),
        (lambda a: not np.isclose(a.sum(), 1), "the shares must sum to 1."),
    ],
    hint="Start from np.zeros(10) and set two of its entries.",
    why="Shares that sum to 1 keep the picked rows as large as the network knows them.",
)

# %% [markdown]
# ### The studio
#
# Choose an animal, move along the directions that change its pictures most, mix in another one. Found one you
# like? Type its number (counted from the top left, row by row) into *Picture* and press *More like this*.
# *Save as PNG* writes the sheet into your user folder and says where.

# %%
widgets.studio(cat_gan, names, label=CAT, seed=1)

# %% [markdown]
# **And with words?** "A small cat that looks to the left" is a condition too. A text-to-image model replaces our
# table's row by a vector that another network computes from the words, and trains on images with captions. The
# places where the condition enters, beside the noise and in the normalizations, remain. Lesson 16 takes this up.
#
# ## 5. Little data (core, 15 minutes)
#
# A discriminator needs no idea of cats if it can learn its training images by heart: "seen before" is real,
# everything else is fake. Images it was not trained on give it away: to such a discriminator they look fake.
#
# So we train on only 410 images, a twentieth, and compare the mean logit of these with that of held-out
# images, which are just as real. One run as in lesson 06, one with augmentation.

# %%
few_images, few_labels = images[:NUM_FEW], labels[:NUM_FEW]
for name, augment in {"without": None, "with": augmentation.flip_shift_cutout}.items():
    keras.utils.set_random_seed(SEED)
    small_model = gan.ConditionalGAN(seed=SEED)
    small_model.compile(augment=augment)
    small_model.fit(
        few_images, few_labels, batch_size=BATCH_SIZE, steps_per_epoch=FEW_STEPS, verbose=0
    )
    seen = mean_logit(small_model, few_images, few_labels)
    unseen = mean_logit(small_model, held_out, held_out_labels)
    print(
        f"{name:7} augmentation: training {seen:+.2f}, held out {unseen:+.2f}, gap {seen - unseen:.2f}"
    )

# %% [markdown]
# Expected: a gap of 1.8 to 4 without augmentation, and one below 0.5 with it.
#
# ### The cure: change what the discriminator sees
#
# Flip, move or cover the images at random, and there are no fixed images to learn by heart. But beware of the
# obvious way. If only the *real* images are changed, then covered images are what "real" looks like, and the
# generator learns to draw covered cats. Differentiable augmentation (Zhao et al. 2020) changes real *and*
# generated images before the discriminator sees either, $D(T(x))$ and $D(T(G(z)))$, and lets the generator's
# gradient flow back through $T$.

# %%
shown = data.scale_pixels(images[labels == CAT][:12].astype("float32") / 255)
versions = [
    shown,
    augmentation.flip(shown, (0, 1)),
    augmentation.shift(shown, (0, 1)),
    augmentation.cutout(shown, (0, 1)),
    augmentation.flip_shift_cutout(shown, (0, 1)),
]
plots.show_images(
    data.unscale_pixels(np.concatenate(versions)),
    "Twelve cats, one a column; rows: as they are, flipped (or not), shifted by up to a pixel, covered in part, "
    "all three.",
    columns=12,
)

# %% [markdown]
# ### Exercise 12.5: which augmentation? (3 minutes)
#
# Four changes of the real and generated images are proposed for the animals. One of them would let the generator
# draw something wrong without any loss. Which one?
#
# - a: mirror left and right, for half of the images
# - b: turn *every* image upside down
# - c: turn each image upside down or not, with even chances
# - d: cover a random quarter with gray

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = "c"

# %% tags=["check"]
checks.check_choice(
    "12.5",
    answer_5,
    "c",
    options="abcd",
    hints={
        "a": "mirrored animals are as common as the others, so nothing wrong is let through.",
        "b": "an upside-down picture of a generated upside-down cat stands upright, next to real cats on "
        "their heads; the discriminator notices.",
        "d": "a gray rectangle in the generator's own picture would be there twice, or in the wrong shape.",
    },
    why="If standing cats and cats on their heads look alike after the change, both count as real. Such "
    "changes are said to leak (Karras et al. 2020).",
)

# %% [markdown]
# ### What happens later
#
# The course ships the curves of six longer runs on those 410 images, three seeds with augmentation and three
# without. Look at the logits first, then at the distance.

# %%
runs = data.load_measurements("animals_augmentation")
charts = [
    plots.curves_figure(
        {
            "training images": runs[f"{run}_training_logit"].mean(axis=0),
            "held-out images": runs[f"{run}_held_out_logit"].mean(axis=0),
            "generated images": runs[f"{run}_generated_logit"].mean(axis=0),
        },
        f"Logits {run} augmentation.",
        "step",
        "mean logit",
        x=runs["steps"],
        size=(4.2, 3.0),
    )
    for run in ("without", "with")
]
plots.beside(
    charts,
    "Mean logits of three kinds of images, means over three seeds. Left, without augmentation: held-out images "
    "fall far below the training images. Right, with it: they stay close together.",
)

# %%
plots.curves(
    {
        f"{run}, seed {seed}": np.log10(runs[f"{run}_distance"][seed])
        for run in ("without", "with")
        for seed in range(3)
    },
    "Fréchet distance on a logarithmic scale (1 means 10), six runs on 410 images. Without augmentation it "
    "soon stops falling, then rises; with it, it falls to the end.",
    "step",
    "log10 of the distance",
    x=runs["steps"],
)
for run in ("without", "with"):
    print(f"{run:7}: distance at the last step", runs[f"{run}_distance"][:, -1].round(1))

# %% [markdown]
# Expected at the last step: 25 to 40 without augmentation, 3.6 to 3.7 with it.

# %% [markdown]
# ### Exercise 12.6: when does it tip over? (4 minutes)
#
# At how many steps is the distance *without* augmentation smallest, on average over the three seeds? The array
# `runs["without_distance"]` has a row a seed and a column a point; `runs["steps"]` has the steps.

# %% tags=["exercise"]
# -- stub --
answer_6 = ...
# -- solution --
answer_6 = runs["steps"][runs["without_distance"].mean(axis=0).argmin()]

# %% tags=["check"]
checks.check_number(
    "12.6",
    answer_6,
    expected=int(runs["steps"][runs["without_distance"].mean(axis=0).argmin()]),
    hints={
        int(
            runs["without_distance"].mean(axis=0).argmin()
        ): "that is the place in the array; look up the step at this place.",
        int(runs["steps"][runs["with_distance"].mean(axis=0).argmin()]): "those are the runs with "
        "augmentation.",
    },
    hint="Average over axis 0, find the place of the smallest value with argmin, look up the step.",
    why="From there on more training makes it worse. Held-out logits show it earlier than the samples do.",
)

# %%
for run in ("without", "with"):
    plots.show_images(
        runs[f"{run}_samples"],
        f"What the first run {run} augmentation drew at its last step, two of each animal.",
        columns=10,
    )

# %% [markdown]
# With all 8,216 images overfitting comes so late that 6,000 steps without augmentation draw as well as with it.
# Augmentation is a medicine for little data, not a vitamin: the shifts and rectangles cost something. That is why
# ours shift by one pixel only.
#
# ## 6. Is it copying? (optional, 10 minutes)
#
# Two failures are often confused. A generator that **collapsed** draws few different images. One that
# **memorized** draws many, all of them copies. So we measure two distances, both in the classifier's features, with
# held-out images beside them: how far to the nearest *training* image, and how far to the nearest *other* image of
# the same set.


# %%
def two_distances(queries):
    """Median distance to the nearest training image, and to the nearest other image of the set."""
    queries = metrics.image_features(queries, "animals_features_v1")
    to_training = metrics.nearest_neighbors(queries, training_features).distances
    squares = ((queries[:, None] - queries[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    return np.median(to_training), np.median(np.sqrt(squares.min(axis=1)))


training_features = metrics.image_features(images, "animals_features_v1")
drawn = cat_gan.sample(300, seed=5)
candidates = {
    "held out": held_out[:300] / np.float32(255),
    "cat_gan": drawn,
    "model u": images[:300] / np.float32(255),
    "model v": cat_gan.generate(np.tile(few_latents[:3], (100, 1)), np.arange(300) % 3 + CAT),
}
for name, queries in candidates.items():
    to_training, among = two_distances(queries)
    print(f"{name:9}: to training images {to_training:5.2f}, among themselves {among:5.2f}")

# %%
found = metrics.nearest_neighbors(drawn[:12], images)
plots.show_images(
    np.concatenate([drawn[:12], images[found.indices] / np.float32(255)]),
    "Top: images that cat_gan drew. Bottom: the training image that is nearest in pixels to each.",
    columns=12,
)

# %% [markdown]
# Expected: cat_gan lies about as far from the training images as the held-out images do, or farther, and its
# images differ from each other as much. That is no proof that it copies nothing (lesson 06 says why), but no
# sign of copying either.
#
# ### Exercise 12.7: two diagnoses (3 minutes)
#
# What is wrong with models u and v? Answer with the letter of the true sentence.
#
# - a: u collapsed, v memorized
# - b: u memorized, v collapsed
# - c: both collapsed

# %% tags=["exercise"]
# -- stub --
answer_7 = ...
# -- solution --
answer_7 = "b"

# %% tags=["check"]
checks.check_choice(
    "12.7",
    answer_7,
    "b",
    options="abc",
    hints={
        "a": "the other way round: which of the two draws the same image twice?",
        "c": "u's images differ from each other as much as held-out ones do.",
    },
    why="u hands out training images: distance 0 to the training set, variety in full. v draws three images "
    "over and over: distance 0 among themselves.",
)

# %% [markdown]
# ## Recap
#
# - Both networks are told the class: the generator by a vector and by conditional normalization, the
#   discriminator by a projection, which follows from the best discriminator.
# - One network draws ten animals on demand, and mixtures that nobody taught it.
# - A gap between the logits of training and of held-out images shows a discriminator that learned by heart.
#   Augmenting real and generated images alike, differentiably, cures it where data are few.
# - Memorization and collapse are different diseases, with a distance for each.
#
# **Try next** Train on cats and dogs only (number their labels 0 and 1, `num_classes=2`). Or set `NUM_FEW` to 100:
# how long does augmentation help?
#
# **Solutions** are in [the solved twin](solutions/12_generate_a_cat.ipynb).
#
# **Sources**
# - M. Mirza and S. Osindero, *Conditional Generative Adversarial Nets*, 2014,
#   [arXiv:1411.1784](https://arxiv.org/abs/1411.1784).
# - H. de Vries et al., *Modulating Early Visual Processing by Language*, 2017,
#   [arXiv:1707.00683](https://arxiv.org/abs/1707.00683): conditional batch normalization.
# - T. Miyato and M. Koyama, *cGANs with Projection Discriminator*, 2018,
#   [arXiv:1802.05637](https://arxiv.org/abs/1802.05637).
# - S. Zhao et al., *Differentiable Augmentation for Data-Efficient GAN Training*, 2020,
#   [arXiv:2006.10738](https://arxiv.org/abs/2006.10738).
# - T. Karras et al., *Training Generative Adversarial Networks with Limited Data*, 2020,
#   [arXiv:2006.06676](https://arxiv.org/abs/2006.06676): which augmentations leak.
# - The animals: [`animal-mnist`](https://pypi.org/project/animal-mnist/), MIT, without duplicates; see
#   `data/README.md`.
