"""What every request to Atlassian goes through: signing in, retrying, counting, refusing login pages."""
