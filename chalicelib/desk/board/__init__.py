"""The figures of a unit, for who leads it: counts, lead times, who has how much. No report and nobody's name."""
