"""ground: what all partners of the sandbox stand on: server, store, faults, pages, signatures."""
