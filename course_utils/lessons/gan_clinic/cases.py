"""The words of the triage: tests, their results, diseases, and what speaks for or against them.

Data only; the numbers come from the record `gan_clinic`, the verdict from `triage`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Test:
    """What can be ordered.

    name: on its button; code: the one line that a learner could run; result: a sentence with the
    names of numbers that `triage_pictures.numbers` fills in
    """

    name: str
    code: str
    result: str


@dataclass(frozen=True)
class Disease:
    """What can be diagnosed.

    name: beside its box; test: the key of the test that decides; expected: what that test would
    show, after "then"; why: how the disease makes the curves and the images that one sees
    """

    name: str
    test: str
    expected: str
    why: str


TESTS = {
    "real": Test(
        "Real images",
        "plots.show_images(...)",
        "Eight of the images that D is told are real, as the networks get them: -1 is black, "
        "1 and more is white.",
    ),
    "ranges": Test(
        "Ranges",
        "real.min(), real.max(), fake.min(), fake.max()",
        "real images from {real_low:.1f} to {real_high:.1f}, generated ones from {fake_low:.1f} to "
        "{fake_high:.1f}",
    ),
    "seen": Test(
        "Images seen",
        "len({image.tobytes() for image in shown})",
        "{seen:,} different real images in {steps:,} steps of 64",
    ),
    "loss": Test(
        "Loss alone",
        "[discriminator_loss(0.0, fake) for fake in (-5.0, 0.0, 5.0)]",
        "D's loss, with the logit 0 for a real image and -5, 0, 5 for a generated one: "
        "{loss_low:.2f}, {loss_middle:.2f}, {loss_high:.2f}",
    ),
    "gradient": Test(
        "Gradient",
        "fake_norm / (real_norm + fake_norm)",
        "{fake_share:.0%} of the gradient of D's loss comes from generated images (lengths for D's "
        "weights)",
    ),
    "moved": Test(
        "Moved weights",
        "[abs(new - old).max() for old, new in zip(before, after)]",
        "D's update moves D's weights by up to {d_moves_d:.2g} and G's by up to {d_moves_g:.2g}; "
        "G's update moves D's by up to {g_moves_d:.2g} and G's by up to {g_moves_g:.2g}",
    ),
    "judged": Test(
        "Ask D",
        "discriminator(images, training=False)",
        "in inference mode D says on average {on_training:.2f} of real images from the training, "
        "{on_held_out:.2f} of held-out ones and {on_fake:.2f} of generated ones; the lowest of all "
        "is {lowest:.2f}, the highest {highest:.2f}",
    ),
    "modes": Test(
        "Both modes",
        "generator(latents, training=True), generator(latents, training=False)",
        "Images of the same 16 latents, left in training mode, right in inference mode. In the "
        "last step a running average moved by up to {averages_moved:.2g}.",
    ),
    "optimizer": Test(
        "Optimizer",
        "optimizer.get_config()",
        "Adam for both networks, learning rate {rate:.3g}, beta_1 {beta_1:.3g}, beta_2 "
        "{beta_2:.3g}",
    ),
    "kinds": Test(
        "Kinds",
        "np.bincount(metrics.predicted_labels(samples))",
        "the classifier takes 2,000 samples for: {kinds}",
    ),
    "distance": Test(
        "Distance",
        "metrics.frechet_distance(samples)",
        "Fréchet distance {frechet:.1f} of 2,000 samples (2,000 real images: 0.2)",
    ),
}

DISEASES = {
    "pixels": Disease(
        "Pixels from 0 to 255",
        "ranges",
        "real images would reach 255",
        "G ends in tanh and cannot leave [-1, 1]: the brightness alone gives its images away.",
    ),
    "noise": Disease(
        "Real data are noise",
        "real",
        "the real images would show noise in place of clothes",
        "G can learn no clothes from images that show none.",
    ),
    "unseen": Disease(
        "D never sees generated images",
        "gradient",
        "none of D's gradient would come from generated images",
        "D learns to call everything real: its loss falls to 0, and so does G's, whatever it "
        "draws.",
    ),
    "negation": Disease(
        "Double negation in D's loss",
        "loss",
        "D's loss would fall as the logit of a generated image rises, and stay above 0",
        "Target 0 and 1 - logit: D is rewarded for calling generated images real, so both losses "
        "fall to 0.",
    ),
    "sign": Disease(
        "Wrong sign in D's loss",
        "loss",
        "D's loss would fall below 0 as the logit of a generated image rises",
        "The second cross-entropy is subtracted, and has no upper bound: D's loss falls as long as "
        "its logits rise.",
    ),
    "sigmoid": Disease(
        "Sigmoid, then a loss from logits",
        "judged",
        "whatever D says would lie between 0 and 1",
        "As logits, numbers from 0 to 1 say hardly anything: D's loss cannot fall below 1.006, nor "
        "G's leave 0.31 to 0.69.",
    ),
    "leak": Disease(
        "D's update moves G",
        "moved",
        "D's update would move G's weights",
        "In D's update G helps D to recognize its images, and undoes what it learns in its own.",
    ),
    "frozen": Disease(
        "D is frozen",
        "moved",
        "D's update would move no weight of D",
        "D stays as it was after 10 steps.",
    ),
    "modes": Disease(
        "Batch norm in inference mode",
        "modes",
        "no running average would move",
        "Nothing is normalized: the layers work with averages that are still 0 and 1.",
    ),
    "batch": Disease(
        "One batch called an epoch",
        "seen",
        "there would be 64 different real images",
        "D learns its 64 images by heart, and whatever is not among them looks generated.",
    ),
    "adam": Disease(
        "Adam's defaults",
        "optimizer",
        "the learning rate would be 0.001 and beta_1 0.9",
        "Fréchet distances of 5,000 samples, three trainings each: 27 to 39 with Adam(1e-3, 0.9, "
        "0.999), 11 to 15 with Adam(2e-3, 0.5, 0.99), the course's.",
    ),
}
HEALTHY = "Healthy"
HEALTHY_WHY = (
    "Losses and logits waver within bounds, D says the same of real images from the training and "
    "of held-out ones, and every test shows what it should. 500 steps are few, hence the blurred "
    "images."
)


@dataclass(frozen=True)
class Look:
    """What generated images of a run look like, for their alt texts: in inference mode, and in
    training mode."""

    samples: str
    training_mode: str


_PATTERN = "the same fine pattern of light and dark pixels in all of them"

LOOKS = {
    run: Look(samples, training_mode or samples)
    for run, samples, training_mode in (
        ("unseen", "gray noise with a fine pattern", ""),
        ("pixels", "a white blot on noise, nearly the same in all of them", ""),
        ("sign", _PATTERN, ""),
        ("batch", "clothes with ragged edges and holes", ""),
        ("healthy", "clothes of several kinds, some blurred or unfinished", ""),
        ("negation", _PATTERN, ""),
        ("noise_unseen", _PATTERN, ""),
        ("leak", "clothes of several kinds, some blurred", ""),
        ("pixels_sigmoid", "light blots on gray noise", ""),
        ("adam_defaults", "white and gray blots, few of which look like clothes", ""),
        ("sign_frozen", _PATTERN, ""),
        (
            "batch_modes",
            "dark, ragged clothes full of holes",
            "the same shapes, so white that most details are gone",
        ),
    )
}

# By the disease that shows in the real images; "" without any.
REAL_LOOKS = {
    "pixels": "white clothes without any detail, on gray",
    "noise": "noise",
    "": "clothes on black",
}

# How two diseases of one patient hide each other.
HIDES = {
    "noise_unseen": "Noise among the real images explains noise among the generated ones, so that "
    "nobody asks what D learns from. With real clothes they would be no better: see patient 1.",
    "pixels_sigmoid": "A loss of D near 1 and one of G near log 2 look like a balance. D has won "
    "by brightness alone, and the sigmoid keeps the losses from showing it.",
    "sign_frozen": "A frozen D cannot drive its loss to minus infinity. Let it learn again, "
    "without mending the sign, and the loss falls without end: see patient 3.",
    "batch_modes": "Ragged images are what one expects from a D that knows 64 photographs by "
    "heart. With all 60,000 the layers would still not be normalized.",
}
