"""Two VAEs that fail, under names that do not tell how they were trained.

Lesson 10 asks what ails them; nothing is drawn or judged here.
"""

from course_utils.base.arguments import check_name
from course_utils.models import pretrained, vae

# Both differ from `vae_fashion_16` in beta alone.
PATIENTS = {"A": "vae_fashion_16_beta_0.1", "B": "vae_fashion_16_beta_20"}


def patient(name: str) -> vae.VAE:
    """The failing VAE of that name, "A" or "B": for binary images, with 16 latents.

    Raises ValueError for any other name.
    """
    check_name("patient", name, PATIENTS)
    return pretrained.load(PATIENTS[name])
