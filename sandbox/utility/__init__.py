"""utility: three issuers of public bills, which know an account by its number alone.

GUTIL-1  A bill is told to who has the account's number, its name and address hidden in part.
GUTIL-2  A bill is paid whole and once.
GUTIL-3  A receipt is given for what was written off, and for nothing else.
"""

from sandbox.utility.partner import PARTNER

__all__ = ["PARTNER"]
