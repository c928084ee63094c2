"""Additions that a reporter makes after confirming: something new, a correction, goods found again."""
