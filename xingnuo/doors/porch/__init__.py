"""porch: what doors share: session, subject, role, headers, limits, the last error handler.

PORCH-1  No request reaches an action without an actor, a subject and a role for its method.
PORCH-2  A refusal's evidence is written after the rollback, and outlives it.
PORCH-3  Every answer carries the security headers; every server error looks the same.
PORCH-4  After a request its connection knows no subject, permit or role.
"""
