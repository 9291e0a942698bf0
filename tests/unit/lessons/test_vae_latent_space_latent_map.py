"""The map explorer: its controls and the mouse, without a browser."""

import base64
import io
import re
import sys

import numpy as np
import pytest
from PIL import Image

from course_utils import plots
from course_utils.lessons.vae_latent_space import latent_map, pictures
from course_utils.models import vae

NAMES = ("shoe", "shirt", "bag")


def points(n=60, seed=0):
    random = np.random.default_rng(seed)
    return random.standard_normal((n, 2)), np.arange(n) % 3


def clothes(n=60):
    random = np.random.default_rng(1)
    return (random.random((n, 28, 28, 1)) < 0.5).astype(np.uint8) * np.uint8(255)


@pytest.fixture(scope="module")
def model():
    return vae.VAE(latent_size=2, seed=0)


@pytest.fixture
def explorer(model):
    return latent_map.explore_map(model, *points(), clothes(), NAMES)


def images_in(html: str) -> list[np.ndarray]:
    files = re.findall(r"base64,([^\"]+)", html)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(file)))) for file in files]


def caption(explorer) -> str:
    return re.search(r"<figcaption>(.*)</figcaption>", explorer.picture.value).group(1)


def test_it_starts_in_the_middle_with_the_decoded_image(explorer, model):
    assert caption(explorer).startswith("Decoded at x = 0.00, y = 0.00. The nearest test image (")
    decoded, real = images_in(explorer.picture.value)
    expected = plots.to_uint8(model.generate(np.zeros((1, 2))))[0]
    np.testing.assert_array_equal(decoded, expected)
    index = np.linalg.norm(points()[0], axis=1).argmin()
    np.testing.assert_array_equal(real, clothes()[index, :, :, 0])


def test_fields_and_sliders_move_it_and_each_other(explorer, model):
    explorer.x_slider.value = 1.2
    explorer.y.value = -0.77
    assert explorer.x.value == 1.2 and explorer.y_slider.value == -0.77
    assert "x = 1.20, y = -0.77" in caption(explorer)
    decoded, _ = images_in(explorer.picture.value)
    expected = plots.to_uint8(model.generate(np.array([[1.2, -0.77]])))[0]
    np.testing.assert_array_equal(decoded, expected)
    assert explorer.marker.value == pictures.marker_svg(1.2, -0.77)
    assert explorer.message.value == ""


def test_the_nearest_image_agrees_with_a_search_by_hand(explorer):
    positions, labels = points()
    for x, y in ((0.3, -0.2), (-2.0, 1.5), (3.5, 3.5)):
        explorer.x.value, explorer.y.value = x, y
        distances = [np.hypot(*(p - [x, y])) for p in positions]
        index = int(np.argmin(distances))
        assert f"({NAMES[labels[index]]}) lies {distances[index]:.2f} away" in caption(explorer)
        _, real = images_in(explorer.picture.value)
        np.testing.assert_array_equal(real, clothes()[index, :, :, 0])


def mouse(kind: str, across: float, down: float, buttons: int = 1) -> dict:
    """What ipyevents tells of the mouse, as far as it is used."""
    return {"type": kind, "buttons": buttons, "relativeX": across, "relativeY": down}


def test_the_mouse_moves_it_on_the_map(explorer):
    tell = explorer.pointer._dom_handlers
    tell(mouse("mousedown", *pictures.place_on_map(1.2, -0.77)))
    assert (explorer.x.value, explorer.y.value) == (1.2, -0.77)
    assert "x = 1.20, y = -0.77" in caption(explorer)
    tell(mouse("mousemove", *pictures.place_on_map(-1, 2)))
    assert (explorer.x.value, explorer.y.value) == (-1, 2)
    tell(mouse("mousemove", *pictures.place_on_map(3, 3), buttons=0))  # it passes by
    tell(mouse("mousedown", 5, 5))  # on the legend
    tell(mouse("mousedown", *pictures.place_on_map(3, 3), buttons=2))
    assert (explorer.x.value, explorer.y.value) == (-1, 2)
    tell(mouse("mousemove", 0, 600))  # dragged beyond the axes
    assert (explorer.x.value, explorer.y.value) == (-3.5, -3.5)
    assert explorer.message.value == ""


def test_the_sliders_send_nothing_back_while_the_mouse_is_pressed(explorer):
    """Their values, rounded to their step, would arrive late and undo the last move."""
    tell, spot = explorer.pointer._dom_handlers, pictures.place_on_map(1, 2)
    for kind, buttons, live in (
        ("mousedown", 1, False),
        ("mousemove", 1, False),
        ("mouseup", 0, True),
        ("mousemove", 1, False),
        ("mouseleave", 1, True),  # let go where nobody sees it
    ):
        tell(mouse(kind, *spot, buttons=buttons))
        sliders = (explorer.x_slider, explorer.y_slider)
        assert [slider.continuous_update for slider in sliders] == [live, live], kind


def test_one_press_draws_once(explorer, monkeypatch):
    drawn = []
    monkeypatch.setattr(explorer, "_render", lambda: drawn.append(explorer.x.value))
    explorer.pointer._dom_handlers(mouse("mousedown", *pictures.place_on_map(1, 2)))
    assert drawn == [1.0]


def test_without_ipyevents_the_other_controls_remain(model, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipyevents", None)
    without = latent_map.explore_map(model, *points(), clothes(), NAMES)
    assert without.pointer is None
    without.x.value = 0.5
    assert "x = 0.50" in caption(without)


def test_a_grid_of_places_and_beyond(explorer):
    before = explorer.map.value
    for x in (-9.0, -3.5, 0.0, 1.7, 3.5, 9.0):
        for y in (-9.0, -3.5, 0.3, 3.5):
            explorer.x.value, explorer.y.value = x, y
            inside = np.clip([x, y], -3.5, 3.5)
            assert f"x = {inside[0]:.2f}, y = {inside[1]:.2f}" in caption(explorer)
            assert explorer.message.value == ""
    assert explorer.map.value == before  # the map itself is never sent again


def test_a_model_that_fails_says_so_below_the_controls(explorer, monkeypatch):
    def fail(latents):
        raise ValueError("The decoder is broken; train it again.")

    before = explorer.picture.value
    monkeypatch.setattr(explorer, "_model", type("Broken", (), {"generate": staticmethod(fail)})())
    explorer.x.value = 0.5
    assert explorer.picture.value == before
    assert "ValueError: The decoder is broken" in explorer.message.value


def test_a_page_without_a_kernel_gets_map_marker_and_images(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "<map explorer>"
    assert len(images_in(bundle["text/html"])) == 3
    assert explorer.marker.value in bundle["text/html"]
    assert bundle["text/html"].count("<img alt=") == 3


def test_every_control_has_a_name_and_a_class(explorer):
    assert (explorer.x.description, explorer.y.description) == ("x", "y")
    for name in ("x", "y", "x-slider", "y-slider", "map", "marker", "picture", "message"):
        widget = getattr(explorer, name.replace("-", "_"))
        assert f"course-map-{name}" in widget._dom_classes
    assert explorer.y_slider.orientation == "vertical"


def test_an_unfit_explorer_is_refused(model):
    positions, labels = points()
    with pytest.raises(TypeError, match=r"two latents.*this VAE has 3"):
        latent_map.explore_map(vae.VAE(latent_size=3), positions, labels, clothes(), NAMES)
    with pytest.raises(TypeError, match="this str has none"):
        latent_map.explore_map("model", positions, labels, clothes(), NAMES)
    with pytest.raises(ValueError, match="59 images for 60 positions"):
        latent_map.explore_map(model, positions, labels, clothes(59), NAMES)
    with pytest.raises(ValueError, match="limit is 0"):
        latent_map.explore_map(model, positions, labels, clothes(), NAMES, limit=0)
