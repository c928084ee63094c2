"""Evidence: the files that a citizen sends along with a report, an answer or an addition."""
