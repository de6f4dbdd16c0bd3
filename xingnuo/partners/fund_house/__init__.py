"""fund_house: positions, income, purchase and redemption of funds.

FUND-1  Units and amounts are integers in the smallest unit; a figure names its day.
FUND-2  An order repeated with the same key gives the first order.
FUND-3  Unknown status is pending until a confirmation file decides.
"""
