"""Who signed a request, and whether the signature is theirs.

Users, roles and their sessions are those that moto keeps; the check of a signature is botocore's own way to make one.
Beside moto's, a session ends at its time, and the account itself has a key, by which tests prepare what they need.
"""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime
from typing import Any

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SigningCredentials
from moto.iam.access_control import AssumedRoleAccessKey, CreateAccessKeyFailure, IAMUserAccessKey, create_access_key
from moto.iam.models import Policy, iam_backends
from moto.sts.models import AssumedRole, sts_backends

from tests.aws.cloud.account import ACCOUNT, ROOT, Credentials
from tests.aws.cloud.answers import refused
from tests.aws.cloud.calls import Call
from tests.aws.cloud.conditions import Unjudgeable
from tests.aws.cloud.policies import Principal

PARTITION = "aws"


def principal(call: Call) -> Principal:
    """Who makes a call.

    Raises:  Refused, where the call is unsigned, or signed by nobody here, too late or falsely; Unjudgeable
    """
    if not call.access_key:
        raise refused(call.service, "unsigned")
    if call.access_key == ROOT.access_key:
        found = Principal(root_arn(), frozenset({root_arn()}), ACCOUNT, is_root=True)
        signing = SigningCredentials(ROOT.access_key, ROOT.secret_key)
    else:
        key = _key(call)
        found, signing = _of_key(call, key), key.create_credentials()
    if not _is_signed_by(call, signing):
        raise refused(call.service, "bad-signature")
    return found


def root_arn() -> str:
    """The account as a principal."""
    return f"arn:{PARTITION}:iam::{ACCOUNT}:root"


def name(call: Call) -> str:
    """Whom the key belongs to, for a record of calls: nothing is checked."""
    if call.access_key == ROOT.access_key:
        return root_arn()
    if session := _session(call.access_key):
        return str(session.arn)
    try:
        return str(create_access_key(ACCOUNT, PARTITION, call.access_key, {}).arn)
    except CreateAccessKeyFailure:
        return "unknown" if call.access_key else "anonymous"


def assumed(role_arn: str, session: str, duration: int = 3600) -> Credentials:
    """Credentials of a role, without asking its trust: for the preparation of a test."""
    iam_backends[ACCOUNT][PARTITION].get_role_by_arn(role_arn)
    role = sts_backends[ACCOUNT][PARTITION].assume_role(
        region_name="us-east-1",
        role_session_name=session,
        role_arn=role_arn,
        policy="",
        duration=duration,
        external_id="",
    )
    return Credentials(role.access_key_id, role.secret_access_key, role.session_token)


def _key(call: Call) -> IAMUserAccessKey | AssumedRoleAccessKey:
    try:
        return create_access_key(ACCOUNT, PARTITION, call.access_key, dict(call.headers))
    except CreateAccessKeyFailure as failure:
        kind = "bad-token" if failure.reason == "InvalidToken" else "unknown-key"
        raise refused(call.service, kind) from failure


def _of_key(call: Call, key: IAMUserAccessKey | AssumedRoleAccessKey) -> Principal:
    documents = tuple(_document(policy) for policy in key.collect_policies())
    session = _session(call.access_key)
    if session is None:
        return Principal(key.arn, frozenset({key.arn}), ACCOUNT, documents)
    if session.expiration.replace(tzinfo=UTC) <= datetime.now(UTC):
        raise refused(call.service, "expired")
    role = iam_backends[ACCOUNT][PARTITION].get_role_by_arn(session.role_arn)
    if role.permissions_boundary:
        raise Unjudgeable("a permissions boundary is not known here")
    return Principal(key.arn, frozenset({key.arn, role.arn}), ACCOUNT, documents, session.policy or None)


def _session(access_key: str) -> AssumedRole | None:
    found: AssumedRole | None = sts_backends[ACCOUNT][PARTITION].get_assumed_role_from_access_key(access_key)
    return found


def _document(policy: Any) -> str:
    """The text of a policy; moto hands out three kinds."""
    if isinstance(policy, Policy):
        return next(str(version.document) for version in policy.versions if version.is_default)
    document = policy if isinstance(policy, str) else policy["policy_document"]
    return document if isinstance(document, str) else json.dumps(document)


def _is_signed_by(call: Call, credentials: SigningCredentials) -> bool:
    """Whether the signature is the one that botocore makes of the same request.

    SDKs sign headers that a proxy may change; here nothing stands between, so every signed header counts as it came.
    """
    authorization = call.headers["Authorization"]
    signed = set(_part(authorization, "SignedHeaders").split(";"))
    headers = {name: value for name, value in call.headers.items() if name.lower() in signed}
    request = AWSRequest(method=call.method, url=call.target, data=call.body, headers=headers)
    request.context["timestamp"] = call.headers.get("X-Amz-Date", "")
    service = "monitoring" if call.service == "cloudwatch" else call.service
    auth = (S3SigV4Auth if service == "s3" else SigV4Auth)(credentials, service, call.region)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    return hmac.compare_digest(auth.signature(text, request), _part(authorization, "Signature"))


def _part(authorization: str, name: str) -> str:
    return authorization.partition(f"{name}=")[2].partition(",")[0].strip()
