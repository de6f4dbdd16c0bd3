"""Partners: licensed outsiders. Stateless clients that carry out what a parcel names."""
