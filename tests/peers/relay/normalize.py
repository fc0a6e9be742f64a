"""What Sentry makes of events: reads one JSON text a line, writes one a line: {"normalized", "scrubbed"}.

`normalized` is the event as Sentry's servers trim and check it; `scrubbed` is the same behind the data scrubber as it is set for
new projects.
"""

import json
import sys

from sentry_relay.processing import StoreNormalizer, convert_datascrubbing_config, pii_strip_event

normalizer = StoreNormalizer(project_id=1, enable_trimming=True)
scrubber = convert_datascrubbing_config(
    {
        "scrubData": True,
        "scrubDefaults": True,
        "scrubIpAddresses": False,
        "excludeFields": [],
        "sensitiveFields": [],
    }
)

for line in sys.stdin.buffer:
    normalized = normalizer.normalize_event(raw_event=line)
    scrubbed = pii_strip_event(scrubber, normalized)
    print(json.dumps({"normalized": normalized, "scrubbed": scrubbed}), flush=True)
