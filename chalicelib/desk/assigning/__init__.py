"""Whose work a report is, and how soon it must be done: one report, or the ticked lines of the queue."""
