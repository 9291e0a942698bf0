"""The map explorer and the pictures of the betas, without a browser."""

import base64
import io
import re
import sys
import time

import numpy as np
import pytest
from PIL import Image

from course_utils import plots, widgets
from course_utils.lessons.vae_latent_space import betas, latent_map
from course_utils.models import vae

NAMES = ("shoe", "shirt", "bag")


def points(n=60, seed=0):
    random = np.random.default_rng(seed)
    return random.standard_normal((n, 2)), np.arange(n) % 3


def pictures(n=60):
    random = np.random.default_rng(1)
    return (random.random((n, 28, 28, 1)) < 0.5).astype(np.uint8) * np.uint8(255)


@pytest.fixture(scope="module")
def model():
    return vae.VAE(latent_size=2, seed=0)


@pytest.fixture
def explorer(model):
    return latent_map.explore_map(model, *points(), pictures(), NAMES)


def images_in(html: str) -> list[np.ndarray]:
    files = re.findall(r"base64,([^\"]+)", html)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(file)))) for file in files]


def caption(explorer) -> str:
    return re.search(r"<figcaption>(.*)</figcaption>", explorer.picture.value).group(1)


# --- the map


def test_places_lie_where_the_axes_say():
    left, top, width, height = latent_map.MAP_BOX
    limit = latent_map.LIMIT
    assert latent_map.place_on_map(-limit, limit) == (left, top)
    assert latent_map.place_on_map(limit, -limit) == (left + width, top + height)
    across, down = latent_map.place_on_map(1.0, 1.0)
    assert across > left + width / 2 and down < top + height / 2  # y points up


@pytest.mark.parametrize("limit", [latent_map.LIMIT, 1.0])
def test_pointing_at_a_place_is_place_on_map_backwards(limit):
    random = np.random.default_rng(0)
    for x, y in random.uniform(-limit, limit, (20, 2)):
        found = latent_map.latents_at(*latent_map.place_on_map(x, y, limit), limit)
        assert found == pytest.approx((x, y))
    left, top, width, height = latent_map.MAP_BOX
    beside = [(left - 1, top + 9), (left + width + 1, top + 9), (left + 9, top - 1)]
    for place in [*beside, (left + 9, top + height + 1)]:
        assert latent_map.latents_at(*place, limit) is None
        x, y = latent_map.latents_at(*place, limit, clip=True)
        assert max(abs(x), abs(y)) == pytest.approx(limit)


def test_the_picture_shows_a_point_where_place_on_map_says():
    """The marker and Matplotlib agree: one point, drawn with and without, changes that place."""
    place = np.array([[2.0, -1.5]])
    far = np.array([[-3.4, 3.4]])
    with_it, without = (
        np.asarray(
            Image.open(io.BytesIO(latent_map.map_png(where, [0], NAMES[:1]))).convert("L"), float
        )
        for where in (place, far)
    )
    scale = with_it.shape[1] / latent_map.MAP_WIDTH
    assert with_it.shape[0] / scale == pytest.approx(latent_map.MAP_HEIGHT, abs=1)
    left, _, width, _ = latent_map.MAP_BOX
    difference = np.abs(with_it - without)
    difference[:, : round(scale * (left + width / 2))] = 0  # the other point
    rows, columns = np.nonzero(difference > 60)
    across, down = latent_map.place_on_map(*place[0])
    assert columns.mean() / scale == pytest.approx(across, abs=1)
    assert rows.mean() / scale == pytest.approx(down, abs=1)


def test_every_kind_has_a_color_and_marker_of_its_own():
    looks = {
        (plots.COLORS[kind % len(plots.COLORS)], marker)
        for kind, marker in enumerate(latent_map.MARKERS)
    }
    assert len(looks) == len(set(latent_map.MARKERS)) == 10


def test_a_map_is_a_figure_with_its_caption_as_alt_text():
    figure = latent_map.map_figure(*points(), NAMES, "Three kinds, well mixed.")
    assert 'alt="Three kinds, well mixed."' in figure.content
    (picture,) = images_in(figure.content)
    assert picture.shape[1] == pytest.approx(1.5 * latent_map.MAP_WIDTH, abs=2)


def test_only_the_first_points_of_each_kind_are_drawn():
    positions, labels = points(600)
    some = latent_map.map_png(positions, labels, NAMES, per_kind=20)
    assert some == latent_map.map_png(positions[:60], labels[:60], NAMES)


def test_the_marker_is_at_its_place():
    svg = latent_map.marker_svg(1.0, -2.0)
    across, down = latent_map.place_on_map(1.0, -2.0)
    assert svg.count(f'cx="{across:.1f}" cy="{down:.1f}"') == 2
    assert f'width="{latent_map.MAP_WIDTH}"' in svg and 'aria-hidden="true"' in svg


def test_the_nearest_agrees_with_a_search_by_hand():
    positions, _ = points()
    index, distance = latent_map.nearest(positions, 0.3, -0.2)
    distances = [np.hypot(*(p - [0.3, -0.2])) for p in positions]
    assert index == int(np.argmin(distances)) and distance == pytest.approx(min(distances))


@pytest.mark.parametrize(
    ("positions", "labels", "names", "words"),
    [
        (np.zeros((4, 3)), np.zeros(4, int), NAMES, r"shape \(4, 3\); give \(n, 2\)"),
        (np.zeros((0, 2)), np.zeros(0, int), NAMES, r"shape \(0, 2\)"),
        (np.full((4, 2), np.nan), np.zeros(4, int), NAMES, "NaN or infinity"),
        (np.zeros((4, 2)), np.zeros(3, int), NAMES, "give 4 whole numbers"),
        (np.zeros((4, 2)), np.zeros(4), NAMES, "float64 of shape"),
        (np.zeros((4, 2)), np.full(4, 3), NAMES, "from 3 to 3, but there are names for 0 to 2"),
        (np.zeros((4, 2)), np.full(4, -1), NAMES, "from -1 to -1"),
        (np.zeros((4, 2)), np.zeros(4, int), (), "There are 0 names"),
        (np.zeros((4, 2)), np.zeros(4, int), "abcdefghijk", "There are 11 names"),
    ],
)
def test_unfit_points_are_refused(positions, labels, names, words):
    with pytest.raises(ValueError, match=words):
        latent_map.map_png(positions, labels, names)


@pytest.mark.parametrize("limit", [0, -1.0, np.inf, "3", True])
def test_an_unfit_limit_is_refused(limit):
    with pytest.raises(ValueError, match="limit is"):
        latent_map.map_png(*points(), NAMES, limit)


# --- the explorer


def test_it_starts_in_the_middle_with_the_decoded_image(explorer, model):
    assert caption(explorer).startswith("Decoded at x = 0.00, y = 0.00. The nearest test image (")
    decoded, real = images_in(explorer.picture.value)
    expected = plots.to_uint8(model.generate(np.zeros((1, 2))))[0]
    np.testing.assert_array_equal(decoded, expected)
    index, _ = latent_map.nearest(points()[0], 0, 0)
    np.testing.assert_array_equal(real, pictures()[index, :, :, 0])


def test_fields_and_sliders_move_it_and_each_other(explorer, model):
    explorer.x_slider.value = 1.2
    explorer.y.value = -0.77
    assert explorer.x.value == 1.2 and explorer.y_slider.value == -0.77
    assert "x = 1.20, y = -0.77" in caption(explorer)
    decoded, _ = images_in(explorer.picture.value)
    expected = plots.to_uint8(model.generate(np.array([[1.2, -0.77]])))[0]
    np.testing.assert_array_equal(decoded, expected)
    assert explorer.marker.value == latent_map.marker_svg(1.2, -0.77)
    assert explorer.message.value == ""


def mouse(kind: str, across: float, down: float, buttons: int = 1) -> dict:
    """What ipyevents tells of the mouse, as far as it is used."""
    return {"type": kind, "buttons": buttons, "relativeX": across, "relativeY": down}


def test_the_mouse_moves_it_on_the_map(explorer):
    tell = explorer.pointer._dom_handlers
    tell(mouse("mousedown", *latent_map.place_on_map(1.2, -0.77)))
    assert (explorer.x.value, explorer.y.value) == (1.2, -0.77)
    assert "x = 1.20, y = -0.77" in caption(explorer)
    tell(mouse("mousemove", *latent_map.place_on_map(-1, 2)))
    assert (explorer.x.value, explorer.y.value) == (-1, 2)
    tell(mouse("mousemove", *latent_map.place_on_map(3, 3), buttons=0))  # it passes by
    tell(mouse("mousedown", 5, 5))  # on the legend
    tell(mouse("mousedown", *latent_map.place_on_map(3, 3), buttons=2))
    assert (explorer.x.value, explorer.y.value) == (-1, 2)
    tell(mouse("mousemove", 0, 600))  # dragged beyond the axes
    assert (explorer.x.value, explorer.y.value) == (-3.5, -3.5)
    assert explorer.message.value == ""


def test_one_press_draws_once(explorer, monkeypatch):
    drawn = []
    monkeypatch.setattr(explorer, "_render", lambda: drawn.append(explorer.x.value))
    explorer.pointer._dom_handlers(mouse("mousedown", *latent_map.place_on_map(1, 2)))
    assert drawn == [1.0]


def test_without_ipyevents_the_other_controls_remain(model, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipyevents", None)
    without = latent_map.explore_map(model, *points(), pictures(), NAMES)
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


def test_a_move_takes_at_most_20_ms_of_the_processor(explorer):
    """The kernel's processor time, which other work on the machine changes little."""
    explorer.x.value = 0.1
    times = []
    for step in range(60):
        start = time.process_time()
        explorer.x.value = -3 + step / 10
        times.append(time.process_time() - start)
    assert np.median(times) < 0.020


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
        latent_map.explore_map(vae.VAE(latent_size=3), positions, labels, pictures(), NAMES)
    with pytest.raises(TypeError, match="this str has none"):
        latent_map.explore_map("model", positions, labels, pictures(), NAMES)
    with pytest.raises(ValueError, match="59 images for 60 positions"):
        latent_map.explore_map(model, positions, labels, pictures(59), NAMES)
    with pytest.raises(ValueError, match="limit is 0"):
        latent_map.explore_map(model, positions, labels, pictures(), NAMES, limit=0)


# --- the betas


@pytest.fixture(scope="module", name="drawn_betas")
def made_betas():
    models = {name: vae.VAE(latent_size=4, beta=float(name), seed=0) for name in ("1", "4")}
    kl = {"1": np.array([0.5, 2.0, 1.0, 0.0]), "4": np.array([0.0, 0.0, 0.0, 3.0])}
    return betas.BetaPictures(models, kl, pictures(6)), models


def test_four_rows_for_every_beta_and_rank(drawn_betas):
    drawn, models = drawn_betas
    for beta in models:
        for rank in (1, 2, 3, 4, 4.0):
            figure = drawn.draw(beta, rank)
            (picture,) = images_in(figure.content)
            assert picture.shape == (4 * 29 - 1, 6 * 29 - 1)
            assert f"beta {beta}" in figure.caption and f"rank {int(rank)} moves" in figure.caption


def test_ranks_follow_the_kl_terms(drawn_betas):
    drawn, models = drawn_betas
    assert "carries 2.00 of 3.5 nats" in drawn.draw("1", 1).caption
    assert "carries 0.00 of 3.5 nats" in drawn.draw("1", 4).caption
    (picture,) = images_in(drawn.draw("1", 1).content)
    code = models["1"].encode(pictures(6))[0][0]
    swept = models["1"].generate(betas.sweep(code, 1, 6))  # latent 1 has the largest term
    np.testing.assert_array_equal(picture[-28:, :28], plots.to_uint8(swept)[0])
    np.testing.assert_array_equal(picture[:28, :28], pictures(6)[0, :, :, 0])


def test_it_answers_as_a_live_figure(drawn_betas):
    drawn, models = drawn_betas
    live = widgets.live_figure(
        drawn.draw,
        {
            "beta": widgets.Choice("beta", tuple(models), "1"),
            "rank": widgets.Whole("Rank", 1, 4, 1),
        },
    )
    live.fields["rank"].value = 3
    live.fields["beta"].value = "4"
    assert "beta 4: test images" in live.picture.value and live.message.value == ""


@pytest.mark.parametrize(
    ("beta", "rank", "words"),
    [
        ("2", 1, "no '2'; choose one of 1, 4"),
        ("1", 0, "rank is 0; give a whole number from 1 to 4"),
        ("1", 5, "rank is 5"),
        ("1", 1.5, "rank is 1.5"),
    ],
)
def test_an_unfit_choice_is_refused(drawn_betas, beta, rank, words):
    with pytest.raises(ValueError, match=words):
        betas[0].draw(beta, rank)


def test_unfit_models_and_terms_are_refused(drawn_betas):
    _, models = drawn_betas
    with pytest.raises(ValueError, match=r"models for \['1', '4'\] and KL terms for \['1'\]"):
        betas.BetaPictures(models, {"1": np.zeros(4)}, pictures(6))
    with pytest.raises(ValueError, match="at least one"):
        betas.BetaPictures({}, {}, pictures(6))
    for terms in (np.zeros(3), np.full(4, np.nan)):
        with pytest.raises(ValueError, match="give 4 finite numbers"):
            betas.BetaPictures({"1": models["1"]}, {"1": terms}, pictures(6))


def test_a_sweep_moves_one_latent_and_leaves_the_code():
    code = np.array([1.0, 2.0, 3.0])
    moved = betas.sweep(code, 2, 5)
    assert moved.dtype == np.float32 and moved.shape == (5, 3)
    np.testing.assert_array_equal(moved[:, :2], np.tile([1.0, 2.0], (5, 1)))
    np.testing.assert_allclose(moved[:, 2], [-2.5, -1.25, 0, 1.25, 2.5])
    np.testing.assert_array_equal(code, [1, 2, 3])
