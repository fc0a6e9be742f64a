"""What `retry-core/docs/coming_from.md` and `peers.md` say of tenacity."""

import asyncio
import importlib.metadata
import threading

import tenacity
from claims import Busy, Calls, claim, raises, run
from tenacity import (
    RetryError,
    Retrying,
    TryAgain,
    retry,
    retry_if_exception,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
    stop_after_delay,
    stop_before_delay,
    stop_when_event_set,
    wait_chain,
    wait_exception,
    wait_exponential,
    wait_exponential_jitter,
    wait_fixed,
    wait_incrementing,
    wait_random_exponential,
)


def waits(clock, attempts=6, **options):
    """What a call waits that fails so many times."""
    raises(RetryError, retry(stop=stop_after_attempt(attempts), **options)(Calls()))
    return clock.slept


@claim("a bare @retry tries for ever, without a wait")
def _(clock):
    assert retry(Calls(successes_after=10_000))() == 10_001
    assert set(clock.slept) == {0}


@claim("a bare @retry tries every Exception again, but not KeyboardInterrupt and SystemExit")
def _(clock):
    def interrupted():
        raise KeyboardInterrupt

    raises(KeyboardInterrupt, retry(interrupted))


@claim("stop_after_attempt(3) counts the first call: three calls")
def _(clock):
    calls = Calls()
    raises(RetryError, retry(stop=stop_after_attempt(3))(calls))
    assert calls.count == 3, calls.count


@claim("at the end RetryError is raised, with the last exception as its cause")
def _(clock):
    error = raises(RetryError, retry(stop=stop_after_attempt(3))(Calls()))
    assert type(error.__cause__) is Busy and error.__cause__.args == (3,)
    assert error.last_attempt.attempt_number == 3


@claim("with reraise=True the last exception itself is raised")
def _(clock):
    assert raises(Busy, retry(stop=stop_after_attempt(3), reraise=True)(Calls())).args == (3,)


@claim("an exception that is not worth another try is raised as it is")
def _(clock):
    calls = Calls()
    raises(Busy, retry(retry=retry_if_exception_type(OSError))(calls))
    assert calls.count == 1


@claim("retry_if_not_exception_type, retry_if_exception_message and .._cause_type decide by the exception")
def _(clock):
    def fails():
        counted.append(1)
        raise Busy("later") from OSError()

    for condition, calls in [
        (tenacity.retry_if_not_exception_type(Busy), 1),
        (tenacity.retry_if_not_exception_type(OSError), 3),
        (tenacity.retry_if_exception_message(match="lat"), 3),
        (tenacity.retry_if_exception_message(match="now"), 1),
        (tenacity.retry_if_exception_cause_type(OSError), 3),
        (tenacity.retry_if_exception_cause_type(ValueError), 1),
    ]:
        counted = []
        raises(Busy, retry(stop=stop_after_attempt(3), retry=condition, reraise=True)(fails))
        assert len(counted) == calls, (condition, counted)


@claim("a result that is refused until the end is a RetryError, also with reraise=True")
def _(clock):
    for reraise in (False, True):
        refused = retry(stop=stop_after_attempt(3), retry=retry_if_result(lambda _: True), reraise=reraise)
        assert raises(RetryError, refused(lambda: 7)).last_attempt.result() == 7


@claim("stop_after_delay(10) with wait_fixed(7) goes on until 14 s")
def _(clock):
    started = clock.now
    raises(RetryError, retry(stop=stop_after_delay(10), wait=wait_fixed(7))(Calls()))
    assert clock.now - started == 14


@claim("stop_before_delay(10) with wait_fixed(7) ends after 7 s")
def _(clock):
    started = clock.now
    raises(RetryError, retry(stop=stop_before_delay(10), wait=wait_fixed(7))(Calls()))
    assert clock.now - started == 7


@claim("stop_before_delay is exclusive: a wait that would end exactly on it is not begun")
def _(clock):
    raises(RetryError, retry(stop=stop_before_delay(10), wait=wait_fixed(5))(Calls()))
    assert clock.slept == [5]


@claim("neither interrupts a call, and both look when it has failed")
def _(clock):
    calls = Calls(takes=60)
    raises(RetryError, retry(stop=stop_after_delay(10))(calls))
    assert calls.count == 1


@claim("stops are put together with | and &")
def _(clock):
    calls = Calls()
    raises(RetryError, retry(stop=stop_after_attempt(3) | stop_after_delay(60), wait=wait_fixed(1))(calls))
    assert calls.count == 3
    calls = Calls()
    raises(RetryError, retry(stop=stop_after_attempt(3) & stop_after_delay(60), wait=wait_fixed(1))(calls))
    assert calls.count == 61


@claim("stop_when_event_set is looked at when a call has failed, and does not end a wait")
def _(clock):
    stop = threading.Event()
    calls = Calls()
    call = retry(stop=stop_when_event_set(stop), wait=wait_fixed(60), before_sleep=lambda _: stop.set())(calls)
    raises(RetryError, call)
    assert (calls.count, clock.slept) == (2, [60])


@claim("wait_exponential waits 1, 2, 4, 8, 16 s, and has no jitter")
def _(clock):
    assert waits(clock, wait=wait_exponential()) == [1, 2, 4, 8, 16]


@claim("wait_exponential(multiplier=3, max=20) waits 3, 6, 12, 20, 20 s")
def _(clock):
    assert waits(clock, wait=wait_exponential(multiplier=3, max=20)) == [3, 6, 12, 20, 20]


@claim("wait_incrementing(start=1, increment=2) waits 1, 3, 5, 7, 9 s")
def _(clock):
    assert waits(clock, wait=wait_incrementing(start=1, increment=2)) == [1, 3, 5, 7, 9]


@claim("wait_random_exponential draws evenly between zero and the delay")
def _(clock):
    drawn = [waits(clock, attempts=4, wait=wait_random_exponential())[-1] for _ in range(2000)]
    assert 0 <= min(drawn) < 0.1 and 3.9 < max(drawn) <= 4 and 1.9 < sum(drawn) / len(drawn) < 2.1


@claim("wait_exponential_jitter adds up to one second, whatever the delay is")
def _(clock):
    added = [waits(clock, attempts=5, wait=wait_exponential_jitter())[-1] - 8 for _ in range(2000)]
    assert 0 <= min(added) < 0.01 and 0.99 < max(added) <= 1


@claim("the jitter of wait_exponential_jitter is cut by max along with the delay")
def _(clock):
    assert waits(clock, wait=wait_exponential_jitter(max=3))[2:] == [3, 3, 3]


@claim("wait_fixed(3) + wait_random(0, 2) adds up to two seconds")
def _(clock):
    slept = waits(clock, attempts=500, wait=wait_fixed(3) + tenacity.wait_random(0, 2))
    assert 3 <= min(slept) < 3.1 and 4.9 < max(slept) <= 5


@claim("wait_chain goes from one wait to the next, and stays with the last")
def _(clock):
    assert waits(clock, wait=wait_chain(wait_fixed(1), wait_fixed(1), wait_fixed(5))) == [1, 1, 5, 5, 5]


@claim("wait_exception takes the wait from the exception")
def _(clock):
    assert waits(clock, attempts=4, wait=wait_exception(lambda error: error.args[0] * 10)) == [10, 20, 30]


@claim("a wait belongs to the number of the attempt: another exception in between goes on growing")
def _(clock):
    errors = [Busy(), OSError(), Busy(), OSError()]

    def alternating():
        raise errors.pop(0)

    raises(RetryError, retry(stop=stop_after_attempt(4), wait=wait_exponential())(alternating))
    assert clock.slept == [1, 2, 4]


@claim("raise TryAgain tries again whatever the condition says")
def _(clock):
    answers = [TryAgain, TryAgain, None]

    def asks():
        answer = answers.pop(0)
        if answer:
            raise answer

    retry(retry=retry_if_exception_type(OSError))(asks)()
    assert not answers


@claim("before, after and before_sleep are told of an attempt; before_sleep knows the wait")
def _(clock):
    told = []
    call = retry(
        stop=stop_after_attempt(3),
        wait=wait_fixed(5),
        before=lambda state: told.append(("before", state.attempt_number)),
        after=lambda state: told.append(("after", state.attempt_number)),
        before_sleep=lambda state: told.append(("sleep", state.next_action.sleep, state.outcome.exception().args)),
        retry_error_callback=lambda state: "given up",
    )(Calls())
    assert call() == "given up"
    assert told == [
        ("before", 1), ("after", 1), ("sleep", 5, (1,)),
        ("before", 2), ("after", 2), ("sleep", 5, (2,)),
        ("before", 3), ("after", 3),
    ]  # fmt: skip


@claim("an async function is retried by the same decorator, with asyncio.sleep")
def _(clock):
    calls = Calls(successes_after=2)

    @retry(wait=wait_fixed(5))
    async def fetch():
        return calls()

    assert asyncio.run(fetch()) == 3
    assert clock.slept == [5, 5]


@claim("for attempt in Retrying(...): with attempt: retries a block")
def _(clock):
    calls = Calls(successes_after=2)
    for attempt in Retrying(stop=stop_after_attempt(3)):
        with attempt:
            calls()
    assert calls.count == 3


@claim("the statistics of a decorated function are one object, which a call in another thread overwrites")
def _(clock):
    first_has_failed, second_is_done = threading.Event(), threading.Event()

    @retry(stop=stop_after_attempt(5))
    def call(name, successes_after, count):
        count.append(1)
        if name == "first" and len(count) == 3:
            first_has_failed.set()
            second_is_done.wait()
        if len(count) <= successes_after:
            raise Busy

    def first():
        call("first", 2, [])

    thread = threading.Thread(target=first)
    thread.start()
    first_has_failed.wait()
    assert call.statistics["attempt_number"] == 3
    call("second", 0, [])
    second_is_done.set()
    thread.join()
    # The first call needed three attempts; what is told of it is the second call's.
    assert call.statistics["attempt_number"] == 1, call.statistics


@claim("enabled=False makes it one call, decided where it is decorated")
def _(clock):
    calls = Calls()
    raises(Busy, retry(enabled=False)(calls))
    assert calls.count == 1


@claim("in a test the waits are switched off by a setting of the decorated function, for all its callers")
def _(clock):
    calls = Calls()
    call = retry(stop=stop_after_attempt(3), wait=wait_fixed(5))(calls)
    call.retry.sleep = lambda seconds: None
    raises(RetryError, call)
    assert (calls.count, clock.slept) == (3, [])


@claim("there is no limit for the time of one attempt")
def _(clock):
    calls = Calls(successes_after=0, takes=1e6)
    assert retry(stop=stop_after_delay(1))(calls)() == 1
    assert not [name for name in dir(tenacity) if "timeout" in name.lower()]


@claim("there is no budget and no circuit breaker")
def _(clock):
    names = " ".join(dir(tenacity)).lower()
    assert "budget" not in names and "circuit" not in names


@claim("a nested retry multiplies: 3 x 4 attempts are 12 calls")
def _(clock):
    calls = Calls()
    inner = retry(stop=stop_after_attempt(4), reraise=True)(calls)
    raises(RetryError, retry(stop=stop_after_attempt(3), retry=retry_if_exception(lambda _: True))(inner))
    assert calls.count == 12


run("tenacity", importlib.metadata.version("tenacity"))
