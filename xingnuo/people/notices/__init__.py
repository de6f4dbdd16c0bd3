"""notices: tells people what they must know, and what they agreed to hear.

NOTICE-1  A message is sent at most once for its cause, to the address of record.
NOTICE-2  A message holds no more personal data than it needs; codes carry a warning.
NOTICE-3  A promotion needs a live consent at the moment of sending; stopping is one step.
NOTICE-4  A duty to notify is never silenced by a switch for promotions.
NOTICE-5  Nothing is sent to a minor but what the law asks.
"""
