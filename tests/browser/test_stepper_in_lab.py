"""The GAN stepper in a real browser: every control by mouse and keyboard; the picture answers."""

import re

import pytest
from lab import REPOSITORY, notebook_of
from live_widget import LiveWidget
from running import shortened

pytestmark = pytest.mark.browser

CELL = (
    "from course_utils.lessons.gan_step_by_step import stepper\n\n"
    "game = stepper.gan_stepper()\ngame"
)


class Game(LiveWidget):
    """The stepper on a page, as a learner meets it."""

    name = "stepper"

    def option(self, name: str, text: str):
        return self.control(name).get_by_role("button", name=text, exact=True)

    def updates(self) -> tuple[int, int]:
        found = re.search(
            r"after ([\d,]+) updates of the discriminator and ([\d,]+) of the generator", self.alt()
        )
        return tuple(int(number.replace(",", "")) for number in found.groups())

    def assert_updates(self, press, discriminator: int, generator: int) -> None:
        """What `press` does leads to so many updates of both."""
        words = (
            f"after {discriminator} updates of the discriminator and {generator} of the generator"
        )
        self.assert_changes(press, words)

    def use_the_mouse(self) -> None:
        """Each control once, by mouse; Run and Stop apart. Ends with a new game."""
        self.assert_changes(self.control("generator").click, "of the generator")
        self.assert_updates(self.control("reset").click, 0, 0)
        self.assert_updates(self.control("discriminator").click, 1, 0)
        self.assert_updates(self.control("generator").click, 1, 1)
        made = 1
        for count in (10, 50, 1):
            self.option("per-click", str(count)).click()
            made += count
            self.assert_updates(self.control("discriminator").click, made, 1)
        for player in ("discriminator", "generator"):
            rate = self.control(f"{player}-rate", "input")
            before = float(rate.input_value())
            self.count(f"{player}-rate", up=True)
            assert float(rate.input_value()) == pytest.approx(before + 0.0005)
            self.count(f"{player}-rate", up=False)
            assert float(rate.input_value()) == pytest.approx(before)
        for name in ("moons", "line", "grid", "ring"):
            self.assert_changes(self.option("target", name).click, f"^Target {name}")
        for name in ("minimax", "least-squares", "hinge", "non-saturating"):
            self.assert_changes(self.option("loss", name).click, f"{name} loss")
        self.type_into("seed", "40")
        self.assert_changes(lambda: self.count("seed", up=True), "seed 41,")
        self.assert_changes(lambda: self.count("seed", up=False), "seed 40,")

    def use_the_keyboard(self) -> None:
        """Each control once, by keyboard; Run and Stop apart. Ends in the middle of a game."""
        self.assert_changes(lambda: self.control("generator").press("Space"), "of the generator")
        self.assert_updates(lambda: self.control("reset").press("Enter"), 0, 0)
        for name in ("moons", "line", "grid", "ring"):
            press = self.option("target", name).press
            self.assert_changes(lambda press=press: press("Enter"), f"^Target {name}")
        for name in ("minimax", "least-squares", "hinge", "non-saturating"):
            press = self.option("loss", name).press
            self.assert_changes(lambda press=press: press("Space"), f"{name} loss")
        self.assert_changes(lambda: self.type_into("seed", "12"), "seed 12,")
        made = 0
        for count in (10, 50, 1):
            self.option("per-click", str(count)).press("Enter")
            made += count
            self.assert_updates(lambda: self.control("discriminator").press("Enter"), made, 0)
        for player, rate in (("discriminator", "0.01"), ("generator", "0.005")):
            self.type_into(f"{player}-rate", rate)
            assert self.control(f"{player}-rate", "input").input_value() == rate
        self.assert_updates(lambda: self.control("generator").press("Space"), made, 1)

    def run_and_stop(self, key: str | None) -> None:
        """Run until some pictures have come, then stop: by mouse, or with a key."""
        run, stop = self.control("run"), self.control("stop")
        before = self.updates()
        run.press(key) if key else run.click()
        for _ in range(4):
            self.wait_for_another_picture(self.source())
        assert run.inner_text().strip() == "Running"
        stop.press(key) if key else stop.click()
        self.page.wait_for_function(
            """() => document.querySelector(".course-stepper-run").innerText.trim() === "Run" """
        )
        self.page.wait_for_timeout(500)
        stopped = self.source()
        after = self.updates()
        assert after[0] - before[0] == after[1] - before[1] >= 40
        self.page.wait_for_timeout(700)
        assert self.source() == stopped and self.control("message").inner_text().strip() == ""


@pytest.fixture
def game(lab):
    lab.server.add("stepper.ipynb", notebook_of(CELL, ""))
    lab.open_notebook("stepper.ipynb")
    lab.run_all()
    assert lab.problems() == []
    return Game(lab)


def test_every_control_by_mouse_and_keyboard(game, lab):
    lab.screenshot("stepper-1280")
    game.use_the_mouse()
    game.run_and_stop(None)
    game.use_the_keyboard()
    game.run_and_stop("Enter")
    lab.screenshot("stepper-1280-used")
    assert lab.console_errors == []


def test_controls_have_names_follow_each_other_and_fit_the_page(game, lab):
    page = game.page
    for name in ("Seed", "D's rate", "G's rate"):
        assert page.get_by_role("spinbutton", name=name, exact=True).count() == 1
    options = ("ring", "grid", "moons", "line", "minimax", "non-saturating", "hinge", "1", "50")
    buttons = ("Update D", "Update G", "Run", "Stop", "Reset", *options)
    for name in buttons:
        # An icon counts as a character of the name.
        named = re.compile(rf"^\W*{name}$")
        assert page.locator(".course-stepper").get_by_role("button", name=named).count() == 1
    assert page.get_by_role("img", name=re.compile("^Target ring, non-saturating loss")).count()

    game.option("target", "ring").focus()
    reached = []
    for _ in range(18):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => document.activeElement.closest("[class*='course-stepper-']")?.className
                    .match(/course-stepper-([a-z-]+)/)[1]"""
            )
        )
    assert list(dict.fromkeys(reached)) == [
        *("target", "loss", "seed", "discriminator-rate", "generator-rate", "per-click"),
        *("discriminator", "generator", "run", "stop", "reset"),
    ]

    game.assert_laid_out(lab, "target", {1280: True, 850: False})


def test_a_broken_game_is_said_in_the_widget(lab):
    breaking = (
        "network = game.game.generator\n"
        "network.set_weights([weight * float('nan') for weight in network.get_weights()])"
    )
    lab.server.add("broken.ipynb", notebook_of(CELL, breaking))
    lab.open_notebook("broken.ipynb")
    lab.run_all()
    game = Game(lab)
    game.control("run").click()
    alert = lab.page.get_by_role("alert").filter(has_text="smaller learning rates and press Reset")
    alert.wait_for(timeout=10_000)
    lab.screenshot("stepper-error")
    game.control("reset").click()
    alert.wait_for(state="detached", timeout=10_000)
    game.assert_changes(lambda: game.control("discriminator").click(), "after 1 updates")
    assert lab.console_errors == []


def test_lesson_05_from_run_all_to_a_running_game(lab):
    source = REPOSITORY / "notebooks" / "src" / "05_gan_step_by_step.py"
    lab.server.add("05_gan_step_by_step.ipynb", shortened(source, solved=False))
    lab.open_notebook("05_gan_step_by_step.ipynb")
    lab.run_all(seconds=300)
    assert lab.problems() == []
    game = Game(lab)
    lab.screenshot("lesson-05")
    game.use_the_mouse()
    game.use_the_keyboard()
    game.run_and_stop("Enter")
    lab.screenshot("lesson-05-used")
    assert lab.console_errors == []
