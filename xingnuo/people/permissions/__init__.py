"""permissions: what a person's device lets us use, one permission at a time.

PERMISSION-1  A permission is asked when its function starts, with purpose and cost of refusal.
PERMISSION-2  A refusal holds, is not asked again in the same flow, and costs only its function.
PERMISSION-3  Cleared means that collection stops, from the next call.
PERMISSION-4  A platform or version outside the declared bounds is never asked and never believed.
PERMISSION-5  The address book never reaches the server; only entries that the person picks do.
PERMISSION-6  Staff come near data while signature and training are both in date, and not else.
PERMISSION-7  Whatever gives power to staff takes two people; what takes it away takes one, now.
PERMISSION-8  A reveal has a reason, a sentence, a fresh passkey and a budget; its row comes first.
"""
