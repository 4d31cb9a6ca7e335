"""The command that looks for secrets: what it writes where, how it ends, and that it never shows one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from command_line import run
from test_scanner import SECRET

if TYPE_CHECKING:
    from pathlib import Path


def test_findings_are_listed_masked_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_text(f"SINCH_KEY_ID=k-1\nSINCH_KEY_SECRET={SECRET}\n")
    (tmp_path / "report.html").write_text("<p>nothing</p>")

    done = run("check-secrets", "settings.env", "report.html", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stdout == f"settings.env: line 2: key secret {SECRET[:2]}… (28 characters)\n"
    assert "Revoke the access key" in done.stderr
    assert "1 secret in 2 files" in done.stderr
    assert SECRET[:3] not in done.stdout + done.stderr


def test_clean_files_end_with_nothing_on_standard_output(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<p>nothing</p>")

    done = run("check-secrets", ".", cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no secret in 1 file\n")


def test_findings_as_json_hold_no_secret(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"key_secret: {SECRET}\ncall +46 8 506 100 00\n")

    done = run("check-secrets", "--json", "--phone-numbers", "a.txt", cwd=tmp_path)

    found = json.loads(done.stdout)
    assert [(one["place"], one["kind"]) for one in found] == [
        ("line 1", "key secret"),
        ("line 2", "phone number"),
    ]
    assert set(found[0]) == {"path", "place", "kind", "shown", "advice"}
    assert done.returncode == 1
    assert SECRET[:3] not in done.stdout


def test_list_of_what_is_allowed_is_heeded(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"key_secret: {SECRET}\n")
    (tmp_path / "fine.txt").write_text(f"# a test needs it\n{SECRET}\n")

    assert run("check-secrets", "--allow", "fine.txt", "a.txt", cwd=tmp_path).returncode == 0


def test_path_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    done = run("check-secrets", "missing", cwd=tmp_path)

    assert done.returncode == 2
    assert "missing" in done.stderr
    assert done.stdout == ""


def test_nothing_given_is_a_usage_error(tmp_path: Path) -> None:
    assert run("check-secrets", cwd=tmp_path).returncode == 2
