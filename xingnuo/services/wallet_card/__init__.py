"""wallet_card: a change card on a bank e-account: open, top up, withdraw, spend, save.

CARD-1  The card's balance shown equals the bank's, or says since when it is unknown.
CARD-2  A top-up, withdrawal or purchase moves money once, or not at all.
CARD-3  A closed account leaves no balance behind and accepts nothing.
CARD-4  Refusing the card closes the card and nothing else.
CARD-5  Deposits and funds are bought only within what the person has and agreed to.
CARD-6  What was sent ends by the bank's word alone, and is asked about for ever.
CARD-7  Our books equal the bank's to the fen: each line of its file is matched, or in suspense with
        a case.
"""
