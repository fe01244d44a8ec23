"""`cyclr-connectors scan`: secrets of Facebook and Cyclr that stand in a file for everybody to read.

Two ways to see one: by its place in a stack file (what a reference names, or stands where a reference belongs), and by
its shape, wherever it stands, comments and broken YAML included.
Never: a value, not even as part of a key; a fingerprint or an encrypted value is none.
Source: an app secret beside an app id, and the two with a bar between them, are what live callers send (facebook.com,
        Graph API access tokens). That user tokens begin with EAA and Cyclr's have 64 hex digits is an inference: where
        it is wrong, the scan sees less. What Pulumi encrypts is `v1:` and base64, or base64 alone (Pulumi Cloud).
"""

from __future__ import annotations

import json
import re
import shlex
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import click
from ruamel.yaml import YAML
from ruamel.yaml.error import ReusedAnchorWarning
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from components import secrets
from components.redaction import HIDDEN
from stacks import settings_relations, settings_words, stack_file, stack_yaml
from stacks.mending import Commands, Loc, path
from stacks.operations import options
from stacks.settings_relations import KEYS, Source
from stacks.settings_rules import PROJECT, Encrypted
from stacks.stack_yaml import SECURE, Document


class Shape(NamedTuple):
    """What a secret looks like."""

    name: str
    pattern: re.Pattern[str]


SHAPES = (
    Shape("an app access token (app id and app secret)", re.compile(r"(?<!\d)\d{5,}(?:\||%7[Cc])[A-Za-z0-9_-]{20,}")),
    Shape("a Facebook access token", re.compile(r"(?<![A-Za-z0-9+/=])EAA[A-Za-z0-9]{20,}(?![+/=])")),
    Shape("a Facebook app secret (32 hex digits)", re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{32}(?![0-9A-Za-z])")),
    Shape("a Cyclr token (64 hex digits)", re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])")),
)

_SEALED = re.compile(
    r"""((?<![\w-])["']?secure["']?\s*:|^["']?(?:encryptionsalt|encryptedkey|secretsprovider)["']?:)
                         \s*["']?([^\s"'#}]+)""",
    re.VERBOSE,
)
"""A ciphertext, or what the key to one is; it is looked at as a whole only, since chance may put any shape inside."""
_NOT_PLAIN = re.compile(r"v1:.+|[A-Za-z0-9+/]{24,}={0,2}|REPLACE-with-pulumi-config-set")
"""What may be encrypted (the shortest that Pulumi Cloud makes is longer), and what the example has in its place."""
_SECRET_KEYS = ("appsecret", "clientsecret")
"""Keys under which a reference belongs, without their signs and in lower case."""


@dataclass(frozen=True)
class Found:
    """One place in a file with a secret in it."""

    key: str
    """The setting as `pulumi config --path` names it."""
    line: int
    what: str
    fix: str


@click.command("scan")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.as_json
def command(files: tuple[Path, ...], as_json: bool) -> None:
    """Look for plain secrets of Facebook and Cyclr in FILES, or in every stack file.

    Nothing is sent and nothing decrypted. Exit code 0: none; 2: at least one, or a file that cannot be read.
    """
    chosen = files or tuple(sorted(stack_file.FOLDER.glob("Pulumi.*.y*ml")))
    found = [(stack_file.shown(file), scan(file)) for file in chosen]
    if as_json:
        entries = [{"file": name, "secrets": [asdict(each) for each in held]} for name, held in found]
        click.echo(json.dumps({"files": entries}, indent=2, ensure_ascii=False))
    else:
        for name, held in found:
            for each in held:
                click.echo(f"{name}:{each.line}: {each.key} {each.what}\n  fix: {each.fix}")
        if not any(held for _, held in found):
            click.echo(f"{len(found)} file{'' if len(found) == 1 else 's'}: no secret found.")
    sys.exit(2 if any(held for _, held in found) else 0)


def scan(file: Path) -> list[Found]:
    """Every plain secret in a file, in the order of its lines; of a file that is no UTF-8 text, that it is none."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # UTF-16 without its mark is UTF-8 with a null beside each letter
        what = "cannot be read: it is no UTF-8 text, so no secret in it is seen"
        return [Found("the file", 1, what, "save it as UTF-8")]
    return scan_text(text, file)


def scan_text(text: str, file: Path) -> list[Found]:
    """Every plain secret in a text, as if the file held it; one a line is named."""
    stack = stack_file.stack_of(file)
    commands = Commands(stack, None if file.resolve() == stack_file.usual(stack) else stack_file.shown(file))
    try:
        document = stack_yaml.read(text)
    except stack_yaml.YamlError:
        document = Document()  # what is no YAML is said by `check`; its lines are still looked at
    by_line: dict[int, Found] = {}
    found = (
        _by_place(document, commands),
        _by_shape(text, document, commands),
        _under_secure(text, document, commands),
    )
    for each in chain.from_iterable(found):
        by_line.setdefault(each.line, each)
    return sorted(by_line.values(), key=lambda each: each.line)


def _by_place(document: Document, commands: Commands) -> Iterator[Found]:
    """Plain values where only references and encrypted values belong."""
    top = document.value if isinstance(document.value, Mapping) else {}
    config = settings_relations.mapping(top.get("config"))
    ours = {key.removeprefix(f"{PROJECT}:"): value for key, value in config.items() if key.startswith(f"{PROJECT}:")}
    encrypted = frozenset(key for key, value in ours.items() if isinstance(value, Encrypted))
    plain = frozenset(key for key, value in ours.items() if value is not None) - encrypted - set(KEYS)
    source = Source(environment=commands.stack, commands=commands, encrypted=encrypted, plain=plain)
    for finding in settings_relations.references({key: ours[key] for key in KEYS if key in ours}, source):
        if len(finding.loc) == 1 and finding.loc[0] in plain:
            yield _found(document, finding.loc, finding.what, finding.fix)
    for loc, value in _leaves(ours, ()):
        if len(loc) > 1 and _is_secret_key(loc[-1]) and not _is_reference(value):
            what = "holds a plain value where only a reference to a secret belongs"
            fix = "replace it at the vendor if anybody else had the file, then " + settings_words.mend(loc, commands)
            yield _found(document, loc, what, fix)


def _by_shape(text: str, document: Document, commands: Commands) -> Iterator[Found]:
    for number, line in enumerate(text.splitlines(), start=1):
        shape = next((shape for shape in SHAPES if shape.pattern.search(_SEALED.sub(_plain_only, line))), None)
        if shape:
            fix = (
                "take it out, and replace it at the vendor if anybody else had the file; a secret is kept by: "
                + commands.set_secret("KEY")
            )
            yield Found(_key_of(line, number, document), number, f"holds what looks like {shape.name}", fix)


def _under_secure(text: str, document: Document, commands: Commands) -> Iterator[Found]:
    """Texts that somebody typed where an encrypted value belongs."""
    if not document.lines:
        return  # no YAML
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)  # its text quotes lines
        top = YAML(typ="rt").compose(text)
    for loc, node in _sealed(top, (), set()):
        if not _NOT_PLAIN.fullmatch(node.value.strip()):
            key = loc[1].removeprefix(f"{PROJECT}:") if len(loc) == 3 else "KEY"
            fix = "replace it at the vendor if anybody else had the file, then run: "
            what = f"stands under {SECURE}: and cannot be an encrypted value"
            yield Found(_shown(loc), node.start_mark.line + 1, what, fix + commands.set_secret(shlex.quote(key)))


def _sealed(node: Node | None, loc: Loc, seen: set[int]) -> Iterator[tuple[Loc, ScalarNode]]:
    """Every text that the CLI takes for an encrypted one: under the one key of a mapping, which is `secure`."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))  # an alias may lead back to where it stands
    if isinstance(node, MappingNode):
        for key, inner in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else "?"
            if name == SECURE and len(node.value) == 1 and isinstance(inner, ScalarNode):
                if inner.value.strip() and not str(inner.tag).endswith((":bool", ":null")):
                    yield (*loc, name), inner
            else:
                yield from _sealed(inner, (*loc, name), seen)
    elif isinstance(node, SequenceNode):
        for index, inner in enumerate(node.value):
            yield from _sealed(inner, (*loc, str(index)), seen)


def _plain_only(sealed: re.Match[str]) -> str:
    """The value of a sealed line where it is a secret from end to end, so that nothing encrypted it."""
    value = sealed[2]
    return f"{sealed[1]} {value}" if any(shape.pattern.fullmatch(value) for shape in SHAPES) else sealed[1]


def _key_of(line: str, number: int, document: Document) -> str:
    """The setting that a line belongs to: the deepest one in it, else the last one above it."""
    if line.lstrip().startswith("#"):
        return "a comment"
    above = [(where, len(loc), loc) for loc, where in document.lines.items() if where <= number and loc]
    return _shown(max(above)[2]) if above else "the file"


def _found(document: Document, loc: Loc, what: str, fix: str) -> Found:
    whole = ("config", f"{PROJECT}:{loc[0]}", *loc[1:])
    return Found(_shown(whole), document.line(whole) or 1, what, fix)


def _shown(loc: Loc) -> str:
    """The setting, with a secret that somebody made a key hidden."""
    parts = (loc[1].removeprefix(f"{PROJECT}:"), *loc[2:]) if loc[:1] == ("config",) and len(loc) > 1 else loc
    shown = path(parts)
    for shape in SHAPES:
        shown = shape.pattern.sub(HIDDEN, shown)
    return shown


def _leaves(value: Any, loc: Loc) -> Iterator[tuple[Loc, Any]]:
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _leaves(entry, (*loc, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _leaves(entry, (*loc, str(index)))
    else:
        yield loc, value


def _is_secret_key(key: str) -> bool:
    return re.sub(r"[^a-z]", "", key.lower()) in _SECRET_KEYS


def _is_reference(value: Any) -> bool:
    """Whether nothing plain stands there: a reference, an encrypted value, or none at all."""
    if value is None or isinstance(value, Encrypted):
        return True
    try:
        secrets.parse_reference(value)
    except ValueError:
        return False
    return True
