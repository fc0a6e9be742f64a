"""A rate limit for one API token, so that no test gets in another's way."""

from rest_framework.throttling import SimpleRateThrottle


class LimitedToken(SimpleRateThrottle):
    scope = "limited"

    def get_cache_key(self, request, view):
        if request.auth is None or request.auth.description != "limited":
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.auth.pk}
