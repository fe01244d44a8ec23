"""States of environments as each version left them, and the situations in which they were left.

A folder is named after a version and holds one deployment for each situation, as `pulumi stack export` gives it, with
placeholders for the sandbox's addresses. The passphrase of their secrets is `sandbox`, and so public.
Source: `python -m tests.engine.states`, run once for each version; it never touches the files of a released one.
"""
