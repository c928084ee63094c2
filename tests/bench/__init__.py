"""Benches: what the portal costs, beside the figures of the design. Measured, printed, never asserted."""
