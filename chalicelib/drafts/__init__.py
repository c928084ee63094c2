"""Text that somebody typed and has not sent yet."""
