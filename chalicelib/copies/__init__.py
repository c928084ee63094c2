"""The copy of a report on paper, and telling whether one is genuine."""
