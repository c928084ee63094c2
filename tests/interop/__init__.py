"""Logins at somebody else's OpenID provider: `make interop`."""
