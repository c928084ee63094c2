"""Standard texts at the desk: the list, the editor with its preview, and the second reader who publishes."""
