"""The outside world for the hooks."""

from tests.people.conftest import outside, sandbox_process

__all__ = ["outside", "sandbox_process"]
