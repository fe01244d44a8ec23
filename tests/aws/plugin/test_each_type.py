"""What holds for every type that the stand-in serves."""

from __future__ import annotations

import pytest

from tests.aws.plugin.arguments import table
from tests.aws.plugin.calls import Refusal
from tests.aws.plugin.cases import CASES, SECRET, Case
from tests.aws.plugin.kinds import TOKENS, kind

each_type = pytest.mark.parametrize("case", CASES, ids=lambda case: case.token.rpartition(":")[2])
updated = pytest.mark.parametrize(
    "case", [case for case in CASES if case.update], ids=lambda case: case.token.rpartition(":")[2]
)


def test_every_type_has_a_case():
    """No type is served that these tests leave out."""
    assert {case.token for case in CASES} == set(TOKENS)


@pytest.mark.parametrize("token", TOKENS)
def test_facts_name_only_inputs_of_the_sdk(token):
    """What is said of a type beyond the SDK's table is about arguments of that table."""
    of, known = kind(token), table(token)
    named = {*of.served, *of.defaults, *of.same} | of.immutable | of.unread | of.computed

    assert not named - known.inputs.keys()


@each_type
def test_created_resource_is_at_rest(case: Case, aws):
    """What was just made differs in nothing from what was declared."""
    made = case.made(aws)

    assert not aws.difference(made, made.inputs).changes
    assert made.inputs.items() <= {**made.outputs, **made.inputs}.items()


@each_type
def test_outputs_are_those_of_the_sdk(case: Case, aws):
    """A program finds every output that the SDK knows and that AWS has, and no other."""
    made, known = case.made(aws), table(case.token)

    assert not made.outputs.keys() - known.inputs.keys() - known.outputs
    assert known.outputs - {"beginningArchiveTime"} <= made.outputs.keys()


@each_type
def test_refresh_of_what_is_right_finds_nothing(case: Case, aws):
    """A second look gives the same inputs and outputs."""
    made = case.made(aws)

    assert aws.seen(made) == made


@each_type
def test_drift_shows_in_read_and_diff(case: Case, aws):
    """A change behind the engine's back is in the inputs that a refresh finds, and the declaration would undo it."""
    made = case.made(aws)
    case.drift(aws, made)

    seen = aws.seen(made)

    assert {key for key in made.inputs if seen.inputs.get(key) != made.inputs[key]} == {case.drifted}
    assert aws.difference(seen, made.inputs).diffs == [case.drifted]


@each_type
def test_drift_is_repaired(case: Case, aws):
    """An update with the declaration brings everything back."""
    made = case.made(aws)
    case.drift(aws, made)

    repaired = aws.changed(aws.seen(made), **made.inputs)

    assert aws.seen(repaired).inputs == made.inputs


@updated
def test_change_in_place_is_put_into_practice(case: Case, aws):
    """AWS tells after an update what the update asked for."""
    made = case.made(aws)

    wanted = aws.difference(made, made.inputs | case.update)
    changed = aws.changed(made, **case.update)

    assert wanted.changes
    assert not wanted.replaces
    assert aws.seen(changed) == changed
    assert not aws.difference(changed, changed.inputs).changes


@each_type
def test_change_of_what_is_immutable_replaces(case: Case, aws):
    """What AWS cannot change is made anew."""
    made = case.made(aws)

    difference = aws.difference(made, made.inputs | case.replace)

    assert difference.replaces == list(case.replace)
    assert all(each.kind.name.endswith("_REPLACE") for each in difference.detailed_diff.values())


@each_type
def test_deleted_resource_is_gone(case: Case, aws):
    """After a deletion a look finds nothing."""
    made = case.made(aws)

    aws.delete(made)

    assert aws.seen(made) is None


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.token != SECRET], ids=lambda case: case.token.rpartition(":")[2]
)
def test_second_deletion_is_fine(case: Case, aws):
    """What is gone already is deleted; of a secret AWS says that it is scheduled for that."""
    made = case.made(aws)
    aws.delete(made)

    aws.delete(made)

    assert aws.seen(made) is None


@each_type
@pytest.mark.parametrize("kind_of_fault", ["garbage", "denied"])
def test_outage_is_never_gone(case: Case, kind_of_fault, cloud, aws):
    """A look that AWS does not answer fails; it neither finds nothing nor another value."""
    made = case.made(aws)
    cloud.fault(case.token.split(":")[1].partition("/")[0], "*", kind_of_fault)

    with pytest.raises(Refusal, match=r"^reading"):
        aws.seen(made)


@each_type
def test_existing_resource_is_imported_by_its_id(case: Case, aws):
    """From an id alone a look finds all that was declared, but for what AWS does not tell."""
    made = case.made(aws)

    imported = aws.imported(case.token, made.identity)
    difference = aws.difference(imported, made.inputs)

    assert set(difference.diffs) <= kind(case.token).unread
    assert imported.outputs.items() <= made.outputs.items()


@each_type
def test_unknown_id_imports_nothing(case: Case, aws):
    """There is no resource of an id that AWS never gave."""
    made = case.made(aws)
    aws.delete(made)

    assert aws.imported(case.token, made.identity) is None


@each_type
def test_unknown_values_pass_a_preview(case: Case, aws):
    """Values that only an update will know are taken for any value, and so are the outputs that AWS gives."""
    inputs = case.inputs(aws)
    unknown = dict.fromkeys(inputs, "04da6b54-80e4-46f7-96ec-b56ff0331ba9")

    shown = aws.previewed(case.token, **unknown)

    assert {shown[key] for key in table(case.token).outputs} | {*unknown.values()} == {*unknown.values()}


@each_type
def test_preview_of_unknown_values_shows_a_change(case: Case, aws):
    """A value that is not known yet differs from every value that is."""
    made = case.made(aws)
    name = next(iter(case.replace))

    difference = aws.difference(made, made.inputs | {name: "04da6b54-80e4-46f7-96ec-b56ff0331ba9"})

    assert difference.replaces == [name]


@each_type
def test_input_that_the_sdk_does_not_have_is_refused(case: Case, aws):
    """A mistyped name never reaches AWS."""
    failures = aws.failures(case.token, case.inputs(aws) | {"colour": "blue"})

    assert failures == {"colour": f"{case.token} has no such argument"}


@each_type
def test_input_of_another_type_is_refused(case: Case, aws):
    """A value must be of the type that the SDK's table says, and every one that is not is told."""
    inputs = case.inputs(aws)
    wrong = {key: {"a": ["map"]} for key, value in inputs.items() if not isinstance(value, dict)}

    assert wrong.keys() <= aws.failures(case.token, inputs | wrong).keys()


@pytest.mark.parametrize("token", [token for token in TOKENS if table(token).required])
def test_missing_input_is_refused(token, aws):
    """What the SDK's table demands is demanded."""
    failures = aws.failures(token, {})

    assert table(token).required <= failures.keys()
