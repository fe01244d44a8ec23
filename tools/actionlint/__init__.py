"""Builds the linter of workflow files from its Go modules; the standard library only, like the rest of the set-up."""
