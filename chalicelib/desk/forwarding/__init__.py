"""Passing a report on to an organisation outside the police: on paper, with no more than it needs, on record."""
