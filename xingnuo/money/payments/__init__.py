"""payments: moves money between people, houses and channels, by consent of the payer.

PAY-1  A payment has three outcomes: done, refused, unknown. Only proof ends unknown.
PAY-2  One key is one payment: a repeat gets the first answer, other content is refused.
PAY-3  The payer confirms amount and payee; what is confirmed is what moves.
PAY-4  No call to a channel is made inside a database transaction.
PAY-5  A channel receives only the parcel for its payment.
PAY-6  Refunds of a payment never exceed it.
PAY-7  Every difference with a channel's file is booked and owned by a case.
"""
