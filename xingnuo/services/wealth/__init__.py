"""wealth: shows partners' products and a person's holdings, so that they can look and withdraw.

WEALTH-1  A product asks only for the items that it declares itself.
WEALTH-2  Holdings, income and balance shown equal the partner's figures, to the fen.
WEALTH-3  A withdrawal leaves the holding once, or not at all.
WEALTH-4  Nobody reaches a partner's page without being told whose policy applies there.
WEALTH-5  A product above a person's assessed risk level cannot be bought.
"""
