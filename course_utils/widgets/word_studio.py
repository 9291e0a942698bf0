"""The word studio: type a prompt and see noise turn into pictures of it, mix two prompts, save.

Learners reach it through `widgets`. What words mean is the model's business.
"""

import html
import warnings
from collections.abc import Iterator
from pathlib import Path

import ipywidgets
import numpy as np

from course_utils import plots
from course_utils.base import files
from course_utils.base.arguments import check_name, check_real, check_whole
from course_utils.models.latent_space import draw_latents
from course_utils.models.words import check_text, shortened
from course_utils.widgets.controls import (
    LABELLED,
    LARGEST_SEED,
    choice,
    heading,
    note,
    number_and_slider,
    sentence,
    whole_field,
)
from course_utils.widgets.explorer import PICTURE_SIDE
from course_utils.widgets.live import LivePicture
from course_utils.widgets.sheets import safe_name, save_sheet

LARGEST_GUIDANCE = 8.0
MOST_IMAGES = 16
COLUMNS = 4
NUM_STEPS = 16  # from noise to a picture
SHOWN_EVERY = 4  # steps, while it is drawn: of the stages 0, 4, 8, 12 and 16
ANY_DESIGN, ANYTHING = "any", "any emoji"  # what the model draws when it is told nothing

_NAME_LENGTH = 30  # characters of a prompt in a file's name: Chinese ones have 3 of its 255 bytes


class WordStudio(LivePicture):
    """What `word_studio` returns: the picture, its controls, and a line for what is to be said.

    Controls are attributes (`prompt`, `design`, `guidance`, `guidance_slider`, `seed`, `surprise`,
    `num_images`, `other`, `share`, `share_slider`, `save`), and so is `saved`, the line below them.
    `images` (n, height, width, channels) is what the picture shows; `folder` is where sheets go.
    """

    plain_text = "<word studio>"

    def __init__(self, model, prompt, *, design, guidance, num_images, seed, folder):
        self._model = model
        self.folder = folder
        self._make_controls(prompt, design, guidance, num_images, seed)
        with _warned() as caught:
            super().__init__("word-studio", self._rows(), self._named(), PICTURE_SIDE)
        self._pass_on(caught)
        self._connect()

    def _make_controls(self, prompt, design, guidance, num_images, seed) -> None:
        designs = [(name, name) for name in (ANY_DESIGN, *self._model.designs)]
        self.prompt = _text_field("Prompt", prompt, ANYTHING)
        self.design = choice("Design", designs, design or ANY_DESIGN, "auto")
        limits = 0.0, LARGEST_GUIDANCE, 0.1, guidance
        self.guidance, self.guidance_slider = number_and_slider("Guidance", *limits)
        self.seed = whole_field("Seed", seed)
        self.surprise = ipywidgets.Button(description="Surprise me", icon="random")
        self.num_images = whole_field("Images", num_images, smallest=1, largest=MOST_IMAGES)
        self.other = _text_field("Mix with", "", "another prompt")
        self.share, self.share_slider = number_and_slider("Share", 0.0, 1.0, 0.05, 0.5)
        self.save = ipywidgets.Button(description="Save as PNG", icon="save")
        self.saved = ipywidgets.HTML()

    def _named(self) -> dict[str, ipywidgets.Widget]:
        names = "prompt design guidance guidance_slider seed surprise num_images other share"
        names = [*names.split(), "share_slider", "save", "saved"]
        return {name: getattr(self, name) for name in names}

    def _rows(self) -> list[ipywidgets.Widget]:
        row = ipywidgets.HBox
        return [
            self.prompt,
            self.design,
            row([self.guidance, self.guidance_slider]),
            row([self.seed, self.surprise]),
            row([self.num_images, self.save]),
            self.saved,
            heading("Mix two prompts"),
            self.other,
            row([self.share, self.share_slider]),
        ]

    def _connect(self) -> None:
        for control in (self.prompt, self.design, self.seed, self.num_images, self.other):
            control.observe(self._watch, "value")
        # On the way of a slider noise would flicker between pictures that are to be compared.
        self.guidance.observe(self._update, "value")
        self.share.observe(self._mix, "value")
        self.surprise.on_click(self._surprise)
        self.save.on_click(self._save)

    # ---- what is drawn ---------------------------------------------------------------------------

    def _parts(self) -> list[tuple[str, float]]:
        """The prompts that are drawn, each with its share; two only where they are mixed."""
        prompt, other = self.prompt.value.strip(), self.other.value.strip()
        share = self.share.value if other and other != prompt else 0.0
        return [(text, part) for text, part in ((prompt, 1 - share), (other, share)) if part > 0]

    def vectors(self) -> np.ndarray:
        """The vector (1, k) of what the controls say: of the prompt, or the mix of two."""
        prompts, shares = zip(*self._parts(), strict=True)
        design = None if self.design.value == ANY_DESIGN else self.design.value
        vectors = self._model.encode_prompts(prompts, design)
        return sum(share * vectors[i : i + 1] for i, share in enumerate(shares))

    def stages(self) -> Iterator[np.ndarray]:
        """The stages (n, height, width, channels) from noise to what the controls say."""
        latents = draw_latents(self.num_images.value, self._model.latent_shape, self.seed.value)
        settings = {"guidance": self.guidance.value, "num_steps": NUM_STEPS}
        return self._model.stages(latents, self.vectors(), **settings)

    def description(self) -> str:
        """In words what the controls say: the picture's caption and alt text."""
        n = self.num_images.value
        parts = [(shortened(text) if text else ANYTHING, part) for text, part in self._parts()]
        mixed = " and ".join(f"{100 * part:.3g} % {text}" for text, part in parts)
        told = [
            f"{n} picture{'' if n == 1 else 's'} of {mixed if len(parts) > 1 else parts[0][0]}",
            f"{self.design.value} design",
            f"guidance {self.guidance.value:g}",
            f"seed {self.seed.value}",
        ]
        return ", ".join(told)

    def _render(self, watched: bool = False) -> None:
        """Draw what the controls say; `watched` shows how it comes to be."""
        description = self.description()
        for step, images in enumerate(self.stages()):
            if step == NUM_STEPS or (watched and step % SHOWN_EVERY == 0):
                begin = "" if step == NUM_STEPS else f"Step {step} of {NUM_STEPS}: "
                side = {"columns": COLUMNS, "side": PICTURE_SIDE}
                self._show(plots.pixels_figure(images, begin + description, **side))
        self.images, self._sheet_name = images, self._name()
        self.saved.value = ""

    def _name(self) -> str:
        """Of a file: the prompts, in percent where there are two, the design and the seed."""
        told = []
        for text, part in self._parts():
            percent = f" {100 * part:.0f}" if part < 1 else ""
            told.append((text[:_NAME_LENGTH] or ANYTHING) + percent)
        told += [self.design.value] if self.design.value != ANY_DESIGN else []
        return safe_name(" ".join([*told, f"seed {self.seed.value}"]))

    # ---- what controls do ------------------------------------------------------------------------

    def _try(self, act) -> bool:
        """As for every live picture; and a warning, such as of unknown words, is passed on."""
        before = self.picture.value
        with _warned() as caught:
            drawn = super()._try(act)
        if drawn:
            self._pass_on(caught)
        else:
            self.picture.value = before  # and not a stage on the way
        return drawn

    def _pass_on(self, caught) -> None:
        texts = [str(one.message) for one in caught if issubclass(one.category, UserWarning)]
        if texts:
            text = " ".join(dict.fromkeys(texts))
            self.message.value = note(html.escape(text), "status")

    def _watch(self, _change=None) -> None:
        self._try(lambda: self._render(watched=True))

    def _mix(self, _change=None) -> None:
        if self.other.value.strip():
            self._update()
        else:
            self.message.value = note("Type another prompt to mix with first.", "status")

    def _surprise(self, _button=None) -> None:
        step = np.random.default_rng().integers(1, LARGEST_SEED + 1)  # so it is another seed
        self.seed.value = int(self.seed.value + step) % (LARGEST_SEED + 1)

    def _save(self, _button=None) -> None:
        """Save what is shown, whatever was typed since and could not be drawn."""
        try:
            path = save_sheet(self.images, self.folder, self._sheet_name, COLUMNS)
        except Exception as error:  # it would end up in a log that nobody reads
            self.saved.value = note(f"<b>Not saved.</b> {sentence(error)}", "alert")
        else:
            self.saved.value = note(f"Saved: {html.escape(str(path))}", "status")


def _warned():
    """Record the warnings of what stands below it, each time."""
    return warnings.catch_warnings(record=True, action="always", category=UserWarning)


def _text_field(label: str, value: str, placeholder: str) -> ipywidgets.Text:
    """A line of text that counts once Enter is pressed or the field is left."""
    return ipywidgets.Text(
        description=label,
        value=value,
        placeholder=placeholder,
        continuous_update=False,
        style=LABELLED,
        layout={"width": "376px"},
    )


def word_studio(
    model,
    prompt: str = "black cat",
    *,
    design: str | None = None,
    guidance: float = 2.5,
    num_images: int = 8,
    seed: int = 0,
    folder: str | Path | None = None,
) -> WordStudio:
    """A live studio of a model that draws what words say, such as `text_to_image.TextToImage`.

    prompt: what is drawn first, English or Chinese; "" is any emoji. design: one of the model's;
    None leaves it to chance. guidance: 0 to 8, as for `model.sample`. num_images: 1 to 16, of the
    seed. folder: where sheets are saved; `files.user_data() / "pictures"` by default.

    A prompt that cannot be drawn gets one sentence; the picture of before stays.
    """
    if not (hasattr(model, "encode_prompts") and hasattr(model, "stages")):
        raise TypeError(
            "word_studio needs a model that draws what words say, such as "
            f"text_to_image.TextToImage(); this is {type(model).__name__}."
        )
    if design is not None:
        check_name("design", design, model.designs)
    return WordStudio(
        model,
        check_text(prompt),
        design=design,
        guidance=check_real("guidance", guidance, 0, LARGEST_GUIDANCE),
        num_images=check_whole("num_images", num_images, 1, MOST_IMAGES),
        seed=check_whole("seed", seed, 0, LARGEST_SEED),
        folder=files.user_data() / "pictures" if folder is None else folder,
    )
