"""merchant_collection: lets a merchant be paid by QR code, and settles with them.

COLLECT-1  A merchant takes payment only in a region that is served and after review.
COLLECT-2  A scan far from the registered place is refused and recorded.
COLLECT-3  A settlement pays each collected fen once, less the fee shown before.
COLLECT-4  Face and document photos serve onboarding alone.
COLLECT-5  Refusing the items closes collection and nothing else.
"""
