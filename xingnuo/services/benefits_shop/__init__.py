"""benefits_shop: orders, delivery, after-sale and tax of things and benefits.

SHOP-1  An order is paid, shipped and refunded at most once each, in that order.
SHOP-2  A refund never exceeds what was paid; the coupon's part goes back to the coupon.
SHOP-3  The deliverer of an order receives name, phone and address of that order only.
SHOP-4  Benefits that are income are reported once per person and period.
"""
