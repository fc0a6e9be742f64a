"""Bugsink's settings for the tests. What differs from run to run comes from `tests/peers/run`."""

import os
import secrets

from bugsink.settings.default import *

SECRET_KEY = secrets.token_hex(32)
TIME_ZONE = "UTC"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SNAPPEA = {"TASK_ALWAYS_EAGER": True}  # An event is digested before its request is answered.

BUGSINK = {
    "BASE_URL": os.environ.get("BUGSINK_URL", "http://127.0.0.1"),
    "INGEST_STORE_BASE_DIR": os.environ.get("BUGSINK_INGEST", "/nonexistent"),
    "PHONEHOME": False,
    "VALIDATE_ON_DIGEST": "strict",
    "MAX_EVENTS_PER_PROJECT_PER_5_MINUTES": 10,
}

# Ten requests a minute to the API with the token called "limited"; `Retry-After` says when the next one is welcome.
REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = ["limited.LimitedToken"]
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"limited": "10/min"}
