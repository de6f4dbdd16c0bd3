"""Duties: what the law asks of us whatever service is used. They walk the registry, not rooms."""
