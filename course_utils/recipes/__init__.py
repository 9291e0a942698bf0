"""How everything that ships was made: trained weights, and curves that lessons only show.

`python -m course_utils.recipes` lists it; with names it makes them again.
"""
