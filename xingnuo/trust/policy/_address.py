"""How people are addressed: 你 since version 2.0, 您 before it. The pronoun changes no meaning."""

from __future__ import annotations

POLITE, PLAIN = "您", "你"


def plainly(text: str) -> str:
    """Give a text with the plain pronoun, to compare it with another."""
    return text.replace(POLITE, PLAIN)


def is_polite(document: bytes) -> bool:
    """Say whether a published document addresses people politely throughout."""
    return POLITE.encode() in document and PLAIN.encode() not in document


def politely(text: str) -> str:
    """Give a text as a polite version has it, for what the program adds to it."""
    return text.replace(PLAIN, POLITE)
