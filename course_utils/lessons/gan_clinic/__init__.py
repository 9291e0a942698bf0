"""What lesson 07 alone needs: the sick script, judges of its cures, known mistakes, the triage."""
