"""A small Confluence and Jira over real HTTP on loopback, for the demo and for tests."""
