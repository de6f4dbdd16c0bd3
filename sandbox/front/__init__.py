"""front: the sandbox's own pages: what there is, its books, its script of faults, its health."""

from sandbox.front.routes import ROUTES

__all__ = ["ROUTES"]
