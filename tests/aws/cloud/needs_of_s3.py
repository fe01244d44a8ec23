"""What calls to S3 take.

Source:  S3 user guide, "Required permissions for Amazon S3 API operations"; S3 API reference, GetObject: a missing
         object is answered by 403 and not by 404 where the caller may not list the bucket. Whether that question
         carries s3:prefix is not documented and reports of users differ: here it does not, so that a policy which
         suffices here suffices there.
"""

from __future__ import annotations

from urllib.parse import unquote

from moto.kms.models import Key
from moto.s3.models import s3_backends

from tests.aws.cloud.account import ACCOUNT
from tests.aws.cloud.calls import Call
from tests.aws.cloud.conditions import Context, Unjudgeable
from tests.aws.cloud.needs_of_keys import encryption_context, found_key, of_key
from tests.aws.cloud.policies import Need

OF_BUCKETS = {
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "CreateBucket": "CreateBucket",
    "DeleteBucket": "DeleteBucket",
    **{
        name: name
        for verb in ("Get", "Put", "Delete")
        for subject in ("Versioning", "Policy", "Tagging", "OwnershipControls", "Location", "Acl", "Logging")
        for name in [f"{verb}Bucket{subject}"]
    },
}
OF_OBJECTS = {
    "HeadObject": "GetObject",
    "GetObject": "GetObject",
    "GetObjectAttributes": "GetObjectAttributes",
    "GetObjectTagging": "GetObjectTagging",
    "PutObject": "PutObject",
    "PutObjectTagging": "PutObjectTagging",
    "DeleteObject": "DeleteObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "AbortMultipartUpload": "AbortMultipartUpload",
    "ListParts": "ListMultipartUploadParts",
}
WITH_VERSION = ("GetObject", "GetObjectTagging", "DeleteObject", "GetObjectAttributes")
READS = ("GetObject", "HeadObject")
WRITES = ("PutObject", "CopyObject", "CreateMultipartUpload")
SSE, SSE_KEY = "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"
CONTEXT = {"Prefix": "s3:prefix", "Delimiter": "s3:delimiter", "MaxKeys": "s3:max-keys", "VersionId": "s3:versionid"}


def needs(call: Call) -> list[Need]:
    """What a call to S3 takes."""
    bucket, context = call.text("Bucket"), _context(call)
    if call.operation == "ListBuckets":
        return [Need("s3:ListAllMyBuckets", "*")]
    if action := OF_BUCKETS.get(call.operation):
        return [_need(action, bucket, "", context)]
    if call.operation == "DeleteObjects":
        return [
            _need(_versioned("DeleteObject", version), bucket, key, {}) for key, version in call.parameters["Objects"]
        ]
    if call.operation == "CopyObject":
        source, _, version = unquote(call.text("CopySource")).lstrip("/").partition("?versionId=")
        of_bucket, _, of_key = source.partition("/")
        of_source = _need(_versioned("GetObject", version), of_bucket, of_key, {})
        return [of_source, _need("PutObject", bucket, call.text("Key"), context), *_use_of_key(call)]
    action = OF_OBJECTS.get(call.operation)
    if action is None:
        raise Unjudgeable(f"s3:{call.operation} is not known here")
    key = call.text("Key")
    found = [_need(_versioned(action, call.text("VersionId")), bucket, key, context)]
    if action == "GetObject" and not _exists(bucket, key):
        found.append(_need("ListBucket", bucket, "", {}))
    return [*found, *_use_of_key(call)]


def object_key(call: Call) -> Key | None:
    """The customer's KMS key that writing or reading an object takes."""
    bucket = s3_backends[ACCOUNT]["aws"].buckets.get(call.text("Bucket"))
    if bucket is None:
        return None
    if call.operation in READS:
        item = s3_backends[ACCOUNT]["aws"].get_object(bucket.name, call.text("Key"), call.text("VersionId") or None)
        algorithm, name = (item.encryption, item.kms_key_id) if item else (None, None)
    elif call.operation in WRITES:
        default = ((bucket.encryption or {}).get("Rule") or {}).get("ApplyServerSideEncryptionByDefault") or {}
        algorithm = call.headers.get(SSE.title()) or default.get("SSEAlgorithm")
        name = call.headers.get(SSE_KEY.title()) or default.get("KMSMasterKeyID")
    else:
        return None
    return found_key(call.region, name) if algorithm == "aws:kms" and name else None


def _use_of_key(call: Call) -> list[Need]:
    """KMS in the caller's name, with the bucket or the object as encryption context."""
    key = object_key(call)
    if key is None:
        return []
    bucket = s3_backends[ACCOUNT]["aws"].buckets[call.text("Bucket")]
    for_bucket = ((bucket.encryption or {}).get("Rule") or {}).get("BucketKeyEnabled") == "true"
    arn = f"arn:aws:s3:::{bucket.name}" + ("" if for_bucket else f"/{call.text('Key')}")
    action = "kms:GenerateDataKey" if call.operation in WRITES else "kms:Decrypt"
    return [of_key(action, key, encryption_context({"aws:s3:arn": arn}), via="s3")]


def _need(action: str, bucket: str, key: str, context: Context) -> Need:
    resource = f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
    known = s3_backends[ACCOUNT]["aws"].buckets.get(bucket)
    policy = known.policy if known else None
    return Need(f"s3:{action}", resource, context, policy.decode() if isinstance(policy, bytes) else policy)


def _versioned(action: str, version: str | None) -> str:
    """Reading or deleting a named version is a right of its own."""
    return action.replace("Object", "ObjectVersion", 1) if version and action in WITH_VERSION else action


def _context(call: Call) -> Context:
    of_query = {key: (call.text(name),) for name, key in CONTEXT.items() if name in call.parameters}
    of_headers = {f"s3:{name}": (value,) for name in (SSE, SSE_KEY) if (value := call.headers.get(name.title()))}
    return {**of_query, **of_headers}


def _exists(bucket: str, key: str) -> bool:
    """Whether there is an object now; a marker of a deletion is none."""
    backend = s3_backends[ACCOUNT]["aws"]
    return bucket not in backend.buckets or backend.get_object(bucket, key) is not None
