"""The first page of an officer: what is theirs, and what lies at their unit, in numbers that each lead to their list."""
