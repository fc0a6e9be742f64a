"""Runs the Python examples of `retry-core/docs/coming_from.md` as they stand there, and looks its words up."""

import inspect
import logging
import pathlib
import re

import stamina
import tenacity
from claims import CLAIMS, claim, run

logging.disable()

PAGE = pathlib.Path(__file__).resolve().parents[3] / "retry-core/docs/coming_from.md"
TEXT = PAGE.read_text(encoding="utf-8")

# What is waited after a timeout, after being told to wait 7 s, and after another timeout: least and most.
EXPECTED = {
    "tenacity": [(120, 120), (7, 7), (480, 480)],
    "stamina": [(120, 132), (7, 7), (480, 492)],
}


class ApiError(Exception):
    pass


class Timeout(ApiError):
    pass


class TooManyRequests(ApiError):
    def __init__(self, retry_interval):
        super().__init__(retry_interval)
        self.retry_interval = retry_interval


def example(name, source):
    @claim(f"the example for {name} runs, and waits what the page says")
    def _(clock):
        failures = [Timeout(), TooManyRequests(7), Timeout()]

        def get(url):
            if failures:
                raise failures.pop(0)
            return f"events of {url}"

        namespace = {"get": get, "Timeout": Timeout, "TooManyRequests": TooManyRequests}
        exec(compile(source, f"{PAGE.name}: {name}", "exec"), namespace)
        assert namespace["events"]("x") == "events of x"
        expected = EXPECTED[name]
        assert len(clock.slept) == len(expected), clock.slept
        for slept, (least, most) in zip(clock.slept, expected, strict=True):
            assert least <= slept <= most, clock.slept

    @claim(f"the example for {name} makes five attempts, and raises the last error itself")
    def _(clock):
        calls = []

        def get(url):
            calls.append(url)
            raise Timeout

        namespace = {"get": get, "Timeout": Timeout, "TooManyRequests": TooManyRequests}
        exec(compile(source, f"{PAGE.name}: {name}", "exec"), namespace)
        try:
            namespace["events"]("x")
        except Timeout:
            assert len(calls) == 5, calls
        else:
            raise AssertionError("no error")


def parameters(*callables):
    return {name for call in callables for name in inspect.signature(call).parameters}


def words(library):
    """What stands in backticks in the left column of the library's table: names that are called or set."""
    section = re.search(rf"^# {library}\n(.*?)^# ", TEXT, re.DOTALL | re.MULTILINE).group(1)
    cells = re.findall(r"^\| (`.*?|no `.*?) \| ", section, re.MULTILINE)
    quoted = " ".join(word for cell in cells for word in re.findall(r"`([^`]*)`", cell))
    return set(re.findall(r"\w+(?==)|\b(?:stop|wait|retry|before|set)_\w+|\w*Retry\w+|TryAgain", quoted))


@claim("every word of the table for tenacity is one of its names or parameters")
def _(clock):
    waits = [tenacity.wait_exponential, tenacity.wait_incrementing]
    known = set(dir(tenacity)) | parameters(tenacity.Retrying, *waits) | {"retry_with"}
    found = words("tenacity")
    assert len(found) > 30 and found <= known, found - known


@claim("every word of the table for stamina is one of its names or parameters")
def _(clock):
    known = set(dir(stamina)) | set(dir(stamina.instrumentation)) | parameters(stamina.retry, stamina.set_testing)
    known |= set(dir(stamina.Attempt)) | set(stamina.instrumentation.RetryDetails.__slots__)
    found = words("stamina")
    assert len(found) > 10 and found <= known, found - known


for found in re.finditer(r"<!-- (\w+) -->\n```python\n(.*?)```", TEXT, re.DOTALL):
    example(*found.groups())
assert len(CLAIMS) == 2 + 2 * len(EXPECTED), "an example is not on the page"
run("examples", "of the page")
