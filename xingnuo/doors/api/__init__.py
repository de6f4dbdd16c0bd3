"""api: the machines' door: OpenAPI 3.1, OAuth, idempotency keys, problem+json.

API-1  Every operation names its action and the scope that it needs.
API-2  An unsafe call carries a key; the same key with other content is refused.
API-3  An answer holds only declared fields; a request with an undeclared field is refused.
API-4  A token works for its audience and type alone.
"""
