"""Tools for the people who build the house. Nothing here is shipped or imported by it."""
