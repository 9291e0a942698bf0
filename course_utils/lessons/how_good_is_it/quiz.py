"""The quiz of lesson 14: real pictures among generated ones, one at a time; which is which?

Owns the controls, the choice of the pictures and the sheet; what the answers say is `quiz_results`.
"""

from collections.abc import Callable, Mapping

import ipywidgets
import numpy as np

from course_utils import plots
from course_utils.base.arguments import check_real, check_whole
from course_utils.data.images import as_floats, check_images
from course_utils.lessons.how_good_is_it import quiz_results
from course_utils.lessons.how_good_is_it.quiz_results import REAL, Results
from course_utils.widgets.controls import heading, note
from course_utils.widgets.live import WidePicture

__all__ = ["Quiz", "real_or_fake"]

FEWEST_MODELS, MOST_MODELS = 2, 4
_SIDE = 280  # of the picture that is judged, in screen pixels
_COLUMNS = 4  # of the sheet: on a narrow page there is room for its words too
_WIDE = {"flex_flow": "row wrap", "width": "100%"}
_ANSWERS = {True: "real", False: "generated"}


class Quiz(WidePicture):
    """What `real_or_fake` returns: a picture, two answers, and at the end what each picture was.

    Controls are attributes: the buttons `real`, `generated`, `undo` and `afresh`. `answers` says
    of each picture so far whether it was taken for real; `images` are all pictures of this round in
    their order, as they are shown: float32, (num_pictures, height, width, channels). `seed` is the
    round's, one more for each fresh start.
    """

    plain_text = "<real-or-fake quiz>"
    failed = "Not shown."

    def __init__(self, pictures: Mapping, num_pictures: int, seed: int, distances, name: str):
        self._pictures, self._distances = pictures, distances
        self.num_pictures, self.seed = num_pictures, seed
        self._begin()
        self._make_controls()
        named = {
            key: getattr(self, key)
            for key in ("real", "generated", "undo", "afresh", "count", "verdict")
        }
        super().__init__(name, [self.verdict], named, 980)
        for answer, button in ((True, self.real), (False, self.generated)):
            button.on_click(lambda _, answer=answer: self._answer(answer))
        self.undo.on_click(self._take_back)
        self.afresh.on_click(self._start_afresh)

    # ---- arrangement

    def _make_controls(self) -> None:
        self.real = ipywidgets.Button(description="Real", tooltip="It is from the data set")
        self.generated = ipywidgets.Button(description="Generated", tooltip="A model drew it")
        self.undo = ipywidgets.Button(description="Undo", icon="undo", tooltip="One answer back")
        self.afresh = ipywidgets.Button(
            description="Start afresh", icon="refresh", tooltip="Other pictures, no answers"
        )
        self.count, self.verdict = ipywidgets.HTML(), ipywidgets.HTML()

    def _above(self) -> list[ipywidgets.Widget]:
        # Above the picture, where the sheet at the end does not move them.
        buttons = [self.real, self.generated, self.undo, self.afresh]
        question = "Is this picture real, from the data set, or did a model generate it?"
        return [heading(question), ipywidgets.Box(buttons, layout=_WIDE), self.count]

    # ---- the round

    def _begin(self) -> None:
        """The pictures of the seed, in their order, and no answers."""
        rng = np.random.default_rng(self.seed)
        half = self.num_pictures // 2
        each = half // (len(self._pictures) - 1)
        sources, chosen = [], []
        for name, pictures in self._pictures.items():
            count = half if name == REAL else each
            sources += count * [name]
            chosen.append(pictures[rng.choice(len(pictures), count, replace=False)])
        order = rng.permutation(self.num_pictures)
        self._sources = [sources[i] for i in order]
        self.images = as_floats(np.concatenate(chosen)[order])
        self.answers: list[bool] = []

    @property
    def is_over(self) -> bool:
        """Whether all pictures were judged."""
        return len(self.answers) == self.num_pictures

    def results(self) -> Results:
        """What the answers say, once all pictures were judged; before, RuntimeError."""
        if not self.is_over:
            raise RuntimeError(
                f"{len(self.answers)} of {self.num_pictures} pictures are judged; judge them all "
                "first, or let play(judge) do it."
            )
        models = [name for name in self._pictures if name != REAL]
        return quiz_results.count_answers(self._sources, self.answers, models, self._distances)

    def play(self, judge: Callable[[np.ndarray], bool]) -> Results:
        """Let a function answer instead of a person, all pictures of this round; the results.

        judge: function(image) -> True if it takes it for real; the image is float32, (height,
            width, channels) in [0, 1], with no finer steps than the screen shows
        """
        answers = []
        for number, image in enumerate(self.images, 1):
            answer = np.asarray(judge(image.copy()))
            if answer.dtype != bool or answer.size != 1:
                raise TypeError(
                    f"The judge's answer to picture {number} is {answer.tolist()!r}; let it return "
                    "True if it takes the picture for real, else False."
                )
            answers.append(bool(answer.reshape(())))
        self.answers = answers
        self._render()
        return self.results()

    # ---- what is shown, all of it from the round and the answers

    def _render(self) -> None:
        judged = len(self.answers)
        text = f"Judged: {judged} of {self.num_pictures}"
        if self.is_over:
            results = self.results()
            self._show(self._sheet_figure())
            text += f", right: {results.right.successes}"
        else:
            caption = f"Picture {judged + 1} of {self.num_pictures}"
            self._show(plots.pixels_figure(self.images[judged : judged + 1], caption, side=_SIDE))
        self.verdict.value = quiz_results.results_html(results) if self.is_over else ""
        self.count.value = note(f"{text}.", "status")
        self.real.disabled = self.generated.disabled = self.is_over
        # Once it is known what each was, no answer is taken back.
        self.undo.disabled = self.is_over or not judged

    def _sheet_figure(self) -> plots.Figure:
        titles = [
            f"{'✓' if (source == REAL) == answer else '✗'} {source}, called {_ANSWERS[answer]}"
            for source, answer in zip(self._sources, self.answers, strict=True)
        ]
        caption = (
            f"All {self.num_pictures} pictures in their order (seed {self.seed}): what each is and "
            "what it was called; ✓ marks right answers, ✗ wrong ones."
        )
        return plots.images_figure(self.images, caption, columns=_COLUMNS, titles=titles)

    def _repr_mimebundle_(self, **kwargs):
        """For pages without a kernel the table too."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle:
            bundle["text/html"] += self.verdict.value
        return bundle

    # ---- what the buttons do

    def _answer(self, answer: bool) -> None:
        if not self.is_over:  # a click that was on its way when the last picture was judged
            self.answers.append(answer)
            self._update()

    def _take_back(self, _=None) -> None:
        if self.answers and not self.is_over:
            self.answers.pop()
            self._update()

    def _start_afresh(self, _=None) -> None:
        self.seed += 1
        self._begin()
        self._update()


# ---- what a learner may give ---------------------------------------------------------------------


def real_or_fake(
    real,
    models: Mapping,
    *,
    num_pictures: int = 24,
    seed: int = 0,
    distances: Mapping | None = None,
    name: str = "quiz",
) -> Quiz:
    """A quiz in which half of the pictures are real and the others generated, one at a time.

    real: images (n, height, width, channels), uint8 or floats in [0, 1]
    models: name -> generated images of the same shape, for two to four models. Give several times
        as many images as a round shows, so that a fresh start shows others.
    num_pictures: of a round; half are real, the others are shared evenly among the models
    seed: chooses the pictures, each at most once, and mixes them
    distances: name -> Fréchet distance, to stand beside the answers
    name: for the CSS classes, by which tests find the controls.

    Guessing gets about half of the answers right, and calling all of them the same exactly half.
    Raises ValueError or TypeError with one sentence for images that do not fit and for too few.
    """
    if not isinstance(models, Mapping) or not FEWEST_MODELS <= len(models) <= MOST_MODELS:
        given = f"{len(models)} models" if isinstance(models, Mapping) else type(models).__name__
        raise ValueError(
            f"models is {given}; give a dictionary of {FEWEST_MODELS} to {MOST_MODELS}, name: "
            "images, such as {'GAN': gan.sample(100, seed=0), ...}."
        )
    for model in models:
        if not isinstance(model, str) or not model.strip() or model == REAL:
            raise ValueError(f"A model is called {model!r}; give it a name in words, not {REAL!r}.")
    num_pictures = check_whole("num_pictures", num_pictures)
    if num_pictures % (2 * len(models)):
        raise ValueError(
            f"num_pictures is {num_pictures}; half of them are shared evenly among {len(models)} "
            f"models, so give a multiple of {2 * len(models)}."
        )
    pictures = {REAL: _checked("real", real, num_pictures // 2)}
    for model, images in models.items():
        given = f"models[{model!r}]"
        pictures[model] = _checked(given, images, num_pictures // (2 * len(models)))
        expected, found = (pictures[one].shape[1:] for one in (REAL, model))
        if found != expected:
            raise ValueError(
                f"{given} has images of shape {found} but the real ones have {expected}; give "
                "images of one shape, or the shape alone gives them away."
            )
    seed = check_whole("seed", seed, 0)
    return Quiz(pictures, num_pictures, seed, _checked_distances(distances, models), name)


def _checked(given: str, images, smallest: int) -> np.ndarray:
    """Images as uint8 (n, height, width, channels): finer steps than 8 bits are not shown."""
    if hasattr(images, "sample"):
        raise TypeError(f"{given} is a model; give images that it drew: model.sample(100, seed=0).")
    try:
        images = check_images(images)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{given}: {error}") from None
    if images.ndim != 4 or images.shape[3] not in (1, 3):
        raise ValueError(
            f"{given} has shape {images.shape}; give (n, height, width, channels) with 1 or 3 "
            "channels."
        )
    if len(images) < smallest:
        raise ValueError(
            f"{given} has {len(images)} images but a round shows {smallest} of them; give more, or "
            "a smaller num_pictures."
        )
    return plots.to_uint8(images).reshape(images.shape)


def _checked_distances(distances, models: Mapping) -> dict[str, float] | None:
    if distances is None:
        return None
    if not isinstance(distances, Mapping) or {*distances} != {*models}:
        raise ValueError(
            f"distances is {distances!r}; give one for each model: {', '.join(models)}."
        )
    plain = {name: getattr(one, "distance", one) for name, one in distances.items()}
    return {name: check_real(f"distances[{name!r}]", one, 0) for name, one in plain.items()}
