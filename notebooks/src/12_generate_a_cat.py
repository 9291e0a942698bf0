# %% [markdown]
# # 12 · Generate a cat
#
# **After this lesson you can**
# - tell both networks of a GAN which class to draw, and say where the label enters and why;
# - ask for a cat and get one, mix two animals, and test how often the answer is right;
# - recognize a discriminator that learned its few images by heart, and hold it back with augmentation;
# - tell memorization from collapse, with a number for each (optional section).
#
# **You need** lesson 06: generator and discriminator, latents, batch normalization, hinge loss, and the frozen
# classifier (trained beforehand, its weights no longer change) in whose features the Fréchet distance is measured.
# From earlier lessons: softmax and log-ratios (02, 05), and derivatives with `GradientTape` (03).
#
# **Time** 90 minutes: 80 for the core sections, 10 for the optional one. All cells together run for about
# two minutes on two CPU cores; most of that is the training in sections 3 and 5.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, metrics, plots, widgets
from course_utils.models import augmentation, conditional_gan, networks, pretrained, training
from course_utils.widgets import live_samples

# %% tags=["parameters"]
SEED = 0
BATCH_SIZE = 64
NUM_STEPS = 1200  # test: 10
SECONDS_AT_MOST = 240  # a cap for busy machines only
FEW_STEPS = 300  # test: 10
NUM_FEW = 410

# %% [markdown]
# ## 1. Ten animals (core, 5 minutes)
#
# Photographs of cats need a larger network than two CPU cores can train in minutes. Silhouettes keep what
# makes a cat a cat, ears, back and tail, in 28 x 28 pixels. (Zebras keep their stripes, in gray.) There are 8,216
# training images of ten animals, a seventh of Fashion-MNIST, and 150 held-out images of each.

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
# ## 2. Tell both networks (core, 30 minutes)
#
# A **conditional** GAN models one distribution for each class $y$: that of its generated images, $q(x \mid y)$, should
# become that of the data, $p(x \mid y)$. The game is that of lesson 06, with the label handed to both players (Mirza
# and Osindero 2014). Where an image is generated, its label is that of a random training image, which we write
# $y\sim p$:
#
# $$L_D = \mathbb{E}_{(x,y)\sim p}\,\max(0,\,1 - D(x,y)) + \mathbb{E}_{y\sim p,\,z\sim N}\,\max(0,\,1 +
# D(G(z,y),y)), \qquad L_G = -\,\mathbb{E}_{y\sim p,\,z\sim N}\,D(G(z,y),y).$$
#
# Why must the *discriminator* know the label? Without it a perfect dog would pass for every wish, so the
# generator would have no reason to listen. With it, "a good dog, but a cat was asked for" counts as fake.
#
# ### A label as numbers
#
# A label such as 2 becomes a **one-hot row**: ten numbers, 1 at the class and 0 elsewhere. Multiplied by a learned
# table of ten rows, it picks one row of the table:

# %% tags=["check-output"]
one_hot = tf.one_hot([CAT, 0], 10)
table = tf.reshape(tf.range(20.0), (10, 2))
print("one-hot rows:", one_hot.shape)
print("picked from the table:", (one_hot @ table).numpy().tolist())

# %% [markdown]
# Why not simply `table[label]`? Because in the place of the one-hot row there may be **shares**: 0.5 at the cat and
# 0.5 at the dog picks the mean of both rows of the table. We will draw with that.
#
# ### In the generator: a vector, and conditional normalization
#
# The label enters in two ways. At the entrance, a learned vector of 32 numbers for each class stands beside the
# latent. And each of the two batch normalizations gets a scale and a shift *for each class* (conditional batch
# normalization: de Vries et al. 2017, there from a sentence; one row for each class, in a GAN: Miyato and Koyama
# 2018). With $\hat f$ the normalized channel,
#
# $$\text{out} = \gamma_y\,\hat f + \beta_y.$$
#
# So a channel that draws stripes can be loud for zebras and silent for bears.
#
# ### Exercise 12.1: write it (6 minutes)
#
# Write the formula for features `f` (n, c) of n images, their one-hot rows `one_hot` (n, k), and tables `gamma` and
# `beta` (k, c). Normalize each channel over the batch: subtract the mean, divide by the standard deviation,
# `f.std(axis=0)`. Then scale and shift the features of each image as its class says.


# %% tags=["exercise"]
def conditional_norm(f, one_hot, gamma, beta):
    # -- stub --
    return ...
    # -- solution --
    normalized = (f - f.mean(axis=0)) / f.std(axis=0)
    return (one_hot @ gamma) * normalized + one_hot @ beta


# %% tags=["check"]
random = np.random.default_rng(3)
checks.check_function(
    "12.1",
    conditional_norm,
    expected=lambda f, one_hot, gamma, beta: (
        (one_hot @ gamma) * (f - f.mean(axis=0)) / f.std(axis=0) + one_hot @ beta
    ),
    cases=[(random.normal(5, 2, (6, 4)), np.eye(3)[[0, 1, 2] * 2], *random.normal(size=(2, 3, 4)))],
    hints=[
        (
            lambda f, one_hot, gamma, beta: (one_hot @ gamma) * f + one_hot @ beta,
            "normalize first: subtract the batch's mean and divide by its standard deviation.",
        ),
        (
            lambda f, one_hot, gamma, beta: (f - f.mean(axis=0)) / f.std(axis=0),
            "that normalizes; the scale and the shift of each class are missing.",
        ),
    ],
    hint="`one_hot @ gamma` picks the scales of each image's class, `one_hot @ beta` the shifts.",
    why="It is ordinary batch normalization, except that the class picks the scale and the shift.",
)

# %% [markdown]
# The package builds the same in Keras, in ten lines (`networks.conditional_batch_norm`). For images, the mean is over
# the batch and all places, and when it draws, a running mean from training takes its place. Here is a generator, not
# trained yet: the layers of lesson 06, with labels, half as wide again and for 64 latents. (Lesson 06's own sizes draw
# animals about as well; these are the ones that this lesson measured.) The list has name, output and number of weights
# of all layers with weights. `gamma` and `beta` are the tables; the 192 and 96 numbers of the batch normalizations are
# the running means and variances, which no class owns; `images` is the last transposed convolution.

# %%
keras.utils.set_random_seed(SEED)
generator = networks.conditional_generator(num_classes=10)
for layer in generator.layers:
    if layer.count_params():
        print(f"{layer.name:28} {layer.output.shape!s:20} {layer.count_params():>8,}")

# %% [markdown]
# The label must reach every one of these tables. We test it as one tests wiring: if we ask for cats, the derivative of a
# number made from the images (the sum of their squares) by each table must be 0 in all rows except the cat's.

# %% tags=["check-output"]
latents = tf.random.stateless_normal((8, 64), seed=(SEED, 0))
with tf.GradientTape() as tape:
    drawn = generator([latents, tf.one_hot([CAT] * 8, 10)])
    total = tf.reduce_sum(drawn**2)
class_tables = [weight for weight in generator.trainable_weights if weight.shape[0] == 10]
for weight, gradient in zip(class_tables, tape.gradient(total, class_tables), strict=True):
    reached = np.flatnonzero(np.abs(gradient.numpy()).max(axis=1))
    print(f"{weight.path:24} {tuple(weight.shape)!s:9} rows with a gradient: {reached}")

# %% [markdown]
# ### Exercise 12.2: what does a class cost? (4 minutes)
#
# Suppose we add *two* more animals. How many parameters does the *generator* gain? Each class has one row in each of
# the five tables; the rows' lengths are the second numbers of the shapes just printed.

# %% tags=["exercise"]
# -- stub --
answer_2 = ...
# -- solution --
answer_2 = 2 * (32 + 2 * 96 + 2 * 48)

# %% tags=["check"]
checks.check_number(
    "12.2",
    answer_2,
    expected=lambda: (
        networks.conditional_generator(num_classes=12).count_params()
        - networks.conditional_generator(num_classes=10).count_params()
    ),
    hints={
        2 * (2 * 96 + 2 * 48): "the vector beside the latent has a row of 32 for each class, too.",
        2 * (32 + 96 + 48): "each normalization has two tables, a scale and a shift.",
        32 + 2 * 96 + 2 * 48: "that is one more animal; we add two.",
    },
    hint="Add up one row of each table, then take it twice.",
    why="The dense layer and the convolutions, which hold nearly all the weights, serve all animals.",
)

# %% [markdown]
# ### In the discriminator: projection
#
# Could one simply append the label to the image? Yes, but another way, which takes its form from the best discriminator,
# gave better images (Miyato and Koyama 2018). In lesson 05 the best logit for the cross-entropy loss was
# $\log\frac{p}{q}$, the log-odds of real against generated. Now real and generated *pairs* of an image and a label are to
# be told apart. Write $p(x,y)$ and $q(x,y)$ for their densities, and $p(y\mid x)$ for the probability that a real
# image $x$ has the label $y$. With the rule $p(x,y) = p(y \mid x)\,p(x)$, and the same for $q$,
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
for row in (2, 4):  # two of the places, both classes
    for y in (0, 1):
        print(
            f"x = {x[row, 0]:+.0f}, class {y}: label fits {label_fits[row, y]:+.2f}, image good "
            f"{image_good[row, 0]:+.2f}, sum {label_fits[row, y] + image_good[row, 0]:+.2f}, "
            f"directly {direct[row, y]:+.2f}"
        )

# %% [markdown]
# At $x=-1$, the mean of the real class 0, label 0 fits (above 0), label 1 does not, and an image there is good: real
# points are more frequent than generated ones. At $x=+1$ label 1 fits, and yet the image is bad, since there generated
# points are more frequent. The sum is the verdict on the pair.
#
# Now suppose that $p(y \mid x)$ is a softmax, as in lesson 03, of features $h(x)$: the numbers that the
# discriminator's last convolution puts out. With a row $v_y$ for each class,
# $\log p(y \mid x) = v_y\cdot h(x) - \log\sum_c \exp(v_c\cdot h(x))$. Let $q(y \mid x)$ be a softmax of the same
# features, with other rows $u_y$. In the difference, what depends on the label is $(v_y - u_y)\cdot h(x)$, a *dot
# product* of the features with a row of a table; call the row $a_y$. Everything else depends on $x$ alone. That one
# linear layer on $h$ can stand for it is not derived but chosen:
#
# $$D(x, y) = \underbrace{w\cdot h(x) + b}_{\text{any image}} + \underbrace{a_y\cdot h(x)}_{\text{this label}}.$$
#
# We train with the hinge loss, whose best logit is only a sign (lesson 05); what we keep is this form, as Miyato and
# Koyama do.
#
# ### Exercise 12.3: the projection (5 minutes)
#
# Write the logits (n,) for features `h` (n, m), labels (n,), the vector `w` (m,), the number `b` and the table `a`
# (k, m). Nobody shows the discriminator shares, so here `a[labels]` will do: it picks a row for each image; the dot
# product of rows is a product and a sum over `axis=1`.


# %% tags=["exercise"]
def projection_logits(h, labels, w, b, a):
    # -- stub --
    return ...
    # -- solution --
    return h @ w + b + (a[labels] * h).sum(axis=1)


# %% tags=["check"]
random = np.random.default_rng(4)
sizes = [(5, 4), (4,), (3, 4)]
some_h, some_w, some_table = (random.normal(size=size) for size in sizes)
checks.check_function(
    "12.3",
    projection_logits,
    expected=lambda h, labels, w, b, a: h @ w + b + (a[labels] * h).sum(axis=1),
    cases=[(some_h, np.array([0, 2, 1, 1, 0]), some_w, 0.5, some_table)],
    hints=[
        (lambda h, labels, w, b, a: h @ w + b, "that is the first part; the label is missing."),
        (
            lambda h, labels, w, b, a: (a[labels] * h).sum(axis=1),
            "that is the label's part; the part for any image, h @ w + b, is missing.",
        ),
    ],
    hint="Three terms: h @ w, b, and the dot product of each row of a[labels] with the row of h.",
    why="One table with a row for each class is all that the discriminator needs to know of labels.",
)

# %% [markdown]
# ## 3. Train (core, 12 minutes)
#
# `conditional_gan.ConditionalGAN` uses the very `train_step` of `gan.GAN` in lesson 06. Only two calls differ: the
# generator gets `[latents, one-hot rows]`, the discriminator `[images, one-hot rows]`. The live picture shows what
# sixteen latents become: bear, bird, cat and so on, in the order of the list, and after the zebra again from the bear.

# %%
keras.utils.set_random_seed(SEED)
model = conditional_gan.ConditionalGAN(num_classes=10, seed=SEED)
model.compile(loss="hinge")
live = live_samples.LiveSamples(every=max(1, NUM_STEPS // 8))
history = model.fit(
    images,
    labels,
    batch_size=BATCH_SIZE,
    steps_per_epoch=NUM_STEPS,
    callbacks=[live, training.StopOnNonFinite(), training.TimeLimit(SECONDS_AT_MOST)],
)

# %% [markdown]
# The progress bar shows means over *all* steps. Expected: a discriminator's loss from 1.2 to 1.4, a generator's from
# 1.3 to 1.6, mean logits of about +0.8 and -0.8. Each point of the curves is a mean since the point before; they
# should end near 1.0 and 1.5.
#
# And now what was promised. We ask for cats:

# %%
plots.show_images(
    model.sample(48, seed=1, labels=CAT), "Forty-eight times the answer to: a cat.", columns=12
)

# %% [markdown]
# How many of them would you call a cat? Now the frozen classifier, which is right for 99.2 % of the held-out images,
# looks at each generated image. We count how often it sees what was asked for.


# %%
def recognized(a_model, label=None, n=1000):
    """Share of n images that the classifier takes for the class asked for; by default all classes."""
    wanted = np.arange(n) % 10 if label is None else np.full(n, label)
    drawn = a_model.sample(n, seed=2, labels=wanted)
    return np.mean(metrics.predicted_labels(drawn, "animals_features_v1") == wanted)


print(f"all animals: {recognized(model):.3f}   (expected: 0.88 to 0.94)")
print(f"cats alone:  {recognized(model, CAT):.3f}   (expected: 0.85 to 0.95)")
print(f"chance:      {1 / 10:.3f}")

# %% [markdown]
# A warning: this share can be fooled. A model that draws the same good cat a thousand times scores 1.0. And the
# classifier has no answer "none of them", so that a shapeless blob can count as a cat, too. So read the share
# together with the Fréchet distance, which compares the whole *set* with the held-out images; here with 1,500 drawn
# images, the animals in turns.

# %%
distance = float(metrics.frechet_distance(model.sample(1500, seed=3), "animals"))
print(f"Fréchet distance:     {distance:.2f}   (expected: 2.8 to 3.8)")
real_distance = float(metrics.frechet_distance(images[:1500], "animals"))
print(f"1,500 training images: {real_distance:.2f}")

# %% [markdown]
# Does the discriminator read the label? We show it held-out images with their own labels, then with a wrong one, that
# of the animal three further down the list.


# %%
def mean_logit(a_model, pixels, classes):
    """Mean logit of the first 500 of images (n, 28, 28, 1), as loaded, shown with these classes."""
    pixels = tf.constant(data.scale_pixels(pixels[:500].astype("float32") / 255))
    logits = a_model.discriminator([pixels, tf.one_hot(classes[:500], 10)], training=False)
    return float(tf.reduce_mean(logits))


print(f"own label:     {mean_logit(model, held_out, held_out_labels):+.2f}")
print(f"wrong label:   {mean_logit(model, held_out, (held_out_labels + 3) % 10):+.2f}")

# %% [markdown]
# Expected: the second is lower by 1.5 to 2.5. The label matters to this discriminator.
#
# ## 4. Ask for more (core, 15 minutes)
#
# The course ships `cat_gan`, the same network after 6,000 steps, about five minutes.

# %%
cat_gan = pretrained.load("cat_gan")
print(f"all animals: {recognized(cat_gan):.3f}   (expected: 0.95 to 0.97)")
print(f"cats alone:  {recognized(cat_gan, CAT):.3f}   (expected: 0.95 to 0.97)")
distance = float(metrics.frechet_distance(cat_gan.sample(1500, seed=3), "animals"))
print(f"Fréchet distance: {distance:.2f}   (expected: 1.6 to 1.9)")

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
# Often they share how much of the picture they fill, or whether they are seen from the front or from the side: the
# networks are free to use the latent for whatever the label leaves open.
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
# No training image was half a cat, and the generator never saw shares. Each picked row moves in a straight line from
# the cat's to the elephant's; that the picture follows smoothly is no law, as the layers behind are not linear. When the
# change comes differs from row to row, and some pass through an animal that is neither.
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
    why="With shares that are not negative and sum to 1, each scale and shift stays between those of the animals.",
)

# %% [markdown]
# ### The studio
#
# Choose an animal, move along the directions that change its pictures most, mix in another one. Found one you
# like? Type its number (counted from the top left, row by row) into *Picture* and press *More like this*.
# *Save as PNG* writes the pictures shown, as one image, into your user folder and says where.

# %%
widgets.studio(cat_gan, names, label=CAT, seed=1)

# %% [markdown]
# **And with words?** "A small cat that looks to the left" is a condition too. A text-to-image model replaces our
# table's row by vectors that another network computes from the words, and trains on images with captions. They enter
# where our label does, beside the latent and in normalizations, and in most models by *attention* as well: each place
# of the picture looks at each word. Lesson 16 (planned) takes this up.
#
# ## 5. Little data (core, 18 minutes)
#
# A discriminator needs no idea of cats if it can learn its training images by heart: "seen before" is real,
# everything else is fake. Images that it was not trained on give it away: to such a discriminator they look fake
# (Karras et al. 2020).
#
# So we train on only 410 images, a twentieth, and compare the mean logit of these with that of held-out images, which
# are just as real. Two runs of section 3's network: one as it was, one with a cure that is explained below.

# %%
few_images, few_labels = images[:NUM_FEW], labels[:NUM_FEW]
for name, augment in {"without": None, "with": augmentation.shift_cutout}.items():
    keras.utils.set_random_seed(SEED)
    small_model = conditional_gan.ConditionalGAN(seed=SEED)
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
# Expected: a gap of 1.4 to 2.2 without augmentation, and one of 0.3 to 0.7 with it.
#
# ### The cure: change what the discriminator sees
#
# Move the images a little or cover a part of them, at random, and there are no fixed images to learn by heart. But
# beware of the obvious way. If only the *real* images are changed, then covered images are what "real" looks like,
# and the generator learns to draw covered cats. Differentiable augmentation (Zhao et al. 2020) changes real *and*
# generated images before the discriminator sees either, $D(T(x), y)$ and $D(T(G(z, y)), y)$, and lets the generator's
# gradient flow back through $T$. In training each step has new random numbers; here the seed `(0, 1)` fixes them.

# %%
shown = data.scale_pixels(images[labels == CAT][:12].astype("float32") / 255)
versions = [
    shown,
    augmentation.shift(shown, (0, 1)),
    augmentation.cutout(shown, (0, 1)),
    augmentation.shift_cutout(shown, (0, 1)),
]
plots.show_images(
    data.unscale_pixels(np.concatenate(versions)),
    "Twelve cats, one a column; rows: as they are, moved by up to a pixel, covered in part with gray, both.",
    columns=12,
)

# %% [markdown]
# **And mirror them?** A mirrored animal is an animal, so mirrored copies may simply be added to the training images.
# Inside $T$ they do harm. This course once trained with a $T$ that mirrored each image or not, with even chances.
# More animals were recognized, but the Fréchet distance rose, too. So count which way they lean: call an animal
# leaning right if the mean place of its upper half's bright pixels is more than a pixel to the right of its lower
# half's. Of the training birds 51 % lean right, 33 % left, and the others stand upright. Of 400 drawn birds, 99 %
# leaned right and none left.
#
# ### Exercise 12.5: which augmentation leaks? (3 minutes)
#
# The discriminator sees real and generated images after $T$ alone. If two different distributions of images become the
# same after $T$, it cannot tell them apart, and the generator may draw either: $T$ is said to *leak*. Which of these
# leaks most? Answer with its letter.
#
# - a: turn *every* image upside down
# - b: cover a random part with gray
# - c: turn each image upside down or not, with even chances
# - d: turn each image upside down with a chance of 1 in 10

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
        "a": "a generated cat on its head would stand upright after T, among real cats on their heads; the "
        "discriminator notices.",
        "b": "what is covered in one image is seen in another, so no wrong part stays unnoticed.",
        "d": "of upright cats, 1 in 10 is upside down after T; of cats on their heads, 9 in 10. The "
        "discriminator can count.",
    },
    why="With even chances, standing cats and cats on their heads become the same mixture, half and half. So do birds that "
    "lean left and right under even mirroring: no discriminator could object when all of ours leaned one way. Moving "
    "leaks a little, too: an animal a pixel off its place goes unnoticed. That is why ours move by one pixel only.",
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
        ylim=(-7, 5),
    )
    for run in ("without", "with")
]
plots.beside_figure(
    charts,
    "Mean logits of three kinds of images, means over three seeds. Left, without augmentation: held-out images, though "
    "real, sink below -2 and from step 1,000 to 1,750 hardly count more than generated ones. Right, with it: they stay "
    "above 0.",
)

# %% [markdown]
# The gap between training and held-out images grows with augmentation, too, only later: from 0.4 to 2.2. It is a warning,
# not the damage. The damage is done when real images that it has not seen look fake to the discriminator.

# %%
plots.curves(
    {
        f"{run}, seed {seed}": np.log10(runs[f"{run}_distance"][seed])
        for run in ("without", "with")
        for seed in range(3)
    },
    "Fréchet distance of 1,500 drawn images on a logarithmic scale (1 means 10), six runs on 410 images. Without "
    "augmentation it soon stops falling, then rises; with it, it falls to the end, ever more slowly.",
    "step",
    "log10 of the distance",
    x=runs["steps"],
    ylim=(0.3, 2.2),
)
for run in ("without", "with"):
    print(f"{run:7}: distance at the last step", runs[f"{run}_distance"][:, -1].round(1))

# %% [markdown]
# Expected at the last step: 25 to 40 without augmentation, 2.6 to 3.0 with it.

# %% [markdown]
# ### Exercise 12.6: when should one have stopped? (4 minutes)
#
# At how many steps is the distance *without* augmentation smallest, on average over the three seeds? The array
# `runs["without_distance"]` has one row for each seed and one column for each of `runs["steps"]`.

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
        1250: "two of the three runs are best there; take the mean over the runs first.",
    },
    hint="Average over axis 0, find the place of the smallest value with argmin, look up the step.",
    why="From 750 to 1,250 steps little changes (7.7 to 8.1), then it gets worse and worse. The gap of the logits was 3.2 "
    "already at step 500.",
)

# %%
for run in ("without", "with"):
    plots.show_images(
        runs[f"{run}_samples"],
        f"What the first run {run} augmentation drew at its last step: two of each animal, one column for each in the "
        "order of the list.",
        columns=10,
    )

# %% [markdown]
# Without: ragged outlines, cats that are blobs, twice nearly the same bear and the same zebra. With: sharper outlines and
# more variety, a sitting cat among them, but clumps, too; there were only about 41 training images of each kind. (A
# distance below 3 after 2,500 steps does not mean that few images are better than many: section 3 trained for half as
# long.)
#
# **Augmentation is a medicine, not a vitamin.** With all 8,216 images a discriminator learns by heart later and less, and
# the cure costs more than it brings: after 2,500 steps we measured a distance of 1.9 without and 3.1 with it (one seed).
# That is why section 3 and `cat_gan` did without.
#
# ## 6. Is it copying? (optional, 10 minutes)
#
# In section 5 the *discriminator* knew its images by heart; what its generator drew was ragged and repeated itself. Two
# failures of *generators* are often confused. A generator that **collapsed** draws few different images. One that
# **memorized** draws many, all of them copies. So we measure two distances, both in the classifier's features, with
# held-out images beside them: how far to the nearest *training* image, and how far to the nearest *other* image of
# the same set.
#
# ### Exercise 12.7: two diagnoses (3 minutes)
#
# Two ill models: u hands out training images, unchanged. v draws the same three images over and over. Which is which,
# and what do the two distances say?
#
# - a: u collapsed; its distance to the training images is 0. v memorized; its distance among its own images is 0.
# - b: u memorized; its distance to the training images is 0. v collapsed; its distance among its own images is 0.
# - c: u memorized; its distance among its own images is 0. v collapsed; its distance to the training images is 0.

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
        "a": "the distances are right, the names are not: collapse is to draw few different images.",
        "c": "the names are right, the distances are not: what is the distance from a copy to its original?",
    },
    why="Copies lie at 0 from the training set and differ from each other as much as real images. Repetitions lie at 0 "
    "from each other.",
)

# %% [markdown]
# All four, measured:


# %%
def two_distances(queries):
    """Median distance to the nearest training image, and to the nearest other image of the set."""
    queries = metrics.image_features(queries, "animals_features_v1")
    to_training = metrics.nearest_neighbors(queries, training_features).distances
    squares = ((queries[:, None] - queries[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    return np.median(to_training), np.median(np.sqrt(squares.min(axis=1)))


training_features = metrics.image_features(images, "animals_features_v1")
by_cat_gan = cat_gan.sample(300, seed=5)
candidates = {
    "held out": held_out[:300] / np.float32(255),
    "cat_gan": by_cat_gan,
    "u": images[:300] / np.float32(255),
    "v": cat_gan.generate(np.tile(few_latents[:3], (100, 1)), np.arange(300) % 3 + CAT),
}
for name, queries in candidates.items():
    to_training, among = two_distances(queries)
    print(f"{name:9}: to training images {to_training:5.2f}, among themselves {among:5.2f}")

# %%
some_features = metrics.image_features(by_cat_gan[:12], "animals_features_v1")
by_ruler = {
    "pixels": metrics.nearest_neighbors(by_cat_gan[:12], images),
    "features": metrics.nearest_neighbors(some_features, training_features),
}
neighbors = [images[found.indices] / np.float32(255) for found in by_ruler.values()]
plots.show_images(
    np.concatenate([by_cat_gan[:12], *neighbors]),
    "Top: images that cat_gan drew. Below each the training image that is nearest in pixels, and at the bottom the one "
    "that is nearest in features.",
    columns=12,
)

# %% [markdown]
# Expected: cat_gan lies about as far from the training images as the held-out images do, or farther, and its
# images differ from each other as much. That is no proof that it copies nothing (lesson 06 says why), but no
# sign of copying either. Farther is no merit: imperfect outlines lie far from every real image. And v lies as near to the
# training images as the held-out ones do, so that the first distance alone would not see its collapse.
#
# ## Recap
#
# - Both networks are told the class: the generator by a vector and by conditional normalization, the
#   discriminator by a projection, whose form is that of the best discriminator for the cross-entropy loss.
# - One network draws ten animals on demand, and mixtures that nobody taught it.
# - A gap between the logits of training and of held-out images shows a discriminator that learned by heart.
#   Augmenting real and generated images alike, differentiably, holds it back where data are few. What cannot be told
#   apart after the change leaks into the drawings.
# - Memorization and collapse are different diseases, with a distance for each.
#
# **Try next** Add mirrored copies to section 5's training images, `few_images[:, :, ::-1]`, with `few_labels` once more:
# does the gap shrink without $T$, too? Or set `NUM_FEW` to 100 and `FEW_STEPS` to 1,000, then 2,000: how long does
# $T$ help?
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
#   [arXiv:2006.06676](https://arxiv.org/abs/2006.06676): the gap between training and held-out logits; which
#   augmentations leak.
# - The animals: [`animal-mnist`](https://pypi.org/project/animal-mnist/), MIT, without duplicates; see
#   `data/README.md`.
