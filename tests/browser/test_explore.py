"""The live sampler in a real browser: every control is pressed, and the picture answers."""

import time

import nbformat
import numpy as np
import pytest
from lab import REPOSITORY, notebook_of
from live_widget import LiveWidget
from running import shortened

from course_utils import plots

pytestmark = pytest.mark.browser

MODEL_CELL = """\
import numpy as np
from course_utils import plots, widgets


class TinyModel:
    latent_size, image_shape = 8, (28, 28, 1)
    weights = np.random.default_rng(1).normal(0, 0.5, (8, 784)).astype("float32")
    broken = False

    def generate(self, latents):
        if self.broken:
            raise RuntimeError("the model is broken" + 20 * " and needs many words")
        pixels = 1 / (1 + np.exp(-latents @ self.weights))
        return pixels.reshape(-1, 28, 28, 1).astype("float32")


model = TinyModel()"""


class Sampler(LiveWidget):
    """The live sampler on a page, as a learner meets it."""

    name = "explore"

    def use_the_keyboard(self) -> None:
        """Each control once, by keyboard."""
        self.control("reset").press("Enter")
        handle = self.control("slider-1", ".noUi-handle")
        handle.focus()
        self.assert_changes(lambda: handle.press("ArrowRight"), r"direction 1 at \+0\.1$")
        assert self.control("amount-1", "input").input_value() == "0.1"
        self.assert_changes(lambda: handle.press("End"), r"direction 1 at \+3$")
        self.assert_changes(lambda: handle.press("Home"), "direction 1 at -3$")
        self.assert_changes(
            lambda: self.type_into("amount-2", "1.5"), r"direction 1 at -3, direction 2 at \+1\.5$"
        )
        self.assert_changes(lambda: self.type_into("amount-2", "99"), r"direction 2 at \+3$")
        for i in range(2, 6):
            handle = self.control(f"slider-{i}", ".noUi-handle")
            handle.focus()
            self.assert_changes(lambda h=handle: h.press("ArrowLeft"), rf"direction {i} at \S+$")
        self.assert_changes(lambda: self.control("reset").press("Enter"), r"seed \d+$")
        self.assert_changes(lambda: self.type_into("seed", "123"), "seed 123$")
        self.assert_changes(lambda: self.control("surprise").press("Enter"), r"seed (?!123$)\d+$")
        for n in ("1", "36", "9"):
            self.assert_changes(
                lambda n=n: self.type_into("num-images", n), f"^{n} generated image"
            )
        self.type_into("other-seed", "7")
        self.assert_changes(lambda: self.type_into("blend", "0.5"), "50 % of the way to seed 7$")
        blend = self.control("blend-slider", ".noUi-handle")
        blend.focus()
        self.assert_changes(lambda: blend.press("ArrowRight"), "55 % of the way to seed 7$")

    def use_the_mouse(self) -> None:
        """Each control once, by mouse."""
        self.control("reset").click()  # a known beginning; the walk may stand anywhere
        self.type_into("seed", "40")
        self.assert_changes(lambda: self.count("seed", up=True), "seed 41$")
        self.assert_changes(lambda: self.count("seed", up=False), "seed 40$")
        for i in range(1, 6):
            self.assert_changes(
                lambda i=i: self.drag(f"slider-{i}", 300), rf"direction {i} at \+3$"
            )
            self.assert_changes(
                lambda i=i: self.count(f"amount-{i}", up=False), rf"direction {i} at \+2\.9$"
            )
        self.assert_changes(self.control("reset").click, "seed 40$")
        self.assert_changes(
            lambda: self.drag("blend-slider", 300), r"100 % of the way to seed \d+$"
        )
        self.assert_changes(lambda: self.count("blend", up=False), "95 % of the way")
        other = int(self.control("other-seed", "input").input_value())
        self.assert_changes(lambda: self.count("other-seed", up=True), f"to seed {other + 1}$")
        self.assert_changes(self.control("reset").click, "seed 40$")
        shown = int(self.control("num-images", "input").input_value())
        self.assert_changes(lambda: self.count("num-images", up=True), f"^{shown + 1} generated")
        self.assert_changes(self.control("surprise").click, r"seed (?!40$)\d+$")

    def play(self, press) -> list[str]:
        """Start the walk between the seeds, see five pictures, stop it; `press` gets the button."""
        button = self.control("play", "button").first
        press(button)
        seen = [self.source()]
        for _ in range(5):
            seen.append(self.wait_for_another_picture(seen[-1]))
        press(button)
        return seen


@pytest.fixture
def tiny(lab):
    """The sampler of a tiny model, in a notebook that has been run."""
    lab.server.add("tiny.ipynb", notebook_of(MODEL_CELL, "widgets.explore(model)", ""))
    lab.open_notebook("tiny.ipynb")
    lab.run_all()
    assert lab.problems() == []
    return Sampler(lab)


def test_every_control_changes_the_picture(tiny, lab):
    lab.screenshot("explore-1280")
    tiny.use_the_keyboard()
    lab.screenshot("explore-1280-used")
    for press in (lambda button: button.press("Enter"), lambda button: button.click()):
        assert len(set(tiny.play(press))) > 3
        time.sleep(0.5)  # what was on its way arrives
        stopped = tiny.source()
        time.sleep(0.5)
        assert tiny.source() == stopped
    tiny.use_the_mouse()
    lab.screenshot("explore-1280-mouse")
    assert lab.console_errors == []


def test_controls_have_names_and_fit_the_page(tiny, lab):
    """Roles and names are what a screen reader announces, as the browser computes them."""
    page = tiny.page
    for name in (*(f"Direction {i}" for i in range(1, 6)), "Seed", "Images", "To seed", "Blend"):
        assert page.get_by_role("spinbutton", name=name, exact=True).count() == 1
    for name in ("Surprise me", "Reset sliders"):
        assert page.get_by_role("button", name=name).count() == 1
    assert page.get_by_role("img", name="16 generated images, seed 0").count() == 1

    tiny.assert_laid_out(lab, "seed", {1280: True, 900: False})


def test_an_error_is_read_in_the_widget(lab):
    cells = (MODEL_CELL, "widgets.explore(model)", "model.broken = True")
    lab.server.add("broken.ipynb", notebook_of(*cells))
    lab.open_notebook("broken.ipynb")
    lab.run_all()
    sampler = Sampler(lab)
    sampler.type_into("seed", "5")
    alert = lab.page.get_by_role("alert").filter(has_text="the model is broken")
    alert.wait_for(timeout=10_000)
    lab.screenshot("explore-error")
    # However long the sentence, it stays below the controls, which stay beside the picture.
    picture = sampler.control("picture").bounding_box()
    assert alert.bounding_box()["x"] > picture["x"] + picture["width"]
    assert alert.bounding_box()["width"] < 400


def test_stored_pictures_show_in_a_notebook_that_is_not_trusted(lab):
    """A fresh clone is not trusted: JupyterLab strips much of its HTML, but not the pictures."""
    image = plots.img_tag(plots.grid_png(np.zeros((2, 8, 8)), scale=4), "Two squares.")
    html = plots.figure_html(image, "Two squares.")
    output = nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": "figure"})
    cell = nbformat.v4.new_code_cell("1", outputs=[output], execution_count=1)
    lab.server.add("stored.ipynb", notebook_of(cell))
    lab.open_notebook("stored.ipynb")
    picture = lab.page.get_by_role("img", name="Two squares.")
    picture.wait_for(timeout=10_000)
    assert picture.evaluate("image => image.naturalWidth") == 68


def test_lesson_06_from_run_all_to_a_moved_slider(lab):
    source = REPOSITORY / "notebooks" / "src" / "06_gan_on_images.py"
    lab.server.add("06_gan_on_images.ipynb", shortened(source, solved=False))
    lab.open_notebook("06_gan_on_images.ipynb")
    lab.run_all(seconds=300)
    assert lab.problems() == []
    sampler = Sampler(lab)
    lab.screenshot("lesson-06")
    sampler.use_the_mouse()
    sampler.use_the_keyboard()
    assert len(set(sampler.play(lambda button: button.click()))) > 3
    lab.screenshot("lesson-06-used")
    assert lab.console_errors == []
