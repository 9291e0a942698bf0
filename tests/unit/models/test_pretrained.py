"""The shipped weights: each loads, and whatever is damaged is refused in one sentence."""

import json
import shutil

import numpy as np
import pytest

from course_utils import data, metrics
from course_utils.base.backend import keras
from course_utils.models import gan, pretrained
from course_utils.recipes import emoji_features, flows, followed_words

NAMES = [
    "animals_features_v1",
    "cat_gan",
    "emoji_features_v1",
    "emoji_flow",
    "fashion_features_v1",
    "flow_animals",
    "flow_fashion",
    "gan_fashion",
    "rnn_animals",
    "rnn_fashion",
    "vae_fashion_16",
    "vae_fashion_16_beta_0.1",
    "vae_fashion_16_beta_20",
    "vae_fashion_16_beta_4",
    "vae_fashion_2",
    "vae_fashion_gaussian",
]
FLOWS = {"flow_animals": "animals", "flow_fashion": "fashion_mnist"}
LARGER = dict.fromkeys(FLOWS, 9_000_000) | {"emoji_flow": 6_000_000}  # bytes
CLASSIFIER = "fashion_features_v1"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A copy of the course's weights that a test may spoil; returns their folder."""
    weights = tmp_path / pretrained.FOLDER
    shutil.copytree(data.root() / pretrained.FOLDER, weights)
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    return weights


def spoil_entry(weights, name=CLASSIFIER, **changes):
    entries = json.loads((weights / "manifest.json").read_text(encoding="utf-8"))
    entries[name] |= changes
    (weights / "manifest.json").write_text(json.dumps(entries), encoding="utf-8")


# --- what ships --------------------------------------------------------------------------------


def test_what_the_lessons_need_is_there():
    assert sorted(pretrained.manifest()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_one_loads_and_is_small(name):
    entry = pretrained.manifest()[name]
    file = data.root() / pretrained.FOLDER / entry["file"]
    assert file.stat().st_size == entry["bytes"] < LARGER.get(name, 2_500_000)
    assert entry["recipe"]
    assert entry["quality"]
    model = pretrained.load(name)
    weights = pretrained.generating_network(model).get_weights()
    per_number = {"float16": 2, "float32": 4}[entry.get("precision", "float32")]
    in_the_weights = per_number * sum(weight.size for weight in weights)
    # Names and the file's tables take 29 to 53 kB, of the flows' many layers 110 to 150; an
    # optimizer's state would be much more.
    assert entry["bytes"] < in_the_weights + (160_000 if name in LARGER else 60_000)
    assert all(np.isfinite(weight).all() for weight in weights)
    assert any(np.abs(weight).max() > 0 for weight in weights)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "dataset"), [("rnn_fashion", "fashion_mnist"), ("rnn_animals", "animals")]
)
def test_a_loaded_recurrent_model_has_the_likelihood_that_is_recorded(name, dataset):
    model = pretrained.load(name)
    images, labels = data.load_images(dataset, "test")
    known = None if model.num_classes is None else labels[-1500:]
    found = -model.log_likelihood(data.binarize(images[-1500:]), known).mean()
    recorded = pretrained.manifest()[name]["quality"]["test_nats"]
    assert found == pytest.approx(recorded, abs=2.0)


@pytest.mark.slow
def test_the_loaded_classifier_of_emoji_judges_as_is_recorded():
    recorded = pretrained.manifest()["emoji_features_v1"]["quality"]
    found = emoji_features.quality(pretrained.load("emoji_features_v1"))
    # Half precision, or rounding on another processor, may turn a few of the 310 pictures.
    assert found == pytest.approx(recorded, abs=3 / 310)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("vae")])
def test_a_loaded_vae_has_the_elbo_that_is_recorded(name):
    model = pretrained.load(name)
    images = data.load_images("fashion_mnist", "test")[0]
    if model.likelihood == "bernoulli":
        images = data.binarize(images)
    found = model.elbo(images[:2000])
    recorded = pretrained.manifest()[name]["quality"]["test_elbo"]
    # A fifth of the images, whose ELBOs differ from one another by about 100 nats.
    error = found.elbo.std() / np.sqrt(2000)
    assert found.elbo.mean() == pytest.approx(recorded, abs=5 * error)


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOWS)
def test_a_loaded_flow_samples_the_same_twice_and_trains_on_from_its_average(name):
    model = pretrained.load(name)
    samples = model.sample(8, seed=0, num_steps=2)
    np.testing.assert_array_equal(samples, model.sample(8, seed=0, num_steps=2))
    np.testing.assert_array_equal(samples, pretrained.load(name).sample(8, seed=0, num_steps=2))
    assert np.abs(samples - model.sample(8, seed=1, num_steps=2)).max() > 0.1
    trained, mean = model.network.get_weights(), model.average.get_weights()
    for one, other in zip(trained, mean, strict=True):
        np.testing.assert_array_equal(one, other)
    model.compile()
    images, labels = np.zeros((10, 28, 28, 1), np.uint8), np.arange(10)
    history = model.fit(images, labels, verbose=0).history
    assert np.isfinite(history["loss"]).all()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "dataset"), FLOWS.items())
def test_a_loaded_flow_makes_the_classes_as_is_recorded(name, dataset):
    quality = pretrained.manifest()[name]["quality"]
    labels = np.arange(500) % 10
    classifier = {"animals": "animals_features_v1"}.get(dataset, CLASSIFIER)
    for kind, settings in {"plain": {"num_steps": 16}, "guided": flows.GUIDED}.items():
        images = pretrained.load(name).sample(500, seed=1, labels=labels, **settings)
        found = np.mean(metrics.predicted_labels(images, classifier) == labels)
        recorded = quality[f"{kind}_recognized"]
        assert found == pytest.approx(recorded, abs=4 * np.sqrt(recorded * (1 - recorded) / 500))
        # Fewer images than the manifest's: the distance is biased upwards.
        recorded = quality[f"{kind}_distance"]
        assert recorded - 1 < float(metrics.frechet_distance(images, dataset)) < recorded + 6


def flaws(images):
    """How much darker each 2 x 2 block is than what surrounds it, beyond its neighbors' darkness.

    Darkness is the mean of the 32 pixels around a block minus that of the block, over those of the
    images (n, rows, columns) where the 32 are white (a mean above 0.95); nan where these are fewer
    than a twentieth. A flaw is darkness minus the largest of the blocks above, below, left and
    right, so that a seam between sleeve and body is none. Entry [i, j] is the block from row i + 2,
    column j + 2.
    """

    def sums(side):
        total = np.pad(images.astype(float), ((0, 0), (1, 0), (1, 0))).cumsum(1).cumsum(2)
        total = total[:, side:] - total[:, :-side]
        return total[:, :, side:] - total[:, :, :-side]

    blocks = sums(2)[:, 2:-2, 2:-2]
    around = (sums(6) - blocks) / 32
    white = around > 0.95
    darker = np.where(white, around - blocks / 4, 0).sum(axis=0) / np.maximum(white.sum(axis=0), 1)
    often = white.mean(axis=0) >= 0.05
    padded = np.pad(np.where(often, darker, -np.inf), 2, constant_values=-np.inf)
    beside = [padded[:-4, 2:-2], padded[4:, 2:-2], padded[2:-2, :-4], padded[2:-2, 4:]]
    return np.where(often, darker - np.max(beside, axis=0), np.nan)


def test_a_flaw_is_found_where_it_is_and_a_seam_is_none():
    images = np.ones((40, 28, 28))
    assert np.nanmax(np.abs(flaws(images))) < 1e-9
    images[:, 15:17, 15:17] = 0.9
    found = flaws(images)
    assert np.unravel_index(np.nanargmax(found), found.shape) == (13, 13)
    assert 0.09 < found[13, 13] < 0.12
    images[:, :, 15:17] = 0.9
    assert np.nanmax(flaws(images)) < 0.01
    images[:39] = 0  # one of 40 images shows nothing
    assert np.isnan(flaws(images)).all()


BLACK_AND_WHITE = ["vae_fashion_2", *(name for name in NAMES if "vae_fashion_16" in name)]


@pytest.mark.parametrize("name", BLACK_AND_WHITE)
def test_samples_have_no_blemish_in_the_same_place(name):
    """Dead units once left a block of 2 x 2 pixels darker by 0.07 in every white garment."""
    found = flaws(pretrained.load(name).sample(4000, seed=0)[..., 0])
    assert np.isfinite(found).sum() > 100
    assert np.nanmax(found) < 0.03


@pytest.mark.parametrize("name", [name for name in NAMES if "vae_fashion_16" in name])
def test_all_places_of_the_decoder_depend_on_the_latents(name):
    """What the convolutions begin from: no unit is the same for all latents, as dead ones are."""
    decoder = pretrained.load(name).decoder
    (grid,) = (layer for layer in decoder.layers if isinstance(layer, keras.layers.Reshape))
    latents = np.random.default_rng(0).standard_normal((500, 16)).astype("float32")
    units = keras.Model(decoder.input, grid.output)(latents).numpy()
    assert units.std(axis=0).min() > 1e-3


def test_a_larger_beta_lowers_the_rate():
    """The KL term that the manifest records for each of the shipped betas."""
    entries = [entry for name, entry in pretrained.manifest().items() if "vae_fashion_16" in name]
    entries.sort(key=lambda entry: entry["arguments"]["beta"])
    assert [entry["arguments"]["beta"] for entry in entries] == [0.1, 1.0, 4.0, 20.0]
    rates = [entry["quality"]["test_kl"] for entry in entries]
    assert rates == sorted(rates, reverse=True)


@pytest.mark.slow
def test_a_loaded_gan_samples_and_measures_as_recorded():
    name = "gan_fashion"
    model = pretrained.load(name)
    samples = model.sample(2000, seed=0)
    np.testing.assert_array_equal(samples[:8], pretrained.load(name).sample(2000, seed=0)[:8])
    for trained, mean in zip(
        model.generator.get_weights(), model.average.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(trained, mean)
    # Fewer images than the manifest's 10,000: the distance is biased upwards, by less than 3 here.
    recorded = pretrained.manifest()[name]["quality"]["frechet_distance"]
    assert recorded - 1 < float(metrics.frechet_distance(samples)) < recorded + 3


def test_a_loaded_gan_trains_on():
    model = pretrained.load("gan_fashion")
    model.compile(run_eagerly=True)
    history = model.fit(np.zeros((4, *model.image_shape), np.uint8), verbose=0).history
    assert np.isfinite(history["generator_loss"]).all()


@pytest.mark.slow
@pytest.mark.parametrize("label", range(10))
def test_the_animals_of_cat_gan_lean_both_ways(label):
    """An augmentation that mirrors at random once let each of them look one way only."""
    images = pretrained.load("cat_gan").sample(200, seed=0, labels=label)[..., 0].astype(float)
    upper, lower = (
        (half * np.arange(28)).sum(axis=(1, 2)) / (half.sum(axis=(1, 2)) + 1e-6)
        for half in (images[:, :14], images[:, 14:])
    )
    for leaning in (upper > lower + 1, upper < lower - 1):  # pixels to the right, to the left
        assert leaning.mean() > 0.1  # of training images of each animal 28 % or more


# --- damage ------------------------------------------------------------------------------------


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(
        ValueError, match=r"no set of weights 'gan_cats'; choose one of .*" + CLASSIFIER
    ):
        pretrained.load("gan_cats")


@pytest.mark.parametrize(
    ("damage", "error", "words"),
    [
        (lambda content: content[:1000], ValueError, "expected [0-9,]+ bytes, found 1,000"),
        (lambda content: content[:-1] + b"\0\0", ValueError, "bytes, found"),
        (
            lambda content: content[:5000] + b"oops" + content[5004:],
            ValueError,
            "expected sha256 .*, found",
        ),
        (None, FileNotFoundError, "found none"),
    ],
    ids=["truncated", "longer", "altered", "missing"],
)
def test_damaged_weights_are_refused_with_the_remedy(course, damage, error, words):
    file = course / f"{CLASSIFIER}.weights.h5"
    if damage is None:
        file.unlink()
    else:
        file.write_bytes(damage(file.read_bytes()))
    words = rf"{CLASSIFIER}\.weights\.h5: .*{words}.*git checkout"
    with pytest.raises(error, match=words) as raised:
        pretrained.load(CLASSIFIER)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{ not json", "cannot be read"),
        ("[]", "holds a list"),
        ('{"fashion_features_v1": {"file": "x"}}', "entry 'fashion_features_v1' lacks .*sha256"),
        ('{"fashion_features_v1": 3}', "entry 'fashion_features_v1' lacks"),
        (b"\xff\xfe\x00", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_damaged_manifest_is_refused_with_the_remedy(course, content, words):
    file = course / "manifest.json"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match=rf"manifest\.json.*{words}.*git checkout") as raised:
        pretrained.load(CLASSIFIER)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"builder": "Transformer"},
            "builder 'Transformer' .* knows GAN, ConditionalGAN, VAE, FlowMatching, TextToImage, ",
        ),
        ({"builder": "GAN"}, "does not hold weights for the network 'generator'"),
        ({"arguments": {"width": 8}}, "does not hold weights .* parameters"),
        ({"arguments": {"num_classes": 3}}, "does not hold weights"),
        ({"arguments": {"depth": 3}}, "arguments that feature_classifier refuses .*'depth'"),
        ({"arguments": {"image_shape": [9, 9, 1]}}, "refuses .*9 x 9 pixels"),
        ({"arguments": 5}, "refuses"),
    ],
)
def test_a_manifest_that_does_not_fit_the_weights_is_refused(course, changes, words, recwarn):
    spoil_entry(course, **changes)
    with pytest.raises(ValueError, match=words) as raised:
        pretrained.load(CLASSIFIER)
    assert "\n" not in str(raised.value)
    assert not recwarn.list


def test_weights_that_do_not_fit_leave_the_network_as_it_was(tmp_path):
    model = gan.GAN((16, 16, 1), 4)
    before = model.average.get_weights()
    wider = gan.GAN((16, 16, 1), 8)
    wider.average.save_weights(tmp_path / "wider.weights.h5")
    (tmp_path / "none.weights.h5").write_bytes(b"no weights")
    for name in ("wider", "none"):
        with pytest.raises(ValueError, match=f"{name}.weights.h5 does not hold weights"):
            pretrained.load_network(model.average, tmp_path / f"{name}.weights.h5")
        for old, new in zip(before, model.average.get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)


@pytest.mark.slow
def test_the_loaded_flow_of_emoji_follows_words_as_is_recorded():
    quality, model = pretrained.manifest()["emoji_flow"]["quality"], pretrained.load("emoji_flow")
    for part, (_, captions, designs) in followed_words.asked().items():
        captions, designs = captions[-200:], designs[-200:]
        drawn = model.sample(200, seed=1, prompts=captions, design=designs)
        found = metrics.followed(drawn, captions, designs)
        for name, share in {"top_1": found.top_1, "top_5": found.top_5}.items():
            recorded = quality[f"{part}_{name}"]
            error = np.sqrt(recorded * (1 - recorded) / 200)
            assert share == pytest.approx(recorded, abs=4 * error)
