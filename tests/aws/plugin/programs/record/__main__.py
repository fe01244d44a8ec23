"""The program of the project without its connectors: what an environment keeps at AWS, from its stack file."""

import pulumi

from stacks.cloud import versions
from stacks.settings import from_config

versions(from_config(pulumi.Config(), pulumi.get_stack()))
