"""What lesson 15 needs besides the models: exact fields, checks of exercises, widgets."""
