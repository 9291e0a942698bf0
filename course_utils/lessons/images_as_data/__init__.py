"""What lesson 01 alone needs.

Video and compression (`media`), sound, the simplest generators (`baselines`).
"""
