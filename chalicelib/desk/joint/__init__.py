"""Joint cases: reports that belong together. Joined, never merged; nothing that is done to one is done to another."""
