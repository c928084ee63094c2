"""One act for many reports, at the desk: choose them, try it, confirm it, see how it ended, take it back."""
