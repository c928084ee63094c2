"""Anything that can happen to reports and their mail, in any order, against a plain oracle."""
