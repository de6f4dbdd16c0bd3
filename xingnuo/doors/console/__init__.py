"""console: the operators' door: queues, clocks, masked data, reasons.

CONSOLE-1  It has its own host name, session and passkey.
CONSOLE-2  No operator without a live role, training and undertaking.
CONSOLE-3  A reveal needs a case and a reason, and is recorded before anything is shown.
CONSOLE-4  What needs two people is never released by the one who asked.
"""
