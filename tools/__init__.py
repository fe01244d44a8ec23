"""What a new machine needs before anything is installed: only the standard library is imported here."""
