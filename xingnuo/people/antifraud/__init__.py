"""antifraud: tells, from declared signals, whether a movement of money is safe.

FRAUD-1  A decision comes in line with each movement of money, names its rules, and is recorded.
FRAUD-2  A device identifier of the wrong platform or version is refused.
FRAUD-3  It keeps its own facts, and reads no ledger and no service.
FRAUD-4  No decision rests on an item that its purpose does not declare; without consent a device
         signal counts for nothing, and costs at most one more proof of who acts.
FRAUD-5  A rule compares declared facts and runs nothing; a released version is never changed.
FRAUD-6  Rules and lists are let in by two people; nobody decides a case that they opened.
FRAUD-7  A sliding window counts exactly, and of many at once no more pass than its limit.
FRAUD-8  Of devices, cards, networks and names only keyed digests rest here.
FRAUD-9  Nothing that a person can reach tells of an anti-money-laundering finding.
FRAUD-10 A report leaves after two people, once; what became of it is asked, never guessed.
FRAUD-11 A person learns the reasons of a decision, may have a person look, and may refuse that a
         program decides alone.
FRAUD-12 A movement of money counts once; a Chinese day adds up to the fen, and where it reaches a
         limit of the law one case opens, whatever happens at once.
FRAUD-13 Whom a person pays is held against the sanctions lists by name; the name is never kept, and
         a hit is refused in the words of any other list.
"""
