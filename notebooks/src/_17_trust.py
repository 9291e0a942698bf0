# Settings of this part, to be merged into the lesson's cell tagged "parameters"; imports likewise:
# import pathlib, tempfile, time; keras, numpy as np, onnxruntime; PIL.Image
# from course_utils import checks, data, metrics, plots
# from course_utils.lessons.applications_and_outlook import (
#     denoising, forensics, mistakes_denoising, mistakes_trust, watermarks)
# from course_utils.models import export, gan, pretrained

# %% tags=["parameters"]
SEED = 0
NUM_DENOISED = 200  # test: 20
NOISE = 0.8
SHARE_STEPS = 200  # test: 3
DETECTOR_STEPS = 400  # test: 5
NUM_JUDGED = 1000  # test: 100
NUM_MEASURED = 2000  # test: 200

# %%
training_images, training_labels = data.load_images("fashion_mnist", split="train")
test_images, test_labels = data.load_images("fashion_mnist", split="test")

# %% [markdown]
# ## 7. Processed or generated? (core, 9 minutes)
#
# A filter changes what is there, a model adds what *could* be there (lesson 01). Let both do one task: 200 pictures,
# with normal noise on each pixel, of a standard deviation of 0.8 where black to white is 1.

# %%
originals = data.as_floats(test_images[:NUM_DENOISED])
examples = data.as_floats(training_images[:NUM_MEASURED])
random = np.random.default_rng(SEED)
first, second = (originals + NOISE * random.standard_normal(originals.shape) for _ in range(2))

# %% [markdown]
# Processing: Wiener's filter (1949) weakens each frequency by its share of noise; total variation (Rudin et al. 1992)
# wants few differences between neighbors. Both are tuned on training pictures.
#
# Generation: the flow that ships with the course. On its path $x_t = t\,x + (1-t)\,e$ (lesson 15) every time has its
# own noise, so start at the time that has just *this* noise. Divide by $t$: $x_t / t = x + \frac{1-t}{t}\,e$.
#
# ### Exercise 17.9: start in the middle (5 minutes)
#
# Write `denoise(noisy, deviation, velocity, num_steps)`. `noisy` is $x$ + `deviation` $\cdot\, e$ for images in
# $[0, 1]$, but the flow lives in $[-1, 1]$, a range twice as wide. `velocity(points, time)` takes the time as a
# number. Find the time and the point, go on to $t = 1$ with `num_steps` equal steps of Euler, and return images in
# the range of `noisy`, not cut off.


# %% tags=["exercise"]
def denoise(noisy, deviation, velocity, num_steps):
    # -- stub --
    return ...
    # -- solution --
    start = 1 / (1 + 2 * deviation)
    points, step = start * (2 * noisy - 1), (1 - start) / num_steps
    for index in range(num_steps):
        points = points + step * velocity(points, start + index * step)
    return (points + 1) / 2


# %% tags=["check"]
checks.check_function(
    "17.9",
    denoise,
    expected=mistakes_denoising.denoise,
    cases=mistakes_denoising.DENOISE_CASES,
    hints=mistakes_denoising.DENOISERS,
    hint="(1 - t) / t is 2 · deviation; the point is t · (2 · noisy - 1); the steps are (1 - t) / num_steps long.",
    why="A deviation of 0.8 belongs to t = 0.38: more than half of the flow's way is still to go, and still to choose.",
)

# %% [markdown]
# One flow gives two answers. Its very first guess, in one call, is the *mean* of all clean pictures that fit; who
# follows it to the end gets *one* of them. The flow is not told the class (`guidance=0`).


# %%
flow = pretrained.load("flow_fashion")


def velocity(points, time):
    return flow.velocity(points, time, labels=0, guidance=0.0, guided=(0, 1))


methods = {
    "Wiener": lambda noisy: denoising.wiener(noisy, NOISE, examples),
    "total variation": lambda noisy: denoising.total_variation(noisy, NOISE, examples[:20]),
    "flow, mean": lambda noisy: denoising.mean_guess(noisy, NOISE, velocity),
    "flow, followed": lambda noisy: denoising.follow(noisy, NOISE, velocity, num_steps=12),
}
cleaned = {name: np.clip(method(first), 0, 1) for name, method in methods.items()}
again = {name: np.clip(method(second), 0, 1) for name, method in methods.items()}

# %% [markdown]
# Predict: which has the least squared error, which the most edges where the original is flat, and in which do two
# noisy copies of *one* picture become two kinds of clothing?

# %%
print(" " * 16, "error  invented edges  other kind  copies disagree")
for name, images in cleaned.items():
    figures = (
        denoising.squared_error(images, originals),
        denoising.invented_edges(images, originals),
        denoising.other_kind(images, originals),
        denoising.other_kind(images, again[name]),
    )
    print(f"{name:16} {figures[0]:.4f} {figures[1]:12.3f} {figures[2]:12.2f} {figures[3]:14.2f}")
rows = [originals, np.clip(first, 0, 1), *cleaned.values(), again["flow, followed"]]
plots.show_images(
    np.concatenate([images[:10] for images in rows]).astype(np.float32),
    "Ten pictures: originals; with noise; Wiener's filter; total variation; the flow's mean; the flow followed to the "
    "end; the same from other noise, with other details.",
    columns=10,
)

# %% [markdown]
# Expected, in order: errors of 0.032, 0.039, 0.015 and 0.018; invented edges in 0.013, 0.030, 0.019 and 0.034 of the
# places; another kind in 0.66, 0.60, 0.21 and 0.20 of the pictures. So "generated, hence less true" is wrong here: the
# flow halves the error, since it knows clothes. But its sharp answer has a fifth more error than its mean, nearly
# twice the invented edges, and other noise on the same picture leads to another kind in 0.23 of the cases. What a
# filter does not know it leaves gray; the flow fills it in, and nothing in the picture says where.
#
# The mean of all that fits has the least error; realism costs error for any method (Blau and Michaeli 2018). So **sharp
# is no evidence**. In a scan a detail may be the diagnosis, and models that translate medical images were seen to add
# and to remove tumors (Cohen et al. 2018). Ask of an "enhanced" picture: what would other noise have shown?
#
# ## 8. Misuse and bias (core, 11 minutes)
#
# ### What becomes of a minority?
#
# Two kinds of clothing, 5,400 pictures and 600, no labels; lesson 06's GAN for 200 steps. Nothing in its loss counts
# shares. *Truncation*, a trick for prettier pictures (Brock et al. 2019), takes latents nearer to 0: here half as far.

# %%
kinds = {"trousers, bags": (1, 8), "sneakers, ankle boots": (7, 9)}
for name, (many, few) in kinds.items():
    chosen = [np.flatnonzero(training_labels == many)[:5400]]
    chosen.append(np.flatnonzero(training_labels == few)[:600])
    keras.utils.set_random_seed(SEED)
    model = gan.GAN(latent_size=16, seed=SEED)
    model.compile()
    model.fit(training_images[np.concatenate(chosen)], steps_per_epoch=SHARE_STEPS, verbose=0)
    latents = np.random.default_rng(SEED).standard_normal((NUM_MEASURED, 16)).astype(np.float32)
    for factor in (1, 0.5):
        seen = metrics.predicted_labels(model.generate(np.float32(factor) * latents))
        share = np.mean(seen == few) / max(np.isin(seen, (many, few)).mean(), 1e-9)
        print(f"{name}, latents times {factor}: {share:.3f} of the second kind, 0.1 in the data")

# %% [markdown]
# Measured: 0.05 and 0.20, where the data have 0.10. One pair lost half of its minority, the other doubled it; with one
# seed each this shows that shares are *not kept*, not which way they go. Truncation shrank both, to 0.02 and 0.12. So
# measure the shares of what you release, or tell the model which to draw (lesson 12).
#
# ### A detector of generated pictures
#
# Train one network to tell real from the GAN's pictures, one from the VAE's, 6,000 of each side. A score says how
# generated a picture looks; but from which score on is it an alarm? Begin with the scores of real ones.
#
# ### Exercise 17.10: the threshold (3 minutes)
#
# Write `threshold(scores, rate)` for scores of real pictures (n,): the lowest of these scores such that at most the
# share `rate` of them lies *above* it.


# %% tags=["exercise"]
def threshold(scores, rate):
    # -- stub --
    return ...
    # -- solution --
    return min(score for score in scores if np.mean(scores > score) <= rate)


# %% tags=["check"]
checks.check_function(
    "17.10",
    threshold,
    expected=mistakes_trust.threshold,
    cases=mistakes_trust.THRESHOLD_CASES,
    hints=mistakes_trust.THRESHOLDS,
    hint="Try each score: which share of the scores is above it? Of those with at most `rate`, return the lowest.",
    why="Set on some real pictures, it has to be tried on others, as any threshold.",
)

# %%
shipped = {"GAN": "gan_fashion", "VAE": "vae_fashion_gaussian", "flow": "flow_fashion"}
drawn = {
    name: pretrained.load(weights).sample(NUM_JUDGED, seed=SEED)
    for name, weights in shipped.items()
}
for name in ("GAN", "VAE"):
    generated = pretrained.load(shipped[name]).sample(3 * NUM_MEASURED, seed=SEED + 1)
    real = training_images[: 3 * NUM_MEASURED]
    scores = forensics.trained_detector(real, generated, steps=DETECTOR_STEPS, seed=SEED)
    limit = mistakes_trust.threshold(scores(test_images[:NUM_JUDGED]), 0.05)
    alarms = {"real": scores(test_images[NUM_JUDGED : 2 * NUM_JUDGED])}
    alarms.update({other: scores(images) for other, images in drawn.items()})
    shares = [f"{other} {np.mean(found > limit):.2f}" for other, found in alarms.items()]
    print(f"trained against the {name}, alarms: {', '.join(shares)}")

# %% [markdown]
# Expected: 0.05 to 0.07 of other real pictures. Trained against the GAN, about 0.55 of its pictures, 0.06 to 0.15 of
# the VAE's and 0.05 of the flow's, no more than of real ones. Trained against the VAE: all of its pictures, 0.1 of the
# GAN's and a quarter of the flow's.
#
# ### Exercise 17.11: nothing found (2 minutes)
#
# A picture gets no alarm from the detector that was trained against the VAE, and that finds nearly all of the VAE's
# pictures. What follows?
# - **a** It is real with a probability of 95 %, since 5 % of the real ones raise an alarm.
# - **b** It is most probably not from this VAE; of other generators it says little.
# - **c** It is real, or from the flow: GAN and VAE are excluded.
# - **d** The threshold is too high; a lower one would find the GAN's pictures without any cost.

# %% tags=["exercise"]
# -- stub --
answer_11 = ...
# -- solution --
answer_11 = "b"

# %% tags=["check"]
checks.check_choice(
    "17.11",
    answer_11,
    expected="b",
    options="abcd",
    hints={
        "a": "5 % is how often a real picture raises an alarm; how often a silent picture is real also depends on "
        "what else there is.",
        "c": "look at the table: how many of the GAN's pictures raise an alarm of this detector?",
        "d": "lower the threshold, and real pictures raise more alarms: nothing is without cost.",
    },
    why="It learned one generator's traces. Detectors of photographs fail in the same way on generators that they have not "
    "seen, unless training varies the data on purpose (Wang et al. 2020), and a new generator comes every month.",
)

# %% [markdown]
# ### Say it yourself: watermarks
#
# A maker can mark its pictures. Two invisible marks, 100 keys each: the key's random bits as the *lowest bits* of the
# pixels, or a little of it in many *frequencies* (after Cox et al. 1997). Of pictures without the mark one in a
# thousand raises an alarm.

# %%
photo = Image.fromarray(data.cat_photo()[:, 75:375]).convert("L").resize((128, 128))
photo = np.asarray(photo)
damages = {
    "nothing": lambda image: image,
    "JPEG 90": lambda image: watermarks.jpeg(image, 90),
    "JPEG 50": lambda image: watermarks.jpeg(image, 50),
    "half the size": lambda image: watermarks.resized(image, 0.5),
    "4 pixels cut off": lambda image: watermarks.cropped(image, 4),
}
for name, mark in watermarks.WATERMARKS.items():
    found = [watermarks.detection_rate(mark, photo, damage) for damage in damages.values()]
    shares = ", ".join(f"{what} {share:.2f}" for what, share in zip(damages, found, strict=True))
    print(f"{name} ({watermarks.psnr(photo, mark.embed(photo, 1)):.0f} dB): {shares}")

# %% [markdown]
# Expected: lowest bits are found in the untouched picture only; the spread mark survives all but the cut, after which
# no frequency is at its place. A mark says where a picture comes from; its absence says nothing. **Provenance**
# standards such as C2PA (version 1.0 of January 2022) sign a record of origin and edits; a screenshot leaves it behind.
# *Privacy*, the test whether a picture was in the training set, is in lesson 14.
#
# **The law**, as of November 2026 and no advice: Article 50 of the EU's AI Act (Regulation (EU) 2024/1689) asks
# providers to mark generated images in a machine-readable way, and those who publish deep fakes to say so. As adopted,
# it applies from 2 August 2026; in November 2025 the Commission proposed to move some dates, so read the consolidated
# text. China's rules on labeling generated content apply since 1 September 2025.
#
# ## 9. Out of the notebook: deployment (core, 8 minutes)
#
# Whoever uses your generator need not have TensorFlow. ONNX is an open format for networks; a small program runs it:

# %%
folder = tempfile.TemporaryDirectory()
gan_model = pretrained.load("gan_fashion")
path = export.to_onnx(gan_model, pathlib.Path(folder.name) / "gan.onnx")
latents = np.random.default_rng(SEED).standard_normal((NUM_MEASURED, 16)).astype(np.float32)

session = onnxruntime.InferenceSession(path)  # from here on, no TensorFlow
images = session.run(None, {"latents": latents[:256]})[0]

difference = np.abs(images - gan_model.generate(latents[:256])).max()
print(f"{path.stat().st_size:,} bytes, largest difference {difference:.1e}")

# %% [markdown]
# Expected: about 338,000 bytes, and a difference below 1e-4 (some 1e-6: the same sums in another order).
#
# ### One at a time, or many?
#
# Does a larger batch make a picture cheaper?


# %%
def milliseconds(function, *arguments, repeats=15):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function(*arguments)
        times.append(1000 * (time.perf_counter() - start))
    return np.median(times)


for size in (1, 16, 64, 256):
    some = latents[:size]
    onnx = milliseconds(session.run, None, {"latents": some})
    keras_time = milliseconds(gan_model.generate, some)
    held = some.nbytes + session.run(None, {"latents": some})[0].nbytes
    print(f"{size:4} images: ONNX {onnx:7.2f} ms, {onnx / size:.3f} each; ", end="")
    print(f"Keras {keras_time:7.2f} ms; in and out {held / 1024:.0f} KiB")

# %% [markdown]
# Expected: for one picture about 0.1 ms with ONNX against 2 to 5 ms with Keras, whose call costs milliseconds before
# any arithmetic; for 256 ONNX has no lead left. "Batches make it cheaper" is true of Keras here, and not of ONNX, whose
# single picture is the cheapest. All this changes with other work on the cores: measure on the machine that serves.
#
# ### Fewer bits
#
# 84,000 weights of four bytes each. A byte would do if each weight $w$ were one of few values: a whole number $k$
# times a step $s$, one $s$ for the array, with $|k| \le 2^{b-1} - 1$ for $b$ bits (Jacob et al. 2018).
#
# ### Exercise 17.12: round them (4 minutes)
#
# Write `few_bits(weights, num_bits)`: the rounded weights $k\,s$, where $s$ is as small as the largest $|w|$ allows.


# %% tags=["exercise"]
def few_bits(weights, num_bits):
    # -- stub --
    return ...
    # -- solution --
    step = np.abs(weights).max() / (2 ** (num_bits - 1) - 1)
    return np.round(weights / step) * step


# %% tags=["check"]
checks.check_function(
    "17.12",
    few_bits,
    expected=mistakes_trust.few_bits,
    cases=mistakes_trust.ROUND_CASES,
    hints=mistakes_trust.ROUNDERS,
    hint="The largest |w| becomes the whole number 2^(bits-1) - 1: that gives the step; divide, round, multiply.",
    why="No weight moves by more than half a step, and each bit less doubles the step.",
)

# %% [markdown]
# How few bits will do? Predict where the distance, 1.3 for the file as it is, begins to grow:

# %%
for bits in (8, 6, 4):
    small = export.quantized(path, path.with_name(f"gan_{bits}.onnx"), bits)
    session = onnxruntime.InferenceSession(small)
    made = [session.run(None, {"latents": one})[0] for one in np.array_split(latents, 8)]
    distance = metrics.frechet_distance(np.concatenate(made))
    print(f"{bits} bits: {small.stat().st_size:,} bytes, {distance}")
folder.cleanup()

# %% [markdown]
# Expected: 1.36, 1.77 and 7.4. All files have 89,000 bytes, about a quarter: a byte for each weight, even with 4 bits.
# Eight bits cost nothing that 2,000 pictures can show. Nor does it run faster: the weights become floats again first.
#
# **Sources of this part**
# - N. Wiener, *Extrapolation, Interpolation, and Smoothing of Stationary Time Series*, 1949; L. Rudin, S. Osher and E.
#   Fatemi, *Nonlinear Total Variation Based Noise Removal Algorithms*, 1992.
# - Y. Blau and T. Michaeli, *The Perception-Distortion Tradeoff*, 2018,
#   [arXiv:1711.06077](https://arxiv.org/abs/1711.06077).
# - J. P. Cohen, M. Luck and S. Honari, *Distribution Matching Losses Can Hallucinate Features in Medical Image
#   Translation*, 2018, [arXiv:1805.08841](https://arxiv.org/abs/1805.08841).
# - A. Brock, J. Donahue and K. Simonyan, *Large Scale GAN Training for High Fidelity Natural Image Synthesis*, 2019,
#   [arXiv:1809.11096](https://arxiv.org/abs/1809.11096): truncation.
# - S.-Y. Wang et al., *CNN-Generated Images Are Surprisingly Easy to Spot... for Now*, 2020,
#   [arXiv:1912.11035](https://arxiv.org/abs/1912.11035).
# - I. Cox et al., *Secure Spread Spectrum Watermarking for Multimedia*, 1997.
# - C2PA, *Technical Specification*, version 1.0 of January 2022, [c2pa.org](https://c2pa.org).
# - Regulation (EU) 2024/1689 (AI Act), Articles 50 and 113, of 13 June 2024,
#   [EUR-Lex](https://eur-lex.europa.eu/eli/reg/2024/1689/oj).
# - Cyberspace Administration of China and others, *Measures for Labeling AI-Generated Synthetic Content*, issued in
#   March 2025.
# - B. Jacob et al., *Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference*,
#   2018, [arXiv:1712.05877](https://arxiv.org/abs/1712.05877).
