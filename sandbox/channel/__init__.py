"""channel: three payment channels, each in its own convention, with its own books and files.

GCHAN-1  An order is paid once, however often it is asked for; its number is good for one content.
GCHAN-2  What a channel says to the merchant, in answers, notices and files, is signed by its key.
GCHAN-3  A notice comes again on the channel's own schedule until the merchant says that it has it.
GCHAN-4  A day's file lists what the books hold of that day, but where the script says otherwise.
"""

from sandbox.channel.partner import PARTNERS

__all__ = ["PARTNERS"]
