"""The plugin as those who test their own notebooks use it: a pytest of its own, in a process of its own."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

TEST = """
    import numbers_toolkit as nt

    def test_inventory(numbers_client, numbers_cassette):
        assert len(nt.active_numbers(numbers_client, progress=False)) == 40
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest with the plugin, without what this run of pytest and this machine have set."""
    for name in (
        "CI",
        "PYTEST_ADDOPTS",
        "PYTEST_PLUGINS",
        "NUMBERS_TOOLKIT_RECORD",
        "NUMBERS_TOOLKIT_RECORD_PAID",
    ):
        monkeypatch.delenv(name, raising=False)
    quiet = ("-p", "no:randomly", "-p", "no:xdist", "-p", "no:schemathesis", "-p", "no:cacheprovider")
    return lambda *arguments: pytester.runpytest_subprocess(*quiet, *arguments)


def test_sandbox_has_the_options_of_its_marker_and_a_clock_that_stands(pytester, run):
    pytester.makepyfile("""
        import pytest
        import numbers_toolkit as nt

        @pytest.mark.numbers_sandbox(active=7, seed=3)
        def test_marked(numbers_client, numbers_sandbox):
            active = nt.active_numbers(numbers_client, progress=False)
            assert len(active) == 7
            assert "sandbox" in active.attrs["source"]
            now = numbers_sandbox.now
            numbers_sandbox.advance(60)
            assert (numbers_sandbox.now - now).total_seconds() == 60

        def test_plain(numbers_client):
            assert len(nt.active_numbers(numbers_client, progress=False)) == 40
    """)

    run().assert_outcomes(passed=2)


def test_test_is_recorded_once_and_replayed_afterwards(pytester, run, monkeypatch):
    path = pytester.makepyfile(test_mine=TEST).parent / "cassettes" / "test_mine" / "test_inventory.yaml"

    run().assert_outcomes(passed=1)
    recorded = path.read_bytes()
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(test_mine=TEST + "        assert numbers_client.replays\n")
    run().assert_outcomes(passed=1)

    assert path.read_bytes() == recorded


def test_missing_cassette_is_an_error_where_nobody_looks(pytester, run, monkeypatch):
    pytester.makepyfile(test_mine=TEST)
    monkeypatch.setenv("CI", "1")

    done = run()

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*test_inventory.yaml*", "*To record it: pytest*--numbers-record sandbox*"])
    assert not (pytester.path / "cassettes").exists()


def test_test_that_fails_leaves_its_cassette_as_it_was(pytester, run):
    pytester.makepyfile(test_mine=TEST)
    run().assert_outcomes(passed=1)
    path = pytester.path / "cassettes" / "test_mine" / "test_inventory.yaml"
    former = path.read_bytes()
    pytester.makepyfile(test_mine=TEST + "        assert False\n")

    run("--numbers-record", "sandbox").assert_outcomes(failed=1)

    assert path.read_bytes() == former


def test_each_set_of_parameters_has_a_cassette_of_its_own_in_the_folder_of_the_setting(pytester, run):
    pytester.makeini("[pytest]\nnumbers_cassettes = recorded\n")
    pytester.makepyfile(
        test_mine="""
        import pytest
        import numbers_toolkit as nt

        @pytest.mark.parametrize("region", ["a/b", "a b"])
        def test_it(numbers_client, numbers_cassette, region):
            nt.active_numbers(numbers_client, progress=False)
    """
    )

    run().assert_outcomes(passed=2)

    assert len(list((pytester.path / "recorded" / "test_mine").glob("test_it_a_b*.yaml"))) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--numbers-record-paid"], "add --numbers-record"),
        (["--numbers-record", "elsewhere"], "invalid choice"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_any_test(pytester, run, arguments, said):
    pytester.makepyfile(test_mine=TEST)

    done = run(*arguments)

    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert said in done.stderr.str()


def test_recording_from_production_without_credentials_is_refused(pytester, run, monkeypatch):
    for name in ("SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    pytester.makepyfile(test_mine=TEST)

    done = run("--numbers-record", "production")

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*SINCH_PROJECT_ID*"])
    assert not list(pytester.path.rglob("*.yaml"))


def test_wrong_option_of_a_marker_is_named(pytester, run):
    pytester.makepyfile("""
        import pytest

        @pytest.mark.numbers_sandbox(activ=7)
        def test_it(numbers_sandbox):
            pass
    """)

    done = run()

    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*numbers_sandbox*activ*"])


def test_plugin_is_listed_and_loads_nothing_heavy(pytester, run):
    pytester.makepyfile("""
        import sys

        def test_light():
            heavy = {"pandas", "requests", "vcr", "pyarrow", "matplotlib", "ipywidgets"} & set(sys.modules)
            assert not heavy
    """)

    run().assert_outcomes(passed=1)
    listed = run("--fixtures", "--markers")
    listed.stdout.fnmatch_lines(["*@pytest.mark.numbers_sandbox(*"])
