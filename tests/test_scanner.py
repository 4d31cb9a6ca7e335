"""Secrets are found wherever a program may have written them, are never shown, and nothing else is taken for one."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import json
import lzma
import random
import string
import zipfile
from urllib.parse import quote

import pandas as pd
import pytest

import numbers_toolkit as nt
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.scanning.phone_numbers import real_numbers

NAMES = (
    "key_secret",
    "keySecret",
    "SINCH_KEY_SECRET",
    "client_secret",
    "hmacSecret",
    "access_token",
    "password",
)
ALPHABETS = {
    "letters and digits": string.ascii_letters + string.digits,
    "hexadecimal": "0123456789abcdef",
    "hyphens": string.ascii_letters + string.digits + "-",
    "dots and tildes": string.ascii_letters + string.digits + "._~",
    "base64": string.ascii_letters + string.digits + "+/",
}


def secret_of(seed: object, alphabet: str = "letters and digits", length: int = 28) -> str:
    """Return a secret that nobody has; it stands in no file of this repository, so that none has to be allowed."""
    letters = random.Random(str(seed))
    body = "".join(letters.choice(ALPHABETS[alphabet]) for _ in range(length - 3))
    return f"{letters.choice('ghkm')}{letters.randrange(2, 9)}{body}{letters.choice('rstv')}"


def jwt(seed: object) -> str:
    part = lambda claims: base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")  # noqa: E731
    return f"{part({'alg': 'RS256'})}.{part({'sub': str(seed)})}.{secret_of(seed)}"


def basic(key_id: str, secret: str) -> str:
    return base64.b64encode(f"{key_id}:{secret}".encode()).decode()


def multiplied(text: str, width: int = 76) -> str:
    encoded = base64.b64encode(text.encode()).decode()
    return "\n".join("      " + encoded[start : start + width] for start in range(0, len(encoded), width))


def entities(text: str) -> str:
    return "".join(f"&#{ord(sign)};" for sign in text)


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


def notebook(*cells: dict, metadata: dict | None = None) -> str:
    book = {"cells": list(cells), "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1)


def code(source: object, *outputs: dict) -> dict:
    return {
        "cell_type": "code",
        "source": source,
        "outputs": list(outputs),
        "metadata": {},
        "execution_count": 1,
    }


#: How a name and its secret stand in a text of some kind.
FORMS = {
    "json": lambda name, secret: json.dumps({"projectId": "p-1", name: secret}),
    "json, indented": lambda name, secret: json.dumps({"a": [{name: secret, "b": 2}]}, indent=2),
    "json in json": lambda name, secret: json.dumps({"body": json.dumps({name: secret})}),
    "json in json in json": lambda name, secret: json.dumps(
        {"x": json.dumps({"body": json.dumps({name: secret})})}
    ),
    "yaml": lambda name, secret: f"settings:\n  {name}: {secret}\n  region: SE\n",
    "yaml, quoted": lambda name, secret: f"- {{region: SE, {name}: '{secret}'}}\n",
    "yaml, block": lambda name, secret: f"{name}: |\n    {secret}\n",
    "yaml, folded": lambda name, secret: f"{name}: >-\n    {secret}\n",
    "yaml, list": lambda name, secret: f"{name}:\n- {secret}\n",
    "yaml, binary": lambda name, secret: (
        f"{name}: !!binary |\n  {base64.b64encode(secret.encode()).decode()}\n"
    ),
    "toml": lambda name, secret: f'[sinch]\n{name} = "{secret}"\n',
    "ini": lambda name, secret: f"[sinch]\n{name}={secret}\n",
    "env": lambda name, secret: f"export {name}={secret}\n",
    "env, quoted": lambda name, secret: f'set {name}="{secret}"\n',
    "docker": lambda name, secret: f"ENV {name.upper()} {secret}\n",
    "fish": lambda name, secret: f"set -x {name.upper()} '{secret}'\n",
    "powershell": lambda name, secret: f'$env:{name} = "{secret}"\n',
    "python": lambda name, secret: f'client = nt.connect("p-1", "k-1", {name}="{secret}")\n',
    "python, environment": lambda name, secret: f'os.environ["{name}"] = "{secret}"\n',
    "python, dictionary": lambda name, secret: f"settings = {{'{name}': '{secret}'}}\n",
    "python, bytes": lambda name, secret: f"{name} = b'{secret}'\n",
    "python, annotated": lambda name, secret: f'{name}: str = "{secret}"\n',
    "python, broken": lambda name, secret: f'{name} = (\n    "{secret[:11]}"\n    "{secret[11:]}"\n)\n',
    "javascript": lambda name, secret: f"const client = new Client({{ {name}: `{secret}` }});\n",
    "arguments": lambda name, secret: f"numbers-toolkit report --{name.lower().replace('_', '-')} {secret}\n",
    "arguments, with equals": lambda name, secret: f"report --{name.lower().replace('_', '-')}={secret}\n",
    "form": lambda name, secret: f"grant_type=client_credentials&{name}={quote(secret, safe='')}&scope=x",
    "query": lambda name, secret: f"GET /v1/projects/p?pageSize=2&{name}={quote(secret, safe='')} HTTP/1.1\n",
    "address, encoded twice": lambda name, secret: (
        f"next={quote(quote(f'?{name}={secret}', safe=''), safe='')}\n"
    ),
    "log": lambda name, secret: f"2026-03-01 10:00:00 DEBUG urllib3: sent {name}={secret}, 200 OK\n",
    "log, said": lambda name, secret: f"the {name} is {secret}\n",
    "html, escaped": lambda name, secret: f"<pre>{html.escape(json.dumps({name: secret}))}</pre>",
    "html, entities": lambda name, secret: f"<p>{name}: &quot;{entities(secret)}&quot;</p>",
    "html, row": lambda name, secret: (
        f"<table><tr><td>{name}</td>\n<td>{html.escape(secret)}</td></tr></table>"
    ),
    "html, marked": lambda name, secret: f"<p><b>{name}</b>: <code>{html.escape(secret)}</code></p>",
    "html, column": lambda name, secret: (
        f"<table><thead><tr><th></th><th>{name}</th><th>x</th></tr></thead><tbody><tr><th>0</th><td></td><td>1</td></tr>"
        f"<tr><th>1</th><td>{html.escape(secret)}</td><td>2</td></tr></tbody></table>"
    ),
    "html, attribute": lambda name, secret: f'<input name="x" data-{name}="{secret}">',
    "xml": lambda name, secret: f"<config><{name}>{html.escape(secret)}</{name}></config>",
    "csv": lambda name, secret: f"id,{name},region\nk-1,,SE\nk-2,{secret},US\n",
    "csv, semicolons": lambda name, secret: f'id;{name};region\r\nk-1;"{secret}";SE\r\n',
    "csv, name and value": lambda name, secret: f"setting,value\n{name},{secret}\n",
    "markdown": lambda name, secret: f"| setting | value |\n| --- | --- |\n| {name} | {secret} |\n",
    "printed frame": lambda name, secret: (
        str(pd.DataFrame({"id": ["a", "b"], name: ["", secret], "n": [1, 2]})) + "\n"
    ),
    "escaped letters": lambda name, secret: f'{{"{name}": "{escaped(secret)}"}}',
    "base64": lambda name, secret: (
        f"body: {base64.b64encode(json.dumps({name: secret}).encode()).decode()}\n"
    ),
    "base64, lines": lambda name, secret: (
        "    string: !!binary |\n" + multiplied(json.dumps({"filler": "a b c " * 30, name: secret})) + "\n"
    ),
    "base64 of gzip": lambda name, secret: (
        "body: " + base64.b64encode(gzip.compress(json.dumps({name: secret}).encode())).decode() + "\n"
    ),
    "nested": lambda name, secret: json.dumps({name: {"0": "", "1": secret}}),
    "kubernetes": lambda name, secret: f"env:\n  - name: {name}\n    value: {secret}\n",
    "name and value": lambda name, secret: json.dumps([{"key": name, "value": secret}]),
    "comment": lambda name, secret: f"# old one: {name} = {secret}\n",
    "traceback": lambda name, secret: (
        f"  File 'x.py', line 3\n    connect({name}='{secret}')\nValueError: no\n"
    ),
}


def found_in(path, **options) -> list[str]:
    return [one.secret for one in nt.find_secrets(path, **options)]


@pytest.mark.parametrize("form", FORMS)
def test_secret_is_found_in_every_form_under_every_name(tmp_path, form):
    secrets = {}
    for name in NAMES:
        for alphabet in ALPHABETS:
            secret = secret_of((form, name, alphabet), alphabet)
            path = tmp_path / f"{name} {alphabet.replace(' ', '-')}.txt"
            path.write_text(FORMS[form](name, secret), encoding="utf-8")
            secrets[str(path)] = {secret, base64.b64encode(secret.encode()).decode()}

    found = {}
    for one in nt.find_secrets(tmp_path):
        found.setdefault(one.path, set()).add(one.secret)

    missed = {path for path, secret in secrets.items() if not secret & found.get(path, set())}
    assert not missed


@pytest.mark.parametrize(
    "secret", [secret_of(1, length=8), secret_of(2, length=12), secret_of(3, length=120)]
)
def test_length_of_a_secret_does_not_matter(tmp_path, secret):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"key_secret": secret}))

    assert found_in(path) == [secret]


HEADERS = {
    "header": lambda value: f"Authorization: {value}\r\nAccept: */*\r\n",
    "cassette": lambda value: f"headers:\n  Authorization:\n  - {value}\n",
    "json": lambda value: json.dumps({"headers": {"authorization": [value]}}),
    "python": lambda value: f'headers = {{"Authorization": "{value}"}}\n',
    "curl": lambda value: f"curl -H 'Authorization: {value}' \\\n  https://numbers.example/v1\n",
    "log": lambda value: f"DEBUG send: b'GET / HTTP/1.1\\r\\nauthorization: {value}\\r\\n'\n",
    "alone": lambda value: f"It was {value}\n",
    "encoded": lambda value: f"header={quote(value, safe='')}\n",
}


@pytest.mark.parametrize("form", HEADERS)
def test_credentials_of_a_header_are_found_in_every_form(tmp_path, form):
    path = tmp_path / "text"
    values = {
        "Basic credentials": (basic("3fa1", secret_of(form)), "Basic {}"),
        "access token": (secret_of((form, "token"), "dots and tildes", 60), "Bearer {}"),
    }
    for kind, (value, scheme) in values.items():
        for cased in (scheme, scheme.lower(), scheme.upper()):
            path.write_text(HEADERS[form](cased.format(value)))

            assert (kind, value) in {(one.kind, one.secret) for one in nt.find_secrets(path)}


def test_tokens_and_keys_are_known_without_a_name(tmp_path):
    seed = random.Random(7)
    pick = lambda letters, count: "".join(seed.choice(letters) for _ in range(count))  # noqa: E731
    letters = string.ascii_letters + string.digits
    known = {
        "jwt.txt": jwt(1),
        "aws.txt": "AKIA" + pick(string.ascii_uppercase + string.digits, 16),
        "github.txt": "ghp_" + pick(letters, 36),
        "slack.txt": "xoxb-" + pick(string.digits, 12) + "-" + pick(letters, 20),
        "google.txt": "AIza" + pick(letters, 35),
    }
    for name, secret in known.items():
        (tmp_path / name).write_text(f"we used {secret} for it\n")
    for kind in ("", "RSA ", "EC ", "OPENSSH "):
        (tmp_path / f"{kind or 'plain '}key.pem").write_text(f"-----BEGIN {kind}PRIVATE KEY-----\nMIIE\n")

    found = nt.find_secrets(tmp_path)

    assert {one.secret for one in found if one.kind != "private key"} == set(known.values())
    assert sum(one.kind == "private key" for one in found) == 4


@pytest.mark.parametrize(
    "line",
    [
        "https://k-1:{}@numbers.sinch.test-host.com/v1",
        "postgresql://analyst:{}@db:5432/numbers",
        "HTTPS_PROXY=http://me:{}@proxy:8080",
        "curl --user k-1:{} https://numbers.sinch.test-host.com/v1",
        "curl -u 'k-1:{}' https://numbers.sinch.test-host.com/v1",
        'subprocess.run(["curl", "-u", "k-1:{}"])',
        'requests.get(url, auth=("k-1", "{}"))',
        'requests.get(url, auth=HTTPBasicAuth("k-1", "{}"))',
        "machine numbers.sinch.test-host.com login k-1 password {}",
        "Set-Cookie: session={}; Path=/; HttpOnly",
        "cookie:\n- theme=dark; session={}",
    ],
)
def test_places_without_a_telling_name_are_known(tmp_path, line):
    secret = secret_of(line)
    path = tmp_path / "text"
    path.write_text(line.format(secret) + "\n")

    assert secret in found_in(path)


SECRET = secret_of("one of all files")


def packed_zip(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/settings.json", json.dumps({"key_secret": SECRET}))


def zip_in_zip(path):
    packed_zip(path.with_suffix(".inner"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(path.with_suffix(".inner"), "inner.zip")
    path.with_suffix(".inner").unlink()


TEXT = f"key_secret: {SECRET}\n"
FRAME = pd.DataFrame({"id": ["k-1", "k-2"], "key_secret": ["", SECRET], "region": ["SE", "US"]})
FILES = {
    "utf-8 with a mark.txt": lambda path: path.write_text(TEXT, encoding="utf-8-sig"),
    "utf-16.txt": lambda path: path.write_text(TEXT, encoding="utf-16"),
    "utf-16 without a mark.txt": lambda path: path.write_bytes(TEXT.encode("utf-16-le")),
    "utf-32.txt": lambda path: path.write_text(TEXT, encoding="utf-32"),
    "latin-1.txt": lambda path: path.write_bytes(("Schlüssel\n" + TEXT).encode("latin-1")),
    "windows lines.txt": lambda path: path.write_bytes(("a\r\n" + TEXT.replace("\n", "\r\n")).encode()),
    "far down.log": lambda path: path.write_text("INFO all is well\n" * 50_000 + TEXT),
    "one long line.json": lambda path: path.write_text(
        json.dumps({"filler": "x" * 3_000_000, "key_secret": SECRET})
    ),
    "no ending": lambda path: path.write_text(TEXT),
    ".env": lambda path: path.write_text(TEXT),
    "text.gz": lambda path: path.write_bytes(gzip.compress(TEXT.encode())),
    "two parts.gz": lambda path: path.write_bytes(gzip.compress(b"nothing\n") + gzip.compress(TEXT.encode())),
    "text.bz2": lambda path: path.write_bytes(bz2.compress(TEXT.encode())),
    "text.xz": lambda path: path.write_bytes(lzma.compress(TEXT.encode())),
    "archive.zip": packed_zip,
    "archive in archive.zip": zip_in_zip,
    "frame.parquet": FRAME.to_parquet,
    "metadata.parquet": lambda path: with_attrs(pd.DataFrame({"a": [1]})).to_parquet(path),
    "frame.xlsx": lambda path: FRAME.to_excel(path, index=False),
    "frame.csv": lambda path: FRAME.to_csv(path, index=False),
    "frame.json": FRAME.to_json,
    "frame.html": FRAME.to_html,
    "pickle.pkl": lambda path: pd.to_pickle({"key_secret": SECRET}, path),
    "binary.bin": lambda path: path.write_bytes(
        b"\x00\x01\x02key_secret\x00\x10" + SECRET.encode() + b"\x00\xff"
    ),
    "binary of windows.bin": lambda path: path.write_bytes(
        b"\x00\x01\xff" + TEXT.encode("utf-16-le") + b"\x00\xff"
    ),
    "source.ipynb": lambda path: path.write_text(notebook(code([f"key_secret = '{SECRET}'\n", "1"]))),
    "source cut.ipynb": lambda path: path.write_text(
        notebook(code(["key_secret = (\n", f"  '{SECRET[:9]}'\n", f"  '{SECRET[9:]}'\n", ")"]))
    ),
    "source in pieces.ipynb": lambda path: path.write_text(
        notebook(code(["key_secret='", SECRET[:9], SECRET[9:], "'"]))
    ),
    "stream.ipynb": lambda path: path.write_text(
        notebook(
            code("1", {"output_type": "stream", "name": "stdout", "text": ["key_secret: ", f"{SECRET}\n"]})
        )
    ),
    "traceback.ipynb": lambda path: path.write_text(
        notebook(
            code(
                "1",
                {"output_type": "error", "traceback": [f"to(\x1b[32mkey_secret\x1b[39m='{SECRET}')"]},
            )
        )
    ),
    "output.ipynb": lambda path: path.write_text(
        notebook(
            code(
                "1", {"output_type": "display_data", "data": {"text/html": FRAME.to_html().splitlines(True)}}
            )
        )
    ),
    "metadata.ipynb": lambda path: path.write_text(notebook(metadata={"settings": {"key_secret": SECRET}})),
    "widgets.ipynb": lambda path: path.write_text(
        notebook(
            metadata={
                "widgets": {
                    "application/vnd.jupyter.widget-state+json": {
                        "state": {
                            "a": {"model_name": "Text", "state": {"description": "key_secret", "value": TEXT}}
                        }
                    }
                }
            }
        )
    ),
}


def with_attrs(frame):
    frame.attrs["key_secret"] = SECRET
    return frame


@pytest.mark.parametrize("name", FILES)
def test_secret_is_found_in_every_kind_of_file(tmp_path, name):
    FILES[name](tmp_path / name)

    assert SECRET in found_in(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "SINCH_KEY_SECRET=\n",
        "SINCH_KEY_SECRET=...\n",
        'key_secret = "REDACTED"\n',
        "key_secret: ********\n",
        "key_secret: '<your key secret>'\n",
        'key_secret = os.environ["SINCH_KEY_SECRET"]\n',
        "key_secret = getpass('Key secret: ')\n",
        "SINCH_KEY_SECRET=${SINCH_KEY_SECRET}\n",
        "SINCH_KEY_SECRET: ${{ secrets.SINCH_KEY_SECRET }}\n",
        "key_secret=settings.credentials.key_secret,\n",
        "def connect(key_id: str, key_secret: str | None = None) -> Client:\n",
        '"""The access token is renewed before it expires; the secret is never shown."""\n',
        "Authorization: Bearer <token>\nAuthorization: Basic credentials\n",
        'curl --user "$KEY_ID:$KEY_SECRET" https://numbers.example\n',
        "auth=(key_id, key_secret)\n",
        "https://user:password@example.com/\n",
        '{"nextPageToken": "Zm9vYmFyMTIzNDU2Nzg5MA", "pageToken": "a8Zm9vYmFyMTIzNDU2", "token_type": "bearer"}\n',
        '{"access_token": "REDACTED", "expires_in": 3599}\n',
        '{"hmacSecret": "sandbox-Secret-0123456789-abcdefgh"}\n',
        "tokenizer = load('token-model-v2-2026')\n",
        "sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n",
        '{"projectId": "7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347", "keyId": "0b7f3c52-51d8-4b63-9e0a-6c1d85b2f347"}\n',
        "the basic questions: what do we own, and what is broken?\n",
        "secret\n1\n",
        "",
    ],
)
def test_what_stands_in_a_secrets_place_is_none(tmp_path, text):
    path = tmp_path / "text"
    path.write_text(text)

    assert found_in(path) == []


def test_what_the_sandbox_invents_is_no_secret(tmp_path):
    with nt.Sandbox(active=3) as sandbox, sandbox.connect() as client:
        (tmp_path / "settings.json").write_text(
            json.dumps(
                {"key_id": sandbox.key_id, "key_secret": sandbox.key_secret, "url": sandbox.numbers_url}
            )
        )
        nt.active_numbers(client).to_csv(tmp_path / "active.csv")

    assert found_in(tmp_path) == []


def test_secrets_of_this_process_are_found_in_whatever_they_stand(tmp_path, monkeypatch):
    own = "plainwordsonly"
    monkeypatch.setenv("SINCH_KEY_ID", "k-1")
    monkeypatch.setenv("SINCH_KEY_SECRET", own)
    (tmp_path / "a.txt").write_text(f"we said {own} there")
    (tmp_path / "b.txt").write_text(f"we said {basic('k-1', own)} there")

    assert found_in(tmp_path) == [own, basic("k-1", own)]


def test_finding_tells_where_and_what_to_do_but_never_the_secret(tmp_path):
    path = tmp_path / "settings.env"
    path.write_text(f"# settings\nSINCH_KEY_ID=k-1\nSINCH_KEY_SECRET={SECRET}\n")

    (found,) = nt.find_secrets(path)

    assert (found.path, found.place, found.kind) == (str(path), "line 3", "key secret")
    assert found.shown == f"{SECRET[:2]}… (28 characters)"
    assert "Revoke the access key" in found.advice
    assert SECRET[:3] not in f"{found} {found!r} {found.advice}"


def test_place_is_said_for_what_was_escaped_and_for_cells(tmp_path):
    (tmp_path / "a.html").write_text("\n" * 40 + f"<p>{html.escape(json.dumps({'key_secret': SECRET}))}</p>")
    (tmp_path / "b.ipynb").write_text(
        notebook(code("1"), code(["key_secret='", SECRET[:9], SECRET[9:], "'"]))
    )

    assert [one.place for one in nt.find_secrets(tmp_path)] == ["line 41", "cell 2"]


def test_each_secret_of_a_file_is_found_once(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT * 3 + f"client_secret={secret_of(5)}\n")

    assert found_in(tmp_path) == [SECRET, secret_of(5)]


def test_what_is_allowed_is_no_finding(tmp_path):
    import hashlib

    path = tmp_path / "below" / "settings.txt"
    path.parent.mkdir()
    path.write_text(TEXT)
    digest = "sha256:" + hashlib.sha256(SECRET.encode()).hexdigest()

    assert found_in(path, allowed=[SECRET]) == found_in(path, allowed=[digest]) == []
    assert found_in(path, allowed=["sha256:0"]) == [SECRET]
    (tmp_path / ".secrets-allowed").write_text(f"# needed by a test\n{digest}\n")
    assert found_in(path) == found_in(path.parent) == found_in(tmp_path) == []


def test_list_of_another_repository_allows_nothing_here(tmp_path):
    (tmp_path / ".secrets-allowed").write_text(SECRET)
    (tmp_path / "mine" / ".git").mkdir(parents=True)
    (tmp_path / "mine" / "a.txt").write_text(TEXT)

    assert found_in(tmp_path / "mine") == [SECRET]


def test_version_control_environments_and_caches_are_left_out_but_hidden_files_are_not(tmp_path):
    for folder in (".git", "node_modules/x", ".venv/lib", "__pycache__", ".github"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.txt").write_text(TEXT)

    assert [one.path for one in nt.find_secrets(tmp_path)] == [str(tmp_path / ".github" / "a.txt")]


def test_what_cannot_be_unpacked_is_said_and_never_called_clean(tmp_path):
    (tmp_path / "cut.gz").write_bytes(gzip.compress(random.Random(1).randbytes(5000))[:600])
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1" + bytes(100))
    packed_zip(tmp_path / "encrypted.zip")
    content = bytearray((tmp_path / "encrypted.zip").read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "encrypted.zip").write_bytes(content)

    told = {
        one.path.removeprefix(str(tmp_path) + "/"): (one.kind, one.shown) for one in nt.find_secrets(tmp_path)
    }

    assert told == {
        "cut.gz": ("not looked into", "cut short"),
        "damaged.zip": ("not looked into", "damaged"),
        "damaged.parquet": ("not looked into", "damaged"),
        "encrypted.zip!inner/settings.json": ("not looked into", "encrypted"),
    }


def test_pictures_of_a_notebook_are_no_secrets(tmp_path):
    picture = base64.b64encode(random.Random(3).randbytes(200_000)).decode()
    (tmp_path / "a.ipynb").write_text(
        notebook(code("plot(token)", {"output_type": "display_data", "data": {"image/png": picture}}))
    )

    assert found_in(tmp_path) == []


def test_path_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(InvalidInputError, match="missing does not exist"):
        nt.find_secrets(tmp_path / "missing")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("call +46 8 506 100 00", ["+46850610000"]),
        ("+4420 7946 0018 is of fiction, +1 307 555 0142 too", []),
        ("phone=%2B46850610000&x=1", ["+46850610000"]),
        ("&#43;46850610000", ["+46850610000"]),
        ('"\\u002b46850610000"', ["+46850610000"]),
        ("1+46850610000 and 2026-03-01T10:00:00+01:00", []),
        ("+1 000 000 0000", []),
    ],
)
def test_numbers_that_can_belong_to_somebody_are_told_from_fiction(text, numbers):
    assert [number for _, number in real_numbers(text)] == numbers


def test_phone_numbers_are_found_on_request_and_masked(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("phone_number\n+12015550100\n+46850610000\n")

    (found,) = nt.find_secrets(path, include_phone_numbers=True)

    assert (found.kind, found.place, found.shown) == ("phone number", "line 3", "+4685…00")
    assert nt.find_secrets(path) == []


def test_all_numbers_of_a_sandbox_are_nobodys(tmp_path):
    with nt.Sandbox(active=300) as sandbox, sandbox.connect() as client:
        nt.active_numbers(client).to_csv(tmp_path / "active.csv")

    assert found_in(tmp_path, include_phone_numbers=True) == []
