"""Answering the police: what is asked, a draft of the answer, check it, send it."""
