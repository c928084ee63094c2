"""Finding reports by a clue, for officers: why first, on record, so often in a day."""
