"""credit_cards: carries an application to the bank that a person chose.

CREDIT-1  A bank receives exactly the items on its own list, once consent for that bank is live.
CREDIT-2  An application reaches one bank once; a second try answers with the first.
CREDIT-3  The bank decides; its status unknown to us is shown as pending.
CREDIT-4  A card benefit is claimed once, by the holder of the card.
"""
