"""email: hands one letter for one address to a gateway, and takes in what became of it.

EMAIL-1  A letter goes out with the parcel's address and nothing else of the person.
EMAIL-2  Accepted is not delivered: a status not understood is pending.
EMAIL-3  A bounce or complaint is believed only signed and fresh.
EMAIL-4  An unsubscribe address is our own, over TLS; no other is put into a letter.
"""
