"""AWS in this process: one account, empty at the start of each test, and no waiting between tries."""

import boto3
import pytest
from botocore.client import BaseClient
from botocore.retries import standard
from moto import mock_aws

REGION = "eu-west-1"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Retries happen as often as the code says, but at once."""
    monkeypatch.setattr(standard.ExponentialBackoff, "delay_amount", lambda *_: 0)


@pytest.fixture
def account(monkeypatch):
    """Credentials for an account that has nothing yet."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_REGION", REGION)
    with mock_aws():
        yield


@pytest.fixture
def manager(account):
    """Secrets Manager of that account."""
    return boto3.client("secretsmanager", region_name=REGION)


@pytest.fixture
def parameters(account):
    """Parameter Store of that account."""
    return boto3.client("ssm", region_name=REGION)


def portal(monkeypatch, operation):
    """The page of a network that asks for a sign-in answers one operation: to the library an empty success."""
    really = BaseClient._make_api_call

    def call(self, name, args):
        return {"ResponseMetadata": {"HTTPStatusCode": 200}} if name == operation else really(self, name, args)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
