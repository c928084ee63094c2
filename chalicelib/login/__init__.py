"""Logging in and out, for citizens and officers."""
