"""authority: asks bodies that lawfully hold identity facts whether what was given is true.

AUTH-1  The answer is match, mismatch or unknown; an error is never a mismatch.
AUTH-2  Only the items asked about travel; no list is fetched.
AUTH-3  Each answer carries the source and its reference number.
"""
