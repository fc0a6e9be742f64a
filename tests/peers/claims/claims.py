"""Claims about a library: a sentence of a page, and a function that is true of it. Time is virtual."""

import asyncio
import random
import time

CLAIMS = []


def claim(sentence):
    """Registers what shows the sentence to be true; it fails by raising."""

    def register(check):
        CLAIMS.append((sentence, check))
        return check

    return register


class Busy(Exception):
    pass


class Calls:
    """A function that fails, and counts."""

    def __init__(self, successes_after=None, takes=0.0):
        self.count, self.successes_after, self.takes = 0, successes_after, takes

    def __call__(self):
        self.count += 1
        if self.takes:
            time.sleep(self.takes)
        if self.successes_after is not None and self.count > self.successes_after:
            return self.count
        raise Busy(self.count)


class Clock:
    """Stands in for `time.monotonic`, `time.sleep` and `asyncio.sleep`: nothing waits; what is slept is kept."""

    def __init__(self):
        self.now = 1_000_000.0
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds, *_):
        self.sleep(seconds)

    def monotonic(self):
        return self.now


def virtually():
    """A clock in place of the real one, until the next claim."""
    clock = Clock()
    time.sleep, time.monotonic, asyncio.sleep = clock.sleep, clock.monotonic, clock.sleep_async
    random.seed(1)
    return clock


REAL = time.sleep, time.monotonic, asyncio.sleep


def run(library, version):
    """Checks all claims, prints each; ends the process with 1 when one does not hold."""
    failures = 0
    for sentence, check in CLAIMS:
        try:
            check(virtually())
            print(f"{library} {version}: {sentence}: ok")
        except Exception as error:  # noqa: BLE001 - whatever it is, the claim is not true
            failures += 1
            print(f"{library} {version}: {sentence}: NOT TRUE: {type(error).__name__}: {error}")
        finally:
            time.sleep, time.monotonic, asyncio.sleep = REAL
    print(f"{len(CLAIMS) - failures} passed, {failures} failed")
    raise SystemExit(1 if failures or not CLAIMS else 0)


def raises(kind, call, *arguments):
    """The exception of this very type that the call ends with."""
    try:
        call(*arguments)
    except BaseException as error:
        if type(error) is kind:
            return error
        raise
    raise AssertionError(f"no {kind.__name__}")
