"""Following page tokens, with the decoding of earlier pages hidden behind the wait for later ones.

A page's token stands at its end and is cheap to find without decoding the page, so the next page is asked
for at once, while two threads decode what is there (Arrow works without Python's lock). Each found token is
checked against the decoded one afterwards: a wrong guess is never believed, it only costs another pass.
"""

from __future__ import annotations

import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from numbers_toolkit.errors import NumbersToolkitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from numbers_toolkit.answers import Answer
    from numbers_toolkit.frames import Batch

__all__ = ["WrongGuessError", "read_batches"]

_WORKERS: Final = 2
_BATCH_PAGES: Final = 8
_BATCH_BYTES: Final = 4 << 20
_TAIL_BYTES: Final = 512
_TOKEN: Final = re.compile(rb'"nextPageToken"\s*:\s*(?:"([A-Za-z0-9._~+/=-]*)"|null)')


class WrongGuessError(Exception):
    """A token found at a page's end was not the page's token; read again without looking ahead."""


def read_batches(
    fetch: Callable[[str], Answer], first: Answer, decode: Callable[[list[bytes], str], Batch], *, ahead: bool
) -> Iterator[Batch]:
    """Yield every page of a list in order, several to a batch.

    Parameters
    ----------
    fetch : callable
        Fetches the page of a token.
    first : Answer
        The first page.
    decode : callable
        Decodes page bodies, given the request's path for messages; runs in other threads.
    ahead : bool
        Ask for a page before the one before it is decoded. False asks only for tokens that were decoded.

    Yields
    ------
    Batch
        Up to eight pages. The caller stops when it sees a token twice.

    Raises
    ------
    WrongGuessError
        When looking ahead went wrong.
    """
    waiting: deque[tuple[Future[Batch], list[str | None]]] = deque()
    asked: set[str] = set()
    answer: Answer | None = first
    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="numbers-toolkit") as pool:
        while answer is not None:
            path = answer.path
            bodies, guesses, failure = _gather(fetch, answer, asked, ahead=ahead)
            waiting.append((pool.submit(decode, bodies, path), guesses))
            token = guesses[-1]
            may_go_on = bool(token) and token not in asked and failure is None
            while len(waiting) > (_WORKERS if may_go_on else 0):
                batch = _checked(*waiting.popleft())
                yield batch
                if token is None:
                    token = batch.ends[-1].next_page_token if not waiting else None
            if failure is not None:
                raise failure
            if not token or token in asked:
                return
            asked.add(token)
            try:
                answer = fetch(token)
            except NumbersToolkitError:
                # What is still being decoded may show that the token was a wrong guess.
                while waiting:
                    yield _checked(*waiting.popleft())
                raise


def _gather(
    fetch: Callable[[str], Answer], answer: Answer, asked: set[str], *, ahead: bool
) -> tuple[list[bytes], list[str | None], NumbersToolkitError | None]:
    """Fetch pages by the tokens at their ends until there are enough for a batch.

    A failure is handed back, not raised: what arrived before it shows whether a wrong guess caused it.
    """
    bodies: list[bytes] = []
    guesses: list[str | None] = []
    size = 0
    while True:
        bodies.append(answer.body)
        size += len(answer.body)
        token = _guess(answer.body) if ahead else None
        guesses.append(token)
        if not token or token in asked or len(bodies) >= _BATCH_PAGES or size >= _BATCH_BYTES:
            return bodies, guesses, None
        asked.add(token)
        try:
            answer = fetch(token)
        except NumbersToolkitError as error:
            return bodies, guesses, error


def _guess(body: bytes) -> str | None:
    found = list(_TOKEN.finditer(body, max(0, len(body) - _TAIL_BYTES)))
    return (found[-1].group(1) or b"").decode("ascii") if found else None


def _checked(future: Future[Batch], guesses: list[str | None]) -> Batch:
    batch = future.result()
    for guess, end in zip(guesses, batch.ends, strict=True):
        if guess is not None and guess != end.next_page_token:
            raise WrongGuessError
    return batch
