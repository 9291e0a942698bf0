"""Checks of the exercises, and which of them a learner has solved."""

from course_utils.checks.designs import check_design
from course_utils.checks.exercises import (
    check_array,
    check_choice,
    check_function,
    check_number,
)
from course_utils.checks.solved import progress, reset_progress
from course_utils.checks.updates import check_update

__all__ = [
    "check_array",
    "check_choice",
    "check_design",
    "check_function",
    "check_number",
    "check_update",
    "progress",
    "reset_progress",
]
