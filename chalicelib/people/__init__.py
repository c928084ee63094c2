"""Who somebody is once they are logged in, and what an officer may do. Data and policy, no I/O."""
