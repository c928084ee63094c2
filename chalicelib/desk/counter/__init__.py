"""A report made at the counter of a police station: an officer types what the reporter tells, and hands over the copy."""
