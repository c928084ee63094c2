"""Found property, for officers: compared with what was reported stolen, now and for a year."""
