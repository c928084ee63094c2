"""Keeping the promises to reporters, at the desk: an update, a decision on paper."""
