"""What lesson 06 shows and asks, and no other lesson: what a generator of a given size must do."""
