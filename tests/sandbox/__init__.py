"""The sandbox, as a real process that is driven over HTTP."""
