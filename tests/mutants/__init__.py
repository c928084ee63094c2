"""Bugs that are planted on purpose, to see that the tests find each of them."""
