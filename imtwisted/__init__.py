"""
A self-hosted chat server: pages, JSON API and live sockets on one port.

Follow a message to read it: `sockets` takes a frame in, `frames` reads it,
the `domain` judges it, `store.journal` makes it durable, the `backplane`
announces it, the `registry` finds who is connected, and each one's `outbox`
carries it out. `tap` builds the house.
"""

__version__ = "0.1.0"
