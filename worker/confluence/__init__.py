"""Confluence adapters: its JSON to our types and back, one module a deployment."""
