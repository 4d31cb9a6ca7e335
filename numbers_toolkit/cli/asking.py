"""Asking a person before anything is spent, changed or given back; the answer that counts without one is no."""

from __future__ import annotations

import sys
from typing import Final

import click

__all__ = ["can_ask", "require_consent", "type_out", "yes_or_no"]

_YES: Final = ("y", "yes")


def can_ask() -> bool:
    """Whether somebody sees a question and can answer it; standard output may go elsewhere."""
    return all(one is not None and one.isatty() for one in (sys.stdin, sys.stderr))


def require_consent(*, yes: bool, verb: str) -> None:
    """Refuse to go on where a question will be due and nobody can be asked.

    Raises
    ------
    click.UsageError
        Before anything is sent.
    """
    if not yes and not can_ask():
        raise click.UsageError(
            f"Nobody can be asked here, since this is no terminal. Give --yes to {verb} without a question, or "
            "--dry-run to look only. Nothing was sent."
        )


def yes_or_no(question: str) -> bool:
    """Ask a question that is answered with no by default."""
    return _answer(f"{question} [y/N] ").lower() in _YES


def type_out(question: str, word: str) -> bool:
    """Ask for a word, so that it can't be answered by habit."""
    return _answer(f"{question} Type {word} to go on: ") == word


def _answer(prompt: str) -> str:
    # click's own question writes a blank to standard output, which may be a table in a pipe.
    click.echo(prompt, nl=False, err=True)
    sys.stderr.flush()
    try:
        return sys.stdin.readline().strip()
    except KeyboardInterrupt:
        click.echo(err=True)
        raise
