"""Counts of a unit's work: what lies there, how old it is, and what is over its term; counted again and again, never typed."""
