"""A flow that draws what words say, in a design: lesson 15's model with a text encoder.

How words become numbers is in `words`, the encoder in `text_networks`, the flow in `flow_matching`.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_name
from course_utils.base.backend import keras, tf
from course_utils.models import flow_networks, text_networks
from course_utils.models.flow_matching import FlowMatching
from course_utils.models.guided_field import Interval
from course_utils.models.latent_space import check_latents, draw_latents
from course_utils.models.words import (
    Vocabulary,
    check_prompt,
    check_text,
    shipped_vocabulary,
    shortened,
)

GUIDANCE, GUIDED = 2.5, (0.0, 0.6)  # early on: there is one picture of a thing, not a thousand
DESIGNS = data.CAPTIONED["emoji"].designs


class TextToImage(FlowMatching):
    """A flow whose condition is a vector made of words, and of a design.

    In training a picture is told by one of its captions, drawn anew at each step; of ten pictures
    one is told nothing, one only the words, and of twenty one only the design.

    vocabulary: the words it knows; by default those of the shipped emoji, English and Chinese
    designs: names of the designs that it can be asked for
    encoder: the arguments of `text_networks.text_encoder`, flow: those of
        `flow_networks.told_image_network`, where they differ from the defaults there
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (24, 24, 3),
        *,
        vocabulary: Vocabulary | None = None,
        designs: Sequence[str] = DESIGNS,
        encoder: dict | None = None,
        flow: dict | None = None,
        seed: int | None = None,
        name: str = "text_to_image",
    ):
        vocabulary = vocabulary or shipped_vocabulary()
        network = _joined(
            text_networks.text_encoder(
                len(vocabulary), 1 + len(designs), length=vocabulary.length, **(encoder or {})
            ),
            image_shape,
            flow or {},
        )
        super().__init__(image_shape, network=network, seed=seed, name=name)
        self.vocabulary, self.designs = vocabulary, tuple(designs)
        self._vector_size = self._sampler.inputs[2].shape[1]
        self._encode = tf.function(
            lambda words, designs: self.average.get_layer("text_encoder")([words, designs]),
            input_signature=[
                tf.TensorSpec((None, vocabulary.length), tf.int32),
                tf.TensorSpec((None, 1), tf.int32),
            ],
            autograph=False,
        )

    # ---- training --------------------------------------------------------------------------------

    def fit(self, images, captions=None, designs=None, **keras_arguments):
        """Train on images (n, *image_shape) with their captions and designs; returns the `History`.

        captions: n texts, or n lists of texts, all of one length, of which each step draws one
        designs: n names, or None: they are not told
        keras_arguments: as `GenerativeModel.fit` takes them, such as `epochs`; `validation_data` is
            (images, captions, designs)
        """
        held_out = keras_arguments.pop("validation_data", None)
        if held_out is not None:
            images_there, *rest = held_out
            keras_arguments["validation_data"] = images_there, rest
        return super().fit(images, (captions, designs), **keras_arguments)

    def _as_dataset(self, x, y, batch_size, shuffle=True):
        if isinstance(x, tf.data.Dataset):
            raise TypeError(
                "A text-to-image model numbers the words of captions itself; call fit(images, "
                "captions, designs) with arrays and lists."
            )
        words, designs = self._numbers(len(data.check_images(x)), *y)
        rows = super()._as_dataset(x, np.arange(len(words)), batch_size, shuffle)
        return rows.map(
            lambda images, row: (images, (tf.gather(words, row), tf.gather(designs, row)))
        )

    def _numbers(self, count: int, captions=None, designs=None):
        """Words int32 (n, captions of each, length) and designs int32 (n, 1), 0 for none."""
        if captions is None or isinstance(captions, str):
            raise ValueError(
                "A text-to-image model learns from images and captions; call fit(images, captions, "
                "designs) with one caption for each image."
            )
        rows = [_listed(one) for one in captions]
        designs = [None] * len(rows) if designs is None else list(designs)
        if not len(rows) == len(designs) == count:
            raise ValueError(
                f"There are {count} images, {len(rows)} captions and {len(designs)} designs; give "
                "one of each for each image."
            )
        lengths = {len(row) for row in rows}
        if len(lengths) != 1 or 0 in lengths:
            raise ValueError(
                f"The images have from {min(lengths)} to {max(lengths)} captions; give all the "
                "same number of them, repeating some if need be."
            )
        texts = [caption for row in rows for caption in row]
        words = self.vocabulary.encode(texts)
        (silent,) = np.nonzero(words[:, 0] == 0)
        if len(silent):
            raise ValueError(
                f"The caption {shortened(texts[silent[0]])} has no word that the model knows; make "
                "the model with a vocabulary of your captions: Vocabulary.of_texts(captions)."
            )
        return words.reshape(count, -1, self.vocabulary.length), self._design_numbers(designs)

    def _design_numbers(self, designs) -> np.ndarray:
        """int32 (n, 1) of n names, 0 for None."""
        for design in dict.fromkeys(designs):
            if design is not None:
                check_name("design", design, self.designs)
        numbers = [0 if one is None else 1 + self.designs.index(one) for one in designs]
        return np.array(numbers, np.int32).reshape(-1, 1)

    def _told_shapes(self):
        return [tuple(one.shape[1:]) for one in self.network.inputs[2:]]

    def _told(self, labels, count, purpose):
        """Words (count, length) of one caption each and designs (count, 1), some left out."""
        words, designs = labels
        which = tf.random.stateless_uniform(
            (count,), self._step_seed(f"{purpose} captions"), 0, tf.shape(words)[1], tf.int32
        )
        words = tf.gather(words, which, batch_dims=1)
        chance = tf.random.stateless_uniform((count, 1), self._step_seed(f"{purpose} labels"))
        share = self.unlabeled_share
        no_words = (chance < share) | (chance > 1 - share / 2)
        return [tf.where(no_words, 0, words), tf.where(chance < 2 * share, 0, designs)]

    @property
    def _sampler(self):
        return self.average.get_layer("told_image_flow")

    # ---- generation ------------------------------------------------------------------------------

    def encode_prompts(self, prompts=None, design=None) -> np.ndarray:
        """Vectors, float32 (n, k), of prompts and designs; n is 1 where both are one or none.

        prompts: a text or n of them; an empty one, or None, says nothing
        design: a name or n of them; None leaves it to chance

        The mean of two vectors, or another mix, may be drawn as well: `generate` takes vectors.
        Words that are unknown are left out with a warning; TypeError or ValueError, one sentence,
        for what is no text or holds no known word.
        """
        texts = _listed(prompts)
        names = _listed(design)
        count = max(len(texts), len(names))
        if {len(texts), len(names)} - {1, count}:
            raise ValueError(
                f"There are {len(texts)} prompts and {len(names)} designs; give one for all, or "
                "one each."
            )
        texts = ["" if text is None else check_text(text) for text in texts]
        for text in dict.fromkeys(texts):
            check_prompt(text, self.vocabulary)
        words = np.broadcast_to(self.vocabulary.encode(texts), (count, self.vocabulary.length))
        return self._encode(words, np.broadcast_to(self._design_numbers(names), (count, 1))).numpy()

    def sample(
        self,
        n: int,
        seed: int | None = None,
        *,
        prompts=None,
        design=None,
        guidance: float = GUIDANCE,
        guided: Interval = GUIDED,
        num_steps: int = 16,
        solver: str = "adams",
    ) -> np.ndarray:
        """Draw n images, float32 (n, *image_shape) in [0, 1]; the same ones for the same seed.

        prompts: one text for all or n texts, or vectors of `encode_prompts` (n, k); None draws any
        design: one name for all or n names; None leaves it to chance
        guidance, guided, num_steps, solver: as for `FlowMatching.sample`
        """
        settings = {"guidance": guidance, "guided": guided, "num_steps": num_steps}
        latents = draw_latents(n, self.latent_shape, seed)
        return self.generate(latents, prompts, design=design, solver=solver, **settings)

    def generate(self, latents, prompts=None, *, design=None, **settings) -> np.ndarray:
        """Images, float32 (n, *image_shape) in [0, 1], of noise (n, *image_shape); see `sample`."""
        return self._told_by(super().generate, latents, prompts, design, settings)

    def paths(self, latents, prompts=None, *, design=None, **settings) -> np.ndarray:
        """All stages from noise to images, float32 (num_steps + 1, n, *image_shape); see `sample`.

        In the networks' range, [-1, 1], as those of `FlowMatching.paths`.
        """
        return self._told_by(super().paths, latents, prompts, design, settings)

    def stages(self, latents, prompts=None, *, design=None, **settings) -> Iterator[np.ndarray]:
        """The stages of `paths` as images in [0, 1], one after the other; see `sample`."""
        return self._told_by(super().stages, latents, prompts, design, settings)

    def _told_by(self, draw, latents, prompts, design, settings):
        latents = check_latents(latents, self.latent_shape)
        vectors = self._shares(prompts, len(latents), design)
        return draw(latents, vectors, **{"guidance": GUIDANCE, "guided": GUIDED, **settings})

    def _shares(self, labels, n: int, design=None) -> np.ndarray:
        """Vectors (n, k) of prompts, or such vectors as they are."""
        if _is_numeric(labels):
            vectors = self._checked_vectors(labels, design)
        else:
            vectors = self.encode_prompts(labels, design)
        if len(vectors) not in (1, n):
            raise ValueError(
                f"There are {len(vectors)} prompts or designs for {n} images; give one for all or "
                "one each."
            )
        return np.broadcast_to(vectors, (n, self._vector_size))

    def _checked_vectors(self, vectors, design) -> np.ndarray:
        vectors = np.atleast_2d(vectors).astype(np.float32)
        if vectors.shape[1:] != (self._vector_size,) or not np.isfinite(vectors).all():
            raise ValueError(
                f"prompts has shape {vectors.shape}; give texts, or finite vectors "
                f"(n, {self._vector_size}) of encode_prompts."
            )
        if design is not None:
            raise ValueError(
                f"design is {design!r}, but vectors hold a design already; give it to "
                "encode_prompts."
            )
        return vectors


def _listed(values) -> list:
    is_one = isinstance(values, str | bytes) or not isinstance(values, Iterable)
    return [values] if is_one else list(values)


def _is_numeric(values) -> bool:
    """Are these vectors, and not texts?"""
    if isinstance(values, list) and not values:  # NumPy takes it for floats
        return False
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different lengths
        return False
    return array.dtype.kind == "f" and array.ndim > 0


def _joined(encoder: keras.Model, image_shape, arguments: dict) -> keras.Model:
    """[points, times, words, designs] to the guesses of a flow that is told their vector."""
    size = encoder.output_shape[-1]
    flow = flow_networks.told_image_network(image_shape, size, **arguments)
    points, times = (keras.Input(one.shape[1:], name=one.name) for one in flow.inputs[:2])
    told = [keras.Input(one.shape[1:], dtype="int32", name=one.name) for one in encoder.inputs]
    return keras.Model([points, times, *told], flow([points, times, encoder(told)]))
