"""What lesson 10 alone needs: the map to walk on, and models of several betas."""
