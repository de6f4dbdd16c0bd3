"""sms: hands one text for one phone to the gateway of a telecom.

SMS-1  A text goes out with the parcel's phone and nothing else of the person.
SMS-2  Accepted is not delivered: a status not understood is pending.
SMS-3  A repeat with the same key sends no second text.
SMS-4  A reply is believed only signed by the gateway and fresh.
"""
