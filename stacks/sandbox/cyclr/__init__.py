"""Cyclr, as far as this package and its users touch it: the API, the console's pages and the OAuth hand-off."""

from stacks.sandbox.cyclr.api import create_api
from stacks.sandbox.cyclr.domain import create_service_domain

__all__ = ["create_api", "create_service_domain"]
