"""A simulated Sinch project behind real HTTP, for notebooks, tests and demonstrations without an account.

It is an island: it imports nothing of the rest of `numbers_toolkit`, so that it cannot hide the client's faults. Only
starting a server needs the extra, ``pip install 'numbers-toolkit[sandbox]'``.

See `numbers_toolkit.sandbox.campaigns` for ids that fail on purpose (`MAGIC_IDS`),
`numbers_toolkit.sandbox.order_life` for registration data that an order is refused or blocked for,
`numbers_toolkit.sandbox.faults` for faults by name (`FAULTS`), `numbers_toolkit.sandbox.numbering` for
where the phone numbers come from. What it speaks is described in OpenAPI 3.1 at ``/openapi.json`` of the Numbers
API's origin, see `numbers_toolkit.sandbox.openapi`.
"""

from numbers_toolkit.sandbox.account import Charge
from numbers_toolkit.sandbox.application import LoggedRequest
from numbers_toolkit.sandbox.campaigns import ERROR_CODES, MAGIC_IDS, Target
from numbers_toolkit.sandbox.damage import ODD_KINDS
from numbers_toolkit.sandbox.delivery import LoggedEvent
from numbers_toolkit.sandbox.embedded import Sandbox
from numbers_toolkit.sandbox.faults import FAULTS, Fault, Faults
from numbers_toolkit.sandbox.foreground import run_forever
from numbers_toolkit.sandbox.order_records import PlacedOrder

__all__ = [
    "ERROR_CODES",
    "FAULTS",
    "MAGIC_IDS",
    "ODD_KINDS",
    "Charge",
    "Fault",
    "Faults",
    "LoggedEvent",
    "LoggedRequest",
    "PlacedOrder",
    "Sandbox",
    "Target",
    "run_forever",
]
