"""notices: tells people what they must know, and what they agreed to hear.

NOTICE-1  A message is sent at most once for its cause and channel, to the address of record.
NOTICE-2  A message holds no more personal data than it needs; its text stands under a version.
NOTICE-3  A promotion needs a live consent at the moment of sending; stopping is one step.
NOTICE-4  A duty to notify is never silenced by a switch for promotions.
NOTICE-5  Nothing is sent to a minor but what the law asks.
NOTICE-6  The personal feed off is everybody's feed: nothing is collected and the tags are gone.
NOTICE-7  Every text of the house is in one register, and one path leads to a phone.
"""
