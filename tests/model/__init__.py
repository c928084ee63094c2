"""A small model of letters: every interleaving of two invocations, SES and what people do, up to a bound (ADR-0035)."""
