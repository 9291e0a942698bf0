"""What lesson 03 alone needs: layers in NumPy, and its live pictures."""
