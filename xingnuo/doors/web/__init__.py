"""web: the H5 door. Server-rendered pages that work without a script.

WEB-1  Every route names its action, and every unsafe route needs a token of its session.
WEB-2  A safe method runs on a role that may insert evidence and nothing else.
WEB-3  Another person's id and a missing id look the same.
WEB-4  No personal value stands in a URL, a cache, a log or a browser's storage.
WEB-5  No script or style stands in a page; the content policy allows only our own files.
"""
