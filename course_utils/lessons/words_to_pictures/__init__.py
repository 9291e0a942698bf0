"""What lesson 16 alone needs: what pictures show of their words, and the exercises' mistakes."""
