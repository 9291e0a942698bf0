"""What lesson 10 alone needs: a map to walk on, betas, VAEs that fail, one with a GAN's part."""
