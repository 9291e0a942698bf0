"""A live widget of the course on a page: its picture, its controls, how it is laid out."""


class LiveWidget:
    """What all live widgets share; `name` is theirs in the CSS classes."""

    name: str

    def __init__(self, lab, name: str | None = None):
        self.page = lab.page
        self.name = name or self.name
        self.picture = f".course-{self.name}-picture img"
        self.page.wait_for_selector(self.picture, timeout=60_000)
        self.page.locator(f".course-{self.name}").evaluate("node => node.scrollIntoView()")

    def source(self) -> str:
        return self.page.locator(self.picture).get_attribute("src")

    def alt(self) -> str:
        return self.page.locator(self.picture).get_attribute("alt")

    def control(self, name: str, inner: str = ""):
        return self.page.locator(f".course-{self.name}-{name} {inner}".strip())

    def type_into(self, name: str, text: str) -> None:
        field = self.control(name, "input")
        field.fill(text)
        field.press("Enter")

    def press(self, slider: str, key: str = "ArrowRight"):
        """What presses a key on a slider's handle, for `assert_changes`."""
        handle = self.control(f"{slider}-slider", ".noUi-handle")
        return lambda: (handle.focus(), handle.press(key))

    def choose(self, name: str, option: str):
        """What chooses one of a row of buttons by keyboard, for `assert_changes`."""
        button = self.control(name).get_by_role("button", name=option, exact=True)
        return lambda: (button.focus(), button.press("Enter"))

    def drag(self, name: str, pixels: float) -> None:
        """Take a slider's handle with the mouse and move it so far to the right."""
        handle = self.control(name, ".noUi-handle")
        handle.scroll_into_view_if_needed()
        box, mouse = handle.bounding_box(), self.page.mouse
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + pixels, y, steps=8)
        mouse.up()

    def count(self, name: str, *, up: bool) -> None:
        """Press a number field's small arrow, at its right edge, with the mouse."""
        field = self.control(name, "input")
        field.hover()  # the arrows show only now
        box = field.bounding_box()
        share = 0.3 if up else 0.7
        field.click(position={"x": box["width"] - 9, "y": share * box["height"]})

    def wait_for_another_picture(self, before: str) -> str:
        self.page.wait_for_function(
            "([selector, before]) => document.querySelector(selector)?.src !== before",
            arg=[self.picture, before],
            timeout=10_000,
        )
        assert self.page.locator(self.picture).evaluate("image => image.naturalWidth") > 0
        return self.source()

    def assert_changes(self, act, alt: str) -> None:
        """Run `act`; another picture comes, its alt text matches, and no message is shown."""
        before = self.source()
        act()
        self.wait_for_another_picture(before)
        self.page.wait_for_function(
            "([selector, words]) => new RegExp(words).test(document.querySelector(selector)?.alt)",
            arg=[self.picture, alt],
            timeout=10_000,
        )
        assert self.control("message").inner_text().strip() == ""

    def assert_laid_out(self, lab, first_control: str, widths: dict[int, bool]) -> None:
        """At each page width no text is cut, and the controls stand beside the picture, or not."""
        for width, beside in widths.items():
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.wait_for_timeout(500)
            whole = self.page.locator(f".course-{self.name}")
            whole.evaluate("node => node.scrollIntoView()")
            lab.screenshot(f"{self.name}-{width}-layout")
            # A text's own width: one that ends in dots scrolls no further than its box.
            cut = whole.evaluate(
                """node => [...node.querySelectorAll(".widget-label, button, .widget-html-content")]
                    .filter((node) => node.clientWidth > 0)
                    .filter((node) => {
                        const text = document.createRange();
                        text.selectNodeContents(node);
                        const style = getComputedStyle(node);
                        const room = node.clientWidth
                            - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
                        return text.getBoundingClientRect().width > room + 1;
                    })
                    .map((node) => node.textContent)"""
            )
            assert cut == []
            assert whole.evaluate("node => node.scrollWidth - node.clientWidth") <= 1
            picture = self.control("picture").bounding_box()
            control = self.control(first_control).bounding_box()
            assert (control["x"] > picture["x"] + picture["width"]) == beside
