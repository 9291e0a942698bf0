"""What lesson 05 alone needs: the game on points, its picture and words, the stepper."""
