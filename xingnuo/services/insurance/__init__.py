"""insurance: applies for, pays, renews, manages and shows policies as a broker.

INS-1  A policy is issued at most once for an application, and only after its premium is paid.
INS-2  A device number is asked for by phone-screen and extended-warranty products alone.
INS-3  Health and beneficiary facts go to the insurer of that policy and to nobody else.
INS-4  Inside the cooling-off period a surrender refunds the whole premium.
INS-5  The path from notice to signature can be replayed from its records.
"""
