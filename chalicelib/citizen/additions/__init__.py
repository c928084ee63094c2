"""What a reporter adds after confirming: something new, a correction, goods found again."""
