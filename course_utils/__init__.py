"""Helpers of the image-generation course: what would distract in a lesson lives here.

Import modules, so that a reader sees where a name comes from: `from course_utils import plots`.
Importing this package imports nothing else; TensorFlow comes with the first module that needs it.
"""

__version__ = "0.1.0"
