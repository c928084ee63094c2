"""Following one's own reports: the list, one report, and the same for programs."""
