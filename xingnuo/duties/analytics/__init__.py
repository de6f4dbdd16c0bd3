"""analytics: counts how the product is used, without knowing by whom.

ANALYTICS-1  No identifier enters the store; none can be recovered from it.
ANALYTICS-2  Personal and non-personal stores are apart, with roles that cannot join them.
ANALYTICS-3  A published count carries its noise and spends a bounded privacy budget.
ANALYTICS-4  No cookie or storage key is set that is not in the register.
"""
