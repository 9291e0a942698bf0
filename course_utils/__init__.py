"""Helpers of the image-generation course: what would distract in a lesson lives here.

Import shelves or modules, so that a reader sees where a name comes from:

    from course_utils import checks, data, metrics, plots, widgets
    from course_utils.models import gan
    from course_utils.lessons.gan_step_by_step import stepper

Importing this package imports nothing else; TensorFlow comes with the first module that needs it.
CONTRIBUTING.md says what is on which shelf, and where a new thing goes.
"""

__version__ = "0.1.0"
