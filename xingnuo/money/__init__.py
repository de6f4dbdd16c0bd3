"""Money: value that moves. Payments decide with the world; the ledger keeps the books."""
