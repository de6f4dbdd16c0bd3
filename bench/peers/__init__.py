"""Peers measured beside us, each run by an interpreter of its own."""
