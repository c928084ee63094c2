"""The changes of status of a unit, for the police's own system."""
