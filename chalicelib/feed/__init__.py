"""The feed of statuses: which report came to which status, for the police's own system."""
