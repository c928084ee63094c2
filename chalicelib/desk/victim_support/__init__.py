"""The list of who asked for Victim Support: made, downloaded, handed over, and on record."""
