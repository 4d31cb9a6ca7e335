"""Everything a person or a log could see of an error, as one text to search for secrets."""

from __future__ import annotations

import base64
import pickle
import traceback
from pathlib import Path

TESTS = str(Path(__file__).parent)


def everything_shown(error: BaseException) -> str:
    """Text, representation, pickle and verbose traceback of an error; the tests' own variables apart."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    parts = [str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]
    parts.append(pickle.dumps(error).decode("latin-1"))
    chain: traceback.TracebackException | None = told
    while chain is not None:
        hidden = [frame for frame in chain.stack if not frame.filename.startswith(TESTS)]
        parts += [f"{frame.name}: {frame.locals}" for frame in hidden]
        parts.append("".join(chain.format_exception_only()))
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    return "\n".join(parts)


def forms_of(key_id: str, secret: str, *tokens: str) -> list[str]:
    """The secret, its encoded form and tokens."""
    return [secret, base64.b64encode(f"{key_id}:{secret}".encode()).decode(), *tokens]
