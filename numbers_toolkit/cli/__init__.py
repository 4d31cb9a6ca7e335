"""The ``numbers-toolkit`` command: look at numbers, buy, change and release them, try it all out in a sandbox.

Reads options, calls the library, shows the result. Data goes to standard output or a file; progress, plans,
questions, warnings and errors go to standard error. Exit codes: 0 done as planned, 1 the work failed or
something is not as planned, 2 wrong usage or incomplete credentials, 130 interrupted.
"""

from numbers_toolkit.cli.program import main

__all__ = ["main"]
