"""What lesson 09 alone needs: two estimators of a gradient, and pictures of them."""
