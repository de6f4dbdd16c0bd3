"""Doors: where a request knocks. A door parses, calls one action of one room, and answers."""
