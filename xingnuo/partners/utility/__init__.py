"""utility: finds and pays water, power, gas and other public bills.

UTILITY-1  A bill is looked up by the account number given, never by a person.
UTILITY-2  A payment repeated with the same key pays once.
UTILITY-3  Unknown status is pending.
"""
