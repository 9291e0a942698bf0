"""What lesson 14 alone needs: the quiz, faults on purpose, and the exercises' mistakes."""
