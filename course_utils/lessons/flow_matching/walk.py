"""The path viewer: one sample's way from noise to an image, stage by stage, under a time slider.

Owns the path that is kept and its controls; the picture of a path is in `walk_pictures`. Nothing is
trained here.
"""

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
    time_text,
)
from course_utils.models import flow_paths
from course_utils.models.flow_matching import FlowMatching
from course_utils.models.flow_solvers import SOLVERS
from course_utils.models.latent_space import draw_latents
from course_utils.widgets.controls import (
    LABELLED,
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

    stages: (num_steps + 1, *image_shape), as of `model.paths`. Guidance moves the guess as it moves
    the velocity, and at the same times, since at one place and time the one is the other, scaled
    and shifted. At t = 1 the image is there: it is its own guess.
    """
    *before, end = np.asarray(stages, np.float32)
    guesses, (*times, _) = [], model.stage_times(len(before)).tolist()
    for stage, time in zip(before, times, strict=True):
        velocity = model.velocity(stage[np.newaxis], time, label, guidance=guidance)[0]
        guesses.append(flow_paths.readings("velocity", velocity, stage, time).clean)
    return np.stack([*guesses, end])


def compute_path(model: FlowMatching, settings: Settings) -> Path:
    """The path of the one sample that these settings draw, and the guess at each of its stages.

    Its end is `model.sample(1, seed, ...)` of the same settings. Raises FloatingPointError with one
    sentence where the model gives values that are not finite.
    """
    latents = draw_latents(1, model.latent_shape, settings.seed)
    way = {name: getattr(settings, name) for name in ("num_steps", "solver", "guidance")}
    stages = model.paths(latents, settings.label, **way)[:, 0]
    if np.isfinite(stages).all():
        guesses = clean_guesses(model, stages, settings.label, settings.guidance)
        if np.isfinite(guesses).all():
            return Path(
                settings,
                model.stage_times(settings.num_steps),
                _pixels(stages),
                _pixels(guesses),
                model.num_calls(**way),
            )
    raise FloatingPointError(
        "The path has values that are not finite (NaN or infinity); choose less guidance, or "
        "train the model again."
    )


def _pixels(images: np.ndarray) -> np.ndarray:
    """From [-1, 1] to [0, 1]; what lies beyond, as much of the noise does, is cut off."""
    return np.clip(data.unscale_pixels(images), 0, 1)


def nearest_stage(times: np.ndarray, time: float) -> int:
    """The number of the stage whose time is the nearest.

    >>> nearest_stage(np.array([0.0, 0.6, 1.0]), 0.5)
    1
    """
    return int(np.abs(times - time).argmin())


# ---- the widget ----------------------------------------------------------------------------------


class PathViewer(WidePicture):
    """What `path_viewer` returns: the picture, its controls, and a line for what went wrong.

    Controls are attributes: `time`, `num_steps`, `solver`, `seed`, and for a model with classes
    `guidance`, `guidance_slider` and `label`, otherwise None. The time's value is the number of a
    stage of the path that is kept; each other control has a path computed.
    """

    plain_text = "<path viewer>"

    def __init__(self, model, class_names, first: Settings, time: float, name: str):
        self._model, self._class_names = model, class_names
        self._kept: Path | None = None
        self._make_controls(first, time)
        super().__init__(name, self._rows(), self._named(), PICTURE_WIDTH)
        self._connect()

    def _make_controls(self, first: Settings, time: float) -> None:
        self.time = ipywidgets.SelectionSlider(
            description="Time",
            options=self._times_to_choose(first.num_steps),
            value=nearest_stage(self._model.stage_times(first.num_steps), time),
            style=LABELLED,
            layout={"width": "420px"},
        )
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

    def _times_to_choose(self, num_steps: int) -> list[tuple[str, int]]:
        times = self._model.stage_times(num_steps)
        return [(time_text(time), stage) for stage, time in enumerate(times)]

    def _named(self) -> dict[str, ipywidgets.Widget]:
        names = "time num_steps solver seed guidance guidance_slider label"
        named = {name: getattr(self, name) for name in names.split()}
        return {name: widget for name, widget in named.items() if widget is not None}

    def _rows(self) -> list[ipywidgets.Widget]:
        def row(*widgets):
            return ipywidgets.Box(widgets, layout={"flex_flow": "row wrap"})

        rows = [self.time, row(self.num_steps, self.solver)]
        if self.label is None:
            return [*rows, self.seed]
        guidance = ipywidgets.HBox([self.guidance, self.guidance_slider])
        return [*rows, row(guidance, self.seed), self.label]

    def _connect(self) -> None:
        self.num_steps.observe(self._change_steps, "value")
        for control in (self.time, self.solver, self.seed, self.guidance, self.label):
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

    def _render(self) -> None:
        path, stage = self.path(), self.time.value
        label = path.settings.label
        words = describe(path, stage, "" if label is None else self._class_names[label])
        self._show(plots.Figure(plots.img_tag(picture_png(path, stage), words), words))

    def _change_steps(self, change) -> None:
        """The slider gets the new times, and stays at the one nearest to where it was."""
        time = self._model.stage_times(change.old)[self.time.value]
        with self._together():
            # A page that is told of fewer options than the slider's place would move it by itself.
            self.time.value = 0
            self.time.options = self._times_to_choose(change.new)
            self.time.value = nearest_stage(self._model.stage_times(change.new), time)


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
    time, num_steps, solver, guidance, label, seed: what the controls say first, the time by the
        stage nearest to it; guidance and label are of no use to a model without classes.
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
    first = Settings(num_steps, solver, seed, float(guidance), label)
    return PathViewer(model, class_names, first, time, name)
