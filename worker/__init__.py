"""Turns the action items of post-mortem pages into Jira tickets and keeps their status on the page."""

__version__ = "0.1.0"
