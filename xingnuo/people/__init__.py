"""People: who someone is to us, and how they let us know that it is them."""
