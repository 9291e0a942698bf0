"""A live picture: what every widget with a picture shares, and the one that is made of a function.

Learners reach it through `widgets`. What is drawn is the caller's function; this is the shell.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import ipywidgets

from course_utils import plots
from course_utils.widgets.controls import (
    choice,
    note,
    number_and_slider,
    sentence,
    whole_field,
)


class LivePicture(ipywidgets.VBox):
    """A picture beside its controls, and a line for what went wrong; subclasses write `_render`.

    Everything that is shown derives from the values of the controls. `picture` and `message` are
    HTML widgets, `column` holds the controls and the message; what stands where is the business of
    `_arranged`.
    """

    plain_text = "<live picture>"  # without an address, which would differ from run to run
    failed = "Not drawn."  # what is said before an error's own words
    column_width = "390px"  # a long message breaks its line, not the arrangement

    def __init__(self, name: str, controls: Sequence, named: Mapping, width: int):
        self._paused = False
        self.picture = ipywidgets.HTML(layout={"width": f"{width}px", "margin": "0 16px 0 0"})
        self.message = ipywidgets.HTML()
        self.column = ipywidgets.VBox(
            [*controls, self.message], layout={"width": self.column_width}
        )
        super().__init__([self._arranged()])
        # CSS classes, by which style sheets and the browser tests find the controls.
        self.add_class(f"course-{name}")
        for key, widget in {"picture": self.picture, "message": self.message, **named}.items():
            widget.add_class(f"course-{name}-{key.replace('_', '-')}")
        self._render()  # here an error ends the cell, with its sentence: there is nothing to show

    def _arranged(self) -> ipywidgets.Widget:
        """The picture and the column, on a narrow page the column below the picture."""
        return ipywidgets.Box([self.picture, self.column], layout={"flex_flow": "row wrap"})

    def _render(self) -> None:
        """Draw what the controls say, and `_show` it."""
        raise NotImplementedError

    def _show(self, figure: plots.Figure) -> None:
        self.picture.value = plots.figure_html(figure.content, figure.caption)

    def _update(self, _change=None) -> None:
        """Draw again."""
        if not self._paused:
            self._try(self._render)

    def _try(self, act: Callable[[], None]) -> bool:
        """Act, and say below the controls what went wrong; returns whether all went well.

        An error must not escape: it would end up in a log that nobody reads.
        """
        try:
            act()
        except Exception as error:
            self.message.value = note(f"<b>{self.failed}</b> {sentence(error)}", "alert")
            return False
        self.message.value = ""
        return True

    @contextlib.contextmanager
    def _together(self):
        """Change several controls, draw once."""
        self._paused = True
        try:
            yield
        finally:
            self._paused = False
            self._update()

    def _repr_mimebundle_(self, **kwargs):
        """The live widget, and for pages without a kernel the picture as it is now."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle:
            bundle["text/plain"] = self.plain_text
            bundle["text/html"] = self.picture.value
        return bundle


class WidePicture(LivePicture):
    """A live picture as wide as the page, with which it shrinks; the column is below it.

    What `_above` returns stands above the picture, such as the choice of what is shown.
    """

    column_width = "100%"

    def _above(self) -> list[ipywidgets.Widget]:
        return []

    def _arranged(self) -> ipywidgets.Widget:
        self.picture.layout = {"width": "100%", "max_width": self.picture.layout.width}
        parts = [*self._above(), self.picture, self.column]
        return ipywidgets.VBox(parts, layout={"width": "100%"})


# ---- from a function -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Slider:
    """A number from low to high in steps, with a field to type it into."""

    label: str
    low: float
    high: float
    step: float
    value: float

    def widgets(self) -> tuple[ipywidgets.Widget, ...]:
        return number_and_slider(self.label, self.low, self.high, self.step, self.value)


@dataclass(frozen=True)
class Choice:
    """One of a few options, as buttons; the function gets the option itself."""

    label: str
    options: Sequence[str]
    value: str

    def widgets(self) -> tuple[ipywidgets.Widget, ...]:
        return (choice(self.label, [(name, name) for name in self.options], self.value, "auto"),)


@dataclass(frozen=True)
class Whole:
    """A whole number to type or to count with the arrow keys, such as a seed."""

    label: str
    low: int
    high: int
    value: int

    def widgets(self) -> tuple[ipywidgets.Widget, ...]:
        return (whole_field(self.label, self.value, self.low, self.high),)


class LiveFigure(LivePicture):
    """What `live_figure` returns; `fields` holds its controls by name, `sliders` their sliders."""

    def __init__(
        self,
        draw: Callable[..., plots.Figure],
        controls: Mapping[str, Slider | Choice | Whole],
        name: str,
        width: int,
    ):
        self._draw = draw
        made = {key: control.widgets() for key, control in controls.items()}
        self.fields = {key: widgets[0] for key, widgets in made.items()}
        self.sliders = {key: widgets[1] for key, widgets in made.items() if len(widgets) > 1}
        named = self.fields | {f"{key}_slider": slider for key, slider in self.sliders.items()}
        rows = [ipywidgets.HBox(widgets) for widgets in made.values()]
        super().__init__(name, rows, named, width)
        for field in self.fields.values():
            field.observe(self._update, "value")

    def _render(self) -> None:
        self._show(self._draw(**{key: field.value for key, field in self.fields.items()}))


def live_figure(
    draw: Callable[..., plots.Figure],
    controls: Mapping[str, Slider | Choice | Whole],
    *,
    name: str = "figure",
    width: int = 440,
) -> LiveFigure:
    """A picture that is drawn again at each move of a control.

    draw: function(**values) -> plots.Figure, with one keyword for each of the controls. It should
        take less than a tenth of a second: `plots.images_figure`, or `plots.chart_figure(...,
        quick=True)`. Its caption, the alt text too, should say what the values are.
    controls: keyword -> `Slider`, `Choice` or `Whole`, in the order from top to bottom.
    name: for the CSS classes, by which tests find the controls. width: of the picture, in screen
        pixels.

    An error of `draw` is shown below the controls; while drawing the first picture it is raised.
    """
    if not controls:
        raise ValueError("There are no controls; give a dictionary of keyword: Slider(...).")
    for key, control in controls.items():
        if key in ("picture", "message"):
            raise ValueError(f"A control cannot be called {key!r}; choose another keyword.")
        if not isinstance(control, Slider | Choice | Whole):
            raise TypeError(
                f"The control {key!r} is {control!r}; give a Slider, a Choice or a Whole."
            )
    return LiveFigure(draw, controls, name, width)
