"""What lesson 12 alone needs: the known mistakes of its exercises."""
