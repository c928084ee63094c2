"""Mail to reporters: which event calls for which letter, and sending each exactly once."""
