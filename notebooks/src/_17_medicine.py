# %% [markdown]
# Part "medicine" of lesson 17: sections 1 and 2, exercises 17.1 to 17.4. To be merged: imports and settings.

# %%
from course_utils.base import backend

backend.start()  # first, so that TensorFlow starts without its log lines

import keras
import numpy as np

from course_utils import checks, data, metrics, plots
from course_utils.lessons.applications_and_outlook import detectors, mistakes_medicine
from course_utils.models import augmentation, conditional_gan, networks

# %% tags=["parameters"]
SEED = 0
NUM_FEW = 200  # test: 40
NUM_MANY = 4000  # test: 60
NUM_TEST = 2000  # test: 60
NUM_GENERATED = 800  # test: 40
GAN_STEPS = 900  # test: 2
DETECTOR_STEPS = 400  # test: 2
DETECTOR_SEEDS = (0, 1)  # test: (0,)

# %% [markdown]
# ## 1. A lesion on demand (core, 5 minutes)
#
# "Generated tumors help diagnosis", says many an article: scans of the ill are rare, so let a generator draw more. Real
# scans cannot ship with a course, so we take **phantoms**: computed heads after Shepp and Logan (1974), each with its
# own skull, brain, ventricles and noise. In a phantom we know where the lesion is, because we put it there.

# %%
head = data.phantoms(1, seed=3, lesion_share=0).images[0]
wanted = [((0.0, -0.4), 0.14, "bright"), ((-0.3, 0.4), 0.24, "bright"), ((0.3, -0.3), 0.24, "ring")]
drawn = [
    data.add_lesion(head, place, radius, contrast=0.35, kind=kind)[0]
    for place, radius, kind in wanted
]
plots.show_images(
    np.stack([head, *drawn]),
    "One head: healthy; with a small bright lesion below the middle; with a large one at the upper left; with a ring "
    "at the lower right.",
    columns=4,
    scale=5,
)

# %% [markdown]
# That is a lesion on demand, by a rule that somebody wrote down: place, radius, contrast, kind. Real lesions come
# without a rule, so a network has to learn it from examples. A hospital may have 200 scans, half of them with a
# bright lesion:

# %%
few = data.phantoms(NUM_FEW, seed=1)
many = data.phantoms(NUM_MANY, seed=2)
test, rings = (data.phantoms(NUM_TEST, seed=99, kinds=[kind]) for kind in ("bright", "ring"))
print(f"few: {len(few.images)} scans, {few.labels.sum()} with a lesion; test: {len(test.images)}")

# %% [markdown]
# Lesson 12's conditional GAN, a little smaller, learns from these alone: label 1 with a lesion, 0 without.

# %%
keras.utils.set_random_seed(SEED)
model = conditional_gan.ConditionalGAN(
    num_classes=2,
    generator=networks.conditional_generator(latent_size=16, num_classes=2, width=32),
    discriminator=networks.projection_discriminator(num_classes=2, width=16),
    seed=SEED,
)
model.compile(augment=augmentation.shift)
scans = data.make_dataset(few.images, few.labels, batch_size=64, repeat=True, seed=SEED)
model.fit(scans, steps_per_epoch=GAN_STEPS, verbose=0)

# %%
latents = np.random.default_rng(SEED).normal(size=(10, 16)).astype(np.float32)
healthy, ill = (model.generate(latents, label) for label in (0, 1))
difference = np.clip(3 * np.abs(ill - healthy), 0, 1)
plots.show_images(
    np.concatenate([few.images[few.labels == 1][:10], healthy, ill, difference]),
    "Row 1: real scans with a lesion. Rows 2 and 3: the same latents, asked for a healthy head and for a lesion. "
    "Row 4: three times the difference of the two.",
    columns=10,
    scale=3,
)

# %% [markdown]
# In half of the columns, expect a paler spot where the difference lights up: vaguer than a real lesion, never small and
# sharp, and the noise is weaker than in row 1. In others hardly anything changes. And nobody can say where the lesion
# of column 3 is: unlike the rule, the generator gives no mask.
#
# Does it do as asked? Looking is not enough (lesson 14). An *expert*, a detector trained on 4,000 real scans,
# judges: how often does a scan that was asked to be ill score above one that was asked to be healthy? That is the area
# under the ROC curve, the AUC of exercise 14.8: 0.5 is guessing.

# %%
asked = np.arange(NUM_GENERATED) % 2
generated = model.sample(NUM_GENERATED, seed=SEED, labels=asked)
expert = detectors.train(many.images, many.labels, steps=DETECTOR_STEPS, seed=SEED)
for name, images, labels in (
    ("test scans", test.images, test.labels),
    ("generated", generated, asked),
):
    print(f"the expert on {name:10} {detectors.auc(detectors.scores(expert, images), labels):.3f}")
others = data.phantoms(NUM_FEW, seed=5).images
print("copies?", metrics.copying(generated, few.images, others))

# %% [markdown]
# Expected: about 0.96 on test scans and 0.90 on generated ones. So the label works in most of them: they show what
# tells ill from healthy. The ratio of distances, 0.98, shows no sign of copying.
#
# ## 2. Do generated scans help a detector? (core, 22 minutes)
#
# Now the claim itself. The detector is a network of two convolutions that asks "is there a lesion anywhere?". It
# is trained for the same number of steps each time, on:
# - **few**: the 200 real scans;
# - **few + generated**: 200 or 800 of the GAN's scans added;
# - **few + moved**: each scan mirrored and shifted by up to two pixels, as anyone would do without a generator;
# - **few + rule**: bright lesions drawn by `data.add_lesion` into the *healthy* heads of the 200, at random places;
# - **few + rings**: the same, with bright lesions and rings;
# - **many**: 4,000 real scans.
#
# ### Exercise 17.1: what can they know? (2 minutes)
#
# Before you see a result: what can reach the detector that the 200 scans do not tell? 1 for yes, 0 for no. Think of
# infinitely many images of each source, and of where they get what they show.

# %% tags=["exercise"]
# -- stub --
predictions = ...
# np.array([  # knows more of bright lesions than the 200 scans say; shows rings
#     [ ,  ],  # the GAN, trained on the 200
#     [ ,  ],  # mirrored and shifted: a person says that the answer stays the same
#     [ ,  ],  # bright lesions by the rule that made the real ones
#     [ ,  ],  # bright lesions and rings by the rule
#     [ ,  ],  # 4,000 real scans with bright lesions
# ])
# -- solution --
predictions = np.array(
    [  # knows more of bright lesions; shows rings
        [0, 0],  # the GAN
        [1, 0],  # mirrored and shifted
        [1, 0],  # bright lesions by the rule
        [1, 1],  # bright lesions and rings by the rule
        [1, 0],  # 4,000 real scans
    ]
)

# %% tags=["check"]
checks.check_array(
    "17.1",
    predictions,
    expected=[[0, 0], [1, 0], [1, 0], [1, 1], [1, 0]],
    hints=[
        (
            lambda x: x[0].any(),
            "row 1: all that the GAN knows of scans comes from the 200, through its training.",
        ),
        (lambda x: x[4, 1] == 1, "row 5: more scans of one kind do not contain another kind."),
        (
            lambda x: x[1, 1] or x[2, 1],
            "rows 2 and 3, column 2: a moved bright lesion is bright, and so is one by the rule for bright ones.",
        ),
        (lambda x: not x[3, 1], "row 4: rings are drawn there."),
        (
            lambda x: not x[1, 0],
            "row 2: no scan says that a mirrored head is still a head; the person who mirrors it does.",
        ),
        (
            lambda x: not x[2:, 0].all(),
            "column 1: the rule knows all radii, contrasts and places, and new patients bring new ones.",
        ),
    ],
    hint="Ask of each source what it was made from, besides the 200 scans.",
    why="What is new comes from a person's knowledge or from new patients; the generator has neither.",
)

# %% [markdown]
# ### Why a generator has nothing to add
#
# Let $\theta$ be how lesions really look, $D$ the 200 scans and $S$ all that a generator draws which has seen only $D$.
# $S$ depends on $\theta$ through $D$ alone, $\theta \to D \to S$. No processing can raise the information about
# $\theta$ (the **data processing inequality**, Cover and Thomas 2006, section 2.8):
#
# $$I(\theta; S) \le I(\theta; D), \qquad I(\theta; D, S) = I(\theta; D)$$
#
# Honestly read, this is a bound on what *can* be known, not on what a detector *does* know. Four hundred steps of
# Adam do not use all of $D$. Generated scans between real ones may keep a detector from learning noise by heart, as
# other augmentation does; and a generator that was trained on *other* hospitals' scans has seen more than $D$. So
# "helps" is possible, "knows more" is not. It has to be measured, and compared with plain augmentation.
#
# ### Exercise 17.2: a clean training set (5 minutes)
#
# Such comparisons go wrong before any training: a lesion drawn into the head of patient 3 *is* a scan of patient 3,
# and if that patient is tested, the detector has seen the answer. And ten generated scans for each real one teach the
# generator's habits. Write `training_rows(patients, is_generated, test_patients, largest_share)` for a pool of images:
# `patients` (n,) says from whose scan each image comes or was made, `is_generated` (n,) is True or False. Leave out
# every image of a test patient. Of the rest keep all real ones, and of the generated ones as many of the first as make
# up at most `largest_share` (below 1) of what is kept. Return the row numbers, ascending.


# %% tags=["exercise"]
def training_rows(patients, is_generated, test_patients, largest_share):
    # -- stub --
    return ...
    # -- solution --
    usable = ~np.isin(patients, test_patients)
    real = np.flatnonzero(usable & ~is_generated)
    made = np.flatnonzero(usable & is_generated)
    # g / (r + g) <= s is g <= r s / (1 - s); a little more, against rounding
    count = int(len(real) * largest_share / (1 - largest_share) + 1e-9)
    return np.sort(np.concatenate([real, made[:count]]))


# %% tags=["check"]
checks.check_function(
    "17.2",
    training_rows,
    expected=mistakes_medicine.training_rows,
    cases=mistakes_medicine.TRAINING_ROWS_CASES,
    hints=mistakes_medicine.TRAINING_ROWS,
    hint="Drop the test patients first; with r real images left, g of r + g may be generated: g <= r s / (1 - s).",
    why="Split by patients, before anything is made from their scans. Then no share can leak.",
)

# %% [markdown]
# Here, test phantoms have another seed than all others: other heads. The sets, then, and a detector for each:

# %%
real = few.images, few.labels


def with_real(images, labels):
    return np.concatenate([few.images, images]), np.concatenate([few.labels, labels])


sets = {
    "few": real,
    "few + 200 generated": with_real(generated[:NUM_FEW], asked[:NUM_FEW]),
    "few + 800 generated": with_real(generated, asked),
    "few + moved": with_real(*detectors.augmented(*real, times=4, seed=SEED)),
    "few + rule": with_real(*detectors.with_lesions(*real, n=2 * NUM_FEW, seed=SEED)),
    "few + rings": with_real(
        *detectors.with_lesions(*real, n=2 * NUM_FEW, kinds=("bright", "ring"), seed=SEED)
    ),
    "many": (many.images, many.labels),
}

# %%
scores = {}
for name, (images, labels) in sets.items():
    for seed in DETECTOR_SEEDS:
        known = (name, seed) == ("many", SEED)  # that is the expert of section 1
        detector = (
            expert if known else detectors.train(images, labels, steps=DETECTOR_STEPS, seed=seed)
        )
        scores[name, seed] = [detectors.scores(detector, kind.images) for kind in (test, rings)]
print(" " * 20, "bright lesions, AUC by seed")
for name, (images, _) in sets.items():
    found = [detectors.auc(scores[name, seed][0], test.labels) for seed in DETECTOR_SEEDS]
    print(f"{name:20}", *(f"{one:.3f}" for one in found), f"  {len(images):5,} scans")

# %% [markdown]
# Expected: 0.90 for few, 0.90 with 200 generated scans, 0.87 with 800, 0.92 moved, 0.93 by the rule, 0.96 for many;
# seeds differ by 0.01 or less. Generated scans did not help here: as many as real ones changed nothing, four times as
# many did harm; vague lesions and weak noise may be why. Moving the scans, which needs no training, helped more than a
# generator that trained for half a minute, and a rule helped more still. Nothing replaced 20 times as many scans. With
# another generator this may come out otherwise, within the bound above.
#
# ### Exercise 17.3: how many are found? (4 minutes)
#
# An AUC is no clinic: there, one threshold decides. Doctors ask: if 90 % of the healthy are to be cleared (the
# **specificity**), which share of the ill is found (the **sensitivity**)? Write `sensitivity(scores, labels,
# specificity)`. The threshold is the smallest *healthy* score at or below which at least the share `specificity` of the
# healthy scores lies; an alarm is a score *above* it.


# %% tags=["exercise"]
def sensitivity(scores, labels, specificity):
    # -- stub --
    return ...
    # -- solution --
    healthy = np.asarray(scores)[labels == 0]
    threshold = np.quantile(healthy, specificity, method="inverted_cdf")
    return np.mean(scores[labels == 1] > threshold)


# %% tags=["check"]
checks.check_function(
    "17.3",
    sensitivity,
    expected=mistakes_medicine.sensitivity,
    cases=mistakes_medicine.SENSITIVITY_CASES,
    hints=mistakes_medicine.SENSITIVITIES,
    hint="Sort the healthy scores, pick the threshold among them, and count the ill above it.",
    why="In practice the threshold is set on scans that are neither trained on nor tested with.",
)

# %% [markdown]
# Now also on 2,000 phantoms with **rings**, a kind of lesion that is in none of the real training scans. The threshold
# stays as it is: it depends on healthy heads alone, and these are the same.

# %%
print(f"{'sensitivity at 90 %':20} bright  ring")
for name in sets:
    found = [
        [
            mistakes_medicine.sensitivity(rated, kind.labels, 0.9)
            for rated, kind in zip(scores[name, seed], (test, rings), strict=True)
        ]
        for seed in DETECTOR_SEEDS
    ]
    print(f"{name:20}", *(f"{one:6.2f}" for one in np.mean(found, axis=0)))

# %% [markdown]
# Expected: at 90 % specificity few find 0.80 of bright lesions, many 0.89; of rings, 0.23 and 0.40. Generated scans
# leave that at 0.26. With rings by the rule, 200 scans find 0.43, as many as 4,000 scans without rings do, and the
# price is paid at bright lesions: 0.80 in place of the 0.85 by the rule alone. The AUC above, 0.96, said nothing of
# all this.
#
# ### Exercise 17.4: the ring (2 minutes)
#
# The detector of the row "many" goes to another hospital, where some lesions are rings. It misses most of those. What
# brings more of them to light, without more false alarms, *and* shows that it does?
# - **a** More scans of the GAN, until the training set is large enough.
# - **b** A lower threshold.
# - **c** Nothing is wrong: the AUC on 2,000 held-out scans is close to 1.
# - **d** Rings in the training set, real or by a rule, and a test on real scans with rings that nobody trained on.
# - **e** Rings by a rule in the training set, and a test on rings by the same rule.

# %% tags=["exercise"]
# -- stub --
answer_4 = ...
# -- solution --
answer_4 = "d"

# %% tags=["check"]
checks.check_choice(
    "17.4",
    answer_4,
    expected="d",
    options="abcde",
    hints={
        "a": "the GAN never saw a ring, so however many scans it draws, none shows one.",
        "b": "a lower threshold finds more of everything, and raises more false alarms among the healthy.",
        "c": "those scans are from the same source, where all lesions are bright; rings were not asked.",
        "e": "tested by the rule of its training, it shows that it learned the rule, not that real rings look so.",
    },
    why="Held out from the same source is an internal test; the question of another hospital needs an external one.",
)

# %% [markdown]
# ### What others found, and what is asked for
#
# - With 182 liver lesions of one hospital, generated ones raised the sensitivity from 78.6 %, with classical
#   augmentation, to 85.7 % (Frid-Adar et al. 2018). There was no external test.
# - Generators that translate scans added tumors, or removed them, where their training set had too many or too few
#   (Cohen et al. 2018): what is frequent there gets drawn.
# - Regulators ask that test sets are independent of training sets, and that data represent the intended patients
#   (*Good Machine Learning Practice*, FDA, Health Canada and MHRA, October 2021). For evidence from simulation, the FDA
#   asks how credible the model is for the question at hand (guidance of November 2023). Reports should say where data
#   come from, and whether there was an external test (CLAIM 2020, TRIPOD+AI 2024).
#
# So the sentence of the article, in full: generated scans *can* help as augmentation does; they bring no lesion that
# the generator has not seen; a rule brings what its author knows; and only real scans from elsewhere show which it was.
#
# **Sources**
# - L. A. Shepp and B. F. Logan, *The Fourier Reconstruction of a Head Section*, IEEE Transactions on Nuclear Science,
#   1974.
# - T. M. Cover and J. A. Thomas, *Elements of Information Theory*, second edition, 2006, section 2.8.
# - M. Frid-Adar et al., *GAN-based Synthetic Medical Image Augmentation for Increased CNN Performance in Liver Lesion
#   Classification*, 2018, [arXiv:1803.01229](https://arxiv.org/abs/1803.01229).
# - J. P. Cohen, M. Luck and S. Honari, *Distribution Matching Losses Can Hallucinate Features in Medical Image
#   Translation*, 2018, [arXiv:1805.08841](https://arxiv.org/abs/1805.08841).
# - FDA, Health Canada and MHRA, *Good Machine Learning Practice for Medical Device Development: Guiding Principles*,
#   October 2021; FDA, *Assessing the Credibility of Computational Modeling and Simulation in Medical Device
#   Submissions*, November 2023.
# - J. Mongan, L. Moy and C. E. Kahn, *Checklist for Artificial Intelligence in Medical Imaging (CLAIM)*, Radiology:
#   Artificial Intelligence, 2020; G. S. Collins et al., *TRIPOD+AI statement*, BMJ, 2024.
