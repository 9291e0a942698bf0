"""How the shipped flows were made; `weights` lists them beside all others."""

import numpy as np

from course_utils import data, metrics
from course_utils.base.backend import keras
from course_utils.models import flow_matching, text_to_image, training
from course_utils.recipes import followed_words

GUIDED = {"num_steps": 12, "guidance": 2.5}  # 16 calls of the network, as 16 steps without


def train_flow(dataset_name: str, steps: int):
    """A flow with classes, of lesson 15, trained for some minutes on two CPU cores."""
    keras.utils.set_random_seed(0)
    model = flow_matching.FlowMatching(num_classes=10, seed=0)
    recipe = _fit(model, steps, 64, *data.load_images(dataset_name, split="train"))
    facts = {
        "builder": "FlowMatching",
        "arguments": {"num_classes": model.num_classes},
        "precision": "float16",
        "recipe": f"{recipe}, one label in ten left out, seed 0; stored in half precision",
        "quality": _quality(model, dataset_name),
    }
    return model, facts


def train_emoji_flow(steps: int):
    """The flow of lesson 16 that draws words, trained for about half an hour on two CPU cores."""
    images, _, designs = data.load_captioned("emoji", split="train")
    keras.utils.set_random_seed(0)
    model = text_to_image.TextToImage(seed=0)
    recipe = _fit(model, steps, 128, images, emoji_captions(), designs)
    facts = {
        "builder": "TextToImage",
        "arguments": {},
        "precision": "float16",
        "recipe": f"{recipe}, each picture told by its name (English three times in six, Chinese "
        "once) or by some of its keywords (once in each language), seed 0; stored in half "
        "precision",
        "quality": _followed_words(model),
    }
    return model, facts


def emoji_captions() -> list[list[str]]:
    """Six texts for each training picture: its names, and up to three of its keywords, shuffled."""
    random, found = np.random.default_rng(0), {}
    for language in data.CAPTIONED["emoji"].languages:
        _, names, _ = data.load_captioned("emoji", language=language)
        keywords = data.caption_keywords("emoji", language=language)
        chosen = (
            random.permutation(words)[: random.integers(1, 4)] if words else [name]
            for name, words in zip(names, keywords, strict=True)
        )
        found[language] = names, [" ".join(words) for words in chosen]
    rows = zip(*found["en"], *found["zh"], strict=True)
    return [[name, name, name, some, chinese, some_zh] for name, some, chinese, some_zh in rows]


def _fit(model, steps: int, batch_size: int, *examples) -> str:
    """Train a flow on arrays and what is said of them; returns how, in words."""
    rate = 2e-3
    model.compile(
        optimizer=keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(rate, steps), beta_2=0.99, global_clipnorm=1.0
        )
    )
    model.fit(
        *examples,
        batch_size=batch_size,
        steps_per_epoch=steps // 10,
        epochs=10,
        verbose=2,
        callbacks=[training.StopOnNonFinite()],
    )
    return (
        f"{steps} steps on the training split, batch {batch_size}, Adam({rate:g}, beta_2=0.99) "
        "with cosine decay, gradients clipped to the norm 1, weight average 0.998"
    )


def _quality(model, dataset_name: str) -> dict:
    """Distance and recognized share with 16 calls, without and with guidance."""
    count = len(data.load_images(dataset_name, split="test")[0])
    labels = np.arange(count) % model.num_classes
    found = {}
    for name, settings in {"plain": {"num_steps": 16}, "guided": GUIDED}.items():
        images = model.sample(count, seed=0, labels=labels, **settings)
        distance = metrics.frechet_distance(images, dataset_name)
        predicted = metrics.predicted_labels(images, f"{_SHORT[dataset_name]}_features_v1")
        found[f"{name}_distance"] = round(float(distance), 3)
        found[f"{name}_recognized"] = round(float(np.mean(predicted == labels)), 3)
    return found | {"measured": str(distance)}


def _followed_words(model) -> dict:
    """Shares of pictures nearest to the real one that was asked for, of seen and new captions."""
    ranks, found = {}, {}
    for part, (_, captions, designs) in followed_words.asked().items():
        drawn = model.sample(len(captions), seed=0, prompts=captions, design=designs)
        ranks[part] = metrics.followed(drawn, captions, designs).ranks
    ranks["held_out"] = np.concatenate([ranks["new_tones"], ranks["new_designs"]])
    for part, numbers in ranks.items():
        for best in (1, 5):
            found[f"{part}_top_{best}"] = round(float(np.mean(numbers <= best)), 3)
    return found


_SHORT = {"fashion_mnist": "fashion", "animals": "animals"}
