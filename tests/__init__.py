"""Tests of the house: they mirror `xingnuo`, plus `house`, `drills` and `web`."""
