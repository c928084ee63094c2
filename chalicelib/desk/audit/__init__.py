"""For who checks officers: their looks and acts, never a statement."""
