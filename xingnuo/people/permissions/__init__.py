"""permissions: what a person's device lets us use, one permission at a time.

PERMISSION-1  A permission is asked when its function starts, with purpose and cost of refusal.
PERMISSION-2  A refusal holds, is not asked again in the same flow, and costs only its function.
PERMISSION-3  Cleared means that collection stops, from the next call.
PERMISSION-4  A platform or version outside the declared bounds is never asked and never believed.
PERMISSION-5  The address book never reaches the server; only entries that the person picks do.
"""
