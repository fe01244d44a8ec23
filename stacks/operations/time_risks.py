"""What will end by itself in an environment, asked where it stands; belongs to a look of `drift`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from stacks.operations import certificate
from stacks.operations.summary.changes import ACCESS
from stacks.operations.summary.look import Look
from stacks.operations.summary.risks import risks
from stacks.operations.summary.survey import Survey


def with_risks(survey: Survey) -> Survey:
    """The survey with the certificate that is served now, the Graph version in use, the age of proofs."""
    assert survey.look is not None
    served = certificate.served(survey.look.service_domain)
    today = datetime.now(UTC).date()
    return replace(survey, risks=risks(survey.look, today, served, graph_version(survey.look)))


def graph_version(look: Look) -> str:
    """The version of the Graph API that this look used; empty when it is not known."""
    access = next((each.declared or each.found for each in look.resources if each.kind == ACCESS), {})
    return next((str(value) for key, value in access.items() if key.endswith(":graphVersion")), "")
