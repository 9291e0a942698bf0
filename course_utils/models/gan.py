"""Generative adversarial networks on the course's one interface: compile, fit, sample, generate.

The losses are in `losses`, the networks in `networks`; lessons 05 and 06 write the training step by
hand before they use this one.
"""

from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras, tf
from course_utils.models import averages, gan_losses, networks
from course_utils.models.interface import apply_gradients, check_has_shapes, unused_optimizer
from course_utils.models.latent_model import LatentModel


class GAN(LatentModel):
    """A generator and a discriminator that train each other (Goodfellow et al. 2014, algorithm 1).

    `image_shape` and `latent_size` describe the course's default networks. A ready `generator`
    (latents to images in [-1, 1], or to points) and `discriminator` (one logit an image) may be
    passed instead and then decide the shapes.

    `sample` and `generate` use `average`, a copy of the generator whose weights are the running
    mean of the generator's over the training steps (Yazici et al. 2019).

    Subclasses may write another `train_step` from its parts, or change one of them: `unpack`,
    `generator_input`, `fake_images`, `logits`, `discriminator_loss`, `update_average`.
    """

    def __init__(
        self,
        image_shape: tuple[int, ...] = (28, 28, 1),
        latent_size: int = 16,
        *,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        seed: int | None = None,
        name: str = "gan",
    ):
        super().__init__(name=name)
        for given in (generator, discriminator):
            if given is not None:
                check_has_shapes(given)
        self.generator = generator or networks.generator(image_shape, latent_size)
        # Latents come first, images too; a conditional network's further inputs are conditions.
        latents, *conditions = self.generator.inputs
        self.latent_shape = tuple(latents.shape[1:])
        self.image_shape = tuple(self.generator.output_shape[1:])
        self.discriminator = discriminator or networks.discriminator(self.image_shape)
        expected = tuple(self.discriminator.inputs[0].shape[1:])
        if expected != self.image_shape:
            raise ValueError(
                f"The generator makes {self.image_shape} but the discriminator expects "
                f"{expected}; give both the same shape."
            )
        self.average = averages.copy_of(self.generator)
        self._add_seed(seed)
        names = ("generator_loss", "discriminator_loss", "real_logit", "fake_logit")
        self._means = [keras.metrics.Mean(name=name) for name in names]
        self._prepare_generation(*(tuple(condition.shape[1:]) for condition in conditions))

    def compile(
        self,
        loss: str | gan_losses.GANLoss = "hinge",
        *,
        optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_steps: int = 1,
        label_smoothing: float = 0.0,
        average_decay: float = 0.998,
        augment=None,
        penalty=None,
        **keras_arguments,
    ):
        """Choose the loss, by name or as a `gan_losses.GANLoss`, and how both networks are trained.

        optimizer: of the generator, and in a copy of the discriminator, unless that has its own.
            Default: Adam(2e-3, beta_1=0.5, beta_2=0.99).
        discriminator_steps: updates of the discriminator for each one of the generator.
        label_smoothing: real images count as real with 1 minus this (not for the hinge loss).
        average_decay: the running mean keeps this share of itself at each step (fewer early on).
        augment: function(images, seed) that changes real and generated images alike, in a
            differentiable way, before the discriminator sees them; seed is an int tensor (2,).
        penalty: function(discriminate, real, fake, seed) -> scalar, added to the discriminator's
            loss, such as those of `penalties`, where the arguments are described. It gets images
            without `augment`'s changes. If it has a `check(discriminator)`, that may refuse here.
        keras_arguments: what `keras.Model.compile` takes besides, such as `run_eagerly`.
        """
        self.gan_loss = loss if isinstance(loss, gan_losses.GANLoss) else gan_losses.gan_loss(loss)
        self.gan_loss.discriminator([0.0], [0.0], label_smoothing)  # refuses an unfit smoothing now
        if hasattr(penalty, "check"):
            penalty.check(self.discriminator)
        check_whole("discriminator_steps", discriminator_steps)
        average_decay = averages.check_decay(average_decay)
        if optimizer is None:
            optimizer = keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99)
        optimizer = unused_optimizer(optimizer, getattr(self, "generator_optimizer", None))
        if discriminator_optimizer is None:
            discriminator_optimizer = optimizer.from_config(optimizer.get_config())
        discriminator_optimizer = unused_optimizer(
            discriminator_optimizer, getattr(self, "discriminator_optimizer", None)
        )
        if discriminator_optimizer is optimizer:
            raise ValueError(
                "Both networks got one optimizer; make one for each, or leave one out."
            )
        # XLA was slower than plain graph execution on the CPU, so it is opt-in.
        super().compile(optimizer=optimizer, **{"jit_compile": False, **keras_arguments})
        self.generator_optimizer = self.optimizer
        self.discriminator_optimizer = discriminator_optimizer
        # An optimizer without variables would silently be left out of a checkpoint.
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.discriminator_steps = discriminator_steps
        self.label_smoothing = label_smoothing
        self.average_decay = average_decay
        self.augment = augment
        self.penalty = penalty

    def train_step(self, batch):
        """One update of each network; returns the running means that `fit` shows.

        The generator learns from the images that the discriminator has just seen: drawing others
        for it took 10 to 20 % longer, and the result was no better.
        """
        real, labels = self.unpack(batch)
        for repetition in range(self.discriminator_steps):
            with tf.GradientTape() as generator_tape:
                fake = self.fake_images(real, labels, repetition=repetition)
            with tf.GradientTape() as tape:
                loss, real_logits, fake_logits = self.discriminator_loss(
                    real, fake, labels, repetition=repetition
                )
            apply_gradients(self.discriminator_optimizer, tape, loss, self.discriminator)
        self._record(discriminator_loss=loss, real_logit=real_logits, fake_logit=fake_logits)

        with generator_tape:  # with the changes, too, in which they have just been seen
            seen = self._augmented(fake, "augmentation of fake images", repetition)
            loss = self.gan_loss.generator(self.logits(seen, labels))
        apply_gradients(self.generator_optimizer, generator_tape, loss, self.generator)
        self._record(generator_loss=loss)
        self.update_average()
        return {metric.name: metric.result() for metric in self._means}

    def test_step(self, batch):
        """The same losses on images that are not trained on; the networks stay as they are."""
        real, labels = self.unpack(batch)
        fake = self.fake_images(real, labels, training=False)
        loss, real_logits, fake_logits = self.discriminator_loss(real, fake, labels, training=False)
        self._record(
            discriminator_loss=loss,
            real_logit=real_logits,
            fake_logit=fake_logits,
            generator_loss=self.gan_loss.generator(fake_logits),
        )
        return {metric.name: metric.result() for metric in self._means}

    # ---- the parts of a step, for subclasses to use or to change -------------------------------

    def unpack(self, batch):
        """Real images in the networks' range, and labels or None, from what the dataset yields."""
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(batch)
        return self._to_network(images), labels

    def generator_input(self, latents, labels):
        """What the generator is called with; conditional models add the labels."""
        return latents

    def fake_images(self, real, labels, *, repetition: int = 0, training: bool = True):
        """As many generated images as there are real ones: a last, smaller batch stays balanced.

        repetition: the latents of one step differ from repetition to repetition.
        """
        purpose = "latents" if training else "validation latents"
        latents = self._draw_latents(tf.shape(real)[0], purpose, repetition)
        return self.generator(self.generator_input(latents, labels), training=training)

    def logits(self, images, labels, *, training: bool = True):
        """What the discriminator says of images, (n, 1); conditional models add the labels."""
        return self.discriminator(images, training=training)

    def discriminator_loss(self, real, fake, labels, *, repetition: int = 0, training: bool = True):
        """Loss (scalar) and logits of a batch of real images and one of generated images.

        repetition: `augment` and `penalty` get other seeds from repetition to repetition of a step.
        """
        fake = tf.stop_gradient(fake)  # the discriminator's update leaves the generator alone
        purpose = "augmentation" if training else "validation augmentation"
        changed_real = self._augmented(real, f"{purpose} of real images", repetition)
        changed_fake = self._augmented(fake, f"{purpose} of fake images", repetition)
        real_logits = self.logits(changed_real, labels, training=training)
        fake_logits = self.logits(changed_fake, labels, training=training)
        loss = self.gan_loss.discriminator(real_logits, fake_logits, self.label_smoothing)
        if self.penalty is not None:
            purpose = "penalty" if training else "validation penalty"
            loss += self.penalty(
                lambda images: self.logits(images, labels, training=training),
                real,
                fake,
                self._step_seed(purpose, repetition),
            )
        return loss, real_logits, fake_logits

    def _augmented(self, images, purpose, repetition):
        if self.augment is None:
            return images
        return self.augment(images, self._step_seed(purpose, repetition))

    def _record(self, **values):
        for mean in self._means:
            if mean.name in values:
                mean.update_state(values[mean.name])

    def update_average(self):
        """average <- decay * average + (1 - decay) * generator, BatchNorm statistics included."""
        steps = self.generator_optimizer.iterations
        averages.update(self.average, self.generator, self.average_decay, steps)

    def _decode(self, latents):
        return self.average(latents, training=False)
