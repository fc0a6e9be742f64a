"""What `retry-core/docs/peers.md` says of Python's backoff."""

import datetime
import importlib.metadata
import time
import types

import backoff
import backoff._sync
from claims import Busy, claim, raises, run


@claim("max_time is compared with the time before the call: one that takes longer is made twice")
def _(clock):
    class Now(datetime.datetime):
        @classmethod
        def now(cls):
            return cls.fromtimestamp(clock.now)

    backoff._sync.datetime = types.SimpleNamespace(datetime=Now)
    calls = []

    @backoff.on_exception(backoff.constant, Busy, interval=1, jitter=None, max_time=5)
    def slow():
        calls.append(1)
        time.sleep(10)
        raise Busy

    try:
        raises(Busy, slow)
    finally:
        backoff._sync.datetime = datetime
    assert len(calls) == 2, calls


run("backoff", importlib.metadata.version("backoff"))
