"""merchant_collection: lets a merchant be paid by QR code, and settles with them.

COLLECT-1  A merchant takes payment only in a region that is served and after the checks of risk.
COLLECT-2  A scan far from the registered place is refused or needs a fresh proof, and is recorded.
COLLECT-3  A settlement pays each collected fen once, less the fee shown before.
COLLECT-4  Identity comes from the identity room: nothing that is confirmed is collected anew.
COLLECT-5  Refusing the items closes collection and nothing else.
COLLECT-6  A dynamic code is paid once, whoever scans it, however many at once.
COLLECT-7  Of a place nothing is kept but the region, or whether it fitted.
COLLECT-8  A merchant's account is what was paid less fees, refunds and settlements, to the fen.
"""
