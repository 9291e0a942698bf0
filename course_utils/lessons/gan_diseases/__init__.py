"""What lesson 08 alone needs: games that fall ill, judges of designs, known mistakes, the quiz."""
