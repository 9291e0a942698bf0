# %% [markdown]
# # 00 · Start here
#
# **After this lesson you can**
# - run the course's notebooks, and tell whether your computer has all they need;
# - steer trained networks that draw, one of them by words; check an exercise, and see your progress;
# - choose your way through the course, look up its words, start a lesson afresh, and bring your own
#   pictures.
#
# **You need** a little Python. Nothing about neural networks.
#
# **Time** 22 minutes: 17 for the core sections, 5 for the optional one. On two CPU cores all cells
# together run for about 10 seconds.
#
# A notebook is a row of *cells*. Click into one and press **Shift+Enter**: it runs, and the next one
# is selected. Or run everything now, with **Run > Run All Cells** in the menu (on Colab: **Runtime > Run
# all**), and read on while the computer works.

# %% [markdown]
# ## 1. Is everything in place? (core, 2 minutes)
#
# The cell below asks `course_utils`, the folder of helpers that comes with the course. If it says
# `ModuleNotFoundError`, this notebook runs in another Python than the one in which you installed the
# course: close Jupyter and start it with the command in the README.

# %%
from course_utils.lessons.start_here import environment

environment.check()

# %% [markdown]
# Each line between the first and the last says `ok`, or `fix` and what to do. No GPU is needed, and once the course is installed, no
# network either: the data and some trained networks came with it, and were checked just now.

# %% [markdown]
# ## 2. Networks that draw (core, 5 minutes)
#
# Two trained networks, and you can steer both at once. As in every lesson, a setup comes first: the modules,
# then what you may want to change, in capitals.

# %%
import numpy as np
from PIL import Image, ImageOps
from skimage.data import chelsea

from course_utils import checks, data, plots, widgets
from course_utils.models import pretrained

# %% tags=["parameters"]
SEED = 0
NUM_IMAGES = 16
PROMPT = "black cat"
ANIMAL = "cat"  # or bear, bird, cow, dog, elephant, giraffe, horse, sheep, zebra

# %% [markdown]
# ### Type what it shall draw
#
# `emoji_flow` has seen 9,319 small pictures, each with its name, and draws what you type. In lesson 16 you
# build and train one like it. Click into *Prompt*, type, and press Enter:

# %%
painter = pretrained.load("emoji_flow")
widgets.word_studio(painter, PROMPT, seed=SEED)

# %% [markdown]
# - "red heart", "woman firefighter dark skin tone", "黑猫" (it reads Chinese, too). Then something that no
#   set of emoji has: "purple heart on fire".
# - A word that it does not know? It says so, and which known ones look alike.
#
# Boxes and sliders answer only while Python runs behind the page. In a notebook that you have just opened, you
# see the stored picture instead: run the cell, and it comes to life.
#
# ### Turn what it draws
#
# `cat_gan` is a *generator* of another kind: it learned to draw animals, from 8,216 small pictures of them.
# In lesson 12 you train one yourself.

# %%
animals = pretrained.load("cat_gan")
model = animals.only(data.class_names("animals").index(ANIMAL))
widgets.explore(model, num_images=NUM_IMAGES, seed=SEED)

# %% [markdown]
# These cats never sat anywhere. Each picture is computed from 64 random numbers, its *latent*, and a slider
# shifts all sixteen latents in the same direction.
#
# - Drag *Direction 1* to the left end, then to the right end. What changes in every picture?
# - Without a mouse: press Tab until a number field or a slider's handle is marked, then use the arrow
#   keys.
# - *Surprise me* draws other random numbers. The same *seed* always gives the same pictures.

# %% [markdown]
# ## 3. How exercises work (core, 2 minutes)
#
# An exercise is a cell with `...` where your answer belongs, and below it a check, whose code is folded
# away. Run both. A check says `not answered yet`, `correct`, or gives a hint; a wrong answer breaks
# nothing, and you may try as often as you like.
#
# ### Exercise 00.1 (1 minute)
#
# Each animal above has 28 rows of 28 pixels, and each pixel is one number, its brightness. How many
# numbers does the network have to get right for one picture? Replace the `...`; Python may do the sum.
# (To see a hint, try `28 + 28` first.)

# %% tags=["exercise"]
# -- stub --
answer_1 = ...
# -- solution --
answer_1 = 28 * 28

# %% tags=["check"]
checks.check_number(
    "00.1",
    answer_1,
    expected=28 * 28,
    hints={
        28 + 28: "that adds one row and one column; there are 28 pixels in each of 28 rows.",
        28: "that is one row; there are 28 of them.",
        16 * 28 * 28: "that is for all sixteen pictures; we ask for one.",
    },
    hint="Multiply the rows by the pixels in a row.",
    why="784 numbers for one small gray picture, computed from only 64.",
)

# %% [markdown]
# The course remembers what you solved, in a small file in your own user folder, and lists it here. The
# *solved twin* of each lesson, linked at its end, has all the answers.

# %%
checks.progress()

# %% [markdown]
# ## 4. The course map (core, 3 minutes)
#
# The course has eighteen lessons. Those with a link are here; the others are *planned*, with a core of 45 to
# 90 minutes each. Lesson 05 repeats in a few words what it needs of 02 to 04, so you may begin there.
#
# | lesson | what it is about | minutes of the core (of all) |
# |---|---|---|
# | **00 Start here** | this page | 17 (22) |
# | [01 Images as data](01_images_as_data.ipynb) | pixels, ranges, the simplest generators and why they fail | 86 (101) |
# | [02 Loss functions](02_loss_functions.ipynb) | how a number says "wrong", and by how much | 85 (106) |
# | [03 Networks and gradients](03_networks_and_gradients.ipynb) | layers, back-propagation, a first classifier | 88 (102) |
# | [04 Optimizers](04_optimizers.ipynb) | gradient descent, Adam, and why a game is no minimization | 75 (118) |
# | [05 GAN step by step](05_gan_step_by_step.ipynb) | two networks in a game, on points in the plane | 85 (119) |
# | [06 GAN on images](06_gan_on_images.ipynb) | train a network that draws clothes, and measure it | 85 (95) |
# | [07 GAN clinic](07_gan_clinic.ipynb) | repair a broken GAN, fault by fault | 90 (100) |
# | [08 GAN diseases](08_gan_diseases.ipynb) | provoke, measure and cure what goes wrong | 90 (93) |
# | [09 VAE step by step](09_vae_step_by_step.ipynb) | encoder, decoder, and the bound between them | 85 (121) |
# | [10 VAE latent space](10_vae_latent_space.ipynb) | maps and walks among latents; VAE against GAN | 82 (129) |
# | [11 Recurrent generation](11_recurrent_generation.ipynb) | drawing row by row, with exact probabilities | 89 (102) |
# | [12 Generate a cat](12_generate_a_cat.ipynb) | cats and nine other animals on demand, and what little data does | 84 (108) |
# | [13 One photograph](13_one_photograph.ipynb) | what a single photo of a cat can teach | 84 (105) |
# | [14 How good is it?](14_how_good_is_it.ipynb) | the measures, and where they mislead | 87 (97) |
# | [15 Flow matching](15_flow_matching.ipynb) | from noise to pictures, in many small steps | 89 (100) |
# | [16 Words to pictures](16_words_to_pictures.ipynb) | type a few words, and a model draws them | 86 (92) |
# | 17 Applications and outlook | medicine, games, art; risks and ethics | *planned* |
#
# Sections marked *core* carry a lesson; *optional* ones may wait. Three ways through, which skip what is
# still planned:
#
# - **90 minutes**: sections 1 and 2 of this page, then the core of 05.
# - **Half a day**: this page, the core of 05, a break, the core of 06; the core of 09 if time is left.
# - **Six weeks**, two or three lessons each: 00 to 02 (images and losses), 03 and 04 (networks, and how they are
#   trained), 05 and 06 (GANs), 07 and 08 (how to mend them, and what they fall ill of), 12 and 13 (the cats, and one
#   photo), 09 to 11 (VAEs, and row by row), 14 to 16 (measures, flows, and words).

# %% [markdown]
# ## 5. The course's words (look them up when you need them)
#
# | word | meaning |
# |---|---|
# | image | an array of numbers, (height, width, channels); 0 is black, 1 (or 255) is white |
# | images | many in one array, (number, height, width, channels) |
# | label | a whole number that says what an image shows, such as 9 for an ankle boot, or 2 for a cat |
# | batch, `batch_size` | the images that a network sees at once, and how many they are |
# | network, weights | a function with many adjustable numbers, and these numbers |
# | training | changing the weights, little by little, to lower the loss |
# | loss | the number that training tries to make smaller; in a GAN each network has its own |
# | gradient | in which direction of the weights the loss grows, and how fast |
# | optimizer, learning rate | the rule by which a gradient changes the weights, and how far it goes at each step |
# | metric | a number by which *we* judge the result; training does not look at it |
# | step | one change of the weights, made with one batch |
# | epoch, `num_epochs` | one pass through all training images, and how many passes |
# | generator | a network that turns a latent into an image |
# | prompt | the words that tell a model what to draw |
# | latent, `latent_size` | the random numbers that an image is computed from, and how many |
# | sample | an image drawn at random by a model: `model.sample(16)` |
# | seed | the number that starts the random numbers; the same seed repeats them |
# | discriminator | a network that says how real an image looks |
# | logit | a network's raw score, any number; the larger, the surer the "yes" (here: "real") |
# | GAN | generator and discriminator, trained against each other |
# | encoder | a network that turns an image into a latent (a VAE's: into a distribution of latents) |
# | decoder | a network that turns a latent back into an image |
# | VAE | encoder and decoder, trained together so that random latents give images too |
# | autoregressive model | a network that says each pixel's probability, given the pixels before it |
# | kernel | the Python behind a notebook, which runs its cells |
# | mode | a region where data crowd: one of eight clouds of points, or shoes among clothes |
# | features | what a trained classifier makes of an image: 64 numbers that are alike for similar things |
# | Fréchet distance | a metric: how different two *sets* of images are; 0 means alike |

# %% [markdown]
# ## 6. Start afresh, and bring your own pictures (optional, 5 minutes)
#
# **Reset this lesson.** *Kernel > Restart Kernel and Run All Cells…* forgets all that Python computed
# and runs the lesson from the top; what you typed stays. To get the cells themselves back as they came,
# close the notebook first. If you have the course from `git clone`, type
# `git checkout notebooks/00_start_here.ipynb` in a terminal in the course's folder: it discards all that you
# changed in that file. If you downloaded it as an archive, unpack the archive once more and copy the notebook
# from there. On Binder or Colab, open the launch link again. `checks.reset_progress("00")` makes the
# course forget that you solved this lesson's exercises.
#
# **Use your own pictures.** The course's networks learn from one array of gray images of 28 x 28 pixels,
# with the shape `(n, 28, 28, 1)`. The two lines with Pillow below make it from the files in a folder
# `my_pictures` beside this notebook: each picture turns gray, is cut to a square and shrinks, and all
# are stacked. Such an array goes wherever a lesson says `images`, also straight into training; a few
# pictures show how it works, but for good results a network wants thousands.
#
# ```python
# from pathlib import Path
# from course_utils.models import gan
#
# files = sorted(Path("my_pictures").glob("*.jpg"))
# pictures = [ImageOps.fit(Image.open(file).convert("L"), (28, 28)) for file in files]
# images = np.stack([np.asarray(picture) for picture in pictures])[..., np.newaxis]
#
# model = gan.GAN()
# model.compile()
# model.fit(images, batch_size=16, epochs=1)
# ```
#
# To use it, paste it into a new cell. Here we try the same on a picture that everybody has: a photo of
# a cat, which comes with the package scikit-image, cut into fifteen squares.

# %%
photo = Image.fromarray(chelsea())
corners = [(x, y) for y in range(0, 252, 84) for x in range(0, 420, 84)]
squares = [photo.crop((x, y, x + 84, y + 84)) for x, y in corners]
pictures = [ImageOps.fit(square.convert("L"), (28, 28)) for square in squares]
images = np.stack([np.asarray(picture) for picture in pictures])[..., np.newaxis]
print("shape:", images.shape, " type:", images.dtype, "  (expected: (15, 28, 28, 1) and uint8)")

# %%
plots.show_images(
    images, "A photo of the cat Chelsea, cut into fifteen gray images.", columns=5, scale=3
)

# %% [markdown]
# A dataset of the course hands them out in batches, with pixels from 0 to 1:

# %%
batch = next(iter(data.make_dataset(images, batch_size=8, seed=SEED)))
print("one batch:", batch.shape, batch.dtype.name)
print(
    f"darkest pixel {np.min(batch):.2f}, brightest {np.max(batch):.2f}   (expected: both between 0 and 1)"
)

# %% [markdown]
# ## Recap
#
# - `environment.check()` says in words what is missing.
# - A generator turns random numbers into a picture; the sliders move those numbers.
# - Replace `...`, run the check, read the hint. Nothing breaks.
#
# **Try next** [05 GAN step by step](05_gan_step_by_step.ipynb) shows how such a network learns;
# [12 Generate a cat](12_generate_a_cat.ipynb) and [16 Words to pictures](16_words_to_pictures.ipynb) train those that
# you just steered.
#
# **Solutions** are in [the solved twin](solutions/00_start_here.ipynb).
#
# **Sources**
# - I. Goodfellow et al., *Generative Adversarial Networks*, 2014, [arXiv:1406.2661](https://arxiv.org/abs/1406.2661).
# - The animals: [`animal-mnist`](https://pypi.org/project/animal-mnist/) 0.4, MIT, without duplicates: what the
#   generator learned from.
# - S. van der Walt, *Chelsea the cat*, photograph, CC0, in
#   [scikit-image](https://scikit-image.org/docs/stable/api/skimage.data.html#skimage.data.chelsea).
