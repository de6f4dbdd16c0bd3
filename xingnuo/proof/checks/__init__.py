"""The checks, by area; each module registers its own when it is loaded."""
