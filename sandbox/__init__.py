"""sandbox: the outside world to develop and test against. Shares no line with xingnuo."""
