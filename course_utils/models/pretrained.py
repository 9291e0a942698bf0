"""The trained weights that ship with the course, by name, verified against their manifest.

`python -m course_utils.recipes NAME` makes any of them again, as written in `recipes/weights.py`.
"""

import warnings
from pathlib import Path

from course_utils.base import files
from course_utils.base.arguments import check_name
from course_utils.base.backend import keras
from course_utils.models import (
    conditional_gan,
    flow_matching,
    gan,
    networks,
    row_rnn,
    text_to_image,
    vae,
)

FOLDER = "data/weights"
BUILDERS = {
    "GAN": gan.GAN,
    "ConditionalGAN": conditional_gan.ConditionalGAN,
    "VAE": vae.VAE,
    "FlowMatching": flow_matching.FlowMatching,
    "TextToImage": text_to_image.TextToImage,
    "RowRNN": row_rnn.RowRNN,
    "feature_classifier": networks.feature_classifier,
}


def load(name: str) -> keras.Model:
    """The trained model of that name, ready to `sample` or to classify.

    Raises ValueError with one sentence when the name is unknown or the weights are damaged.
    """
    entries = manifest()
    check_name("set of weights", name, entries)
    entry = entries[name]
    files.read_verified(f"{FOLDER}/{entry['file']}", entry["sha256"], entry["bytes"])
    if entry["builder"] not in BUILDERS:
        raise ValueError(
            f"data/weights/manifest.json names the builder {entry['builder']!r} for {name!r}; "
            f"this version of the course knows {', '.join(BUILDERS)}."
        )
    try:
        model = BUILDERS[entry["builder"]](**entry["arguments"])
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"data/weights/manifest.json gives {name!r} arguments that {entry['builder']} refuses "
            f"({_first_line(error)}); restore it with 'git checkout {FOLDER}/manifest.json'."
        ) from None
    load_network(generating_network(model), files.root() / FOLDER / entry["file"])
    if generating_network(model) is not model:  # what is trained on begins at its average
        trained = model.network if hasattr(model, "network") else model.generator
        trained.set_weights(model.average.get_weights())
    return model


def load_network(network: keras.Model, path: Path) -> None:
    """Load weights into a network; if they do not fit, it keeps its own and a sentence says so."""
    before = network.get_weights()
    try:
        with warnings.catch_warnings(action="ignore"):  # what does not fit raises as well
            network.load_weights(path)
    except (OSError, ValueError, KeyError) as error:
        network.set_weights(before)
        raise ValueError(
            f"{path.name} does not hold weights for the network {network.name!r} with "
            f"{network.count_params():,} parameters ({_first_line(error)}); "
            "check that the file and the constructor arguments belong together."
        ) from None


def generating_network(model: keras.Model) -> keras.Model:
    """The part of a model whose weights ship: its averaged network, or all of it without one."""
    return getattr(model, "average", model)


def manifest() -> dict[str, dict]:
    """name -> file, sha256, bytes, builder, arguments, recipe and measured quality."""
    return files.read_manifest(FOLDER, keys=("builder", "arguments"))


def _first_line(error: Exception) -> str:
    return (str(error).strip() or repr(error)).splitlines()[0][:200]
