"""Generators of images on one interface, and what they are made of and trained with.

Import the modules: `from course_utils.models import gan`. Only `latent_space` needs no TensorFlow.
"""
