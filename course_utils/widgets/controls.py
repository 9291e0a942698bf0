"""What the live widgets share: labeled controls, the mouse on a picture, errors as one line.

Every field has a label, which is its accessible name; each slider follows a field, since a slider's
handle has none.
"""

import html

import ipywidgets

LARGEST_SEED = 999_999
LABELLED = {"description_width": "80px"}
FIELD = "170px"
PAIR = ("amount", "slider")  # what the classes of a field and of its slider begin with


def sentence(error: Exception) -> str:
    """An error as one short line of HTML; the first line of its text is what a learner needs."""
    lines = str(error).strip().splitlines()
    text = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return html.escape(text if len(text) <= 300 else text[:300] + "…")


def note(text: str, role: str) -> str:
    """A line of HTML that a screen reader says by itself: at once for the role "alert", at the next
    pause for "status"."""
    return f'<div role="{role}" style="line-height: 1.4">{text}</div>'


def whole_field(
    label: str, value: int, smallest: int = 0, largest: int = LARGEST_SEED
) -> ipywidgets.BoundedIntText:
    return ipywidgets.BoundedIntText(
        description=label,
        value=value,
        min=smallest,
        max=largest,
        style=LABELLED,
        layout={"width": FIELD},
    )


def choice(label: str, options, value, button_width: str) -> ipywidgets.ToggleButtons:
    """One of a few options, given as (text, value), each a button."""
    # No Dropdown: JupyterLab takes the arrow keys for itself, to go from cell to cell.
    return ipywidgets.ToggleButtons(
        description=label,
        options=options,
        value=value,
        tooltips=[f"{label}: {name}" for name, _ in options],
        style={**LABELLED, "button_width": button_width},
    )


def number_and_slider(label: str, low: float, high: float, step: float, value: float = 0.0):
    """A labeled number field and a slider that follow each other.

    A slider's handle has no accessible name, and no exact value can be typed into it.
    """
    limits = {"value": value, "min": low, "max": high, "step": step}
    field = ipywidgets.BoundedFloatText(
        description=label, **limits, style=LABELLED, layout={"width": FIELD}
    )
    slider = ipywidgets.FloatSlider(**limits, readout=False, layout={"width": "200px"})
    # The browser's slider counts in binary fractions: 0.1 arrives as 0.10000000000000009.
    tidy = (float, lambda value: round(value, 6))
    ipywidgets.link((field, "value"), (slider, "value"), transform=tidy)
    return field, slider


def numbered(fields, sliders) -> dict[str, ipywidgets.Widget]:
    """Names of several pairs of a field and its slider: amount-1, slider-1, amount-2, ..."""
    pairs = enumerate(zip(fields, sliders, strict=True), 1)
    return {f"{kind}-{i}": one for i, pair in pairs for kind, one in zip(PAIR, pair, strict=True)}


def on_press_and_drag(widget: ipywidgets.DOMWidget, act, sliders=()):
    """Call act(across, down, dragging) where the mouse is pressed on a widget or moved pressed.

    across, down: screen pixels from the widget's upper left corner. sliders: those that `act`
    moves. Returns what listens: keep it. Without ipyevents (on Colab), None: there the other
    controls do the same.
    """
    try:
        from ipyevents import Event
    except ImportError:
        return None

    def handle(event: dict) -> None:
        pressed = event["buttons"] == 1 and event["type"] != "mouseleave"
        for slider in sliders:
            # A slider that is moved from here sends the value back, rounded to its step. During a
            # drag that is an old one, which would undo the last move.
            slider.continuous_update = not pressed
        if pressed:
            act(event["relativeX"], event["relativeY"], event["type"] != "mousedown")

    events = Event(
        source=widget,
        watched_events=["mousedown", "mousemove", "mouseup", "mouseleave"],
        prevent_default_action=True,  # nor does the browser drag the picture away
        throttle_or_debounce="throttle",
        wait=40,  # milliseconds
    )
    events.on_dom_event(handle)
    return events


def heading(text: str) -> ipywidgets.HTML:
    return ipywidgets.HTML(f"<b>{text}</b>", layout={"margin": "8px 0 0 0"})


def check_class_names(class_names, num_classes: int) -> tuple[str, ...]:
    """The names of the classes, label 0 first, if there is one for each; else ValueError."""
    if len(class_names) != num_classes:
        raise ValueError(
            f"There are {len(class_names)} class names for {num_classes} classes; give one for "
            "each."
        )
    return tuple(class_names)
