"""How the shipped flows were made; `weights` lists them beside all others."""

import numpy as np

from course_utils import data, metrics
from course_utils.base.backend import keras
from course_utils.models import flow_matching, training

GUIDED = {"num_steps": 12, "guidance": 2.5}  # 16 calls of the network, as 16 steps without


def train_flow(dataset_name: str, steps: int):
    """A flow with classes, of lesson 15, trained for some minutes on two CPU cores."""
    rate, batch_size = 2e-3, 64
    keras.utils.set_random_seed(0)
    model = flow_matching.FlowMatching(num_classes=10, seed=0)
    model.compile(
        optimizer=keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(rate, steps), beta_2=0.99, global_clipnorm=1.0
        )
    )
    model.fit(
        *data.load_images(dataset_name, split="train"),
        batch_size=batch_size,
        steps_per_epoch=steps // 10,
        epochs=10,
        verbose=2,
        callbacks=[training.StopOnNonFinite()],
    )
    facts = {
        "builder": "FlowMatching",
        "arguments": {"num_classes": model.num_classes},
        "precision": "float16",
        "recipe": f"{steps} steps on the training split, batch {batch_size}, Adam({rate:g}, "
        "beta_2=0.99) with cosine decay, gradients clipped to the norm 1, weight average 0.998, "
        "one label in ten left out, seed 0; stored in half precision",
        "quality": _quality(model, dataset_name),
    }
    return model, facts


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


_SHORT = {"fashion_mnist": "fashion", "animals": "animals"}
