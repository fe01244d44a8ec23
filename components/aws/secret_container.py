"""SecretContainer: a secret that the stack makes and people fill, with its key and who may read it. Wiring only.

What `destroy`, a removed declaration or another name leaves behind at AWS: secret, key, alias and policy, all as they
are, so that no value is ever lost in passing and no protection ends before the value does. The next run that declares
the same name takes them back.
Never: a value; that is put by people or by `rotate`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import kms, secretsmanager

from components.aws import adoption, policies

TYPE = "cyclr-connectors:aws:SecretContainer"


@dataclass(frozen=True)
class SecretContainerArgs:
    """One container's declaration, canonical."""

    secret_name: str
    environment: str
    account: str
    """Twelve digits."""
    region: str
    readers: tuple[str, ...]
    """ARNs of who may read the value; they must exist."""


class SecretContainer(pulumi.ComponentResource):
    """A secret without a value, a key of its own, and a policy that names its readers."""

    arn: pulumi.Output[str]
    secret_name: pulumi.Output[str]
    """Known only once the secret and who may read it are there: whoever awaits it may ask AWS for it."""

    def __init__(
        self,
        name: str,
        args: SecretContainerArgs,
        provider: pulumi.ProviderResource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the children under `name`, or take them back.

        Raises: as `adoption.container`.
        """
        standing = adoption.container(args.secret_name, args.environment, args.region)
        super().__init__(TYPE, name, {}, opts)
        self._name, self._args, self._provider = name, args, provider
        self._refusal = adoption.refusal(f"secret {args.secret_name}", standing.refused)
        key = self._key(standing.key)
        secret = self._secret(key, standing.secret)
        # After the secret, by which a run that was killed in between finds it again.
        alias = kms.Alias(
            f"{name}-alias",
            name=policies.alias(args.environment, args.secret_name),
            target_key_id=key.key_id,
            opts=self._options(standing.alias, depends_on=[secret]),
        )
        # Never imported: AWS takes a policy in place of another, so one that was left behind is simply put again.
        readers = secretsmanager.SecretPolicy(
            f"{name}-readers",
            secret_arn=secret.arn,
            policy=policies.text(policies.secret_policy(args.readers)),
            block_public_policy=True,
            opts=self._options(),
        )
        self.arn = secret.arn
        # A value is asked for only once its protection stands: what is awaited here ends an update that finds none.
        # In a look the name stays known while one of them is to be made again.
        placed = [each.id.apply(lambda _: "", run_with_unknowns=True) for each in (alias, readers)]
        self.secret_name = pulumi.Output.all(secret.arn, *placed).apply(lambda _: args.secret_name)
        self.register_outputs({"arn": self.arn, "secret_name": self.secret_name})

    def _key(self, standing: str | None) -> kms.Key:
        args = self._args
        return kms.Key(
            f"{self._name}-key",
            description=f"Encrypts secret {args.secret_name} of environment {args.environment}",
            enable_key_rotation=True,
            policy=policies.text(policies.key_policy(args.account, args.region)),
            # KMS refuses a policy that its maker could not change again. Who deploys must not be able to; the account
            # keeps kms:PutKeyPolicy by the policy, so nobody is locked out.
            bypass_policy_lockout_safety_check=True,
            tags=policies.tags(args.environment),
            # Of the making alone: KMS does not tell it, so a key of an older state or an import would differ for ever.
            opts=self._options(standing, ignore_changes=["bypassPolicyLockoutSafetyCheck"]),
        )

    def _secret(self, key: kms.Key, standing: str | None) -> secretsmanager.Secret:
        args = self._args
        return secretsmanager.Secret(
            f"{self._name}-secret",
            name=args.secret_name,
            description=f"Secret of environment {args.environment}; people put its value, no stack does",
            kms_key_id=key.arn,
            tags={**policies.tags(args.environment), policies.KEY_TAG: key.key_id},
            opts=self._options(standing),
        )

    def _options(
        self,
        standing: str | None = None,
        depends_on: list[pulumi.Resource] | None = None,
        ignore_changes: list[str] | None = None,
    ) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self,
            provider=self._provider,
            retain_on_delete=True,
            import_=standing,
            depends_on=depends_on,
            ignore_changes=ignore_changes,
            hooks=self._refusal,
        )
