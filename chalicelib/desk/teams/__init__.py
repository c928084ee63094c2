"""For supervisors: the teams of a unit, whose work is set free, and where new reports go."""
