"""The field studio: draw a target for a flow of points, train on it, and watch the points flow.

Owns the controls, the strokes of the mouse and the thread of a training; the flow is `point_flow`,
targets are `drawn_targets`, the picture and its words are `field_pictures`.
"""

import html
import math
import threading

import ipywidgets
import numpy as np

from course_utils import plots
from course_utils.base.arguments import check_name, check_whole
from course_utils.lessons.flow_matching import drawn_targets, field_pictures
from course_utils.lessons.flow_matching.field_pictures import BOX, HEIGHT, WIDTH, View
from course_utils.lessons.flow_matching.point_flow import NUM_STEPS, VIEW_LIMIT, PointFlow
from course_utils.widgets.controls import (
    LABELLED,
    LARGEST_SEED,
    choice,
    note,
    number_and_slider,
    on_press_and_drag,
)
from course_utils.widgets.running import RunningPicture, stop_any_run

RUN_STEPS = 2000  # of a training, after which it ends by itself: about 10 seconds on two cores
MOST_POINTS = 20_000  # of a drawn target

_STEPS_PER_PICTURE = 100


class FieldStudio(RunningPicture):
    """What `field_studio` returns: the picture, its controls, and what is to be said.

    Controls are attributes: `target`, `letters`, `time`, `time_slider`, `run` (Train), `stop`,
    `clear`. A stroke of the mouse on the picture adds points to the target, and the training goes
    on with them; a ready target replaces what was drawn, and the network starts anew, as after
    Clear. `points` is the target (n, 2), `flow` the `point_flow.PointFlow`; `pointer` listens to
    the mouse, None without ipyevents (on Colab), where the ready targets remain.
    """

    plain_text = "<field studio>"
    failed = "Stopped."
    column_width = "345px"
    run_words = "Train", "Training"

    def __init__(self, target: str | None, letters: str, seed: int, name: str):
        self._seed = seed
        self.flow = PointFlow(seed)
        self._drawing = field_pictures.Picture()
        self._training = False
        self._last: tuple[float, float] | None = None  # where the mouse was in this stroke
        self._make_controls(target, letters)
        self.points = self._ready_points()
        self._target_name = self._ready_name()
        super().__init__(name, self._rows(), self._named(), WIDTH)
        self._connect()

    # ---- arrangement

    def _make_controls(self, target: str | None, letters: str) -> None:
        ready = [(name, name) for name in drawn_targets.READY]
        self.target = choice("Target", ready, target, "78px")
        self.letters = ipywidgets.Text(
            description="Letters",
            value=letters,
            continuous_update=False,
            style=LABELLED,
            layout={"width": "150px"},
        )
        self.time, self.time_slider = number_and_slider("Time", 0.0, 1.0, 1 / NUM_STEPS, 1.0)
        self.time_slider.layout.width = "155px"
        button = ipywidgets.Button
        self.run = button(description=self.run_words[0], icon="play")
        self.stop = button(description="Stop", icon="stop")
        self.clear = button(description="Clear", icon="trash")
        for short in (self.run, self.stop, self.clear):
            short.layout.width = "105px"
        self.status = ipywidgets.HTML()
        self.caption = ipywidgets.HTML(layout={"width": f"{WIDTH}px"})

    def _named(self) -> dict[str, ipywidgets.Widget]:
        names = "target letters time time_slider run stop clear status caption"
        return {name: getattr(self, name) for name in names.split()}

    def _rows(self) -> list[ipywidgets.Widget]:
        row = ipywidgets.HBox
        return [
            self.target,
            self.letters,
            row([self.run, self.stop, self.clear]),
            row([self.time, self.time_slider]),
            self.status,
        ]

    def _arranged(self) -> ipywidgets.Widget:
        """The picture alone in its widget, never shrunk, so that the mouse's place is right."""
        size = {"width": f"{WIDTH}px", "height": f"{HEIGHT}px", "min_width": f"{WIDTH}px"}
        self.picture.layout = {**size, "margin": "0", "overflow": "hidden"}
        left = ipywidgets.VBox([self.picture, self.caption], layout={"margin": "0 16px 0 0"})
        return ipywidgets.Box([left, self.column], layout={"flex_flow": "row wrap"})

    def _connect(self) -> None:
        self.target.observe(self._choose, "value")
        self.letters.observe(self._choose_letters, "value")
        self.time.observe(self._move, "value")
        self.run.on_click(self._run)
        self.stop.on_click(lambda _: self.stop_run())
        self.clear.on_click(self._clear)
        self.pointer = on_press_and_drag(self.picture, self._draw_at)

    # ---- the picture

    def stage(self) -> int:
        """The number of the solver's stage that lies nearest to the time."""
        return math.floor(self.time.value * NUM_STEPS + 0.5)

    def view(self) -> View:
        """What the picture shows now."""
        stage = self.stage()
        time = stage / NUM_STEPS
        stages, velocities = self.flow.stages(), self.flow.velocities(time)
        if not (np.isfinite(stages).all() and np.isfinite(velocities).all()):
            raise FloatingPointError(
                "The network's velocities are not finite (NaN or infinity); press Clear and train "
                "again."
            )
        return View(
            name=self._target_name,
            target=self.points,
            time=time,
            points=stages[stage],
            velocities=velocities,
            end=stages[-1],
            steps=self.flow.steps,
            loss=self.flow.loss,
        )

    def _render(self) -> None:
        view = self.view()
        words = field_pictures.describe(view)
        self.picture.value = plots.img_tag(self._drawing.png(view), words, WIDTH, shrinks=False)
        self.caption.value = f'<div style="line-height: 1.4">{html.escape(words)}</div>'
        loss = "" if view.loss is None else f"; loss of the latest {view.loss:.3f}"
        self.status.value = f"Training steps: {view.steps:,}{loss}"

    def _play(self, act=lambda: None) -> bool:
        """Act and show it, or say what went wrong; returns whether all went well."""

        def act_and_render():
            with self._lock:
                act()
                self._render()

        return self._try(act_and_render)

    def _move(self, _change=None) -> None:
        """To the nearest stage: between two of them nothing is computed."""
        nearest = round(self.stage() / NUM_STEPS, 6)
        if self.time.value != nearest:
            self.time.value = nearest  # which comes here again
        elif not self._training:  # a training's next picture shows it; the slider need not wait
            self._play()

    # ---- targets

    def _ready_name(self) -> str:
        if self.target.value == "letters":
            return f"letters {self.letters.value.strip()}"
        return self.target.value or ""

    def _ready_points(self) -> np.ndarray:
        """Points (n, 2) of the ready target that is chosen; none where none is."""
        if self.target.value is None:
            return np.zeros((0, 2), np.float32)
        return drawn_targets.ready_target(
            self.target.value, seed=self._seed, letters=self.letters.value
        )

    def _choose(self, change) -> None:
        if change["new"] is not None:  # it is None after Clear and while one draws
            self._start_anew()

    def _choose_letters(self, _change=None) -> None:
        if self.target.value == "letters":
            self._start_anew()
        else:
            self.target.value = "letters"  # which starts anew

    def _start_anew(self) -> None:
        """Another target, and a network that knows nothing of it."""
        self.stop_run()

        def act():
            points = self._ready_points()  # first: letters may be refused
            self.points, self._target_name = points, self._ready_name()
            self.flow.start()

        self._play(act)

    def _clear(self, _=None) -> None:
        self.stop_run()
        self.target.value = None
        self._start_anew()

    def _draw_at(self, across: float, down: float, dragging: bool) -> None:
        """A stroke from where the mouse was to where it is, in screen pixels of the picture."""
        if not dragging:
            self.stop_run()
        last, place = self._last, BOX.point_at(across, down, VIEW_LIMIT)
        self._last = place
        if place is None:  # beside the axes the brush leaves nothing
            return
        start = last if dragging and last is not None else place
        if dragging and last == place:
            return

        def act():
            made = drawn_targets.stroke_points(start, place, self._seed + len(self.points))
            if len(self.points) + len(made) > MOST_POINTS:
                raise ValueError(
                    f"The target has {len(self.points):,} points, which is full; press Clear."
                )
            self.points = np.concatenate([self.points, made])
            self._target_name = "drawn by hand"

        self.target.value = None
        self._play(act)

    # ---- a training

    def _run(self, _=None) -> None:
        self.stop_run()
        if len(self.points) == 0:
            self.message.value = note(
                "There is no target yet; draw one on the picture, or choose a ready one.", "status"
            )
        else:
            self._start_run(self._train_on, "field-studio")

    def _train_on(self, stopping: threading.Event) -> None:
        self._training = True
        try:
            is_well = self._train_until(stopping)
        finally:
            self._training = False
        if is_well and self._play() and not stopping.is_set():  # where the slider is by now
            ended = f"Trained for {RUN_STEPS:,} steps; press Train to go on."
            self.message.value = note(ended, "status")

    def _train_until(self, stopping: threading.Event) -> bool:
        """Train and show it by turns; returns whether all went well."""
        for _ in range(0, RUN_STEPS, _STEPS_PER_PICTURE):
            if stopping.is_set():
                return True
            if not self._play(lambda: self.flow.train(self.points, _STEPS_PER_PICTURE)):
                return False
        return True

    def _repr_mimebundle_(self, **kwargs):
        """For pages without a kernel: the picture with its caption."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle:
            words = field_pictures.describe(self.view())
            bundle["text/html"] = plots.figure_html(self.picture.value, words)
        return bundle


def field_studio(
    *, target: str | None = "heart", letters: str = "AI", seed: int = 0, name: str = "field"
) -> FieldStudio:
    """Draw a target in the plane, train a flow on it for some seconds, move through its time.

    target: one of `drawn_targets.READY` to begin with, or None, an empty sheet. letters: one or
        two, of the target "letters". seed: of the targets, the network and all noise: the same
        target and training lead to the same picture. name: for the CSS classes, by which tests find
        the controls.
    """
    if target is not None:
        check_name("target", target, drawn_targets.READY)
    letters = drawn_targets.check_letters(letters)
    check_whole("seed", seed, 0, LARGEST_SEED)
    stop_any_run()  # if the cell is run again, its old run would go on unseen
    return FieldStudio(target, letters, seed, name)
