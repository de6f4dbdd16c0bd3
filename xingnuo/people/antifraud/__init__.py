"""antifraud: tells, from declared signals, whether a movement of money is safe.

FRAUD-1  A decision comes in line with each money movement and names its rules.
FRAUD-2  A device identifier of the wrong platform or version is refused.
FRAUD-3  It keeps its own facts, and reads no ledger and no service.
FRAUD-4  No decision rests on an item that its purpose does not declare.
"""
