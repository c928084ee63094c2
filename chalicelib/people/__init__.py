"""The person who is logged in, and what an officer may do. Data and policy, no I/O."""
