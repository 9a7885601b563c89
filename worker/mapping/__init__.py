"""The per-team mapping: its frozen model, and a loader whose errors point at file and line."""
