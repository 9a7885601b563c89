"""Pure decisions: from pages, claims and tickets to a plan, and from outcomes to edits."""
