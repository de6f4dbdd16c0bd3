"""bill_pay: phone top-up and public bills, and links to checked third parties.

BILL-1  A bill is paid once; until the utility says so it is pending, never failed.
BILL-2  A utility or operator receives only the items of the bill it issued.
BILL-3  A link without a valid review is not shown; leaving is announced.
BILL-4  An amount paid equals the amount shown.
BILL-5  What the other side declines for good goes back to the payer, whole and once.
BILL-6  A day's file that differs from our orders opens a case for each difference.
"""
