# %% [markdown]
# # 12 · Generate a cat
#
# **After this lesson you can**
# - tell both networks of a GAN which class to draw, and say where the label enters and why;
# - write a training step with labels, ask for a cat and get one, and test how often the answer is
#   right;
# - recognize a discriminator that learned its few images by heart, and hold it back with
#   augmentation;
# - plan an experiment that shows whether a cure helps;
# - tell memorization from collapse (optional section).
#
# **You need** lesson 06: generator and discriminator, latents, batch normalization, hinge loss, and
# the frozen classifier (trained beforehand, its weights no longer change) in whose features the
# Fréchet distance is measured. From earlier lessons: softmax and log-ratios (02, 05), and
# derivatives with `GradientTape` (03).
#
# **Time** 108 minutes: 84 for the core sections, 24 for the optional parts. All cells together run
# for about two minutes on two CPU cores; most of that is the training in sections 3 and 5.

# %% [markdown]
# ## Setup

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf

from course_utils import checks, data, metrics, plots, widgets
from course_utils.lessons.generate_a_cat import mistakes
from course_utils.models import (
    augmentation,
    conditional_gan,
    gan_losses,
    networks,
    pretrained,
    training,
    trial,
)
from course_utils.widgets import live_samples

# %% tags=["parameters"]
SEED = 0
BATCH_SIZE = 64
NUM_STEPS = 1200  # test: 10
SECONDS_AT_MOST = 240  # a cap for busy machines only
FEW_STEPS = 300  # test: 10
NUM_FEW = 410

# %% [markdown]
# ## 1. Ten animals (core, 3 minutes)
#
# Photographs of cats would need a larger network than two CPU cores can train in minutes.
# Silhouettes keep what makes a cat a cat, ears, back and tail, in 28 x 28 pixels. (Zebras keep
# their stripes, in gray.) There are 8,216 training images of ten animals, a seventh of
# Fashion-MNIST, and 150 held-out images of each.

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
# A GAN as in lesson 06, trained on all of these, draws *an* animal. Which one depends on the
# latent, and nobody can say in advance on which numbers of it. Drawing until a cat turns up wastes
# nine images of ten. We want to choose.
#
# ## 2. Tell both networks (core, 27 minutes)
#
# A **conditional** GAN models one distribution for each class $y$: that of its generated images,
# $q(x \mid y)$, should become that of the data, $p(x \mid y)$. (As in lesson 05, $q$ is the density
# of generated images. In lessons 09 and 10 the letter stood for something else, the encoder.) The
# game is that of lesson 06, with the label handed to both players (Mirza and Osindero 2014). Where
# an image is generated, its label is that of a random training image, which we write $y\sim p$:
#
# $$L_D = \mathbb{E}_{(x,y)\sim p}\,\max(0,\,1 - D(x,y)) + \mathbb{E}_{y\sim p,\,z\sim N}\,\max(0,\,1 +
# D(G(z,y),y)), \qquad L_G = -\,\mathbb{E}_{y\sim p,\,z\sim N}\,D(G(z,y),y).$$
#
# Why must the *discriminator* know the label? Without it a perfect dog would pass for every wish,
# so the generator would have no reason to listen. With it, "a good dog, but a cat was asked for"
# counts as fake.
#
# ### A label as numbers
#
# A label such as 2 becomes a **one-hot row**: ten numbers, 1 at the class and 0 elsewhere.
# Multiplied by a learned table of ten rows, it picks one row of the table:

# %% tags=["check-output"]
one_hot = tf.one_hot([CAT, 0], 10)
table = tf.reshape(tf.range(20.0), (10, 2))
print("one-hot rows:", one_hot.shape)
print("picked from the table:", (one_hot @ table).numpy().tolist())

# %% [markdown]
# Why not simply `table[label]`? Because in the place of the one-hot row there may be **shares**:
# 0.5 at the cat and 0.5 at the dog picks the mean of both rows of the table. We will draw with
# that.
#
# ### In the generator: a vector, and conditional normalization
#
# The label enters in two ways. At the entrance, a learned vector of 32 numbers for each class
# stands beside the latent. And each of the two batch normalizations gets a scale and a shift *for
# each class* (conditional batch normalization: de Vries et al. 2017, there from a sentence; one row
# for each class, in a GAN: Miyato and Koyama 2018). With $\hat f$ the normalized channel,
#
# $$\text{out} = \gamma_y\,\hat f + \beta_y.$$
#
# So a channel that draws stripes can be loud for zebras and silent for bears.
#
# ### Exercise 12.1: write it (6 minutes)
#
# Write the formula for features `f` (n, c) of n images, their rows `one_hot` (n, k), and tables
# `gamma` and `beta` (k, c). Normalize each channel over the batch, all classes together: subtract
# the mean, divide by the standard deviation, `f.std(axis=0)`. Then scale and shift the features of
# each image as its row says; the row may hold shares.


# %% tags=["exercise"]
def conditional_norm(f, one_hot, gamma, beta):
    # -- stub --
    return ...
    # -- solution --
    normalized = (f - f.mean(axis=0)) / f.std(axis=0)
    return (one_hot @ gamma) * normalized + one_hot @ beta


# %% tags=["check"]
random = np.random.default_rng(3)
some_rows = [np.eye(3)[[0, 1, 2, 2, 1, 1]], random.dirichlet(np.ones(4), 5)]
checks.check_function(
    "12.1",
    conditional_norm,
    expected=lambda f, one_hot, gamma, beta: (
        (one_hot @ gamma) * (f - f.mean(axis=0)) / f.std(axis=0) + one_hot @ beta
    ),
    cases=[
        (random.normal(5, 2, (6, 4)), some_rows[0], *random.normal(size=(2, 3, 4))),
        (random.normal(-1, 3, (5, 3)), some_rows[1], *random.normal(size=(2, 4, 3))),
    ],
    rtol=1e-3,  # a small number added to the variance, as the layer in Keras has it, is welcome
    atol=1e-3,
    hints=mistakes.CONDITIONAL_NORM,
    hint="`one_hot @ gamma` picks the scales of each image's class, `one_hot @ beta` the shifts.",
    why="It is ordinary batch normalization, except that the class picks the scale and the shift.",
)

# %% [markdown]
# The package builds the same in Keras, in ten lines (`networks.conditional_batch_norm`). For
# images, the mean is over the batch and all places, and when it draws, a running mean from training
# takes its place. Here is a generator, not trained yet: the layers of lesson 06, with labels, half
# as wide again and for 64 latents. The list has name, output and number of weights of all layers
# with weights. `gamma` and `beta` are the tables; the 192 and 96 numbers of the batch
# normalizations are the running means and variances, which no class owns; `images` is the last
# transposed convolution.

# %%
keras.utils.set_random_seed(SEED)
generator = networks.conditional_generator(num_classes=10)
for layer in generator.layers:
    if layer.count_params():
        print(f"{layer.name:28} {layer.output.shape!s:20} {layer.count_params():>8,}")

# %% [markdown]
# The label must reach every one of these tables. We test it as one tests wiring: if we ask for
# cats, the derivative of a number made from the images (the sum of their squares) by each table
# must be 0 in all rows except the cat's.

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
# ### In the discriminator, the simple way: planes
#
# The discriminator begins with convolutions. Each of their windows sees 4 x 4 pixels and nothing
# else, so a label that is to be joined to the image must stand at *every* place. The usual form is
# planes: the image gets as many further channels as there are classes. The one of its class is 1
# everywhere, the others are 0.
#
# ### Exercise 12.2: change the architecture (5 minutes)
#
# Write the new first step of such a discriminator: images (n, h, w, c) and one-hot rows (n, k)
# become one array (n, h, w, c + k), the image's channels first. `np.broadcast_to(array, shape)`
# repeats an array along axes of length 1 (which `array[:, np.newaxis]` makes), and
# `np.concatenate([one, other], axis=...)` joins two.


# %% tags=["exercise"]
def with_planes(images, one_hot):
    # -- stub --
    return ...
    # -- solution --
    rows = one_hot[:, np.newaxis, np.newaxis, :]
    planes = np.broadcast_to(rows, (*images.shape[:3], one_hot.shape[1]))
    return np.concatenate([images, planes], axis=3)


# %% tags=["check"]
def planes_expected(images, one_hot):
    ones = np.ones((*images.shape[:3], 1))
    return np.concatenate([images, ones * one_hot[:, None, None]], axis=3)


random = np.random.default_rng(6)
some_sizes = [((4, 6, 5, 1), 3), ((3, 3, 3, 2), 3), ((2, 3, 4, 1), 4)]
some_labels = [[2, 0, 1, 2], [1, 2, 0], [3, 1]]
checks.check_function(
    "12.2",
    with_planes,
    expected=planes_expected,
    cases=[
        (random.normal(size=size), np.eye(k)[picked])
        for (size, k), picked in zip(some_sizes, some_labels, strict=True)
    ],
    hints=mistakes.WITH_PLANES,
    hint="The plane of an image's class is 1 at every place, and each image has its own planes.",
    why="The first convolution now has 4 x 4 x 10 x 24 = 3,840 weights more, and each of its "
    "windows knows the label.",
)

# %% [markdown]
# ### Projection
#
# Another way takes its form from the best discriminator. Miyato and Koyama (2018) report better
# images with it than with the label appended. We use it; the comparison is yours ("Try next"). In
# lesson 05 the best logit for the cross-entropy loss was $\log\frac{p}{q}$, the log-odds of real
# against generated. Now real and generated *pairs* of an image and a label are to be told apart.
# Write $p(x,y)$ and $q(x,y)$ for their densities, and $p(y\mid x)$ for the probability that a real
# image $x$ has the label $y$. With the rule $p(x,y) = p(y \mid x)\,p(x)$, and the same for $q$,
#
# $$\log\frac{p(x,y)}{q(x,y)} = \underbrace{\log\frac{p(y\mid x)}{q(y\mid x)}}_{\text{does the label fit?}}
# + \underbrace{\log\frac{p(x)}{q(x)}}_{\text{is the image good?}}$$
#
# ### The split in numbers (optional, 4 minutes)
#
# We check the split on two classes on a line, where all densities are known. Real class means are
# at -1 and 2, the generator's at 0 and 1, all with standard deviation 1 and both classes equally
# frequent.


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
# At $x=-1$, the mean of the real class 0, label 0 fits (above 0), label 1 does not, and an image
# there is good: real points are more frequent than generated ones. At $x=+1$ label 1 fits, and yet
# the image is bad, since there generated points are more frequent. The sum is the verdict on the
# pair.
#
# ### From the split to a dot product
#
# Suppose that $p(y \mid x)$ is a softmax, as in lesson 03, of features $h(x)$: the numbers that the
# discriminator's last convolution puts out. With a row $v_y$ for each class,
# $\log p(y \mid x) = v_y\cdot h(x) - \log\sum_c \exp(v_c\cdot h(x))$. Let $q(y \mid x)$ be a
# softmax of the same features, with other rows $u_y$. In the difference, what depends on the label
# is $(v_y - u_y)\cdot h(x)$, a *dot product* of the features with a row of a table; call the row
# $a_y$. Everything else depends on $x$ alone. That one linear layer on $h$ can stand for it is not
# derived but chosen:
#
# $$D(x, y) = \underbrace{w\cdot h(x) + b}_{\text{any image}} + \underbrace{a_y\cdot h(x)}_{\text{this label}}.$$
#
# We train with the hinge loss, whose best logit is only a sign (lesson 05); what we keep is this
# form, as Miyato and Koyama do.
#
# ### Exercise 12.3: the projection (5 minutes)
#
# Write the logits (n,) for features `h` (n, m), labels (n,), the vector `w` (m,), the number `b`
# and the table `a` (k, m). Nobody shows the discriminator shares, so here `a[labels]` will do: it
# picks a row for each image; the dot product of rows is a product and a sum over `axis=1`.


# %% tags=["exercise"]
def projection_logits(h, labels, w, b, a):
    # -- stub --
    return ...
    # -- solution --
    return h @ w + b + (a[labels] * h).sum(axis=1)


# %% tags=["check"]
random = np.random.default_rng(4)
some_sizes = [((5, 4), (4,), (3, 4)), ((3, 3), (3,), (3, 3))]  # of h, w and a
some_labels = [np.array([0, 2, 1, 1, 0]), np.array([2, 2, 0])]
some_arrays = [[random.normal(size=size) for size in sizes] for sizes in some_sizes]
checks.check_function(
    "12.3",
    projection_logits,
    expected=lambda h, labels, w, b, a: h @ w + b + (a[labels] * h).sum(axis=1),
    cases=[
        (h, picked, w, b, a)
        for (h, w, a), picked, b in zip(some_arrays, some_labels, (0.5, -2.0), strict=True)
    ],
    hints=mistakes.PROJECTION_LOGITS,
    hint="Three terms: h @ w, b, and the dot product of each row of a[labels] with the row of h.",
    why="One table with a row for each class is all that the discriminator needs to know of "
    "labels.",
)

# %% [markdown]
# ## 3. Train (core, 18 minutes)
#
# ### One step, with labels
#
# A step is that of lesson 06: an update of the discriminator, then one of the generator. Where
# images are generated, the labels are those of the real images at hand, which are a random batch.
# Here is the generator's update. The row of a label goes to *both* networks.


# %%
def update_generator(generator, discriminator, optimizer, latents, labels):
    """One step of the generator down its hinge loss; labels (n,) are whole numbers."""
    one_hot = tf.one_hot(labels, 10)
    with tf.GradientTape() as tape:
        generated = generator([latents, one_hot], training=True)
        logits = discriminator([generated, one_hot], training=True)
        loss = gan_losses.hinge_generator_loss(logits)
    variables = generator.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


# %% [markdown]
# ### Exercise 12.4: the other half of the step (8 minutes)
#
# Write the discriminator's update: one step of `optimizer` down the hinge loss of `real` images (n,
# 28, 28, 1) in [-1, 1] and of as many generated ones. Both kinds have the same `labels` (n,), whole
# numbers from 0 to 9. The loss is `gan_losses.hinge_discriminator_loss(real_logits, fake_logits)`.
# As in lesson 06, each kind gets a call of its own, all calls have `training=True`, and only the
# discriminator's weights move. The check runs your function on small networks of its own.


# %% tags=["exercise"]
def update_discriminator(generator, discriminator, optimizer, real, latents, labels):
    # -- stub --
    ...
    # -- solution --
    one_hot = tf.one_hot(labels, 10)
    generated = generator([latents, one_hot], training=True)
    with tf.GradientTape() as tape:
        real_logits = discriminator([real, one_hot], training=True)
        fake_logits = discriminator([generated, one_hot], training=True)
        loss = gan_losses.hinge_discriminator_loss(real_logits, fake_logits)
    variables = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


# %% tags=["check"]
checks.check_update(
    "12.4",
    update_discriminator,
    trial.discriminator_update("hinge", num_classes=10),
    hint="It takes three calls, each of [inputs, one-hot rows] and with training=True, and one "
    "step for the discriminator's variables.",
    why="Generated images were drawn for the labels with which they are judged, so the pairs "
    "differ from real ones only in their pictures.",
)

# %% [markdown]
# ### With `fit`
#
# `conditional_gan.ConditionalGAN` uses the very `train_step` of `gan.GAN` in lesson 06. Only two
# calls differ: the generator gets `[latents, one-hot rows]`, the discriminator
# `[images, one-hot rows]`. The live picture shows what sixteen latents become: bear, bird, cat and
# so on, in the order of the list, and after the zebra again from the bear.

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
# The progress bar shows means over *all* steps. Expected: a discriminator's loss from 1.2 to 1.4, a
# generator's from 1.3 to 1.6, mean logits of about +0.8 and -0.8. Each point of the curves is a
# mean since the point before; they should end near 1.0 and 1.5.
#
# And now what was promised. We ask for cats:

# %%
plots.show_images(
    model.sample(48, seed=1, labels=CAT), "Forty-eight times the answer to: a cat.", columns=12
)

# %% [markdown]
# How many of them would you call a cat? Now the frozen classifier looks at each generated image. We
# count how often it sees what was asked for; how often it is right about held-out images says what
# can be reached.


# %%
def recognized(a_model, label=None, n=1000):
    """Share of n images that the classifier takes for the class asked for; by default all."""
    wanted = np.arange(n) % 10 if label is None else np.full(n, label)
    drawn = a_model.sample(n, seed=2, labels=wanted)
    return np.mean(metrics.predicted_labels(drawn, "animals_features_v1") == wanted)


print(f"all animals: {recognized(model):.3f}   (expected: 0.88 to 0.94)")
print(f"cats alone:  {recognized(model, CAT):.3f}   (expected: 0.85 to 0.95)")
of_real = metrics.predicted_labels(held_out / np.float32(255), "animals_features_v1")
print(f"held out:    {np.mean(of_real == held_out_labels):.3f}   (expected: 0.992)")
print(f"chance:      {1 / 10:.3f}")

# %% [markdown]
# (This is one training from one seed; shares of 1,000 images vary by about 0.01 from draw to draw.)
#
# A warning: this share can be fooled. A model that draws the same good cat a thousand times scores
# 1.0. And the classifier has no answer "none of them", so that a shapeless blob can count as a cat,
# too. So read the share together with the Fréchet distance, which compares the whole *set* with the
# held-out images, 150 of each animal. We draw as many, and for comparison take as many training
# images.

# %%
distance = float(metrics.frechet_distance(model.sample(1500, seed=3), "animals"))
print(f"Fréchet distance:      {distance:.2f}   (expected: 2.8 to 3.8)")
real = np.concatenate([images[labels == label][:150] for label in range(10)])
distance = float(metrics.frechet_distance(real, "animals"))
print(f"1,500 training images: {distance:.2f}   (expected: 0.49)")

# %% [markdown]
# Does the discriminator read the label? We show it held-out images with their own labels, then with
# a wrong one, that of the animal three further down the list.


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
# ## 4. Ask for more (core, 12 minutes)
#
# The course ships `cat_gan`: the same network, data, settings and seed, but 6,000 steps, five times
# as many.

# %%
cat_gan = pretrained.load("cat_gan")
print(f"all animals: {recognized(cat_gan):.3f}   (expected: 0.95 to 0.97)")
print(f"cats alone:  {recognized(cat_gan, CAT):.3f}   (expected: 0.95 to 0.97)")
distance = float(metrics.frechet_distance(cat_gan.sample(1500, seed=3), "animals"))
print(f"Fréchet distance: {distance:.2f}   (expected: 1.6 to 1.9)")

# %% [markdown]
# **The same latent, every animal.** In each column below the latent is the same, and only the label
# changes. What do the animals of a column share?

# %%
few_latents = np.random.default_rng(8).standard_normal((12, 64), dtype=np.float32)
grid = [cat_gan.generate(few_latents, label) for label in range(10)]
plots.show_images(
    np.concatenate(grid),
    f"Twelve latents, one a column; rows: {', '.join(names)}.",
    columns=12,
)

# %% [markdown]
# Two things show: whether the animal is seen from the front (column 4) or from the side, and how
# much of the picture it fills. The second is easily measured: are the same latents bright for every
# label?

# %%
many_latents = np.random.default_rng(9).standard_normal((200, 64), dtype=np.float32)
brightness = [cat_gan.generate(many_latents, label).mean(axis=(1, 2, 3)) for label in range(10)]
of_pairs = np.corrcoef(brightness)[~np.eye(10, dtype=bool)]
print(f"correlation of the brightness, mean over pairs of animals: {of_pairs.mean():.2f}")

# %% [markdown]
# Expected: 0.4 to 0.5. It would be about 0 if each animal read the latent in its own way. Nobody
# asked for that: the networks are free to use the latent for whatever the label leaves open.
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
# No training image was half a cat, and the generator never saw shares. Each picked row moves in a
# straight line from the cat's to the elephant's; that the picture follows smoothly is no law, as
# the layers behind are not linear. When the change comes differs from row to row, and some pass
# through an animal that is neither.
#
# ### Exercise 12.5: a mixture (3 minutes)
#
# Make the row of shares, an array of ten floats, for an animal that is three quarters horse and one
# quarter giraffe. `names.index("horse")` gives a label. Then draw it, if you like:
# `plots.show_images(cat_gan.generate(few_latents, answer_5), "My animal.")`

# %% tags=["exercise"]
# -- stub --
answer_5 = ...
# -- solution --
answer_5 = np.zeros(10)
answer_5[names.index("horse")] = 0.75
answer_5[names.index("giraffe")] = 0.25

# %% tags=["check"]
checks.check_array(
    "12.5",
    answer_5,
    expected=[0, 0, 0, 0, 0, 0, 0.25, 0.75, 0, 0],
    hints=[
        (np.array([0, 0, 0, 0, 0, 0, 0.75, 0.25, 0, 0]), "that is mostly giraffe."),
        (np.array([0, 0, 0, 0, 0, 0, 25, 75, 0, 0]), "shares, not percentages: they sum to 1."),
        (lambda a: a.shape == (10,) and not np.isclose(a.sum(), 1), "the shares must sum to 1."),
    ],
    hint="Start from np.zeros(10) and set two of its entries.",
    why="With shares that are not negative and sum to 1, each scale and shift stays between those "
    "of the animals.",
)

# %% [markdown]
# ### The studio
#
# Choose an animal, move along the directions that change its pictures most, mix in another one.
# Found one you like? Type its number (counted from the top left, row by row) into *Picture* and
# press *More like this*. *Save as PNG* writes the pictures shown, as one image, into your user
# folder and says where.

# %%
widgets.studio(cat_gan, names, label=CAT, seed=1)

# %% [markdown]
# **And with words?** "A small cat that looks to the left" is a condition too. A text-to-image model
# replaces our table's row by vectors that another network computes from the words, and trains on
# images with captions. They enter where our label does, beside the latent and in normalizations,
# and in most models by *attention* as well: each place of the picture looks at each word. Lesson 16
# (planned) takes this up.
#
# ## 5. Little data (core, 20 minutes)
#
# A discriminator needs no idea of cats if it can learn its training images by heart: "seen before"
# is real, everything else is fake. Images that it was not trained on give it away: to such a
# discriminator they look fake (Karras et al. 2020).
#
# So we train on only 410 images, a twentieth, and compare the mean logit of these with that of
# held-out images, which are just as real. Two runs of section 3's network with the same seed and
# the same number of steps: one as it was, one with a cure that is explained below. Both
# discriminators judge the images as they are.

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
        f"{name:7} augmentation: training {seen:+.2f}, held out {unseen:+.2f}, "
        f"gap {seen - unseen:.2f}"
    )

# %% [markdown]
# Expected: a gap of 1.4 to 2.2 without augmentation, and one of 0.3 to 0.7 with it. That is one
# seed and the beginning; three seeds and longer runs follow.
#
# ### The cure: change what the discriminator sees
#
# Move the images a little or cover a part of them, at random, and there are no fixed images to
# learn by heart. But beware of the obvious way. If only the *real* images are changed, then covered
# images are what "real" looks like, and the generator learns to draw covered cats. Differentiable
# augmentation (Zhao et al. 2020) changes real *and* generated images before the discriminator sees
# either, $D(T(x), y)$ and $D(T(G(z, y)), y)$, and lets the generator's gradient flow back through
# $T$. In training each step has new random numbers; here the seed `(0, 1)` fixes them.

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
    "Twelve cats, one a column; rows: as they are, moved by up to a pixel, covered in part with "
    "gray, both.",
    columns=12,
)

# %% [markdown]
# ### Which changes leak? (optional, 8 minutes)
#
# And mirror them? A mirrored animal is an animal, so mirrored copies may simply be added to the
# training images. In $T$, mirroring is another matter. Suppose that a generator draws every bird so
# that it leans to the right. We make such birds: of the training birds, those that lean to the left
# are turned around. What does a $T$ leave of the difference that mirrors each image with a certain
# chance?


# %%
def leaning(pixels):
    """Which of images (n, 28, 28, 1) have the upper half right of the lower, and which left."""
    halves = pixels[:, :14, :, 0].astype(float), pixels[:, 14:, :, 0].astype(float)
    upper, lower = (half.sum(axis=1) @ np.arange(28) / half.sum(axis=(1, 2)) for half in halves)
    moved = upper - lower  # in pixels; an animal within a pixel stands upright
    return moved > 1, moved < -1


birds = images[labels == names.index("bird")]
to_the_left = leaning(birds)[1][:, np.newaxis, np.newaxis, np.newaxis]
all_to_the_right = np.where(to_the_left, birds[:, :, ::-1], birds)
for chance in (0, 0.1, 0.5):
    for name, pixels in {"real": birds, "generated": all_to_the_right}.items():
        right, left = (np.mean(which) for which in leaning(pixels))
        after = right + chance * (left - right), left + chance * (right - left)
        print(f"chance {chance:3}: {name:9} {after[0]:4.0%} lean right, {after[1]:4.0%} left")

# %% [markdown]
# Expected: with chance 0 51 and 33 % against 84 and 0 %; with 1 in 10 still 49 and 35 % against 76
# and 8 %: the discriminator can count. With even chances all four are 42 %. It sees images after
# $T$ only, so no discriminator could object to such birds. Where two different distributions of
# images become the same after $T$, the generator may draw either: $T$ is said to **leak**.
#
# ### Exercise 12.6: which augmentation leaks? (3 minutes)
#
# Which of these leaks most? Answer with its letter.
#
# - a: turn *every* image upside down
# - b: cover a random part with gray
# - c: turn each image by 0, 90, 180 or 270 degrees, with equal chances
# - d: the same, but 7 images of 10 stay as they are, and each turn gets 1 of 10

# %% tags=["exercise"]
# -- stub --
answer_6 = ...
# -- solution --
answer_6 = "c"

# %% tags=["check"]
checks.check_choice(
    "12.6",
    answer_6,
    "c",
    options="abcd",
    hints={
        "a": "a generated cat on its head would stand upright after T, among real cats on their "
        "heads; the discriminator notices.",
        "b": "it hides much, but what is covered in one image is seen in another, so no wrong "
        "part stays unnoticed.",
        "d": "of upright cats, 1 in 10 is on its head after T; of cats on their heads, 7 in 10. "
        "The discriminator can count.",
    },
    why="With equal chances, standing cats and cats on their heads become the same mixture of "
    "four. What counts is not how strong a change is, but whether many changed images still tell "
    "which kind they were made of. Moving leaks a little, too: an animal a pixel off its place "
    "goes unnoticed. That is why ours move by one pixel only.",
)

# %% [markdown]
# ### What happens later
#
# The course ships the curves of six longer runs on those 410 images, three seeds with augmentation
# and three without; all else is the same, the number of steps included. Look at the logits first,
# then at the distance, then at the pictures.

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
    "Mean logits of three kinds of images, means over three seeds. Left, without augmentation: "
    "training images rise from 1 to about 3.5, held-out images fall from 0 to -4, generated ones "
    "from -2 to -6. Right, with it: 1 to 2.7, about 0.5 throughout, and about -1.",
)

# %%
plots.curves(
    {
        f"{run}, seed {seed}": np.log10(runs[f"{run}_distance"][seed])
        for run in ("without", "with")
        for seed in range(3)
    },
    "Fréchet distance of 1,500 drawn images on a logarithmic scale (1 means 10), six runs on 410 "
    "images. Without augmentation it soon stops falling, then rises; with it, it falls to the "
    "end, ever more slowly.",
    "step",
    "log10 of the distance",
    x=runs["steps"],
    ylim=(0.3, 2.2),
)
for run in ("without", "with"):
    distances = runs[f"{run}_distance"]
    best = distances.mean(axis=0).argmin()
    print(f"{run:7}: last distance {distances[:, -1].round(1)}, smallest mean ", end="")
    print(f"{distances.mean(axis=0)[best]:.1f} at step {runs['steps'][best]}")

# %%
for run in ("without", "with"):
    plots.show_images(
        runs[f"{run}_samples"],
        f"What the first run {run} augmentation drew at its last step: two of each animal, one "
        "column for each in the order of the list.",
        columns=10,
    )
of_each = [np.resize(few_images[few_labels == label], (150, 28, 28, 1)) for label in range(10)]
of_copies = float(metrics.frechet_distance(np.concatenate(of_each), "animals"))
print(
    f"For comparison, the 410 training images themselves, 150 of each with repeats: {of_copies:.2f}"
)

# %% [markdown]
# Expected: last distances of 25 to 40 without augmentation, 2.6 to 3.0 with it; 1.06 for the
# training images.
#
# ### Exercise 12.7: what went wrong? (4 minutes)
#
# Read curves, numbers and pictures together. What happened in the runs *without* augmentation?
#
# - a: The discriminator won. It tells real animals from generated ones better and better, so no
#   gradient is left for the generator.
# - b: The generator overfitted: it learned the 410 images by heart and draws copies of them.
# - c: The training was unstable, as GANs are: bad luck with the seed, or too large a learning rate.
# - d: The discriminator learned the 410 images by heart. It calls other real animals fake, and what
#   it then asks of the generator no longer leads to animals.
# - e: Mode collapse: for each animal the generator draws one image only.

# %% tags=["exercise"]
# -- stub --
answer_7 = ...
# -- solution --
answer_7 = "d"

# %% tags=["check"]
checks.check_choice(
    "12.7",
    answer_7,
    "d",
    options="abcde",
    hints={
        "a": "look at the held-out images, which are real animals: which side does it put them "
        "on? And the hinge loss of the generator has the slope -1 at every logit.",
        "b": "copies would be as sharp as the training images, and their distance would be about "
        "1, not 30.",
        "c": "all three seeds end so. With the same seeds and the same learning rate none of the "
        "runs with augmentation does.",
        "e": "compare the two dogs, or the two giraffes. Some drawings repeat, but that does not "
        "explain the logits of the held-out images.",
    },
    why="The curve of the held-out images is the one that nobody trains on, and it falls first: "
    "at step 500 the gap is 3.2, while the distance still falls.",
)

# %% [markdown]
# Without augmentation, from step 1,000 to 1,750 held-out images, though real, hardly count more
# than generated ones. The gap between training and held-out images grows with augmentation, too,
# only later: from 0.4 to 2.2. So the gap is a warning, not the damage. In these runs the distance
# stops falling when real images that the discriminator has not seen look fake to it, below -2.
#
# Stopping early helps less: the best mean without augmentation is 7.7, at step 750. (And a step
# that was picked by its distance to the held-out images flatters itself a little; a third set of
# images would be needed to say how much.) Note also what 410 *copies* would have scored: about 1,
# better than all six runs. The distance does not punish copying; section 6 asks about it.
#
# ### Exercise 12.8: plan an experiment (4 minutes)
#
# Does this $T$ help with all 8,216 images, too? Section 3 and `cat_gan` did without, and this
# lesson has not shown that they should. You may compute for an hour. Which plan answers the
# question?
#
# - a: Train `cat_gan`'s network with $T$ for 1,200 steps, and compare its distance with that of the
#   shipped `cat_gan`.
# - b: Train with and without $T$, three seeds each, 6,000 steps; compare the last losses of both
#   networks.
# - c: Train with and without $T$, three seeds each, 6,000 steps; compare the distances of as many
#   drawn images each.
# - d: Train with and without $T$, three seeds each, 6,000 steps; compare the gaps between training
#   and held-out logits.
# - e: Train with $T$ at four learning rates and take the best; train without $T$ at the usual one;
#   compare distances.

# %% tags=["exercise"]
# -- stub --
answer_8 = ...
# -- solution --
answer_8 = "c"

# %% tags=["check"]
checks.check_choice(
    "12.8",
    answer_8,
    "c",
    options="abcde",
    hints={
        "a": "one has a fifth of the other's steps, and there is one run of each: the difference "
        "could be the steps, or chance.",
        "b": "each loss is measured against its own opponent, and with T on changed images: a "
        "lower one does not mean better pictures.",
        "d": "the gap says how much the discriminator knows by heart. Whether the drawings are "
        "better is another question: in the runs above the gap was a warning, not the damage.",
        "e": "four tries against one: the best of four wins a little by chance alone, and the "
        "rate may be what helped.",
    },
    why="Same images, steps, settings and seeds, one difference, several runs, and a ruler that "
    "looks at the drawings. Say beforehand how large a difference counts: larger than that "
    "between seeds.",
)

# %% [markdown]
# ## 6. Is it copying? (optional, 12 minutes)
#
# In section 5 the *discriminator* knew its images by heart. Two failures of *generators* are often
# confused. A generator that **collapsed** draws few different images. One that **memorized** draws
# many, all of them copies or nearly so. Three models, A, B and C, drew 300 images each, 30 of each
# animal, and we measure two distances in the classifier's features: how far to the nearest
# *training* image, and how far to the nearest *other* image of the same set. As many held-out
# images stand beside them.


# %%
def two_distances(features):
    """Median distance to the nearest training image, and to the nearest other image of the set."""
    squares = ((features[:, None] - features[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    to_training = metrics.nearest_neighbors(features, training_features).distances
    return np.median(to_training), np.median(np.sqrt(squares.min(axis=1)))


def thirty_of_each(pixels, classes):
    """300 images in [0, 1], the animals in turns."""
    places = [np.flatnonzero(classes == label)[:30] for label in range(10)]
    return pixels[np.stack(places, axis=1).ravel()] / np.float32(255)


training_features = metrics.image_features(images, "animals_features_v1")
ours = cat_gan.sample(300, seed=5)

# %% [markdown]
# Who they are is folded away: first the numbers and the pictures, then your diagnosis.
#
# <details><summary>What A, B and C are</summary>
#
# A is `cat_gan`. B hands out training images, moved by up to a pixel. C is `cat_gan` again, but
# near one latent only.
#
# </details>

# %%
moved = augmentation.shift(data.scale_pixels(thirty_of_each(images, labels)), (0, 1)).numpy()
noise = np.random.default_rng(1).standard_normal((300, 64), dtype=np.float32)
sets = {
    "held out": thirty_of_each(held_out, held_out_labels),
    "A": ours,
    "B": data.unscale_pixels(moved),
    "C": cat_gan.generate(few_latents[1] + 0.1 * noise, np.arange(300) % 10),
}

# %%
twelve = [10 * turn + label for label in (2, 4, 7) for turn in range(4)]  # cats, dogs, horses
rows = []
for name, pixels in sets.items():
    features = metrics.image_features(pixels, "animals_features_v1")
    distances = "to training images {:.2f}, among themselves {:.2f}".format(
        *two_distances(features)
    )
    if name == "held out":
        print(f"{name}: {distances}")
        continue
    of_set = float(metrics.frechet_distance(pixels, "animals"))
    print(f"{name:8}: {distances}, Fréchet distance {of_set:5.2f}")
    nearest = metrics.nearest_neighbors(features[twelve], training_features).indices
    rows += [pixels[twelve], images[nearest] / np.float32(255)]
plots.show_images(
    np.concatenate(rows),
    "Rows 1, 3 and 5: four cats, dogs and horses of A, B and C. Below each the training image "
    "that is nearest in features.",
    columns=12,
)

# %% [markdown]
# (The held-out images have no Fréchet distance here: they are part of what it compares with.)
#
# ### Exercise 12.9: diagnoses (4 minutes)
#
# What do numbers and pictures say about the three models?
#
# - a: B is the best: it is nearest to the training images, varied, and has the smallest Fréchet
#   distance. C collapsed.
# - b: A memorized: most of its images have a twin below them. C collapsed.
# - c: B memorized. C collapsed.
# - d: C memorized: it draws the same animals over and over. B is the best.

# %% tags=["exercise"]
# -- stub --
answer_9 = ...
# -- solution --
answer_9 = "c"

# %% tags=["check"]
checks.check_choice(
    "12.9",
    answer_9,
    "c",
    options="abcd",
    hints={
        "a": "compare each image of B with the one below it. What would a model that only copies "
        "score?",
        "b": "compare outline by outline: A's images are like their neighbors, not the same. One "
        "set's are.",
        "d": "to draw the same few images over and over is collapse; copies of the training "
        "images differ from each other as these do.",
    },
    why="B's images are training images, a pixel off. C's differ little from each other: its "
    "second distance is 0.55, where held-out images have 3.46.",
)

# %% [markdown]
# Expected: to training images 2.45 for the held-out ones, 2.96, 2.11 and 2.46 for A, B and C; among
# themselves 3.46, 3.64, 3.67 and 0.55; Fréchet distances 2.72, 1.48 and 21.1.
#
# Collapse shows in the second distance, and in the first it does not. Memorization hides: an image
# that is moved by a pixel is nearly as far from its original, in these features, as a held-out
# image from its nearest neighbor, and the Fréchet distance even prefers the copies. The pictures
# showed it. `cat_gan` (A) lies farther from the training images than the held-out images do. That
# is no proof that it copies nothing (lesson 06 says why), but no sign of copying either. And
# farther is no merit, since imperfect outlines lie far from every real image.
#
# ## Recap
#
# - Both networks are told the class: the generator by a vector and by conditional normalization,
#   the discriminator by a projection, whose form is that of the best discriminator for the
#   cross-entropy loss.
# - One network draws ten animals on demand, and mixtures that nobody taught it.
# - A gap between the logits of training and of held-out images shows a discriminator that learned
#   by heart. Augmenting real and generated images alike, differentiably, holds it back where data
#   are few. (Optional part: what cannot be told apart after the change leaks into the drawings.)
# - An experiment changes one thing, repeats it, and measures what the question asks about.
# - (Section 6) Memorization and collapse are different diseases. A distance within the set shows
#   collapse; against copies, look at nearest neighbors, too.
#
# **Try next** Carry out the plan of exercise 12.8. Or build a discriminator that begins with the
# planes of exercise 12.2, in Keras with `keras.ops.broadcast_to`, and hand it to
# `conditional_gan.ConditionalGAN(discriminator=...)`: is the projection better? Or add mirrored
# copies to section 5's training images, `few_images[:, :, ::-1]`, with `few_labels` once more: does
# the gap shrink without $T$, too?
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
#   [arXiv:2006.06676](https://arxiv.org/abs/2006.06676): the gap between training and held-out
#   logits; which augmentations leak.
# - The animals: [`animal-mnist`](https://pypi.org/project/animal-mnist/), MIT, without duplicates;
#   see `data/README.md`.
