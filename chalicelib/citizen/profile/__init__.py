"""My details: the address, the wishes, safety, and what the portal holds about somebody."""
