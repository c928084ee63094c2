"""The record of who looked at what, when and why."""
