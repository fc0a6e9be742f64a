"""What `retry-core/docs/coming_from.md` and `peers.md` say of stamina."""

import asyncio
import datetime
import importlib.metadata
import logging
import threading

import stamina
from claims import Busy, Calls, claim, raises, run


logging.disable()  # unless told otherwise it logs each retry


@claim("unless said: ten attempts, the first call included, and the last exception itself")
def _(clock):
    calls = Calls()
    # 45 s are over before ten attempts are, unless the waits are short.
    error = raises(Busy, stamina.retry(on=Busy, wait_max=0.1, wait_jitter=0)(calls))
    assert (calls.count, error.args) == (10, (10,))


@claim("unless said the waits are 0.1 s doubled up to 5 s, plus up to 1 s of jitter, 5 s at most in all")
def _(clock):
    for _ in range(3000):
        raises(Busy, stamina.retry(on=Busy, timeout=None)(Calls()))
    first, fifth, last = clock.slept[0::9], clock.slept[4::9], clock.slept[8::9]
    assert 0.1 <= min(first) < 0.11 and 1.09 < max(first) <= 1.1
    assert 1.6 <= min(fifth) < 1.61 and 2.59 < max(fifth) <= 2.6
    assert set(last) == {5.0}


@claim("unless said it is over after 45 s; the wait that begins before is waited to its end")
def _(clock):
    started = clock.now
    raises(Busy, stamina.retry(on=Busy, attempts=None, wait_initial=30, wait_max=30, wait_jitter=0)(Calls()))
    assert clock.now - started == 60


@claim("on has to be said")
def _(clock):
    raises(TypeError, lambda: stamina.retry()(Calls()))


@claim("on is an exception, a tuple of them, or a function of the exception that says yes, no, or how long")
def _(clock):
    calls = Calls()
    raises(Busy, stamina.retry(on=(OSError, ValueError))(calls))
    assert calls.count == 1
    raises(Busy, stamina.retry(on=lambda error: error.args[0] < 3)(calls := Calls()))
    assert calls.count == 3
    del clock.slept[:]
    raises(Busy, stamina.retry(on=lambda error: float(error.args[0] * 10), attempts=3)(Calls()))
    raises(Busy, stamina.retry(on=lambda error: datetime.timedelta(minutes=2), attempts=2)(Calls()))
    assert clock.slept == [10, 20, 120]


@claim("a wait that the function tells gets no jitter, goes past wait_max, and past the timeout")
def _(clock):
    started = clock.now
    raises(Busy, stamina.retry(on=lambda error: 18_000.0, attempts=2, timeout=1, wait_max=2)(Calls()))
    assert clock.now - started == 18_000


@claim("results are not looked at")
def _(clock):
    raises(TypeError, lambda: stamina.retry(on=Busy, until=bool))


@claim("hooks are set for the whole process, and told of each retry before the wait")
def _(clock):
    told = []

    def hook(details):
        told.append((details.retry_num, round(details.wait_for, 9)))

    stamina.instrumentation.set_on_retry_hooks([hook])
    try:
        raises(Busy, stamina.retry(on=Busy, attempts=3, wait_jitter=0)(Calls()))
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)
    assert told == [(1, 0.1), (2, 0.2)], told


@claim("an async function is retried by the same decorator")
def _(clock):
    calls = Calls(successes_after=2)

    @stamina.retry(on=Busy, wait_jitter=0)
    async def fetch():
        return calls()

    assert asyncio.run(fetch()) == 3
    assert clock.slept == [0.1, 0.2]


@claim("a generator is begun anew")
def _(clock):
    calls = Calls(successes_after=2)

    @stamina.retry(on=Busy)
    def numbers():
        yield 1
        yield calls()

    assert list(numbers()) == [1, 1, 1, 3]


@claim("for attempt in stamina.retry_context(...): with attempt: retries a block; attempt.num counts from 1")
def _(clock):
    numbers = []
    for attempt in stamina.retry_context(on=Busy, attempts=3):
        with attempt:
            numbers.append(attempt.num)
            if len(numbers) < 3:
                raise Busy
    assert numbers == [1, 2, 3]


@claim("set_testing(True) makes it one attempt without a wait, in all threads")
def _(clock):
    counts = []

    def elsewhere():
        calls = Calls()
        raises(Busy, stamina.retry(on=Busy)(calls))
        counts.append(calls.count)

    with stamina.set_testing(True):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert (counts, clock.slept) == ([1], [])


@claim("set_testing(True, attempts=3) makes it three attempts, whatever the function says")
def _(clock):
    with stamina.set_testing(True, attempts=3):
        calls = Calls()
        raises(Busy, stamina.retry(on=Busy, attempts=2)(calls))
    assert (calls.count, set(clock.slept)) == (3, {0})


@claim("set_active(False) switches retrying off for the whole process")
def _(clock):
    calls = Calls()
    stamina.set_active(False)
    try:
        raises(Busy, stamina.retry(on=Busy)(calls))
    finally:
        stamina.set_active(True)
    assert calls.count == 1


@claim("there is no limit for the time of one attempt, no budget and no circuit breaker")
def _(clock):
    assert stamina.retry(on=Busy, timeout=1)(Calls(successes_after=0, takes=1e6))() == 1
    names = " ".join(dir(stamina)).lower()
    assert "budget" not in names and "circuit" not in names


run("stamina", importlib.metadata.version("stamina"))
