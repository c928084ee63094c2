"""The digest: one mail on a working morning to who wants it, with counts of their work and nothing else (ADR-0063)."""
