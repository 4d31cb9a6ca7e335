"""``numbers-toolkit lab`` as a newcomer uses it: notebooks that run, one sandbox for all, and an end that is one."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import psutil
import pytest
import requests
from playwright.sync_api import expect

import numbers_toolkit as nt
from browser.servers import environment, free_port, quieten
from command_line import environment_of

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab/tree/\S+\?token=(?P<token>\w+)")
SANDBOX = re.compile(r"^SANDBOX at (?P<url>http://127\.0\.0\.1:\d+)", re.MULTILINE)
CONNECT = "import numbers_toolkit as nt; client = nt.connect(sandbox=None)"
WITHIN = 60


class Command:
    """The command while it runs."""

    def __init__(self, tmp_path, *options, env=None):
        home = tmp_path / "home"
        quieten(home)
        # Tests look into the pages by what Lab tells on request.
        arguments = [
            "lab",
            "--no-browser",
            f"--port={free_port()}",
            *options,
            "--",
            "--LabApp.expose_app_in_browser=True",
        ]
        self.folder = tmp_path / "numbers-toolkit-notebooks"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "numbers_toolkit", *arguments],
            cwd=tmp_path,
            env={**environment(home), **(env or {})},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.told = ""
        while not (found := ADDRESS.search(self.told)):
            line = self.process.stderr.readline()
            assert line, f"ended: {self.told}"
            self.told += line
        self.origin, self.token = "http://" + urlsplit(found[0]).netloc, found["token"]
        self.first = urlsplit(found[0]).path.removeprefix("/lab/tree/")

    def open(self, pages, name):
        return pages.open_notebook(self.origin, name, self.folder / name, token=self.token)

    def family(self):
        return [self.process, *psutil.Process(self.process.pid).children(recursive=True)]

    def end(self, by=signal.SIGINT):
        self.process.send_signal(by)
        status = self.process.wait(WITHIN)
        self.told += self.process.stderr.read()
        return status


@pytest.fixture
def command(tmp_path):
    with contextlib.ExitStack() as stack:

        def start(*options, **more):
            started = Command(tmp_path, *options, **more)
            stack.callback(started.process.stderr.close)
            stack.callback(lambda: started.process.poll() is None and started.end(signal.SIGTERM))
            return started

        yield start


def test_the_first_notebook_runs_as_it_is(command, pages):
    lab = command("--sandbox")
    page = lab.open(pages, lab.first)

    page.run_all()

    assert lab.first.startswith("01_")
    expect(page.locator(".jp-Notebook")).to_contain_text("(sandbox)")
    page.screenshot("first-notebook")


def test_all_notebooks_share_one_sandbox_that_says_so_and_an_interrupt_ends_all(command, pages):
    lab = command("--sandbox", "--sandbox-active", "12")
    announced = SANDBOX.search(lab.told)["url"]
    one, other = [lab.open(pages, path.name) for path in sorted(lab.folder.glob("*.ipynb"))[:2]]
    for page in (one, other):
        page.run_cell(CONNECT)

    assert one.run_cell("client.source, len(nt.active_numbers(client, progress=False))") == "('sandbox', 12)"
    one.run_cell(
        "number = nt.active_numbers(client, progress=False)['phone_number'][0]\n"
        "client.update_active_number(number, display_name='Seen by all')"
    )
    names = other.run_cell("list(nt.active_numbers(client, progress=False)['display_name'])")
    family = lab.family()
    status = lab.end()

    assert "Seen by all" in names
    assert len(family) >= 4
    assert status == 0
    assert not psutil.wait_procs([one for one in family[1:] if one.is_running()], timeout=WITHIN)[1]
    with pytest.raises(requests.ConnectionError):
        requests.get(announced, timeout=5)
    for page in (one, other):
        page.page.close()
        page.watch.errors.clear()  # Lab complains that its server has gone


def test_a_project_of_your_own_is_what_notebooks_reach_with_credentials(command, pages):
    with nt.Sandbox(active=3) as project:
        lab = command(env=environment_of(project))
        page = lab.open(pages, lab.first)
        page.run_cell(CONNECT)

        assert page.run_cell("client.project_id, client.sandbox") == f"('{project.project_id}', None)"
        assert page.run_cell("len(nt.active_numbers(client, progress=False))") == "3"
        assert f"YOUR OWN PROJECT {project.project_id}" in lab.told
        assert project.key_secret not in lab.told


def test_the_sandbox_hides_credentials_of_a_real_project(command, pages):
    real = {"SINCH_PROJECT_ID": "real", "SINCH_KEY_ID": "real", "SINCH_KEY_SECRET": "hush"}
    lab = command("--sandbox", env=real)
    page = lab.open(pages, lab.first)
    page.run_cell(CONNECT)

    assert "sandbox" in page.run_cell("client.source")
    assert "real" not in page.run_cell("client.project_id")
