"""Standard texts: what the police often tell reporters, written once, read by two, filled in for each report."""
