"""The live sampler of every generator with latents: sliders, seeds and walks between them.

Learners reach it through `widgets`. Drawing and encoding pictures is the business of `plots`.
"""

import ipywidgets
import numpy as np

from course_utils import plots
from course_utils.base.arguments import check_whole
from course_utils.models.latent_space import latents_for, principal_directions
from course_utils.widgets.controls import (
    LARGEST_SEED,
    heading,
    number_and_slider,
    numbered,
    whole_field,
)
from course_utils.widgets.live import LivePicture

LARGEST_GRID = 64  # images at once
LARGEST_AMOUNT = 3.0  # standard deviations of the latents
PICTURE_SIDE = 432  # screen pixels that the picture may take

_BLEND_STEPS = 20  # of the play control, from one seed to the other
_BLEND_INTERVAL = 120  # milliseconds between two of them


def description(n: int, seed: int, amounts, other_seed: int = 0, position: float = 0.0) -> str:
    """Say in words what the picture shows: its caption and alt text.

    >>> description(16, 3, [0, -1.5], other_seed=7, position=0.25)
    '16 generated images, seed 3, 25 % of the way to seed 7, direction 2 at -1.5'
    """
    parts = [f"{n} generated image{'' if n == 1 else 's'}", f"seed {seed}"]
    if position > 0:
        parts.append(f"{100 * position:.0f} % of the way to seed {other_seed}")
    parts += [f"direction {i} at {amount:+.3g}" for i, amount in enumerate(amounts, 1) if amount]
    return ", ".join(parts)


# ---- the widget ----------------------------------------------------------------------------------


class Explorer(LivePicture):
    """What `explore` returns: the picture, its controls, and a line for what went wrong.

    Controls are attributes (`seed`, `num_images`, `amounts`, `sliders`, `other_seed`, `blend`,
    `play`, `surprise`, `reset`).
    """

    plain_text = "<live sampler>"

    def __init__(self, model, *, num_directions: int = 5, num_images: int = 16, seed: int = 0):
        self._model = model
        self.directions = principal_directions(model, num_directions)
        self._make_controls(num_images, seed)
        super().__init__("explore", self._rows(), self._named(), PICTURE_SIDE)
        self._connect()

    def _make_controls(self, num_images: int, seed: int) -> None:
        self.seed = whole_field("Seed", seed)
        self.surprise = ipywidgets.Button(description="Surprise me", icon="random")
        # No Dropdown: JupyterLab takes the arrow keys for itself, to go from cell to cell.
        self.num_images = whole_field("Images", num_images, smallest=1, largest=LARGEST_GRID)
        self.reset = ipywidgets.Button(description="Reset sliders", icon="undo")
        pairs = [
            number_and_slider(f"Direction {i}", -LARGEST_AMOUNT, LARGEST_AMOUNT, 0.1)
            for i in range(1, len(self.directions) + 1)
        ]
        self.amounts = [field for field, _ in pairs]
        self.sliders = [slider for _, slider in pairs]
        self.other_seed = whole_field("To seed", seed + 1)
        self.blend, self.blend_slider = number_and_slider("Blend", 0.0, 1.0, 1 / _BLEND_STEPS)
        self.play = ipywidgets.Play(min=0, max=2 * _BLEND_STEPS - 1, interval=_BLEND_INTERVAL)
        # The path there and back repeats. ipywidgets 7 has this trait under a private name.
        setattr(self.play, "repeat" if self.play.has_trait("repeat") else "_repeat", True)

    def _named(self) -> dict[str, ipywidgets.Widget]:
        names = "seed surprise num_images reset other_seed play blend blend_slider"
        named = {name: getattr(self, name) for name in names.split()}
        return named | numbered(self.amounts, self.sliders)

    def _rows(self) -> list[ipywidgets.Widget]:
        row = ipywidgets.HBox
        return [
            row([self.seed, self.surprise]),
            row([self.num_images, self.reset]),
            heading("Move along a direction (standard deviations)"),
            *map(row, zip(self.amounts, self.sliders, strict=True)),
            heading("Walk from one seed to another"),
            row([self.other_seed, self.play]),
            row([self.blend, self.blend_slider]),
        ]

    def _connect(self) -> None:
        for control in (self.seed, self.num_images, self.other_seed, self.blend, *self.amounts):
            control.observe(self._update, "value")
        self.play.observe(self._follow_play, "value")
        self.surprise.on_click(self._surprise)
        self.reset.on_click(self._reset)

    def _render(self) -> None:
        seed, n, position = self.seed.value, self.num_images.value, self.blend.value
        amounts = [field.value for field in self.amounts]
        other_seed = self.other_seed.value
        latents = latents_for(
            seed, n, self.directions, amounts, other_seed=other_seed, position=position
        )
        caption = description(n, seed, amounts, other_seed, position)
        images = self._model.generate(latents)
        self._show(plots.pixels_figure(images, caption, side=PICTURE_SIDE))

    def _surprise(self, _button=None) -> None:
        unlike = {self.seed.value, self.other_seed.value}
        draws = np.random.default_rng().choice(LARGEST_SEED + 1, size=4, replace=False).tolist()
        with self._together():
            self.seed.value, self.other_seed.value = [s for s in draws if s not in unlike][:2]

    def _reset(self, _button=None) -> None:
        with self._together():
            for field in (*self.amounts, self.blend):
                field.value = 0.0

    def _follow_play(self, change) -> None:
        """Ticks run from 0 up; the blend goes from 0 to 1 and back."""
        self.blend.value = round(1 - abs(1 - change["new"] / _BLEND_STEPS), 3)


def explore(model, *, num_directions: int = 5, num_images: int = 16, seed: int = 0) -> Explorer:
    """A live sampler of a model that has `latent_size` and `generate(latents)`.

    num_directions: sliders along `principal_directions` (fewer if the latents are fewer);
    num_images, seed: what is shown first. Call it again after more training: the directions belong
    to the model as it was.
    """
    if not isinstance(getattr(model, "latent_size", None), int) or not hasattr(model, "generate"):
        raise TypeError(
            "explore needs a model with latent_size and generate(latents), such as gan.GAN(); "
            f"this is {type(model).__name__}."
        )
    check_whole("num_images", num_images, 1, LARGEST_GRID)
    check_whole("seed", seed, 0, LARGEST_SEED)
    return Explorer(model, num_directions=num_directions, num_images=num_images, seed=seed)
