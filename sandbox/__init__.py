"""sandbox: the outside world to develop and test against. Shares no line with xingnuo.

OUT-1  No module here imports xingnuo, and xingnuo imports none of these.
OUT-2  It never starts where XN_ENV is `production`.
OUT-3  What it holds is told by its books, so that a test can compare them with xingnuo's.
OUT-4  A script of faults is consumed in its order, each fault exactly once; a seed replays it.
OUT-5  A new partner is one folder and one line in `sandbox.partners`.
"""
