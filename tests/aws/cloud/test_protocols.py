"""Each service over its own protocol: let in where a scoped policy says so, refused in its own words otherwise."""

from __future__ import annotations

import pytest

from tests.aws.cloud.asked import allow, error_of, policy, text_of

ARN = "arn:aws:{service}:eu-west-1:123456789012:{resource}"
CNAME = {"Name": "LOGIN.example.com.", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.example.net"}]}
RECORDS = {
    "ForAllValues:StringEquals": {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["login.example.com"],
        "route53:ChangeResourceRecordSetsRecordTypes": ["CNAME"],
    }
}
ALARM = {
    "ComparisonOperator": "GreaterThanThreshold",
    "EvaluationPeriods": 1,
    "Namespace": "connectors",
    "MetricName": "findings",
    "Period": 60,
    "Threshold": 0,
    "Statistic": "Sum",
}
METRIC = {"MetricData": [{"MetricName": "heartbeat", "Value": 1}]}

CASES = [
    (
        "secretsmanager",
        allow("secretsmanager:CreateSecret", ARN.format(service="secretsmanager", resource="secret:dev/*-??????")),
        ("create_secret", {"Name": "dev/app"}),
        ("create_secret", {"Name": "prod/app"}),
        "AccessDeniedException",
    ),
    (
        "kms",
        allow("kms:CreateKey", "*", Condition={"StringEquals": {"aws:RequestTag/env": "dev"}}),
        None,
        ("create_key", {"Tags": [{"TagKey": "env", "TagValue": "prod"}]}),
        "AccessDeniedException",
    ),
    (
        "ssm",
        allow("ssm:PutParameter", ARN.format(service="ssm", resource="parameter/dev/*")),
        ("put_parameter", {"Name": "/dev/app", "Value": "x", "Type": "String"}),
        ("put_parameter", {"Name": "/prod/app", "Value": "x", "Type": "String"}),
        "AccessDeniedException",
    ),
    (
        "sns",
        allow("sns:CreateTopic", ARN.format(service="sns", resource="drift-*")),
        ("create_topic", {"Name": "drift-dev"}),
        ("create_topic", {"Name": "other"}),
        "AuthorizationError",
    ),
    (
        "cloudwatch",
        allow("cloudwatch:PutMetricAlarm", ARN.format(service="cloudwatch", resource="alarm:drift-*")),
        ("put_metric_alarm", {"AlarmName": "drift-dev", **ALARM}),
        ("put_metric_alarm", {"AlarmName": "other", **ALARM}),
        "AccessDeniedException",
    ),
    (
        "cloudwatch",
        allow("cloudwatch:PutMetricData", "*", Condition={"StringEquals": {"cloudwatch:namespace": "connectors"}}),
        ("put_metric_data", {"Namespace": "connectors", **METRIC}),
        ("put_metric_data", {"Namespace": "AWS", **METRIC}),
        "AccessDeniedException",
    ),
    (
        "iam",
        allow("iam:GetRole", "arn:aws:iam::123456789012:role/caller"),
        ("get_role", {"RoleName": "caller"}),
        ("get_role", {"RoleName": "other"}),
        "AccessDenied",
    ),
    (
        "sts",
        allow("s3:*"),
        ("get_caller_identity", {}),
        ("assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/caller", "RoleSessionName": "again"}),
        "AccessDenied",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}-{case[3][0]}" for case in CASES])
def test_scoped_policy_decides_over_each_service(cloud, case):
    """A call that the policy names passes, one beside it is refused with the service's own code and a full sentence."""
    service, statement, may, may_not, code = case
    caller = cloud.credentials_of(cloud.role("caller", policy(statement)))
    cloud.enforce()
    client = cloud.client(service, caller)

    assert may is None or error_of(getattr(client, may[0]), **may[1]) == ""
    assert error_of(getattr(client, may_not[0]), **may_not[1]) == code
    assert "assumed-role/caller/session is not authorized to perform: " in text_of(
        getattr(client, may_not[0]), **may_not[1]
    )


def test_route53_compares_zone_and_records(cloud):
    """One record of one zone can be granted, in the normal form of its name, and nothing else."""
    route53 = cloud.client("route53")
    zones = [
        route53.create_hosted_zone(Name="example.com", CallerReference=str(number))["HostedZone"]["Id"]
        for number in range(2)
    ]
    own = f"arn:aws:route53:::hostedzone/{zones[0].rpartition('/')[2]}"
    statement = allow("route53:ChangeResourceRecordSets", own, Condition=RECORDS)
    caller = cloud.credentials_of(cloud.role("caller", policy(statement)))
    cloud.enforce()

    def change(zone, **differing):
        return error_of(
            cloud.client("route53", caller).change_resource_record_sets,
            HostedZoneId=zone,
            ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": {**CNAME, **differing}}]},
        )

    assert change(zones[1]) == "AccessDenied"
    assert change(zones[0], Name="other.example.com") == "AccessDenied"
    assert change(zones[0], Type="TXT", ResourceRecords=[{"Value": '"x"'}]) == "AccessDenied"
    assert change(zones[0]) == ""


def test_s3_compares_prefix_and_object(cloud):
    """A list is granted by prefix and objects by key, a version is a right of its own, and a copy takes both sides."""
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="state", VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket="state", Key="dev/ä b.json", Body=b"{}")["VersionId"]
    s3.put_object(Bucket="state", Key="prod/a.json", Body=b"{}")
    condition = {"StringLike": {"s3:prefix": "dev/*"}}
    rights = policy(
        allow("s3:ListBucket", "arn:aws:s3:::state", Condition=condition),
        allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::state/dev/*"),
    )
    mine = cloud.client("s3", cloud.credentials_of(cloud.role("caller", rights)))
    cloud.enforce()

    assert error_of(mine.list_objects_v2, Bucket="state", Prefix="dev/") == ""
    assert error_of(mine.list_objects_v2, Bucket="state", Prefix="prod/") == "AccessDenied"
    assert error_of(mine.list_objects_v2, Bucket="state") == "AccessDenied"
    assert mine.get_object(Bucket="state", Key="dev/ä b.json")["Body"].read() == b"{}"
    assert error_of(mine.get_object, Bucket="state", Key="dev/ä b.json", VersionId=version) == "AccessDenied"
    assert error_of(mine.delete_object, Bucket="state", Key="dev/ä b.json") == "AccessDenied"
    assert error_of(mine.copy_object, Bucket="state", Key="dev/c", CopySource="state/dev/ä b.json") == ""
    assert error_of(mine.copy_object, Bucket="state", Key="dev/c", CopySource="state/prod/a.json") == "AccessDenied"


def test_object_under_a_key_takes_the_key(cloud):
    """A bucket that encrypts with a customer's key asks for that key, for that bucket, through S3."""
    key = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket="state", ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_object(Bucket="state", Key="a", Body=b"x")
    objects = allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::state/*")
    of_bucket = {
        "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::state",
        "kms:ViaService": "s3.eu-west-1.amazonaws.com",
    }
    reads = policy(objects, allow("kms:Decrypt", key, Condition={"StringEquals": of_bucket}))
    without = cloud.client("s3", cloud.credentials_of(cloud.role("without", policy(objects))))
    reader = cloud.client("s3", cloud.credentials_of(cloud.role("reader", reads)))
    cloud.enforce()

    assert error_of(without.get_object, Bucket="state", Key="a") == "AccessDenied"
    assert error_of(reader.get_object, Bucket="state", Key="a") == ""
    assert error_of(reader.put_object, Bucket="state", Key="b", Body=b"x") == "AccessDenied"
    cloud.client("kms").disable_key(KeyId=key)
    assert error_of(s3.get_object, Bucket="state", Key="a") == "KMS.DisabledException"


def test_missing_object_is_missing_only_to_who_may_list(cloud):
    """Whoever may not list a bucket is not told whether an object is there."""
    cloud.client("s3").create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    read = allow("s3:GetObject", "arn:aws:s3:::state/*")
    blind = cloud.credentials_of(cloud.role("blind", policy(read)))
    seeing = cloud.credentials_of(cloud.role("seeing", policy(read, allow("s3:ListBucket", "arn:aws:s3:::state"))))
    cloud.enforce()

    assert error_of(cloud.client("s3", blind).get_object, Bucket="state", Key="a") == "AccessDenied"
    assert error_of(cloud.client("s3", seeing).get_object, Bucket="state", Key="a") == "NoSuchKey"
    assert error_of(cloud.client("s3", blind).head_object, Bucket="state", Key="a") == "403"


def test_call_that_is_not_known_is_loud(cloud):
    """An operation whose rights are not known here is answered by an error that no test can take for a refusal."""
    cloud.enforce()

    assert error_of(cloud.client("sqs").list_queues) == "TheDoubleCannotTell"
    assert error_of(cloud.client("autoscaling").describe_auto_scaling_groups) == "TheDoubleCannotTell"
    assert error_of(cloud.client("kms").create_custom_key_store, CustomKeyStoreName="x") == "TheDoubleCannotTell"
