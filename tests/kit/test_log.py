"""What libraries say never reaches a log file: their texts quote paths, arguments and values."""

from __future__ import annotations

import json
import logging

import pytest

from xingnuo.kit import log

CANARY = "13800001111"


def test_a_librarys_words_are_not_repeated(capfd: pytest.CaptureFixture[str]) -> None:
    """Path, arguments and exception text stay out; logger, status and type of fault go on."""
    handler = log.Quiet(logging.WARNING)
    record = logging.LogRecord("django.request", 30, "", 1, f"Not Found: /x/{CANARY}", (), None)
    record.status_code = 404
    handler.emit(record)
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        told = (type(error), error, error.__traceback__)
        handler.emit(logging.LogRecord("job", 40, "", 1, CANARY, (CANARY,), told))
    said = capfd.readouterr().err
    assert CANARY not in said
    first, second = (json.loads(line) for line in said.splitlines())
    assert (first["event"], first["status"]) == ("django.request", 404)
    assert second["error_type"] == "ValueError"


def test_every_library_is_quiet_in_our_processes() -> None:
    """The root logger has the handler, so nothing falls back to printing the text."""
    assert any(isinstance(each, log.Quiet) for each in logging.getLogger().handlers)
