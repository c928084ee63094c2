"""Clients that somebody else's software makes of our description, and what they do with the API. `make clients`; ADR-0039."""
