"""push: hands a browser's push service a message that it cannot read.

PUSH-1  Only a push service on the list is called, over TLS, and no redirect is followed.
PUSH-2  Content leaves encrypted for the one browser (RFC 8291), padded so that its length is mute.
PUSH-3  A subscription that is gone is told so; what is not understood is pending.
"""
