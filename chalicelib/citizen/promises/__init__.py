"""The promises to reporters on their own pages: an update, a second look at a decision."""
