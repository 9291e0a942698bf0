"""The row painter: a RowRNN draws images row by row, at the press of a button or by itself.

Owns the controls and the thread of a run; the drawings are `painting`, their picture and words are
`pictures`.
"""

import threading
import time
from collections.abc import Callable, Sequence

import ipywidgets

from course_utils import data, plots
from course_utils.base.arguments import check_real, check_whole
from course_utils.lessons.recurrent_generation import painting, pictures
from course_utils.models.row_rnn import RowRNN
from course_utils.widgets.controls import LARGEST_SEED, choice, note, number_and_slider, whole_field
from course_utils.widgets.running import RunningPicture, stop_any_run

LARGEST_COUNT = 12
LARGEST_TEMPERATURE = 2.0

_SECONDS_PER_ROW = 0.15  # at least, so that the page and the buttons keep up
_FULL = note("All rows are there; press Undo or Reset.", "status")


class RowPainter(RunningPicture):
    """What `row_painter` returns: the drawings, the controls, and a line for what went wrong.

    Controls are attributes: `next_row`, `undo`, `run`, `stop`, `reset`, `temperature`, `keep`,
    `image`, `seed`, and `label` for a model with classes, otherwise None. Another image, seed,
    class or number of kept rows begins anew; the temperature counts from the next row on.
    `painting` is what is drawn, a `painting.Painting`.
    """

    plain_text = "<row painter>"
    failed = "Stopped."
    column_width = "100%"

    def __init__(
        self, model, images, labels, class_names, *, count, image, keep, temperature, seed, name
    ):
        self._model, self._labels, self._class_names = model, labels, class_names
        self._held_out = data.as_floats(data.check_images(images))
        self._count = count
        self._make_controls(image, keep, temperature, seed)
        self.painting = self._new()
        # Traced now, so that the first click is as quick as the others.
        painting.begin(model, self._held_out[0, :0], count, seed).with_row(1.0)
        *_, width = pictures.arrangement(count, *model.image_shape[:2])
        super().__init__(name, self._rows(), self._named(), width)
        self._connect()

    # ---- arrangement

    def _make_controls(self, image: int, keep: int, temperature: float, seed: int) -> None:
        height = self._model.image_shape[0]
        self.temperature, self.temperature_slider = number_and_slider(
            "Temperature", 0.0, LARGEST_TEMPERATURE, 0.1, temperature
        )
        self.keep = whole_field("Keep rows", keep, 0, height)
        self.keep_slider = ipywidgets.IntSlider(
            value=keep, min=0, max=height, readout=False, layout={"width": "200px"}
        )
        ipywidgets.link((self.keep, "value"), (self.keep_slider, "value"))
        self.image = whole_field("Image", image, 0, len(self._held_out) - 1)
        self.seed = whole_field("Seed", seed)
        self.label = None
        if self._class_names is not None:
            options = [(name, index) for index, name in enumerate(self._class_names)]
            label = 0 if self._labels is None else int(self._labels[image])
            self.label = choice("Class", options, label, "auto")
        for field in (self.temperature, self.keep, self.image, self.seed):
            field.style.description_width, field.layout.width = "90px", "180px"
        buttons = {
            "next_row": ("Next row", "step-forward"),
            "undo": ("Undo", "undo"),
            "run": ("Run", "play"),
            "stop": ("Stop", "stop"),
            "reset": ("Reset", "eraser"),
        }
        for name, (text, icon) in buttons.items():
            button = ipywidgets.Button(description=text, icon=icon, layout={"width": "110px"})
            setattr(self, name, button)

    def _named(self) -> dict[str, ipywidgets.Widget]:
        names = "next_row undo run stop reset temperature temperature_slider keep keep_slider"
        label = {} if self.label is None else {"label": self.label}
        return {name: getattr(self, name) for name in [*names.split(), "image", "seed"]} | label

    def _rows(self) -> list[ipywidgets.Widget]:
        def row(*widgets):
            return ipywidgets.Box(widgets, layout={"flex_flow": "row wrap"})

        temperature = ipywidgets.HBox([self.temperature, self.temperature_slider])
        keep = ipywidgets.HBox([self.keep, self.keep_slider])
        return [
            row(self.next_row, self.undo, self.run, self.stop, self.reset),
            row(temperature, keep),
            row(self.image, self.seed),
            *([] if self.label is None else [self.label]),
        ]

    def _arranged(self) -> ipywidgets.Widget:
        """The controls below the picture, which is wide and shrinks with the page."""
        self.picture.layout = {"width": "100%", "max_width": self.picture.layout.width}
        return ipywidgets.VBox([self.picture, self.column], layout={"width": "100%"})

    def _connect(self) -> None:
        self.next_row.on_click(self._next)
        self.undo.on_click(self._undo)
        self.run.on_click(self._run)
        self.stop.on_click(lambda _: self.stop_run())
        self.reset.on_click(self._begin)
        self.temperature.observe(self._update, "value")
        self.image.observe(self._take_image, "value")
        for control in (self.keep, self.seed, self.label):
            if control is not None:
                control.observe(self._begin, "value")

    # ---- the picture

    def _new(self) -> painting.Painting:
        known = self._held_out[self.image.value, : self.keep.value]
        return painting.begin(self._model, known, self._count, self.seed.value, self._label())

    def _label(self) -> int | None:
        return None if self.label is None else self.label.value

    def view(self) -> pictures.View:
        """What the picture shows now."""
        return pictures.View(
            drawings=self.painting.images,
            surprises=self.painting.surprises(),
            held_out=self._held_out[self.image.value],
            number=self.image.value,
            kept=self.keep.value,
            seed=self.seed.value,
            class_name="" if self.label is None else self._class_names[self.label.value],
            temperatures=self.painting.temperatures,
            next_temperature=self.temperature.value,
        )

    def _render(self) -> None:
        view = self.view()
        words = pictures.describe(view)
        self._show(plots.Figure(plots.img_tag(pictures.picture_png(view), words), words))

    # ---- what the controls do

    def _play(self, make: Callable[[], painting.Painting]) -> bool:
        """Show what `make` makes of the painting, or say what went wrong and leave it."""

        def act():
            with self._lock:
                before, self.painting = self.painting, make()
                try:
                    self._render()
                except Exception:
                    self.painting = before
                    raise

        return self._try(act)

    def _draw_row(self) -> bool:
        return self._play(lambda: self.painting.with_row(self.temperature.value))

    def _next(self, _=None) -> None:
        self.stop_run()
        if self.painting.full:
            self.message.value = _FULL
        else:
            self._draw_row()

    def _undo(self, _=None) -> None:
        self.stop_run()
        if self.painting.temperatures:
            self._play(lambda: self.painting.without_row())
        else:
            self.message.value = note("There is no drawn row to undo.", "status")

    def _update(self, _change=None) -> None:
        """Draw again, in a run too."""
        self._play(lambda: self.painting)

    def _begin(self, _=None) -> None:
        """Erase all drawn rows; those that are kept are there at once."""
        self.stop_run()

        def act():
            with self._lock:
                self.painting = self._new()
                self._render()

        self._try(act)

    def _take_image(self, _=None) -> None:
        """Begin anew with another image and, where it is known, its class."""
        label = None if self._labels is None else int(self._labels[self.image.value])
        if label == self._label() or label is None:
            self._begin()
        else:
            self.stop_run()
            self.label.value = label  # which begins anew

    # ---- a run

    def _run(self, _=None) -> None:
        """Row after row."""
        self.stop_run()
        if self.painting.full:
            self.message.value = _FULL
        else:
            self._start_run(self._play_on, "row-painter")

    def _play_on(self, stopping: threading.Event) -> None:
        while not (stopping.is_set() or self.painting.full):
            begin = time.perf_counter()
            if not self._draw_row():
                break
            stopping.wait(max(0.01, begin + _SECONDS_PER_ROW - time.perf_counter()))


def row_painter(
    model: RowRNN,
    images,
    *,
    labels=None,
    class_names: Sequence[str] | None = None,
    count: int = 6,
    image: int = 0,
    keep: int = 0,
    temperature: float = 1.0,
    seed: int = 0,
    name: str = "row-painter",
) -> RowPainter:
    """Drawings by a RowRNN, side by side, that grow row by row, or by themselves.

    images: held-out ones (n, *image_shape), uint8 or floats in [0, 1], to keep rows of.
    labels: (n,), for a model with classes: with another image its class is chosen too.
    class_names: one for each of the model's classes, label 0 first; "0", "1", ... by default.
    count: of drawings. image, keep, temperature, seed: what the controls say first.
    name: for the CSS classes, by which tests find the controls.

    Drawn to the end at one temperature they are what `sample` and, with kept rows, `complete` give
    for the same seed.
    """
    if not isinstance(model, RowRNN):
        raise TypeError(f"row_painter needs a RowRNN; this is {type(model).__name__}.")
    labels = None if labels is None else data.check_labels(labels)
    model.complete(images, 0, 0, labels=labels)  # no endings: images and labels are judged, no more
    if model.num_classes is None and class_names is not None:
        raise ValueError("This RowRNN knows no classes; leave class_names out.")
    if model.num_classes is not None:
        names = range(model.num_classes) if class_names is None else class_names
        class_names = tuple(map(str, names))
        if len(class_names) != model.num_classes:
            raise ValueError(
                f"There are {len(class_names)} class names for {model.num_classes} classes; give "
                "one for each."
            )
    check_whole("count", count, 1, LARGEST_COUNT)
    check_whole("image", image, 0, len(images) - 1)
    check_whole("keep", keep, 0, model.image_shape[0])
    check_real("temperature", temperature, 0, LARGEST_TEMPERATURE)
    check_whole("seed", seed, 0, LARGEST_SEED)
    stop_any_run()  # if the cell is run again, its old run would go on unseen
    settings = {
        "image": image,
        "keep": keep,
        "temperature": temperature,
        "seed": seed,
        "name": name,
    }
    return RowPainter(model, images, labels, class_names, count=count, **settings)
