"""One stack file, read and judged as a whole without engine, network or decryption.

The rules are those of `stacks.settings_rules`; here is only what concerns the file itself. Values that a Pulumi
environment may supply are noted, not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from stacks import stack_yaml
from stacks.mending import Commands, Loc, Problem, path, unknown
from stacks.settings_model import EnvironmentSettings
from stacks.settings_relations import KEYS, Source
from stacks.settings_rules import PROJECT, Encrypted, judge
from stacks.stack_yaml import Document

FOLDER = Path(__file__).resolve().parent
"""Where the CLI looks for stack files: `stackConfigDir` of the project."""

TOP_LEVEL = ("config", "environment", "encryptionsalt", "secretsprovider", "encryptedkey")
"""What the CLI knows in a stack file."""

EXAMPLE = "example-"
"""How the name of a stack file begins that is there to be copied."""

_NAME = re.compile(r"Pulumi\.(?P<stack>.+)\.ya?ml")
_SAME_NAMESPACE = 0.85
"""How alike a namespace must be to be a misspelling of ours: cyclr-connector is, aws is not."""


@dataclass(frozen=True)
class StackFile:
    """What a file declares, and all that is wrong with it."""

    path: Path
    settings: EnvironmentSettings | None
    """None where there are problems, or where values are still to come from an imported environment."""
    problems: list[Problem]
    notes: list[Problem]
    values: Mapping[str, Any] = field(default_factory=dict)
    """The settings as they stand, by config key; markers for encrypted values."""
    text: str = field(default="", repr=False)
    """The text that was judged, line ends as in the file and without a byte order mark."""


def stacks(folder: Path | None = None) -> list[str]:
    """The stacks that have a file in a folder, else in the project; examples are none."""
    files = (folder or FOLDER).iterdir()
    names = sorted(match["stack"] for file in files if (match := _NAME.fullmatch(file.name)))
    return [name for name in names if not name.startswith(EXAMPLE)]


def problems(file: Path) -> list[Problem]:
    """Everything wrong with a stack file, at once, in the order of its lines."""
    return read(file).problems


def read(file: Path, stack: str | None = None) -> StackFile:
    """The file, judged as the one of `stack`; without it, of the stack that its name says."""
    stack = stack or stack_of(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return _unreadable(file, None, "does not exist", _create(stack, file.parent))
    except UnicodeDecodeError:
        return _unreadable(file, None, "is no UTF-8 text", "save it as UTF-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return _unreadable(file, None, f"cannot be read: {reason}", "make it a readable file")
    return judge_text(text, file, stack)


def judge_text(text: str, file: Path, stack: str) -> StackFile:
    """A text, judged as if the file held it."""
    try:
        document = stack_yaml.read(text)
    except stack_yaml.YamlError as error:
        return _unreadable(
            file, error.line, f"is no YAML: {error.what}", "mend that line (a value with : or # needs quotes)"
        )
    if not isinstance(document.value, dict | None):
        return _unreadable(file, 1, "is no mapping", "write config: and the settings under it")
    return replace(_judge(file, stack, document), text=text)


def usual(stack: str, folder: Path | None = None) -> Path:
    """The file that the CLI takes for a stack, which may be named organisation/project/name."""
    return (folder or FOLDER) / f"Pulumi.{stack.rpartition('/')[2]}.yaml"


def stack_of(file: Path) -> str:
    """The stack that a file is for, which its name says."""
    match = _NAME.fullmatch(file.name)
    return match["stack"] if match else file.stem


def shown(file: Path) -> str:
    """The file as it is printed: relative where it lies below the working directory."""
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)


def target(stack: str, file: str = "") -> str:
    """What a printed command needs to mean a stack, with its file where that is another than the stack's own."""
    return f"-s {stack}" + (f" --config-file {file}" if file else "")


def _judge(file: Path, stack: str, document: Document) -> StackFile:
    top: dict[str, Any] = document.value or {}
    commands = Commands(stack, None if file.resolve() == usual(stack) else shown(file))
    config = top.get("config")
    ours = {name: value for key, value in _items(config) for space, _, name in [key.partition(":")] if space == PROJECT}
    secrets = {name: value for name, value in ours.items() if name not in KEYS and value is not None}
    encrypted = frozenset(name for name, value in secrets.items() if isinstance(value, Encrypted))
    source = Source(
        environment=stack,
        commands=commands,
        encrypted=encrypted,
        plain=frozenset(secrets) - encrypted,
        imports=bool(top.get("environment")),
        line=lambda loc: document.line(("config", f"{PROJECT}:{loc[0]}", *loc[1:])),
    )
    judgement = judge(ours, source)
    found = [*_of_yaml(document), *_of_file(top, document)]
    named = {problem.key for problem in found}
    found += [problem for problem in judgement.problems if problem.key not in named]
    found.sort(key=lambda problem: problem.line or 0)
    settings = None if found else judgement.settings
    notes = [*judgement.notes, *(_other_key(top, settings, commands) if settings else ())]
    return StackFile(file, settings, found, notes, {key: ours[key] for key in KEYS if key in ours})


def _other_key(top: Mapping[str, Any], settings: EnvironmentSettings, commands: Commands) -> Iterator[Problem]:
    """The state's secrets are under another key than the one that the roles are given."""
    access = settings.aws.access if settings.aws else None
    made = "encryptionsalt" in top or "secretsprovider" in top
    if not access or not made or f"/{access.state_key}?" in f"{top.get('secretsprovider')}?":
        return
    what = "does not name the key of aws.access.stateKey, the one that the roles may open the secrets in the state with"
    key = "secretsprovider" if "secretsprovider" in top else "encryptionsalt"
    yield Problem(key, None, what, f"run: {commands.change_key(access.secrets_provider(settings.environment))}")


def _of_yaml(document: Document) -> Iterator[Problem]:
    for fault in document.faults:
        yield Problem(_shown(fault.loc), fault.line, fault.what, fault.fix)


def _of_file(top: Mapping[str, Any], document: Document) -> Iterator[Problem]:
    """What the file itself holds beside our settings."""
    for key in top:
        if key not in TOP_LEVEL:
            yield replace(_top_level_key(key), line=document.line((key,)))
    environment = top.get("environment")
    if environment is not None and not isinstance(environment, list | dict):
        what = "must be a list of the environments to import"
        yield Problem("environment", document.line(("environment",)), what, "write a list, e.g. [acme/staging]")
    config = top.get("config")
    if config is not None and not isinstance(config, dict):
        fix = f"write the settings under it, each as {PROJECT}:KEY"
        yield Problem("config", document.line(("config",)), "must be a mapping of config keys to values", fix)
    for key, _ in _items(config):
        if problem := _config_key(key):
            yield replace(problem, line=document.line(("config", key)))


def _top_level_key(key: str) -> Problem:
    name = key.removeprefix(f"{PROJECT}:")
    if key != name or name in KEYS:
        return Problem(key, None, "stands outside config:", f"move it under config: as {PROJECT}:{name}")
    return Problem(key, None, unknown(key, TOP_LEVEL), "rename it, or take it out")


def _config_key(key: str) -> Problem | None:
    """What is wrong with a key's namespace; keys of other projects and providers are left alone."""
    space, colon, name = key.partition(":")
    if not colon:
        return Problem(key, None, "has no namespace", f"write {PROJECT}:{key}")
    alike = SequenceMatcher(None, space, PROJECT).ratio() >= _SAME_NAMESPACE
    if space != PROJECT and alike:
        return Problem(
            key, None, f"is in no namespace that is read; the nearest one is {PROJECT}", f"write {PROJECT}:{name}"
        )
    return None


def _create(stack: str, folder: Path) -> str:
    there = ", ".join(stacks(folder)) if folder.is_dir() else ""
    return f"create it with: pulumi stack init {stack}" + (f"; stacks with a file: {there}" if there else "")


def _shown(loc: Loc) -> str:
    if loc[:1] != ("config",) or len(loc) == 1:
        return path(loc) if loc else "the file"
    return path((loc[1].removeprefix(f"{PROJECT}:"), *loc[2:]))


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _unreadable(file: Path, line: int | None, what: str, fix: str) -> StackFile:
    return StackFile(file, None, [Problem("the file", line, what, fix)], [])
