"""payments: moves money between people, houses and channels, by consent of the payer.

PAY-1  A payment has three outcomes: done, refused, unknown. Only proof ends unknown.
PAY-2  One key is one payment: a repeat gets the first answer, other content is refused.
PAY-3  The payer confirms amount and payee; what is confirmed is what moves.
PAY-4  No call to a channel is made inside a database transaction.
PAY-5  A channel receives only the parcel for its payment.
PAY-6  Refunds of a payment never exceed it.
PAY-7  Every difference with a channel's file is booked and owned by a case.
PAY-8  A card is bound by its bank's word alone; a check whose answer is not known stays unknown.
PAY-9  Validity, codes and passwords of cards rest nowhere; a number rests in the vault alone.
PAY-10 A payment password is kept as a slow digest; wrong tries count one by one, and lock.
PAY-11 A payer's yes is to one kind, amount, payee and ref, by one session, and counts once.
PAY-12 Nothing is debited without a signed agreement, a notice days before, and within its limits.
PAY-13 A card is not taken out while money by it may be moving.
"""
