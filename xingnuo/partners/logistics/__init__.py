"""logistics: delivers an order and says where it is.

LOGISTICS-1  Name, phone and address of one order travel for that order only.
LOGISTICS-2  Tracking carries an order number and no name.
LOGISTICS-3  The deliverer is told to delete when the order is closed.
"""
