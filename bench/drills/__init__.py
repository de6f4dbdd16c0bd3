"""Drills: faults on purpose in a scratch world, replayed by their seed (`xingnuo drill NAME`).

Each ends with one line of JSON: name, seed, holds, invariants, counts.
"""
