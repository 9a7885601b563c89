"""Tells the outside how a pass went, as figures and a heartbeat, without ever changing it."""
