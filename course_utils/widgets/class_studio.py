"""The studio of a conditional model: choose a class or mix two, vary what you like, save a sheet.

Learners reach it through `widgets`. What the controls mean is in pure functions; drawing and
encoding pictures is the business of `plots`.
"""

import html
from collections.abc import Sequence
from pathlib import Path

import ipywidgets
import numpy as np

from course_utils import plots
from course_utils.base import files
from course_utils.base.arguments import check_real, check_whole
from course_utils.models.latent_space import (
    latents_for,
    more_like,
    principal_directions,
)
from course_utils.widgets.controls import (
    LARGEST_SEED,
    check_class_names,
    choice,
    heading,
    note,
    number_and_slider,
    numbered,
    sentence,
    whole_field,
)
from course_utils.widgets.explorer import LARGEST_AMOUNT, LARGEST_GRID, PICTURE_SIDE
from course_utils.widgets.live import LivePicture
from course_utils.widgets.sheets import safe_name, save_sheet

NAME_WIDTH = "88px"  # of a class's button: the longest of the animals' names fits

_NUM_FOR_DIRECTIONS = 8  # latents at which the directions of a class are found


# ---- pure functions ------------------------------------------------------------------------------


def mixed_shares(label: int, other: int, share: float, num_classes: int) -> np.ndarray:
    """Shares (num_classes,) of the classes: `share` of `other`, the rest of `label`.

    >>> mixed_shares(0, 2, 0.25, 3)
    array([0.75, 0.  , 0.25], dtype=float32)
    """
    share = check_real("The share", share, 0, 1)
    shares = np.zeros(num_classes, np.float32)
    shares[label] += 1 - share
    shares[other] += share
    return shares


# ---- the widget ----------------------------------------------------------------------------------


class Studio(LivePicture):
    """What `studio` returns: the picture, its controls, and a line for what went wrong.

    Controls are attributes (`label`, `seed`, `num_images`, `amounts`, `sliders`, `other`, `share`,
    `picked`, `like`, `back`, `surprise`, `save`). `center` is the latents that "More like this"
    has chosen, or None; `folder` is where sheets are saved.
    """

    plain_text = "<studio>"

    def __init__(self, model, names, *, label, num_directions, num_images, seed, folder):
        self._model = model
        self._names = names
        self._directions: dict[int, np.ndarray] = {}
        self._num_directions = num_directions
        self.folder = folder
        self.center: np.ndarray | None = None
        self._make_controls(label, num_images, seed)
        super().__init__("studio", self._rows(), self._named(), PICTURE_SIDE)
        self._connect()

    def _make_controls(self, label: int, num_images: int, seed: int) -> None:
        options = [(name, index) for index, name in enumerate(self._names)]
        self.label = choice("Draw", options, label, NAME_WIDTH)
        self.seed = whole_field("Seed", seed)
        self.surprise = ipywidgets.Button(description="Surprise me", icon="random")
        self.num_images = whole_field("Images", num_images, smallest=1, largest=LARGEST_GRID)
        count = len(self.directions)
        pairs = [
            number_and_slider(f"Direction {i}", -LARGEST_AMOUNT, LARGEST_AMOUNT, 0.1)
            for i in range(1, count + 1)
        ]
        self.amounts = [field for field, _ in pairs]
        self.sliders = [slider for _, slider in pairs]
        self.other = choice("Mix with", options, (label + 1) % len(options), NAME_WIDTH)
        self.share, self.share_slider = number_and_slider("Share", 0.0, 1.0, 0.05)
        self.picked = whole_field("Picture", 1, smallest=1, largest=LARGEST_GRID)
        self.like = ipywidgets.Button(description="More like this", icon="search-plus")
        self.back = ipywidgets.Button(description="Back", icon="undo", disabled=True)
        for button in (self.like, self.back):  # all of the text, however wide the font
            button.layout = {"width": "auto", "flex": "0 0 auto"}
        self.save = ipywidgets.Button(description="Save as PNG", icon="save")
        self.saved = ipywidgets.HTML()

    def _named(self) -> dict[str, ipywidgets.Widget]:
        names = "label seed surprise num_images other share share_slider picked like back save"
        named = {name: getattr(self, name) for name in [*names.split(), "saved"]}
        return named | numbered(self.amounts, self.sliders)

    def _rows(self) -> list[ipywidgets.Widget]:
        row = ipywidgets.HBox
        return [
            self.label,
            row([self.seed, self.surprise]),
            row([self.num_images, self.save]),
            self.saved,
            heading("Move along a direction (standard deviations)"),
            *map(row, zip(self.amounts, self.sliders, strict=True)),
            heading("Mix two classes"),
            self.other,
            row([self.share, self.share_slider]),
            heading("Keep what you like (count row by row)"),
            row([self.picked, self.like, self.back]),
        ]

    def _connect(self) -> None:
        fields = (self.label, self.seed, self.num_images, self.other, self.share, *self.amounts)
        for control in fields:
            control.observe(self._update, "value")
        self.surprise.on_click(self._surprise)
        self.like.on_click(self._like)
        self.back.on_click(self._back)
        self.save.on_click(self._save)

    @property
    def directions(self) -> np.ndarray:
        """Those of the class that is drawn; they are found once a class."""
        label = self.label.value
        if label not in self._directions:
            self._directions[label] = principal_directions(
                self._model.only(label), self._num_directions, num_latents=_NUM_FOR_DIRECTIONS
            )
        return self._directions[label]

    def latents(self) -> np.ndarray:
        """Latents (n, latent_size) of what the controls say."""
        n, seed = self.num_images.value, self.seed.value
        amounts = [field.value for field in self.amounts]
        if self.center is None:
            return latents_for(seed, n, self.directions, amounts)
        moved = np.asarray(amounts, np.float32) @ self.directions
        return more_like(self.center, n, seed) + moved

    def images(self) -> np.ndarray:
        """The images (n, height, width, channels) that the picture shows."""
        shares = mixed_shares(
            self.label.value, self.other.value, self.share.value, len(self._names)
        )
        return self._model.generate(self.latents(), shares)

    def _parts(self) -> dict[str, int]:
        """The two classes that are mixed, by name, in percent; empty without a mixture."""
        percent = round(100 * self.share.value)
        if percent == 0 or self.other.value == self.label.value:
            return {}
        names = self._names[self.label.value], self._names[self.other.value]
        return dict(zip(names, (100 - percent, percent), strict=True))

    def description(self) -> str:
        """In words what the picture shows: its caption and alt text."""
        n = self.num_images.value
        mixed = ", ".join(f"{percent} % {name}" for name, percent in self._parts().items())
        name = mixed or self._names[self.label.value]
        kind = "variations of one picture" if self.center is not None else "generated images"
        parts = [f"{n} {kind}: {name}", f"seed {self.seed.value}"]
        values = enumerate((field.value for field in self.amounts), 1)
        parts += [f"direction {i} at {amount:+.3g}" for i, amount in values if amount]
        return ", ".join(parts)

    def _render(self) -> None:
        self._show(plots.pixels_figure(self.images(), self.description(), side=PICTURE_SIDE))
        self.saved.value = ""

    def _surprise(self, _button=None) -> None:
        draws = np.random.default_rng().integers(0, LARGEST_SEED + 1, size=2).tolist()
        self.seed.value = next((seed for seed in draws if seed != self.seed.value), 0)

    def _like(self, _button=None) -> None:
        """Take the picked picture's latents as the center of all that is drawn from now on."""
        if self.picked.value > self.num_images.value:
            self.message.value = note(
                f"There are {self.num_images.value} pictures, so there is no number "
                f"{self.picked.value}; type a smaller one.",
                "alert",
            )
            return
        self.center = self.latents()[self.picked.value - 1]
        self.back.disabled = False
        with self._together():  # what the sliders added is part of the center now
            self.picked.value = 1
            for field in self.amounts:
                field.value = 0.0

    def _back(self, _button=None) -> None:
        self.center = None
        self.back.disabled = True
        self._update()

    def _save(self, _button=None) -> None:
        try:
            mixed = "_".join(f"{name}_{percent}" for name, percent in self._parts().items())
            name = f"{mixed or self._names[self.label.value]}_seed_{self.seed.value}"
            path = save_sheet(self.images(), self.folder, safe_name(name))
        except Exception as error:  # it would end up in a log that nobody reads
            self.saved.value = note(f"<b>Not saved.</b> {sentence(error)}", "alert")
        else:
            self.message.value = ""
            self.saved.value = note(f"Saved: {html.escape(str(path))}", "status")


def studio(
    model,
    class_names: Sequence[str],
    *,
    label: int = 0,
    num_directions: int = 3,
    num_images: int = 16,
    seed: int = 0,
    folder: str | Path | None = None,
) -> Studio:
    """A live studio of a conditional model with `generate(latents, labels)` and `only(labels)`.

    class_names: one for each of the model's classes, label 0 first. label, num_images, seed: what
    is shown first. folder: where sheets are saved; `files.user_data() / "pictures"` by default.
    """
    if not hasattr(model, "only") or not isinstance(getattr(model, "num_classes", None), int):
        raise TypeError(
            "studio needs a conditional model, such as conditional_gan.ConditionalGAN(); this is "
            f"{type(model).__name__}."
        )
    class_names = check_class_names(class_names, model.num_classes)
    check_whole("label", label, 0, model.num_classes - 1)
    check_whole("num_images", num_images, 1, LARGEST_GRID)
    check_whole("seed", seed, 0, LARGEST_SEED)
    return Studio(
        model,
        class_names,
        label=label,
        num_directions=num_directions,
        num_images=num_images,
        seed=seed,
        folder=files.user_data() / "pictures" if folder is None else folder,
    )
