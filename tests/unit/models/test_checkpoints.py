"""Checkpoints: training resumes exactly, and a damaged or foreign file changes nothing."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from small_models import copies, equal, image_gan, linear_gan, pixels, state, train

from course_utils import data
from course_utils.models import checkpoints

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def model():
    """A compiled GAN of points, traced once, for tests that only need some training."""
    model = linear_gan()
    model.compile()
    return model


@pytest.fixture(scope="module")
def image_model():
    model = image_gan()
    model.compile()
    return model


@pytest.fixture(scope="module")
def checkpoint(image_model, tmp_path_factory):
    train(image_model, steps=3, images=pixels())
    path = tmp_path_factory.mktemp("checkpoints") / "gan.npz"
    return checkpoints.save_checkpoint(image_model, path, epoch=4)


@pytest.mark.slow
def test_ten_steps_equal_five_and_five_in_a_new_process(tmp_path):
    def ordered():
        return data.make_dataset(pixels(40), batch_size=8, shuffle=False)

    model = image_gan(seed=11)
    model.compile()
    save = checkpoints.Checkpoint(tmp_path / "five.npz")
    model.fit(ordered(), verbose=0, callbacks=[save])
    model.fit(ordered(), verbose=0, epochs=2, initial_epoch=1)
    assert int(model.optimizer.iterations) == 10
    done = subprocess.run(
        [sys.executable, HERE / "resume.py", tmp_path / "five.npz", tmp_path / "ten.npz"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr == ""  # neither Keras nor TensorFlow has anything to complain about
    resumed = image_gan(seed=None, initial=1)
    resumed.compile()
    assert checkpoints.load_checkpoint(resumed, tmp_path / "ten.npz") == 2
    assert int(resumed.seed) == 11
    for one, other in zip(state(model), state(resumed), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_a_checkpoint_brings_everything_back(image_model, checkpoint):
    saved = state(image_model)
    samples = image_model.sample(3, seed=0)
    train(image_model, steps=2, images=pixels())
    assert not equal(saved, state(image_model))
    assert checkpoints.load_checkpoint(image_model, checkpoint) == 4
    assert equal(saved, state(image_model))
    np.testing.assert_array_equal(image_model.sample(3, seed=0), samples)
    fresh = image_gan(seed=None, initial=3)
    fresh.compile()
    assert checkpoints.load_checkpoint(fresh, checkpoint) == 4
    assert equal(saved, state(fresh))


def test_a_checkpoint_s_folder_is_made(model, tmp_path):
    path = checkpoints.save_checkpoint(model, tmp_path / "new" / "folder" / "a.npz")
    assert path.is_file()
    assert checkpoints.load_checkpoint(model, str(path)) == 0


def test_a_save_that_fails_leaves_the_previous_file(model, tmp_path, monkeypatch):
    path = checkpoints.save_checkpoint(model, tmp_path / "a.npz", epoch=1)
    content = path.read_bytes()

    def disk_full(target, **_):
        Path(target).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints.np, "savez", disk_full)
    with pytest.raises(OSError, match="No space left"):
        checkpoints.save_checkpoint(model, path, epoch=2)
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["a.npz"]


@pytest.mark.slow
def test_a_process_killed_while_saving_leaves_a_whole_checkpoint(tmp_path):
    paths = [tmp_path / str(index) / "killed.npz" for index in range(2)]
    children = [
        subprocess.Popen([sys.executable, HERE / "save_forever.py", path]) for path in paths
    ]
    model = linear_gan()
    model.compile()
    try:
        for delay, path, child in zip((0.011, 0.0), paths, children, strict=True):
            for _ in range(1200):
                if path.exists() or child.poll() is not None:
                    break
                time.sleep(0.1)
            assert child.poll() is None, "the child ended by itself"
            time.sleep(delay)
            child.kill()
            child.wait(timeout=60)
            assert checkpoints.load_checkpoint(model, path) >= 1
    finally:
        for child in children:
            child.kill()
            child.wait(timeout=60)


def compiled(model, **arguments):
    model.compile(**arguments)
    return model


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (lambda: compiled(linear_gan()), r"saved with \(.*\), here \(.*\)"),
        (lambda: compiled(image_gan(), optimizer="sgd"), "from GAN, Adam, Adam, here GAN, SGD"),
        (lambda: compiled(image_gan(), discriminator_optimizer="rmsprop"), "Adam, RMSprop"),
        (lambda: image_gan(), "saved from GAN, Adam, Adam, here GAN"),
    ],
    ids=["other networks", "other optimizers", "one other optimizer", "not compiled"],
)
def test_a_mismatched_checkpoint_changes_nothing(checkpoint, other, words):
    model = other()
    before = copies(model.variables)
    with pytest.raises(ValueError, match=f"gan.npz is no checkpoint of this model .*{words}"):
        checkpoints.load_checkpoint(model, checkpoint)
    assert equal(before, copies(model.variables))


def pickled(path):
    np.savez(path, kinds=["GAN"], epoch=1, **{"0": np.array([{"an": "object"}])})


DAMAGE = {
    "empty": lambda path, content: path.write_bytes(b""),
    "text": lambda path, content: path.write_text("no weights here"),
    "half": lambda path, content: path.write_bytes(content[: len(content) // 2]),
    "without its end": lambda path, content: path.write_bytes(content[:-10]),
    "foreign": lambda path, content: np.savez(path, images=np.zeros(3)),
    "a pickle": lambda path, content: path.write_bytes(b"\x80\x04N."),
    "holding objects": lambda path, content: pickled(path),
    **{
        f"{share:.0%} altered": lambda path, content, share=share: path.write_bytes(
            content[: int(share * len(content))]
            + b"\x5a" * 40
            + content[int(share * len(content)) + 40 :]
        )
        for share in (0.1, 0.4, 0.7, 0.999)
    },
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_checkpoint_changes_nothing(image_model, checkpoint, tmp_path, damage, recwarn):
    path = tmp_path / "damaged.npz"
    damage(path, checkpoint.read_bytes())
    before = state(image_model)
    with pytest.raises(ValueError, match=r"^damaged\.npz is no checkpoint") as raised:
        checkpoints.load_checkpoint(image_model, path)
    assert "\n" not in str(raised.value)
    assert "unsafe" not in str(raised.value)
    assert equal(before, state(image_model))
    assert not [warning for warning in recwarn if "archive" in str(warning.message)]


def test_a_missing_checkpoint_and_a_wrong_name_are_named(model, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no checkpoint .*none\.npz; save one"):
        checkpoints.load_checkpoint(model, tmp_path / "none.npz")
    for use in (
        lambda name: checkpoints.save_checkpoint(model, name),
        lambda name: checkpoints.load_checkpoint(model, name),
        checkpoints.Checkpoint,
    ):
        with pytest.raises(ValueError, match=r"named '.*gan\.h5'; let its name end in \.npz"):
            use(str(tmp_path / "gan.h5"))
    assert not list(tmp_path.iterdir())
