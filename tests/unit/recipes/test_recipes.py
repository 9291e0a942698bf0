"""The command that makes what ships: files, manifests, refusals, with recipes of milliseconds."""

import hashlib
import json

import numpy as np
import pytest

from course_utils import data
from course_utils.base.backend import keras
from course_utils.models import gan, latent_space, pretrained
from course_utils.recipes import __main__ as command
from course_utils.recipes import records, shipping, weights

ARGUMENTS = {"image_shape": [16, 16, 1], "latent_size": 4}
CURVES = {"steps": np.arange(3), "loss": np.float32([3, 2, 1]), "distance": np.float32(7)}


def pixels(n=8):
    return np.random.default_rng(0).integers(0, 256, (n, 16, 16, 1), dtype=np.uint8)


def tiny_weights(seed=0):
    """A GAN after one step."""
    keras.utils.set_random_seed(seed)
    model = gan.GAN(**ARGUMENTS, seed=seed)
    model.compile(run_eagerly=True)
    model.fit(pixels(), verbose=0)
    facts = {"builder": "GAN", "arguments": ARGUMENTS, "recipe": "1 step", "quality": {"é": 0.5}}
    return model, facts


def tiny_record():
    """Three points."""
    return dict(CURVES), {"what": "a loss", "recipe": "by hand", "quality": {"loss": 1.0}}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A course's folder without any file, and a tiny recipe of each kind in place of the others."""
    monkeypatch.setattr(weights, "RECIPES", {"tiny": tiny_weights})
    monkeypatch.setattr(records, "RECIPES", {"curves": tiny_record})
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    return tmp_path


def written(folder) -> dict[str, bytes]:
    """Each file below the folder, and what is in it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def manifest(root, folder) -> dict:
    return json.loads((root / folder / "manifest.json").read_text(encoding="utf-8"))


# --- what can be made --------------------------------------------------------------------------


def test_whatever_ships_can_be_made_again():
    assert sorted(weights.RECIPES) == sorted(pretrained.manifest())
    assert sorted(records.RECIPES) == sorted(data.measurements_manifest())
    assert not weights.RECIPES.keys() & records.RECIPES.keys()


def test_without_names_there_is_a_line_for_each(capsys):
    command.main([])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(command.known())
    assert len(lines) == len(weights.RECIPES) + len(records.RECIPES)
    assert all(len(line.split()) > 6 for line in lines)
    assert len({line.partition("  ")[2] for line in lines}) == len(lines)  # none says the same
    (beta,) = (line for line in lines if line.startswith("vae_fashion_16_beta_4 "))
    assert beta.endswith("(latent_size=16, likelihood=bernoulli, beta=4.0)")


# --- making ------------------------------------------------------------------------------------


def test_it_makes_weights_that_load(root, capsys):
    command.main(["tiny"])
    assert sorted(written(root)) == ["data/weights/manifest.json", "data/weights/tiny.weights.h5"]
    found = manifest(root, pretrained.FOLDER)
    assert json.loads(capsys.readouterr().out) == found
    entry = found["tiny"]
    content = (root / pretrained.FOLDER / entry["file"]).read_bytes()
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["bytes"] == len(content)
    assert list(entry) == ["file", "sha256", "bytes", "builder", "arguments", "recipe", "quality"]
    assert '"é": 0.5' in (root / pretrained.FOLDER / "manifest.json").read_text(encoding="utf-8")

    latents = latent_space.draw_latents(3, 4, seed=0)
    expected, _ = tiny_weights()
    np.testing.assert_array_equal(
        pretrained.load("tiny").generate(latents), expected.generate(latents)
    )
    # Only the averaged generator ships.
    assert entry["bytes"] < 8 * expected.average.count_params() + 50_000


def test_it_makes_a_record_that_loads(root):
    command.main(["curves"])
    entry = data.measurements_manifest()["curves"]
    assert manifest(root, data.MEASUREMENTS_FOLDER) == {"curves": entry}
    content = (root / data.MEASUREMENTS_FOLDER / "curves.npz").read_bytes()
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["bytes"] == len(content)
    values = b"".join(np.asarray(array).tobytes() for array in CURVES.values())
    assert entry["content_sha256"] == hashlib.sha256(values).hexdigest()
    assert (entry["what"], entry["quality"]) == ("a loss", {"loss": 1.0})
    loaded = data.load_measurements("curves")
    assert list(loaded) == list(CURVES)
    for key, array in CURVES.items():
        np.testing.assert_array_equal(loaded[key], array)


@pytest.mark.slow
def test_making_them_again_changes_nothing(root):
    command.main(["tiny", "curves"])
    first = written(root)
    assert len(first) == 4
    gan.GAN(**ARGUMENTS)  # Keras numbers the layers of further models on
    command.main(["curves", "tiny"])
    assert written(root) == first


@pytest.mark.slow
def test_another_folder_is_laid_out_alike_and_the_course_is_left_alone(root, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "new"
    command.main(["tiny", "curves", "--out", str(other)])
    assert written(root) == {}
    command.main(["tiny", "curves"])
    assert written(root) == written(other)


@pytest.mark.slow
def test_other_entries_stay_and_all_are_sorted(root, monkeypatch):
    for name in ("tiny", "zebra", "ant"):
        monkeypatch.setitem(weights.RECIPES, name, tiny_weights)
        command.main([name])
    assert list(manifest(root, pretrained.FOLDER)) == ["ant", "tiny", "zebra"]
    before = manifest(root, pretrained.FOLDER)
    monkeypatch.setitem(weights.RECIPES, "tiny", lambda: tiny_weights(seed=1))
    command.main(["tiny"])
    after = manifest(root, pretrained.FOLDER)
    assert [name for name in before if before[name] != after[name]] == ["tiny"]
    pretrained.load("tiny")


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [["gan_cats"], ["tiny", "gan_cats"], ["curves", "gan_cats"]])
def test_an_unknown_name_gets_one_sentence_before_anything_is_made(root, names, capsys):
    with pytest.raises(SystemExit) as raised:
        command.main(names)
    assert raised.value.code == "There is no recipe 'gan_cats'; choose one of tiny, curves."
    assert list((root / "data").iterdir()) == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["tiny", "curves"])
def test_a_recipe_that_fails_leaves_the_files_of_before(root, name, monkeypatch):
    command.main([name])
    before = written(root)

    def fails():
        raise RuntimeError("the loss is not finite")

    monkeypatch.setitem(command.KINDS[command.known()[name]].RECIPES, name, fails)
    with pytest.raises(RuntimeError, match="not finite"):
        command.main([name])
    assert written(root) == before


def test_a_write_that_fails_leaves_the_files_of_before(root, monkeypatch):
    command.main(["curves"])
    before = written(root)

    def full(source, target):
        raise OSError("No space left on device")

    monkeypatch.setitem(records.RECIPES, "curves", lambda: ({"new": np.ones(3)}, {"what": "new"}))
    monkeypatch.setattr(shipping.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        command.main(["curves"])
    assert written(root) == before


def test_a_damaged_manifest_is_refused_before_the_long_work(root, monkeypatch):
    path = root / pretrained.FOLDER / "manifest.json"
    path.parent.mkdir(parents=True)
    path.write_text("{ not json", encoding="utf-8")
    monkeypatch.setitem(weights.RECIPES, "tiny", lambda: pytest.fail("it was made"))
    with pytest.raises(SystemExit) as raised:
        command.main(["tiny"])
    assert "data/weights/manifest.json cannot be read" in raised.value.code
    assert "git checkout" in raised.value.code
    assert "\n" not in raised.value.code
    assert path.read_text(encoding="utf-8") == "{ not json"
