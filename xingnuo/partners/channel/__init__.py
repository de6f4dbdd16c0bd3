"""channel: Alipay, WeChat Pay and UnionPay styles of payment, notice and bill file.

CHANNEL-1  An answer or notice without a valid signature is as if it had not come.
CHANNEL-2  A time-out is unknown, never failed.
CHANNEL-3  A notice is believed only when order, amount and merchant are ours.
CHANNEL-4  Amounts are integer fen on our side of every wire.
"""
