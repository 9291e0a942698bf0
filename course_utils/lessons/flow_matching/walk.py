"""The path viewer: one sample's way from noise to an image, stage by stage, under a time slider.

Owns the path that is kept and its controls; the picture of a path is in `walk_pictures`. Nothing is
trained here.
"""

import math
from collections.abc import Sequence

import ipywidgets
import numpy as np

from course_utils import data, plots
from course_utils.base.arguments import check_name, check_real, check_whole
from course_utils.lessons.flow_matching.walk_pictures import (
    PICTURE_WIDTH,
    Path,
    Settings,
    describe,
    picture_png,
)
from course_utils.models import flow_paths
from course_utils.models.flow_matching import FlowMatching
from course_utils.models.flow_solvers import SOLVERS
from course_utils.models.latent_space import draw_latents
from course_utils.widgets.controls import (
    LARGEST_SEED,
    check_class_names,
    choice,
    number_and_slider,
    whole_field,
)
from course_utils.widgets.live import WidePicture

NUM_STEPS = (1, 2, 4, 8, 16, 32)
LARGEST_GUIDANCE = 6.0


# ---- pure functions ------------------------------------------------------------------------------


def clean_guesses(
    model: FlowMatching, stages, label: int | None = None, guidance: float = 1.0
) -> np.ndarray:
    """The clean image that a model guesses at each stage of one image's path, in [-1, 1].

    stages: (num_steps + 1, *image_shape), at even times from 0 to 1, as of `model.paths`. Guidance
    moves the guess as it moves the velocity, since at one place and time the one is the other,
    scaled and shifted. At t = 1 the image is there: it is its own guess.
    """
    *before, end = np.asarray(stages, np.float32)
    guesses = []
    for i, stage in enumerate(before):
        time = i / len(before)
        velocity = model.velocity(stage[np.newaxis], time, label, guidance=guidance)[0]
        guesses.append(flow_paths.readings("velocity", velocity, stage, time).clean)
    return np.stack([*guesses, end])


def compute_path(model: FlowMatching, settings: Settings) -> Path:
    """The path of the one sample that these settings draw, and the guess at each of its stages.

    Its end is `model.sample(1, seed, ...)` of the same settings. Raises FloatingPointError with one
    sentence where the model gives values that are not finite.
    """
    latents = draw_latents(1, model.latent_shape, settings.seed)
    stages = model.paths(
        latents,
        settings.label,
        num_steps=settings.num_steps,
        solver=settings.solver,
        guidance=settings.guidance,
    )[:, 0]
    if np.isfinite(stages).all():
        guesses = clean_guesses(model, stages, settings.label, settings.guidance)
        if np.isfinite(guesses).all():
            return Path(settings, *(_pixels(images) for images in (stages, guesses)))
    raise FloatingPointError(
        "The path has values that are not finite (NaN or infinity); choose less guidance, or "
        "train the model again."
    )


def _pixels(images: np.ndarray) -> np.ndarray:
    """From [-1, 1] to [0, 1]; what lies beyond, as much of the noise does, is cut off."""
    return np.clip(data.unscale_pixels(images), 0, 1)


# ---- the widget ----------------------------------------------------------------------------------


class PathViewer(WidePicture):
    """What `path_viewer` returns: the picture, its controls, and a line for what went wrong.

    Controls are attributes: `time`, `time_slider`, `num_steps`, `solver`, `seed`, and for a model
    with classes `guidance`, `guidance_slider` and `label`, otherwise None. The time moves along the
    path that is kept; each other control has a path computed.
    """

    plain_text = "<path viewer>"

    def __init__(self, model, class_names, first: Settings, time: float, name: str):
        self._model, self._class_names = model, class_names
        self._kept: Path | None = None
        self._make_controls(first, time)
        super().__init__(name, self._rows(), self._named(), PICTURE_WIDTH)
        self._connect()

    def _make_controls(self, first: Settings, time: float) -> None:
        self.time, self.time_slider = number_and_slider("Time", 0.0, 1.0, 1 / first.num_steps, time)
        self.time_slider.layout.width = "320px"
        counts = [(str(count), count) for count in NUM_STEPS]
        self.num_steps = choice("Steps", counts, first.num_steps, "48px")
        self.solver = choice("Solver", [(one, one) for one in SOLVERS], first.solver, "72px")
        self.seed = whole_field("Seed", first.seed)
        self.guidance = self.guidance_slider = self.label = None
        if self._class_names is not None:
            self.guidance, self.guidance_slider = number_and_slider(
                "Guidance", 0.0, LARGEST_GUIDANCE, 0.5, first.guidance
            )
            options = [(name, index) for index, name in enumerate(self._class_names)]
            self.label = choice("Class", options, first.label, "auto")

    def _named(self) -> dict[str, ipywidgets.Widget]:
        names = "time time_slider num_steps solver seed guidance guidance_slider label"
        named = {name: getattr(self, name) for name in names.split()}
        return {name: widget for name, widget in named.items() if widget is not None}

    def _rows(self) -> list[ipywidgets.Widget]:
        def row(*widgets):
            return ipywidgets.Box(widgets, layout={"flex_flow": "row wrap"})

        rows = [
            ipywidgets.HBox([self.time, self.time_slider]),
            row(self.num_steps, self.solver),
        ]
        if self.label is None:
            return [*rows, self.seed]
        guidance = ipywidgets.HBox([self.guidance, self.guidance_slider])
        return [*rows, row(guidance, self.seed), self.label]

    def _connect(self) -> None:
        self.time.observe(self._move, "value")
        self.num_steps.observe(self._change_steps, "value")
        for control in (self.solver, self.seed, self.guidance, self.label):
            if control is not None:
                control.observe(self._update, "value")

    def settings(self) -> Settings:
        """What the controls ask for, but for the time."""
        return Settings(
            num_steps=self.num_steps.value,
            solver=self.solver.value,
            seed=self.seed.value,
            guidance=1.0 if self.guidance is None else self.guidance.value,
            label=None if self.label is None else self.label.value,
        )

    def path(self) -> Path:
        """The path that the controls ask for; computed when one of them has changed."""
        settings = self.settings()
        if self._kept is None or self._kept.settings != settings:
            self._kept = compute_path(self._model, settings)
        return self._kept

    def stage(self) -> int:
        """The number of the stage that lies nearest to the time, from 0 to the number of steps."""
        return math.floor(self.time.value * self.num_steps.value + 0.5)

    def _render(self) -> None:
        path, stage = self.path(), self.stage()
        label = path.settings.label
        words = describe(path, stage, "" if label is None else self._class_names[label])
        self._show(plots.Figure(plots.img_tag(picture_png(path, stage), words), words))

    def _move(self, _change=None) -> None:
        """To the nearest stage: between two of them there is nothing to see."""
        nearest = round(self.stage() / self.num_steps.value, 6)
        if self.time.value == nearest:
            self._update()
        else:
            self.time.value = nearest  # which comes here again

    def _change_steps(self, _change=None) -> None:
        """The slider gets the new steps, and stays at the stage nearest to where it was."""
        with self._together():
            self.time.step = self.time_slider.step = 1 / self.num_steps.value
            self._move()


def path_viewer(
    model: FlowMatching,
    *,
    class_names: Sequence[str] | None = None,
    time: float = 0.5,
    num_steps: int = 16,
    solver: str = "adams",
    guidance: float = 1.0,
    label: int = 0,
    seed: int = 0,
    name: str = "path",
) -> PathViewer:
    """One sample's path from noise to an image, with a time slider that walks along it.

    class_names: one for each of the model's classes, label 0 first; "0", "1", ... by default.
    time, num_steps, solver, guidance, label, seed: what the controls say first; guidance and label
        are of no use to a model without classes.
    name: for the CSS classes, by which tests find the controls.

    Large, the stage at the time, and the clean image that the network guesses there; below, stages
    and guesses from beginning to end. The path is kept: a move in time calls no network. Call it
    again after more training.
    """
    if not isinstance(model, FlowMatching):
        raise TypeError(f"path_viewer needs a FlowMatching model; this is {type(model).__name__}.")
    if len(model.image_shape) != 3:
        raise ValueError(
            f"path_viewer shows images, but this model makes points of shape {model.image_shape}; "
            "see field_studio for points."
        )
    check_real("time", time, 0, 1)
    if num_steps not in NUM_STEPS:
        raise ValueError(
            f"num_steps is {num_steps!r}; choose one of {', '.join(map(str, NUM_STEPS))}."
        )
    check_name("solver", solver, SOLVERS)
    check_whole("seed", seed, 0, LARGEST_SEED)
    if model.num_classes is None:
        if class_names is not None:
            raise ValueError("This model knows no classes; leave class_names out.")
        guidance, label = 1.0, None
    else:
        if class_names is None:
            class_names = [str(label) for label in range(model.num_classes)]
        class_names = check_class_names(class_names, model.num_classes)
        check_real("guidance", guidance, 0, LARGEST_GUIDANCE)
        check_whole("label", label, 0, model.num_classes - 1)
    nearest = math.floor(time * num_steps + 0.5) / num_steps
    first = Settings(num_steps, solver, seed, float(guidance), label)
    return PathViewer(model, class_names, first, nearest, name)
