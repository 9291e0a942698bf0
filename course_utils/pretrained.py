"""The trained weights that ship with the course, by name, verified against `data/weights/manifest`.

`python -m course_utils.pretrained --train NAME --out FOLDER` makes any of them again, as written in
`recipes`.
"""

import argparse
import hashlib
import json
import warnings
from pathlib import Path

from course_utils import data, gan, networks, vae
from course_utils._tensorflow import keras

FOLDER = "data/weights"
_KEYS = {"file", "sha256", "bytes", "builder", "arguments"}
BUILDERS = {
    "GAN": gan.GAN,
    "ConditionalGAN": gan.ConditionalGAN,
    "VAE": vae.VAE,
    "feature_classifier": networks.feature_classifier,
}


def load(name: str) -> keras.Model:
    """The trained model of that name, ready to `sample` or to classify.

    Raises ValueError with one sentence when the name is unknown or the weights are damaged.
    """
    entries = manifest()
    if name not in entries:
        raise ValueError(f"There are no weights {name!r}; choose one of {', '.join(entries)}.")
    entry = entries[name]
    data.read_verified(f"{FOLDER}/{entry['file']}", entry["sha256"], entry["bytes"])
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
    load_network(generating_network(model), data.root() / FOLDER / entry["file"])
    if generating_network(model) is not model:
        model.generator.set_weights(model.average.get_weights())
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
    """The part of a model whose weights ship: a GAN's averaged generator, others as they are."""
    return getattr(model, "average", model)


def manifest() -> dict[str, dict]:
    """name -> file, sha256, bytes, builder, arguments, recipe and measured quality."""
    path = f"{FOLDER}/manifest.json"
    try:
        entries = json.loads((data.root() / path).read_text(encoding="utf-8"))
        if not isinstance(entries, dict):
            raise ValueError(f"it holds a {type(entries).__name__} instead of names and entries")
        for name, entry in entries.items():
            if not isinstance(entry, dict) or not entry.keys() >= _KEYS:
                raise ValueError(f"the entry {name!r} lacks some of {', '.join(sorted(_KEYS))}")
        return entries
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{path} cannot be read ({_first_line(error)}); restore it with 'git checkout {path}'."
        ) from None


def _first_line(error: Exception) -> str:
    return (str(error).strip() or repr(error)).splitlines()[0][:200]


def save(name: str, model: keras.Model, out: Path, **facts) -> dict:
    """Write NAME.weights.h5 and NAME.json, its entry for the manifest, into the folder `out`.

    facts: `builder` and `arguments`, which make such a model, `recipe`, and measured `quality`.
    """
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.weights.h5"
    # A new model without the optimizer, whose state would be saved as well.
    bare = generating_network(BUILDERS[facts["builder"]](**facts["arguments"]))
    bare.set_weights(generating_network(model).get_weights())
    bare.save_weights(path)
    entry = {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "bytes": path.stat().st_size,
        **facts,
    }
    (out / f"{name}.json").write_text(json.dumps({name: entry}, indent=2) + "\n", encoding="utf-8")
    return entry


def main(arguments: list[str] | None = None) -> None:
    from course_utils import recipes  # they measure what they make, so they stand further down

    parser = argparse.ArgumentParser(prog="python -m course_utils.pretrained", description=__doc__)
    parser.add_argument("--train", required=True, choices=sorted(recipes.RECIPES), metavar="NAME")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER")
    options = parser.parse_args(arguments)
    model, facts = recipes.RECIPES[options.train]()
    entry = save(options.train, model, options.out, **facts)
    print(json.dumps(entry, indent=2))


if __name__ == "__main__":
    main()
