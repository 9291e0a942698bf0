"""A room for each lesson, named like its notebook without the number.

What one lesson needs lives in its room; a second lesson's use moves it to a shelf.
"""
