"""siblings: 随星借 and 星诺钱包, two apps of the same operator that are clients of xingnuo.

GSIB-1  A person signs in by xingnuo's code flow with PKCE and state; nothing else gives a copy.
GSIB-2  What is shown is what xingnuo gave at the last sync; a refusal is shown as it was told.
GSIB-3  A signed notice erases an account's copy and sessions, and is answered with a receipt.
"""

from sandbox.siblings.partner import PARTNERS

__all__ = ["PARTNERS"]
