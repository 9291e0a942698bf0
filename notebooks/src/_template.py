# %% [markdown]
# # How bright is a picture?
#
# (A template: copy this file to `NN_name.py`, replace every text, and run
# `python notebooks/src/build.py NN`. Keep the order of the parts.)
#
# **After this lesson you can**
# - say which shape and range an array of pictures has;
# - compute the mean brightness of each picture, and check the result in a second way.
#
# **You need** [NumPy's basics](https://numpy.org/doc/stable/user/absolute_beginners.html) and no
# earlier lesson.
#
# **Time** 15 minutes: 10 for the core sections, 5 for the optional one. On a laptop's CPU all cells
# together run for less than 5 seconds.

# %% [markdown]
# ## Setup
#
# Modules first, then everything that you may want to change, in capitals.

# %%
import numpy as np

from course_utils import checks

# %% tags=["parameters"]
SEED = 0
NUM_IMAGES = 1000  # test: 10

# %% [markdown]
# ## 1. Pictures as an array (core, 5 minutes)
#
# A batch of pictures is one array: how many, height, width, channels. Ours hold random pixels
# from 0 to 255, so that the right answers are known in advance.

# %%
random = np.random.default_rng(SEED)
images = random.integers(0, 256, size=(NUM_IMAGES, 28, 28, 1), dtype=np.uint8)
print("shape:", images.shape, " type:", images.dtype)

# %% [markdown]
# Divided by 255 the pixels lie in [0, 1], the range that every dataset of the course has. The mean
# over height, width and channel leaves one number for each picture.

# %%
brightness = (images / 255.0).mean(axis=(1, 2, 3))
print("shape:", brightness.shape)
print(f"mean over all pictures: {brightness.mean():.3f}   (expected: 0.500 to within 0.01)")

# %% [markdown]
# The same number in a second way: the mean of all pixels at once, since every picture has equally
# many of them.

# %%
print("two ways agree:", np.isclose(brightness.mean(), images.mean() / 255.0))

# %% [markdown]
# ### Exercise 99.1 (3 minutes)
#
# How many numbers does one picture of 28 x 28 pixels hold if it has three color channels instead
# of one? Replace the `...`, run the cell, then run the check below it.

# %% tags=["exercise"]
# height x width x channels
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = 28 * 28 * 3

# %% tags=["check"]
checks.check_number(
    "99.1",
    answer_1,
    expected=28 * 28 * 3,
    hints={28 * 28: "that is one channel; a color picture has three."},
    why="Each of the 784 pixels has a red, a green and a blue value.",
)

# %% [markdown]
# ## 2. How much the brightness varies (optional, 5 minutes)
#
# A single pixel that is uniform on [0, 1] has the standard deviation $1/\sqrt{12} \approx 0.289$.
# The mean of $n$ independent ones varies $\sqrt{n}$ times less, here with $n = 784$ by
# $0.289/28 \approx 0.0103$.

# %%
print(
    f"standard deviation: {brightness.std():.4f}   (expected with 1000 pictures: 0.0103 ± 0.0007)"
)

# %% [markdown]
# ## Recap
#
# - A batch of pictures has the shape (number, height, width, channels).
# - A mean over the last three axes leaves one number for each picture.
#
# **Try next** `SEED = 1`: which of the numbers above change, and by how much?
#
# **Solutions** are in [the solved twin](solutions/99_template.ipynb).
#
# **Sources** C. R. Harris et al., *Array programming with NumPy*, Nature 585 (2020), 357-362,
# [doi:10.1038/s41586-020-2649-2](https://doi.org/10.1038/s41586-020-2649-2).
