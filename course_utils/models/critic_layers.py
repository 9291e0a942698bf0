"""Layers that keep a discriminator in check: how steep it is, and what it sees of a whole batch.

`networks.discriminator` and `networks.dense_discriminator` use them as options.
"""

from course_utils.base.backend import keras, tf


@keras.saving.register_keras_serializable("course_utils")
class SpectralNorm(keras.layers.Wrapper):
    """Calls a layer with its kernel W / σ(W), where σ(W) is W's largest singular value.

    Miyato et al. 2018, equation 8; a kernel counts as a matrix (-1, outputs). σ is v·Wu with u and
    v from power iteration: one round for each call in training mode, which moves u (algorithm 1).
    The optimizer trains W itself, and the gradient flows through σ as well (equation 12). That is
    why this is not `keras.layers.SpectralNormalization`, which overwrites W in each such call: the
    generator's update would change the discriminator, and σ would have no gradient.

    A dense layer then stretches no distance. A convolution with windows of k x k in steps of s may
    stretch distances by up to k / s, since each pixel lies in (k / s)² windows.

    layer: one with a `kernel`, such as Dense or Conv2D; ValueError for others
    """

    def build(self, input_shape):
        super().build(input_shape)
        if not hasattr(self.layer, "kernel"):
            raise ValueError(
                f"The layer {self.layer.name!r} has no kernel whose spectral norm could be 1; "
                "wrap one such as Dense or Conv2D."
            )
        self.u = self.add_weight(
            shape=(self.layer.kernel.shape[-1],),
            initializer="random_normal",
            trainable=False,
            aggregation="only_first_replica",  # all replicas compute the same
            name="u",
        )

    def normalized_kernel(self) -> tf.Tensor:
        """W / σ(W), of the kernel's shape; a kernel of zeros, which has no direction, stays."""
        return self._normalized()[0]

    def _normalized(self):
        """W / σ(W), and u after a round of power iteration."""
        kernel, u = (tf.convert_to_tensor(one) for one in (self.layer.kernel, self.u))
        matrix = tf.reshape(kernel, (-1, kernel.shape[-1]))
        fixed = tf.stop_gradient(matrix)
        v = tf.math.l2_normalize(tf.linalg.matvec(fixed, u))
        moved = tf.math.l2_normalize(tf.linalg.matvec(fixed, v, transpose_a=True))
        sigma = tf.tensordot(v, tf.linalg.matvec(matrix, moved), 1)
        some = sigma > 0
        return kernel / tf.where(some, sigma, tf.ones_like(sigma)), tf.where(some, moved, u)

    def call(self, inputs, training=False):
        kernel, u = self._normalized()
        if training:
            self.u.assign(u)
        with keras.StatelessScope(state_mapping=[(self.layer.kernel, kernel)]):
            return self.layer(inputs)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)


@keras.saving.register_keras_serializable("course_utils")
class MinibatchStd(keras.layers.Layer):
    """Appends to every image how much the batch varies: (n, ..., c) -> (n, ..., c + 1).

    That is one number for the batch: the standard deviation of each feature at each place over the
    images, averaged over all of them (Karras et al. 2018, section 3). A generator whose images are
    all alike gives itself away by it. What is said of an image depends on those beside it.
    """

    def call(self, inputs):
        differences = inputs - tf.reduce_mean(inputs, axis=0, keepdims=True)
        variances = tf.reduce_mean(tf.square(differences), axis=0)
        # The derivative of a root at 0 is infinite: of a batch of equal images it would be NaN.
        deviation = tf.reduce_mean(tf.sqrt(variances + 1e-8))
        shape = tf.concat([tf.shape(inputs)[:-1], [1]], axis=0)
        return tf.concat([inputs, tf.fill(shape, deviation)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)
