"""The part `aws:` of a stack file under mocks: which provider its resources have."""

from __future__ import annotations

from typing import Any

import pytest

from components.aws import adoption
from components.aws.adoption import Standing
from stacks import cloud_resources
from stacks.settings import EnvironmentSettings
from tests.program.conftest import CONFIG
from tests.program.declared import ACCOUNT, GIVEN, REGION, declare, inputs
from tests.program.harness import STACK

AWS: dict[str, Any] = {
    "account": ACCOUNT,
    "region": REGION,
    "secrets": {"acme/vendors": {"readers": [f"arn:aws:iam::{ACCOUNT}:role/deploy"]}},
    "serviceDomainRecord": {"zoneId": "Z0123456789", "target": "custom.cyclr.com"},
    "driftAlarm": {"email": "ops@acme.example"},
}


@pytest.fixture
def requests(monkeypatch):
    """What an environment that declares everything asks the engine for, in an account where nothing stands."""
    for kind in ("container", "record"):
        monkeypatch.setattr(adoption, kind, lambda *_: Standing())
    own = {"environment": STACK, "serviceDomain": "connect.acme.example", "aws": AWS}
    settings = EnvironmentSettings.model_validate({**CONFIG, **own})
    assert settings.aws
    return declare(lambda _: cloud_resources.make(settings, settings.aws)["acme/vendors"])[0]


def test_everything_is_made_by_a_provider_of_the_declared_account_alone(requests):
    """Credentials of another account are refused by the provider itself, before it makes everything there again."""
    made = {name: each for name, each in requests.items() if each.type.startswith("aws:")}

    assert len(made) > 5
    assert all("pulumi:providers:aws::aws::" in each.provider for each in made.values())
    assert inputs(requests["aws"]) == {
        **inputs(requests[GIVEN]),
        "region": REGION,
        "allowedAccountIds": f'["{ACCOUNT}"]',
    }
