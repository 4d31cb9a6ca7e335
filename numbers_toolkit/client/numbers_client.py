"""NumbersClient: every operation of the Numbers API in one object."""

from __future__ import annotations

from numbers_toolkit.client.active import ActiveNumbers
from numbers_toolkit.client.available import AvailableNumbers
from numbers_toolkit.client.callbacks import Callbacks
from numbers_toolkit.client.emergency import EmergencyAddresses
from numbers_toolkit.client.orders import NumberOrders

__all__ = ["NumbersClient"]


class NumbersClient(AvailableNumbers, ActiveNumbers, Callbacks, EmergencyAddresses, NumberOrders):
    """The Numbers API for one project. Make one with :func:`numbers_toolkit.connect`.

    A context manager; safe to share between threads.

    Parameters
    ----------
    project_id : str
        Project.
    transport : Transport
        How requests are sent.

    Attributes
    ----------
    project_id : str
        Project.
    source : str
        What the data is: ``"production"``, ``"sandbox"``, ``"server HOST"``, or ``"cassette ..."`` while answers are
        played back.
    cassette : Cassette or None
        What this client records on or plays back, if it has one of its own.
    replays : bool
        Whether answers are only played back at the moment: nothing is ever sent then.
    refusal : str
        Why nothing that changes or costs can be sent at the moment; empty when it can.
    sandbox : Sandbox or None
        The embedded sandbox that this client started, if it did.
    server_time : datetime or None
        The API's own time, as its last good answer told it; None before the first.
    clock : Clock
        The clock that requests wait by.
    closed : bool
        Whether it was closed.
    """
