"""Plans and reports for people and for programs."""
