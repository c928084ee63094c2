"""The page on which an officer asks for a digest by mail, and ends it."""
