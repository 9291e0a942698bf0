"""The reference models of `benchmark.py` can be built: it meets some only after long trainings."""

import numpy as np
import reference_models

from course_utils.models import flow_matching


def test_the_usual_u_net_is_a_network_of_a_flow():
    model = flow_matching.FlowMatching(network=reference_models.usual_unet(), seed=0)
    model.compile()
    images = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 1), dtype=np.uint8)
    assert np.isfinite(model.fit(images, verbose=0).history["loss"]).all()
    assert model.sample(2, seed=0, num_steps=2).shape == (2, 28, 28, 1)
