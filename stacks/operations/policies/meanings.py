"""What each statement of the policies is for, by its Sid: JSON has no comments."""

from __future__ import annotations

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "Runs": "runs whose token has one of these subjects take the role",
    "RunsByPattern": "runs whose token has a subject of these forms take the role",
    "ListState": "find the state; names in the bucket can be seen, the state of other environments cannot be read",
    "ReadState": "read the state of this environment",
    "OpenState": "decrypt the secrets in the state of this environment: the key is told its name as context",
    "DescribeSecrets": "see which version of a secret is current, never its value",
    "MissSecrets": "be told that a secret is not there; AWS judges one that is missing by its bare name",
    "DescribeParameters": "see which version of a parameter is current; its value stays encrypted",
    "ReadContainers": "see the secrets that the stack makes and who may read them, never their values",
    "ReadKeys": "see the keys of these secrets, their policies and marks, and those of every key without a mark; "
    "keys of other environments are left out",
    "ListAliases": "find the key of a secret by its alias; AWS knows no part of this right",
    "ReadRecords": "see the record of the service domain",
    "ReadTopic": "see the topic of the alarm",
    "ReadSubscription": "see who is told; AWS knows no part of this right",
    "ReadAlarms": "see the alarms; AWS judges a question for some as one for all",
    "ReadTagsOfAlarms": "see the marks on the alarms",
    "NeverReadValues": "read the value of any secret, whatever another policy allows",
    "NeverDecryptValues": "decrypt a secret or a parameter, whatever another policy allows",
    "ReadValues": "read the current value of the secrets that the stack file refers to",
    "DecryptValues": "decrypt these values, through Secrets Manager alone",
    "DecryptParameters": "decrypt the parameters that the stack file refers to, through Systems Manager alone",
    "SendHeartbeat": "tell the alarm that somebody looked, and what was found",
    "WriteState": "write the state of this environment, its history and its backups",
    "LockState": "hold the lock of this environment, and take away one that was left",
    "ListLocks": "see who holds the lock",
    "MakeContainers": "make the declared secrets, keep descriptions and marks, and say who may read them",
    "MakeKeys": "make keys that carry the mark of this environment, and put it on any key without one",
    "StartKeys": "turn on rotation and give aliases of this environment, to keys with this mark and keys without one: "
    "that of a new key counts only after minutes",
    "KeepKeys": "keep the keys with this mark: turn one on again, its description, marks of others off",
    "TryKeys": "let Secrets Manager try a key for a new secret; it encrypts nothing",
    "PointRecord": "point the CNAME of the service domain, and no other record; never remove it",
    "AwaitRecord": "wait until the record is served",
    "SubscribePeople": "subscribe people to the topic of the alarm, by e-mail alone",
    "MakeAlarms": "make the alarms and their topic",
    "NeverDelete": "delete a secret or a key, turn a key off, or take away what protects them: the policy that names "
    "the readers, the alias, and who governs the key",
    "NeverPutValues": "put a value, of a secret or of a parameter: people do that, or a rotation",
    "NeverEncryptValues": "put a value by another way: what encrypts one is refused",
    "NeverOpenContainers": "let everybody read a secret",
    "NeverMarkOtherwise": "put a mark on anything whose name does not begin as those of this package do",
    "NeverTakeMarks": "take marks of this package off",
    "NeverTouchStateKey": "put its mark on the key of the state, name it or change its rotation",
}
"""Sid -> what the statement lets a run do, or, where its Effect is Deny, what it keeps a run from."""
