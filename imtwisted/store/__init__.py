"""The stores: all SQL lives here, behind the Protocols of `boundaries`."""
