"""The stepper: a GAN on points whose two players move at the press of a button, or by themselves.

Owns the controls and the thread in which the game runs; the game is `point_game`, its picture and
words are `pictures`.
"""

import html
import threading
import time

import ipywidgets

from course_utils import plots
from course_utils.base.arguments import check_name, check_whole
from course_utils.lessons.gan_step_by_step import pictures
from course_utils.lessons.gan_step_by_step.point_game import LOSSES, TARGETS, PointGame
from course_utils.widgets.controls import LABELLED, LARGEST_SEED, choice, note, whole_field
from course_utils.widgets.running import RunningPicture, stop_any_run

UPDATES_PER_CLICK = (1, 10, 50)
RUN_UPDATES = 3000  # of both players, after which a run ends by itself
LARGEST_RATE = 0.1

_UPDATES_PER_PICTURE = 20
_SECONDS_PER_PICTURE = 0.15  # at least, so that the page and the buttons keep up
_FIELD = "230px"


class Stepper(RunningPicture):
    """What `gan_stepper` returns: the picture of the game, its controls, and what is to be said.

    Controls are attributes: `target`, `loss`, `seed`, `discriminator_rate`, `generator_rate`,
    `per_click`, `discriminator`, `generator`, `run`, `stop`, `reset`. A new target, loss or seed
    starts a new game; the learning rates count from the next update on. `game` is the game itself,
    a `PointGame`; what happens to it from outside is seen from the next update on.
    """

    plain_text = "<GAN stepper>"
    failed = "Stopped."
    column_width = "345px"

    def __init__(self, *, target: str = "ring", loss: str = "non_saturating", seed: int = 0):
        self.game = PointGame()
        # Traced now, so that the first click is as quick as the others.
        self.game.update_discriminator(0.0)
        self.game.update_generator(0.0)
        self.game.start(target, loss, seed)
        self._drawing = pictures.Picture()
        self._make_controls(target, loss, seed)
        super().__init__("stepper", self._rows(), self._named(), pictures.PICTURE_WIDTH)
        self._connect()

    # ---- arrangement

    def _make_controls(self, target: str, loss: str, seed: int) -> None:
        self.target = choice("Target", [(name, name) for name in TARGETS], target, "70px")
        losses = [(name.replace("_", "-"), name) for name in LOSSES]
        self.loss = choice("Loss", losses, loss, "144px")
        self.seed = whole_field("Seed", seed)
        self.seed.layout.width = _FIELD
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
        for short in (self.run, self.stop, self.reset):
            short.layout.width = "100px"
        self.status = ipywidgets.HTML()

    def _named(self) -> dict[str, ipywidgets.Widget]:
        names = (
            "status target loss seed discriminator_rate generator_rate per_click discriminator "
            "generator run stop reset"
        )
        return {name: getattr(self, name) for name in names.split()}

    def _rows(self) -> list[ipywidgets.Widget]:
        row = ipywidgets.HBox
        return [
            self.target,
            self.loss,
            self.seed,
            self.discriminator_rate,
            self.generator_rate,
            self.per_click,
            row([self.discriminator, self.generator]),
            row([self.run, self.stop, self.reset]),
            self.status,
        ]

    def _connect(self) -> None:
        for control in (self.target, self.loss, self.seed):
            control.observe(self._start_anew, "value")
        self.discriminator.on_click(lambda _: self._move("discriminator"))
        self.generator.on_click(lambda _: self._move("generator"))
        self.run.on_click(self._run)
        self.stop.on_click(lambda _: self.stop_run())
        self.reset.on_click(self._start_anew)

    # ---- what the controls do

    def _move(self, player: str) -> None:
        """As many updates of one player as asked for, then a new picture."""
        self.stop_run()
        update, rate = {
            "discriminator": (self.game.update_discriminator, self.discriminator_rate),
            "generator": (self.game.update_generator, self.generator_rate),
        }[player]

        def act():
            for _ in range(self.per_click.value):
                update(rate.value)

        self._play(act)

    def _start_anew(self, _=None) -> None:
        self.stop_run()
        self._play(lambda: self.game.start(self.target.value, self.loss.value, self.seed.value))

    def _play(self, act) -> bool:
        """Act on the game and show it, or say what went wrong; returns whether all went well."""

        def act_and_render():
            with self._lock:
                act()
                self._render()

        return self._try(act_and_render)

    def _render(self) -> None:
        view = self.game.view()
        image = plots.img_tag(
            self._drawing.png(view), pictures.describe(view), pictures.PICTURE_WIDTH
        )
        self._show(plots.Figure(image, pictures.rule(view)))
        self.status.value = _status(view)

    # ---- a run

    def _run(self, _=None) -> None:
        """Both players in turn."""
        self._start_run(self._play_on, "gan-stepper")

    def _play_on(self, stopping: threading.Event) -> None:
        def alternate():
            for _ in range(_UPDATES_PER_PICTURE):
                if stopping.is_set():
                    return
                self.game.update_discriminator(self.discriminator_rate.value)
                self.game.update_generator(self.generator_rate.value)

        for _ in range(0, RUN_UPDATES, _UPDATES_PER_PICTURE):
            begin = time.perf_counter()
            if stopping.is_set() or not self._play(alternate):
                break
            stopping.wait(max(0.01, begin + _SECONDS_PER_PICTURE - time.perf_counter()))
        else:
            ended = f"The run ended after {RUN_UPDATES:,} updates of each; press Run to go on."
            self.message.value = note(ended, "status")


def gan_stepper(*, target: str = "ring", loss: str = "non_saturating", seed: int = 0) -> Stepper:
    """A GAN on points in the plane that you play one update at a time, or let run.

    target: a name of `data.toy`; loss: a name of `gan_losses.GAN_LOSSES`; seed: of the data, of
    both networks' first weights and of all latents: the same updates lead to the same picture.
    The picture shows what the discriminator says of every place, real and generated points, and
    where the generator's loss pulls each generated point.
    """
    check_name("target", target, TARGETS)
    check_name("loss", loss, LOSSES)
    check_whole("seed", seed, 0, LARGEST_SEED)
    stop_any_run()  # if the cell is run again, its old run would go on unseen
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
