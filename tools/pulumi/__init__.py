"""Finds an installed Pulumi CLI or builds the pinned one, and links it into the virtual environment."""
