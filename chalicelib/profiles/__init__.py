"""My details: where and how a person is reached, for all their reports; and what the portal holds about them."""
