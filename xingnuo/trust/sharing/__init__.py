"""sharing: the one way out of the house for anything about a person.

SHARE-1  A partner's client takes only a Parcel, and only this room makes one, from a permit.
SHARE-2  A parcel holds no item that was not declared for recipient and purpose.
SHARE-3  It is recorded before it leaves.
SHARE-4  A lapsed agreement or review, a stop by the person, or a region abroad refuses it.
"""
