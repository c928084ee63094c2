"""What somebody typed and has not sent yet."""
