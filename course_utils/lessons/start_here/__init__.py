"""What lesson 00 alone needs: the check of the environment."""
