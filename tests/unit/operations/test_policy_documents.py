"""Policy documents side by side: only what differs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stacks.operations.summary.policy_documents import differing

ALLOW = {"Sid": "Readers", "Effect": "Allow", "Principal": {"AWS": ["a", "b"]}, "Action": "x:Get", "Resource": "*"}
DENY = {"Sid": "Others", "Effect": "Deny", "Principal": "*", "Action": ["x:Get"], "Resource": "*"}
ACTIONS = [f"x:Do{number}" for number in range(20)]
LONG = {"Sid": "Administration", "Effect": "Allow", "Principal": {"AWS": "a"}, "Action": ACTIONS, "Resource": "*"}
CHANGED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "one more action": ({"Action": [*ACTIONS, "x:Use"]}, {}, {"Action": ["x:Use"]}),
    "one action less": ({"Action": ACTIONS[1:]}, {"Action": ["x:Do0"]}, {}),
    "any action": ({"Action": "x:*"}, {"Action": ACTIONS}, {"Action": "x:*"}),
    "another principal": ({"Principal": {"AWS": "b"}}, {"Principal": {"AWS": "a"}}, {"Principal": {"AWS": "b"}}),
    "one more principal": ({"Principal": {"AWS": ["a", "b"]}}, {}, {"Principal": {"AWS": ["b"]}}),
    "everybody": ({"Principal": "*"}, {"Principal": {"AWS": "a"}}, {"Principal": "*"}),
    "denied": ({"Effect": "Deny"}, {"Effect": "Allow"}, {"Effect": "Deny"}),
    "a condition": ({"Condition": {"Bool": {"b": "c"}}}, {}, {"Condition": {"Bool": {"b": "c"}}}),
    "an action twice": ({"Action": [*ACTIONS, "x:Do0"]}, {"Action": ACTIONS}, {"Action": [*ACTIONS, "x:Do0"]}),
}
"""What was changed -> the change, what the one side has more, what the other."""
WORDS = st.sampled_from(["a", "b", "c"])
STATEMENTS = st.lists(
    st.fixed_dictionaries({"Effect": WORDS, "Action": st.one_of(WORDS, st.lists(WORDS, min_size=1, max_size=3))}),
    max_size=4,
)


def document(*statements: dict[str, Any], version: str = "2012-10-17") -> str:
    """A policy as AWS has it."""
    return json.dumps({"Version": version, "Statement": list(statements)})


def test_only_statements_that_differ_are_told():
    """A statement on both sides says nothing."""
    other = {**DENY, "Action": "x:*"}

    assert differing(document(ALLOW, DENY), document(ALLOW, {**other, "Sid": "Else"})) == (
        [DENY],
        [{**other, "Sid": "Else"}],
    )


@pytest.mark.parametrize(("change", "mine", "theirs"), CHANGED.values(), ids=CHANGED)
def test_statement_of_one_name_is_told_by_what_it_has_more(change, mine, theirs):
    """Of a statement that both have, each side tells what the other lacks, and its name."""
    found = differing(document(LONG, DENY), document({**LONG, **change}, DENY))

    assert found == ([{"Sid": "Administration", **mine}], [{"Sid": "Administration", **theirs}])


def test_name_that_two_statements_have_pairs_none():
    """Where a name tells nothing, the statements are told whole."""
    other = {**ALLOW, "Action": "x:Put"}

    assert differing(document(ALLOW, {**ALLOW, "Effect": "Deny"}), document(other)) == (
        [ALLOW, {**ALLOW, "Effect": "Deny"}],
        [other],
    )


def test_statement_on_one_side_alone_is_told_there():
    """What was taken away stands on one side, and nothing on the other."""
    assert differing(document(ALLOW, DENY), document(ALLOW)) == ([DENY], [])


def test_order_and_lists_of_one_make_no_difference():
    """AWS gives lists in another order, and single entries without one."""
    shuffled = {**ALLOW, "Principal": {"AWS": ["b", "a"]}, "Action": ["x:Get"]}

    assert differing(document(ALLOW, DENY), document(shuffled)) == ([DENY], [])


def test_documents_that_differ_elsewhere_are_told_whole():
    """Another version is a difference that no statement shows."""
    one, other = document(ALLOW), document(ALLOW, version="2008-10-17")

    assert differing(one, other) == (one, other)


def test_what_is_no_policy_is_left_as_it_is():
    """Any other value, and a document against none, is told as it stands."""
    for pair in (("a", "b"), (["a"], None), (document(ALLOW), None), ('{"a": 1}', "{"), (3.0, True), ("[1]", "[2]")):
        assert differing(*pair) == pair


@given(others=STATEMENTS, shared=STATEMENTS)
def test_statement_of_one_side_is_always_told(others: list[dict[str, Any]], shared: list[dict[str, Any]]):
    """Whatever else both documents hold, in whatever order, a statement that only one has is told, and only there."""
    left, right = differing(document(*shared, DENY, *others), document(*reversed(shared), *reversed(others)))

    assert (left, right) == ([DENY], [])
