"""Destroying what the law no longer lets anybody keep."""
