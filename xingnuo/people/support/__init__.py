"""support: answers questions and complaints, knowing no more than the question needs.

SUPPORT-1  Each case has a scope; an agent sees what the scope names, and nothing after it closes.
SUPPORT-2  The identity asked for is the least that the right or question needs.
SUPPORT-3  Every case has a clock in working days, and rises before it breaches.
SUPPORT-4  A complaint leaves the house only with its legal basis recorded.
SUPPORT-5  In a call each side proves itself by a code; the desk never sees the person's.
SUPPORT-6  A hand-over without an answer is asked about until there is one, or two people prove it.
"""
