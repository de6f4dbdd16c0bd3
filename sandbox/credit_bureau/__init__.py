"""credit_bureau: gives a credit report to who shows a written consent in force for that use.

GBUR-1  Without a consent's reference, use and dates nothing is looked up, and that is logged.
GBUR-2  Every query is in the bureau's own log, with who asked, why, and under which consent.
"""

from sandbox.credit_bureau.partner import PARTNER

__all__ = ["PARTNER"]
