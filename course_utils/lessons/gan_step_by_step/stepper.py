"""The stepper: a GAN on points whose two players move at the press of a button, or by themselves.

Owns the controls and the thread in which the game runs; the game is `_point_game`, its picture and
words are `_game_picture`. Learners reach it through `widgets`.
"""

import html
import threading
import time
from typing import ClassVar

import ipywidgets

from course_utils import plots
from course_utils.base.arguments import check_name, check_whole
from course_utils.lessons.gan_step_by_step import pictures
from course_utils.lessons.gan_step_by_step.point_game import LOSSES, TARGETS, PointGame
from course_utils.widgets.controls import LABELLED, LARGEST_SEED, choice, sentence, whole_field

UPDATES_PER_CLICK = (1, 10, 50)
RUN_UPDATES = 3000  # of both players, after which a run ends by itself
LARGEST_RATE = 0.1

_UPDATES_PER_PICTURE = 20
_SECONDS_PER_PICTURE = 0.15  # at least, so that the page and the buttons keep up
_FIELD = "230px"


class Stepper(ipywidgets.VBox):
    """What `gan_stepper` returns: the picture of the game, its controls, and what is to be said.

    Controls are attributes: `target`, `loss`, `seed`, `discriminator_rate`, `generator_rate`,
    `per_click`, `discriminator`, `generator`, `run`, `stop`, `reset`. A new target, loss or seed
    starts a new game; the learning rates count from the next update on.
    """

    _running: ClassVar["Stepper | None"] = None  # one run in a kernel: two would share the cores

    def __init__(self, *, target: str = "ring", loss: str = "non_saturating", seed: int = 0):
        self._game = PointGame()
        self._picture = pictures.Picture()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._make_controls(target, loss, seed)
        self.picture = ipywidgets.HTML()
        self.status = ipywidgets.HTML()
        self.message = ipywidgets.HTML()
        super().__init__(children=[self._arranged()])
        self._name_controls()
        # Traced now, so that the first click is as quick as the others.
        self._game.update_discriminator(0.0)
        self._game.update_generator(0.0)
        self._game.start(target, loss, seed)
        self._show()
        self._connect()

    # ---- arrangement

    def _make_controls(self, target: str, loss: str, seed: int) -> None:
        self.target = choice("Target", [(name, name) for name in TARGETS], target, "70px")
        losses = [(name.replace("_", "-"), name) for name in LOSSES]
        self.loss = choice("Loss", losses, loss, "144px")
        self.seed = whole_field("Seed", seed)
        self.discriminator_rate = _rate("D's rate", 0.002)
        self.generator_rate = _rate("G's rate", 0.001)
        counts = [(str(n), n) for n in UPDATES_PER_CLICK]
        self.per_click = choice("Per click", counts, 1, "70px")
        button = ipywidgets.Button
        self.discriminator = button(description="Update D", icon="search")
        self.generator = button(description="Update G", icon="pencil")
        self.run = button(description="Run", icon="play")
        self.stop = button(description="Stop", icon="stop")
        self.reset = button(description="Reset", icon="undo")

    def _name_controls(self) -> None:
        """CSS classes by which style sheets and the browser tests find the controls."""
        self.add_class("course-stepper")
        names = (
            "picture status message target loss seed discriminator_rate generator_rate per_click "
            "discriminator generator run stop reset"
        )
        for name in names.split():
            getattr(self, name).add_class(f"course-stepper-{name.replace('_', '-')}")

    def _arranged(self) -> ipywidgets.Widget:
        row = ipywidgets.HBox
        controls = ipywidgets.VBox(
            [
                self.target,
                self.loss,
                self.seed,
                self.discriminator_rate,
                self.generator_rate,
                self.per_click,
                row([self.discriminator, self.generator]),
                row([self.run, self.stop, self.reset]),
                self.status,
                self.message,
            ],
            layout={"width": "345px"},
        )
        for button in (self.run, self.stop, self.reset):
            button.layout.width = "100px"
        self.seed.layout.width = _FIELD
        self.picture.layout.width = f"{pictures.PICTURE_WIDTH}px"
        self.picture.layout.margin = "0 16px 0 0"
        # On a narrow page the controls move below the picture.
        return ipywidgets.Box([self.picture, controls], layout={"flex_flow": "row wrap"})

    def _connect(self) -> None:
        for control in (self.target, self.loss, self.seed):
            control.observe(self._start_anew, "value")
        self.discriminator.on_click(lambda _: self._update("discriminator"))
        self.generator.on_click(lambda _: self._update("generator"))
        self.run.on_click(self._run)
        self.stop.on_click(lambda _: self.stop_run())
        self.reset.on_click(self._start_anew)

    # ---- what the controls do; no error may escape, it would end up in a log that nobody reads

    def _update(self, player: str) -> None:
        """As many updates of one player as asked for, then a new picture."""
        self.stop_run()
        update, rate = {
            "discriminator": (self._game.update_discriminator, self.discriminator_rate),
            "generator": (self._game.update_generator, self.generator_rate),
        }[player]

        def act():
            for _ in range(self.per_click.value):
                update(rate.value)

        self._try(act)

    def _start_anew(self, _=None) -> None:
        self.stop_run()
        self._try(lambda: self._game.start(self.target.value, self.loss.value, self.seed.value))

    def _try(self, act) -> bool:
        """Act on the game and show it, or say what went wrong; returns whether all went well."""
        try:
            with self._lock:
                act()
                self._show()
        except Exception as error:
            text = f"<b>Stopped.</b> {sentence(error)}"
            self.message.value = f'<div role="alert" style="line-height: 1.4">{text}</div>'
            return False
        self.message.value = ""
        return True

    def _show(self) -> None:
        view = self._game.view()
        image = plots.img_tag(
            self._picture.png(view), pictures.describe(view), pictures.PICTURE_WIDTH
        )
        self.picture.value = plots.figure_html(image, pictures.rule(view))
        self.status.value = _status(view)

    # ---- a run

    def _run(self, _=None) -> None:
        """Both players in turn, in a thread: a running cell could not be stopped by a button."""
        self.stop_run()
        if Stepper._running is not None:
            Stepper._running.stop_run()
        Stepper._running = self
        self._stopping.clear()
        # Not disabled: a disabled button would lose the keyboard's focus.
        self.run.description = "Running"
        self._thread = threading.Thread(target=self._play, name="gan-stepper", daemon=True)
        self._thread.start()

    def _play(self) -> None:
        for _ in range(0, RUN_UPDATES, _UPDATES_PER_PICTURE):
            begin = time.perf_counter()
            if self._stopping.is_set() or not self._try(self._alternate):
                break
            self._stopping.wait(max(0.01, begin + _SECONDS_PER_PICTURE - time.perf_counter()))
        else:
            self.message.value = (
                f'<div role="status">The run ended after {RUN_UPDATES:,} updates of each; '
                "press Run to go on.</div>"
            )
        self.run.description = "Run"

    def _alternate(self) -> None:
        for _ in range(_UPDATES_PER_PICTURE):
            if self._stopping.is_set():
                return
            self._game.update_discriminator(self.discriminator_rate.value)
            self._game.update_generator(self.generator_rate.value)

    def stop_run(self) -> None:
        """End the run, if there is one, and wait until its thread is gone."""
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        if Stepper._running is self:
            Stepper._running = None

    def close(self) -> None:
        """End the run and take the widget off the page."""
        self.stop_run()
        super().close()

    def _repr_mimebundle_(self, **kwargs):
        """The live widget, and for pages without a kernel the picture as it is now."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle:
            bundle["text/plain"] = "<GAN stepper>"
            bundle["text/html"] = self.picture.value
        return bundle


def gan_stepper(*, target: str = "ring", loss: str = "non_saturating", seed: int = 0) -> Stepper:
    """A GAN on points in the plane that you play one update at a time, or let run.

    target: a name of `data.toy`; loss: a name of `losses.GAN_LOSSES`; seed: of the data, of both
    networks' first weights and of all latents: the same updates lead to the same picture.
    The picture shows what the discriminator says of every place, real and generated points, and
    where the generator's loss pulls each generated point.
    """
    check_name("target", target, TARGETS)
    check_name("loss", loss, LOSSES)
    check_whole("seed", seed, 0, LARGEST_SEED)
    if Stepper._running is not None:  # the cell was run again: its old run would go on unseen
        Stepper._running.stop_run()
    return Stepper(target=target, loss=loss, seed=seed)


def _rate(label: str, value: float) -> ipywidgets.BoundedFloatText:
    return ipywidgets.BoundedFloatText(
        description=label,
        value=value,
        min=0.0,
        max=LARGEST_RATE,
        step=0.0005,
        style=LABELLED,
        layout={"width": _FIELD},
    )


def _status(view) -> str:
    """The state of the game as a short list in HTML."""
    lines = (
        f"Target {view.target}, {view.loss.replace('_', '-')} loss",
        f"Updates: D {view.discriminator_updates:,}, G {view.generator_updates:,}",
        pictures.coverage(view),
        pictures.what_d_says(view),
        f"mean gradient at a generated point: {pictures.mean_arrow(view):.2g}",
    )
    return "".join(f"<div style='line-height: 1.4'>{html.escape(line)}</div>" for line in lines)
