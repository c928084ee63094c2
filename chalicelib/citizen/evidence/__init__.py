"""Files that a citizen sends along: choosing, sending, fetching."""
