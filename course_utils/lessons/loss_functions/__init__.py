"""What lesson 02 alone needs: its pictures, and the Gaussian that is nearest to a mixture."""
