"""The command that looks for secrets in files, before they are passed on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from numbers_toolkit.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numbers_toolkit.scanning import Finding

__all__ = ["check_secrets"]


@click.command("check-secrets", short_help="Find credentials, tokens and secrets in files.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--phone-numbers", is_flag=True, help="Find phone numbers that can belong to somebody, too.")
@click.option("--allow", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Lines that are no secrets though they look like some, or their sha256:...")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON on standard output.")
def check_secrets(*, paths: Sequence[Path], phone_numbers: bool, allow: Path | None, as_json: bool) -> int:
    """Find credentials, tokens and secrets in cassettes, notebooks, reports, journals, logs and any other file.

    Nothing is sent anywhere, and no secret is shown: findings are masked. Ends with 0 when there is none, with 1
    when there is one.

    \b
    Examples:
      numbers-toolkit check-secrets cassettes notebooks report.html
      numbers-toolkit check-secrets --phone-numbers to-share/
    """
    from numbers_toolkit.scanning import allowed_lines, find_secrets

    allowed = allowed_lines(allow) if allow is not None else []
    read = 0

    def count(_path: Path) -> None:
        nonlocal read
        read += 1

    try:
        found = find_secrets(paths, include_phone_numbers=phone_numbers, allowed=allowed, on_file=count)
    except OSError as error:
        raise InvalidInputError(
            f"{error.filename} can't be read: {error.strerror}. Nothing is known of it."
        ) from error
    click.echo(json.dumps([_as_dict(one) for one in found], indent=2)) if as_json else _show(found)
    what = "no secret" if not found else "1 secret" if len(found) == 1 else f"{len(found):,} secrets"
    click.echo(f"{what} in {read:,} file{'' if read == 1 else 's'}", err=True)
    return 1 if found else 0


def _as_dict(one: Finding) -> dict[str, Any]:
    return {"path": one.path, "place": one.place, "kind": one.kind, "shown": one.shown, "advice": one.advice}


def _show(found: Sequence[Finding]) -> None:
    for one in found:
        click.echo(one)
    for kind in dict.fromkeys(one.kind for one in found):
        advice = next(one.advice for one in found if one.kind == kind)
        click.echo(f"{kind}: {advice}", err=True)
