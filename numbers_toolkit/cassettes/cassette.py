"""A cassette in use: it records answers of the API into a file, and plays them back without any network.

Only the book-keeping is done one at a time: while recording, the requests of all threads overlap as ever, and while
replaying no request gets as far as a connection.
"""

from __future__ import annotations

import atexit
import os
import threading
from contextlib import ContextDecorator, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeAlias

from numbers_toolkit import taping
from numbers_toolkit.cassettes.matching import MATCH_ON, Matching
from numbers_toolkit.cassettes.placing import Claim, missing, path_of
from numbers_toolkit.cassettes.playing import Player
from numbers_toolkit.cassettes.provenance import label, told_by
from numbers_toolkit.cassettes.pseudonyms import Pseudonyms
from numbers_toolkit.cassettes.recording import PAID, Recorder
from numbers_toolkit.cassettes.replay_clock import ReplayClock
from numbers_toolkit.cassettes.scrubbing import REDACTED, Scrubber
from numbers_toolkit.cassettes.sharing import Sharing, check_keep, patterns_of
from numbers_toolkit.cassettes.storing import Facts, load, save
from numbers_toolkit.errors import CassetteError, CassetteWarning, InvalidInputError, warn_user
from numbers_toolkit.settings import SecretText
from numbers_toolkit.taping import Received

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numbers_toolkit.cassettes.interactions import Interaction, Question
    from numbers_toolkit.taping import Sent

__all__ = ["Cassette", "use_cassette"]

Mode = Literal["none", "once", "new_episodes", "all"]
Matcher: TypeAlias = "str | Callable[[Any, Any], Any]"

_MODES: Final = ("none", "once", "new_episodes", "all")
#: A token that opens nothing: it is nobody's data, and how often one is needed depends on time.
_TOKEN: Final = Received(
    200,
    {"content-type": "application/json"},
    b'{"access_token": "REDACTED", "expires_in": 3599, "scope": "", "token_type": "bearer"}',
)
_EXPIRED: Final = Received(
    401,
    {"www-authenticate": 'Bearer error="invalid_token", error_description="replayed token expired"'},
    b"",
)
_PSEUDONYM_KEY: Final = "NUMBERS_TOOLKIT_PSEUDONYM_KEY"


def use_cassette(
    name: str | os.PathLike[str],
    *,
    mode: Mode = "once",
    match_on: Iterable[Matcher] | Matcher = MATCH_ON,
    pseudonyms: bool | str = False,
    keep: Iterable[str] = (),
    paid: bool = False,
    folder: str | os.PathLike[str] = "cassettes",
) -> Cassette:
    """Record what the API answers the first time, and play it back afterwards, without any network.

    A context manager for a block of a notebook or test, and a decorator: inside, it holds for every client of the
    process, old or new, in every thread. Or hand it to :func:`numbers_toolkit.connect` for one client. A replay
    needs no credentials; ``connect()`` inside takes the project from the cassette. Credentials, tokens, secrets,
    cookies and what was registered for a number are never written.

    The file is written when the block or client is closed, at the latest when Python ends, and always whole: after
    an error, or when the process is killed, it is as it was before. An answer that was lost on its way is not in it.

    Parameters
    ----------
    name : str or path-like
        Name of the cassette, a file in ``folder``; or a path, when it is one or ends in ``.yaml``.
    mode : {"once", "none", "new_episodes", "all"}, default "once"
        ``once`` records when there is no file yet, else replays; ``none`` only replays; ``new_episodes`` replays what
        is there and records what is not; ``all`` records everything anew, in place of what was there.
    match_on : str, callable or iterable of them, default ("method", "path", "query", "body")
        What makes a request the same as a recorded one: names of vcrpy's matchers, or functions of two requests.
    pseudonyms : bool or str, default False
        Safe to share: project ids, phone numbers, names, ids and addresses are written as pseudonyms that keep
        country and area, joins and totals. True keys them with ``NUMBERS_TOOLKIT_PSEUDONYM_KEY``, else for this
        cassette alone; a text is the key itself: cassettes of one key can be joined.
    keep : iterable of str, optional
        Of ``display_name``, ``service_plan_id``, ``campaign_id``, ``voice_id``, ``callback_url`` and ``other``, what
        stays as it is in spite of ``pseudonyms``.
    paid : bool, default False
        Whether what changes or costs may be recorded, too. Without it such a request is refused before it is sent,
        except in a sandbox. ``NUMBERS_TOOLKIT_RECORD_PAID=1`` does the same. A replay never sends anything.
    folder : path-like, default "cassettes"
        Where cassettes that are given by name are.

    Returns
    -------
    Cassette
        Nothing is read or written before it is entered or handed to a client.

    Raises
    ------
    InvalidInputError
        When a name, mode or matcher is not known.

    Examples
    --------
    >>> import tempfile
    >>> import numbers_toolkit as nt
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with nt.use_cassette("march", folder=folder), nt.connect(sandbox=True) as client:
    ...         first = nt.active_numbers(client)
    ...     with nt.use_cassette("march", folder=folder) as cassette, nt.connect() as client:
    ...         again = nt.active_numbers(client)
    >>> first.equals(again), cassette.unused
    (True, ())
    """
    return Cassette(
        name, mode=mode, match_on=match_on, pseudonyms=pseudonyms, keep=keep, paid=paid, folder=folder
    )


class Cassette(ContextDecorator):
    """A recording of what the API answered; :func:`use_cassette` makes it and says what its parameters are.

    Attributes
    ----------
    name : str
        What it is called.
    path : pathlib.Path
        Its file.
    mode : str
        How it is used.
    """

    def __init__(
        self,
        name: str | os.PathLike[str],
        *,
        mode: Mode = "once",
        match_on: Iterable[Matcher] | Matcher = MATCH_ON,
        pseudonyms: bool | str = False,
        keep: Iterable[str] = (),
        paid: bool = False,
        folder: str | os.PathLike[str] = "cassettes",
    ) -> None:
        self._pseudonyms = SecretText(pseudonyms) if isinstance(pseudonyms, str) else bool(pseudonyms)
        del pseudonyms
        self.path = path_of(name, folder)
        self.name = self.path.stem
        self.mode = _checked_mode(mode)
        if isinstance(match_on, str) or callable(match_on):
            match_on = (match_on,)
        self._match_on = tuple(match_on)
        self._keep = check_keep(keep)
        self._paid = paid or os.environ.get(PAID, "") not in ("", "0")
        self._lock = threading.Lock()
        self._users = 0
        self._open = self._abandoned = self._live_tokens = False
        self._claim: Claim | None = None
        self._facts = Facts()
        self._player: Player | None = None
        self._recorder: Recorder | None = None
        self._sharing: Sharing | None = None

    # -- life -------------------------------------------------------------------------------------------------------

    def _recreate_cm(self) -> Cassette:
        """Return a fresh one for each call of a function that it decorates."""
        return Cassette(
            self.path,
            mode=self.mode,
            match_on=self._match_on,
            pseudonyms=self._pseudonyms,
            keep=self._keep,
            paid=self._paid,
        )

    def __enter__(self) -> Self:
        self.start()
        taping.put_in(self)
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        taping.take_out(self)
        if kind is not None:
            self.abandon()
        self.stop()

    def start(self) -> None:
        """Open it: read what is there, and find out whether it records.

        Raises
        ------
        CassetteError
            When there is nothing to replay, the file can't be used, or somebody else is recording into it.
        """
        with self._lock:
            if not self._users:
                self._begin()
            self._users += 1

    def stop(self) -> None:
        """Close it; what was recorded is written when the last one who uses it closes it.

        A recording that an exception ended is not kept: the file stays as it was.
        """
        with self._lock:
            self._users = max(0, self._users - 1)
            if self._users or not self._open:
                return
            self._open = False
        atexit.unregister(self._at_exit)
        try:
            if not self._abandoned:
                self.save()
        finally:
            self._release()

    def abandon(self) -> None:
        """Don't keep what was recorded."""
        self._abandoned = True

    def _begin(self) -> None:
        matching, scrubber = Matching(self._match_on), Scrubber()
        there = self.path.is_file() and self.path.stat().st_size > 0
        if self.mode == "none" and not there:
            raise missing(self.path)
        records = self.mode in ("new_episodes", "all") or (self.mode == "once" and not there)
        if records:
            self._claim = Claim(self.path)
        try:
            facts, found = load(self.path) if there and self.mode != "all" else (None, [])
            if facts is None:
                # Of another recorder, which may have kept anything; what is added to it is written anew.
                found = [scrubber.interaction(one) for one in found]
            self._facts = facts or told_by(found)
            self._sharing = self._shared_as(there=bool(found), records=records)
        except BaseException:
            self._release()
            raise
        self._scrubber = scrubber
        self._player = Player(found, self._facts, matching, self._by_key(found))
        self._recorder = Recorder(self.name, self._facts, scrubber, paid=self._paid) if records else None
        self._abandoned = self._live_tokens = False
        self._open = True
        if records:
            atexit.register(self._at_exit)

    def _key(self) -> SecretText | None:
        given = self._pseudonyms if isinstance(self._pseudonyms, str) else os.environ.get(_PSEUDONYM_KEY, "")
        return SecretText(given) if self._pseudonyms and given else None

    def _by_key(self, found: list[Interaction]) -> list[Sharing]:
        """Return the ways from real things to their pseudonyms on the cassette, which only the key opens."""
        key = self._key()
        if key is None or not self._facts.pseudonyms:
            return []
        searched = patterns_of(one.question for one in found)
        return [Sharing(Pseudonyms(key), self._keep), Sharing(Pseudonyms(key), self._keep, searched)]

    def _shared_as(self, *, there: bool, records: bool) -> Sharing | None:
        key = self._key()
        if there and self._facts.pseudonyms and records and key is None:
            raise CassetteError(
                f"The cassette {self.path} holds pseudonyms, and more can be added only under the same key. Nothing "
                f'was sent. Give it as pseudonyms="..." or in {_PSEUDONYM_KEY}, or record it anew with mode="all".'
            )
        if there and not self._facts.pseudonyms and self._pseudonyms:
            warn_user(
                f"The cassette {self.path} was recorded without pseudonyms: it holds real numbers and is not safe to "
                'share. Record it anew with mode="all".',
                CassetteWarning,
            )
            return None
        return Sharing(Pseudonyms(key), self._keep) if self._pseudonyms else None

    def _at_exit(self) -> None:
        """Write what a client recorded that nobody closed, as in a notebook whose kernel ends."""
        self._open = False
        with suppress(Exception):
            self.save()
        self._release()

    def _release(self) -> None:
        claim, self._claim = self._claim, None
        if claim is not None:
            claim.release()

    # -- what a transport asks --------------------------------------------------------------------------------------

    @property
    def replays(self) -> bool:
        """Whether it only plays back and never lets a request through."""
        return self._recorder is None

    def refusal(self, *, sandbox: bool) -> str:
        """Return why nothing that changes or costs can be sent, as a sentence; empty when it can.

        Parameters
        ----------
        sandbox : bool
            Whether the server is known to be a sandbox.
        """
        if self._recorder is None:
            return f"The client replays {self.label}: it can't send anything."
        return self._recorder.refusal(sandbox=sandbox)

    def exchange(self, sent: Sent, send: Callable[[], Received], redact: Callable[[Any], Any]) -> Received:
        """Return the answer to a request: the recorded one, or what ``send`` brings.

        Parameters
        ----------
        sent : Sent
            The request.
        send : callable
            Sends it; called at most once, and never while replaying.
        redact : callable
            Blanks the secrets that the sender knows.

        Raises
        ------
        CassetteMissError
            When it only replays and holds no such request. Nothing was sent.
        CassetteError
            When it was closed, or may not record this. Nothing was sent.
        """
        if not self._open or self._player is None:
            raise CassetteError(
                f"The cassette {self.name!r} was closed, and this client answers from it alone. Nothing was sent. "
                "Connect again."
            )
        asked = self._scrubber.question(sent, redact)
        played = self._played(asked, self._player)
        if played is not None:
            return played
        if self._recorder is None:
            raise self._player.miss(asked, self.name, self.path)
        if sent.headers.get("Authorization") == f"Bearer {REDACTED}":
            # As if it had expired: the client then asks for a real one, and sends this again.
            self._live_tokens = True
            return _EXPIRED
        self._recorder.check_may_send(sent, asked)
        return self._recorder.record(asked, send, redact)

    def _played(self, asked: Question, player: Player) -> Received | None:
        if asked.is_token and self._live_tokens:
            return None
        found = player.taken(asked)
        if found is not None:
            return Received(found.status, found.headers, found.content, self.label)
        if asked.is_token and (self.replays or len(player)):
            return _TOKEN._replace(recorded=self.label)
        return None

    # -- what it tells ----------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write what was recorded so far; closing does it, too.

        Raises
        ------
        OutputError
            When the file can't be written.
        """
        if self._recorder is None or self._player is None or not len(self._recorder):
            return
        self._facts, whole = self._recorder.whole(self._player.interactions, self._sharing, self.mode)
        save(self.path, self.name, self._facts, whole)

    @property
    def label(self) -> str:
        """What data from it is, for people: name, origin and day."""
        return label(self.name, self._facts)

    @property
    def recorded_from(self) -> str:
        """``sandbox``, ``production`` or ``server HOST``; empty when nothing tells."""
        return self._facts.recorded_from

    @property
    def recorded_at(self) -> datetime | None:
        """The server's time of the first answer."""
        told = self._facts.recorded_at
        return datetime.fromisoformat(told) if told else None

    @property
    def version(self) -> str:
        """The version of this package that recorded it; empty when nothing tells."""
        return self._facts.version

    @property
    def projects(self) -> tuple[str, ...]:
        """Projects that it is about, or their pseudonyms."""
        return self._facts.projects

    @property
    def has_pseudonyms(self) -> bool:
        """Whether what names a company or person was replaced."""
        return self._facts.pseudonyms

    @property
    def unused(self) -> tuple[str, ...]:
        """Recorded requests that were not played back: method, path and query of each."""
        return () if self._player is None else tuple(one.target for one in self._player.unused())

    @property
    def replaced(self) -> dict[str, int]:
        """How much was kept out of the file: how often secrets were blanked, and how many values got a pseudonym."""
        return dict(self._facts.replaced)

    def clock(self) -> ReplayClock:
        """Return a clock that starts when it was recorded, and whose waits take no time."""
        return ReplayClock(self.recorded_at)

    def __len__(self) -> int:
        return (0 if self._player is None else len(self._player)) + len(self._recorder or ())

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        if self._player is None:
            return f"<Cassette {self.name!r} in {self.path}, mode {self.mode!r}, not used yet>"
        does = "replays" if self.replays else "records"
        return f"<Cassette {self.name!r} in {self.path}: {does} {len(self)} answers; {self.label}>"


def _checked_mode(mode: Any) -> Mode:
    found: Mode = getattr(mode, "value", mode)
    if found not in _MODES:
        raise InvalidInputError(f"mode {mode!r} is not known; use {', '.join(map(repr, _MODES))}.")
    return found
