"""Clues: what two reports can have in common. Found again by it, linked by it, watched for it; never kept in the clear."""
