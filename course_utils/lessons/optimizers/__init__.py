"""What lesson 04 alone needs: update rules, surfaces, games of two players, and their pictures."""
