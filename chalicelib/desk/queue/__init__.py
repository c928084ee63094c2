"""The queue: a unit's reports in the order in which they wait, filtered, saved by name, and taken one after the other."""
