"""face: liveness and comparison at a qualified provider; a result comes back.

FACE-1  A picture or video is streamed through and not kept here.
FACE-2  Only with a live separate consent, and where another way is offered beside it.
FACE-3  An error or doubt is not a match.
"""
