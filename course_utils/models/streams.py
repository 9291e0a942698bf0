"""Seeds for random numbers whose streams never meet, whatever the arguments. No hidden state.

A model's own streams, by step and purpose, are `GenerativeModel._step_seed` in `interface`.
"""

import hashlib

from course_utils.base.backend import tf


def fold_in(seed, purpose: str, number: int = 0) -> tf.Tensor:
    """Another seed, int64 (2,), for this purpose and number; the same one for the same arguments.

    seed: whole numbers (2,), as TensorFlow's stateless random functions take them. Two calls whose
    seed, purpose or number differ give different seeds; only a coincidence in 64 bits could prevent
    it. What comes out may be folded again.
    """
    digest = hashlib.blake2b(f"{number} {purpose}".encode(), digest_size=8).digest()
    place = tf.constant(int.from_bytes(digest, "little", signed=True), tf.int64)
    # One number of the new seed is a hash of the old one, the other is the place itself.
    return tf.random.experimental.stateless_fold_in(seed, place)
