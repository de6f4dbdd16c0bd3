"""loans: lends money a person asked for, at a price shown before they agreed.

LOAN-1  A loan is disbursed at most once.
LOAN-2  The schedule sums to principal plus fees, to the fen.
LOAN-3  No offer without a live, separate consent for credit assessment.
LOAN-4  No automated refusal without its reasons and a way to a human decision.
LOAN-5  A contact person is read only when the borrower is overdue and was not reached, and only
        to get in touch with the borrower.
LOAN-6  The installed-app list and enterprise facts serve credit alone; refusing closes credit
        and nothing else.
LOAN-7  A repayment is applied once, and never raises what is owed.
LOAN-8  The co-lender of each loan is named before the borrower agrees, as its own controller.
"""
