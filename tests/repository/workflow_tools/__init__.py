"""Workflow files read as the service reads them, and their steps run as its runner runs them."""
