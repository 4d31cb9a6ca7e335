"""The pace of a run: slower after a refusal, for all threads; faster again when all goes well."""

from __future__ import annotations

from numbers_toolkit.activation.pacing import Pacer
from scripted_server import FakeClock


def waited(clock, pacer):
    before = clock.seconds
    pacer.wait()
    return clock.seconds - before


def test_nothing_is_waited_for_while_all_goes_well():
    clock = FakeClock()
    pacer = Pacer(clock)
    assert [waited(clock, pacer) for _ in range(5)] == [0] * 5


def test_each_refusal_makes_the_pause_longer_up_to_a_minute():
    clock = FakeClock()
    pacer = Pacer(clock)
    pauses = []
    for _ in range(12):
        pacer.slow()
        pauses.append(waited(clock, pacer))
    assert pauses[0] <= 0.5
    assert pauses[4] > pauses[0]
    assert 30 <= pauses[-1] <= 60


def test_what_the_api_asks_for_is_waited_for():
    clock = FakeClock()
    pacer = Pacer(clock)
    pacer.slow(retry_after=42)
    assert waited(clock, pacer) >= 42


def test_an_absurd_wish_of_the_api_is_cut():
    clock = FakeClock()
    pacer = Pacer(clock)
    pacer.slow(retry_after=86_400)
    assert waited(clock, pacer) <= 301


def test_requests_stay_apart_after_a_refusal_and_close_up_again():
    clock = FakeClock()
    pacer = Pacer(clock)
    for _ in range(4):
        pacer.slow()
    pacer.wait()
    assert waited(clock, pacer) >= pacer.interval * 0.99 > 0
    for _ in range(40):
        pacer.ease()
    assert pacer.interval == 0
    pacer.wait()
    assert waited(clock, pacer) == 0


def test_a_run_that_is_stopped_does_not_wait():
    clock = FakeClock()
    pacer = Pacer(clock, lambda: True)
    pacer.slow(retry_after=100)
    assert waited(clock, pacer) == 0
