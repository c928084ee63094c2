"""The questionnaire: inviting every reporter once, answering once, honest results."""
